"""What lies between a thread and the event loop ends whenever either side wants it to."""

import asyncio
import threading

import pytest

from agentdesk.channels.handover import Handover


def test_a_wish_to_end_is_not_lost_when_the_thread_ends_in_the_same_moment():
    async def both_at_once() -> None:
        handover: Handover[int] = Handover(1)
        over = threading.Event()
        handover.start("reads", lambda: over.wait(10))
        ending = asyncio.ensure_future(handover.end(10))
        await asyncio.sleep(0)
        handover.finished.set()
        ending.cancel()
        over.set()
        await ending

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(both_at_once())
