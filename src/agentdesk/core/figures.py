"""What a report is made of: figures that know their tickets, in lines that belong to a group.

Promises: a share comes with how many it is of and with Wilson's 95 % interval, a length of time with its median and the 90th
and 95th percentile, on the wall and in opening hours; all of it can be listed. A percentile is the nearest rank: the shortest
time within which at least so many of them were done, so it is always a time that really was. Refuses: averages, which one
forgotten ticket decides.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import field
from datetime import datetime
from math import ceil, sqrt
from typing import NamedTuple

from agentdesk.values import dataclass

GROUPS = (
    "channel", "agent", "account", "kind", "incident", "priority", "hour", "weekday", "day", "week", "month",
)  # fmt: skip
"""What figures can be apart by. An hour is one of the week's."""
PERCENTILES = (0.5, 0.9, 0.95)
FEW = 20
"""Below so many a percentile says little, and a report says so."""
LEAST = 5
"""Below so many a share or a median says nothing, and a report says so."""
_Z = 1.959963984540054
"""The normal distribution's quantile at 97.5 %."""


def quantile(values: Sequence[float], share: float) -> float | None:
    """The nearest rank of values in rising order; None where there are none."""
    return values[max(ceil(share * len(values)), 1) - 1] if values else None


def wilson(hits: int, of: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson 1927): it stays within 0 and 1 and is honest for few."""
    if not of:
        return 0.0, 1.0
    share, spread = hits / of, _Z * _Z / of
    centre = (share + spread / 2) / (1 + spread)
    half = _Z * sqrt(share * (1 - share) / of + spread / (4 * of)) / (1 + spread)
    return max(0.0, centre - half), min(1.0, centre + half)


@dataclass(frozen=True, slots=True)
class Count:
    """So many; a ticket that counts several times is in `tickets` several times."""

    tickets: tuple[int, ...] = ()

    @property
    def n(self) -> int:
        return len(self.tickets)


@dataclass(frozen=True, slots=True)
class Share:
    """`hits` of `among`, both as tickets."""

    hits: tuple[int, ...] = ()
    among: tuple[int, ...] = ()

    @property
    def n(self) -> int:
        return len(self.among)

    @property
    def share(self) -> float | None:
        return len(self.hits) / len(self.among) if self.among else None

    @property
    def interval(self) -> tuple[float, float]:
        return wilson(len(self.hits), len(self.among))

    @property
    def tickets(self) -> tuple[int, ...]:
        return self.hits

    @property
    def misses(self) -> tuple[int, ...]:
        """Those of `among` that are no hits; of a ticket that counts twice each time by itself."""
        return tuple(sorted((Counter(self.among) - Counter(self.hits)).elements()))


@dataclass(frozen=True, slots=True)
class Times:
    """Lengths in seconds, each list in rising order: `wall` as the customer's clock counts them, `business` in opening hours
    and without pauses."""

    wall: tuple[float, ...] = ()
    business: tuple[float, ...] = ()
    tickets: tuple[int, ...] = ()

    @property
    def n(self) -> int:
        return len(self.wall)


Figure = Count | Share | Times
Heat = tuple[tuple[int, int, tuple[int, ...]], ...]
"""A cell for each hour of the week in which anything was: (weekday from Monday, hour), tickets."""


@dataclass(frozen=True, slots=True)
class Line:
    """The figures of one `group` ("" where it has no name), about one thing (`about`: a metric, else ""). `target` is what the
    group promised in seconds, `guide` what the source guide says, (standard, world class), where all of it has the same."""

    group: str
    figures: dict[str, Figure] = field(hash=False)
    about: str = ""
    target: int | None = None
    guide: tuple[int | None, int | None] = (None, None)


@dataclass(frozen=True, slots=True)
class Period:
    """From `since` on, up to but not including `until`."""

    since: datetime
    until: datetime

    def holds(self, at: datetime) -> bool:
        return self.since <= at < self.until


class Ranked(NamedTuple):
    """A group, its share, and of how many that is."""

    group: str
    share: float
    n: int


@dataclass(frozen=True, slots=True)
class Report:
    """`whole` has no group; `lines` are by `by`. `heat` is what came, by the hour of the week. `ranked` are the groups, the worst first.

    Of staffing alone: `answered` is what was answered, `opened` the hours of the week in which the shop opens, `waits` how long what
    began in an hour of the week waited (rising), the longest first, and `pace` how many an agent answered in an hour, rising.
    """

    kind: str
    period: Period | None
    by: str
    whole: tuple[Line, ...] = ()
    lines: tuple[Line, ...] = ()
    heat: Heat = ()
    ranked: tuple[Ranked, ...] = ()
    answered: Heat = ()
    opened: frozenset[tuple[int, int]] = frozenset()
    waits: tuple[tuple[int, int, tuple[float, ...]], ...] = ()
    pace: tuple[int, ...] = ()

    @property
    def spread(self) -> float | None:
        """How far the best group is from the worst, as a share."""
        return self.ranked[-1].share - self.ranked[0].share if len(self.ranked) > 1 else None

    @property
    def telling(self) -> tuple[Ranked, ...]:
        """The groups, the worst first, whose share is of enough to say something."""
        return tuple(each for each in self.ranked if each.n >= LEAST)
