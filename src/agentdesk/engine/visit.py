"""A visit to an account's service: logged in, looked, and gone again.

Promises: nothing is taken in, and the connection is closed whatever happens. Refuses: the store.
"""

import asyncio
from datetime import datetime

from agentdesk.channels import Channel, Identity, Outlook
from agentdesk.config import Account, Home
from agentdesk.engine import trouble
from agentdesk.engine.start import connector
from agentdesk.errors import DeskError


def look(home: Home, account: Account, now: datetime) -> Outlook:
    """What the headers of an account's mailbox say: how much there is and how many people wait."""

    async def ask() -> Outlook:
        channel = connector(home, account)
        try:
            seen: Outlook = await channel.outlook(now)
            return seen
        finally:
            await channel.close()

    return asyncio.run(ask())


def log_in(home: Home, account: Account) -> Identity:
    """Logs in and out again; raises ChannelError with the server's own words."""

    async def ask() -> Identity:
        channel: Channel = connector(home, account)
        try:
            return await channel.check()
        except DeskError as error:
            raise trouble.named(error, account) from None
        finally:
            await channel.close()

    return asyncio.run(ask())
