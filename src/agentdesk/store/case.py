"""Tickets as reports look at them (`core.case`), read from rows and log, one after another.

Promises: memory does not grow with the desk; who answered and when a ticket was over is the log's word, which no later setting
changes. Refuses: history, machine mail and muted customers, which are no work; and a key's time: this walks the desk, so it is
for a thread that nobody waits for.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from agentdesk.core import sla
from agentdesk.core.call import CALLED_US
from agentdesk.core.case import NOBODY, Case, Ending, Turn
from agentdesk.core.codec import decode
from agentdesk.core.csat import Survey
from agentdesk.core.events import ClockSet, MessageAdded, TicketSet
from agentdesk.core.figures import Period
from agentdesk.core.instant import moment, stamp
from agentdesk.core.model import Direction, Status
from agentdesk.core.sla import Clock
from agentdesk.store import survey
from agentdesk.store.driver import Connection

ITSELF = "agentdesk"
"""The actor of what no agent did."""
MARGIN = timedelta(days=1)
"""So far may a provider's clock, or this laptop's, have been ahead of the log."""
_WORK = "t.root = t.id AND NOT t.history AND NOT t.machine AND NOT t.muted"
_TICKET = "t.number, t.id, t.channel, t.created_at, t.assignee, t.priority, t.kind, t.incident, t.derived_at, t.customer"
_STIRRED = f"""SELECT {_TICKET} FROM ticket t WHERE {_WORK}
    AND EXISTS (SELECT 1 FROM event_ticket x WHERE x.ticket = t.id AND x.seq >= ?) ORDER BY t.number"""  # noqa: S608
_EVENTS = """SELECT e.actor, e.type, e.at, e.data FROM event e WHERE e.seq IN (SELECT x.seq FROM ticket f
    JOIN event_ticket x ON x.ticket = f.id WHERE f.root = ?) ORDER BY e.seq"""
_MESSAGES = """SELECT m.id, m.received_at, m.direction, m.class_reason FROM ticket f JOIN message m ON m.ticket = f.id
    WHERE f.root = ? AND m.direction IN ('in', 'out') AND m.class = 'human' AND NOT m.hidden AND NOT m.history
    AND m.state IS NOT 'failed' ORDER BY m.n"""
_OTHERS = f"""SELECT t.created_at, t.incident FROM customer me JOIN customer c ON c.root = me.root
    JOIN ticket t ON t.customer = c.id WHERE me.id = ? AND t.last_message_at > ? AND t.created_at > ? AND t.id <> ? AND {_WORK}
    AND (SELECT m.direction = 'in' OR m.class_reason = '{CALLED_US}' FROM message m WHERE m.ticket = t.id AND NOT m.hidden
        ORDER BY m.n LIMIT 1) ORDER BY t.created_at"""  # noqa: S608
_WAITING = f"""SELECT {_TICKET}, t.owed_since FROM ticket t INDEXED BY ticket_owed WHERE t.owed_since IS NOT NULL
    ORDER BY t.owed_since"""  # noqa: S608
_OVER = frozenset({Status.RESOLVED, Status.CLOSED})
UNDONE = "Undone"
_NO_END = frozenset({UNDONE, "SendFailed", "SendDoubted"})
"""Events after which a ticket never was over: somebody took that back, or the answer that ended it did not go."""


def cases(connection: Connection, since: datetime) -> Iterator[Case]:
    """Every ticket to which anything happened since then, by number."""
    first = _position(connection, since - MARGIN)
    for row in connection.execute(_STIRRED, (first,)):
        yield _case(connection, row)


def waiting(connection: Connection) -> Iterator[tuple[Case, datetime]]:
    """The tickets whose customers wrote last and have no public answer, the longest waiting first; with nothing of their course."""
    for *row, since in connection.execute(_WAITING):
        yield _bare(row), moment(since)


def surveyed(connection: Connection, period: Period) -> Iterator[tuple[Case, Survey]]:
    """The surveys that were asked in a period, each with its ticket, on the channel on which it was asked."""
    one = f"SELECT {_TICKET} FROM ticket t WHERE t.number = ?"  # noqa: S608
    for each in survey.surveys(connection, period.since, period.until):
        row = connection.execute(one, (each.ticket,)).fetchone()
        yield replace(_bare(row), channel=each.channel), each


def last(connection: Connection) -> int:
    """The highest number of a ticket."""
    return int(connection.execute("SELECT coalesce(max(number), 0) FROM ticket").fetchone()[0])


def _position(connection: Connection, at: datetime) -> int:
    """The first place of the log that was written at that time or later."""
    low, high = 1, int(connection.execute("SELECT coalesce(max(seq), 0) + 1 FROM event").fetchone()[0])
    while low < high:
        middle = (low + high) // 2
        found = connection.execute(
            "SELECT at FROM event WHERE seq >= ? ORDER BY seq LIMIT 1", (middle,)
        ).fetchone()
        low, high = (middle + 1, high) if found[0] < stamp(at) else (low, middle)
    return low


def _bare(row: Any) -> Case:
    number, _, channel, created_at, assignee, priority, kind, incident, derived_at, _ = row
    return Case(
        number,
        channel,
        moment(created_at),
        assignee=assignee,
        priority=priority,
        kind=kind,
        incident=incident,
        derived=derived_at is not None,
    )


def _case(connection: Connection, row: Any) -> Case:
    id_, customer = row[1], row[-1]
    course = _Course(id_)
    for actor, type_, at, data in connection.execute(_EVENTS, (id_,)):
        course.step(actor, type_, at, data)
    turns: list[Turn] = []
    for message, received_at, direction, reason in connection.execute(_MESSAGES, (id_,)):
        at, ours = moment(received_at), direction == Direction.OUT
        if ours and reason == CALLED_US:
            turns.append(Turn(at, ours=False))
        turns.append(Turn(at, ours, course.authors.get(message, NOBODY) if ours else NOBODY))
    known = replace(
        _bare(row),
        turns=tuple(turns),
        endings=tuple(course.endings),
        clocks=tuple(sorted(course.promised(), key=lambda clock: (clock.started_at, clock.metric))),
    )
    if known.first_end is None:
        return known
    end = stamp(known.first_end.at)
    others = connection.execute(_OTHERS, (customer, end, end, id_))
    return replace(known, others=tuple((moment(at), incident) for at, incident in others))


@dataclass(slots=True)
class _Course:
    """What the log says of a ticket and of those that were merged into it, event by event."""

    ticket: str
    authors: dict[str, str] = field(default_factory=dict)
    endings: list[Ending] = field(default_factory=list)
    clocks: dict[tuple[str, str, str, str], dict[str, Any]] = field(default_factory=dict)

    def step(self, actor: str, type_: str, at: str, data: str) -> None:
        agent = NOBODY if actor == ITSELF else actor
        changes = json.loads(data).get("changes", ())
        for change in decode({"changes": [each for each in changes if _tells(each)]}):
            if isinstance(change, MessageAdded):
                at = change.received_at
                if change.direction == Direction.OUT:
                    self.authors[change.message] = agent
            elif isinstance(change, ClockSet):
                self._promise(change, undone=type_ == UNDONE)
            elif isinstance(change, TicketSet) and change.ticket == self.ticket:
                self._status(change, agent, type_, moment(at))

    def promised(self) -> Iterator[Clock]:
        return map(sla.from_data, self.clocks.values())

    def _promise(self, change: ClockSet, *, undone: bool) -> None:
        """A clock is known by its start; one that was undone never ran."""
        if change.was and (undone or change.now is None):
            self.clocks.pop(self._key(change, change.was), None)
        if change.now:
            self.clocks[self._key(change, change.now)] = change.now

    def _key(self, change: ClockSet, clock: dict[str, Any]) -> tuple[str, str, str, str]:
        return change.ticket, change.metric, change.tier, clock["started_at"]

    def _status(self, change: TicketSet, agent: str, type_: str, at: datetime) -> None:
        was, now = change.was in _OVER, change.now in _OVER
        if was == now:
            return
        if type_ in _NO_END and self.endings:
            self.endings.pop()
        else:
            self.endings.append(Ending(at, now, agent))


def _tells(change: dict[str, Any]) -> bool:
    """Whether a change as the log has it is of use here; most are not."""
    kind = change.get("is")
    return kind in {"MessageAdded", "ClockSet"} or (kind == "TicketSet" and change.get("field") == "status")
