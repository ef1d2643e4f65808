"""What is said where the row under the cursor leaves the view though nobody here did anything: which one, and by whom.

Promises: who and why stand there where the ticket's last step was made just now. Refuses: acts of this console, which say it
themselves.
"""

import asyncio
from datetime import timedelta

from agentdesk import lived
from agentdesk.core.instant import moment
from agentdesk.core.views import QueueRow
from agentdesk.engine import life
from agentdesk.i18n import tr
from agentdesk.screens.front import Front

LATELY = timedelta(minutes=1)
"""A step that is older is not why it left."""


async def tell(home: Front, row: QueueRow) -> None:
    told = await asyncio.to_thread(life.of_ticket, home.desk, row.id)
    now, last = home.desk.now(), told.turns[-1] if told.turns else None
    if last is None or now - moment(last.at) > LATELY:
        home.tell(tr("#{number} is no longer in this view.").format(number=row.number))
        return
    why = lived.why(last, told.numbers, now, home.settings.desk.tzinfo)
    said = tr("#{number} is no longer in this view ({who}: {why}).")
    home.tell(said.format(number=row.number, who=lived.who(last), why=why))
