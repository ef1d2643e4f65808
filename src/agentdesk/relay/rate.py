"""How often somebody may call: so many a second on average, twenty seconds' worth at once.

Promises: memory for the callers of late only. Refuses: waiting; who calls too often is told so.
"""

from collections import OrderedDict
from collections.abc import Callable

BURST = 20.0
"""Seconds whose worth may come at once, since a service sends in bursts."""
KNOWN = 10_000
"""Callers that are remembered."""


class Rate:
    """For each caller a bucket that fills by itself; `ticks` are seconds that only go forward."""

    def __init__(self, a_second: float, ticks: Callable[[], float]) -> None:
        self._a_second = a_second
        self._ticks = ticks
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def allows(self, caller: str) -> bool:
        """Whether this call is within the rate; then it counts."""
        now, most = self._ticks(), self._a_second * BURST
        left, at = self._buckets.pop(caller, (most, now))
        left = min(most, left + (now - at) * self._a_second)
        allowed = left >= 1
        self._buckets[caller] = (left - 1 if allowed else left, now)
        if len(self._buckets) > KNOWN:
            self._buckets.popitem(last=False)
        return allowed
