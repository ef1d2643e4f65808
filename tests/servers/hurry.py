"""A time that goes faster: an hour of waiting, backing off and asking again in minutes, with nothing about it changed.

Every wait of an event loop made here is so many times shorter, a library's timeouts among them, and `Hurry.now` is the date
by the same clock. What computes or writes to the disk takes as long as ever.
"""

import asyncio
import selectors
import time
from datetime import UTC, datetime, timedelta


class _Selector(selectors.DefaultSelector):  # type: ignore[misc,valid-type]  # its class depends on the system
    speed = 1.0

    def select(self, timeout=None):
        return super().select(timeout / self.speed if timeout and timeout > 0 else timeout)


class _Loop(asyncio.SelectorEventLoop):
    def __init__(self, speed: float) -> None:
        selector = _Selector()
        selector.speed = speed
        self._speed, self._began = speed, time.monotonic()
        super().__init__(selector)

    def time(self) -> float:
        return self._began + (time.monotonic() - self._began) * self._speed


class Hurry(asyncio.DefaultEventLoopPolicy):
    """The loops of a process, `speed` times as fast. Set as its policy, in a process of its own."""

    def __init__(self, speed: float) -> None:
        super().__init__()
        self.speed = speed
        self._began, self._base = time.monotonic(), datetime.now(UTC)  # noqa: TID251 - the services' clock is the machine's

    def new_event_loop(self) -> asyncio.AbstractEventLoop:
        return _Loop(self.speed)

    def now(self) -> datetime:
        return self._base + timedelta(seconds=(time.monotonic() - self._began) * self.speed)
