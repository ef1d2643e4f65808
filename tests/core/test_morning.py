"""The sums of a morning: the pace, the hours of the day, and days that are not 24 hours long."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from agentdesk.core.morning import Morning, Pace, by_hour, day_begin, day_end, pace

MADRID = ZoneInfo("Europe/Madrid")
NINE = datetime(2026, 11, 23, 8, tzinfo=UTC)
"""Nine in Madrid, on a Monday."""


def test_a_pace_is_of_days_and_hours_in_which_somebody_answered():
    friday = [NINE - timedelta(days=3) + timedelta(minutes=6 * n) for n in range(20)]  # 20 within two hours
    thursday = [NINE - timedelta(days=4) + timedelta(minutes=n) for n in range(10)]
    today = [NINE - timedelta(minutes=5)]
    found = pace([*thursday, *friday, *today], 20, NINE, MADRID)
    assert found == Pace(today=1, a_day=15, an_hour=10, hours=2)


def test_without_a_week_before_no_pace_is_named():
    assert pace([NINE], 5, NINE + timedelta(hours=1), MADRID) == Pace(today=1)
    assert pace([], 5, NINE, MADRID) == Pace()


def test_what_is_due_stands_at_the_hour_of_the_shop():
    ends = [NINE, NINE + timedelta(minutes=59), NINE + timedelta(hours=3)]
    assert by_hour(ends, MADRID) == ((9, 2), (12, 1))


def test_a_day_ends_at_midnight_also_where_clocks_change():
    for day, hours in (
        (datetime(2026, 3, 29, 12, tzinfo=UTC), 23),
        (datetime(2026, 10, 25, 12, tzinfo=UTC), 25),
    ):
        begin, end = (each.astimezone(UTC) for each in (day_begin(day, MADRID), day_end(day, MADRID)))
        assert end - begin == timedelta(hours=hours)


def test_it_is_news_only_for_somebody_who_was_here_before():
    assert not Morning(NINE, None, late=3).is_news
    assert not Morning(NINE, NINE).is_news
    assert Morning(NINE, NINE, late=3).is_news
    assert Morning(NINE, NINE, arrived=(("email", 1),)).is_news
