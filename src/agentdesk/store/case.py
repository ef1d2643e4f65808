"""Tickets as reports look at them (`core.case`), read from rows and log, some hundred at a time.

Promises: memory does not grow with the desk; only tickets to which something happened in the period are read, and of their log only
what the report needs. Refuses: history, machine mail and muted customers, which are no work; and a key's time: this walks the
desk, so it is for a thread that nobody waits for.
"""

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from agentdesk.core.call import CALLED_US
from agentdesk.core.case import NOBODY, Case, Turn
from agentdesk.core.csat import Survey
from agentdesk.core.figures import Period
from agentdesk.core.instant import moment, stamp
from agentdesk.core.model import Direction, MailClass
from agentdesk.core.pledging import PledgeView
from agentdesk.core.sla import Metric
from agentdesk.store import course, pledge, survey
from agentdesk.store.course import Began, Course
from agentdesk.store.driver import Connection
from agentdesk.store.rows import first_row
from agentdesk.values import dataclass

AT_ONCE = 250
"""Tickets that are read together."""
MARGIN = timedelta(days=1)
"""So far may a provider's clock, or this laptop's, have been ahead of the log."""
_WORK = "t.root = t.id AND NOT t.history AND NOT t.machine AND NOT t.muted"
_TICKET = "t.number, t.id, t.channel, t.created_at, t.assignee, t.priority, t.kind, t.incident, t.derived_at, t.account, t.customer"
_STIRRED = f"""SELECT {_TICKET} FROM ticket t WHERE t.id IN (
    SELECT f.root FROM event_ticket x JOIN ticket f ON f.id = x.ticket WHERE x.seq >= ? AND x.seq < ?
    UNION SELECT f.root FROM message m JOIN ticket f ON f.id = m.ticket WHERE m.n >= ? AND m.n < ?)
    AND {_WORK} ORDER BY t.number"""  # noqa: S608
_MESSAGES = """SELECT f.root, m.history, m.id, m.received_at, m.direction, m.class, m.class_reason,
    coalesce(m.state, '') IN ('failed', 'withdrawn')
    FROM json_each(?) w CROSS JOIN ticket f ON f.root = w.value CROSS JOIN message m ON m.ticket = f.id
    WHERE m.direction IN ('in', 'out') AND NOT m.hidden ORDER BY m.n"""
_OPENED = """iif(EXISTS (SELECT 1 FROM message h WHERE h.ticket = t.id AND h.history), max(t.created_at, m.received_at), t.created_at)"""
_OTHERS = f"""SELECT w.value ->> 0, {_OPENED} AS opened_at, t.incident FROM json_each(?) w
    CROSS JOIN customer me ON me.id = w.value ->> 1 CROSS JOIN customer c ON c.root = me.root
    CROSS JOIN ticket t ON t.customer = c.id AND t.last_message_at > w.value ->> 2
    CROSS JOIN message m ON m.n = (SELECT min(n) FROM message WHERE ticket = t.id AND NOT hidden AND NOT history)
    WHERE opened_at > w.value ->> 2 AND t.id <> w.value ->> 0 AND {_WORK}
    AND (m.direction = 'in' OR m.class_reason = '{CALLED_US}') ORDER BY opened_at"""  # noqa: S608
_TAGS = "SELECT g.ticket, g.tag FROM json_each(?) w CROSS JOIN tag g ON g.ticket = w.value ORDER BY g.tag"
_WAITING = f"""SELECT {_TICKET}, t.owed_since FROM ticket t INDEXED BY ticket_owed WHERE t.owed_since IS NOT NULL
    ORDER BY t.owed_since"""  # noqa: S608
_ONE = f"SELECT {_TICKET} FROM ticket t WHERE t.number = ?"  # noqa: S608


@dataclass(frozen=True, slots=True)
class Needs:
    """What of a ticket is read: its promises, when it was over and came back, who answered, its tags."""

    promises: bool = False
    ends: bool = False
    agents: bool = False
    tags: bool = False


def cases(connection: Connection, period: Period, needs: Needs) -> Iterator[Case]:
    """Every ticket to which anything happened in the period, by number."""
    since, until = period.since - MARGIN, period.until + MARGIN
    values = (
        _position(connection, since),
        _position(connection, until),
        *(first_row(stamp(at)) for at in (since, until)),
    )
    rows = connection.execute(_STIRRED, values)
    while some := list(islice(rows, AT_ONCE)):
        yield from _read(connection, some, needs)


def waiting(connection: Connection) -> Iterator[tuple[Case, datetime]]:
    """The tickets whose customers wrote last and have no public answer, the longest waiting first; with nothing of their course."""
    for *row, since in connection.execute(_WAITING):
        yield _bare(row), moment(since)


def surveyed(connection: Connection, period: Period) -> Iterator[tuple[Case, Survey]]:
    """The surveys that were asked in a period, each with its ticket, on the channel on which it was asked."""
    for each in survey.surveys(connection, period.since, period.until):
        yield replace(_of_number(connection, each.ticket), channel=each.channel), each


def pledged(connection: Connection, period: Period) -> Iterator[tuple[Case, PledgeView]]:
    """What customers were promised in words in a period, each with its ticket."""
    for each in pledge.given_between(connection, period.since, period.until):
        yield _of_number(connection, each.ticket), each


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


def _of_number(connection: Connection, number: int) -> Case:
    """A ticket with nothing of its course."""
    return _bare(connection.execute(_ONE, (number,)).fetchone())


def _bare(row: Any) -> Case:
    number, _, channel, created_at, assignee, priority, kind, incident, derived_at, account, _ = row
    return Case(
        number,
        channel,
        moment(created_at),
        assignee=assignee,
        priority=priority,
        kind=kind,
        incident=incident,
        derived=derived_at is not None,
        account=account,
    )


_Said = list[tuple[str, str, str, str, str, int]]


def _read(connection: Connection, rows: list[Any], needs: Needs) -> Iterator[Case]:
    ids = [row[1] for row in rows]
    said: dict[str, _Said] = defaultdict(list)
    old: set[str] = set()
    for root, is_history, *message in connection.execute(_MESSAGES, (json.dumps(ids),)):
        if is_history:
            old.add(root)
        else:
            said[root].append((message[0], message[1], message[2], message[3], message[4], message[5]))
    courses = course.courses(connection, ids, ends=needs.ends, answers=needs.agents)
    clocks = (
        course.promised(connection, {row[1]: _began(row, said[row[1]]) for row in rows})
        if needs.promises
        else {}
    )
    tags = _tags(connection, ids) if needs.tags else {}
    turns = {ticket: tuple(_turns(said[ticket], courses[ticket])) for ticket in ids}
    known = [
        replace(
            _bare(row),
            opened_at=_opened(moment(row[3]), turns[row[1]], has_history=row[1] in old),
            turns=turns[row[1]],
            lost=tuple(_lost(said[row[1]])),
            endings=tuple(courses[row[1]].endings),
            clocks=tuple(clocks.get(row[1], ())),
            tags=tuple(tags.get(row[1], ())),
        )
        for row in rows
    ]
    others = _others(connection, rows, known) if needs.ends else {}
    for row, case in zip(rows, known, strict=True):
        yield replace(case, others=tuple(others[row[1]])) if row[1] in others else case


def _opened(opened_at: datetime, turns: tuple[Turn, ...], *, has_history: bool) -> datetime:
    """A ticket that began as history begins, for figures, with what was first said that is none."""
    return max(opened_at, turns[0].at) if has_history and turns else opened_at


def _turns(said: _Said, known: Course) -> Iterator[Turn]:
    for message, received_at, direction, class_, reason, is_lost in said:
        if class_ != MailClass.HUMAN or is_lost:
            continue
        at, ours = moment(received_at), direction == Direction.OUT
        if ours and reason == CALLED_US:
            yield Turn(at, ours=False)
        yield Turn(at, ours, known.authors.get(message, NOBODY) if ours else NOBODY)


def _lost(said: _Said) -> Iterator[datetime]:
    return (moment(at) for _, at, direction, *_, is_lost in said if is_lost and direction == Direction.OUT)


def _began(row: Any, said: _Said) -> Began:
    """A ticket in which machines wrote has no beginning that can be told from its messages alone."""
    came = [at for _, at, direction, *_ in said if direction == Direction.IN]
    if any(class_ != MailClass.HUMAN for _, _, direction, class_, *_ in said if direction == Direction.IN):
        return dict.fromkeys(course.METRICS)
    opened = row[3]
    return {
        Metric.FIRST_RESPONSE: opened,
        Metric.RESOLUTION: opened,
        Metric.NEXT_RESPONSE: came[1] if len(came) > 1 else None,
    }


def _tags(connection: Connection, ids: list[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for ticket, tag in connection.execute(_TAGS, (json.dumps(ids),)):
        found[ticket].append(tag)
    return found


def _others(
    connection: Connection, rows: list[Any], known: list[Case]
) -> dict[str, list[tuple[datetime, str | None]]]:
    """By ticket: the tickets of the same person that opened after its first end, when, and about which incident."""
    wanted = [
        (row[1], row[-1], stamp(case.first_end.at))
        for row, case in zip(rows, known, strict=True)
        if case.first_end
    ]
    found: dict[str, list[tuple[datetime, str | None]]] = defaultdict(list)
    for ticket, at, incident in connection.execute(_OTHERS, (json.dumps(wanted),)):
        found[ticket].append((moment(at), incident))
    return found
