"""How much of what was pledged is kept: a share with its number and its interval.

Promises: only what is decided counts: kept in time, kept late, or broken; what is not due yet, or was renewed in time, is counted beside it. The interval is
Wilson's (1927) at 95 %, which says something true of small numbers too. Refuses: reading, and choosing a span of time.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from agentdesk.core.figures import wilson
from agentdesk.core.instant import stamp
from agentdesk.core.pledging import Outcome, PledgeView


@dataclass(frozen=True, slots=True)
class Kept:
    """`share` of `n` was kept in time, None where nothing is decided; it lies between `low` and `high`."""

    kept: int = 0
    late: int = 0
    broken: int = 0
    open: int = 0
    renewed: int = 0
    """Replaced in time by another one, which counts instead."""

    @property
    def n(self) -> int:
        return self.kept + self.late + self.broken

    @property
    def share(self) -> float | None:
        return self.kept / self.n if self.n else None

    @property
    def between(self) -> tuple[float, float] | None:
        return wilson(self.kept, self.n) if self.n else None


def kept(pledges: Iterable[PledgeView], now: datetime) -> Kept:
    """Of these, as they stand at `now`; what was dropped counts for nothing."""
    found = Counter(each.outcome(stamp(now)) for each in pledges)
    return Kept(
        found[Outcome.KEPT],
        found[Outcome.LATE],
        found[Outcome.BROKEN],
        found[Outcome.OPEN],
        found[Outcome.RENEWED],
    )
