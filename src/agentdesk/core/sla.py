"""The promises to customers: how long each may take, and one clock for each promise on each ticket.

Promises: a clock is a value that its log of events makes again; all functions are pure, exact to the
millisecond (what the log keeps) and count in the calendar's open time. Refuses: reading policies, knowing
what time it is, ordering the queue. The definitions are those of product-semantics 2.1: a clock starts at the
arrival at the provider; a reply counts when the provider has accepted it; paused time is taken off in open
time; late stays late, whatever happens afterwards.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Literal

from agentdesk.core.hours import NOTHING, deadline, stretches, utc, working
from agentdesk.core.instant import maybe_moment, maybe_stamp, moment, stamp
from agentdesk.core.model import Span, Status
from agentdesk.core.segment import Segment
from agentdesk.core.timetable import Calendar, Reason

SECOND = timedelta(seconds=1)


class Metric(StrEnum):
    """`ack` ends with the first answer of man or machine, `first_response` with the first public one of a
    person, `next_response` runs from the oldest unanswered customer message to the next public reply,
    `resolution` to the resolving, `progress` is the longest silence while open."""

    ACK = "ack"
    FIRST_RESPONSE = "first_response"
    NEXT_RESPONSE = "next_response"
    RESOLUTION = "resolution"
    PROGRESS = "progress"


NEVER_PAUSED = frozenset({Metric.ACK, Metric.FIRST_RESPONSE})
ANSWERS = (Metric.FIRST_RESPONSE, Metric.NEXT_RESPONSE)


class Tier(StrEnum):
    """Two promises at once; only the standard one orders the queue and alerts."""

    STANDARD = "standard"
    WORLD_CLASS = "world_class"


class ClockState(StrEnum):
    """What a clock is at an instant. Stored are running, paused, met, met_late and void; `state` adds the
    others."""

    RUNNING = "running"
    PAUSED = "paused"
    DUE_SOON = "due_soon"
    BREACHED = "breached"
    MET = "met"
    MET_LATE = "met_late"
    VOID = "void"


LIVE = frozenset({ClockState.RUNNING, ClockState.PAUSED})
Effect = Literal["run", "pause", "stop"]
Source = Literal["guide", "agentdesk", "shop"]


@dataclass(frozen=True, slots=True)
class Target:
    """`within` in seconds of open time. `source`: the guide's table, agentdesk's own default, or the shop's."""

    metric: Metric
    tier: Tier
    within: int
    source: Source = "shop"


_OVER: Mapping[Metric, Effect] = dict.fromkeys(Metric, "stop")
DEFAULT_EFFECTS: Mapping[Status, Mapping[Metric, Effect]] = {
    Status.WAITING_CUSTOMER: {
        Metric.NEXT_RESPONSE: "pause",
        Metric.RESOLUTION: "pause",
        Metric.PROGRESS: "pause",
    },
    # The customer still waits for news of us while the carrier has the parcel.
    Status.WAITING_THIRD_PARTY: {Metric.RESOLUTION: "pause"},
    # Putting a ticket aside for oneself buys no time, so snoozed has no entry: all run.
    Status.RESOLVED: _OVER,
    Status.CLOSED: _OVER,
}


@dataclass(frozen=True, slots=True)
class Policy:
    """`targets` by channel; a channel without any takes those of its nearest kind in `like`, else those of
    `fallback`. `effects` names what does not simply run. A clock is due soon in the last `soon_share` of its
    target, at least `soon_least` seconds, at most half of the target. `recovery` is the factor of `recover_at`. `segments` are those
    that have targets of their own, in the order in which they count.
    """

    preset: str
    calendar: Calendar
    targets: Mapping[str, tuple[Target, ...]] = field(hash=False)
    like: Mapping[str, str] = field(default_factory=dict, hash=False)
    fallback: str = "email"
    effects: Mapping[Status, Mapping[Metric, Effect]] = field(
        default_factory=lambda: DEFAULT_EFFECTS, hash=False
    )
    soon_share: float = 0.25
    soon_least: int = 60
    recovery: float = 5
    segments: tuple[tuple[Segment, Mapping[str, tuple[Target, ...]]], ...] = field(default=(), hash=False)

    def target(self, channel: str, metric: Metric, tier: Tier, among: Collection[str] = ()) -> Target | None:
        """The promise, or None where there is none; that of another kind of channel is agentdesk's default. Of the segments `among`
        which the customer is, the first that says anything of it goes before all."""
        for segment, rows in self.segments:
            if segment.name in among:
                near = channel if channel in rows else self.like.get(channel, "")
                for each in rows.get(near, ()):
                    if each.metric is metric and each.tier is tier:
                        return each
        kind = channel if channel in self.targets else self.like.get(channel, self.fallback)
        for each in self.targets.get(kind, ()):
            if each.metric is metric and each.tier is tier:
                return each if kind == channel else replace(each, source="agentdesk")
        return None

    def effect(self, status: Status, metric: Metric) -> Effect:
        """What a status does to a clock: it runs, pauses, or stops for good."""
        found = self.effects.get(status, {}).get(metric, "run")
        return "run" if found == "pause" and metric in NEVER_PAUSED else found

    def soon(self, within: int) -> int:
        """How many seconds before the due time a clock of `within` seconds counts as due soon."""
        return min(max(int(within * self.soon_share), self.soon_least), within // 2)


@dataclass(frozen=True, slots=True)
class Clock:
    """One promise on one ticket, with all that is stored of it; times in UTC, whole milliseconds.

    `target` is in seconds of open time. `soon_at` and `due_at` are where the clock is due soon and due if
    nothing pauses it any more. `recover_at`: standard tier only, the due time of `recovery` times the target.
    `state`: running, paused, met, met_late or void. `paused_at`: since when it is paused; it stays on a clock
    that was met while paused. `held`: the open time of the pauses that are over. `answered_at`: when a reply
    was written that the provider has not yet accepted; such a clock runs on.
    """

    metric: Metric
    tier: Tier
    target: int
    started_at: datetime
    soon_at: datetime
    due_at: datetime
    recover_at: datetime | None = None
    state: ClockState = ClockState.RUNNING
    paused_at: datetime | None = None
    held: timedelta = NOTHING
    answered_at: datetime | None = None
    met_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One stretch of a clock's way, in UTC. `amount` is what it adds to the target: its length where `counted`,
    else nothing. `name` is the holiday's or special day's. The last line may be `unlisted`: an amount, possibly
    negative, that pauses not given here or another calendar account for."""

    start: datetime
    end: datetime
    counted: bool
    reason: Reason
    amount: timedelta
    name: str = ""


def open_clock(
    policy: Policy, channel: str, metric: Metric, tier: Tier, at: datetime, among: Collection[str] = ()
) -> Clock | None:
    """The clock that starts at `at` (the arrival at the provider); None where nothing is promised."""
    target = policy.target(channel, metric, tier, among)
    if target is None:
        return None
    at, within = _instant(at), target.within
    late = timedelta(seconds=within * policy.recovery)
    return Clock(
        metric,
        tier,
        within,
        started_at=at,
        soon_at=deadline(policy.calendar, at, timedelta(seconds=within - policy.soon(within))),
        due_at=deadline(policy.calendar, at, timedelta(seconds=within)),
        recover_at=deadline(policy.calendar, at, late) if tier is Tier.STANDARD else None,
    )


def start(
    policy: Policy, channel: str, metric: Metric, at: datetime, among: Collection[str] = ()
) -> tuple[Clock, ...]:
    """The clocks of `metric` in every tier that promises something to a customer of the segments `among`, from `at` on."""
    clocks = (open_clock(policy, channel, metric, tier, at, among) for tier in Tier)
    return tuple(clock for clock in clocks if clock is not None)


def pause(clock: Clock, calendar: Calendar, at: datetime) -> Clock:
    """Stands still from `at`; called as `resume` is, though it has no need of `calendar`. `ack` and
    `first_response` never pause (product-semantics 2.1.5)."""
    if clock.state is not ClockState.RUNNING or clock.metric in NEVER_PAUSED:
        return clock
    return replace(clock, state=ClockState.PAUSED, paused_at=max(_instant(at), clock.started_at))


def resume(clock: Clock, calendar: Calendar, at: datetime) -> Clock:
    """Runs again from `at`: what was still to come moves by the open time of the pause; what had passed when
    the pause began has passed for good."""
    if clock.state is not ClockState.PAUSED or clock.paused_at is None:
        return clock
    since = clock.paused_at
    at = max(_instant(at), since)

    def moved(time: datetime) -> datetime:
        return deadline(calendar, at, working(calendar, since, time)) if time >= since else time

    return replace(
        clock,
        state=ClockState.RUNNING,
        paused_at=None,
        held=clock.held + working(calendar, since, at),
        soon_at=moved(clock.soon_at),
        due_at=moved(clock.due_at),
        recover_at=None if clock.recover_at is None else moved(clock.recover_at),
    )


def answer(clock: Clock, at: datetime | None) -> Clock:
    """A reply was written at `at` and waits to be accepted; None takes it back. The clock runs on."""
    if clock.state not in LIVE:
        return clock
    return replace(clock, answered_at=None if at is None else _instant(at))


def meet(clock: Clock, at: datetime) -> Clock:
    """Kept, or kept too late, at `at`: the acceptance of the reply by the provider, or the resolving. Exactly at
    the due time is in time. A paused clock is judged at the moment it stood still, so that the pause counts
    for the agent without a detour over open."""
    if clock.state not in LIVE:
        return clock
    at = _instant(at)
    judged = at if clock.paused_at is None else clock.paused_at
    late = judged > clock.due_at
    return replace(clock, state=ClockState.MET_LATE if late else ClockState.MET, met_at=at)


def void(clock: Clock) -> Clock:
    """The promise was none: spam, or a ticket that went into another."""
    return replace(clock, state=ClockState.VOID) if clock.state in LIVE else clock


def stop(clock: Clock, at: datetime) -> Clock:
    """The ticket is over. A resolution is met; a reply on its way still meets its clock when it is accepted; what
    was late stays late; the rest is void."""
    if clock.metric in (Metric.ACK, *ANSWERS) and clock.answered_at is not None:
        return clock
    if clock.metric is Metric.RESOLUTION or state(clock, at) is ClockState.BREACHED:
        return meet(clock, at)
    return void(clock)


def follow(policy: Policy, clock: Clock, status: Status, at: datetime) -> Clock:
    """The clock after its ticket took `status` at `at`."""
    effect = policy.effect(status, clock.metric)
    if effect == "stop":
        return stop(clock, at)
    return (pause if effect == "pause" else resume)(clock, policy.calendar, at)


def merge(kept: Iterable[Clock], gone: Iterable[Clock]) -> tuple[Clock, ...]:
    """The clocks of a ticket that another was merged into. It keeps its own; where the other had an unanswered
    message older than all of ours, that clock becomes our `next_response`, with its lateness (2.1.10)."""
    ours, theirs = tuple(kept), tuple(gone)
    found: list[Clock] = []
    for tier in Tier:
        mine = [clock for clock in ours if clock.tier is tier]
        waiting = [c for c in mine if c.metric in ANSWERS and c.state in LIVE]
        others = [c for c in theirs if c.tier is tier and c.metric in ANSWERS and c.state in LIVE]
        oldest = min((*waiting, *others), key=lambda clock: clock.started_at, default=None)
        if oldest is not None and oldest not in waiting:
            mine = [clock for clock in mine if clock.metric is not Metric.NEXT_RESPONSE]
            mine.append(replace(oldest, metric=Metric.NEXT_RESPONSE))
        found.extend(mine)
    return tuple(found)


def state(clock: Clock, now: datetime) -> ClockState:
    """What the clock is at `now`. A pause does not hide a breach from before it."""
    if clock.state not in LIVE:
        return clock.state
    at = _stands(clock, now)
    if at > clock.due_at:
        return ClockState.BREACHED
    if clock.state is ClockState.PAUSED:
        return ClockState.PAUSED
    return ClockState.DUE_SOON if at >= clock.soon_at else ClockState.RUNNING


def left(clock: Clock, now: datetime) -> int:
    """Seconds on the wall until the due time, rounded down: negative exactly when it is over. A paused clock
    stands at its pause, a met one at its meeting; 0 for a void one."""
    if clock.state is ClockState.VOID:
        return 0
    return (clock.due_at - _stands(clock, now)) // SECOND


def spent(clock: Clock, calendar: Calendar, now: datetime) -> timedelta:
    """The open time the promise has taken so far, pauses taken off: what reports add up."""
    return working(calendar, clock.started_at, _stands(clock, now)) - clock.held


def why(clock: Clock, calendar: Calendar, now: datetime, pauses: Sequence[Span] = ()) -> tuple[Line, ...]:
    """The whole way from the start to the due time, as it stands at `now`: what counts, what not, and why.

    `pauses` are the ended pauses, which the log has. The amounts sum to the target exactly. A pause that still
    lasts is drawn until `now`, and the due time as if it ended then.
    """
    if clock.paused_at is not None:
        until = max(clock.met_at or _instant(now), clock.paused_at)
        pauses = (*pauses, Span(clock.paused_at, until))
        clock = resume(replace(clock, state=ClockState.PAUSED), calendar, until)
    lines = tuple(_lines(clock, calendar, sorted(pauses, key=lambda span: span.start)))
    missing = timedelta(seconds=clock.target) - sum((line.amount for line in lines), NOTHING)
    if not missing:
        return lines
    return (*lines, Line(clock.due_at, clock.due_at, True, Reason.UNLISTED, missing))


def _lines(clock: Clock, calendar: Calendar, pauses: Sequence[Span]) -> Iterator[Line]:
    for piece in stretches(calendar, clock.started_at, clock.due_at):
        if not piece.is_open:
            yield Line(piece.start, piece.end, False, piece.reason, NOTHING, piece.name)
            continue
        at = piece.start
        for span in pauses:
            begin, end = max(at, span.start), min(piece.end, span.end)
            if begin >= end:
                continue
            if at < begin:
                yield Line(at, begin, True, piece.reason, begin - at, piece.name)
            yield Line(begin, end, False, Reason.PAUSED, NOTHING)
            at = end
        if at < piece.end:
            yield Line(at, piece.end, True, piece.reason, piece.end - at, piece.name)


_TIMES = ("started_at", "soon_at", "due_at", "recover_at", "paused_at", "answered_at", "met_at")


def to_data(clock: Clock) -> dict[str, Any]:
    """The clock as the log keeps it: JSON values only, times as `core.instant` writes them, `held` in
    milliseconds; what is not there is left out."""
    data: dict[str, Any] = {
        "metric": clock.metric.value,
        "tier": clock.tier.value,
        "state": clock.state.value,
        "target": clock.target,
        "held_ms": clock.held // timedelta(milliseconds=1),
    }
    times = {name: maybe_stamp(getattr(clock, name)) for name in _TIMES}
    return data | {name: text for name, text in times.items() if text is not None}


def from_data(data: Mapping[str, Any]) -> Clock:
    """The inverse of `to_data`; KeyError or ValueError for anything else. What it does not know it ignores."""
    optional = {name: maybe_moment(data.get(name)) for name in _TIMES[3:]}
    return Clock(
        Metric(data["metric"]),
        Tier(data["tier"]),
        data["target"],
        started_at=moment(data["started_at"]),
        soon_at=moment(data["soon_at"]),
        due_at=moment(data["due_at"]),
        state=ClockState(data["state"]),
        held=timedelta(milliseconds=data["held_ms"]),
        **optional,
    )


def _stands(clock: Clock, now: datetime) -> datetime:
    """Where its hand is: at the pause, at the meeting, or at `now`."""
    return clock.paused_at or clock.met_at or utc(now)


def _instant(at: datetime) -> datetime:
    """`at` in UTC, cut to what the log keeps, so that a clock read back is the same clock."""
    return moment(stamp(at))
