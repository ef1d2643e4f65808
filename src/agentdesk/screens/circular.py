"""One quick reply to all that is marked: its values asked once, looked at, then written beside the keys.

Promises: nothing is written before somebody has seen how many get it, what it says to three of them, and who is left out and
why. Refuses: choosing the quick reply (`quick`), and running anything itself (`many`).
"""

import asyncio
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from agentdesk import deeds, preview
from agentdesk.core.commands import RunMacro
from agentdesk.core.model import Acts
from agentdesk.core.replies import QuickReply
from agentdesk.engine import circular
from agentdesk.engine.phrase import acts
from agentdesk.errors import DeskError
from agentdesk.i18n import tr, tr_n
from agentdesk.screens.blanks import asked_for_all
from agentdesk.screens.front import Front
from agentdesk.screens.many import counted


class Preview(ModalScreen[bool]):
    """What is about to be written; Enter means it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "answer(True)", show=False, priority=True),
        Binding("escape,q", "answer(False)", show=False),
    ]

    def __init__(self, title: str, text: str, hint: str) -> None:
        super().__init__()
        self._title = title
        self._text = text
        self._hint = hint

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog wide tall"):
            yield Static(Content(self._title), classes="title")
            with VerticalScroll():
                yield Static(Content(self._text))
            yield Static(Content(self._hint), classes="hint")

    def on_mount(self) -> None:
        self.set_focus(self.query_one(VerticalScroll))

    def action_answer(self, answer: bool) -> None:
        self.dismiss(answer)


async def answer(home: Front, tickets: tuple[str, ...], quick: QuickReply) -> None:
    """`quick` to all of `tickets`; a macro without a text is only done."""
    doing = acts(quick.does, home.desk, home.settings) if quick.does else Acts()
    if not quick.texts:
        await home.many.do(
            tickets,
            lambda ticket: RunMacro(ticket, doing, quick.name),
            counted(deeds.words(doing, home.settings.desk.tzinfo)),
        )
        return
    shop = shop_of(home)
    found = await asyncio.to_thread(circular.looked_at, shop, quick, tickets)
    spoken = tuple(dict.fromkeys(each.language for each in found.lacking()))
    given = await asked_for_all(home, quick, circular.asks(found), spoken)
    if given:
        found = await asyncio.to_thread(circular.looked_at, shop, quick, tickets, given)
    hint = tr("[Enter] send to all of them   [Esc] leave, nothing is written")
    if not found.gets:
        hint = tr("Nobody is left to answer.   [Esc] leave")
    text = preview.text(found, deeds.words(doing, home.settings.desk.tzinfo))
    if not await home.doing.ask(Preview(preview.count(found), text, hint)) or not found.gets:
        return
    try:
        letters = await asyncio.to_thread(circular.begin, shop, quick, found, given, acts=doing)
    except DeskError as error:
        home.doing.fail(error)
        return
    await _write(home, letters)


async def go_on(home: Front) -> None:
    """Writes what an earlier console began and could not end."""
    letters = circular.left_over(shop_of(home))
    if letters is not None:
        await _write(home, letters)


def shop_of(home: Front) -> circular.Shop:
    return circular.Shop(home.desk, home.settings, lambda account: home.connect(home.place, account))


async def _write(home: Front, letters: circular.Letters) -> None:
    is_ours = letters.agent == home.desk.agent  # nobody takes back what another wrote

    def said(n: int) -> str:
        return tr_n("{n} answer is written", "{n} answers are written", n)

    def count_down() -> None:
        if letters.held and is_ours:
            home.holding.add_many(letters.group, letters.held, quiet=bool(letters.refused))

    await home.many.start(letters, said, can_undo=is_ours, after=count_down)
