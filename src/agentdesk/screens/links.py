"""The links of a message: listed with where each leads, opened or copied once the whole address was seen.

Promises: nothing is fetched and nothing opened before somebody asks twice; over a remote line an address is copied, since a
browser would open on the other machine. Refuses: shortening an address.
"""

import os
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from agentdesk import trust
from agentdesk.core.link import Link
from agentdesk.core.link import links as found_links
from agentdesk.engine.program import open_address
from agentdesk.i18n import tr
from agentdesk.screens.copying import copy
from agentdesk.screens.dialogs import Choice, Pick, matching
from agentdesk.screens.front import Front
from agentdesk.screens.terminal import is_remote

OPEN, COPY = "open", "copy"


async def show(home: Front) -> None:
    """The links of the message at hand; with one alone, that one."""
    message = home.panes.conversation.selected()
    links = found_links(message.text) if message else ()
    if not links:
        home.tell(tr("There is no link in this message."))
        return
    chosen = links[0].address
    if len(links) > 1:
        choices = [
            Choice(
                each.address,
                f"{n:>2} {_place(each)}",
                each.said,
                "\n".join((each.address, *trust.leads(each))),
            )
            for n, each in enumerate(links, 1)
        ]
        chosen = await home.doing.ask(Pick(tr("Links: where each leads"), matching(choices)))
    link = next((each for each in links if each.address == chosen), None)
    wanted = await home.doing.ask(Address(link, is_far=is_remote(os.environ))) if link else None
    if link and wanted == COPY:
        await copy(home, link.address)
    elif link and wanted == OPEN and await home.doing.did(lambda: open_address(link.address)):
        home.tell(tr("Handed to the system's browser: {host}").format(host=link.host))


def _place(link: Link) -> str:
    return f"! {link.host}" if link.is_doubtful else link.host


class Address(ModalScreen[str | None]):
    """One whole address, before anything is done with it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("o", "answer('open')", show=False),
        Binding("y", "answer('copy')", show=False),
        Binding("enter", "first", show=False),
        Binding("escape,q,n", "leave", show=False),
    ]

    def __init__(self, link: Link, *, is_far: bool) -> None:
        super().__init__()
        self._link = link
        self._is_far = is_far

    def compose(self) -> ComposeResult:
        link = self._link
        with Vertical(classes="dialog wide"):
            yield Static(Content(tr("This link leads to {host}").format(host=link.host)), classes="title")
            with VerticalScroll(can_focus=False, classes="preview-box"):
                yield Static(Content(link.address))
            for doubt in trust.leads(link):
                yield Static(Content(f"! {doubt}"), classes="wrong")
            if self._is_far:
                yield Static(
                    Content(tr("This is a remote session: a browser would open on the other machine."))
                )
            yield Static(Content(self._keys), classes="hint")

    @property
    def _keys(self) -> str:
        if self._is_far:
            return tr("[Enter] copy it   [o] open it there   [Esc] back")
        return tr("[Enter] open it   [y] copy it   [Esc] back")

    def action_first(self) -> None:
        self.dismiss(COPY if self._is_far else OPEN)

    def action_answer(self, answer: str) -> None:
        self.dismiss(answer)

    def action_leave(self) -> None:
        self.dismiss(None)
