"""Open tickets counted anew, once the shop promises something else or opens at other hours.

Promises: an event per ticket that reads otherwise, so that the former promise stays in the log; keys go first (`engine.bulk`), and what
a kill left over is done by whoever starts next, since the store says by which policy all of it was counted last. Refuses: touching
what was met, and a store that was counted by this very policy.
"""

from __future__ import annotations

from contextlib import closing, nullcontext
from typing import TYPE_CHECKING

from agentdesk.core import sla
from agentdesk.core.commands import Reclock
from agentdesk.core.events import ClockSet
from agentdesk.core.instant import maybe_moment
from agentdesk.core.reckon import fingerprint
from agentdesk.core.sla import Metric, Tier
from agentdesk.engine.bulk import Bulk
from agentdesk.engine.chore import Chore
from agentdesk.errors import N_
from agentdesk.store import clock as clocks
from agentdesk.store import past
from agentdesk.values import dataclass

if TYPE_CHECKING:
    import threading
    from collections.abc import Iterator
    from datetime import datetime

    from agentdesk.core.events import Event
    from agentdesk.engine.desk import Desk

ACTOR = "agentdesk"
FIRST_AFTER = 1.0
"""Seconds after a start before the first look: keys go first."""


@dataclass(frozen=True, slots=True)
class Moved:
    """A clock that reads otherwise by the policy in force; `due_at` is None where nothing is promised any more, `was_due_at` where
    nothing was promised before."""

    ticket: int
    metric: Metric
    tier: Tier
    was_due_at: datetime | None
    due_at: datetime | None


class Reckoning(Bulk):
    """`step` counts the next tickets anew; the last step says that all of them are."""

    def __init__(self, desk: Desk) -> None:
        with closing(desk.reader()) as connection:
            self._numbers = clocks.running(connection)
        super().__init__(desk, {ticket: Reclock(ticket) for ticket in self._numbers})
        self._actor = ACTOR
        self._policy = fingerprint(desk.policy)

    def step(self) -> bool:
        if super().step():
            return True
        with self._desk.transaction(patient=True) as writer:
            clocks.set_reckoned(writer.connection, self._policy, self._desk.now())
        return False

    def foreseen(self) -> list[Moved]:
        """What it would change; nothing is done."""
        events = self._desk.foreseen(map(Reclock, self._numbers))
        return [moved for event in events for moved in self._moved(event)]

    def changed(self) -> list[Moved]:
        """What it has changed."""
        with closing(self._desk.reader()) as connection:
            events = past.of_group(connection, self.group)
        return [moved for event in events for moved in self._moved(event)]

    def _moved(self, event: Event) -> Iterator[Moved]:
        for change in event.changes:
            if isinstance(change, ClockSet) and change.now is not None:
                now = sla.from_data(change.now)
                was_due_at = maybe_moment((change.was or {}).get("due_at"))
                due_at = now.due_at if now.state in sla.LIVE else None
                if due_at == was_due_at:  # it is due soon at another time, and no more than that
                    continue
                yield Moved(self._numbers[change.ticket], now.metric, now.tier, was_due_at, due_at)


def is_due(desk: Desk) -> bool:
    """Whether the clocks were counted by another policy than the one in force."""
    with closing(desk.reader()) as connection:
        return clocks.reckoned(connection) != fingerprint(desk.policy)


def chore(desk: Desk) -> Chore:
    """Counts all anew where that is due, so that whoever leaves waits for one turn at most."""
    return Chore(
        N_("promises"), lambda over: nullcontext(lambda: once(desk, over)), every=None, after=FIRST_AFTER
    )


def once(desk: Desk, over: threading.Event | None = None) -> int:
    """Counts all anew where that is due, until `over` is set; how many tickets read otherwise."""
    if not is_due(desk):
        return 0
    reckoning = Reckoning(desk)
    while not (over and over.is_set()) and reckoning.step():
        pass
    return len(reckoning.done)
