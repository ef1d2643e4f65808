"""Writing: the composer opened on a ticket, its draft kept as it is typed, and what happens when it is sent.

Nothing typed is lost: the draft is saved half a second after the last key, when the composer closes and when the program is
told to end; what cannot be saved is kept (`drafts`). A placeholder that is not filled in, and a message that came in
meanwhile, stop the first attempt to send.
"""

import asyncio
import mimetypes
import os
import shlex
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path

from agentdesk import present, undelivered
from agentdesk.actions import WRITING
from agentdesk.core.letter import Wish
from agentdesk.core.model import Address, OutFile
from agentdesk.core.replies import blanks
from agentdesk.core.text import safe_line
from agentdesk.core.views import MessageView, QueueRow
from agentdesk.engine import reply
from agentdesk.engine.note import note
from agentdesk.errors import DeskError
from agentdesk.i18n import tr
from agentdesk.screens.dialogs import Ask, Choice, Pick, matching
from agentdesk.screens.drafts import Drafts
from agentdesk.screens.front import Front

REPLY, NOTE = "reply", "note"


class Writing:
    """What is being written, if anything."""

    def __init__(self, home: Front) -> None:
        self.home = home
        self.kind = REPLY
        self.row: QueueRow | None = None
        self.files: list[OutFile] = []
        self.everybody = False
        self._seen: str | None = None
        self.drafts = Drafts(home.desk, home.sight.feed)
        self._saved = ""

    @property
    def active(self) -> bool:
        return self.row is not None

    @property
    def ticket(self) -> str | None:
        """The ticket that is being answered."""
        return self.row.id if self.row else None

    def open(self, kind: str, text: str | None = None) -> None:
        """The composer on the ticket that is open, with `text` or else its draft."""
        home = self.home
        opened = home.sight.opened
        if opened is None:
            return
        if self.active:
            self._put_by()
        self.kind, self.row = kind, opened.ticket.row
        self.files, self.everybody = [], False
        self._seen = opened.messages[-1].id if opened.messages else None
        self._saved = self.drafts.text(self.row.id, kind)
        home.panes.composer.open(kind, self.title(), self._saved if text is None else text)
        self._put_by()
        self._dress()
        home.panes.conversation.new_since(opened.messages[-1].received_at if opened.messages else None)
        home.panes.focus(home.panes.composer)
        home.panes.lay_out()

    def title(self) -> str:
        """Who gets it, from where, and what goes along; or that nobody outside ever sees it."""
        row = self.row
        if row is None:
            return ""
        who = row.customer_name or row.identity.partition(":")[2]
        if self.kind == NOTE:
            return f"#{row.number} {who}"
        account = self.home.settings.account(row.account)
        parts = [
            tr("Answer to {who}").format(who=who),
            present.channel(row.channel),
            row.language or "",
            tr("from {address}").format(address=account.address) if account else "",
        ]
        return " · ".join(part for part in parts if part)

    def _dress(self) -> None:
        """Who gets it, the choice to answer everybody where there is one, and what goes along."""
        row, composer = self.row, self.home.panes.composer
        composer.attach((file.name, present.size(len(file.data))) for file in self.files)
        if row is None or self.kind == NOTE:
            return
        whom, others = self.home.sight.window.to_whom(row.id), self._others()
        to = list(whom.to) if whom else [row.identity.partition(":")[2]]
        composer.recipients(
            to,
            others if self.everybody else [],
            everybody=self.everybody if others else None,
            failing=next(filter(None, map(self._failing, to)), ""),
        )

    def _failing(self, address: str) -> str:
        """Why mail to this address came back the last time; empty where it did not."""
        card = self.home.sight.card()
        codes = [code for _, each, code in card.failing if each == address] if card else []
        return undelivered.failing(codes[0]) if codes else ""

    def _others(self) -> list[str]:
        """Whom answering everybody would add: the other people of the newest message from outside."""
        opened, row = self.home.sight.opened, self.row
        if opened is None or row is None:
            return []
        newest = next((m for m in reversed(opened.messages) if _spoke(m)), None)
        people = (*newest.to, *newest.cc) if newest else ()
        customer = row.identity.partition(":")[2]
        return [
            address
            for address in dict.fromkeys(people)
            if address not in self.home.desk.own and address != customer
        ]

    def save(self) -> None:
        """The draft, if it changed, and what could not be saved before; raises DeskError."""
        text = self.home.panes.composer.text
        if self.row is not None and text != self._saved:
            self._saved = text
            self.drafts.keep(self.row.id, self.kind, text)
        self.drafts.save()

    def close(self) -> None:
        """Closes the composer; the draft stays."""
        self._put_by()
        self._shut()

    def _put_by(self) -> None:
        """Saves, or says why that cannot be done now; what was typed is not lost."""
        try:
            self.save()
        except DeskError as error:
            self.home.doing.fail(error)

    def _shut(self) -> None:
        panes = self.home.panes
        self.row = None
        if panes.where == WRITING:
            panes.focus(panes.conversation)
        panes.composer.close()
        panes.conversation.new_since(None)
        panes.lay_out()
        self.home.paths.refresh_ticket()

    async def send(self, *, resolve: bool = False) -> None:
        """Sends, or lets what is held go at once; says why where it cannot."""
        home, row = self.home, self.row
        text = home.panes.composer.text if row else ""
        if not text.strip() and home.holding.current:
            await home.holding.release()
            return
        if row is None:
            home.tell(tr("Nothing is being written."), bad=True)
            return
        if not text.strip():
            home.tell(tr("There is nothing to send yet."), bad=True)
            return
        if self.kind == NOTE:
            if await home.doing.did(lambda: note(home.desk, row.id, text)):
                self._sent(tr("The note is kept."))
            return
        if left := blanks(text):
            home.panes.composer.to_blank(first=True)
            home.tell(tr("{blank} is still to be filled in").format(blank=left[0]), bad=True)
            return
        if self._news():
            home.tell(tr("A message came in while you were writing: read it, then send again."), bad=True)
            return
        account = home.settings.account(row.account)
        if account is None:
            home.tell(tr("The account of this ticket is gone."), bad=True)
            return
        to = await self._agreed(row.id)
        if to is None:
            return
        wish = Wish(text, everybody=self.everybody, to=to, files=tuple(self.files))
        done: list[reply.Written] = []

        def write() -> None:
            channel = home.connect(home.place, account)
            done.append(reply.write(home.desk, home.settings, channel, row.id, wish, resolve=resolve))

        if await home.doing.did(write):
            self._sent("")
            home.paths.move_on(row.id)
            home.holding.add(done[0], row, text)

    async def _agreed(self, ticket: str) -> tuple[Address, ...] | None:
        """Asks who gets the answer where the mail wants somebody else than its sender to; None where nobody said."""
        whom = self.home.sight.window.to_whom(ticket)
        if whom is None or not whom.elsewhere:
            return ()
        choices = [Choice(whom.sender, whom.sender, tr("who wrote"))]
        choices += [
            Choice(each, each, tr("whom the mail asks for")) for each in whom.to if each != whom.sender
        ]
        question = tr("The mail asks for the answer to go to somebody else. Who gets it?")
        chosen = await self.home.doing.ask(Pick(question, matching(choices)))
        return (Address("", chosen),) if chosen else None

    def _news(self) -> bool:
        """Whether somebody else wrote since the composer was opened; the next attempt to send goes through."""
        fresh = self.home.sight.open(self.row.number) if self.row else None
        newest = fresh.messages[-1] if fresh and fresh.messages else None
        if newest is None or newest.id == self._seen or newest.direction == "note":
            return False
        self._seen = newest.id
        self.home.paths.refresh_ticket()
        return True

    def _sent(self, text: str) -> None:
        row, kind = self.row, self.kind
        self._shut()
        if text:
            self.home.tell(text)
        if row is not None:
            with suppress(DeskError):  # it went: the draft goes as soon as the disk allows
                self.drafts.keep(row.id, kind, "")

    async def attach(self) -> None:
        """Adds a file by its path."""
        typed = await self.home.doing.ask(
            Ask(tr("Which file goes along?"), hint=tr("a path; ~ is your home"))
        )
        if not typed or not typed.strip():
            return
        path = Path(typed.strip())
        try:
            name, data = await asyncio.to_thread(_read, path)
        except OSError as error:
            self.home.tell(f"{path}: {error.strerror or error}", bad=True)
            return
        media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
        self.files.append(OutFile(safe_line(name), media_type, data))
        self._dress()

    def toggle_everybody(self) -> None:
        if self.kind == REPLY and self._others():
            self.everybody = not self.everybody
            self._dress()
        else:
            self.home.tell(tr("There is nobody else to answer."))

    def next_blank(self) -> None:
        """To the next blank, or to the next pane where none is left."""
        if not self.home.panes.composer.to_blank():
            self.home.panes.next()

    def editor(self) -> None:
        """Goes on in $EDITOR; what was written comes back into the composer."""
        home = self.home
        command = shlex.split(os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi")
        before = home.panes.composer.text
        try:
            with tempfile.NamedTemporaryFile("w+", suffix=".txt", encoding="utf-8") as file:
                file.write(before)
                file.flush()
                with home.app.suspend():
                    subprocess.run([*command, file.name], check=False)  # noqa: S603 - the user's own editor
                text = Path(file.name).read_text("utf-8", "replace")
        except OSError as error:
            home.tell(f"{command[0]}: {error.strerror or error}", bad=True)
            return
        if before.strip() and not text.strip():  # an editor that finds no room leaves an empty file
            home.tell(tr("The editor left nothing: the text is as it was."), bad=True)
            return
        home.panes.composer.rewrite(text)
        self._put_by()


def _spoke(message: MessageView) -> bool:
    """It came from outside, and a delivery report is nobody's word."""
    return message.direction == "in" and message.mail_class != "bounce"


def _read(path: Path) -> tuple[str, bytes]:
    full = path.expanduser()
    return full.name, full.read_bytes()
