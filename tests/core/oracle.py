"""What the law of time is tested against: a man who looks at the clock on the wall every second.

He shares nothing with `core.hours` but the words for a calendar. He holds the hand where clocks are set back, so
that an hour which comes twice is one reading of twice the length, and he looks up each reading in the list of
opening hours. Looking every minute instead is the same where hours and clock changes lie on whole minutes,
because then nothing changes within one.
"""

import random
from bisect import bisect_left
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
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


class Wall:
    """Open or not for every `step` seconds of [start, start + days)."""

    def __init__(self, calendar: Calendar, start: datetime, days: int, step: int) -> None:
        self.start, self.step = start, step
        seen = datetime.min  # noqa: DTZ901 - a reading of a wall has no zone
        day, hours = date.min, hours_of(calendar, date.min)
        self.open = bytearray()
        now = start - timedelta(days=2)
        while now < start + timedelta(days=days):
            seen = max(seen, now.astimezone(calendar.zone).replace(tzinfo=None))
            if now >= start:
                if seen.date() != day:
                    day, hours = seen.date(), hours_of(calendar, seen.date())
                second = seen.hour * 3600 + seen.minute * 60 + seen.second
                self.open.append(any(opens <= second < closes for opens, closes in hours))
            now += timedelta(seconds=step if now >= start else 60)
        self.counted = [0, *accumulate(self.open)]

    def upto(self, at: datetime) -> int:
        """Open seconds from the start to `at`, a whole second."""
        seconds = (at - self.start) // timedelta(seconds=1)
        steps, rest = divmod(seconds, self.step)
        return self.counted[steps] * self.step + (rest * self.open[steps] if rest else 0)

    def working(self, a: datetime, b: datetime) -> int:
        return self.upto(b) - self.upto(a)

    def deadline(self, a: datetime, within: int) -> datetime | None:
        """The first second at which `within` open seconds have passed, None beyond what was watched."""
        if within == 0:
            return a
        goal = self.upto(a) + within
        steps = bisect_left(self.counted, goal, key=lambda count: count * self.step)
        if steps == len(self.counted):
            return None
        rest = goal - self.counted[steps - 1] * self.step
        return self.start + timedelta(seconds=(steps - 1) * self.step + rest)


def hours_of(calendar: Calendar, day: date) -> tuple[Hours, ...]:
    """The hours written down for a date."""
    if calendar.always:
        return (Hours(0, 86_400),)
    yearly = Yearly(day.month, day.day)
    hours = calendar.week[day.weekday()]
    if {day, yearly} & {holiday.on for holiday in calendar.holidays}:
        hours = ()
    for key in (yearly, day):
        for special in calendar.special:
            if special.on == key:
                hours = special.hours
    return hours


def some_hours(rng: random.Random, most: int = 3) -> tuple[Hours, ...]:
    """Up to `most` intervals on whole minutes, likely to touch the hours in which clocks change."""
    minutes = [*range(0, 240, 10), *range(0, 1441, 15), 0, 1440, 1410, 1439, rng.randrange(1440)]
    edges = sorted(rng.sample(sorted(set(minutes)), 2 * rng.randint(0, most)))
    pairs = [Hours(a * 60, b * 60) for a, b in zip(edges[::2], edges[1::2], strict=True)]
    if len(pairs) > 1 and rng.random() < 0.3:
        pairs[0] = Hours(pairs[0].opens, pairs[1].opens)
    return tuple(pairs)


def some_calendar(rng: random.Random, zone: str, around: date) -> Calendar:
    """Any calendar that opens, with holidays and special dates in the fortnight `around`."""
    days = [around + timedelta(days=n) for n in range(-6, 8)]
    chosen = rng.sample(days, 5)
    keys = [day if rng.random() < 0.6 else Yearly(day.month, day.day) for day in chosen]
    holidays = tuple(Holiday(key, f"holiday {n}") for n, key in enumerate(keys[:2]))
    special = tuple(Special(key, some_hours(rng), f"special {n}") for n, key in enumerate(keys[2:4]))
    while True:
        week = tuple(((0, 1440 * 60),) if rng.random() < 0.1 else some_hours(rng) for _ in range(7))
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
