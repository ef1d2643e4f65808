"""What a quick reply asks for, a line each: what nobody but the agent knows.

Promises: whoever leaves the form gives what was typed so far. Refuses: knowing what becomes of it.
"""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from agentdesk import facts
from agentdesk.core.replies import QuickReply
from agentdesk.i18n import language_name, tr
from agentdesk.screens.front import Front
from agentdesk.widgets.typed import Line


class Blanks(ModalScreen[Mapping[str, str]]):
    """What a text asks for, a line each; answers with what was typed, by blank. `asks` are (blank, question)."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False),
        Binding("enter", "next", show=False, priority=True),
        Binding("ctrl+j,ctrl+enter", "take", show=False, priority=True),
    ]

    def __init__(self, title: str, asks: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self._title = title
        self._asks = asks
        self._lines = {blank: Line() for blank, _ in asks}

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog wide form"):
            yield Static(Content(self._title), classes="title")
            with VerticalScroll(classes="blanks", can_focus=False):
                for blank, question in self._asks:
                    yield Static(Content(question), classes="label")
                    yield self._lines[blank]
            hint = tr("[Enter] next   [Ctrl+j] insert   [Esc] leave the rest blank")
            yield Static(Content(hint), classes="hint")

    def on_mount(self) -> None:
        self.set_focus(next(iter(self._lines.values())))

    def action_next(self) -> None:
        """At once, so that what is typed fast goes into the line it is meant for."""
        if self.focused is list(self._lines.values())[-1]:
            self.action_take()
        else:
            self.focus_next()

    def action_take(self) -> None:
        """Once what was typed before has reached its line."""
        if self.focused:
            self.focused.call_later(self._take)
        else:
            self._take()

    def _take(self) -> None:
        self.dismiss({blank: line.value for blank, line in self._lines.items() if line.value.strip()})

    def action_leave(self) -> None:
        self.action_take()


async def asked(home: Front, reply: QuickReply, names: Sequence[str]) -> Mapping[str, str]:
    """What the agent says for the blanks `names`; nothing is asked where there are none."""
    if not names:
        return {}
    language = home.settings.desk.language
    asks = [(name, facts.question(reply, name, language)) for name in names]
    given: Mapping[str, str] = await home.doing.ask(Blanks(reply.title(language), asks))
    return given


async def asked_for_all(
    home: Front, reply: QuickReply, names: Sequence[str], spoken: Sequence[str]
) -> Mapping[str, str]:
    """The same for many customers who speak `spoken`: a line for each language, by `name.language`. One that is left empty
    takes what the line above it says: a date or a name reads alike."""
    if len(spoken) < 2 or not names:
        return await asked(home, reply, names)
    language = home.settings.desk.language
    asks = [
        (f"{name}.{each}", f"{facts.question(reply, name, language)} ({language_name(each)})")
        for name in names
        for each in spoken
    ]
    given: Mapping[str, str] = await home.doing.ask(Blanks(reply.title(language), asks))
    whole: dict[str, str] = {}
    for name in names:
        said = ""
        for each in spoken:
            said = given.get(f"{name}.{each}", said)
            whole |= {f"{name}.{each}": said} if said else {}
    return whole
