"""A view of the queue as the queue pane pages through it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentdesk.engine.reader import Reader
from agentdesk.store import queries, queue

if TYPE_CHECKING:
    from agentdesk.core.views import QueueRow
    from agentdesk.engine.desk import Desk
    from agentdesk.store.driver import Connection

AT_ONCE = 200
"""Rows that are read at once where many are looked through."""


class Source(Reader):
    """One view, perhaps narrowed by `only`. Close it when another takes its place."""

    def __init__(
        self,
        desk: Desk,
        view: str,
        only: queue.Only | None = None,
        connection: Connection | None = None,
        sort: str = "",
    ) -> None:
        super().__init__(desk, connection)
        self.view = view
        self.sort = queue.order_of(view, sort)
        self._only = only

    def apart(self) -> Source:
        """The same view for another thread, with a connection of its own; whoever asks closes it."""
        return Source(self._desk, self.view, self._only, sort=self.sort)

    def _page(self, after: queue.Key | None, limit: int, *, backwards: bool) -> list[QueueRow]:
        desk = self._desk
        return queue.queue(
            self._connection, self.view, desk.now(), desk.agent, after=after, limit=limit, only=self._only,
            backwards=backwards, sort=self.sort,
        )  # fmt: skip

    def after(self, key: queue.Key | None, limit: int) -> list[QueueRow]:
        """The rows after that key; None: from the beginning."""
        return self._page(key, limit, backwards=False)

    def before(self, key: queue.Key | None, limit: int) -> list[QueueRow]:
        """The rows just before that key, in the queue's order; None: the last ones."""
        return self._page(key, limit, backwards=True)

    def span(self, one: QueueRow, other: QueueRow, limit: int) -> list[str]:
        """The tickets from one row to another, both included, in the order in which one meets them; `limit` at most."""
        falls = queue.falls(self.view, self.sort)
        down = (one.key <= other.key) != falls
        read, back = (self.after, self.before) if down else (self.before, self.after)
        found: list[str] = []
        nearest = back(one.key, 1)
        at = nearest[0].key if nearest else None
        while page := read(at, AT_ONCE):
            for row in page if down else page[::-1]:
                if row.key != other.key and ((row.key > other.key) != falls) == down:
                    return found
                found.append(row.id)
                if len(found) == limit:
                    return found
            at = page[-1 if down else 0].key
        return found

    def find(self, ticket: str) -> QueueRow | None:
        """The row of a ticket as it is now; None where the view does not hold it any more."""
        desk = self._desk
        return queue.find(self._connection, self.view, desk.now(), desk.agent, ticket, self._only, self.sort)

    def total(self) -> int:
        """About how many rows there are."""
        return queries.counts(self._connection, self._desk.agent, self._desk.now()).views[self.view]
