"""When a day ends, told by calendars: a break at midday, a Saturday, a holiday, clocks that change, a desk that never closes."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from agentdesk.core.closing import comes_in_sight, in_sight, night
from agentdesk.core.timetable import Calendar, Hours, Special, always_open

MADRID = ZoneInfo("Europe/Madrid")
BOTH = (Hours(10 * 3600, 14 * 3600), Hours(16 * 3600 + 1800, 20 * 3600 + 1800))
MORNING = (Hours(10 * 3600, 14 * 3600),)
SHOP = Calendar("shop", MADRID, (*(BOTH,) * 5, MORNING, ()))
WEEKDAYS = Calendar("shop", MADRID, (*(BOTH,) * 5, (), ()))


def at(text: str) -> datetime:
    """A time of November 2026; the 27th is a Friday."""
    return datetime.fromisoformat(f"2026-11-{text}").replace(tzinfo=MADRID)


def said(when: datetime | None) -> str | None:
    return when and f"{when.astimezone(MADRID):%a %H:%M}"


@pytest.mark.parametrize(
    ("calendar", "now", "closes", "opens", "again"),
    [
        (SHOP, "27T19:00", "Fri 20:30", "Sat 10:00", "Mon 10:00"),
        (SHOP, "27T15:00", "Fri 20:30", "Sat 10:00", "Mon 10:00"),  # a break ends no day
        (SHOP, "28T13:00", "Sat 14:00", "Mon 10:00", "Tue 10:00"),
        (WEEKDAYS, "27T19:00", "Fri 20:30", "Mon 10:00", "Tue 10:00"),
        (SHOP, "29T12:00", None, "Mon 10:00", "Tue 10:00"),
        (always_open(MADRID), "27T19:00", None, None, None),
    ],
)
def test_a_day_ends_where_nobody_is_here_for_hours(calendar, now, closes, opens, again):
    found = night(calendar, at(now))
    assert [said(each) for each in (found.closes_at, found.opens_at, found.again_at)] == [
        closes,
        opens,
        again,
    ]


def test_the_end_comes_in_sight_half_an_hour_before_also_of_a_day_with_hours_of_its_own():
    early = Calendar("shop", MADRID, SHOP.week, special=(Special(date(2026, 11, 27), MORNING, "Early"),))
    assert said(comes_in_sight(SHOP, at("27T12:00"))) == "Fri 20:00"
    assert said(comes_in_sight(SHOP, at("27T20:00"))) == "Sat 13:30"
    assert said(comes_in_sight(early, at("27T12:00"))) == "Fri 13:30"
    assert comes_in_sight(always_open(MADRID), at("27T12:00")) is None


def test_a_console_opened_in_the_last_half_hour_is_offered_it_too():
    assert said(in_sight(SHOP, at("27T20:10"))) == "Fri 20:30"
    assert in_sight(SHOP, at("27T19:59")) is None
    assert in_sight(SHOP, at("27T20:30")) is None
    assert in_sight(SHOP, at("27T13:45")) is None  # only a break comes


def test_hours_are_those_of_the_wall_on_the_night_in_which_clocks_change():
    friday = datetime(2026, 10, 23, 19, tzinfo=MADRID)
    found = night(WEEKDAYS, friday)
    assert said(found.opens_at) == "Mon 10:00"
    assert found.opens_at is not None
    assert found.closes_at is not None
    assert found.opens_at - found.closes_at == timedelta(days=2, hours=14, minutes=30)


def test_a_desk_that_closes_for_a_minute_each_night_never_ends_its_day():
    nearly = Calendar("shop", MADRID, ((Hours(0, 86_340),),) * 7)
    assert comes_in_sight(nearly, at("27T12:00")) is None
    assert night(nearly, at("27T12:00")).is_always_open
