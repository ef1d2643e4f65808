"""Something slow, done while the keys go on: in a thread that nothing waits for once nobody wants its answer any more."""

from collections.abc import Callable
from typing import TypeVar

from agentdesk.channels.handover import in_thread

T = TypeVar("T")


async def aside(work: Callable[[], T]) -> T:
    """What `work` gives, or raises; a console that ends meanwhile waits for nothing."""
    return await in_thread("aside", work)
