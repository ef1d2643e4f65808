"""What is asked before an answer goes: the same text to the same person again, a file that is spoken of and not there.

Promises: nothing is stopped; Enter sends. Refuses: deciding what counts (`engine.twice`, `core.forgotten`).
"""

import asyncio

from agentdesk.core.forgotten import speaks_of_file
from agentdesk.core.instant import moment
from agentdesk.engine.twice import said_before
from agentdesk.i18n import tr
from agentdesk.screens.dialogs import Confirm
from agentdesk.screens.front import Front


async def ask_again(home: Front, ticket: str, text: str) -> bool:
    """Whether `text` may go to the customer of `ticket`; asks only where they have had it."""
    said = await asyncio.to_thread(said_before, home.desk, ticket, text)
    if said is None:
        return True
    at = moment(said.at).astimezone(home.settings.desk.tzinfo)
    detail = tr("They got this very text on {day} in #{number}.").format(
        day=f"{at:%d/%m/%Y}", number=said.number
    )
    return bool(await home.doing.ask(Confirm(tr("Send the same text again?"), detail)))


async def ask_without_file(home: Front, text: str) -> bool:
    """Whether `text` may go without a file; asks only where it speaks of one."""
    words = speaks_of_file(text)
    if not words:
        return True
    detail = tr('It says "{words}", and no file goes along; {key} adds one.').format(
        words=words, key=home.panes.footer.key_of("compose.attach")
    )
    return bool(await home.doing.ask(Confirm(tr("Send without a file?"), detail)))
