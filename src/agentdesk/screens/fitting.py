"""What the ticket at hand seems to be about, by the quick replies that fit what its customer wrote: what is to be chosen begins
with it.

Refuses: choosing.
"""

import asyncio

from agentdesk import quick
from agentdesk.core.views import QueueRow
from agentdesk.engine.phrase import about
from agentdesk.screens.front import Front


async def incident(home: Front, row: QueueRow) -> str | None:
    """What seems to have gone wrong; None where nothing says so."""

    def found() -> str | None:
        return about(home.desk, row, quick.load((home.place.config,)).replies)

    return await asyncio.to_thread(found)
