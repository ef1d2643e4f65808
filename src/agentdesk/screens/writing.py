"""Writing: the composer opened on a ticket, its draft kept as it is typed, and what happens when it is sent.

Nothing typed is lost: the draft is saved half a second after the last key, when the composer closes and when the program is
told to end; what cannot be saved is kept (`drafts`). A placeholder that is not filled in, and a message that came in
meanwhile, stop the first attempt to send.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from agentdesk import present
from agentdesk.actions import WRITING
from agentdesk.core.letter import Wish
from agentdesk.core.macro import both
from agentdesk.core.model import Acts, OutFile
from agentdesk.core.replies import QuickReply, blanks
from agentdesk.core.views import MessageView, QueueRow
from agentdesk.engine.addressed import remembered
from agentdesk.engine.note import note
from agentdesk.engine.reply import Written
from agentdesk.errors import DeskError
from agentdesk.i18n import tr
from agentdesk.screens.again import Warned, ask_without_file
from agentdesk.screens.colleague import tell
from agentdesk.screens.destination import Destination, heard
from agentdesk.screens.drafts import Drafts
from agentdesk.screens.enclosing import Enclosing
from agentdesk.screens.front import Front, Reaches
from agentdesk.screens.intent import Intent
from agentdesk.screens.saying import Saying

REPLY, NOTE, PARTY = "reply", "note", "party"
PEOPLE = "people"
"""The kind of draft that says who gets an answer."""


class Writing:
    """What is being written, if anything."""

    def __init__(self, home: Front) -> None:
        self.home = home
        self.kind = REPLY
        self.row: QueueRow | None = None
        self.enclosing: Enclosing | None = None  # what goes along; None while nothing is written
        self.to: Reaches | None = None  # where it goes; None for a note
        self.saying = Saying(home)
        self.intent: Intent | None = None
        """What macros will do with it; None for a note."""
        self.warned = Warned(home)
        self.drafts = Drafts(home.desk, home.sight.feed)
        self._saved = ""
        self._began = self._changed = False

    @property
    def active(self) -> bool:
        return self.row is not None

    @property
    def ticket(self) -> str | None:
        """The ticket that is being answered."""
        return self.row.id if self.row else None

    def open(self, kind: str, text: str | None = None, to: Reaches | None = None) -> None:
        """The composer on the ticket that is open, with `text` or else its draft; `to` is a third party, or a message that is changed."""
        home = self.home
        opened = home.sight.opened
        if opened is None:
            return
        if self.active:
            self.put_by()
        self.kind, self.row = kind, opened.ticket.row
        home.panes.footer.noting = kind == NOTE
        self.to = to or (Destination(home, self.row) if kind == REPLY else None)
        self.enclose()
        self._remember_people()
        self.intent = Intent(home, self.drafts, self.row.id) if kind == REPLY else None
        self.warned.begin(opened.read_to)
        self._saved = self.drafts.text(self.row.id, _draft(self.to))
        self._began, self._changed = bool(self._saved.strip()), False
        anew = not (text or self._saved).strip()  # an answer that is taken back comes with its text
        if self.intent and anew:
            self.intent.forget()
        first = kind == REPLY and home.settings.send.checks and _is_first(opened.messages)
        title = _title(self.to, self.row)
        home.panes.composer.open(kind, title, self._saved if text is None else text, first=first)
        self.put_by()
        self.saying.begin(self.row if isinstance(self.to, Destination) and kind == REPLY else None, anew=anew)
        self.dress()
        if self.to:
            home.run_worker(self._learn(self.to), group="channel")
        home.panes.conversation.new_since(opened.messages[-1].received_at if opened.messages else None)
        home.panes.focus(home.panes.composer)
        home.panes.lay_out()

    def enclose(self) -> None:
        """The files of the draft, as it says now."""
        draft = self.to.draft if self.to and self.kind != NOTE else ""
        self.enclosing = Enclosing(self.home, self.row.id, draft) if self.row else None

    def _remember_people(self) -> None:
        """Who was chosen for the draft gets it; of an answer that went nobody is left."""
        to, row = self.to, self.row
        if not isinstance(to, Destination) or row is None or to.people is not None:
            return
        if self.drafts.text(row.id, REPLY).strip():
            to.people = remembered(self.drafts.text(row.id, PEOPLE))

    def dress(self) -> None:
        """Who gets it and by which way, the choice to answer everybody where there is one, and what goes along."""
        row, composer, to = self.row, self.home.panes.composer, self.to
        does = self.intent.words if self.intent else to.does if to else ""
        files = self.enclosing.places if self.enclosing else ()
        composer.attach(((each.name, present.size(each.size)) for each in files), does)
        if row is None or to is None:
            return
        others = to.others()
        composer.recipients(
            to.to,
            to.cc,
            to.bcc,
            everybody=to.everybody if others else None,
            failing=to.failing(),
            heard=heard(to),
            title=to.title(),
            most=to.text_max,
        )

    async def _learn(self, to: Reaches) -> None:
        """What the channel takes; the composer says how much of it is left."""
        await to.learn()
        if self.to is to:
            self.dress()

    async def switch(self) -> None:
        """By another channel of the customer's, on purpose."""
        if self.to is None or self.kind == NOTE:
            self.home.tell(tr("A note goes to nobody."))
        elif await self.to.choose():
            self.dress()
            await self._learn(self.to)

    async def tell(self) -> None:
        """With this note the customer is told by when they hear, or not any more."""
        if self.row is None or self.kind != NOTE:
            self.home.tell(tr("Only beside a note (R) is the customer told by when."))
            return
        self.to = None if self.to else await tell(self.home, self.row)
        self.home.panes.composer.recipients()
        self.dress()

    def save(self) -> None:
        """The draft, if it changed, and what could not be saved before; raises DeskError."""
        text = self.home.panes.composer.text
        if self.row is not None and text != self._saved:
            if self.intent and self._saved.strip() and not text.strip():
                self.intent.forget()
                self.saying.forget()
                self.dress()
            self._saved, self._changed = text, True
            self._began = self._began or bool(text.strip())
            self.drafts.keep(self.row.id, _draft(self.to), text)
        self.drafts.save()

    def close(self) -> None:
        """Closes the composer; the draft stays. Whoever emptied it has no use for its files either."""
        self.put_by()
        if self.enclosing and self._began and not self.home.panes.composer.text.strip():
            with suppress(DeskError):  # kept with the next draft that can be
                self.enclosing.drop(self.enclosing.places)
        self._shut()
        self.home.panes.queue.reload(self.home.desk.now())  # its row says that there is a draft

    def put_by(self) -> None:
        """Saves, also what was changed here and is not in the draft any more, or says why that cannot be done now; what was typed
        is not lost."""
        try:
            text = self.home.panes.composer.text
            if self.row and self._changed and not self.drafts.hold(self.row.id, _draft(self.to), text):
                self._saved = ""  # it is saved anew
            self.save()
        except DeskError as error:
            self.home.doing.fail(error)

    def _shut(self) -> None:
        panes = self.home.panes
        self.row = self.to = self.intent = self.enclosing = None
        if panes.where == WRITING:
            panes.focus(panes.conversation)
        panes.composer.close()
        panes.conversation.new_since(None)
        panes.lay_out()
        self.home.paths.refresh_ticket()

    async def send(
        self, *, resolve: bool = False, until: datetime | None = None, at: datetime | None = None
    ) -> None:
        """Sends, or lets what is held go at once; says why where it cannot. The ticket is then resolved, or sleeps `until` a time.
        `at` a time it goes, instead of at once."""
        home, row = self.home, self.row
        text = home.panes.composer.text if row else ""
        if not text.strip() and home.holding.current:
            await home.holding.release()
            return
        if row is None or not text.strip():
            nothing = tr("There is nothing to send yet.") if row else tr("Nothing is being written.")
            home.tell(nothing, bad=True)
            return
        to = self.to
        if to is None and not until and not at:
            if await home.doing.did(lambda: note(home.desk, row.id, text)):
                home.tell(_left() if self._sent(row, to, text) else tr("The note is kept."))
            return
        if left := blanks(text) if to else ():
            home.panes.composer.to_blank(first=True)
            home.tell(tr("{blank} is still to be filled in").format(blank=left[0]), bad=True)
            return
        reason = _not_so(to, resolve=resolve, sleeps=until is not None, waits=at is not None)
        if reason or to is None or to.account is None:
            home.tell(reason or tr("The account of this ticket is gone."), bad=True)
            return
        account = to.account
        if self.warned.stops(row.number):
            return
        along = self.enclosing
        files = await _along(home, along, to, text)
        agreed = None if files is None else await to.agreed(text)
        if files is None or agreed is None:
            return
        acts = both(self.intent.acts if self.intent else Acts(), Acts(until=until))
        wish = Wish(text, everybody=to.everybody, to=agreed, files=files, acts=acts, at=at)
        wish = replace(self.saying.confirmed(wish), read_to=self.warned.read_to)
        done: list[Written | None] = []
        write = to.writer(wish, resolve=resolve)
        if await home.doing.did(lambda: done.append(write(home.connect(home.place, account)))):
            more = self._sent(row, to, text, along)
            if written := done[0]:
                if not self.active:
                    home.paths.move_on(row.id)
                home.holding.add(written, row, text, to)
            if more:
                home.tell(_left())
        elif self.row is row:
            self.warned.stops(row.number)  # what came in at the last moment is shown

    def _sent(self, row: QueueRow, to: Reaches | None, text: str, along: Enclosing | None = None) -> bool:
        """`text` went: it is no draft any more. Whether more was typed while it went, which is one; another ticket that was
        opened meanwhile stays open."""
        rest, kind = "", _draft(to)
        if self.row is row and self.to is to:
            written = self.home.panes.composer.text
            rest = written.removeprefix(text) if written.strip() != text.strip() else ""
            self._shut()
        with suppress(DeskError):  # it went: the draft goes as soon as the disk allows
            self.drafts.keep(row.id, kind, rest)
            if kind == REPLY:
                self.drafts.keep(row.id, PEOPLE, "")
            if along:
                along.went()
        return bool(rest)

    def will(self, macro: QuickReply) -> None:
        """With the answer `macro` does what it does."""
        if self.intent is None:
            self.home.tell(tr("A note does nothing: of the macro only the text was taken."), bad=True)
            return
        self.intent.add(macro)
        self.dress()

    def toggle_everybody(self) -> None:
        if self.to is not None and self.to.others():
            self.to.everybody = not self.to.everybody
            self.dress()
        else:
            self.home.tell(tr("There is nobody else to answer."))

    def next_blank(self) -> None:
        """To the next blank, or to the next pane where none is left."""
        if not self.home.panes.composer.to_blank():
            self.home.panes.next()


async def _along(home: Front, along: Enclosing | None, to: Reaches, text: str) -> tuple[OutFile, ...] | None:
    """The files that go with `text`; None where it does not go yet, because one of them is gone or one is missed."""
    wanted = len(along.places) if along else 0
    files = await along.files() if along else ()
    if len(files) < wanted:
        return None  # which is said; the next attempt goes without it
    if to.kind == REPLY and not files and not await ask_without_file(home, text):
        return None
    return files


def _left() -> str:
    return tr("What was typed while it was being sent is kept as a draft.")


def _not_so(to: Reaches | None, *, resolve: bool, sleeps: bool, waits: bool) -> str:
    """Why what is written cannot go that way; empty where it can."""
    is_answer = to is not None and to.kind == REPLY
    if sleeps and (to is None or to.kind == PARTY):
        return tr("Only an answer to the customer puts a ticket off with it.")
    if waits and not is_answer:
        return tr("Only an answer to the customer waits for a time.")
    if resolve and to is not None and to.kind == NOTE:
        return tr(
            "The customer is told by when we answer, so the ticket is not done yet: keep it without resolving."
        )
    if resolve and to is not None and to.kind == PARTY:
        return tr("A ticket that waits for a third party is not done yet: send without resolving.")
    return ""


def _draft(to: Reaches | None) -> str:
    """The kind of draft that it is."""
    return to.draft if to else NOTE


def _is_first(messages: Sequence[MessageView]) -> bool:
    """Whether somebody wrote to us and has had no answer yet, as far as is seen."""
    return any(each.direction == "in" for each in messages) and all(
        each.direction != "out" or each.is_call for each in messages
    )


def _title(to: Reaches | None, row: QueueRow) -> str:
    who = row.customer_name or row.identity.partition(":")[2]
    return to.title() if to else f"#{row.number} {who}"
