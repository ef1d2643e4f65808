"""The promises: the guide's table to the second, pauses in open time, and why a clock says what it says."""

import json
import random
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache, partial
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agentdesk.core import explain, reckon, sla
from agentdesk.core.hours import deadline, working
from agentdesk.core.model import Span, Status
from agentdesk.core.sla import Clock, ClockState, Metric, Policy, Target, Tier
from agentdesk.core.timetable import Calendar, Holiday, Hours, Reason, Special, Yearly, always_open
from core.calendars import CHANGES, midnight, some_calendar
from oracle import Wall

MADRID = ZoneInfo("Europe/Madrid")
SECOND = timedelta(seconds=1)
FIRST, NEXT, RESOLUTION = Metric.FIRST_RESPONSE, Metric.NEXT_RESPONSE, Metric.RESOLUTION
SHOP = (Hours(10 * 3600, 14 * 3600), Hours(16 * 3600 + 1800, 20 * 3600 + 1800))
CALENDAR = Calendar(
    "shop",
    MADRID,
    (SHOP,) * 5 + ((Hours(10 * 3600, 14 * 3600),), ()),
    (Holiday(Yearly(12, 25), "Nadal"), Holiday(Yearly(12, 26), "Sant Esteve")),
    (Special(Yearly(12, 24), (Hours(36_000, 43_200),), "Christmas Eve"),),
)


def promises(standard: int, world_class: int | None = None) -> tuple[Target, ...]:
    found = [Target(metric, Tier.STANDARD, standard, "guide") for metric in (FIRST, NEXT)]
    if world_class is not None:
        found += [Target(metric, Tier.WORLD_CLASS, world_class, "guide") for metric in (FIRST, NEXT)]
    return (*found, Target(RESOLUTION, Tier.STANDARD, 8 * 3600, "agentdesk"))


def policy(calendar: Calendar | None = None) -> Policy:
    return Policy(
        "guide",
        calendar or always_open(MADRID),
        {
            "email": promises(3600, 900),
            "messenger": promises(3600, 900),
            "x": promises(900),
            "webchat": promises(30, 15),
            "whatsapp": promises(30, 15),
        },
        like={"telegram": "whatsapp", "instagram": "messenger"},
    )


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=MADRID)


T0 = local("2026-03-16T10:00")


def one(
    channel: str = "email", metric: Metric = FIRST, at: datetime = T0, calendar: Calendar | None = None
) -> Clock:
    return sla.start(policy(calendar), channel, metric, at)[0]


@pytest.mark.parametrize(
    ("channel", "seconds", "states"),
    [
        ("email", 14 * 60 + 59, ["met", "met"]),
        ("email", 15 * 60, ["met", "met"]),
        ("email", 15 * 60 + 1, ["met", "met_late"]),
        ("email", 60 * 60, ["met", "met_late"]),
        ("email", 60 * 60 + 1, ["met_late", "met_late"]),
        ("messenger", 14 * 60 + 59, ["met", "met"]),
        ("messenger", 15 * 60 + 1, ["met", "met_late"]),
        ("messenger", 60 * 60 + 1, ["met_late", "met_late"]),
        ("x", 15 * 60, ["met"]),
        ("x", 15 * 60 + 1, ["met_late"]),
        ("webchat", 15, ["met", "met"]),
        ("webchat", 16, ["met", "met_late"]),
        ("webchat", 31, ["met_late", "met_late"]),
        ("whatsapp", 15, ["met", "met"]),
        ("whatsapp", 30, ["met", "met_late"]),
        ("whatsapp", 31, ["met_late", "met_late"]),
        ("telegram", 16, ["met", "met_late"]),
        ("instagram", 15 * 60 + 1, ["met", "met_late"]),
        ("form", 60 * 60 + 1, ["met_late", "met_late"]),
    ],
)
@pytest.mark.parametrize("metric", [FIRST, NEXT])
def test_the_table_of_the_guide(channel: str, seconds: int, states: list[str], metric: Metric) -> None:
    clocks = sla.start(policy(), channel, metric, T0)
    assert [clock.tier.value for clock in clocks] == ["standard", "world_class"][: len(states)]
    answered = [sla.meet(clock, T0 + seconds * SECOND) for clock in clocks]
    assert [clock.state.value for clock in answered] == states


def test_a_target_of_another_kind_of_channel_is_marked_as_our_own() -> None:
    assert policy().target("whatsapp", FIRST, Tier.STANDARD) == Target(FIRST, Tier.STANDARD, 30, "guide")
    assert policy().target("telegram", FIRST, Tier.STANDARD) == Target(FIRST, Tier.STANDARD, 30, "agentdesk")
    assert policy().target("carrier pigeon", FIRST, Tier.WORLD_CLASS) == Target(
        FIRST, Tier.WORLD_CLASS, 900, "agentdesk"
    )
    assert policy().target("x", FIRST, Tier.WORLD_CLASS) is None
    assert sla.open_clock(policy(), "x", FIRST, Tier.WORLD_CLASS, T0) is None


def test_a_clock_of_thirty_seconds_second_by_second() -> None:
    clock = one("webchat")
    seen = [(sla.left(clock, T0 + n * SECOND), sla.state(clock, T0 + n * SECOND).value) for n in range(33)]
    assert [left for left, _ in seen] == list(range(30, -3, -1))
    assert [state for _, state in seen] == ["running"] * 15 + ["due_soon"] * 16 + ["breached"] * 2
    late = T0 + 30 * SECOND + timedelta(milliseconds=1)
    assert (sla.left(clock, late), sla.state(clock, late)) == (-1, ClockState.BREACHED)


@pytest.mark.parametrize(
    ("within", "soon"), [(86_400, 21_600), (3600, 900), (900, 225), (200, 60), (30, 15), (15, 7), (1, 0)]
)
def test_due_soon_is_the_last_quarter_at_least_a_minute_at_most_half(within: int, soon: int) -> None:
    assert policy().soon(within) == soon


def test_due_soon_is_counted_in_open_time() -> None:
    clock = one(at=local("2026-03-14T13:10"), calendar=CALENDAR)  # Saturday, 50 min before closing
    assert clock.due_at == local("2026-03-16T10:10")
    assert sla.state(clock, local("2026-03-14T13:54")) is ClockState.RUNNING
    assert sla.state(clock, local("2026-03-14T13:55")) is ClockState.DUE_SOON
    assert sla.state(clock, local("2026-03-16T10:10")) is ClockState.DUE_SOON
    assert sla.state(clock, local("2026-03-16T10:10:01")) is ClockState.BREACHED


def test_what_is_late_has_one_recovery_at_five_times_the_target() -> None:
    standard, world_class = sla.start(policy(CALENDAR), "email", FIRST, T0)
    assert standard.recover_at == deadline(CALENDAR, T0, timedelta(hours=5))
    assert world_class.recover_at is None


def test_the_same_seconds_are_left_wherever_one_looks_from() -> None:
    clock = one(at=local("2026-10-24T20:00"), calendar=CALENDAR)
    now = local("2026-10-24T23:00")
    here = sla.left(clock, now)
    assert here == sla.left(clock, now.astimezone(ZoneInfo("America/Santiago")))
    assert here == sla.left(clock, now.astimezone(ZoneInfo("Asia/Kolkata")))
    assert clock.due_at == local("2026-10-26T11:00")
    assert here == (36 + 1) * 3600  # a night with an hour more lies between


def test_the_first_response_never_pauses() -> None:
    for metric in (Metric.ACK, FIRST):
        clock = replace(one(), metric=metric)
        assert sla.pause(clock, CALENDAR, T0) == clock
        assert policy().effect(Status.WAITING_CUSTOMER, metric) == "run"
        forced = replace(policy(), effects={Status.SNOOZED: {metric: "pause"}})
        assert sla.follow(forced, clock, Status.SNOOZED, T0) == clock


def test_a_pause_moves_the_due_time_by_its_open_time() -> None:
    clock = one(metric=RESOLUTION, calendar=CALENDAR)  # 8 h: all of that Monday
    assert clock.due_at == local("2026-03-16T20:30")
    paused = sla.pause(clock, CALENDAR, local("2026-03-16T13:00"))
    assert sla.state(paused, local("2026-03-20T13:00")) is ClockState.PAUSED
    assert sla.left(paused, local("2026-03-20T13:00")) == 7 * 3600 + 1800
    running = sla.resume(paused, CALENDAR, local("2026-03-16T17:30"))
    assert running.held == timedelta(hours=2)  # 13-14 and 16:30-17:30
    assert running.due_at == local("2026-03-17T12:00")
    assert running.due_at == deadline(CALENDAR, T0, timedelta(hours=10))
    assert running.recover_at == deadline(CALENDAR, T0, timedelta(hours=42))
    assert sla.resume(running, CALENDAR, local("2026-03-20T13:00")) == running


def test_straight_from_paused_to_resolved_the_pause_is_counted() -> None:
    clock = one(metric=RESOLUTION, calendar=CALENDAR)
    waiting = sla.follow(policy(CALENDAR), clock, Status.WAITING_CUSTOMER, local("2026-03-16T13:00"))
    done = sla.follow(policy(CALENDAR), waiting, Status.RESOLVED, local("2026-03-20T13:00"))
    assert done.state is ClockState.MET
    detour = sla.meet(sla.resume(waiting, CALENDAR, local("2026-03-20T13:00")), local("2026-03-20T13:00"))
    assert detour.state is ClockState.MET
    for each in (done, detour):
        assert sla.spent(each, partial(working, CALENDAR), local("2026-03-30T13:00")) == timedelta(hours=3)
    lines = explain.why(done, CALENDAR, local("2026-03-30T13:00"))
    assert sum((line.amount for line in lines), timedelta(0)) == timedelta(hours=8)
    assert lines[0].amount == timedelta(hours=3)


def test_late_stays_late() -> None:
    clock = one(metric=RESOLUTION, calendar=CALENDAR)
    late = local("2026-03-17T10:30")
    paused = sla.pause(clock, CALENDAR, late)
    assert sla.state(paused, late + timedelta(days=3)) is ClockState.BREACHED
    again = sla.resume(paused, CALENDAR, late + timedelta(days=3))
    assert (again.due_at, again.soon_at) == (clock.due_at, clock.soon_at)
    assert again.recover_at is not None
    assert clock.recover_at is not None
    assert again.recover_at > clock.recover_at
    for each in (clock, paused, again):
        assert sla.meet(each, late + timedelta(days=4)).state is ClockState.MET_LATE
        assert sla.stop(each, late + timedelta(days=4)).state is ClockState.MET_LATE
    done = sla.meet(clock, late)
    assert sla.meet(done, T0) == done
    assert sla.void(done) == done
    assert sla.left(done, late + timedelta(days=9)) == -14 * 3600


def test_a_written_answer_counts_when_the_provider_takes_it() -> None:
    clock = sla.answer(one(), T0 + 600 * SECOND)
    assert clock.answered_at == T0 + 600 * SECOND
    assert sla.state(clock, T0 + 3601 * SECOND) is ClockState.BREACHED
    assert sla.meet(clock, T0 + 3601 * SECOND).state is ClockState.MET_LATE
    assert sla.answer(clock, None) == one()
    # Resolved while the laptop is offline: the promise still waits for the provider.
    assert sla.follow(policy(), clock, Status.RESOLVED, T0 + 700 * SECOND) == clock
    assert sla.follow(policy(), one(), Status.RESOLVED, T0 + 700 * SECOND).state is ClockState.VOID
    assert sla.answer(sla.void(clock), T0) == sla.void(clock)


@pytest.mark.parametrize(
    ("status", "metric", "effect"),
    [
        (Status.OPEN, RESOLUTION, "run"),
        (Status.WAITING_CUSTOMER, NEXT, "pause"),
        (Status.WAITING_CUSTOMER, RESOLUTION, "pause"),
        (Status.WAITING_THIRD_PARTY, RESOLUTION, "pause"),
        (Status.WAITING_THIRD_PARTY, NEXT, "run"),
        (Status.WAITING_THIRD_PARTY, Metric.PROGRESS, "run"),
        (Status.SNOOZED, NEXT, "run"),
        (Status.RESOLVED, Metric.PROGRESS, "stop"),
        (Status.CLOSED, RESOLUTION, "stop"),
    ],
)
def test_what_a_status_does_to_a_clock(status: Status, metric: Metric, effect: str) -> None:
    assert policy().effect(status, metric) == effect


def test_a_merge_keeps_our_clocks_and_takes_the_older_unanswered_message() -> None:
    ours = sla.start(policy(), "email", NEXT, T0) + sla.start(policy(), "email", RESOLUTION, T0)
    older = sla.start(policy(), "whatsapp", FIRST, T0 - timedelta(hours=2))
    merged = reckon.merge(ours, older)
    found = {(clock.metric, clock.tier): clock for clock in merged}
    assert found[RESOLUTION, Tier.STANDARD] == ours[2]
    assert found[NEXT, Tier.STANDARD] == replace(older[0], metric=NEXT)
    assert found[NEXT, Tier.WORLD_CLASS].started_at == T0 - timedelta(hours=2)
    assert len(merged) == 3
    newer = sla.start(policy(), "email", NEXT, T0 + timedelta(hours=2))
    assert set(reckon.merge(ours, newer)) == set(ours)
    answered = tuple(sla.meet(clock, T0) for clock in older)
    assert set(reckon.merge(ours, answered)) == set(ours)
    first = sla.start(policy(), "email", FIRST, T0)
    assert set(reckon.merge(first, older)) == {*first, *(replace(clock, metric=NEXT) for clock in older)}


def test_why_names_every_stretch_over_christmas() -> None:
    clock = one(at=local("2026-12-23T20:00"), calendar=CALENDAR)
    lines = explain.why(clock, CALENDAR, T0)
    minutes = [
        (line.counted, line.reason.value, line.name, line.amount // timedelta(minutes=1)) for line in lines
    ]
    assert minutes == [
        (True, "open", "", 30),
        (False, "closed", "", 0),
        (False, "special", "Christmas Eve", 0),
        (True, "special", "Christmas Eve", 30),
    ]
    long = one(metric=RESOLUTION, at=local("2026-12-24T11:00"), calendar=CALENDAR)
    assert [(line.reason.value, line.name) for line in explain.why(long, CALENDAR, T0)][:5] == [
        ("special", "Christmas Eve"),
        ("special", "Christmas Eve"),
        ("holiday", "Nadal"),
        ("holiday", "Sant Esteve"),
        ("closed", ""),
    ]


def test_why_says_what_it_cannot_explain() -> None:
    clock = one(metric=RESOLUTION, calendar=CALENDAR)
    held = sla.resume(sla.pause(clock, CALENDAR, T0 + 3600 * SECOND), CALENDAR, T0 + 7200 * SECOND)
    last = explain.why(held, CALENDAR, T0)[-1]
    assert (last.reason, last.amount, last.counted) == (Reason.UNLISTED, timedelta(hours=-1), True)
    known = explain.why(held, CALENDAR, T0, [Span(T0 + 3600 * SECOND, T0 + 7200 * SECOND)])
    assert [line.reason for line in known][:3] == [Reason.OPEN, Reason.PAUSED, Reason.OPEN]
    assert explain.why(clock, always_open(MADRID), T0)[-1].amount == timedelta(hours=-2.5)


@cache
def watched(seed: int) -> tuple[Calendar, Wall]:
    zone, around = CHANGES[seed % len(CHANGES)]
    calendar = some_calendar(random.Random(seed), zone, around)
    return calendar, Wall(calendar, midnight(around, -3), 9, 60)


moments = st.lists(st.integers(0, 6 * 86_400), min_size=1, max_size=8, unique=True).map(sorted)


@settings(max_examples=60, deadline=None, database=None)
@given(st.integers(0, 23), moments, st.integers(15, 40_000))
def test_pauses_against_somebody_who_counts_every_minute_on_the_wall(
    seed: int, moments: list[int], within: int
) -> None:
    calendar, wall = watched(seed)
    rule = replace(policy(calendar), targets={"email": (Target(RESOLUTION, Tier.STANDARD, within),)})
    t0, *times = (wall.start + n * SECOND for n in moments)
    clock = sla.start(rule, "email", RESOLUTION, t0)[0]
    pauses = [Span(a, b) for a, b in zip(times[::2], times[1::2], strict=False)]
    left, at = within, t0
    late = None
    for span in pauses:
        left -= wall.working(at, span.start)
        if left < 0 and late is None:
            late = clock.due_at
        at = span.end
        clock = sla.resume(sla.pause(clock, calendar, span.start), calendar, span.end)
    expected = late if late is not None else wall.deadline(at, left)
    if expected is not None and (late is not None or left > 0):
        assert clock.due_at == expected
    assert clock.held == sum(wall.working(span.start, span.end) for span in pauses) * SECOND
    lines = explain.why(clock, calendar, clock.due_at, pauses)
    assert sum((line.amount for line in lines), timedelta(0)) == within * SECOND
    assert Reason.UNLISTED not in {line.reason for line in lines}
    assert all(line.amount == (line.end - line.start if line.counted else timedelta(0)) for line in lines)
    assert [line.start for line in lines[1:]] == [line.end for line in lines[:-1]]
    assert (lines[0].start, lines[-1].end) == (clock.started_at, clock.due_at)
    assert sla.from_data(json.loads(json.dumps(sla.to_data(clock)))) == clock


@settings(max_examples=60, deadline=None, database=None)
@given(st.integers(0, 23), moments, st.integers(0, 5_000_000))
def test_a_pause_that_lasts_is_explained_until_now(seed: int, moments: list[int], fraction: int) -> None:
    zone, around = CHANGES[seed % len(CHANGES)]
    calendar = some_calendar(random.Random(seed), zone, around)
    t0, pause_at, now = (
        midnight(around) + timedelta(seconds=n, microseconds=fraction) for n in (moments * 3)[:3]
    )
    clock = sla.pause(one(metric=RESOLUTION, at=t0, calendar=calendar), calendar, pause_at)
    for each in (clock, sla.meet(clock, now), sla.void(clock)):
        lines = explain.why(each, calendar, now)
        assert sum((line.amount for line in lines), timedelta(0)) == timedelta(hours=8)
        assert Reason.UNLISTED not in {line.reason for line in lines}
        assert sla.from_data(sla.to_data(each)) == each
    assert sla.spent(clock, partial(working, calendar), now) == working(
        calendar, clock.started_at, clock.paused_at or now
    )


def test_a_void_clock_has_nothing_left() -> None:
    clock = sla.void(one())
    assert (sla.left(clock, T0), sla.state(clock, T0 + timedelta(days=9))) == (0, ClockState.VOID)
    assert sla.resume(clock, CALENDAR, T0) == sla.pause(clock, CALENDAR, T0) == clock


def test_the_window_of_a_random_calendar_is_where_clocks_change() -> None:
    for zone, around in CHANGES:
        offsets = {
            (midnight(around) + timedelta(hours=n)).astimezone(ZoneInfo(zone)).utcoffset()
            for n in range(-48, 49)
        }
        assert len(offsets) == (1 if zone == "Asia/Kolkata" else 2), (zone, date.isoformat(around))


def test_who_pauses_at_the_very_last_moment_is_not_late_until_it_runs_again() -> None:
    clock = one(metric=RESOLUTION, calendar=CALENDAR)
    resumed = local("2026-03-17T09:00")
    again = sla.resume(sla.pause(clock, CALENDAR, clock.due_at), CALENDAR, resumed)
    assert again.due_at == resumed
    assert sla.state(again, resumed) is ClockState.DUE_SOON
    assert sla.state(again, resumed + SECOND) is ClockState.BREACHED


def test_a_late_answer_stays_a_breach_when_the_ticket_is_resolved_without_one() -> None:
    assert sla.stop(one(), T0 + 3600 * SECOND).state is ClockState.VOID
    assert sla.stop(one(), T0 + 3601 * SECOND).state is ClockState.MET_LATE


def test_pauses_that_overlap_are_counted_once() -> None:
    hour = 3600 * SECOND
    pauses = [Span(T0 + hour, T0 + 2 * hour), Span(T0 + 1.5 * hour, T0 + 2.5 * hour)]
    clock = one(metric=RESOLUTION)
    lines = [
        line
        for line in explain.why(clock, always_open(MADRID), T0, pauses)
        if line.reason is not Reason.UNLISTED
    ]
    assert [line.start for line in lines[1:]] == [line.end for line in lines[:-1]]
    assert sum((line.end - line.start for line in lines if not line.counted), timedelta(0)) == 1.5 * hour
