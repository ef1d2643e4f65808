"""How much open time lies between two instants, asked a hundred thousand times.

Promises: what `hours.working` says, in the time of a search in a sorted list: the open stretches of the calendar are laid out once,
with how much was open before each, and farther where somebody asks farther. Refuses: knowing why it was open or not (`hours`).
"""

from bisect import bisect_right
from datetime import datetime, timedelta
from itertools import accumulate

from agentdesk.core.hours import NOTHING, open_spans
from agentdesk.core.timetable import Calendar

_FARTHER = timedelta(days=400)
"""So that it is not laid out for each question anew."""


class OpenTime:
    """Of one calendar; `farther` than asked for it lays out."""

    def __init__(self, calendar: Calendar, farther: timedelta = _FARTHER) -> None:
        self._calendar = calendar
        self._farther = farther
        self._reach: tuple[datetime, datetime] | None = None
        self._starts: list[datetime] = []
        self._ends: list[datetime] = []
        self._before: list[timedelta] = []

    def between(self, start: datetime, end: datetime) -> timedelta:
        """The open time from `start` to `end`, negative where that is earlier; both in UTC."""
        if self._calendar.always:
            return end - start
        first, last = (start, end) if start <= end else (end, start)
        if self._reach is None or first < self._reach[0] or last > self._reach[1]:
            self._lay_out(first, last)
        return self._passed(end) - self._passed(start)

    def _passed(self, at: datetime) -> timedelta:
        """Since what it reaches back to."""
        n = bisect_right(self._starts, at) - 1
        return self._before[n] + min(at, self._ends[n]) - self._starts[n] if n >= 0 else NOTHING

    def _lay_out(self, first: datetime, last: datetime) -> None:
        known = self._reach or (first, last)
        since, until = min(first - self._farther, known[0]), max(last + self._farther, known[1])
        self._reach = since, until
        spans = list(open_spans(self._calendar, since, until))
        self._starts, self._ends = [each.start for each in spans], [each.end for each in spans]
        self._before = list(accumulate((each.end - each.start for each in spans), initial=NOTHING))
