"""When customers write and when they are answered: what a shop has to know before it says who works when.

Promises: a wait is from the first message that nobody had answered to the next answer, in the hour in which it began; the hours
of the week say what came, what was answered and when the shop is open. What an agent gets done in an hour is counted in hours in
which they answered anybody. Refuses: a forecast, and how many people are needed: that is a decision.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from agentdesk.core.case import NOBODY, Case, Turn
from agentdesk.core.figures import Heat, Report
from agentdesk.core.hours import open_spans
from agentdesk.core.ledger import Ledger
from agentdesk.core.opentime import OpenTime
from agentdesk.core.report import Asked

Hour = tuple[int, int]
_HOUR = timedelta(hours=1)


def staffing(cases: Iterable[Case], asked: Asked) -> Report:
    """Contacts and answers of the period, and how long a contact waited for its answer."""
    ledger = Ledger(counts=("contacts", "answered_contacts"), timed=True)
    open_time = OpenTime(asked.policy.calendar)
    came: dict[Hour, list[int]] = defaultdict(list)
    answers: dict[Hour, list[int]] = defaultdict(list)
    waits: dict[Hour, list[float]] = defaultdict(list)
    paces: Counter[tuple[str, datetime]] = Counter()
    for case in cases:
        for began, answer in _contacts(case):
            if asked.period.holds(began):
                came[_hour(asked, began)].append(case.number)
                agent = answer.agent if answer else case.assignee or NOBODY
                group = asked.group(case, began, agent)
                if answer is None:
                    ledger.add(group, case.number, counts=("contacts",))
                    continue
                wall = (answer.at - began).total_seconds()
                waits[_hour(asked, began)].append(wall)
                time = (wall, open_time.between(began, answer.at).total_seconds())
                ledger.add(group, case.number, counts=("contacts", "answered_contacts"), time=time)
            if answer is not None and asked.period.holds(answer.at):
                answers[_hour(asked, answer.at)].append(case.number)
                if answer.agent != NOBODY:
                    here = answer.at.astimezone(asked.zone)
                    paces[answer.agent, here.replace(minute=0, second=0, microsecond=0)] += 1
    return Report(
        "staffing", asked.period, asked.by, ledger.whole, ledger.lines, heat_of(came),
        answered=heat_of(answers), opened=_opened(asked), waits=_longest(waits), pace=tuple(sorted(paces.values())),
    )  # fmt: skip


def heat_of(hours: dict[Hour, list[int]]) -> Heat:
    return tuple((*key, tuple(sorted(hours[key]))) for key in sorted(hours))


def _contacts(case: Case) -> Iterator[tuple[datetime, Turn | None]]:
    """When a customer came, and the answer; None where there is none."""
    since: datetime | None = None
    for turn in case.turns:
        if not turn.ours:
            since = since or turn.at
        elif since is not None:
            yield since, turn
            since = None
    if since is not None and not case.is_over:
        yield since, None


def _hour(asked: Asked, at: datetime) -> Hour:
    here = at.astimezone(asked.zone)
    return here.weekday(), here.hour


def _longest(waits: dict[Hour, list[float]]) -> tuple[tuple[int, int, tuple[float, ...]], ...]:
    """The hours of the week by their middle wait, the longest first."""
    found = [(*key, tuple(sorted(waits[key]))) for key in waits]
    return tuple(sorted(found, key=lambda each: (-each[2][(len(each[2]) - 1) // 2], each[:2])))


def _opened(asked: Asked) -> frozenset[Hour]:
    """The hours of the week in which the shop is open at all, by the week that ends now."""
    found = set()
    for span in open_spans(asked.policy.calendar, asked.now - timedelta(days=7), asked.now):
        at = span.start
        while at < span.end:
            found.add(_hour(asked, at))
            here = at.astimezone(asked.zone)
            at += _HOUR - timedelta(minutes=here.minute, seconds=here.second, microseconds=here.microsecond)
    return frozenset(found)
