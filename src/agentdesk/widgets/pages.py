"""A window of rows over a list of any length: pages come and go by key, and the rows beside the cursor stay.

Promises: at most `KEEP` rows in memory and `CALLS` questions for one step, whatever the length; the row that is looked at
keeps its place among its neighbours while it is looked at, even if the queue would put it elsewhere now. Refuses: drawing,
selecting, counting. How many rows lie above the window is an estimate that only a scrollbar shows.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Protocol

from agentdesk.core.views import QueueRow

Key = tuple[int, str, int]
PAGE, KEEP, CALLS = 100, 300, 3


class Source(Protocol):
    """A view of the queue, in its order."""

    def after(self, key: Key | None, limit: int) -> list[QueueRow]:
        """The rows after that key; None: from the beginning."""
        ...

    def before(self, key: Key | None, limit: int) -> list[QueueRow]:
        """The rows just before that key, in the queue's order; None: the last ones."""
        ...

    def find(self, ticket: str) -> QueueRow | None:
        """The row of a ticket as it is now; None where the view does not hold it any more."""
        ...

    def total(self) -> int:
        """About how many rows there are."""
        ...


class Pages:
    """`rows[0]` is the row of index `first`."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.rows: list[QueueRow] = []
        self.first = 0
        self._estimate = 0
        self._begins = self._ends = True

    @property
    def stop(self) -> int:
        """The index after the last row that is held."""
        return self.first + len(self.rows)

    @property
    def total(self) -> int:
        """How many rows there seem to be; exact where the window has seen the end."""
        return self.stop if self._ends else max(self._estimate, self.stop + 1)

    def at(self, index: int) -> QueueRow | None:
        inside = self.first <= index < self.stop
        return self.rows[index - self.first] if inside else None

    def index(self, ticket: str) -> int | None:
        """Where a ticket is in the window."""
        return next((self.first + n for n, row in enumerate(self.rows) if row.id == ticket), None)

    def find(self, ticket: str) -> QueueRow | None:
        """The row of a ticket, from the window or from the source."""
        index = self.index(ticket)
        return self.source.find(ticket) if index is None else self.at(index)

    def between(self, one: str, other: str) -> list[QueueRow] | None:
        """The rows from one ticket to another, both included; None where the window has not both."""
        begins, ends = self.index(one), self.index(other)
        if begins is None or ends is None:
            return None
        rows = self.rows[min(begins, ends) - self.first : max(begins, ends) + 1 - self.first]
        return rows if begins <= ends else rows[::-1]

    def top(self) -> None:
        """Goes to the beginning."""
        self._estimate = self.source.total()
        self.rows = self.source.after(None, PAGE)
        self.first, self._begins, self._ends = 0, True, len(self.rows) < PAGE

    def bottom(self) -> None:
        """Goes to the end."""
        self._estimate = self.source.total()
        self.rows = self.source.before(None, PAGE)
        self._begins, self._ends = len(self.rows) < PAGE, True
        self.first = 0 if self._begins else max(1, self._estimate - len(self.rows))

    def reach(self, start: int, stop: int) -> int:
        """Reads what lies between the window and rows [start, stop), as far as `CALLS` pages go; gives by how much
        every index has grown, because the rows above turned out to be more or fewer than thought."""
        shift = 0
        for _ in range(CALLS):
            if start + shift < self.first and not self._begins:
                shift += self._back()
            elif stop + shift > self.stop and not self._ends:
                self._on()
            else:
                break
        return shift

    def _on(self) -> None:
        found = self.source.after(self.rows[-1].key if self.rows else None, PAGE)
        self._ends = len(found) < PAGE
        self.rows += self._new(found)
        if (extra := len(self.rows) - KEEP) > 0:
            del self.rows[:extra]
            self.first += extra
            self._begins = False

    def _back(self) -> int:
        found = self.source.before(self.rows[0].key if self.rows else None, PAGE)
        self._begins = len(found) < PAGE
        found = self._new(found)
        self.rows[:0] = found
        first = self.first - len(found)
        self.first = 0 if self._begins else max(1, first)
        if len(self.rows) > KEEP:
            del self.rows[KEEP:]
            self._ends = False
        return self.first - first

    def _new(self, found: Iterable[QueueRow]) -> list[QueueRow]:
        held = {row.id for row in self.rows}
        return [row for row in found if row.id not in held]

    def reread(self, anchor: QueueRow, index: int) -> int:
        """Reads the window again around `anchor`, which was at `index`; gives the index where it is, or where the row
        is that follows it now that it is gone. It keeps its old neighbours until it is the anchor no more."""
        self._estimate = self.source.total()
        before = self.source.before(anchor.key, PAGE)
        after = self.source.after(before[-1].key if before else None, PAGE + 1)
        self._begins, self._ends = len(before) < PAGE, len(after) <= PAGE
        here = next((row for row in (*before, *after) if row.id == anchor.id), None)
        here = here or self.source.find(anchor.id)
        above = [row for row in before if row.id != anchor.id]
        place = len(above)
        self.rows = above
        self.rows += self._new(row for row in after if row.id != anchor.id)
        self.first = 0 if self._begins else max(1, index - place)
        if here is not None:
            self.rows.insert(place, replace(here, key=anchor.key))
        return self.first + min(place, max(0, len(self.rows) - 1))
