"""The key that takes back: the last act, or the answer that the footer offers to take back, from whichever ticket is shown.

Promises: it is said what it was and of which ticket; what was typed of an answer is in the composer again, or its draft. An answer that
has gone is said, and the next press goes on to what was done before it. Refuses: choosing among acts.
"""

from collections.abc import Iterator

from agentdesk import lived
from agentdesk.actions import QUEUE
from agentdesk.core.events import Event, MessageSet, TakenBack
from agentdesk.engine import back, reply
from agentdesk.engine.feed import keep_draft
from agentdesk.engine.note import CALL, NOTE
from agentdesk.errors import RefusedError
from agentdesk.i18n import tr
from agentdesk.screens import first
from agentdesk.screens.front import Front, Kept


async def undo(home: Front) -> None:
    """Takes back the last act; an answer that had not left comes back into the composer."""
    offered = home.holding.offered
    answer = offered.messages[0] if offered and not offered.group else None
    before = None if answer else home.holding.over.before(home.desk)
    if answer is None and await home.many.undo(before):
        return
    done: list[Event] = []
    if not await home.doing.did(lambda: done.extend(_taken_back(home, answer, before))):
        return
    home.panes.footer.hints.hush()
    event = done[0]
    held = home.holding.taken_back(event)
    if held is not None and held.began:
        first.again(home, held.began)
    elif held is not None:
        _write_again(home, held, event)
    else:
        _say(home, event)
        if home.panes.where == QUEUE and event.ticket:
            home.panes.queue.select(event.ticket)


def _taken_back(home: Front, answer: str | None, before: str | None) -> Iterator[Event]:
    """Takes back that held answer, else the last act; raises RefusedError, and of an answer that has gone remembers that it was said."""
    try:
        yield reply.cancel(home.desk, answer) if answer else reply.undo(home.desk, before=before)
    except RefusedError as error:
        if gone := error.values.get("event"):
            home.holding.over.step(home.desk, str(gone))
            raise RefusedError(**{**error.values, "reason": "answer_gone_here"}) from None
        raise


def _say(home: Front, event: Event) -> None:
    """What was taken back, and of which ticket."""
    number = home.sight.window.number(event.ticket)
    act = lived.act(back.act_of(home.desk, event), home.settings.desk.tzinfo)
    if _put_back(home, event):
        said = tr("#{number}: undone; the text is a draft again.") if number else tr("Undone.")
    elif act:
        said = tr("#{number}: undone: {act}") if number else tr("Undone: {act}")
    else:
        said = tr("#{number}: undone.") if number else tr("Undone.")
    home.tell(said.format(number=number, act=act))


def _put_back(home: Front, event: Event) -> bool:
    """Whether the text of a note or a call that was taken back is a draft again; a call's form is as it was typed here, and a
    composer that is open for a note on that ticket has it."""
    act = next((each.event for each in event.changes if isinstance(each, TakenBack)), "")
    if form := home.holding.forms.pop(act, ""):
        keep_draft(home.desk, CALL, CALL, form)
        return True
    if not any(
        isinstance(each, MessageSet) and each.field == "hidden" and each.now for each in event.changes
    ):
        return False
    text, writing = home.sight.feed.draft(event.ticket or "", NOTE), home.writing
    if text and writing.active and writing.kind == NOTE and writing.ticket == event.ticket:
        home.panes.composer.rewrite(text)
    return bool(text or home.sight.feed.draft(CALL, CALL))


def _write_again(home: Front, held: Kept, event: Event) -> None:
    """What was typed of an answer comes back into the composer; where that holds another text, it is not lost either."""
    writing = home.writing
    if (
        writing.active
        and writing.ticket == event.ticket
        and held.to is not None
        and writing.to is not None
        and held.to.draft == writing.to.draft
    ):
        both = f"{home.panes.composer.text.rstrip()}\n\n{held.text}".lstrip()
        home.panes.composer.rewrite(both)
        writing.enclose()
        writing.dress()
    elif writing.active:
        text = tr("#{number}: taken back, nothing was sent; the text is its draft.")
        home.tell(text.format(number=held.number))
        return
    else:
        home.paths.open(held.number)
        draft = writing.drafts.text(event.ticket or "", held.to.draft if held.to else "reply")
        own = None if held.text.strip() in draft else held.text
        writing.open(held.to.kind if held.to else "reply", own, held.to)
    home.tell(tr("#{number}: taken back, nothing was sent.").format(number=held.number))
