"""The life of the ticket at hand, to read: each step of its status, the newest last."""

import asyncio

from agentdesk import lived
from agentdesk.engine import life
from agentdesk.i18n import tr
from agentdesk.screens.dialogs import Read
from agentdesk.screens.front import Front


async def show(home: Front) -> None:
    row = home.row
    if row is None:
        return
    told = await asyncio.to_thread(life.of_ticket, home.desk, row.id)
    rows = lived.lines(told.turns, told.numbers, home.desk.now(), home.settings.desk.tzinfo)
    text = "\n".join(f"{when}  {where}\n   {words}" for when, where, words in rows)
    await home.doing.ask(Read(tr("The life of #{number}").format(number=row.number), text))
