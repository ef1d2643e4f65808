"""A phone call, written down on one screen: who, how long, what was said, and what comes next.

Promises: what was typed stays until it is kept, however the screen is left; what cannot be meant is said below, beside what was
typed. Refuses: markup in what is typed.
"""

import json
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from agentdesk.core.events import Event
from agentdesk.core.spokentime import closes_at
from agentdesk.core.text import safe_line
from agentdesk.core.views import QueueRow
from agentdesk.engine.call import Call, dialled, length, note_call
from agentdesk.engine.feed import keep_draft
from agentdesk.engine.note import CALL
from agentdesk.engine.when import no_time, when
from agentdesk.errors import DeskError
from agentdesk.i18n import tr
from agentdesk.screens.dialogs import line
from agentdesk.screens.front import Front
from agentdesk.values import dataclass
from agentdesk.widgets.typed import Line, Page

KIND = CALL
"""Where the unfinished text is kept: a draft of no ticket."""
KEPT_AFTER = 0.5
"""Seconds after the last key."""


async def note(home: Front) -> None:
    """Writes down a call, by default on the ticket that somebody is reading; whoever rings while the queue is looked at is
    asked for, since the line under the cursor is hardly about them."""
    row = home.row if home.panes.reading else None
    form = Form(row, home)
    found: Filled | None = await home.doing.ask(form)
    keep_draft(home.desk, KIND, KIND, form.said)
    if found is None:
        return
    ticket = home.sight.ticket_id(found.ticket) if found.ticket else None
    done: list[Event] = []
    if await home.doing.did(lambda: done.append(note_call(home.desk, found.call, ticket))):
        home.holding.forms[done[0].id] = form.said
        keep_draft(home.desk, KIND, KIND, "")
        home.tell(tr("The call is kept."), undo=True)


@dataclass(frozen=True, slots=True)
class Filled:
    """What the form says; `ticket` is a number, 0 for a call that opens one."""

    call: Call
    ticket: int


class Either(Static, can_focus=True):
    """One of a few, turned with the arrow keys or the space bar."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("right,space", "turn(1)", show=False),
        Binding("left", "turn(-1)", show=False),
    ]

    def __init__(self, choices: Sequence[tuple[str, str]], chosen: str = "") -> None:
        super().__init__("", classes="either")
        self._choices = tuple(choices)
        self._at = next((at for at, (value, _) in enumerate(self._choices) if value == chosen), 0)

    @property
    def value(self) -> str:
        return self._choices[self._at][0]

    def on_mount(self) -> None:
        self.action_turn(0)

    def action_turn(self, step: int) -> None:
        self._at = (self._at + step) % len(self._choices)
        self.update(Content(f"< {self._choices[self._at][1]} >"))

    def on_click(self) -> None:
        self.action_turn(1)


class Form(ModalScreen[Filled | None]):
    """The one screen; it opens with what was typed the last time. `about` is the ticket that is read."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False),
        Binding("ctrl+j,ctrl+enter", "keep", show=False, priority=True),
    ]

    def __init__(self, about: QueueRow | None, home: Front) -> None:
        super().__init__()
        self._home = home
        left = typed_before(home.sight.feed.draft(KIND, KIND))
        self._here = f"#{about.number}" if about else ""
        self._who = Line(left.get("who") or self._here, placeholder="+34 600 111 222", id="who")
        known = safe_line(about.customer_name) if about else ""
        self._called = Line(
            left.get("name", ""), placeholder=known or tr("the name, where it is new"), id="name"
        )
        self._by = Either((("in", tr("the customer called")), ("out", tr("we called"))), left.get("by", ""))
        self._took = Line(left.get("took", ""), placeholder="3:20", id="took")
        self._text = Page(left.get("text", ""), soft_wrap=True, tab_behavior="focus")
        self._then = Either(
            (
                ("done", tr("it is done")),
                ("open", tr("we owe an answer")),
                ("waits", tr("the customer comes back")),
            ),
            left.get("then", ""),
        )
        self._until = Line(left.get("until", ""), placeholder=tr("tomorrow 9:00, mañana 9, 2h"), id="until")
        self._below = Static("", classes="hint")

    @property
    def words(self) -> str:
        """What was typed of the call itself."""
        return self._text.text

    @property
    def said(self) -> str:
        """All that was typed, as its draft."""
        lines = {"name": self._called, "took": self._took, "until": self._until}
        typed = {"text": self.words, **{name: each.value for name, each in lines.items()}}
        begun = self._who.value != self._here or any(each.strip() for each in typed.values())
        chosen = {"who": self._who.value, "by": self._by.value, "then": self._then.value}
        return json.dumps({**chosen, **typed}) if begun else ""

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog wide form"):
            yield Static(Content(tr("A phone call")), classes="title")
            yield line(tr("with (a number, or #ticket)"), self._who, self._called)
            yield line(tr("who called, and how long"), self._by, self._took)
            yield Static(Content(tr("what was said, and what was promised")), classes="label")
            yield self._text
            yield line(tr("what comes next, and from when"), self._then, self._until)
            yield self._below

    def on_mount(self) -> None:
        self._below.update(Content(tr("[Ctrl+j] keep   [Tab] next field   [Esc] back; the text stays")))
        self.set_focus(self._text if self._who.value else self._who)
        self.set_interval(KEPT_AFTER, self._keep)

    def _keep(self) -> None:
        """The draft, if it changed; a full disk is said by whoever leaves."""
        if self.said != self._home.sight.feed.draft(KIND, KIND):
            with suppress(DeskError):
                keep_draft(self._home.desk, KIND, KIND, self.said)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.focus_next()

    def action_leave(self) -> None:
        self.dismiss(None)

    def action_keep(self) -> None:
        try:
            self.dismiss(self._filled())
        except ValueError as error:
            self._below.update(Content(f"! {error}"))
            self._below.add_class("wrong")

    def _filled(self) -> Filled:
        """What was typed; raises ValueError in words."""
        number, ticket = self._caller()
        if not self.words.strip():
            raise ValueError(tr("Say in a few words what it was about."))
        call = Call(
            text=self.words,
            number=number,
            name=self._called.value,
            ours=self._by.value == "out",
            seconds=self._length(),
            then=self._then.value,  # type: ignore[arg-type]  # one of the three above
            until=self._when(),
        )
        return Filled(call, ticket)

    def _length(self) -> int | None:
        try:
            return length(self._took.value)
        except ValueError:
            raise ValueError(tr("How long it took is written in minutes: 3 or 3:20.")) from None

    def _caller(self) -> tuple[str, int]:
        typed = self._who.value.strip()
        word = typed.removeprefix("#")
        if typed.startswith("#") and word.isascii() and word.isdigit():
            if self._home.sight.ticket_id(int(word)) is None:
                raise ValueError(tr("There is no ticket {name}.").format(name=typed))
            return "", int(word)
        try:
            return dialled(typed), 0
        except ValueError:
            raise ValueError(tr("Say who called: a telephone number, or the ticket it is about.")) from None

    def _when(self) -> datetime | None:
        typed = self._until.value.strip()
        if not typed:
            return None
        try:
            desk, zone = self._home.desk, self._home.settings.desk.tzinfo
            return when(typed, desk.now(), zone, closes_at(desk.policy.calendar, desk.now()))
        except ValueError:
            raise ValueError(no_time(typed)) from None


def typed_before(draft: str) -> dict[str, str]:
    """What a form was left with, by field."""
    try:
        found = json.loads(draft) if draft else {}
    except ValueError:
        return {"text": draft}  # as a call was kept before it had more than its text
    return {str(name): str(value) for name, value in found.items()} if isinstance(found, dict) else {}
