"""Two tickets that become one, and one that becomes two."""

from tui.driver import plays


@plays
async def test_a_merge_offers_the_customer_s_other_tickets_and_a_split_says_its_number(shop):
    shop.bench.mail("I la factura?", sender="Maria Puig <maria@x.test>", subject="Factura")
    async with shop.console() as at:
        await at.goes_to(3)
        await at.do("ticket.merge")
        await at.sees("Merge #3 into which ticket?", "#1  No m'ha arribat · new")
        await at.type("arribat")
        await at.press("enter")
        await at.sees("Make #3 part of #1?")
        await at.press("enter")
        await at.sees("#3 was merged into #1.")
        await at.do("reading.split")
        await at.press("enter")
        await at.sees("It has a ticket of its own, #4; both are linked.")
