"""What is said and asked before an answer goes: that somebody else was quicker, the same text to the same person again, a file that
is spoken of and not there.

Promises: nothing is stopped; Enter sends where something is asked, the key that sends where something is said, once there was time to
read it. Refuses: deciding what counts (`engine.meanwhile`, `engine.twice`,
`core.forgotten`).
"""

import asyncio
from datetime import timedelta, tzinfo

from agentdesk.core.forgotten import speaks_of_file
from agentdesk.core.instant import moment
from agentdesk.core.model import Direction
from agentdesk.core.text import safe_line
from agentdesk.engine.meanwhile import Unread
from agentdesk.engine.twice import said_before
from agentdesk.i18n import tr
from agentdesk.screens.dialogs import Confirm
from agentdesk.screens.front import Front

READ_WITHIN = timedelta(seconds=2)
"""Whoever presses the key that sends sooner after a warning has not read it: the second press sends at once what the first has
written, so that two in a row are a habit."""


class Warned:
    """What somebody is warned of who is about to send. A warning keeps the answer back once, and for `READ_WITHIN`."""

    def __init__(self, home: Front) -> None:
        self._home = home
        self.read_to = 0
        """The place in the log up to which whoever writes has read the ticket."""
        self._said = ""
        self._at = home.desk.now()

    def begin(self, read_to: int) -> None:
        """The composer is opened, over the messages up to there."""
        self.read_to, self._said = read_to, ""

    def say(self, text: str) -> None:
        """Says why what is written does not go yet, or not whole."""
        self._said, self._at = text, self._home.desk.now()
        self._home.tell(text, bad=True)

    def stops(self, number: int) -> bool:
        """Whether an answer to the ticket of that number does not go yet, which is said: for what somebody else has said since the
        composer was opened, or since there was no time yet to read the last warning."""
        fresh = self._home.sight.open(number)
        newest = self._home.sight.feed.said_since(fresh.ticket.row.id, self.read_to) if fresh else None
        if fresh and newest:
            self.read_to = fresh.read_to
            self._home.paths.refresh_ticket()
            self.say(_overtaken(newest, self._home.settings.desk.tzinfo))
            return True
        if not self._said or abs(self._home.desk.now() - self._at) >= READ_WITHIN:
            return False
        self._home.tell(self._said, bad=True)
        return True


def _overtaken(newest: Unread, zone: tzinfo) -> str:
    """Why an answer does not go yet: somebody else was quicker."""
    if newest.direction != Direction.OUT:
        return tr("A message came in while you were writing: read it, then send again.")
    said = tr("Somebody has answered already ({name}, {time}): read it and send again.")
    time = moment(newest.at).astimezone(zone)
    return said.format(name=safe_line(newest.name), time=f"{time:%H:%M}")


async def ask_again(home: Front, ticket: str, text: str) -> bool | None:
    """Whether `text` goes to the customer of `ticket` once more, False where they have not had it; None where it is not to go. Asks only
    where they have had it."""
    said = await asyncio.to_thread(said_before, home.desk, ticket, text)
    if said is None:
        return False
    at = moment(said.at).astimezone(home.settings.desk.tzinfo)
    detail = tr("They got this very text on {day} in #{number}.").format(
        day=f"{at:%d/%m/%Y}", number=said.number
    )
    return True if await home.doing.ask(Confirm(tr("Send the same text again?"), detail)) else None


async def ask_without_file(home: Front, text: str) -> bool:
    """Whether `text` may go without a file; asks only where it speaks of one."""
    words = speaks_of_file(text)
    if not words:
        return True
    detail = tr('It says "{words}", and no file goes along; {key} adds one.').format(
        words=words, key=home.panes.footer.key_of("compose.attach")
    )
    return bool(await home.doing.ask(Confirm(tr("Send without a file?"), detail)))
