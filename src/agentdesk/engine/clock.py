"""The one place that reads the clocks, and the ids that begin with one."""

import os
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import UUID

from agentdesk.core.gap import Look

_ELAPSED = getattr(time, "CLOCK_BOOTTIME", None)
_AWAKE = time.CLOCK_MONOTONIC
if hasattr(time, "CLOCK_UPTIME_RAW"):  # macOS: the monotonic clock goes on in sleep
    _ELAPSED, _AWAKE = time.CLOCK_MONOTONIC, time.CLOCK_UPTIME_RAW


def now() -> datetime:
    """The time, aware, in UTC."""
    return datetime.now(UTC)  # noqa: TID251 - the one clock


def look(at: datetime | None = None) -> Look:
    """All clocks at once; `at` stands for the time of day where that is another's."""
    elapsed = None if _ELAPSED is None else time.clock_gettime(_ELAPSED)
    return Look(at or now(), time.clock_gettime(_AWAKE), elapsed)


def uuid7(at: datetime) -> str:
    """A UUIDv7 for `at`: sorts by time, made without asking anybody (RFC 9562, section 5.7)."""
    value = int(at.timestamp() * 1000) << 80 | int.from_bytes(os.urandom(10))
    value = value & ~(0xF << 76) | 0x7 << 76
    return str(UUID(int=value & ~(0x3 << 62) | 0x2 << 62))


def fresh_ids() -> Iterator[str]:
    """Endless UUIDv7 texts, for any number of threads at once: a generator would refuse the second."""
    return iter(lambda: uuid7(now()), "")


def ticks() -> float:
    """Seconds that only go forward: for time limits, never for dates."""
    return time.monotonic()


def pause(seconds: float) -> None:
    """Waits."""
    threading.Event().wait(seconds)
