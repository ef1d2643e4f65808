"""What was said in a matter since somebody read it, told from the log: a message counts from when it was stored, whatever time it bears."""

import json
from collections.abc import Iterator

from agentdesk.core.events import Event, MessageAdded, TicketSet
from agentdesk.core.model import Direction
from agentdesk.store import log
from agentdesk.store.driver import Connection
from agentdesk.values import dataclass

SAID = frozenset({Direction.IN, Direction.FROM_PARTY, Direction.OUT})
_OF_MATTER = (
    "SELECT DISTINCT e.seq FROM event_ticket e JOIN ticket t ON t.id = e.ticket "
    "WHERE t.root = (SELECT root FROM ticket WHERE id = ?) AND e.seq > ? ORDER BY e.seq DESC"
)


@dataclass(frozen=True, slots=True)
class Unread:
    """A message, by its `direction`, who wrote it and the time that it bears (RFC 3339)."""

    message: str
    direction: str
    name: str
    at: str


def newest(connection: Connection, ticket: str, read_to: int) -> Unread | None:
    """The last that the customer, a third party or one of us said in the matter of `ticket` after the place `read_to` of the log; None
    where nobody did. What came into it by a merge counts, what was taken back does not."""
    for _, event in _events(connection, ticket, read_to):
        if found := _said(connection, ticket, _came(connection, event)):
            return found
    return None


def place(connection: Connection, ticket: str, message: str) -> int | None:
    """Where in the log a message of the matter of `ticket` was added; None where it is no message of it."""
    return next((seq for seq, event in _events(connection, ticket) if message in _added(event)), None)


def _events(connection: Connection, ticket: str, after: int = 0) -> Iterator[tuple[int, Event]]:
    for (seq,) in connection.execute(_OF_MATTER, (ticket, after)).fetchall():
        yield from log.read(connection, seq - 1, 1)


def _added(event: Event) -> list[str]:
    return [each.message for each in event.changes if isinstance(each, MessageAdded)]


def _came(connection: Connection, event: Event) -> list[str]:
    """The messages that came into the matter with an event, by themselves or with a ticket."""
    tickets = [each.ticket for each in event.changes if isinstance(each, TicketSet) and each.field == "root"]
    rows = connection.execute(
        "SELECT id FROM message WHERE ticket IN (SELECT value FROM json_each(?))", (json.dumps(tickets),)
    )
    return _added(event) + [row[0] for row in rows]


def _said(connection: Connection, ticket: str, messages: list[str]) -> Unread | None:
    """The last of `messages` that is one of the matter still."""
    row = connection.execute(
        "SELECT m.id, m.direction, coalesce(m.name, ''), m.received_at FROM json_each(?) each JOIN message m ON m.id = each.value "
        "JOIN ticket t ON t.id = m.ticket WHERE t.root = (SELECT root FROM ticket WHERE id = ?) "
        "AND m.direction IN (SELECT value FROM json_each(?)) AND NOT m.hidden ORDER BY m.n DESC LIMIT 1",
        (json.dumps(messages), ticket, json.dumps(sorted(SAID))),
    ).fetchone()
    return Unread(*row) if row else None
