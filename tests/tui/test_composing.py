"""Composing: an answer that goes later, taken back from anywhere, with copies and files."""

from tui.driver import SMALL, plays


@plays
async def test_an_answer_waits_for_its_time_says_so_and_is_taken_back_from_the_outbox(shop):
    async with shop.console(SMALL) as at:
        await at.goes_to(1)
        await at.do("ticket.reply")
        await at.type("Li arriba avui.")
        await at.do("compose.later")
        await at.sees("When does it go?")
        await at.answer("yesterday evening")
        await at.sees("is no time")
        await at.press("escape")
        await at.do("compose.later")
        await at.answer("tomorrow 9:00")
        await at.sees("#1: the answer to Maria Puig goes: Tuesday 9:00")
        await at.goes_to(1)
        await at.sees("goes: Tuesday 9:00", "Li arriba avui.")
        await at.do("outbox.show")
        await at.sees("#1 goes: Tuesday 9:00")
        await at.press("enter")
        await at.sees("take it back", "send it now")
        await at.press("down", "enter")
        await at.sees("#1: taken back, nothing was sent; the text is its draft.")
    assert shop.outbox() == []
    assert shop.draft(1) == "Li arriba avui."


@plays
async def test_undo_takes_the_answer_back_that_the_footer_offers_whatever_is_shown_and_says_which(shop):
    async with shop.console() as at:
        for number, text in ((1, "Surt avui."), (2, "On its way.")):
            await at.goes_to(number)
            await at.do("ticket.reply")
            await at.type(text)
            await at.do("compose.send")
            await at.sees("undo answer")
        await at.do("go.resolved", "act.undo")
        await at.sees("#2: taken back, nothing was sent.", "On its way.")
        await at.do("compose.close", "go.inbox")
        await at.sees("✎ draft · Refund please")
        await at.do("go.overdue")
        shop.bench.clock.go(seconds=9)
        await at.sees("undo answer to Maria Puig, #1")
        await at.do("act.undo")
        await at.sees("#1: taken back, nothing was sent.", "Surt avui.")
    assert shop.outbox() == []


@plays
async def test_what_was_done_since_does_not_come_before_the_answer_that_is_offered(shop):
    async with shop.console() as at:
        await at.goes_to(1)
        await at.do("ticket.reply")
        await at.type("Surt avui.")
        await at.do("compose.send")
        await at.goes_to(2)
        await at.do("ticket.take")
        await at.sees("#2 is yours.")
        shop.bench.clock.go(seconds=8.5)
        await at.sees("undo answer to Maria Puig, #1")
        await at.do("act.undo")
        await at.sees("#1: taken back, nothing was sent.")
    assert shop.bench.ticket(2).row.assignee == "Joan"
