"""Pledges: what `decide` may ask of them (`core.state.Pledges`), and what screens, reports and the ticker read."""

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from agentdesk.core.instant import stamp
from agentdesk.core.pledging import OpenPledge, PledgeView
from agentdesk.store.driver import Connection

_OPEN = "id, ticket, message, given_at, due_at, rises_at, renews FROM pledge WHERE kept_at IS NULL AND NOT dropped AND renewed_at IS NULL"
_VIEW = """p.id, t.number, p.message, p.given_at, p.due_at, coalesce(p.text, ''), p.author, p.kept_at, p.dropped, p.renewed_at
    FROM pledge p {index} JOIN ticket h ON h.id = p.ticket JOIN ticket t ON t.id = h.root"""
SAID = "(p.message IS NULL OR EXISTS (SELECT 1 FROM message m WHERE m.id = p.message AND m.state IN ('sent', 'delivered', 'read')))"
"""Holds for what the customer was told: an answer that did not go has pledged nothing."""
RISEN = "SELECT id FROM ticket INDEXED BY ticket_pledge WHERE pledge_rises_at <= ? ORDER BY pledge_rises_at"
DUE = (
    f"SELECT {_VIEW.format(index='INDEXED BY pledge_open')} WHERE p.kept_at IS NULL AND NOT p.dropped AND p.renewed_at IS NULL AND p.due_at < ? "
    "AND NOT h.erased "
    "ORDER BY p.due_at, p.id LIMIT ?"
)
GIVEN = (
    f"SELECT {_VIEW.format(index='INDEXED BY pledge_given')} WHERE p.given_at >= ? AND p.given_at < ? AND NOT p.dropped "
    f"AND {SAID} ORDER BY p.given_at, p.id"
)
_OF = (
    f"SELECT {_VIEW.format(index='')} WHERE p.ticket IN (SELECT id FROM ticket WHERE root = ?) "  # noqa: S608
    "ORDER BY p.due_at, p.id"
)
_ONE = f"SELECT {_VIEW.format(index='')} WHERE p.id = ?"


class StoredPledges:
    """`connection` gives one on which everything written so far can be read."""

    def __init__(self, connection: Callable[[], Connection]) -> None:
        self._connection = connection

    def open(self, tickets: tuple[str, ...]) -> tuple[OpenPledge, ...]:
        sql = f"SELECT {_OPEN} AND ticket IN (SELECT value FROM json_each(?)) ORDER BY due_at, id"  # noqa: S608
        return tuple(_opened(row) for row in self._connection().execute(sql, (json.dumps(tickets),)))

    def kept(self, tickets: tuple[str, ...], by: str) -> tuple[tuple[str, str], ...]:
        sql = (
            "SELECT id, kept_at FROM pledge WHERE ticket IN (SELECT value FROM json_each(?)) AND given_at < ? AND kept_at >= ? "
            "AND NOT dropped ORDER BY due_at, id"
        )
        rows = self._connection().execute(sql, (json.dumps(tickets), by, by))
        return tuple((row[0], row[1]) for row in rows)

    def one(self, pledge: str) -> OpenPledge | None:
        row = self._connection().execute(f"SELECT {_OPEN} AND id = ?", (pledge,)).fetchone()
        return _opened(row) if row else None


def _opened(row: Sequence[Any]) -> OpenPledge:
    fields: list[Any] = [*row[:-1], bool(row[-1])]
    return OpenPledge(*fields)


def risen(connection: Connection, now: datetime) -> list[str]:
    """Tickets on which something that was pledged is due soon, and which do not stand in the queue for it yet."""
    return [row[0] for row in connection.execute(RISEN, (stamp(now),))]


def due_before(connection: Connection, until: datetime, limit: int = -1) -> list[PledgeView]:
    """What was pledged and is neither kept nor dropped, due before a time or late already, the soonest first."""
    return _read(connection, DUE, stamp(until), limit)


def given_between(connection: Connection, since: datetime, until: datetime) -> list[PledgeView]:
    """What customers were told from one time up to another, oldest first: what the kept share is of."""
    return _read(connection, GIVEN, stamp(since), stamp(until))


def of_ticket(connection: Connection, ticket: str) -> list[PledgeView]:
    """Everything pledged on a ticket and on those merged into it, the soonest due first."""
    return _read(connection, _OF, ticket)


def one(connection: Connection, pledge: str) -> PledgeView | None:
    found = _read(connection, _ONE, pledge)
    return found[0] if found else None


def _read(connection: Connection, sql: str, *values: object) -> list[PledgeView]:
    found = []
    for row in connection.execute(sql, values):
        fields: list[Any] = [*row[:8], bool(row[8]), row[9]]
        found.append(PledgeView(*fields))
    return found
