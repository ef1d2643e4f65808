"""How the day stands, at its first start and whenever somebody asks.

Promises: never in the way: a key that means nothing here closes it and does what it would have done; each figure leads to
what it counts. Refuses: showing a customer's words.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from agentdesk import briefing
from agentdesk.engine.morning import first_of_day, morning
from agentdesk.engine.offering import offered
from agentdesk.i18n import tr

if TYPE_CHECKING:
    from textual import events
    from textual.app import ComposeResult

    from agentdesk.core.morning import Morning
    from agentdesk.screens.front import Front

_ITS_OWN = frozenset({"up", "down", "home", "end", "pageup", "pagedown", "enter", "escape"})


class Day(ModalScreen[str | None]):
    """Answers with the key of the figure that was chosen; `go_on` gets any other key once this screen is gone."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False),
        Binding("pageup", "read(-1)", show=False, priority=True),  # before the list's own
        Binding("pagedown", "read(1)", show=False, priority=True),
    ]

    def __init__(
        self, title: str, figures: tuple[briefing.Figure, ...], below: str, go_on: Callable[[str], object]
    ) -> None:
        super().__init__()
        self._title = title
        self._figures = figures
        self._below = below
        self._go_on = go_on

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog wide day"):
            yield Static(Content(self._title), classes="title")
            width = max(len(each.title) for each in self._figures)
            lines = (f"{each.title:<{width}} {each.words:>6}  {each.more}" for each in self._figures)
            yield OptionList(*(Option(Content(line)) for line in lines), markup=False)
            hint = tr("Enter shows them; PgDn reads on below; any other key goes on")
            yield Static(Content(hint), classes="hint")
            with VerticalScroll(classes="preview-box", can_focus=False):
                yield Static(Content(self._below), markup=False)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.dismiss(self._figures[event.option_index].key)

    def on_key(self, event: events.Key) -> None:
        """Comes before the list's own bindings."""
        if event.key in _ITS_OWN:
            return
        event.stop()
        self.dismiss(None)
        self._go_on(event.key)

    def action_leave(self) -> None:
        self.dismiss(None)

    def action_read(self, pages: int) -> None:
        """On, or back, in what stands below the figures."""
        box = self.query_one(VerticalScroll)
        box.scroll_relative(y=pages * box.size.height, animate=False)


async def show(home: Front) -> None:
    """The day as it stands now."""
    await _tell(home, await asyncio.to_thread(morning, home.desk, home.settings))


async def greet(home: Front) -> None:
    """The first start of a day shows it, where there is something to tell; the first of a desk offers the rules."""
    home.passing.rules(await asyncio.to_thread(offered, home.place, home.settings))
    told = await asyncio.to_thread(first_of_day, home.desk, home.settings, home.place)
    free = home.panes.queue.screen.is_current and not home.panes.composing
    if told is not None and free:
        await _tell(home, told)


async def _tell(home: Front, told: Morning) -> None:
    zone = home.settings.desk.tzinfo
    here = told.now.astimezone(zone)
    title = briefing.greeting(home.desk.agent, here, home.settings.desk.language)
    figures = briefing.figures(told, zone)
    below = "\n".join(
        (
            *briefing.at_ease(figures),
            briefing.speed(told.pace),
            *briefing.bars(told, home.panes.queue.glyphs.full),
        )
    )
    chosen = await home.doing.ask(Day(title, figures, below, home.press))
    if chosen:
        await _lead(home, chosen)


async def _lead(home: Front, figure: str) -> None:
    """To what a figure counts."""
    from agentdesk.screens import flows, outbox

    views = {"late": ("overdue", ""), "due": ("inbox", ""), "back": ("snoozed", "")}
    views |= {"arrived": ("inbox", "newest"), "unanswered": ("unanswered", "")}
    if figure in views:
        view, sort = views[figure]
        home.paths.go_to(view, sort=sort)
    elif figure == "drafts":
        await flows.show_drafts(home)
    else:
        await outbox.show(home)
