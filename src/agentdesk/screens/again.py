"""What is said and asked before an answer goes: that somebody else was quicker, the same text to the same person again, a file that
is spoken of and not there.

Promises: nothing is stopped; Enter sends where something is asked, the key that sends where something is said, once there was time to
read it. Refuses: deciding what counts (`engine.twice`, `core.forgotten`).
"""

import asyncio
from collections.abc import Sequence
from datetime import timedelta, tzinfo

from agentdesk.core.forgotten import speaks_of_file
from agentdesk.core.instant import moment
from agentdesk.core.text import safe_line
from agentdesk.core.views import MessageView
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
        self._seen: str | None = None
        self._said = ""
        self._at = home.desk.now()

    def begin(self, messages: Sequence[MessageView]) -> None:
        """The composer is opened, over these messages."""
        self._seen, self._said = messages[-1].id if messages else None, ""

    def say(self, text: str) -> None:
        """Says why what is written does not go yet, or not whole."""
        self._said, self._at = text, self._home.desk.now()
        self._home.tell(text, bad=True)

    def stops(self, number: int) -> bool:
        """Whether an answer to the ticket of that number does not go yet, which is said: for what somebody else has said since the
        composer was opened, or since there was no time yet to read the last warning."""
        fresh = self._home.sight.open(number)
        newest = _said_since(fresh.messages, self._seen) if fresh else None
        if newest is not None:
            self._seen = newest.id
            self._home.paths.refresh_ticket()
            self.say(_overtaken(newest, self._home.settings.desk.tzinfo))
            return True
        if not self._said or abs(self._home.desk.now() - self._at) >= READ_WITHIN:
            return False
        self._home.tell(self._said, bad=True)
        return True


def _overtaken(newest: MessageView, zone: tzinfo) -> str:
    """Why an answer does not go yet: somebody else was quicker."""
    if newest.way == "in":
        return tr("A message came in while you were writing: read it, then send again.")
    said = tr("Somebody has answered already ({name}, {time}): read it and send again.")
    time = moment(newest.received_at).astimezone(zone)
    return said.format(name=safe_line(newest.name), time=f"{time:%H:%M}")


def _said_since(messages: Sequence[MessageView], seen: str | None) -> MessageView | None:
    """The newest message after the one that was `seen` that came in or answered the customer."""
    at = next((n for n, each in enumerate(messages, 1) if each.id == seen), max(0, len(messages) - 1))
    new = [m for m in messages[at:] if m.direction in {"in", "from_party", "out"} and not m.hidden]
    return new[-1] if new else None


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
