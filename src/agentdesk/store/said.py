"""What we wrote to a customer before, for whoever is about to write the same again."""

from collections.abc import Iterator
from datetime import datetime

from agentdesk.core.instant import stamp
from agentdesk.store.blobs import Blobs
from agentdesk.store.driver import Connection
from agentdesk.store.rows import first_row

NEWEST = 50
"""Answers that are looked at."""


def to_customer(connection: Connection, blobs: Blobs, ticket: str) -> Iterator[tuple[int, str, str]]:
    """(ticket number, when, text) of our newest answers to the customer of `ticket`, in any ticket of theirs; what was taken
    back, failed or was erased is left out."""
    rows = connection.execute(
        "SELECT r.number, m.received_at, m.text FROM ticket here JOIN customer mine ON mine.id = here.customer "
        "JOIN customer same ON same.root = mine.root JOIN ticket t ON t.customer = same.id "
        "JOIN ticket r ON r.id = t.root JOIN message m ON m.ticket = t.id WHERE here.id = ? AND m.direction = 'out' "
        "AND NOT m.hidden AND NOT m.erased AND coalesce(m.state, '') NOT IN ('failed', 'withdrawn') ORDER BY m.n DESC LIMIT ?",
        (ticket, NEWEST),
    )
    for number, at, text in rows:
        yield number, at, blobs.text(connection, text)


def since(connection: Connection, blobs: Blobs, ticket: str, at: datetime) -> Iterator[tuple[int, str, str]]:
    """The same of what we wrote since then in that ticket alone."""
    rows = connection.execute(
        "SELECT r.number, m.received_at, m.text FROM ticket here JOIN ticket r ON r.id = here.root JOIN ticket t ON t.root = r.id "
        "JOIN message m ON m.ticket = t.id WHERE here.id = ? AND m.n >= ? AND m.direction = 'out' AND NOT m.hidden AND NOT m.erased "
        "AND coalesce(m.state, '') NOT IN ('failed', 'withdrawn') ORDER BY m.n DESC",
        (ticket, first_row(stamp(at))),
    )
    for number, said_at, text in rows:
        yield number, said_at, blobs.text(connection, text)
