"""What customers write about: the incidents, kinds and tags of the tickets that a period opened, as shares.

Promises: a share is of all tickets of its group, so that what nobody put a name to stands there too; how long it took and what was
opened again is of those that were over. A ticket may be about several things. Refuses: reading a text: a topic is what somebody said
that a ticket is about.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import field

from agentdesk.core.case import NOBODY, Case
from agentdesk.core.figures import Figure, Line, Report, Share, Times
from agentdesk.core.opentime import OpenTime
from agentdesk.core.report import Asked
from agentdesk.values import dataclass

INCIDENT, KIND, TAG, NONE = "incident", "kind", "tag", "none"
SHARE, TIME, REOPENED = "share", "time", "reopened"


@dataclass(slots=True)
class _Sum:
    tickets: list[int] = field(default_factory=list)
    over: list[int] = field(default_factory=list)
    reopened: list[int] = field(default_factory=list)
    wall: list[float] = field(default_factory=list)
    business: list[float] = field(default_factory=list)


def topics(cases: Iterable[Case], asked: Asked) -> Report:
    """Of the tickets that customers opened in the period: what they are about; the most frequent first."""
    sums: dict[str, dict[str, _Sum]] = defaultdict(lambda: defaultdict(_Sum))
    among: dict[str, list[int]] = defaultdict(list)
    open_time = OpenTime(asked.policy.calendar)
    for case in cases:
        if not case.contacts or not asked.period.holds(case.opened_at):
            continue
        agent = case.answered_by(asked.now) or case.assignee or NOBODY
        for group in ("", f"={asked.group(case, case.opened_at, agent)}"):
            among[group].append(case.number)
            for topic in _of(case):
                _enter(sums[group][topic], case, open_time)
    lines = [line for group in sorted(sums) if group for line in _lines(group[1:], sums[group], among[group])]
    return Report("topics", asked.period, asked.by, tuple(_lines("", sums[""], among[""])), tuple(lines))


def _of(case: Case) -> Iterator[str]:
    """What a ticket is about; a topic begins with what kind of name it is."""
    found = [f"{INCIDENT}:{case.incident}"] if case.incident else []
    found += [f"{KIND}:{case.kind}"] if case.kind else []
    found += [f"{TAG}:{tag}" for tag in case.tags]
    yield from found or [f"{NONE}:"]


def _enter(into: _Sum, case: Case, open_time: OpenTime) -> None:
    into.tickets.append(case.number)
    end = case.first_end
    if end is None:
        return
    into.over.append(case.number)
    into.wall.append((end.at - case.opened_at).total_seconds())
    into.business.append(open_time.between(case.opened_at, end.at).total_seconds())
    if case.reopened is not None:
        into.reopened.append(case.number)


def _lines(group: str, sums: dict[str, _Sum], among: list[int]) -> Iterator[Line]:
    every = tuple(sorted(among))
    for topic in sorted(sums, key=lambda each: (-len(sums[each].tickets), each)):
        one = sums[topic]
        over = tuple(sorted(one.over))
        figures: dict[str, Figure] = {
            SHARE: Share(tuple(sorted(one.tickets)), every),
            REOPENED: Share(tuple(sorted(one.reopened)), over),
            TIME: Times(tuple(sorted(one.wall)), tuple(sorted(one.business)), over),
        }
        yield Line(group, figures, topic)
