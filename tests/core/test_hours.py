"""Open time, to the second, against a man who watches the clock on the wall (`oracle`)."""

import random
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agentdesk.core.hours import (
    deadline,
    is_open,
    next_closing,
    next_opening,
    open_spans,
    stretches,
    working,
)
from agentdesk.core.model import Span
from agentdesk.core.opentime import OpenTime
from agentdesk.core.timetable import Calendar, Holiday, Hours, Reason, Special, Yearly, always_open
from core.calendars import CHANGES, midnight, some_calendar
from oracle import Wall

MADRID = ZoneInfo("Europe/Madrid")
SECOND = timedelta(seconds=1)
SHOP = (Hours(10 * 3600, 14 * 3600), Hours(16 * 3600 + 1800, 20 * 3600 + 1800))
WEEK = (SHOP,) * 5 + ((Hours(10 * 3600, 14 * 3600),), ())
ALL_DAY = ((Hours(0, 86_400),),) * 7
Working = Callable[[Calendar, datetime, datetime], timedelta]
Deadline = Callable[[Calendar, datetime, timedelta], datetime]


def local(text: str, zone: ZoneInfo = MADRID, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone, fold=fold)


def shop(**more: object) -> Calendar:
    return Calendar("shop", MADRID, WEEK, **more)  # type: ignore[arg-type]


@cache
def watched(seed: int, step: int) -> tuple[Calendar, Wall]:
    """A random calendar around a clock change, and what the wall showed for some days of it."""
    zone, around = CHANGES[seed % len(CHANGES)]
    calendar = some_calendar(random.Random(seed), zone, around, step)
    first, days = (midnight(around, -3), 8) if step > 1 else (midnight(around, -1), 2)
    return calendar, Wall(calendar, first, days, step)


def faults(rounds: int, working: Working = working, deadline: Deadline = deadline, step: int = 60) -> int:
    """How often the two functions differ from the oracle, over random calendars around clock changes."""
    wrong = 0
    for seed in range(rounds):
        rng = random.Random(seed)
        calendar, wall = watched(seed, step)
        for _ in range(20):
            a, b = sorted(wall.start + rng.randrange(len(wall.open) * step) * SECOND for _ in range(2))
            expected = wall.working(a, b)
            wrong += working(calendar, a, b) != expected * SECOND
            goal = rng.choice([expected, rng.randint(0, 40_000), 30])
            due = wall.deadline(a, goal)
            wrong += due is not None and deadline(calendar, a, goal * SECOND) != due
    return wrong


def test_it_agrees_with_somebody_who_looks_every_minute() -> None:
    assert faults(80) == 0


def test_it_agrees_with_somebody_who_looks_every_second() -> None:
    assert faults(len(CHANGES), step=1) == 0


def _by_readings(calendar: Calendar, a: datetime, b: datetime) -> timedelta:
    """The mistake of the trade: local times subtracted in their own zone."""
    total, day = timedelta(0), a.astimezone(calendar.zone).date() - timedelta(days=1)
    while day <= b.astimezone(calendar.zone).date():
        for opens, closes in calendar.rule(day).hours:
            start = datetime.combine(day, datetime.min.time(), calendar.zone)
            begin = max(start + opens * SECOND, a.astimezone(calendar.zone))
            end = min(start + closes * SECOND, b.astimezone(calendar.zone))
            total += max(end - begin, timedelta(0))
        day += timedelta(days=1)
    return total


def _closed_at_the_end(calendar: Calendar, start: datetime, within: timedelta) -> datetime:
    """A deadline that never falls on closing time but on the next opening."""
    return next_opening(calendar, deadline(calendar, start, within))


def _gives_up(calendar: Calendar, start: datetime, within: timedelta) -> datetime:
    """A search that ends after two days."""
    return min(deadline(calendar, start, within), start + timedelta(days=2))


def test_the_oracle_finds_what_others_got_wrong() -> None:
    assert faults(24, working=_by_readings) > 10
    assert faults(24, deadline=_closed_at_the_end) > 10
    assert faults(24, deadline=_gives_up) > 3
    assert faults(24, working=lambda c, a, b: working(c, a, b) // SECOND // 60 * 60 * SECOND) > 10
    assert faults(24, working=lambda c, a, b: working(always_open(c.zone), a, b)) > 10


instants = st.integers(-20 * 86_400_000, 20 * 86_400_000)


@pytest.mark.parametrize("seed", range(len(CHANGES)))
def test_open_time_that_is_asked_often_is_the_open_time(seed: int) -> None:
    zone, around = CHANGES[seed]
    rng = random.Random(seed)
    calendar = some_calendar(rng, zone, around)
    open_time = OpenTime(calendar, timedelta(days=1))
    for days in (1, 1, 3, 9):
        a, b = (
            midnight(around) + timedelta(seconds=rng.randrange(-days * 86400, days * 86400)) for _ in "ab"
        )
        assert open_time.between(a, b) == working(calendar, a, b)


@settings(max_examples=200, deadline=None, database=None)
@given(st.integers(0, 10_000), instants, instants, instants)
def test_the_parts_sum_to_the_whole_and_deadlines_undo_them(seed: int, x: int, y: int, z: int) -> None:
    zone, around = CHANGES[seed % len(CHANGES)]
    calendar = some_calendar(random.Random(seed), zone, around)
    a, b, c = (midnight(around) + timedelta(milliseconds=n) for n in (x, y, z))
    assert working(calendar, a, b) + working(calendar, b, c) == working(calendar, a, c)
    a, b = min(a, b), max(a, b)
    open_time = working(calendar, a, b)
    due = deadline(calendar, a, open_time)
    assert a <= due <= b
    assert working(calendar, a, due) == open_time
    if due > a:
        assert working(calendar, a, due - timedelta(microseconds=1)) < open_time
    spans = list(open_spans(calendar, a, b))
    assert sum((s.end - s.start for s in spans), timedelta(0)) == open_time
    assert all(one.end < other.start for one, other in pairwise(spans))
    pieces = list(stretches(calendar, a, b))
    assert [p.start for p in pieces[1:]] == [p.end for p in pieces[:-1]]
    assert not pieces or (pieces[0].start, pieces[-1].end) == (a, b)
    assert sum((p.end - p.start for p in pieces if p.is_open), timedelta(0)) == open_time
    opening, closing = next_opening(calendar, a), next_closing(calendar, a)
    assert is_open(calendar, opening)
    assert working(calendar, a, opening) == timedelta(0)
    assert closing is None or (closing > opening and not is_open(calendar, closing))
    assert closing is None or working(calendar, opening, closing) == closing - opening


def test_a_shop_that_is_closed_all_august_has_a_deadline_in_september() -> None:
    august = tuple(Holiday(Yearly(8, day), "Vacances") for day in range(1, 32))
    calendar = shop(holidays=august)
    due = deadline(calendar, local("2026-07-31T20:00"), timedelta(hours=1))
    assert due == local("2026-09-01T10:30")
    assert next_opening(calendar, local("2026-07-31T20:30")) == local("2026-09-01T10:00")
    assert working(calendar, local("2026-08-01T00:00"), local("2026-09-01T00:00")) == timedelta(0)


def test_a_shop_that_opens_one_day_a_year() -> None:
    fair = Special(Yearly(6, 24), (Hours(36_000, 50_400),), "Sant Joan")
    calendar = Calendar("fair", MADRID, special=(fair,))
    assert deadline(calendar, local("2026-06-25T00:00"), timedelta(hours=5)) == local("2028-06-24T11:00")
    leap = Calendar(
        "leap",
        MADRID,
        ((),) * 6 + (SHOP,),
        tuple(
            Holiday(Yearly(on.month, on.day))
            for on in (date(2000, 1, 1) + timedelta(days=n) for n in range(366))
            if (on.month, on.day) != (2, 29)
        ),
    )
    assert next_opening(leap, local("2026-01-01T00:00")) == local("2032-02-29T10:00")


def test_christmas_eve_has_hours_of_its_own_even_on_a_holiday() -> None:
    calendar = shop(
        holidays=(Holiday(Yearly(12, 25), "Nadal"), Holiday(date(2026, 12, 24), "closed by the country")),
        special=(Special(Yearly(12, 24), (Hours(36_000, 43_200),), "Christmas Eve"),),
    )
    assert is_open(calendar, local("2026-12-24T11:59:59"))
    assert not is_open(calendar, local("2026-12-24T12:00"))
    # Thursday 24 (2 h), Friday 25 closed, Saturday 26 as usual.
    assert deadline(calendar, local("2026-12-24T11:30"), timedelta(hours=1)) == local("2026-12-26T10:30")
    kinds = [
        (p.reason, p.name, p.is_open)
        for p in stretches(calendar, local("2026-12-24T09:00"), local("2026-12-26T11:00"))
    ]
    assert kinds == [
        (Reason.SPECIAL, "Christmas Eve", False),
        (Reason.SPECIAL, "Christmas Eve", True),
        (Reason.SPECIAL, "Christmas Eve", False),
        (Reason.HOLIDAY, "Nadal", False),
        (Reason.CLOSED, "", False),
        (Reason.OPEN, "", True),
    ]


def test_a_date_stands_over_a_day_of_every_year() -> None:
    calendar = shop(special=(Special(Yearly(12, 24), SHOP), Special(date(2026, 12, 24), (), "stocktaking")))
    assert not is_open(calendar, local("2026-12-24T11:00"))
    assert is_open(calendar, local("2027-12-24T11:00"))


@pytest.mark.parametrize(
    ("hours", "day", "seconds"),
    [
        ((7200, 10_800), "2026-03-29", 0),  # 02:00-03:00 is left out
        ((9000, 14_400), "2026-03-29", 3600),  # 02:30-04:00: it opens at the jump
        ((3600, 9000), "2026-03-29", 3600),  # 01:00-02:30: it closes at the jump
        ((7200, 10_800), "2026-10-25", 7200),  # 02:00-03:00 comes twice
        ((9000, 14_400), "2026-10-25", 9000),  # 02:30-04:00: it opens at the first 02:30
        ((3600, 9000), "2026-10-25", 5400),  # 01:00-02:30: it closes at the first 02:30
        ((0, 86_400), "2026-03-29", 23 * 3600),
        ((0, 86_400), "2026-10-25", 25 * 3600),
    ],
)
def test_hours_in_the_nights_in_which_clocks_change(hours: tuple[int, int], day: str, seconds: int) -> None:
    calendar = Calendar("night", MADRID, ((Hours(*hours),),) * 7)
    start = local(f"{day}T00:00")
    assert working(calendar, start, start + timedelta(days=1)).total_seconds() == seconds


def test_the_zone_of_who_asks_makes_no_difference() -> None:
    calendar = shop()
    start = local("2026-10-24T13:00")
    chile = start.astimezone(ZoneInfo("America/Santiago"))
    assert deadline(calendar, chile, timedelta(hours=2)) == deadline(calendar, start, timedelta(hours=2))
    night = Calendar("night", MADRID, (*ALL_DAY[:6], (Hours(0, 10_800),)))
    second = local("2026-10-25T02:30", fold=1)
    assert is_open(night, second)
    assert working(night, local("2026-10-25T02:30"), second) == timedelta(hours=1)


def test_zero_is_where_one_stands_and_a_full_day_ends_at_its_closing() -> None:
    calendar = shop()
    sunday = local("2026-03-15T12:00")
    assert deadline(calendar, sunday, timedelta(0)) == sunday
    saturday = local("2026-03-14T10:00")
    assert deadline(calendar, saturday, timedelta(hours=4)) == local("2026-03-14T14:00")
    assert deadline(calendar, saturday, timedelta(hours=4, seconds=1)) == local("2026-03-16T10:00:01")
    assert next_closing(calendar, saturday) == local("2026-03-14T14:00")
    assert next_closing(calendar, sunday) == local("2026-03-16T14:00")


def test_what_never_closes_has_no_closing() -> None:
    at = local("2026-03-14T10:00")
    assert next_closing(always_open(MADRID), at) is None
    assert next_closing(Calendar("full", MADRID, ALL_DAY), at) is None
    late = Calendar("full", MADRID, ALL_DAY, (Holiday(date(2030, 1, 1)),))
    assert next_closing(late, at) == local("2030-01-01T00:00")
    assert next_closing(late, local("2031-01-01T00:00")) is None
    assert list(open_spans(Calendar("full", MADRID, ALL_DAY), at, at + timedelta(days=9))) == [
        Span(at.astimezone(UTC), at.astimezone(UTC) + timedelta(days=9))
    ]


@pytest.mark.parametrize(
    ("code", "made"),
    [
        ("never_opens", lambda: Calendar("x", UTC)),
        (
            "never_opens",
            lambda: shop(
                holidays=tuple(
                    Holiday(Yearly(on.month, on.day))
                    for on in (date(2000, 1, 1) + timedelta(days=n) for n in range(366))
                )
            ),
        ),
        ("never_opens_again", lambda: Calendar("x", UTC, special=(Special(date(2026, 1, 2), SHOP),))),
        ("week_not_seven", lambda: Calendar("x", UTC, (SHOP,))),
        ("hours_backwards", lambda: Calendar("x", UTC, ((Hours(9, 9),),) * 7)),
        ("hours_outside_day", lambda: Calendar("x", UTC, ((Hours(9, 90_000),),) * 7)),
        ("hours_overlap", lambda: Calendar("x", UTC, ((Hours(0, 20), Hours(10, 30)),) * 7)),
        ("no_such_day", lambda: shop(holidays=(Holiday(Yearly(2, 30)),))),
        ("day_twice", lambda: shop(holidays=(Holiday(Yearly(2, 3)), Holiday(Yearly(2, 3))))),
        ("always_with_hours", lambda: Calendar("x", UTC, WEEK, always=True)),
    ],
)
def test_a_calendar_that_cannot_be_is_refused_with_the_reason(
    code: str, made: Callable[[], Calendar]
) -> None:
    with pytest.raises(ValueError) as caught:
        made()
    assert caught.value.args == (code,)


def test_a_time_without_a_zone_and_a_negative_span_are_refused() -> None:
    with pytest.raises(ValueError, match="naive_time"):
        is_open(shop(), datetime(2026, 1, 1))  # noqa: DTZ001 - the point of the test
    with pytest.raises(ValueError, match="negative"):
        deadline(shop(), local("2026-01-01T00:00"), -SECOND)
    with pytest.raises(OverflowError):
        deadline(shop(), local("9999-12-01T00:00"), timedelta(days=900))


def test_calendars_are_values_and_a_zone_tells_them_apart() -> None:
    assert shop() == shop()
    assert hash(shop()) == hash(shop())
    other = Calendar("shop", timezone(timedelta(hours=5, minutes=30)), WEEK)
    assert other != shop()
    at = local("2026-03-16T10:00")
    assert is_open(shop(), at)
    assert not is_open(other, at)


def test_a_deadline_takes_microseconds() -> None:
    calendar, start = shop(), local("2026-03-13T20:00")
    deadline(calendar, start, timedelta(hours=20))
    times = []
    for _ in range(5):
        began = time.perf_counter()
        for _ in range(200):
            deadline(calendar, start, timedelta(hours=20))
        times.append((time.perf_counter() - began) / 200)
    assert min(times) < 200e-6  # some 5 µs on a quiet machine
