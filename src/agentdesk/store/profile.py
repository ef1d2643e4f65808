"""What `decide` may ask about customers as the shop knows them, over one connection: `core.state.People`."""

import json
from collections.abc import Callable

from agentdesk.core.instant import moment
from agentdesk.core.segment import Segment
from agentdesk.core.state import Said
from agentdesk.store import segment
from agentdesk.store.driver import Connection
from agentdesk.store.rows import first_row


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
