"""From a thread that reads to a coroutine that commits, a few things at a time.

Promises: the thread waits while nobody takes what it has; either side can end it at any moment and the
other notices at once; an error of the thread comes out where the things come out. Refuses: unbounded
queues, and threads that keep a process alive.
"""

import asyncio
import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Generic, TypeVar

T = TypeVar("T")


class Ended(Exception):  # noqa: N818 - not an error: what a thread is told when nobody listens any more
    """Nobody takes anything any more."""


class Handover(Generic[T]):
    """Made in the event loop; `put` is for the thread, everything else for the loop."""

    def __init__(self, depth: int) -> None:
        self._loop = asyncio.get_running_loop()
        self._depth = depth
        self._things: deque[T] = deque()
        self._change = threading.Condition()
        self._ended = False
        self._failure: BaseException | None = None
        self._thread: threading.Thread | None = None
        self._wake = asyncio.Event()
        self.finished = asyncio.Event()

    def start(self, name: str, work: Callable[[], None]) -> None:
        """Runs `work` in a daemon thread; its end or its error ends the handover."""
        self._thread = threading.Thread(target=self._run, args=(work,), name=name, daemon=True)
        self._thread.start()

    def put(self, thing: T) -> None:
        """Hands over, waiting for room; raises Ended."""
        with self._change:
            while len(self._things) >= self._depth and not self._ended:
                self._change.wait()
            if self._ended:
                raise Ended
            self._things.append(thing)
        self._tell(self._wake)

    async def get(self) -> T:
        """The next thing; raises what the thread raised, and Ended after the last."""
        while True:
            with self._change:
                if self._things:
                    self._change.notify_all()
                    return self._things.popleft()
                if self._failure is not None:
                    raise self._failure
                if self._ended:
                    raise Ended
                self._wake.clear()
            await self._wake.wait()

    async def end(self, within: float) -> None:
        """Ends both sides and gives the thread `within` seconds to go."""
        with self._change:
            self._ended = True
            self._things.clear()
            self._change.notify_all()
        self._wake.set()
        if self._thread is not None:
            with suppress(TimeoutError):
                # Not `wait_for`: before Python 3.12 it forgets a cancellation that comes with the answer.
                async with asyncio.timeout(within):
                    await self.finished.wait()

    def _run(self, work: Callable[[], None]) -> None:
        try:
            work()
        except Ended:
            pass
        except BaseException as error:  # noqa: BLE001 - it comes out of `get`, whatever it is
            self._failure = error
        finally:
            with self._change:
                self._ended = True
            self._tell(self._wake)
            self._tell(self.finished)

    def _tell(self, event: asyncio.Event) -> None:
        # The loop may be closed by now: then nobody listens.
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(event.set)


async def in_thread(name: str, work: Callable[[], T], undo: Callable[[T], object] = lambda _: None) -> T:
    """What `work` gives, done in a daemon thread; given up, what it gives later is undone."""
    handover: Handover[T] = Handover(1)

    def run() -> None:
        made = work()
        try:
            handover.put(made)
        except Ended:
            undo(made)

    handover.start(name, run)
    try:
        return await handover.get()
    finally:
        await handover.end(0)
