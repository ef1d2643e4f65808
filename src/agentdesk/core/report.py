"""What a shop can say of its work in figures: promises kept, first contacts that resolved, how much came, who still waits.

Promises: pure sums over cases, the same in whatever order they come; every figure has its tickets. A promise belongs to the
period in which it began, a resolution to the one in which the ticket was over for the first time, so that what still runs or
may still come back is said apart and never counted as done. Definitions: product-semantics 2.1 and 2.6, docs/reports.md.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import field
from datetime import datetime, timedelta, tzinfo
from functools import cache, partial

from agentdesk.core import sla
from agentdesk.core.case import NOBODY, Case
from agentdesk.core.csat import CONTENT, Survey
from agentdesk.core.figures import Line, Period, Ranked, Report, Share
from agentdesk.core.ledger import Ledger
from agentdesk.core.opentime import OpenTime
from agentdesk.core.sla import ANSWERS, Clock, ClockState, Metric, Policy, Tier
from agentdesk.values import dataclass

DAYS = 7
"""So long a resolution has to hold before it counts as one at first contact."""
AGES = (3600, 4 * 3600, 24 * 3600, 72 * 3600)
"""Seconds that part those who wait into the new and the old."""
USUAL = {"email": 12 * 3600 + 10 * 60, "x": 4 * 60}
"""Seconds in which the usual company answers, by the source guide."""
Yardsticks = tuple[int | None, int | None]
_METRICS = (Metric.FIRST_RESPONSE, Metric.NEXT_RESPONSE, Metric.RESOLUTION)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is wanted, and against what it is measured: the shop's own `policy`, and the source guide's. `accounts` are what the
    accounts are called, by their ids; one that was removed goes by its id."""

    period: Period
    by: str
    now: datetime
    zone: tzinfo
    policy: Policy
    guide: Policy
    days: int = DAYS
    accounts: Mapping[str, str] = field(default_factory=dict)

    def group(self, case: Case, at: datetime, agent: str) -> str:
        """Where something belongs that was at `at` and is `agent`'s."""
        here = at.astimezone(self.zone)
        match self.by:
            case "agent":
                return agent
            case "account":
                return self.accounts.get(case.account, case.account)
            case "hour":
                return f"{here.isoweekday()} {here:%H}"
            case "weekday":
                return str(here.isoweekday())
            case "day":
                return f"{here:%Y-%m-%d}"
            case "week":
                return f"{here:%G-W%V}"
            case "month":
                return f"{here:%Y-%m}"
            case by:
                return getattr(case, by) or NOBODY


def kept(cases: Iterable[Case], asked: Asked) -> Report:
    """Promises that began in the period: kept or not, against the guide too, and how long it took."""
    ledger = Ledger(("kept", "guide", "world_class"), ("running", "due_soon"), _METRICS, timed=True)
    open_time, guide = OpenTime(asked.policy.calendar), cache(partial(_yardsticks, asked.guide))
    for case in cases:
        for clock in _promises(case, asked):
            _enter_promise(ledger, case, clock, asked, open_time, guide(case.channel, clock.metric))
    lines = ledger.lines
    return Report("sla", asked.period, asked.by, ledger.whole, lines, ranked=ranked(lines, "kept", ANSWERS))


def _promises(case: Case, asked: Asked) -> Iterator[Clock]:
    """What was promised: the narrow tier is a yardstick, not a promise. One whose answer came back was neither kept nor broken,
    unless it was late by then."""
    for clock in case.clocks:
        is_one = (
            clock.tier is Tier.STANDARD and clock.metric in _METRICS and clock.state is not ClockState.VOID
        )
        if is_one and clock.state is ClockState.MET and case.kept_by_nothing(clock):
            continue
        if is_one and asked.period.holds(clock.started_at):
            yield clock


def _enter_promise(
    ledger: Ledger, case: Case, clock: Clock, asked: Asked, open_time: OpenTime, yardsticks: Yardsticks
) -> None:
    state, is_over = sla.state(clock, asked.now), clock.met_at is not None
    business = sla.spent(clock, open_time.between, asked.now).total_seconds()
    shares = {
        name: business <= within
        for name, within in zip(("guide", "world_class"), yardsticks, strict=True)
        if within is not None and (is_over or business > within)
    }
    if is_over or state is ClockState.BREACHED:
        shares["kept"] = state is ClockState.MET
    agent = case.assignee or NOBODY
    if clock.met_at is not None:
        agent = case.answered_by(clock.met_at) or case.ended_by(clock.met_at) or agent
    ledger.add(
        asked.group(case, clock.started_at, agent),
        case.number,
        about=clock.metric,
        shares=shares,
        counts=() if is_over else ("running", "due_soon") if state is ClockState.DUE_SOON else ("running",),
        time=_taken(case, clock, business),
        targets=(clock.target, *yardsticks),
    )


def _taken(case: Case, clock: Clock, business: float) -> tuple[float, float] | None:
    """How long it took on the wall and in opening hours; None where nothing met it that arrived."""
    if clock.met_at is None or case.kept_by_nothing(clock):
        return None
    return (clock.met_at - clock.started_at).total_seconds(), business


def _yardsticks(guide: Policy, channel: str, metric: Metric) -> Yardsticks:
    """What the guide gives for such an answer; of resolutions it says nothing."""
    if metric not in ANSWERS:
        return None, None
    standard, best = (guide.target(channel, metric, tier) for tier in Tier)
    return standard.within if standard else None, best.within if best else None


def ranked(lines: Iterable[Line], name: str, about: Collection[str]) -> tuple[Ranked, ...]:
    """The groups by a share, the worst first; of two alike the one whose share is of more."""
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for line in lines:
        figure = line.figures[name]
        if line.about in about and isinstance(figure, Share) and figure.n:
            sums[line.group][0] += len(figure.hits)
            sums[line.group][1] += figure.n
    order = sorted(sums, key=lambda group: (sums[group][0] / sums[group][1], -sums[group][1], group))
    return tuple(Ranked(group, sums[group][0] / sums[group][1], sums[group][1]) for group in order)


def resolved(cases: Iterable[Case], asked: Asked) -> Report:
    """Of the tickets that were over for the first time in the period: at first contact, with one answer, reopened; and of those
    that opened in it: sent to another channel."""
    ledger = Ledger(
        ("first_contact", "one_touch", "reopened", "derived"),
        ("resolved", "pending", "several_contacts", "came_back"),
    )
    for case in cases:
        if case.contacts:
            _enter_resolved(ledger, case, asked)
    return Report("fcr", asked.period, asked.by, ledger.whole, ledger.lines)


def _enter_resolved(ledger: Ledger, case: Case, asked: Asked) -> None:
    shares, counts = {}, []
    end = case.first_end
    if asked.period.holds(case.opened_at):
        shares["derived"] = case.derived
    if end is not None and asked.period.holds(end.at):
        counts.append("resolved")
        shares["one_touch"] = case.is_over and case.answers == 1
        shares["reopened"] = case.reopened is not None
        reasons = tuple(_why_not(case, end.at, asked.days))
        counts += (each for each in reasons if each not in {"reopened", "derived"})
        if reasons or asked.now >= end.at + timedelta(days=asked.days):
            shares["first_contact"] = not reasons
        else:
            counts.append("pending")
    if shares:
        at = end.at if end else case.opened_at
        agent = case.answered_by(at) or (end.agent if end else NOBODY) or case.assignee or NOBODY
        ledger.add(asked.group(case, at, agent), case.number, shares=shares, counts=counts)


def _why_not(case: Case, end: datetime, days: int) -> Iterator[str]:
    """What keeps a resolution from being one at first contact."""
    until = end + timedelta(days=days)
    if case.reopened is not None and case.reopened < until:
        yield "reopened"
    if case.contacts > 1:
        yield "several_contacts"
    if any(at < until and incident == case.incident for at, incident in case.others):
        yield "came_back"
    if case.derived:
        yield "derived"


def volume(cases: Iterable[Case], asked: Asked) -> Report:
    """What customers wrote in the period, and how many tickets it opened; when, by the hours of the week."""
    ledger = Ledger(counts=("opened", "messages", "answers"))
    heat: dict[tuple[int, int], list[int]] = defaultdict(list)
    for case in cases:
        if asked.period.holds(case.opened_at) and case.contacts:
            group = asked.group(case, case.opened_at, case.answered_by(asked.now) or case.assignee or NOBODY)
            ledger.add(group, case.number, counts=("opened",))
        for turn in case.turns:
            if not asked.period.holds(turn.at):
                continue
            agent = turn.agent if turn.ours else case.answered_by(turn.at) or case.assignee or NOBODY
            kind = "answers" if turn.ours else "messages"
            ledger.add(asked.group(case, turn.at, agent), case.number, counts=(kind,))
            if not turn.ours:
                here = turn.at.astimezone(asked.zone)
                heat[here.weekday(), here.hour].append(case.number)
    cells = tuple((*key, tuple(sorted(heat[key]))) for key in sorted(heat))
    return Report("volume", asked.period, asked.by, ledger.whole, ledger.lines, cells)


def waiting(cases: Iterable[tuple[Case, datetime]], asked: Asked) -> Report:
    """Who wrote last and has no public answer now, each with since when: how old that is."""
    names = tuple(f"age_{n}" for n in range(len(AGES) + 1))
    ledger = Ledger(counts=("waiting", *names), timed=True)
    open_time = OpenTime(asked.policy.calendar)
    for case, since in cases:
        age = (asked.now - since).total_seconds()
        open_age = open_time.between(since, asked.now).total_seconds()
        old = names[sum(age >= each for each in AGES)]
        agent = case.assignee or NOBODY
        ledger.add(
            asked.group(case, since, agent), case.number, counts=("waiting", old), time=(age, open_age)
        )
    return Report("unanswered", None, asked.by, ledger.whole, ledger.lines)


def content(surveys: Iterable[tuple[Case, Survey]], asked: Asked) -> Report:
    """Of the surveys that were asked in the period: answered of those that arrived, and content (4 or 5) of those."""
    ledger = Ledger(("content", "answered"), ("asked",))
    for case, survey in surveys:
        shares = {}
        if survey.delivered or survey.score is not None:
            shares["answered"] = survey.score is not None
        if survey.score is not None:
            shares["content"] = survey.score >= CONTENT
        group = asked.group(case, survey.asked_at, survey.agent or NOBODY)
        ledger.add(group, case.number, shares=shares, counts=("asked",))
    lines = ledger.lines
    worst_first = ranked(lines, "content", ("",))
    return Report("csat", asked.period, asked.by, ledger.whole, lines, ranked=worst_first)
