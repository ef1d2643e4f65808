"""Two tickets that become one, and one that becomes two."""

from agentdesk.engine.window import Window
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


@plays
async def test_somebody_who_does_not_look_alike_is_named_and_seen_before_they_are_one(shop):
    async with shop.console() as at:
        await at.goes_to(2)
        await at.do("customer.link")
        await at.sees("Who is the same person as John ONeil?", "somebody else  nobody looks alike")
        await at.press("enter")
        await at.sees("an address, a number or a name")
        await at.type("nadie")
        await at.sees("nothing found")
        for words in ("puig", "maria@x.test"):
            await at.press("end", "ctrl+u")
            await at.type(words)
            await at.sees("Maria Puig  mail maria@x.test")
        await at.press("enter")
        await at.sees(
            "Are these one person?", "John ONeil · mail john@x.test", "Maria Puig · mail maria@x.test"
        )
        await at.press("enter")
        await at.sees("They are one person now.")
        with Window(shop.bench.desk) as window:
            assert window.customer("maria@x.test") == window.customer("john@x.test")
        await at.do("act.undo")
        await at.sees("Undone: two customers made one")


@plays
async def test_what_was_begun_in_a_ticket_is_in_the_composer_of_the_one_it_went_into(shop):
    async with shop.console() as at:
        await at.goes_to(1)
        await at.do("ticket.reply")
        await at.type("Ja surt")
        await at.press("escape")
        await at.do("ticket.merge")
        await at.answer("2")
        await at.press("enter")
        await at.sees("#1 was merged into #2.")
        await at.do("ticket.reply")
        await at.until(lambda: at.app.home.panes.composer.text == "Ja surt")
        await at.press("escape")
        await at.do("act.undo")
        await at.until(lambda: shop.bench.ticket(1).row.number == 1)
    assert (shop.draft(1, "reply"), shop.draft(2, "reply")) == ("Ja surt", "")
