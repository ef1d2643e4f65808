"""Writing first: to whom, by which account, about what, and the text, on one screen.

Promises: what is typed is kept as it is typed and is there again the next time, however the screen is left; whom the channel lets
nobody write to first is said below, beside what was typed. Refuses: sending to anybody but who stands there.
"""

import json
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from agentdesk import present
from agentdesk.config import Account
from agentdesk.core.text import safe_line
from agentdesk.engine.feed import keep_draft
from agentdesk.engine.first import Whom, can_begin, known, whom, write_first
from agentdesk.engine.reply import Written
from agentdesk.errors import DeskError
from agentdesk.i18n import tr
from agentdesk.screens.call import KEPT_AFTER, Either, typed_before
from agentdesk.screens.dialogs import line
from agentdesk.screens.front import Front
from agentdesk.widgets.typed import Line, Page

KIND = "new"
"""Where the unfinished message is kept: a draft of no ticket."""


async def begin(home: Front) -> None:
    """Starts a ticket with a message of ours."""
    accounts = [each for each in home.settings.accounts if can_begin(each)]
    if not accounts:
        home.tell(tr("No account here lets a shop write first: account add email."), bad=True)
        return
    form = Form(home, accounts)
    ready: Ready | None = await home.doing.ask(form)
    if ready is None:
        return
    account, to, subject, text = ready
    done: list[Written] = []

    def write() -> None:
        channel = home.connect(home.place, account)
        done.append(write_first(home.desk, home.settings, channel, account, to, subject, text))

    if await home.doing.did(write):
        keep_draft(home.desk, KIND, KIND, "")
        home.paths.open(home.sight.window.number(done[0].ticket) or 0)
        if home.row is not None:
            home.holding.add(done[0], home.row, text, began=form.said)


def again(home: Front, words: str) -> None:
    """What was taken back before it went; the form shows it the next time."""
    keep_draft(home.desk, KIND, KIND, words)
    home.tell(tr("Taken back: nothing was sent. What you wrote is still there."))


Ready = tuple[Account, Whom, str, str]


class Form(ModalScreen[Ready | None]):
    """The one screen; it opens with what was typed the last time."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False),
        Binding("ctrl+j,ctrl+enter", "send", show=False, priority=True),
    ]

    def __init__(self, home: Front, accounts: list[Account]) -> None:
        super().__init__()
        self._home = home
        self._accounts = {each.id: each for each in accounts}
        words = typed_before(home.sight.feed.draft(KIND, KIND))
        self._who = Line(
            words.get("to", ""), placeholder=tr("maria@example.com, or a customer's name"), id="who"
        )
        self._by = Either(
            [(each.id, f"{safe_line(each.name)} ({present.channel(each.channel)})") for each in accounts]
        )
        self._subject = Line(words.get("subject", ""), placeholder=tr("mail only"), id="subject")
        self._text = Page(words.get("text", ""), soft_wrap=True, tab_behavior="focus")
        self._below = Static("", classes="hint")

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog wide form"):
            yield Static(Content(tr("Write first")), classes="title")
            yield line(tr("to whom, and by which account"), self._who, self._by)
            yield line(tr("subject"), self._subject)
            yield self._text
            yield self._below

    def on_mount(self) -> None:
        self._hint()
        self.set_focus(self._text if self._text.text.strip() else self._who)
        self.set_interval(KEPT_AFTER, self._keep)

    def _hint(self) -> None:
        self._below.update(Content(tr("[Ctrl+j] send   [Tab] next field   [Esc] back; the text stays")))
        self._below.remove_class("wrong")

    @property
    def _account(self) -> Account:
        return self._accounts[self._by.value]

    @on(Input.Changed, "#who")
    def _look(self, event: Input.Changed) -> None:
        """Known customers of that name, as it is typed."""
        typed = event.value.strip()
        found = known(self._home.desk, self._account, typed) if len(typed) > 1 and "@" not in typed else ()
        if found:
            self._below.remove_class("wrong")
            self._below.update(Content("  ".join(f"{safe_line(n)} {safe_line(a)}".strip() for a, n in found)))
        else:
            self._hint()

    def _keep(self) -> None:
        """The draft, if it changed; a full disk is said by whoever leaves."""
        text = self.said
        if text != self._home.sight.feed.draft(KIND, KIND):
            try:
                keep_draft(self._home.desk, KIND, KIND, text)
            except DeskError as error:
                self._wrong(str(error))

    @property
    def said(self) -> str:
        """All that was typed, as its draft."""
        words = {"to": self._who.value, "subject": self._subject.value, "text": self._text.text}
        return json.dumps(words) if any(each.strip() for each in words.values()) else ""

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.focus_next()

    def action_leave(self) -> None:
        self._keep()
        self.dismiss(None)

    def action_send(self) -> None:
        """Once what was typed before has reached its field."""
        self.call_later(self._send)

    def _send(self) -> None:
        self._keep()
        if not self._text.text.strip():
            self._wrong(tr("There is nothing to send yet."))
            return
        try:
            to = whom(self._home.desk, self._account, self._who.value)
        except DeskError as error:
            self._wrong(present.problem(error).detail)
            return
        if to.channel == "email" and not self._subject.value.strip():
            self._wrong(tr("A mail needs a subject."))
            return
        self.dismiss((self._account, to, self._subject.value, self._text.text))

    def _wrong(self, text: str) -> None:
        self._below.update(Content(f"! {safe_line(text)}"))
        self._below.add_class("wrong")
