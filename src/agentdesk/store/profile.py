"""What `decide` may ask about customers as the shop knows them, over one connection: `core.state.People`."""

import json
from collections.abc import Callable

from agentdesk.core.segment import Segment
from agentdesk.store import segment
from agentdesk.store.driver import Connection


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

    def among(self, customer: str, segments: tuple[Segment, ...]) -> frozenset[str]:
        return frozenset(segment.among(self._connection(), customer, segments))
