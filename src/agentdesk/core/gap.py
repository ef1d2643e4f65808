"""What happened to time between two looks at the clocks: the laptop slept, or somebody set the clock.

Promises: pure. Two clocks that nobody can set tell sleep from a clock that was set: one that counts while the laptop sleeps
(`elapsed`), one that does not (`awake`). Where a system has only one, time that goes faster than it is taken for sleep, which
is the likelier by far; a clock that was set back is known in any case. Refuses: changes of the zone and of summer time, which
change how an instant is read and no instant: all here is UTC.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from agentdesk.values import dataclass

ASLEEP = timedelta(minutes=2)
"""A shorter sleep is nobody's business."""
JUMP = timedelta(seconds=5)
"""Clocks are set by less than that all the time."""


class Kind(StrEnum):
    """`slept`: nothing here ran, the laptop slept or the program was stopped; `closed`: the program was not open; `forward` and
    `back`: the clock was set."""

    SLEPT = "slept"
    CLOSED = "closed"
    FORWARD = "forward"
    BACK = "back"


@dataclass(frozen=True, slots=True)
class Look:
    """The clocks at one moment: the time of day, and seconds awake and elapsed since anything; `elapsed` is None where the
    system has no such clock."""

    at: datetime
    awake: float
    elapsed: float | None = None


@dataclass(frozen=True, slots=True)
class Gap:
    """From `began` to `ended` nobody could look; of a clock that was set, what it said before and after."""

    kind: Kind
    began: datetime
    ended: datetime

    @property
    def span(self) -> timedelta:
        return abs(self.ended - self.began)


@dataclass(frozen=True, slots=True)
class Came:
    """What came in a gap: `messages` of so many customers, promises that ended; `windows` end soon, the first at `window_at`."""

    messages: int = 0
    customers: int = 0
    missed: int = 0
    windows: int = 0
    window_at: datetime | None = None

    @property
    def is_news(self) -> bool:
        return bool(self.messages or self.missed or self.windows)


def between(before: Look, now: Look) -> Gap | None:
    """What happened between two looks, where they are usually less than a second apart; None for nothing."""
    said = now.at - before.at
    awake = timedelta(seconds=now.awake - before.awake)
    elapsed = awake
    if now.elapsed is not None and before.elapsed is not None:
        elapsed = timedelta(seconds=now.elapsed - before.elapsed)
        set_by = said - elapsed
    else:
        set_by = min(said - awake, timedelta())  # forward would be sleep
        elapsed = max(said, awake)
    if set_by <= -JUMP:
        return Gap(Kind.BACK, before.at + elapsed, now.at)
    if set_by >= JUMP and elapsed < ASLEEP:
        return Gap(Kind.FORWARD, before.at + elapsed, now.at)
    return Gap(Kind.SLEPT, before.at, now.at) if elapsed >= ASLEEP else None
