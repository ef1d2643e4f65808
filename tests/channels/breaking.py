"""Work that is broken off at one of its awaits, whichever that is: as if whoever did it had been cancelled there."""

from asyncio import CancelledError
from collections.abc import Coroutine, Generator
from functools import partial
from types import coroutine
from typing import Any


async def broken_off(work: Coroutine[Any, Any, object], at: int) -> int:
    """Does `work`, which is cancelled at its `at`-th await (0: at none); gives how many there were."""
    return await _steps(work, at)


@coroutine
def _steps(work: Coroutine[Any, Any, object], at: int) -> Generator[Any, Any, int]:
    awaits, step = 0, partial(work.send, None)
    try:
        while True:
            waited_for, awaits = step(), awaits + 1
            if awaits == at:
                step = partial(work.throw, CancelledError())
                continue
            try:
                step = partial(work.send, (yield waited_for))
            except BaseException as error:  # noqa: BLE001 - it is for `work` to say what it makes of it
                step = partial(work.throw, error)
    except (StopIteration, CancelledError):
        return awaits
