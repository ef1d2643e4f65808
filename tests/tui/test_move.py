"""A ticket is given to another customer by a key, with a look at both sides."""

from tui.driver import SMALL, plays


@plays
async def test_a_ticket_goes_to_another_customer_after_a_look_and_undo_brings_it_back(shop):
    number = shop.write("Anna Roca", "Comanda", "La comanda de la meva mare no ha arribat")
    async with shop.console(SMALL) as at:
        await at.goes_to(number)
        await at.do("ticket.move")
        await at.sees(f"Whose is #{number}?")
        await at.type("maria")
        await at.sees("maria@x.test")
        await at.press("enter")
        await at.sees(f"Give #{number} to Maria Puig <maria@x.test>?", "from: Anna Roca", "An answer goes to")
        await at.press("enter")
        await at.sees(f"#{number} is Maria Puig's now.", "moved here from Anna Roca")
        await at.do("ticket.reply")
        await at.sees("Answer to Maria Puig", "maria@x.test")
        await at.press("escape")
        await at.do("act.undo")
        await at.loses("moved here from Anna Roca")
