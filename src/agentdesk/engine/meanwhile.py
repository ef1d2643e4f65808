"""What was said in a matter while its answer was being written.

Promises: what was stored by the time that the answer is written counts, asked in the transaction that writes it, so that no message can
come in between; and it counts whatever time it bears. Refuses: stopping an answer for good; whoever has read it sends again.
"""

from contextlib import closing

from agentdesk.core.model import Direction
from agentdesk.engine.desk import Desk
from agentdesk.errors import NotFoundError, RefusedError
from agentdesk.store import unread
from agentdesk.store.unread import Unread
from agentdesk.store.writer import Writer

__all__ = ["Unread", "place_of", "refuse_unread"]


def refuse_unread(writer: Writer, ticket: str, read_to: int | None) -> None:
    """Raises RefusedError where more was said in the matter of `ticket` than its reader, who came up to `read_to`, knows."""
    said = None if read_to is None else unread.newest(writer.connection, ticket, read_to)
    if said is None:
        return
    if said.direction == Direction.OUT:
        raise RefusedError(reason="answered_meanwhile", name=said.name, at=said.at)
    raise RefusedError(reason="said_meanwhile", at=said.at)


def place_of(desk: Desk, ticket: str, message: str) -> int:
    """The place in the log up to which somebody has read whose newest message that is; raises NotFoundError."""
    with closing(desk.reader()) as connection:
        found = unread.place(connection, ticket, message)
    if found is None:
        raise NotFoundError(what="message", name=message)
    return found
