"""Looks at a service again and again: what every connector does that asks and is not told.

Promises: the next look asks with the cursor that was taken, so that nothing is confirmed that is not committed; a nudge,
from any thread, ends a wait at once; so does closing; a fault is waited out, longer each time, and said in `trouble`; a service
that answers and has nothing new is told from one that hangs, every `QUIET`. Refuses: knowing what is looked at.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from agentdesk.channels import Batch
from agentdesk.errors import CertificateError, ChannelError, InsecureError, LoginError, SecretError
from agentdesk.values import dataclass

FIRST_WAIT, LONGEST_WAIT = 1.0, 60.0
ASKED_AT_MOST = 300.0
"""Seconds that are waited at most because a service asks for it."""
QUIET = timedelta(minutes=1)
"""How often it is handed over that a service has answered although nothing is new; each time costs a commit."""
_ENDS_WITHIN = 1.5
_INCURABLE = (LoginError, CertificateError, InsecureError, SecretError)


@dataclass(frozen=True, slots=True)
class Look:
    """What one look found; `more` says that there is more to see at once, `keep` that the cursor is to be kept although nothing
    came."""

    batch: Batch
    more: bool = False
    keep: bool = False

    @property
    def is_empty(self) -> bool:
        batch = self.batch
        return not (batch.arrivals or batch.flagged or batch.gone or batch.gaps or self.keep)


Looking = Callable[[str | None, bool], Awaitable[Look]]
"""Looks from a cursor on; True: it may wait for something to come."""


class Pump:
    """The looks of one connector; made anew for each, used in one event loop at a time."""

    def __init__(
        self,
        clock: Callable[[], datetime],
        *,
        pause: Callable[[float], Awaitable[Any]] = asyncio.sleep,
        between: float = 0.0,
    ) -> None:
        """`between`: seconds from one look to the next, where a look does not wait by itself."""
        self._clock = clock
        self._pause = pause
        self._between = between
        self._running: dict[asyncio.Task[Any], asyncio.AbstractEventLoop] = {}
        self._wakers: dict[asyncio.Event, asyncio.AbstractEventLoop] = {}
        self._closed = False
        self._faults = 0
        self.trouble: ChannelError | None = None

    async def batches(self, cursor: str | None, look: Looking, *, once: bool) -> AsyncIterator[Batch]:
        """Everything from `cursor` on; unless `once`, for ever."""
        self._closed = False
        woken = asyncio.Event()
        self._wakers[woken] = asyncio.get_running_loop()
        may_wait, asked, began = False, True, self._clock()
        told = began
        try:
            while not self._closed:
                found = await self._looked(woken, look(cursor, may_wait), once=once)
                nudged = woken.is_set()
                woken.clear()
                is_due = asked or abs(self._clock() - told) >= QUIET
                if found is not None and (found.more or is_due or not found.is_empty):
                    told = self._clock()
                    yield replace(found.batch, pass_began_at=None if found.more else began)
                    cursor, asked = found.batch.cursor, asked and found.more
                if found is not None and not found.more:
                    if once:
                        return
                    if self._between and not nudged:
                        await self._ended_by(woken, self._pause(self._between))
                    may_wait, began = True, self._clock()
                if nudged:
                    may_wait, asked, began = False, True, self._clock()
        finally:
            self._wakers.pop(woken, None)

    async def _looked(self, woken: asyncio.Event, looking: Awaitable[Look], *, once: bool) -> Look | None:
        """One look; None where it was ended, or where it failed and the wait for the next is over."""
        try:
            found: Look | None = await self._ended_by(woken, looking)
        except ChannelError as error:
            if once or isinstance(error, _INCURABLE):
                raise
            self.trouble, self._faults = error, self._faults + 1
            await self._ended_by(woken, self._pause(_wait(self._faults, error)))
            return None
        if found is not None:
            self.trouble, self._faults = None, 0
        return found

    async def _ended_by(self, woken: asyncio.Event, work: Awaitable[Any]) -> Any:
        """What `work` gives, or None where it was ended by a nudge or by closing."""
        task = asyncio.ensure_future(work)
        waiting = asyncio.ensure_future(woken.wait())
        self._running[task] = asyncio.get_running_loop()
        try:
            await asyncio.wait({task, waiting}, return_when=asyncio.FIRST_COMPLETED)
            return task.result() if task.done() and not task.cancelled() else None
        finally:
            self._running.pop(task, None)
            waiting.cancel()
            if not task.done():
                task.cancel()
                await asyncio.wait({task})
            if not task.cancelled():
                task.exception()  # a fault of a look that nobody waits for any more is of no interest

    def nudge(self) -> None:
        """Asks for a look now; from any thread, without effect where none runs."""
        for woken, loop in tuple(self._wakers.items()):
            loop.call_soon_threadsafe(woken.set)

    async def close(self) -> None:
        """Ends every look."""
        self._closed = True
        self.nudge()
        mine = [task for task, loop in self._running.items() if loop is asyncio.get_running_loop()]
        for task in mine:
            task.cancel()
        if mine:
            await asyncio.wait(mine, timeout=_ENDS_WITHIN)


def _wait(faults: int, error: ChannelError) -> float:
    asked = min(error.values.get("after") or 0.0, ASKED_AT_MOST)
    return float(max(asked, min(FIRST_WAIT * 2.0 ** min(faults - 1, 10), LONGEST_WAIT)))
