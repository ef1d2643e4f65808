"""Changing what was sent: the text of a message of ours in the composer, or all of it taken back.

Promises: whether the channel does it, and still does, is asked before anything is typed; a change that is begun is kept as a
draft of its own. Refuses: undo; the customer may have seen it, so what helps is to change it once more.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

from agentdesk import present
from agentdesk.config import Account
from agentdesk.core.commands import Resolve
from agentdesk.core.instant import moment
from agentdesk.core.letter import Wish
from agentdesk.core.model import Address, OutFile
from agentdesk.core.text import safe_line
from agentdesk.core.views import MessageView, QueueRow
from agentdesk.engine import amend
from agentdesk.engine.fit import Takes, takes
from agentdesk.engine.reply import Written
from agentdesk.errors import RefusedError
from agentdesk.i18n import tr
from agentdesk.screens.dialogs import Confirm
from agentdesk.screens.front import Front

EDIT = "edit"


class Change:
    """Where a changed text goes: into a message of ours, in place of what it says."""

    kind = EDIT
    everybody = False
    does = ""
    cc: Sequence[str] = ()
    bcc: Sequence[str] = ()

    def __init__(self, home: Front, row: QueueRow, message: MessageView) -> None:
        self.home = home
        self.row = row
        self.message = message
        self.draft = f"{EDIT} {message.id}"
        self.to: list[str] = []
        self._takes: Takes | None = None

    @property
    def who(self) -> str:
        return safe_line(self.row.customer_name or self.row.identity.partition(":")[2])

    @property
    def account(self) -> Account | None:
        return self.home.settings.account(self.message.account)

    @property
    def text_max(self) -> int:
        return self._takes.text_max if self._takes else 0

    def title(self) -> str:
        """Whose message it is; what is done with it stands before."""
        glyphs = self.home.panes.queue.glyphs
        return glyphs.joined(self.who, self.time, present.channel(self.row.channel))

    @property
    def time(self) -> str:
        """When it was sent."""
        return f"{moment(self.message.received_at).astimezone(self.home.settings.desk.tzinfo):%H:%M}"

    def others(self) -> list[str]:
        return []

    def failing(self) -> str:
        return ""

    def fits(self, text: str, files: tuple[OutFile, ...]) -> None:
        """Raises RefusedError: the files stay as they are."""
        raise RefusedError(reason="only_text")

    async def agreed(self, text: str) -> tuple[Address, ...] | None:
        """It goes where the message went."""
        return ()

    async def choose(self) -> bool:
        self.home.tell(tr("Only the text of what was sent can be changed."))
        return False

    async def learn(self) -> None:
        if self.account is not None:
            made = await asyncio.to_thread(self.home.connect, self.home.place, self.account)
            self._takes = takes(made, self.row.channel)

    def writer(self, wish: Wish, *, resolve: bool) -> Callable[[Any], Written | None]:
        """Changes it, and resolves the ticket where that is wished."""
        desk, message, ticket = self.home.desk, self.message.id, self.row.id

        def write(channel: Any) -> None:
            amend.amend(desk, channel, message, wish.text)
            if resolve:
                desk.do(Resolve(ticket))

        return write


async def edit(home: Front) -> None:
    """Opens the composer on what the selected message says."""
    change = await _change(home, deletes=False)
    if change is not None:
        begun = home.writing.drafts.text(change.row.id, change.draft)
        home.writing.open(EDIT, begun or change.message.text, change)


async def delete(home: Front) -> None:
    """Takes the selected message back, once somebody has agreed to it."""
    change = await _change(home, deletes=True)
    if change is None or (account := change.account) is None:
        return
    question = tr("Take back what was sent to {who} at {time}?").format(who=change.who, time=change.time)
    message = change.message
    if await home.doing.ask(Confirm(question, message.text)) and await home.doing.did(
        lambda: amend.amend(home.desk, home.connect(home.place, account), message.id, None)
    ):
        home.paths.refresh_ticket()


async def _change(home: Front, *, deletes: bool) -> Change | None:
    """Of the message that is selected; None, and the reason is said, where its channel does not do what is wanted."""
    row, message = home.row, home.panes.conversation.selected()
    if row is None or message is None:
        return None
    change = Change(home, row, message)
    account = change.account
    if account is None:
        home.tell(tr("The account of this ticket is gone."), bad=True)
        return None

    def ask() -> None:
        amend.allowed(home.desk, home.connect(home.place, account), message.id, deletes=deletes)

    return change if await home.doing.did(ask) else None
