"""A mail that could not be read, at the console: counted in the header, found with its reason, dismissed."""

from tui.driver import SIZES, plays


@SIZES
@plays
async def test_a_mail_that_cannot_be_read_is_said_shown_and_dismissed(shop, size):
    shop.bench.mail(raw=b"no header at all\n")
    async with shop.console(size) as at:
        await at.sees("1 unreadable")
        await at.do("quarantine.show")
        await at.sees("1 mail could not be read", "the mail has no header line")
        await at.press("enter")
        await at.sees("no header at all", "try to read it again")
        await at.press("enter")
        await at.sees("It still cannot be read.")
        await at.do("quarantine.show")
        await at.press("enter", "down", "enter")
        await at.sees("Dismissed; the mail stays")
        await at.loses("1 unreadable")
        await at.do("quarantine.show")
        await at.sees("Every mail could be read.")
