"""When a day ends, and what must not wait until the next: the evening as values.

Promises: pure. A day ends with the closing after which nobody is here for `BREAK`: a break at midday ends none. What a channel's
window (`core.window`) has to do with it is a law of two lines:

- a window that ends **before the next opening** is lost tonight: this is the last chance;
- one that ends **before the opening after that** has the next day as its last chance, which may be a Saturday morning, and whoever
  closes on Friday must know. A message of Friday 19:50 stands on Friday's screen, whether or not Saturday is a working day.

A window that ends later than that has a day of its own to stand on. Refuses: what was answered, since its window keeps nobody.
"""

from datetime import datetime, timedelta

from agentdesk.core.hours import next_closing, next_opening
from agentdesk.core.timetable import Calendar
from agentdesk.values import dataclass

LEAD = timedelta(minutes=30)
"""So long before its end the day comes into sight."""
BREAK = timedelta(hours=4)
"""A shorter time closed is a break."""
AHEAD = timedelta(hours=24)
"""What is looked at where a desk never closes."""
CAP = 2000
"""So far is anything here counted."""
_LOOKS = timedelta(days=8)
"""A calendar that has no end of a day in so long has none."""


@dataclass(frozen=True, slots=True)
class Night:
    """The desk closes (None: it is closed, or never closes), opens again, and opens the day after that."""

    closes_at: datetime | None
    opens_at: datetime | None
    again_at: datetime | None

    @property
    def is_always_open(self) -> bool:
        return self.opens_at is None


@dataclass(frozen=True, slots=True)
class Ending:
    """A ticket whose channel takes free answers until `at`, and whose customer waits for one."""

    number: int
    channel: str
    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Closing:
    """How the day ends. `until` is when the next begins. `lost` are windows that end before it, `pressed` those whose last chance it
    is. `due` promises end before it and `late` were missed; `waking` tickets wake before it; `held` waits in the outbox to go,
    `failed` was not taken, of `unknown` nobody knows. `shift` is by how much the clocks are changed before it."""

    now: datetime
    night: Night
    until: datetime
    lost: tuple[Ending, ...] = ()
    pressed: tuple[Ending, ...] = ()
    due: int = 0
    late: int = 0
    unanswered: int = 0
    drafts: int = 0
    held: int = 0
    failed: int = 0
    unknown: int = 0
    waking: int = 0
    shift: timedelta = timedelta()


def night(calendar: Calendar, now: datetime) -> Night:
    """The night that begins next, or the one that it is."""
    opening = next_opening(calendar, now)
    ends = (None, opening) if opening - now >= BREAK else _day_end(calendar, now)
    if ends is None:
        return Night(None, None, None)
    closes, opens = ends
    after = _day_end(calendar, opens)
    return Night(closes, opens, after[1] if after else None)


def comes_in_sight(calendar: Calendar, after: datetime) -> datetime | None:
    """When, after `after`, the end of a day is `LEAD` away; None where no day ends."""
    end = _day_end(calendar, after)
    if end is not None and end[0] - LEAD <= after:
        end = _day_end(calendar, end[1])
    return end[0] - LEAD if end else None


def in_sight(calendar: Calendar, now: datetime) -> datetime | None:
    """When the day ends, where that is less than `LEAD` away."""
    end = _day_end(calendar, now)
    return end[0] if end is not None and end[0] - LEAD <= now < end[0] else None


def _day_end(calendar: Calendar, at: datetime) -> tuple[datetime, datetime] | None:
    """The closing that ends the day that `at` is in, or the next one, and the opening after it."""
    closing = first = next_closing(calendar, at)
    while closing is not None and first is not None and closing - first < _LOOKS:
        opening = next_opening(calendar, closing)
        if opening - closing >= BREAK:
            return closing, opening
        closing = next_closing(calendar, opening)
    return None
