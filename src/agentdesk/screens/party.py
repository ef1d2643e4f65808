"""Writing to a third party: a message passed on to somebody new, or the next one to who was asked before.

Promises: whom it goes to stands above the text, in another colour than an answer to the customer; the draft belongs to that
address and opens for no other. Refuses: sending by anything but mail.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

from agentdesk import present
from agentdesk.actions import READING
from agentdesk.config import Account
from agentdesk.config.checks import mail_address
from agentdesk.core.letter import Wish
from agentdesk.core.model import Address, OutFile
from agentdesk.core.text import safe_line
from agentdesk.core.views import MessageView, QueueRow
from agentdesk.engine import forward
from agentdesk.engine.addressed import PARTY, party_draft
from agentdesk.engine.fit import Takes, fits, takes
from agentdesk.engine.forward import Passed
from agentdesk.engine.reply import Written
from agentdesk.errors import DeskError
from agentdesk.i18n import tr, tr_n
from agentdesk.screens.dialogs import Ask
from agentdesk.screens.front import Front


class Party:
    """Where a mail to a third party goes. `answers` goes on with one; else `passes` is passed on (None: nothing is)."""

    kind = PARTY
    everybody = False
    text_max = 0
    does = ""
    cc: Sequence[str] = ()
    bcc: Sequence[str] = ()

    def __init__(
        self,
        home: Front,
        row: QueueRow,
        to: tuple[str, ...],
        *,
        answers: str | None = None,
        passes: MessageView | None = None,
    ) -> None:
        self.home = home
        self.row = row
        self.to = list(to)
        self.draft = party_draft(to)
        self._answers = answers
        self._passes = passes
        self._takes: Takes | None = None

    @property
    def who(self) -> str:
        return ", ".join(map(safe_line, self.to))

    @property
    def account(self) -> Account | None:
        try:
            return forward.mailbox(self.home.settings, self.row)
        except DeskError:
            return None

    def title(self) -> str:
        """What goes along; who gets it stands below."""
        parts = [f"#{self.row.number}"]
        if self._passes is not None:
            name = safe_line(self._passes.name or (self._passes.identity or "").partition(":")[2])
            n = len(self._passes.attachments)
            parts.append(tr("passes on what {name} wrote").format(name=name))
            parts += [tr_n("{n} file", "{n} files", n).format(n=n)] if n else []
        return self.home.panes.queue.glyphs.joined(*parts)

    def others(self) -> list[str]:
        """Nobody else: a third party is answered alone."""
        return []

    def failing(self) -> str:
        return ""

    async def agreed(self, text: str) -> tuple[Address, ...] | None:
        """It goes to whom it says."""
        return tuple(Address("", each) for each in self.to)

    async def choose(self) -> bool:
        self.home.tell(tr("A third party is written to by mail."))
        return False

    async def learn(self) -> None:
        if self.account is not None:
            made = await asyncio.to_thread(self.home.connect, self.home.place, self.account)
            self._takes = takes(made, forward.EMAIL)

    def fits(self, text: str, files: tuple[OutFile, ...]) -> None:
        """Raises RefusedError for what a mail does not take."""
        fits(text, files, self._takes)

    def writer(self, wish: Wish, *, resolve: bool) -> Callable[[Any], Written]:
        """What writes it, in whatever thread."""
        desk, settings, row = self.home.desk, self.home.settings, self.row
        if self._answers is not None:
            message = self._answers
            return lambda channel: forward.answer(desk, settings, channel, row, message, wish)
        chosen = (self._passes.id,) if self._passes else ()
        passed = Passed(wish.to, wish.text, chosen, files=wish.files)
        return lambda channel: forward.pass_on(desk, settings, channel, row, passed)


def answer(home: Front) -> None:
    """Answers whoever wrote the message that is selected: a third party, or else the customer."""
    message = home.panes.conversation.selected() if home.panes.where == READING else None
    row = home.row
    if row is None or message is None or message.audience != "party":
        home.paths.write("reply")
        return
    to = forward.to_whom(home.desk, row.id, message.id)
    if not to:
        home.tell(tr("Nobody is there to answer: the message names no sender."), bad=True)
        return
    home.writing.open(PARTY, to=Party(home, row, to, answers=message.id))


async def pass_on(home: Front) -> None:
    """Passes the message that is selected, or else the customer's last, to a third party by mail."""
    if home.row is None:
        return
    chosen = home.panes.conversation.selected() if home.panes.where == READING else None
    if home.sight.opened is None or not home.panes.reading:
        home.paths.open(home.row.number)
    opened = home.sight.opened
    if opened is None:
        return
    row = opened.ticket.row
    if chosen is None or chosen.direction == "note":
        said = [each for each in opened.messages if each.direction == "in" and each.mail_class == "human"]
        chosen = said[-1] if said else None
    if chosen is None:
        home.tell(present.refusal("nothing_to_pass_on", {}), bad=True)
        return
    try:
        forward.mailbox(home.settings, row)
    except DeskError as error:
        home.doing.fail(error)
        return
    before = forward.parties(home.desk, row.id)
    name = safe_line(chosen.name or (chosen.identity or "").partition(":")[2])
    hint = tr("by mail, with its files: what {name} wrote; the customer does not see it").format(name=name)
    typed = await home.doing.ask(
        Ask(tr("To whom is it passed on?"), before[0] if before else "", hint, wrong=_wrong)
    )
    if typed and typed.strip():
        to = tuple(mail_address(each).lower() for each in typed.replace(",", " ").split())
        home.writing.open(PARTY, to=Party(home, row, to, passes=chosen))


def _wrong(text: str) -> str:
    """Why what is typed is no list of addresses; empty while nothing is typed."""
    for each in text.replace(",", " ").split():
        try:
            mail_address(each)
        except ValueError as error:
            return f"{safe_line(each)}: {error}"
    return ""
