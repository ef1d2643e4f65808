"""Which tickets are marked: by hand, and from where a range began to where the cursor is.

Promises: a mark is on a ticket, not on a place, so it stays whatever the queue does; a range gives back what the cursor comes
back over. Refuses: holding rows: of 5,000 marked tickets only ids and numbers are kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from agentdesk.core.views import QueueRow

    Between = Callable[[str, str], Sequence[QueueRow] | None]


class Marks:
    """`anchor` is where the range that is being made began; None while none is."""

    def __init__(self) -> None:
        self.anchor: QueueRow | None = None
        self._by_hand: dict[str, None] = {}
        self._range: dict[str, None] = {}

    def __len__(self) -> int:
        return len(self.tickets)

    @property
    def tickets(self) -> tuple[str, ...]:
        """The ids, in the order in which they were marked."""
        return tuple(self._by_hand | self._range)

    def toggle(self, row: QueueRow) -> None:
        """Marks one ticket, or takes its mark away."""
        if row.id in self._by_hand:
            del self._by_hand[row.id]
        else:
            self._by_hand[row.id] = None

    def add(self, tickets: Iterable[str]) -> None:
        """These are marked too; a range that is being made ends."""
        self.end()
        self._by_hand |= dict.fromkeys(tickets)

    def begin(self, row: QueueRow) -> None:
        """A range from here."""
        self.anchor, self._range = row, {row.id: None}

    def end(self) -> None:
        """What the range holds stays marked wherever the cursor goes."""
        self._by_hand |= self._range
        self.anchor, self._range = None, {}

    def drop(self, tickets: Iterable[str]) -> None:
        """These are not marked any more."""
        self.end()
        for ticket in tickets:
            self._by_hand.pop(ticket, None)

    def clear(self) -> None:
        self.anchor, self._by_hand, self._range = None, {}, {}

    def follow(self, ticket: str, between: Between) -> bool:
        """The range goes to `ticket`, where the cursor is now; False where what lies between has to be read first.

        `between` gives the rows from one ticket to another, both included; None where the window has not both.
        """
        if self.anchor is None:
            return True
        if (rows := between(self.anchor.id, ticket)) is not None:
            self._range = {row.id: None for row in rows}
        elif ticket in self._range:
            held = list(self._range)
            self._range = dict.fromkeys(held[: held.index(ticket) + 1])
        elif (rows := between(next(reversed(self._range)), ticket)) is not None:
            self._range |= {row.id: None for row in rows}
        else:
            return False
        return True

    def span(self, tickets: Iterable[str]) -> None:
        """The range holds exactly these, from the anchor to the cursor."""
        self._range = dict.fromkeys(tickets)
