"""What became of tickets, many at a time: who answered, when they were over, and what was promised, by the log and by clocks' rows.

Promises: who answered and when a ticket was over is the log's word, which no later setting changes; all that a clock's row says
the log says too. Refuses: reading an event that cannot matter: most of a log is neither an end nor an answer, and SQLite sees
that faster than anybody who takes it apart. The last course of a clock is its row; earlier ones stand in the log alone, and are
looked for where there may have been any.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field
from typing import Any

from agentdesk.core import sla
from agentdesk.core.case import NOBODY, Ending
from agentdesk.core.instant import moment
from agentdesk.core.model import Direction, Status
from agentdesk.core.sla import Clock, Metric, Tier
from agentdesk.store.driver import Connection
from agentdesk.values import dataclass

ITSELF = "agentdesk"
"""The actor of what no agent did."""
UNDONE = "Undone"
METRICS = (Metric.FIRST_RESPONSE, Metric.NEXT_RESPONSE, Metric.RESOLUTION)
"""What reports say how it was kept."""
_OVER = frozenset({Status.RESOLVED, Status.CLOSED})
_NO_END = frozenset({UNDONE, "SendFailed", "SendDoubted"})
"""Events after which a ticket never was over: somebody took that back, or the answer that ended it did not go."""
_USUAL = (
    "Received", "Replied", "Sent", "Delivered", "Resolved", "Described", "Assigned", "Tagged", "MarkedSeen", "Noted",
)  # fmt: skip
"""Of a ticket that knows no other events no message went elsewhere and no clock began but by what its customer wrote."""
_FAMILY = "FROM json_each(?) w CROSS JOIN ticket f ON f.root = w.value CROSS JOIN event_ticket x ON x.ticket = f.id CROSS JOIN event e ON e.seq = x.seq"
_MEMBERS = "SELECT f.id, f.root FROM json_each(?) w CROSS JOIN ticket f ON f.root = w.value"
_EVENTS = f"SELECT f.root, x.seq, e.actor, e.type, e.at, e.data {_FAMILY} WHERE {{matters}} ORDER BY x.seq"
_ENDS = """instr(e.data, '"resolved"') OR instr(e.data, '"closed"')"""
_ANSWERS = """instr(e.data, '"out"')"""
_PROMISES = """instr(e.data, '"ClockSet"')"""
_UNUSUAL = f"SELECT DISTINCT f.root {_FAMILY} WHERE e.type NOT IN {_USUAL}"
_CLOCKS = f"""SELECT f.root, f.id, c.metric, c.data FROM json_each(?) w CROSS JOIN ticket f ON f.root = w.value
    CROSS JOIN clock c ON c.ticket = f.id WHERE c.tier = 'standard' AND c.metric IN {tuple(map(str, METRICS))}"""  # noqa: S608

_Key = tuple[str, str, str]
Began = Mapping[Metric, str | None]
"""When a ticket's first clock of each kind can have begun at the earliest, as its messages have it."""


@dataclass(slots=True)
class Course:
    """Of one ticket and of those that were merged into it: who wrote each answer, and its ends."""

    ticket: str
    authors: dict[str, str] = field(default_factory=dict)
    endings: list[Ending] = field(default_factory=list)

    def step(self, actor: str, type_: str, at: str, data: str) -> None:
        """One event; what it says of this ticket."""
        agent = NOBODY if actor == ITSELF else actor
        for change in json.loads(data).get("changes", ()):
            kind = change.get("is")
            if kind == "MessageAdded":
                at = change["received_at"]
                if change["direction"] == Direction.OUT:
                    self.authors[change["message"]] = agent
            elif kind == "TicketSet" and change["field"] == "status" and change["ticket"] == self.ticket:
                self._status(change, agent, type_, at)

    def _status(self, change: dict[str, Any], agent: str, type_: str, at: str) -> None:
        was, now = change.get("was") in _OVER, change.get("now") in _OVER
        if was == now:
            return
        if type_ in _NO_END:
            del self.endings[-1:]
        elif now or self.endings:  # history was over from the first, by nobody
            self.endings.append(Ending(moment(at), now, agent))


def courses(connection: Connection, ids: list[str], *, ends: bool, answers: bool) -> dict[str, Course]:
    """The course of each of these tickets, as far as it is asked for."""
    found = {ticket: Course(ticket) for ticket in ids}
    matters = " OR ".join(([_ENDS] if ends else []) + ([_ANSWERS] if answers else []))
    if matters:
        for root, *event in _events(connection, ids, matters):
            found[root].step(*event)
    return found


def promised(connection: Connection, began: Mapping[str, Began]) -> dict[str, list[Clock]]:
    """The promises to customers on each of these tickets, every course of every clock, in the order of time."""
    rows: dict[str, list[tuple[str, str, dict[str, Any]]]] = {ticket: [] for ticket in began}
    for root, id_, metric, data in connection.execute(_CLOCKS, (json.dumps(list(began)),)):
        rows[root].append((id_, metric, json.loads(data)))
    asked = json.dumps([ticket for ticket in began if rows[ticket]])
    anew = {root for (root,) in connection.execute(_UNUSUAL, (asked,))}
    anew |= {ticket for ticket in began if not _is_first(ticket, rows[ticket], began[ticket])}
    found = {ticket: _clocks(each for *_, each in rows[ticket]) for ticket in began if ticket not in anew}
    return found | logged(connection, sorted(anew))


def logged(connection: Connection, ids: list[str]) -> dict[str, list[Clock]]:
    """The same by the log alone. A clock is known by its start; one that was undone never ran. An event may start clocks of tickets
    that are other matters: of one that is linked."""
    found: dict[str, dict[_Key, dict[str, Any]]] = {ticket: {} for ticket in ids}
    roots = dict(connection.execute(_MEMBERS, (json.dumps(ids),)))
    for root, _, type_, _, data in _events(connection, ids, _PROMISES) if ids else ():
        for change in json.loads(data).get("changes", ()):
            if change.get("is") == "ClockSet" and _is_asked(change) and roots.get(change["ticket"]) == root:
                _run(found[root], change, undone=type_ == UNDONE)
    return {ticket: _clocks(known.values()) for ticket, known in found.items()}


def _is_asked(change: dict[str, Any]) -> bool:
    return change["tier"] == Tier.STANDARD and change["metric"] in METRICS


def _run(known: dict[_Key, dict[str, Any]], change: dict[str, Any], *, undone: bool) -> None:
    was, now = change.get("was"), change.get("now")
    if was and (undone or now is None):
        known.pop((change["ticket"], change["metric"], was["started_at"]), None)
    if now:
        known[change["ticket"], change["metric"], now["started_at"]] = now


def _is_first(ticket: str, rows: Iterable[tuple[str, str, dict[str, Any]]], began: Began) -> bool:
    """Whether each clock runs its first course, so that its row says all of it."""
    return all(id_ == ticket and clock["started_at"] == began[Metric(metric)] for id_, metric, clock in rows)


def _clocks(some: Iterable[dict[str, Any]]) -> list[Clock]:
    return sorted(map(sla.from_data, some), key=lambda clock: (clock.started_at, clock.metric))


def _events(connection: Connection, ids: list[str], matters: str) -> Iterator[tuple[str, str, str, str, str]]:
    """(ticket, actor, type, at, data) of what may matter, in the order of the log; what touched two that were merged comes once."""
    seen: dict[str, int] = {}
    for root, seq, *event in connection.execute(_EVENTS.format(matters=matters), (json.dumps(ids),)):
        if seen.get(root) != seq:
            seen[root] = seq
            yield root, *event
