"""Random opening hours, likely to lie where clocks are changed."""

import random
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from agentdesk.core.timetable import Calendar, Holiday, Hours, Special, Yearly

# Zone and a date near which its clocks change: Madrid at 2 and 3 in the night, Santiago at midnight (also back over
# it), Kolkata never, Lord Howe by half an hour, Newfoundland back from one minute past midnight into the day before,
# Samoa by a whole day that it left out.
CHANGES = (
    ("Europe/Madrid", date(2026, 3, 29)),
    ("Europe/Madrid", date(2026, 10, 25)),
    ("America/Santiago", date(2026, 4, 5)),
    ("America/Santiago", date(2026, 9, 6)),
    ("Asia/Kolkata", date(2026, 8, 15)),
    ("Australia/Lord_Howe", date(2026, 4, 5)),
    ("America/St_Johns", date(2010, 11, 7)),
    ("Pacific/Apia", date(2011, 12, 30)),
)


def some_hours(rng: random.Random, step: int = 60, most: int = 3) -> tuple[Hours, ...]:
    """Up to `most` intervals on whole minutes, or with a `step` of 1 on odd seconds, likely to touch the hours in which clocks
    change."""
    minutes = [*range(0, 240, 10), *range(0, 1441, 15), 0, 1440, 1410, 1439, rng.randrange(1440)]
    edges = sorted(rng.sample(sorted(set(minutes)), 2 * rng.randint(0, most)))
    seconds = [min(edge * 60 + rng.randrange(0, 60, step), 86_400) for edge in edges]
    pairs = [Hours(*pair) for pair in zip(seconds[::2], seconds[1::2], strict=True)]
    if len(pairs) > 1 and rng.random() < 0.3:
        pairs[0] = Hours(pairs[0].opens, pairs[1].opens)
    return tuple(pairs)


def some_calendar(rng: random.Random, zone: str, around: date, step: int = 60) -> Calendar:
    """Any calendar that opens, with holidays and special dates in the fortnight `around`."""
    days = [around + timedelta(days=n) for n in range(-6, 8)]
    chosen = rng.sample(days, 5)
    keys = [day if rng.random() < 0.6 else Yearly(day.month, day.day) for day in chosen]
    holidays = tuple(Holiday(key, f"holiday {n}") for n, key in enumerate(keys[:2]))
    special = tuple(Special(key, some_hours(rng, step), f"special {n}") for n, key in enumerate(keys[2:4]))
    while True:
        week = tuple(((0, 1440 * 60),) if rng.random() < 0.1 else some_hours(rng, step) for _ in range(7))
        try:
            return Calendar(
                "random",
                ZoneInfo(zone),
                tuple(tuple(Hours(*h) for h in hours) for hours in week),
                holidays,
                special,
            )
        except ValueError:
            continue


def midnight(on: date, days: int = 0) -> datetime:
    return datetime(on.year, on.month, on.day, tzinfo=UTC) + timedelta(days=days)
