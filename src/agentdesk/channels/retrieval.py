"""Fetching the file of a message from a service that may be unwell just now.

Promises: an address that has died is asked for anew; while the service is ill the look fails and comes again, so that no picture
is lost to a bad minute, be it the first one after a night with the laptop closed; a file that is gone, or that was waited for
long enough, is left out and its message stops nobody. Refuses: waiting for ever, since all that came after it waits too.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

from agentdesk.channels.web import Reply, TooLongError
from agentdesk.errors import ChannelError, LoginError

TRIES = 3
PATIENCE = timedelta(minutes=10)
"""How long a file is waited for, from the first time that it was not to be had."""
YOUNG = timedelta(days=1)
"""How old a message may be whose file is waited for by a desk that looks once and ends, and so forgets when the first time was."""

Ask = Callable[[], Awaitable[Reply | None]]
"""Asks for the address and for what lies there; None where the service itself says that there is no such file."""


Lasts = Callable[[], bool]
"""Whether the file of a message is still waited for."""


class Patience:
    """Whether the files of a message are still waited for. `once`: the desk looks once and ends."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._tried: dict[str, datetime] = {}
        self.once = False

    def lasts(self, message: str, came_at: datetime) -> bool:
        """Asked where a file was not to be had; the first time for a message, its wait begins."""
        now = self._clock()
        first = self._tried.setdefault(message, now)
        return now - first < PATIENCE and (not self.once or now - came_at < YOUNG)


async def retrieved(
    ask: Ask,
    lasts: Lasts,
    error: Callable[[str], ChannelError],
    pause: Callable[[float], Awaitable[Any]] = asyncio.sleep,
) -> bytes | None:
    """The bytes of a file, None where it is not to be had; raises ChannelError while the patience with an ill service `lasts`, made by
    `error` where the service has an HTTP status alone."""
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
    if ill is not None and lasts():
        raise ill
    return None
