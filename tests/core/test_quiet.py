"""What customers are asked by itself waits for the day, and for a day on which the shop is open."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from agentdesk.core.quiet import Quiet, allowed, quiet_of
from agentdesk.core.timetable import Calendar, Holiday, Hours, always_open

MADRID = ZoneInfo("Europe/Madrid")
DAY = (Hours(10 * 3600, 19 * 3600),)
SHOP = Calendar(
    "shop", MADRID, week=(DAY,) * 5 + ((), ()), holidays=(Holiday(date(2026, 12, 8), "Purísima"),)
)
NIGHT = quiet_of("21:00-09:00")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=MADRID)


@pytest.mark.parametrize(
    ("due", "goes"),
    [
        ("2026-12-01T20:59", "2026-12-01T20:59"),
        ("2026-12-01T21:00", "2026-12-02T09:00"),
        ("2026-12-02T08:59", "2026-12-02T09:00"),
        ("2026-12-02T03:00", "2026-12-02T09:00"),
        ("2026-12-04T22:00", "2026-12-07T09:00"),
        ("2026-12-05T12:00", "2026-12-07T09:00"),
        ("2026-12-07T21:30", "2026-12-09T09:00"),
        ("2026-12-02T19:30", "2026-12-02T19:30"),
    ],
    ids=[
        "evening",
        "night falls",
        "early",
        "over midnight",
        "weekend",
        "on saturday",
        "holiday",
        "after closing",
    ],
)
def test_what_is_due_at_night_or_on_a_closed_day_goes_in_the_morning_after(due, goes):
    assert allowed(at(due), NIGHT, SHOP) == at(goes)


def test_without_quiet_hours_or_calendar_everything_goes_when_it_is_due():
    sunday = at("2026-12-06T03:00")
    assert allowed(sunday, quiet_of(""), always_open(MADRID)) == sunday
    assert allowed(sunday, NIGHT, always_open(MADRID)) == at("2026-12-06T09:00")


def test_the_night_in_which_clocks_change_has_a_morning_too():
    spring = allowed(at("2026-03-28T23:00"), NIGHT, always_open(MADRID))
    assert spring == datetime(2026, 3, 29, 7, tzinfo=UTC)


def test_it_is_never_earlier_and_never_in_the_quiet_whenever_it_is_due():
    when = datetime(2026, 10, 20, tzinfo=UTC)
    for _ in range(400):
        when += timedelta(minutes=97)
        goes = allowed(when, NIGHT, SHOP)
        assert goes >= when
        assert 9 <= goes.astimezone(MADRID).hour < 21
        assert SHOP.rule(goes.astimezone(MADRID).date()).hours
        assert allowed(goes, NIGHT, SHOP) == goes


@pytest.mark.parametrize(
    "text", ["21-9", "09:00-09:00", "25:00-07:00", "00:00-24:00", "siempre", "21:00-24:30"]
)
def test_hours_that_cannot_be_meant_are_refused(text):
    with pytest.raises(ValueError, match="hours"):
        quiet_of(text)


def test_hours_within_one_day_are_hours_too():
    assert quiet_of("14:00-17:00") == Quiet(840, 1020)
    assert allowed(at("2026-12-02T15:00"), quiet_of("14:00-17:00"), SHOP) == at("2026-12-02T17:00")
    assert allowed(at("2026-12-02T23:00"), quiet_of("22:00-24:00"), always_open(MADRID)) == at(
        "2026-12-03T00:00"
    )
