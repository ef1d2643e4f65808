"""Who is at the keyboard: changing places, the question after a long rest, and the screen that says nothing.

Promises: what was typed is a draft of whoever typed it before anybody else can act; the key that ends a long rest is asked
about first and then does what it would have done, and so does all that is typed or pasted behind it. Refuses: locking anything; a shop's laptop has the system's lock.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from agentdesk.engine import handover
from agentdesk.i18n import tr
from agentdesk.screens.dialogs import Choice, Pick, Read, matching
from agentdesk.screens.taking import Keeps

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.app import ComposeResult

    from agentdesk.core.handover import Handover
    from agentdesk.screens.front import Front


async def switch(home: Front) -> None:
    """Somebody else sits down: who it is, and what that person has to know."""
    here = home.desk.agent
    # Whoever is not here comes first: with two people, Enter is enough.
    names = sorted((each.name for each in home.settings.agents), key=lambda name: name == here)
    if not names:
        home.tell(tr("Nobody else works here: agentdesk agent add NAME"), bad=True)
        return
    choices = [Choice(name, name, tr("is here now") if name == here else "") for name in names]
    chosen = await home.doing.ask(Pick(tr("Who is at the keyboard?"), matching(choices)))
    if chosen and chosen != here:
        await change(home, chosen)


async def change(home: Front, agent: str) -> None:
    """`agent` takes over, and reads what was meanwhile."""
    if home.panes.composing:
        home.writing.close()
    home.holding.leave()
    home.doing.again = None
    told: list[Handover] = []
    if await home.doing.did(lambda: told.append(handover.switch(home.desk, home.place, agent))):
        from agentdesk.handover import lines

        home.paths.go_to(home.sight.view, home.sight.filter)
        text = "\n".join(lines(told[0], home.desk.now(), home.settings.desk.tzinfo))
        await home.doing.ask(Read(tr("Hello, {name}").format(name=agent), text))


async def still(home: Front, key: events.Key) -> None:
    """Asks who presses a key after a long rest. It counts then, unless it was meant for what another was writing."""
    here, writing = home.desk.agent, home.panes.composing
    others = [each.name for each in home.settings.agents if each.name != here]
    choices = [Choice(here, tr("Yes, {name}").format(name=here)), *(Choice(name, name) for name in others)]
    question = Still(tr("Still {name}?").format(name=here), matching(choices))
    chosen = await home.doing.ask(question)
    if chosen and chosen != here:
        await change(home, chosen)
        if writing:
            return
    for again in (events.Key(key.key, key.character), *question.behind):
        again.set_sender(home.app)
        home.app.post_message(again)


class Still(Keeps, Pick):
    """The question after a long rest: arrows and Enter answer it. Whoever began to write goes on without looking; that is no answer, and
    is kept in `behind`."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "choose", show=False, priority=True)]

    def __init__(self, title: str, narrow: Callable[[str], Sequence[Choice]]) -> None:
        super().__init__(title, narrow, hint=tr("What you type meanwhile goes where it was meant for."))
        self.behind: list[events.Key | events.Paste] = []

    def on_mount(self) -> None:
        super().on_mount()
        self._input.can_focus = self._input.display = False
        self.set_focus(None)

    def on_key(self, event: events.Key) -> None:
        if event.is_printable or event.key == "backspace":
            event.stop()
            self.behind.append(events.Key(event.key, event.character))

    def on_paste(self, event: events.Paste) -> None:
        event.stop()
        self.behind.append(events.Paste(event.text))

    def action_choose(self) -> None:
        self._enter()


async def blank(home: Front) -> None:
    """Nothing that customers wrote stays in sight until a key is pressed."""
    await home.doing.ask(Blank())


class Blank(Screen[None]):
    """An empty screen; any key ends it and does nothing else."""

    def compose(self) -> ComposeResult:
        yield Static(Content(tr("agentdesk: any key shows the screen again")), classes="quiet")

    def on_key(self, event: events.Key) -> None:
        event.stop()
        self.dismiss(None)

    def on_click(self) -> None:
        self.dismiss(None)
