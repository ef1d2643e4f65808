"""A survey by a key, and what came of it where it is looked for."""

from tui.driver import HUGE, plays


@plays
async def test_a_survey_is_shown_before_it_goes_and_stands_in_the_conversation_and_beside_it(shop):
    async with shop.console(HUGE) as at:
        await at.goes_to(1)
        await at.press("t", "s")
        await at.sees("Only a customer with a resolved ticket is asked")
        await at.do("ticket.resolve")
        await at.sees("why is none needed?")
        await at.press("2")
        await at.do("go.resolved")
        await at.goes_to(1)
        await at.do("survey.ask")
        await at.sees("how it was?", "1 (molt malament)")
        await at.press("enter")
        await at.sees("the survey is in the outbox", "asked automatically how it was")
        await at.do("customer.surveys")
        await at.sees("is asked no more how it was")
