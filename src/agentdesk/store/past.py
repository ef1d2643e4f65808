"""What the log says of clocks: the pauses that are over, and what they promised before.

Promises: a pause is found where the log's own `ClockSet` says that one ended, so that it can be listed and explained. Refuses: keeping
pauses and former promises as rows of their own.
"""

from collections.abc import Callable, Iterator
from dataclasses import field
from datetime import datetime

from agentdesk.core.events import ClockSet, Event, MessageAdded
from agentdesk.core.instant import moment
from agentdesk.core.model import Span
from agentdesk.core.sla import Clock, ClockState, from_data
from agentdesk.store import log
from agentdesk.store.driver import Connection
from agentdesk.values import dataclass

RECLOCKED = "Reclocked"
_SAID_APART = frozenset({RECLOCKED, "Moved"})
"""Events that say themselves why a clock promises something else, whatever segments had to do with it."""
_Key = tuple[str, str, datetime]


@dataclass(slots=True)
class _Course:
    """The pauses of one clock so far, each with what the clock had `held` after it."""

    spans: list[tuple[Span, float]] = field(default_factory=list)

    def step(self, was: Clock | None, now: Clock, at: datetime, *, anew: bool) -> None:
        """An undo lowers what is held: the pauses that it took back go. Other opening hours change it too (`anew`), and no pause."""
        held = now.held.total_seconds()
        if anew:
            self.spans = [(span, held) for span, _ in self.spans]
        while self.spans and self.spans[-1][1] > held:
            self.spans.pop()
        if was is None or was.state is not ClockState.PAUSED or was.paused_at is None:
            return
        if now.state is ClockState.RUNNING and now.held > was.held and at > was.paused_at:
            self.spans.append((Span(was.paused_at, at), held))


def pauses(connection: Connection, ticket: str, clock: Clock) -> tuple[Span, ...]:
    """The pauses of a ticket's clock that are over, oldest first; those before a merge included."""
    courses: dict[tuple[str, _Key], _Course] = {}
    for event, change, was, now in _told(connection, ticket):
        key = (change.metric, change.tier, now.started_at)
        courses.setdefault((change.ticket, key), _Course()).step(
            was, now, _moved_at(event), anew=was is not None and _is_other(was, now, event)
        )
    wanted = _key(clock)
    found = [course for (owner, key), course in courses.items() if key == wanted and owner == ticket]
    found += [course for (owner, key), course in courses.items() if key == wanted and owner != ticket]
    return tuple(span for span, _ in next((course.spans for course in found if course.spans), []))


def _told(connection: Connection, ticket: str) -> Iterator[tuple[Event, ClockSet, Clock | None, Clock]]:
    """What the log says of the clocks of a ticket and of those that were merged into it: what was there, and what is."""
    family = {row[0] for row in connection.execute("SELECT id FROM ticket WHERE root = ?", (ticket,))}
    for event in events(connection, ticket):
        for change in event.changes:
            if isinstance(change, ClockSet) and change.now is not None and change.ticket in family:
                yield event, change, from_data(change.was) if change.was else None, from_data(change.now)


def events(connection: Connection, ticket: str) -> list[Event]:
    """All that touched a ticket and those merged into it, in the order of the log."""
    rows = connection.execute(
        "SELECT DISTINCT seq FROM event_ticket WHERE ticket IN (SELECT id FROM ticket WHERE root = ?) ORDER BY seq",
        (ticket,),
    ).fetchall()
    return [event for (seq,) in rows for _, event in log.read(connection, seq - 1, 1)]


def _moved_at(event: Event) -> datetime:
    """When what an event says took effect: a message at its arrival, everything else when it was done."""
    arrived = (each.received_at for each in event.changes if isinstance(each, MessageAdded))
    return moment(next(arrived, event.at))


@dataclass(frozen=True, slots=True)
class Former:
    """What a clock promised until `until`, when an event of type `event` made something else of it; `by_segment`: because its
    customer came into a segment, or left one."""

    until: datetime
    event: str
    target: int
    months: int
    due_at: datetime
    by_segment: bool = False


def former(connection: Connection, ticket: str, clock: Clock) -> tuple[Former, ...]:
    """What a ticket's clock promised before it says what it says now, oldest first; what an undo took back was never promised."""
    found: list[Former] = []
    for event, change, was, now in _told(connection, ticket):
        is_this = (change.metric, change.tier, now.started_at) == _key(clock)
        if not is_this or was is None or was.started_at != now.started_at:
            continue
        if event.type == "Undone" and found and _says(found[-1]) == (now.target, now.months, now.due_at):
            found.pop()
        elif _is_other(was, now, event):
            by_segment = "segment" in {was.of, now.of} and event.type not in _SAID_APART
            found.append(Former(moment(event.at), event.type, was.target, was.months, was.due_at, by_segment))
    return tuple(found)


def _says(former: Former) -> tuple[int, int, datetime]:
    return former.target, former.months, former.due_at


def _key(clock: Clock) -> _Key:
    return (clock.metric.value, clock.tier.value, clock.started_at)


def _is_other(was: Clock, now: Clock, event: Event) -> bool:
    """Another promise, and not the same one that a pause has moved, or an undo has brought back."""
    if event.type == "Undone":
        return False
    return was.target != now.target or (event.type == RECLOCKED and was.due_at != now.due_at)


def of_group(connection: Connection, group: str) -> list[Event]:
    """The events of one act on many tickets."""
    rows = connection.execute("SELECT seq FROM event WHERE grp = ? ORDER BY seq", (group,)).fetchall()
    return [event for (seq,) in rows for _, event in log.read(connection, seq - 1, 1)]


class StoredPast:
    """`core.state.Past` over one connection."""

    def __init__(self, connection: Callable[[], Connection]) -> None:
        self._connection = connection

    def pauses(self, ticket: str, clock: Clock) -> tuple[Span, ...]:
        return pauses(self._connection(), ticket, clock)

    def told_apart(self, ticket: str) -> bool:
        row = (
            self._connection()
            .execute(
                "SELECT e.type FROM event_ticket x JOIN event e ON e.seq = x.seq WHERE x.ticket = ? "
                "AND e.type IN ('Merged', 'CustomersUnmerged') ORDER BY x.seq DESC LIMIT 1",
                (ticket,),
            )
            .fetchone()
        )
        return row is not None and row[0] == "CustomersUnmerged"
