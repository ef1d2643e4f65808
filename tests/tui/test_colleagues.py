"""Two at work in one shop: what one does is said to the other, by name."""

from datetime import timedelta

from agentdesk.core.commands import Assign, Snooze
from tui.driver import SIZES, WIDE, plays


@plays
async def test_whoever_sends_after_a_colleague_hears_who_answered_and_when(shop):
    async with shop.console(WIDE) as at:
        await at.goes_to(1)
        await at.do("ticket.reply")
        await at.type("El paquet surt avui")
        shop.bench.desk.agent = "Núria"
        async with shop.console(WIDE) as other:
            await other.goes_to(1)
            await other.do("ticket.reply")
            other.app.home.panes.composer.rewrite("Ja és de camí")
            await other.do("compose.send")
            await other.sees("undo answer to Maria")
        shop.bench.desk.agent = "Joan"
        await at.do("compose.send")
        await at.sees("Somebody has answered already (Núria, 10:02): read it and send again.")
        await at.sees("Ja és de camí")
        assert at.where == "writing"
        shop.bench.clock.go(seconds=3)
        await at.do("compose.send")
        await at.loses("Somebody has answered already")
        assert len([m for m in shop.bench.messages(1) if m.direction == "out"]) == 2


@plays
async def test_a_customer_who_wrote_before_a_colleague_s_note_is_still_news(shop):
    async with shop.console(WIDE) as at:
        await at.goes_to(1)
        await at.do("ticket.reply")
        await at.type("El paquet surt avui")
        shop.bench.mail(
            "Ja no cal", sender="Maria Puig <maria@x.test>", subject="Re: Comanda", reply_to="<m1@x.test>"
        )
        await at.sees("Ja no cal")
        await at.do("compose.send")
        await at.sees("A message came in while you were writing")


@plays
async def test_a_warning_is_confirmed_by_nobody_who_had_no_time_to_read_it(shop):
    """Two presses in a row send at once what the first has written: habit must not confirm what came in between."""
    async with shop.console(WIDE) as at:
        await at.goes_to(1)
        await at.do("ticket.reply")
        await at.type("El paquet surt avui")
        shop.bench.mail(
            "NO l'envieu!", sender="Maria Puig <maria@x.test>", subject="Re: Comanda", reply_to="<m1@x.test>"
        )
        await at.do("compose.send", "compose.send")
        await at.sees("A message came in while you were writing", "NO l'envieu!")
        shop.bench.clock.go(seconds=1)
        await at.do("compose.send")
        assert at.app.home.writing.active
        await at.sees("A message came in while you were writing")
        shop.bench.clock.go(seconds=1)
        await at.do("compose.send")
        await at.until(lambda: not at.app.home.writing.active)
    assert next(m.text for m in shop.bench.messages(1) if m.direction == "out").startswith("El paquet")


@plays
async def test_a_message_that_is_stored_at_the_very_moment_of_sending_is_shown_first(shop):
    async with shop.console(WIDE) as at:
        await at.goes_to(1)
        await at.do("ticket.reply")
        await at.type("El paquet surt avui")
        came = []

        def connect(_, account):
            if not came:
                came.append(True)
                shop.bench.mail("NO l'envieu!", sender="Maria Puig <maria@x.test>", reply_to="<m1@x.test>")
            return shop.provider

        at.app.home.connect = connect
        await at.do("compose.send")
        await at.sees("A message came in while you were writing", "NO l'envieu!")
        assert at.where == "writing"
        assert not [m for m in shop.bench.messages(1) if m.direction == "out"]
        shop.bench.clock.go(seconds=2)
        await at.do("compose.send")
        await at.until(lambda: not at.app.home.writing.active)
    assert [m.direction for m in shop.bench.messages(1)][-1] == "out"


@SIZES
@plays
async def test_the_row_that_a_colleague_takes_from_under_the_cursor_is_named(shop, size):
    async with shop.console(size) as at:
        await at.until(lambda: at.ticket == 1)
        until = shop.bench.desk.now() + timedelta(days=1)
        shop.bench.desk.do(Snooze(shop.bench.id(1), until), actor="Núria")
        await at.until(lambda: at.ticket == 2)
        await at.sees("#1 is no longer in this view (Núria: put it away until")
        await at.do("ticket.no_answer")
        await at.sees("#2 without an answer: why is none needed?")
        await at.press("escape")
        await at.do("ticket.take", "go.unassigned")


@plays
async def test_a_row_that_leaves_by_no_step_of_its_status_is_named_as_well(shop):
    async with shop.console(WIDE) as at:
        await at.do("go.unassigned")
        await at.until(lambda: at.ticket == 1)
        shop.bench.desk.do(Assign(shop.bench.id(1), "Núria"), actor="Núria")
        await at.until(lambda: at.ticket == 2)
        await at.sees("#1 is no longer in this view.")
        await at.do("ticket.take")
        await at.sees("#2 is yours.")
