"""The causes and the tickets that have them, along one index."""

from agentdesk.core.views import CauseRow
from agentdesk.store.driver import Connection

OPEN = "('inbox', 'waiting', 'snoozed')"
"""Where tickets are that are a person's and not resolved."""


def causes(connection: Connection, *, closed: bool = False) -> list[CauseRow]:
    """Those that are open, the oldest first; with `closed` also the others."""
    rows = connection.execute(
        f"SELECT id, words, opened_at, closed_at, (SELECT count(*) FROM ticket t WHERE t.cause = c.id AND t.bucket IN {OPEN}) "  # noqa: S608
        "FROM cause c WHERE closed_at IS NULL OR ? ORDER BY closed_at IS NOT NULL, opened_at, id",
        (closed,),
    )
    return [CauseRow(*row) for row in rows]


def open_tickets(connection: Connection, cause: str) -> list[tuple[str, int]]:
    """(id, number) of its tickets that are not resolved, the oldest first."""
    sql = f"SELECT id, number FROM ticket WHERE cause = ? AND bucket IN {OPEN} ORDER BY number"  # noqa: S608
    return [(row[0], row[1]) for row in connection.execute(sql, (cause,))]


def said_by(connection: Connection, ticket: str) -> list[tuple[str, str]]:
    """(subject, text's content address) of the newest messages from people in a ticket."""
    rows = connection.execute(
        "SELECT coalesce(m.subject, ''), m.text FROM ticket h JOIN message m ON m.ticket = h.id WHERE h.root = ? "
        "AND m.direction = 'in' AND m.class = 'human' AND NOT m.erased ORDER BY m.n DESC LIMIT 5",
        (ticket,),
    )
    return [(row[0], row[1]) for row in rows]
