"""The promises to customers: how long each may take, and one clock for each promise on each ticket.

Promises: a clock is a value that its log of events makes again; all functions are pure, exact to the millisecond (what the log
keeps) and count in the calendar's open time. Refuses: reading policies, knowing what time it is, ordering the queue. A clock
starts at the arrival at the provider; a reply counts when the provider has accepted it; late stays late, whatever happens.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Literal

from agentdesk.core.hours import NOTHING, deadline, months_later, utc, working
from agentdesk.core.instant import maybe_moment, maybe_stamp, moment, stamp
from agentdesk.core.model import Span, Status
from agentdesk.core.segment import Segment
from agentdesk.core.timetable import Calendar
from agentdesk.values import dataclass

SECOND = timedelta(seconds=1)


class Metric(StrEnum):
    """`ack` ends with the first answer of man or machine, `first_response` with the first public one of a person, `next_response` runs
    from the oldest unanswered customer message to the next public reply, `resolution` to the resolving, `progress` is the longest
    silence while open: it begins with a customer's message, and anew with each public one of ours."""

    ACK = "ack"
    FIRST_RESPONSE = "first_response"
    NEXT_RESPONSE = "next_response"
    RESOLUTION = "resolution"
    PROGRESS = "progress"


NEVER_PAUSED = frozenset({Metric.ACK, Metric.FIRST_RESPONSE})
ANSWERS = (Metric.FIRST_RESPONSE, Metric.NEXT_RESPONSE)
REPLIED = (Metric.ACK, *ANSWERS, Metric.PROGRESS)
"""What a public answer of a person meets, once the provider has accepted it."""


class Tier(StrEnum):
    """Two promises at once; only the standard one orders the queue and alerts."""

    STANDARD = "standard"
    WORLD_CLASS = "world_class"


class ClockState(StrEnum):
    """What a clock is at an instant. Stored are running, paused, met, met_late and void; `state` adds the others."""

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
Layer = Literal["channel", "priority", "kind", "segment"]


@dataclass(frozen=True, slots=True)
class Target:
    """`within` in seconds of open time; or 0 with `months` of the calendar, which no opening hour and no pause moves. `source`: the
    guide's table, agentdesk's own default, or the shop's. `soon` in seconds, where it has a threshold of its own. `of`: what it
    was promised for."""

    metric: Metric
    tier: Tier
    within: int
    source: Source = "shop"
    months: int = 0
    soon: int | None = None
    of: Layer = "channel"


@dataclass(frozen=True, slots=True)
class Matter:
    """What a promise may depend on beside the channel: the segments of its customer, its kind, its priority."""

    among: frozenset[str] = frozenset()
    kind: str | None = None
    priority: str = "normal"


PLAIN = Matter()
ANY = ""
"""Among the rows of a layer: those for every channel."""
Rows = Mapping[str, tuple[Target, ...]]

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
    target, at least `soon_least` seconds, at most half of the target, unless the target says so itself. `recovery` is the factor of
    `recover_at`. What `segments` (in the order in which they count) promise of a metric goes before what `kinds` do, that before
    `priorities`, that before `targets`: who it is, what it is about, how soon it is wanted, how it came.
    """

    preset: str
    calendar: Calendar
    targets: Rows = field(hash=False)
    like: Mapping[str, str] = field(default_factory=dict, hash=False)
    fallback: str = "email"
    effects: Mapping[Status, Mapping[Metric, Effect]] = field(
        default_factory=lambda: DEFAULT_EFFECTS, hash=False
    )
    soon_share: float = 0.25
    soon_least: int = 60
    recovery: float = 5
    segments: tuple[tuple[Segment, Rows], ...] = field(default=(), hash=False)
    kinds: Mapping[str, Rows] = field(default_factory=dict, hash=False)
    priorities: Mapping[str, Rows] = field(default_factory=dict, hash=False)

    def target(self, channel: str, metric: Metric, tier: Tier, matter: Matter = PLAIN) -> Target | None:
        """The promise, or None where there is none; a figure of the guide for another kind of channel is agentdesk's default here.
        Whichever layer names the standard of a metric names all of it: no world class is taken from below, where it may be the longer."""
        near = (channel, self.like.get(channel, ANY), ANY)
        for rows in self._layers(matter):
            for kind in near:
                found = {each.tier: each for each in rows.get(kind, ()) if each.metric is metric}
                if tier in found or Tier.STANDARD in found:
                    return found.get(tier)
        kind = channel if channel in self.targets else self.like.get(channel, self.fallback)
        for each in self.targets.get(kind, ()):
            if each.metric is metric and each.tier is tier:
                lent = kind != channel and each.source == "guide"
                return replace(each, source="agentdesk") if lent else each
        return None

    def _layers(self, matter: Matter) -> Iterator[Rows]:
        yield from (rows for segment, rows in self.segments if segment.name in matter.among)
        yield self.kinds.get(matter.kind or "", {})
        yield self.priorities.get(matter.priority, {})

    def effect(self, status: Status, metric: Metric) -> Effect:
        """What a status does to a clock: it runs, pauses, or stops for good."""
        found = self.effects.get(status, {}).get(metric, "run")
        return "run" if found == "pause" and metric in NEVER_PAUSED else found

    def soon(self, within: int, own: int | None = None) -> int:
        """How many seconds before the due time a clock of `within` seconds counts as due soon; its target may say so."""
        return (
            own if own is not None else min(max(int(within * self.soon_share), self.soon_least), within // 2)
        )


@dataclass(frozen=True, slots=True)
class Clock:
    """One promise on one ticket, with all that is stored of it; times in UTC, whole milliseconds.

    `target` is in seconds of open time; with `months` it is their length on the wall. `channel` is the one by which it was
    promised and `of` what for. `soon_at` and `due_at` are where the clock is due soon and due if nothing pauses it any more.
    `recover_at`: standard tier only, the due time of `recovery` times the target. `soon`: so many seconds before its end it is due
    soon because its target says so, and is told of then; None where the policy's share says it. `state`: running, paused, met,
    met_late or void. `paused_at`: since when it is paused; it stays on a clock that was met while paused. `held`: the open time of
    the pauses that are over. `answered_at`: when a reply was written that the provider has not yet accepted; such a clock runs on.
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
    months: int = 0
    channel: str = ""
    of: Layer = "channel"
    soon: int | None = None


def open_clock(
    policy: Policy, channel: str, metric: Metric, tier: Tier, at: datetime, matter: Matter = PLAIN
) -> Clock | None:
    """The clock that starts at `at` (the arrival at the provider); None where nothing is promised."""
    target = policy.target(channel, metric, tier, matter)
    if target is None:
        return None
    at = _instant(at)
    return timed(policy, Clock(metric, tier, 0, at, at, at, channel=channel), target)


def timed(policy: Policy, clock: Clock, target: Target, pauses: Sequence[Span] = ()) -> Clock:
    """The clock as `target` promises it from the same start, after those pauses that are over."""
    at, calendar, within, held = clock.started_at, policy.calendar, target.within, NOTHING
    if target.months:
        due = _instant(months_later(calendar.zone, at, target.months))
        within = (due - at) // SECOND

        def ahead(seconds: float) -> datetime:
            return at + timedelta(seconds=seconds)
    else:
        held = sum((working(calendar, span.start, span.end) for span in pauses), NOTHING)

        def ahead(seconds: float) -> datetime:
            time = deadline(calendar, at, timedelta(seconds=seconds))
            for span in pauses:
                time = _moved(calendar, span, time)
            return time

    return replace(
        clock,
        target=within,
        months=target.months,
        of=target.of,
        soon=target.soon,
        soon_at=ahead(within - policy.soon(within, target.soon)),
        due_at=ahead(within),
        recover_at=ahead(within * policy.recovery) if clock.tier is Tier.STANDARD else None,
        held=held,
    )


def start(
    policy: Policy, channel: str, metric: Metric, at: datetime, matter: Matter = PLAIN
) -> tuple[Clock, ...]:
    """The clocks of `metric` in every tier that promises something for such a matter, from `at` on."""
    return tuple(filter(None, (open_clock(policy, channel, metric, tier, at, matter) for tier in Tier)))


def pause(clock: Clock, calendar: Calendar, at: datetime) -> Clock:
    """Stands still from `at`; called as `resume` is, though it has no need of `calendar`. `ack` and
    `first_response` never pause (product-semantics 2.1.5), nor do months of the calendar; and a clock whose answer is on its way
    waits for the provider, not for the customer."""
    never = clock.metric in NEVER_PAUSED or clock.months or clock.answered_at is not None
    if never or clock.state is not ClockState.RUNNING:
        return clock
    return replace(clock, state=ClockState.PAUSED, paused_at=max(_instant(at), clock.started_at))


def resume(clock: Clock, calendar: Calendar, at: datetime) -> Clock:
    """Runs again from `at`: what was still to come moves by the open time of the pause; what had passed when
    the pause began has passed for good."""
    if clock.state is not ClockState.PAUSED or clock.paused_at is None:
        return clock
    span = Span(clock.paused_at, max(_instant(at), clock.paused_at))
    return replace(
        clock,
        state=ClockState.RUNNING,
        paused_at=None,
        held=clock.held + working(calendar, span.start, span.end),
        soon_at=_moved(calendar, span, clock.soon_at),
        due_at=_moved(calendar, span, clock.due_at),
        recover_at=None if clock.recover_at is None else _moved(calendar, span, clock.recover_at),
    )


def _moved(calendar: Calendar, pause: Span, time: datetime) -> datetime:
    """Where `time` lies once the pause is over."""
    if time < pause.start:
        return time
    return deadline(calendar, pause.end, working(calendar, pause.start, time))


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
    late = min(at, clock.paused_at or at) > clock.due_at
    return replace(clock, state=ClockState.MET_LATE if late else ClockState.MET, met_at=at)


def void(clock: Clock) -> Clock:
    """The promise was none: spam, or a ticket that went into another."""
    return replace(clock, state=ClockState.VOID) if clock.state in LIVE else clock


def stop(clock: Clock, at: datetime) -> Clock:
    """The ticket is over. A resolution is met; a reply on its way still meets its clock when it is accepted; what
    was late stays late; the rest is void."""
    if clock.metric in REPLIED and clock.answered_at is not None:
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


def next_due(clocks: Iterable[Clock]) -> Clock | None:
    """The one that is due first; an acknowledgement after an answer that is due with it, since that would do for both."""
    return min(clocks, key=lambda clock: (clock.due_at, clock.metric is Metric.ACK), default=None)


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


def spent(clock: Clock, worked: Callable[[datetime, datetime], timedelta], now: datetime) -> timedelta:
    """The open time (by `worked`) the promise has taken so far, pauses taken off: what reports add up."""
    if clock.months:
        return _stands(clock, now) - clock.started_at
    return worked(clock.started_at, _stands(clock, now)) - clock.held


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
    usual = {"months": 0, "channel": "", "of": "channel", "soon": None}
    data |= {name: value for name in usual if (value := getattr(clock, name)) != usual[name]}
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
        months=data.get("months", 0),
        channel=data.get("channel", ""),
        of=data.get("of", "channel"),
        soon=data.get("soon"),
        **optional,
    )


def _stands(clock: Clock, now: datetime) -> datetime:
    """Where its hand is: at the pause, at the meeting, or at `now`."""
    return clock.paused_at or clock.met_at or utc(now)


def _instant(at: datetime) -> datetime:
    """`at` in UTC, cut to what the log keeps, so that a clock read back is the same clock."""
    return moment(stamp(at))
