"""Shows a customer of a chat that somebody is writing: whoever types keeps a draft, and a fresh draft is the sign.

Promises: at most one request every few seconds and conversation, beside sending and never before it; a service that does not
take it changes nothing. Refuses: telling anybody what is typed.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import closing, suppress
from datetime import datetime, timedelta
from typing import Any

from agentdesk.engine.aside import ended
from agentdesk.engine.desk import Desk
from agentdesk.errors import DeskError
from agentdesk.store import draft

EVERY = timedelta(seconds=4)
"""Telegram's sign lasts five seconds, WhatsApp's twenty-five."""
AT_MOST = 5.0
"""Seconds that one request may take."""


class Attention:
    """For one account; `channel` is asked only where it has `attend`."""

    def __init__(self, desk: Desk, account: str, channel: Any) -> None:
        self._desk = desk
        self._account = account
        self._attend: Callable[[str], Awaitable[None]] | None = getattr(channel, "attend", None)
        self._last: dict[str, datetime] = {}
        self._task: asyncio.Task[None] | None = None
        self._typed_at: datetime | None = None

    @property
    def is_wanted(self) -> bool:
        """Whether somebody typed a moment ago; where nobody did, only a commit says that somebody does."""
        return self._typed_at is not None and self._desk.now() - self._typed_at <= EVERY

    def pay(self) -> None:
        """Looks whether somebody types; what is to be said is said beside."""
        if self._attend is None:
            return
        now = self._desk.now()
        if self._task is not None and not self._task.done():
            self._typed_at = now  # looked at again once that is said
            return
        with closing(self._desk.reader()) as connection:
            typed = draft.being_typed(connection, self._account, now - EVERY)
        if typed:
            self._typed_at = now
        due = [name for name in typed if now - self._last.get(name, now - 2 * EVERY) >= EVERY]
        if due:
            self._last.update(dict.fromkeys(due, now))
            self._task = asyncio.create_task(self._all(self._attend, due))

    async def aclose(self) -> None:
        """The channel is asked for nothing any more once this returns."""
        if self._task is not None:
            await ended(self._task)

    async def _all(self, attend: Callable[[str], Awaitable[None]], names: list[str]) -> None:
        for name in names:
            with suppress(DeskError, TimeoutError):
                await asyncio.wait_for(attend(name), AT_MOST)
