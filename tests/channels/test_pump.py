"""Looking at a service again and again: what a look that was ended does is nobody's business any more."""

import asyncio
import gc
from datetime import UTC, datetime, timedelta

import pytest

from agentdesk.channels import Batch
from agentdesk.channels.pump import Look, Pump
from agentdesk.errors import ChannelError, LoginError, UnreachableError

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


def test_a_service_that_asks_to_be_left_alone_is_left_alone_for_so_long_and_not_for_ever():
    waits, asked = [], [None, 7.0, 86_400.0, None]

    async def story():
        async def pause(seconds):
            waits.append(seconds)

        pump = Pump(lambda: NOW, pause=pause)

        async def look(cursor, may_wait):
            if asked:
                raise ChannelError(reason="too many", after=asked.pop(0))
            return Look(Batch("1"), keep=True)

        async for _ in pump.batches(None, look, once=False):
            await pump.close()

    asyncio.run(story())
    assert waits == [1.0, 7.0, 300.0, 8.0]


def test_a_service_that_answers_and_has_nothing_new_says_so_once_a_minute():
    """Whoever looks at the account can then tell a quiet one from one that hangs, and the rest of the looks cost nothing."""
    at, passes, looks = NOW, [], 0

    async def story():
        pump = Pump(lambda: at)

        async def look(cursor, may_wait):
            nonlocal at, looks
            looks += 1
            at += timedelta(seconds=20)
            if looks > 12:
                raise LoginError(reason="enough")
            return Look(Batch("1"))

        stream = pump.batches("1", look, once=False)
        while batch := await anext(stream):
            passes.append((at - NOW, batch.pass_began_at is not None))

    with pytest.raises(LoginError):
        asyncio.run(story())
    assert passes == [(timedelta(seconds=each), True) for each in (20, 80, 140, 200)]
