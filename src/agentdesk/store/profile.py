"""What `decide` may ask about customers as the shop knows them, over one connection: `core.state.People`."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import takewhile

from agentdesk.core.instant import moment, stamp
from agentdesk.core.segment import Facts, Segment
from agentdesk.core.state import Exchange, Said
from agentdesk.store import clock, segment
from agentdesk.store.driver import Connection
from agentdesk.store.rows import first_row

_SECOND = timedelta(seconds=1)
_NEWEST = 20
"""Messages of somebody that are looked at for the same text."""


class StoredPeople:
    """`connection` gives one on which everything written so far can be read."""

    def __init__(self, connection: Callable[[], Connection]) -> None:
        self._connection = connection

    def entries(self, customer: str) -> tuple[tuple[str, str, str], ...]:
        rows = self._connection().execute(
            "SELECT id, field, value FROM profile WHERE customer = ? AND NOT hidden AND value IS NOT NULL ORDER BY at, id",
            (customer,),
        )
        return tuple((row[0], row[1], row[2]) for row in rows)

    def muted(self, customers: tuple[str, ...]) -> tuple[str, ...]:
        rows = self._connection().execute(
            "SELECT id FROM ticket WHERE customer IN (SELECT value FROM json_each(?)) AND muted ORDER BY number",
            (json.dumps(customers),),
        )
        return tuple(row[0] for row in rows)

    def told(self, customer: str, since: str) -> tuple[Said, ...]:
        rows = self._connection().execute(
            "SELECT m.class_reason, t.root, coalesce(a.channel, t.channel), m.received_at FROM customer c JOIN ticket t ON t.customer = c.id "
            "JOIN message m INDEXED BY message_auto ON m.ticket = t.id AND m.direction = 'auto' LEFT JOIN account a ON a.id = m.account "
            "WHERE c.root = ? AND t.last_message_at >= ? AND m.n >= ? AND NOT m.hidden",
            (customer, since, first_row(since)),
        )
        return tuple(Said(kind, ticket, channel, moment(at)) for kind, ticket, channel, at in rows)

    def exchange(self, identity: str, at: datetime) -> Exchange:
        # A provider tells when something arrived to the second, and we know to the millisecond when we heard of it.
        since = stamp(at - _SECOND)
        row = (
            self._connection()
            .execute(
                "SELECT received_at, text FROM message INDEXED BY message_author WHERE author = ? AND n >= ? AND received_at >= ? "
                "AND fetched_at > ? AND direction = 'in' AND NOT history ORDER BY n LIMIT 1",
                (identity, first_row(since), since, stamp(at)),
            )
            .fetchone()
        )
        return Exchange(at, moment(row[0]), row[1]) if row else Exchange(at)

    def repeats(self, identity: str, text: str, since: str) -> int:
        rows = self._connection().execute(
            "SELECT text FROM message INDEXED BY message_author WHERE author = ? AND n >= ? ORDER BY n DESC LIMIT ?",
            (identity, first_row(since), _NEWEST),
        )
        return len(list(takewhile(lambda row: row[0] == text, rows)))

    def writes_much(self, identity: str, since: str, most: int) -> bool:
        found = self._connection().execute(
            "SELECT 1 FROM message INDEXED BY message_author WHERE author = ? AND n >= ? AND direction = 'in' "
            "AND class = 'human' AND NOT history LIMIT ?",
            (identity, first_row(since), most),
        )
        return len(found.fetchall()) == most

    def untouched(self, identity: str, since: str, most: int) -> tuple[str, ...]:
        rows = self._connection().execute(
            "SELECT id FROM ticket WHERE identity = ? AND last_message_at >= ? AND bucket = 'inbox' AND status = 'new' "
            "AND assignee IS NULL AND moved_from IS NULL ORDER BY last_message_at DESC, number DESC LIMIT ?",
            (identity, since, most),
        )
        return tuple(row[0] for row in rows)

    def among(self, customer: str, segments: tuple[Segment, ...]) -> frozenset[str]:
        return frozenset(segment.among(self._connection(), customer, segments))

    def facts(self, root: str, segments: tuple[Segment, ...]) -> dict[str, Facts]:
        return segment.facts(self._connection(), root, segments)

    def promised(self, customer: str) -> tuple[str, ...]:
        return clock.promised(self._connection(), customer)
