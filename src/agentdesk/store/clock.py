"""What the log and the rows say of clocks: the pauses that are over, and what is due next.

Promises: a pause is found where the log's own `ClockSet` says that one ended, so that it can be listed and explained.
Refuses: arithmetic with opening hours, which is `core.sla`'s; keeping pauses as rows of their own.
"""

from dataclasses import dataclass, field
from datetime import datetime

from agentdesk.core.events import ClockSet, Event, MessageAdded
from agentdesk.core.instant import moment, stamp
from agentdesk.core.model import Span
from agentdesk.core.sla import Clock, ClockState, from_data
from agentdesk.core.views import QueueRow
from agentdesk.store import log
from agentdesk.store.driver import Connection
from agentdesk.store.queue import FROM, ROW, drawn

_Key = tuple[str, str, datetime]


@dataclass(slots=True)
class _Course:
    """The pauses of one clock so far, each with what the clock had `held` after it."""

    spans: list[tuple[Span, float]] = field(default_factory=list)

    def step(self, was: Clock | None, now: Clock, at: datetime) -> None:
        """An undo lowers what is held: the pauses that it took back go."""
        held = now.held.total_seconds()
        while self.spans and self.spans[-1][1] > held:
            self.spans.pop()
        if was is None or was.state is not ClockState.PAUSED or was.paused_at is None:
            return
        if now.state is ClockState.RUNNING and now.held > was.held and at > was.paused_at:
            self.spans.append((Span(was.paused_at, at), held))


def pauses(connection: Connection, ticket: str, clock: Clock) -> tuple[Span, ...]:
    """The pauses of a ticket's clock that are over, oldest first; those before a merge included."""
    courses: dict[tuple[str, _Key], _Course] = {}
    for event in _events(connection, ticket):
        at = _moved_at(event)
        for change in event.changes:
            if not isinstance(change, ClockSet) or change.now is None:
                continue
            now = from_data(change.now)
            was = from_data(change.was) if change.was else None
            key = (change.metric, change.tier, now.started_at)
            courses.setdefault((change.ticket, key), _Course()).step(was, now, at)
    wanted = (clock.metric.value, clock.tier.value, clock.started_at)
    found = [course for (owner, key), course in courses.items() if key == wanted and owner == ticket]
    found += [course for (owner, key), course in courses.items() if key == wanted and owner != ticket]
    return tuple(span for span, _ in next((course.spans for course in found if course.spans), []))


def _events(connection: Connection, ticket: str) -> list[Event]:
    rows = connection.execute(
        "SELECT DISTINCT seq FROM event_ticket WHERE ticket IN (SELECT id FROM ticket WHERE root = ?) ORDER BY seq",
        (ticket,),
    ).fetchall()
    return [event for (seq,) in rows for _, event in log.read(connection, seq - 1, 1)]


def _moved_at(event: Event) -> datetime:
    """When what an event says took effect: a message at its arrival, everything else when it was done."""
    arrived = (each.received_at for each in event.changes if isinstance(each, MessageAdded))
    return moment(next(arrived, event.at))


def due(connection: Connection, now: datetime, limit: int, *, late: bool) -> list[QueueRow]:
    """Tickets of the inbox by their next deadline: the nearest to come, or the latest that has passed first."""
    where, way = ("<", "DESC") if late else (">=", "ASC")
    rows = connection.execute(
        f"SELECT {ROW} {FROM.format(index='INDEXED BY ticket_due')} WHERE t.bucket = 'inbox' "
        f"AND t.next_due_at {where} ? ORDER BY t.next_due_at {way}, t.number LIMIT ?",
        (stamp(now), limit),
    ).fetchall()
    return [drawn(row, now, 0, row[19]) for row in rows]
