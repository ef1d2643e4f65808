"""Between the web and the shelf: one thread that writes, and bells for those who wait.

Promises: what comes at the same time is stored in one transaction, so that a burst costs few waits for the disk; a fetch that
waits is woken by what comes, and by the end of the program. Refuses: keeping anything in memory beyond the call that
brought it.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from agentdesk.errors import StoreError
from agentdesk.relay import Box, Hook, Limits
from agentdesk.relay.shelf import Found, Shelf

TIDY_EVERY = 600.0
"""Seconds between looks at what is too old."""
TOGETHER = 200
"""Hooks that are stored at once."""
_log = logging.getLogger(__name__)
_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True)
class Health:
    """`trouble` is empty where all is well; `fetching` are those who wait for something to come; sizes in bytes."""

    trouble: str
    fetching: int
    boxes: int
    waiting: int
    aside: int
    oldest_at: datetime | None
    used: int
    total: int
    disk_free: int


class Clerk:
    """Used in one event loop; `now` gives the time, aware."""

    def __init__(self, shelf: Shelf, limits: Limits, now: Callable[[], datetime]) -> None:
        self._shelf = shelf
        self._limits = limits
        self._now = now
        self._hand = ThreadPoolExecutor(1, "shelf")
        self._coming: list[tuple[Hook, asyncio.Future[int]]] = []
        self._writing: asyncio.Task[None] | None = None
        self._bells: dict[str, asyncio.Event] = {}
        self._fetching = 0
        self._ending = False
        self._trouble = ""

    async def keep(self, hook: Hook) -> int:
        """Stores it; returns its number once it is on the disk, 0 where the box is gone. Raises StoreError."""
        kept: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._coming.append((hook, kept))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write())
        return await asyncio.shield(kept)  # whoever goes away does not stop the others

    async def _write(self) -> None:
        while self._coming:
            coming, self._coming = self._coming[:TOGETHER], self._coming[TOGETHER:]
            hooks = [hook for hook, _ in coming]
            try:
                numbers, gone = await self._do(self._shelf.put, hooks, self._limits)
            except Exception as error:  # noqa: BLE001 - each caller is told, and the next may fare better
                self._failed(error)
                for _, kept in coming:
                    kept.set_exception(error)
                continue
            if self._trouble:
                _log.warning("stores again what comes")
                self._trouble = ""
            if gone:
                _log.warning("out of room: %d hooks that had been set aside as forged are deleted", gone)
            for (_, kept), number in zip(coming, numbers, strict=True):
                kept.set_result(number)
            for key in {hook.box for hook in hooks}:
                self._ring(key)

    def _failed(self, error: Exception) -> None:
        said = str(error.values["reason"]) if isinstance(error, StoreError) else type(error).__name__
        if said != self._trouble:
            _log.error("REFUSES WHAT COMES, NOTHING IS STORED: %s", said)
        self._trouble = said

    async def box(self, key: str) -> Box | None:
        return await self._do(self._shelf.box, key)

    async def fetch(self, box: Box, after: int, most: int, wait: float, *, aside: bool = False) -> Found:
        """What lies in the box after a number; where that is nothing, what comes within `wait` seconds."""
        ends = asyncio.get_running_loop().time() + wait
        while True:
            # Before the look, so that what comes meanwhile is not missed.
            bell = self._bells.setdefault(box.key, asyncio.Event())
            found = await self._do(self._shelf.found, box, after, most, aside=aside)
            left = ends - asyncio.get_running_loop().time()
            if found.hooks or found.last != after or left <= 0 or self._ending:
                return found
            self._fetching += 1
            try:
                await asyncio.wait_for(bell.wait(), left)
            except TimeoutError:
                return found
            finally:
                self._fetching -= 1

    async def let_go(self, box: Box, upto: int, aside: Sequence[int]) -> int:
        gone = await self._do(self._shelf.let_go, box, upto, aside)
        if aside:
            _log.warning("%s: %d hooks were refused as forged and are set aside", box.name, len(aside))
        return gone

    async def health(self) -> Health:
        """How full it is; raises StoreError where even that cannot be read."""
        return await self._do(self._health)

    def _health(self) -> Health:
        content, used, free = self._shelf.content(), self._shelf.used(), self._shelf.disk_free()
        trouble = self._trouble
        if used >= self._limits.total:
            trouble = trouble or "it holds all it may"
        elif free < self._limits.keep_free:
            trouble = trouble or "the disk is nearly full"
        return Health(
            trouble=trouble,
            fetching=self._fetching,
            boxes=len(self._shelf.boxes()),
            waiting=content.waiting,
            aside=content.aside,
            oldest_at=content.oldest_at,
            used=used,
            total=self._limits.total,
            disk_free=free,
        )

    @property
    def trouble(self) -> str:
        """Why what came last was not stored; empty where it was."""
        return self._trouble

    async def tidy(self) -> None:
        """Deletes what is older than it may be, now and from time to time, until cancelled."""
        while True:
            try:
                old = self._now() - timedelta(days=self._limits.days)
                for name, count in (await self._do(self._shelf.expire, old)).items():
                    _log.error(
                        "%s: %d hooks were not fetched within %g days and are deleted",
                        name, count, self._limits.days,
                    )  # fmt: skip
            except StoreError as error:
                _log.error("cannot delete what is too old: %s", error.values["reason"])
            await asyncio.sleep(TIDY_EVERY)

    def end(self) -> None:
        """Whoever waits gets an answer now; what comes later does not wait."""
        self._ending = True
        for key in tuple(self._bells):
            self._ring(key)

    async def close(self) -> None:
        """After `end`: finishes what is being written."""
        if self._writing is not None:
            await self._writing
        self._hand.shutdown()
        self._shelf.close()

    def _ring(self, key: str) -> None:
        if bell := self._bells.pop(key, None):
            bell.set()

    async def _do(self, what: Callable[..., _Result], *args: object, **more: object) -> _Result:
        return await asyncio.get_running_loop().run_in_executor(self._hand, partial(what, *args, **more))
