"""What was typed of a note or a call is not lost by taking it back."""

from datetime import UTC

from agentdesk import lived
from agentdesk.core.events import Event
from agentdesk.core.undo import UNDOABLE
from agentdesk.engine import reply
from agentdesk.engine.feed import Feed
from tui.driver import SIZES, SMALL, plays


@SIZES
@plays
async def test_a_note_that_is_taken_back_is_a_draft_again_below_what_was_begun_since(shop, size):
    async with shop.console(size) as at:
        await at.goes_to(1)
        await at.do("ticket.note")
        await at.type("Demana la mida,\nés important")
        await at.do("compose.send")
        await at.sees("The note is kept.")
        await at.do("act.undo")
        await at.sees("#1: undone; the text is a draft again.")
        await at.do("ticket.note")
        await at.sees("Demana la mida,", "és important")
        await at.do("compose.send")
        await at.sees("The note is kept.")
        await at.do("ticket.note")
        await at.type("I el color")
        await at.press("escape")
        await at.do("act.undo")
        await at.sees("the text is a draft again")
    assert shop.draft(1, "note") == "I el color\n\nDemana la mida,\nés important"


@plays
async def test_a_call_that_is_taken_back_fills_its_form_as_it_was_typed(shop):
    async with shop.console(SMALL) as at:
        await at.goes_to(1)
        await at.do("call.note")
        await at.type("Vol la talla M")
        await at.press("tab", "right", "tab")
        await at.type("2h")
        await at.press("ctrl+j")
        await at.sees("The call is kept.")
        await at.do("act.undo")
        await at.sees("#1: undone; the text is a draft again.")
        await at.do("call.note")
        await at.sees("#1", "Vol la talla M", "we owe an answer", "2h")
        await at.press("ctrl+j")
        await at.sees("The call is kept.")
    assert shop.bench.messages(1)[-1].text == "Vol la talla M"


@plays
async def test_undone_by_a_command_the_text_is_there_as_well(shop):
    async with shop.console(SMALL) as at:
        await at.goes_to(1)
        await at.do("call.note")
        await at.type("Vol la talla M")
        await at.press("ctrl+j")
        await at.sees("The call is kept.")
    reply.undo(shop.bench.desk)
    feed = Feed(shop.bench.desk)
    assert feed.draft("call", "call") == "Vol la talla M"
    feed.close()
    async with shop.console(SMALL) as at:
        await at.do("call.note")
        await at.sees("Vol la talla M")


@plays
async def test_what_has_no_text_of_its_own_is_undone_as_ever(shop):
    async with shop.console(SMALL) as at:
        await at.do("ticket.take", "act.undo")
        await at.sees("#1: undone: to Joan")
        assert "draft" not in at.footer


@plays
async def test_an_answer_that_has_gone_is_said_and_stepped_over(shop):
    """What was done before it is still within reach, and what is done since comes first again."""
    async with shop.console(SMALL) as at:
        await at.goes_to(1)
        await at.do("ticket.take")
        await at.goes_to(2)
        await at.do("ticket.reply")
        await at.type("Ja surt")
        await at.do("compose.send")
        await at.until(lambda: shop.bench.ticket(2).row.status == "waiting_customer")
        shop.bench.clock.go(minutes=5)
        await shop.flush()
        await at.do("act.undo")
        await at.sees("The answer in #2 has been sent already and cannot be taken back")
        assert shop.bench.ticket(1).row.assignee == "Joan"
        await at.do("act.undo")
        await at.sees("#1: undone: to Joan")
        assert shop.bench.ticket(1).row.assignee is None
        await at.do("act.undo")
        await at.sees("There is nothing of yours to undo")
        await at.goes_to(1)
        await at.do("ticket.take", "act.undo")
        await at.sees("#1: undone: to Joan")


def test_every_act_that_is_undone_has_a_word():
    acts = [Event("e", each, "2026-11-23T09:00:00.000Z", "Joan", "d", ()) for each in UNDOABLE]
    assert all(lived.act(each, UTC) for each in acts)


@SIZES
@plays
async def test_below_a_note_stands_that_it_is_kept_and_it_can_end_its_ticket(shop, size):
    async with shop.console(size) as at:
        await at.goes_to(1)
        await at.do("ticket.reply")
        await at.until(lambda: " send" in at.lines[-1])
        await at.do("compose.close", "ticket.note")
        await at.until(lambda: "keep the note" in at.lines[-1] and " send" not in at.lines[-1])
        await at.type("Ha trucat: ja el té")
        await at.do("compose.resolve")
        await at.sees("why is none needed?")
        await at.press("2")
        await at.sees("#1 is resolved. No answer needed: answered by phone.")
        assert shop.bench.messages(1)[-1].visible == "Ha trucat: ja el té"
        assert shop.bench.ticket(1).row.status == "resolved"
        await at.do("act.undo")
        await at.until(lambda: shop.bench.ticket(1).row.status == "new")
        assert shop.bench.messages(1)[-1].visible == "Ha trucat: ja el té", "an act of its own"
