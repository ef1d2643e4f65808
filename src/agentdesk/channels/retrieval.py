"""Fetching the file of a message from a service that may be unwell just now.

Promises: an address that has died is asked for anew; while the service is ill and the message is young, the look fails and comes
again, so that no picture is lost to a bad minute; an old message, or a file that is gone, comes in without it and stops nobody.
Refuses: waiting for a file longer than `PATIENCE`: all that came after it waits too.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from agentdesk.channels.web import Reply, TooLongError
from agentdesk.errors import ChannelError, LoginError

TRIES = 3
PATIENCE = timedelta(minutes=10)
"""How old a message may be whose file is waited for."""

Ask = Callable[[], Awaitable[Reply | None]]
"""Asks for the address and for what lies there; None where the service itself says that there is no such file."""


async def retrieved(
    ask: Ask,
    age: timedelta,
    error: Callable[[str], ChannelError],
    pause: Callable[[float], Awaitable[Any]] = asyncio.sleep,
) -> bytes | None:
    """The bytes of a file of a message of that age, None where it is not to be had; raises ChannelError, made by `error` where
    the service has an HTTP status alone."""
    ill: ChannelError | None = None
    for attempt in range(TRIES):
        if attempt:
            await pause(float(attempt))
        try:
            reply = await ask()
        except LoginError:
            raise
        except TooLongError:
            return None
        except ChannelError as caught:
            ill = caught
        else:
            if reply is None or reply.status == 200:
                return reply.data if reply else None
            if reply.status == 429 or reply.status >= 500:
                ill = error(f"a file: HTTP {reply.status}")
    if ill is not None and age < PATIENCE:
        raise ill
    return None
