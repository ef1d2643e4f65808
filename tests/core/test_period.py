"""Which stretch of time somebody means, in three languages and on the days on which clocks change."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from agentdesk.core.period import PeriodError, period

MADRID = ZoneInfo("Europe/Madrid")
NOW = datetime(2026, 11, 25, 11, 30, tzinfo=UTC)
"""Wednesday, half past twelve in Madrid."""


def local(*at: int) -> datetime:
    return datetime(*at, tzinfo=MADRID).astimezone(UTC)


@pytest.mark.parametrize(
    ("since", "until", "first", "last"),
    [
        (None, None, local(2026, 10, 27), NOW),  # thirty days, today included
        ("2026-11-01", None, local(2026, 11, 1), NOW),
        ("2026-11-01", "2026-11-10", local(2026, 11, 1), local(2026, 11, 11)),  # the 10th is in it
        ("1/11/2026", "2026-11-10T12:00", local(2026, 11, 1), local(2026, 11, 10, 12)),
        ("2026-10", "2026-10", local(2026, 10, 1), local(2026, 11, 1)),
        ("last month", None, local(2026, 10, 1), local(2026, 11, 1)),
        ("el mes pasado", None, local(2026, 10, 1), local(2026, 11, 1)),
        ("Setmana passada", None, local(2026, 11, 16), local(2026, 11, 23)),
        ("this week", None, local(2026, 11, 23), NOW),
        ("last month", "this week", local(2026, 10, 1), NOW),
        ("ahir", None, local(2026, 11, 24), local(2026, 11, 25)),
        ("last year", None, local(2025, 1, 1), local(2026, 1, 1)),
        ("7d", None, NOW - timedelta(days=7), NOW),
        (None, "last month", local(2026, 10, 3), local(2026, 11, 1)),
        ("2026-10-25", "2026-10-25", local(2026, 10, 25), local(2026, 10, 26)),  # 25 hours
    ],
)
def test_what_is_typed_is_a_stretch_of_the_desks_own_days(since, until, first, last):
    found = period(since, until, NOW, MADRID)
    assert (found.since, found.until) == (first, last)


@pytest.mark.parametrize(("word", "until"), [("soon", None), ("3/4", None), (None, "13-2026"), ("2m", None)])
def test_what_means_no_time_is_named(word, until):
    with pytest.raises(PeriodError) as caught:
        period(word, until, NOW, MADRID)
    assert (caught.value.reason, caught.value.word) == ("unknown", word or until)


@pytest.mark.parametrize(("since", "until"), [("2026-11-10", "2026-11-01"), ("2027-01-01", None)])
def test_a_period_has_to_end_after_it_begins(since, until):
    with pytest.raises(PeriodError) as caught:
        period(since, until, NOW, MADRID)
    assert caught.value.reason == "turned"
