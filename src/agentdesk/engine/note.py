"""An internal note: its text is a blob, written in the transaction of the event that names it, and a draft again where the note,
or a call that was written down, is taken back."""

from agentdesk.core.commands import AddNote
from agentdesk.core.events import Event, MessageAdded
from agentdesk.core.text import clean
from agentdesk.engine.desk import Desk
from agentdesk.errors import RefusedError
from agentdesk.store import draft, pack
from agentdesk.store.writer import Writer

NOTE, CALL = "note", "call"
"""Kinds of drafts; that of a call is of no ticket."""
_KINDS = {"Noted": NOTE, "Called": CALL}


def note(desk: Desk, ticket: str, text: str) -> Event:
    """Writes `text` beside the conversation; no customer ever sees it. Raises RefusedError."""
    blob = pack(clean(text).rstrip().encode("utf-8", "replace"))
    with desk.transaction() as writer:
        writer.blobs.put(writer.connection, (blob,))
        answer = desk.decided(writer, AddNote(ticket, blob.hash, blob.size))
    if answer.event is None:
        raise RefusedError(reason="nothing_changes")
    return answer.event


def keep_text(desk: Desk, writer: Writer, act: Event) -> bool:
    """What was typed of a note or a call that is taken back is its author's draft; where there is one already, it stands below that.
    False where the act was neither."""
    kind = _KINDS.get(act.type)
    added = next((each for each in act.changes if isinstance(each, MessageAdded)), None)
    home = writer.state.ticket(added.ticket) if added else None
    if kind is None or added is None or home is None:
        return False
    whole = desk.store.blobs.text(writer.connection, writer.state.field("message", added.message, "text"))
    place = CALL if kind == CALL else home.root
    kept = draft.text(writer.connection, place, act.actor, kind)
    if kept.strip() and kind == CALL:
        return False  # a call that has been begun since, with fields of its own
    both = f"{kept.rstrip()}\n\n{whole}" if kept.strip() else whole
    draft.save(writer.connection, place, act.actor, kind, both, desk.now())
    return True
