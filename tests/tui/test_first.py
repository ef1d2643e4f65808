"""Starting a ticket with a message of ours, in the real console."""

from email import message_from_bytes, policy

from tui.driver import SMALL, plays


@plays
async def test_a_ticket_begins_with_a_mail_of_ours_and_what_was_typed_is_never_lost(shop):
    async with shop.console(SMALL) as glass:
        await glass.do("ticket.new")
        await glass.sees("Write first", "to whom, and by which account", "(mail) >")
        await glass.type("john")
        await glass.sees("John ONeil john@x.test")
        await glass.press("tab", "tab")
        await glass.type("El teu reemborsament")
        await glass.press("enter")
        await glass.type("Ja està fet.")
        await glass.press("escape")
        await glass.do("ticket.new")
        await glass.sees("El teu reemborsament", "Ja està fet.")
        await glass.press("ctrl+j")
        await glass.sees("answer to John ONeil")
        await glass.do("act.undo")
        await glass.sees("What you wrote is still there.")
        assert shop.outbox() == []
        await glass.do("ticket.new")
        await glass.press("ctrl+j")
        await glass.sees("answer to John ONeil")
        shop.bench.clock.go(seconds=60)
        await shop.flush()
    mail = message_from_bytes(shop.provider.accepted[-1], policy=policy.default)
    assert (mail["To"], mail["Subject"]) == ("John ONeil <john@x.test>", "El teu reemborsament")


@plays
async def test_somebody_nobody_knows_is_said_beside_what_was_typed(shop):
    async with shop.console() as glass:
        await glass.do("ticket.new")
        await glass.type("ningú")
        await glass.press("tab", "tab", "tab")
        await glass.type("Hola")
        await glass.press("ctrl+j")
        await glass.sees("! ningú is no address", "Hola")
