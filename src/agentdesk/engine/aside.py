"""Something slow, done while the keys go on: in a thread that nothing waits for once nobody wants its answer any more; and how what
goes on beside is ended."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

from agentdesk.channels.handover import in_thread

T = TypeVar("T")

LOOK_EVERY = 0.25
"""Seconds between two times that a task is told to end."""


async def aside(work: Callable[[], T]) -> T:
    """What `work` gives, or raises; a console that ends meanwhile waits for nothing."""
    return await in_thread("aside", work)


async def ended(task: "asyncio.Task[None]") -> None:
    """Ends a task, however often it has to be told: before Python 3.12 a library that waits with `wait_for` may forget
    a cancellation that comes with the answer."""
    while not task.done():
        task.cancel()
        await asyncio.wait({task}, timeout=LOOK_EVERY)
    if not task.cancelled():
        task.exception()  # looked at already, or of no interest any more
