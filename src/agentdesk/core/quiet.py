"""When customers are not to be asked or told anything that can wait: hours of the night, and days on which the shop is closed.

Promises: pure; what is due in such a time is moved to the first moment after it, never lost and never earlier. Refuses: hours that
fill the whole day, so that no search runs for ever. Answers and acknowledgements are none of its business: they are awaited.
"""

import re
from datetime import UTC, date, datetime, time, timedelta

from agentdesk.core.timetable import Calendar
from agentdesk.values import dataclass

_HOURS = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)\s*-\s*([01]?\d|2[0-3]|24):([0-5]\d)")
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Quiet:
    """[begins, ends) in minutes of the wall clock; over midnight where it ends before it begins, and never where both are the same."""

    begins: int = 0
    ends: int = 0

    def holds(self, at: time) -> bool:
        minute = at.hour * 60 + at.minute
        if self.begins <= self.ends:
            return self.begins <= minute < self.ends
        return minute >= self.begins or minute < self.ends


def quiet_of(text: str) -> Quiet:
    """`21:00-09:00`, or none for an empty text; raises ValueError("hours") for what is neither, or a whole day."""
    if not text.strip():
        return Quiet()
    found = _HOURS.fullmatch(text.strip())
    if found is None:
        raise ValueError("hours")
    first, minute, last, minute_after = map(int, found.groups())
    quiet = Quiet(first * 60 + minute, (last * 60 + minute_after) % 1440)
    if quiet.begins == quiet.ends or last * 60 + minute_after > 1440:
        raise ValueError("hours")
    return quiet


def allowed(at: datetime, quiet: Quiet, calendar: Calendar) -> datetime:
    """The first moment from `at` on at which a customer may be asked or told something."""
    while True:
        here = at.astimezone(calendar.zone)
        if not calendar.rule(here.date()).hours:
            at = _moment(here.date() + _DAY, 0, calendar)
        elif quiet.holds(here.time()):
            over_midnight = here.hour * 60 + here.minute >= quiet.ends
            at = _moment(here.date() + (_DAY if over_midnight else timedelta()), quiet.ends, calendar)
        else:
            return at.astimezone(UTC)


def _moment(on: date, minute: int, calendar: Calendar) -> datetime:
    hour, minute = divmod(minute, 60)
    return datetime.combine(on, time(hour, minute), calendar.zone).astimezone(UTC)
