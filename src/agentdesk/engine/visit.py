"""A visit to an account's service: logged in, looked, and gone again.

Promises: nothing is taken in, and the connection is closed whatever happens. Refuses: the store.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, TypeVar

from agentdesk.channels import Channel, Identity, Outlook
from agentdesk.config import Account, Home
from agentdesk.engine import trouble
from agentdesk.engine.start import connector
from agentdesk.errors import DeskError

T = TypeVar("T")


def visit(home: Home, account: Account, ask: Callable[[Any], Awaitable[T]], word: str | None = None) -> T:
    """What `ask` brings back of the connector; `word` is a secret that is kept nowhere yet. Raises what the service does."""

    async def asked() -> T:
        channel = connector(home, account, word)
        try:
            return await ask(channel)
        finally:
            await channel.close()

    return asyncio.run(asked())


def look(home: Home, account: Account, now: datetime, word: str | None = None) -> Outlook:
    """What the headers of an account's mailbox say: how much there is and how many people wait."""
    seen: Outlook = visit(home, account, lambda channel: channel.outlook(now), word)
    return seen


def log_in(home: Home, account: Account) -> Identity:
    """Logs in and out again; raises ChannelError with the server's own words."""

    async def check(channel: Channel) -> Identity:
        try:
            return await channel.check()
        except DeskError as error:
            raise trouble.named(error, account) from None

    return visit(home, account, check)
