"""An internal note: its text is a blob, written in the transaction of the event that names it."""

from agentdesk.core.commands import AddNote
from agentdesk.core.events import Event
from agentdesk.core.text import safe
from agentdesk.engine.desk import Desk
from agentdesk.errors import RefusedError
from agentdesk.store import pack


def note(desk: Desk, ticket: str, text: str) -> Event:
    """Writes `text` beside the conversation; no customer ever sees it. Raises RefusedError."""
    clean = safe(text).rstrip()
    blob = pack(clean.encode("utf-8", "replace"))
    with desk.transaction() as writer:
        writer.blobs.put(writer.connection, (blob,))
        answer = desk.decided(writer, AddNote(ticket, blob.hash, blob.size))
    if answer.event is None:
        raise RefusedError(reason="nothing_changes")
    return answer.event
