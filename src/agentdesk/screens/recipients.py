"""To, Cc and Bcc of the mail that is being written: a small form of three lines.

Promises: what is no address, or one of ours, is said by name and the form stays; Esc keeps what was typed; who was chosen stands above the text and is kept with
the draft. Refuses: a channel that knows no copies.
"""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from agentdesk import present
from agentdesk.core.model import Address, is_chat
from agentdesk.core.text import safe_line
from agentdesk.engine.addressed import People, addresses
from agentdesk.errors import DeskError, RefusedError
from agentdesk.i18n import tr
from agentdesk.screens.destination import Destination
from agentdesk.screens.dialogs import Kept, line
from agentdesk.screens.front import Front
from agentdesk.widgets.typed import Line

PEOPLE = "people"


class Form(Kept, ModalScreen[People | None]):
    """Opens with who gets it now; Enter goes to the next line and takes all in the last one."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False),
        Binding("ctrl+j,ctrl+enter", "take", show=False, priority=True),
    ]

    def __init__(self, ticket: str, people: People, own: frozenset[str]) -> None:
        super().__init__()
        self.topic = f"recipients {ticket}"
        self._own = own
        self._lines = {
            "to": Line(_typed(people.to), select_on_focus=False),
            "cc": Line(_typed(people.cc), select_on_focus=False),
            "bcc": Line(_typed(people.bcc), select_on_focus=False),
        }
        self._below = Static("", classes="hint")

    @property
    def typed(self) -> str:
        return "\n".join(each.value for each in self._lines.values())

    def resume(self, words: str) -> None:
        for each, value in zip(self._lines.values(), words.split("\n"), strict=True):
            each.value = value

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog wide form"):
            yield Static(Content(tr("Who gets this mail?")), classes="title")
            yield line(tr("to"), self._lines["to"])
            yield line(tr("copy to"), self._lines["cc"])
            yield line(tr("blind copy to"), self._lines["bcc"])
            yield self._below

    def on_mount(self) -> None:
        self._hint()
        self.set_focus(self._lines["cc"])

    def _hint(self) -> None:
        self._below.update(Content(tr("addresses with commas between; [Ctrl+j] takes them   [Esc] back")))
        self._below.remove_class("wrong")

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self._hint()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if event.input is self._lines["bcc"]:
            self.action_take()
        else:
            self.focus_next()

    def action_leave(self) -> None:
        self.dismiss(None)

    def action_take(self) -> None:
        """Once what was typed before has reached its line."""
        self.call_later(self._take)

    def _take(self) -> None:
        try:
            found = {name: addresses(each.value, self._own) for name, each in self._lines.items()}
        except RefusedError as error:
            self._wrong(present.problem(error).detail)
            return
        if not found["to"]:
            self._wrong(tr("Somebody has to get it: To is empty."))
            return
        self.dismiss(People(**found))

    def _wrong(self, text: str) -> None:
        self._below.update(Content(f"! {safe_line(text)}"))
        self._below.add_class("wrong")


def _typed(people: tuple[Address, ...]) -> str:
    """As somebody would have typed them."""
    return ", ".join(f"{each.name} <{each.email}>" if _is_plain(each.name) else each.email for each in people)


def _is_plain(name: str) -> bool:
    return bool(name) and not set(name) & set(',;<>"')


async def choose(home: Front) -> None:
    """Asks who gets what is written; it is shown above the text."""
    writing = home.writing
    to = writing.to
    if not isinstance(to, Destination) or writing.kind != "reply":
        home.tell(tr("Only an answer to the customer has To, Cc and Bcc."), bad=True)
        return
    if is_chat(to.channel):
        home.tell(present.refusal("no_copies", {}), bad=True)
        return
    now = to.people or People(_addresses(to.to), _addresses(to.cc))
    chosen: People | None = await home.doing.ask(Form(to.row.id, now, home.desk.own))
    if chosen is None:
        return
    to.people, to.everybody = chosen, False
    writing.dress()
    try:
        writing.drafts.keep(to.row.id, PEOPLE, chosen.kept())
    except DeskError as error:
        home.doing.fail(error)


def _addresses(words: list[str]) -> tuple[Address, ...]:
    return tuple(Address("", each) for each in words)
