"""How the day stands, as values: what came while the desk was closed, what today holds, and how fast it goes.

Promises: pure sums over what was read; a pace is only named where there was one. Refuses: guessing working hours; an hour in
which somebody answered is an hour of work.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta, tzinfo

from agentdesk.values import dataclass

DAYS = 7
"""Days before today that make the pace."""
CAP = 2000
"""So far is anything here counted."""


@dataclass(frozen=True, slots=True)
class Pace:
    """`today` answers so far; `a_day` and `an_hour` are those of the days and hours before in which there were any; `hours` is
    how long what is unanswered takes at that."""

    today: int = 0
    a_day: float | None = None
    an_hour: float | None = None
    hours: float | None = None


@dataclass(frozen=True, slots=True)
class Morning:
    """`since` is when somebody did something last before today, None where that never was. `arrived` are (channel, messages),
    `due` (hour of the day, tickets); no figure exceeds `CAP`. `held` waits in the outbox to go, `stuck` failed or is in doubt."""

    now: datetime
    since: datetime | None
    arrived: tuple[tuple[str, int], ...] = ()
    due: tuple[tuple[int, int], ...] = ()
    late: int = 0
    back: int = 0
    unanswered: int = 0
    drafts: int = 0
    held: int = 0
    stuck: int = 0
    pace: Pace = Pace()

    @property
    def is_news(self) -> bool:
        """Whether there is anything to tell somebody who comes back."""
        figures = (self.late, self.back, self.unanswered, self.drafts, self.held, self.stuck)
        return self.since is not None and bool(self.arrived or self.due or any(figures))


def day_begin(now: datetime, zone: tzinfo) -> datetime:
    """The midnight before."""
    return now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)


def day_end(now: datetime, zone: tzinfo) -> datetime:
    """The midnight after; a day may have 23 or 25 hours."""
    begin = day_begin(now, zone).replace(tzinfo=None) + timedelta(days=1)
    return begin.replace(tzinfo=zone)


def by_hour(ends: Iterable[datetime], zone: tzinfo) -> tuple[tuple[int, int], ...]:
    """(hour, how many end in it), the earliest first."""
    return tuple(sorted(Counter(at.astimezone(zone).hour for at in ends).items()))


def pace(answered: Sequence[datetime], unanswered: int, now: datetime, zone: tzinfo) -> Pace:
    """The pace of those answers of the last days and of today."""
    local = [at.astimezone(zone) for at in answered]
    today = now.astimezone(zone).date()
    before = [at for at in local if at.date() < today]
    so_far = sum(at.date() == today for at in local)
    if not before:
        return Pace(so_far)
    an_hour = len(before) / len({(at.date(), at.hour) for at in before})
    return Pace(so_far, len(before) / len({at.date() for at in before}), an_hour, unanswered / an_hour)
