"""Looking at a service again and again: what a look that was ended does is nobody's business any more."""

import asyncio
import gc
from datetime import UTC, datetime

from agentdesk.channels import Batch
from agentdesk.channels.pump import Look, Pump
from agentdesk.errors import UnreachableError

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


def test_a_look_that_fails_as_it_is_ended_is_no_mistake_in_the_log():
    complaints = []

    async def story():
        asyncio.get_running_loop().set_exception_handler(lambda _, about: complaints.append(about))
        pump, looks = Pump(lambda: NOW), []

        async def look(cursor, may_wait):
            looks.append(cursor)
            if len(looks) == 2:
                pump.nudge()
                try:
                    await asyncio.Event().wait()
                finally:
                    raise UnreachableError(reason="reset")
            return Look(Batch(str(len(looks))), keep=True)

        async for _ in pump.batches(None, look, once=False):
            if len(looks) >= 3:
                break
        await pump.close()

    asyncio.run(story())
    gc.collect()
    assert complaints == []
