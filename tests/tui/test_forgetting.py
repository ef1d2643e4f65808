"""Forgetting a customer at the console: read first, typed on purpose, and gone from every pane."""

from tui.driver import SIZES, plays


@SIZES
@plays
async def test_a_customer_is_forgotten_after_a_look_and_a_word_that_is_typed(shop, size, tmp_path):
    """Another word, or Esc, forgets nobody."""
    async with shop.console(size) as at:
        await at.do("queue.open", "ticket.reply")
        await at.type("Hola Maria")
        await at.do("compose.close", "customer.show", "customer.export")
        await at.answer(str(tmp_path / "maria"))
        await at.sees("Read it before you hand it over:")
        assert (tmp_path / "maria" / "index.html").is_file()
        await at.do("customer.erase")
        await at.sees(
            "Forget Maria", "tickets: 1", "drafts: 1", "INBOX 1", "backups and exports that you made"
        )
        await at.press("enter")
        await at.sees("Really forget Maria")
        await at.answer("yes")
        await at.sees("! Type forget and Enter")
        await at.press("escape")
        assert shop.draft(1) == "Hola Maria"
        await at.do("customer.erase")
        await at.sees("Forget here, and delete 1 mail")
        await at.press("down", "enter")
        await at.sees("Really forget Maria")
        await at.answer("forget")
        await at.sees("is forgotten. 1 mail is being deleted at the provider.")
        await at.loses("maria@x.test", "m'ha arribat")
        assert shop.draft(1) == ""
        assert not shop.bench.ticket(1).row.subject
