"""Looking at the pictures of a ticket, one after the other, as large as the screen allows.

Promises: the key waits for no decoder; what cannot be drawn is told by name, size and type. Refuses: opening programs.
"""

import asyncio
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from agentdesk import present
from agentdesk.core.text import safe_line
from agentdesk.engine import picture
from agentdesk.errors import DeskError
from agentdesk.i18n import tr
from agentdesk.screens.attached import File, every, meant
from agentdesk.screens.front import Front
from agentdesk.widgets.picture import Drawn


async def look(home: Front) -> None:
    """At the picture of the message at hand, else at the newest one."""
    messages = home.sight.opened.messages if home.sight.opened else ()
    first = meant(messages, home.panes.conversation.selected(), picture.is_picture)
    if first is None:
        home.tell(tr("There is no picture in this ticket."))
        return
    pictures = tuple(every(messages, picture.is_picture))
    at = pictures.index(first) if first in pictures else 0
    await home.doing.ask(Gallery(home, pictures or (first,), at))


class Gallery(ModalScreen[None]):
    """The pictures of a ticket, beginning with the one `at`."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,enter,p", "leave", show=False),
        Binding("right,down,j,space", "turn(1)", show=False),
        Binding("left,up,k", "turn(-1)", show=False),
    ]

    def __init__(self, home: Front, pictures: tuple[File, ...], at: int) -> None:
        super().__init__()
        self._home = home
        self._pictures = pictures
        self._at = at
        self._title = Static("", classes="title")
        self._drawn = Drawn(classes="picture")
        self._below = Static("", classes="hint")

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog whole"):
            yield self._title
            yield self._drawn
            yield self._below

    def on_resize(self) -> None:
        self.call_after_refresh(self._show)

    def action_turn(self, step: int) -> None:
        self._at = (self._at + step) % len(self._pictures)
        self._show()

    def action_leave(self) -> None:
        self.dismiss(None)

    def _show(self) -> None:
        message, file = self._pictures[self._at]
        name = safe_line(file.name) or tr("(no name)")
        place = f"   {self._at + 1}/{len(self._pictures)}" if len(self._pictures) > 1 else ""
        said = f"{name}   {present.size(file.size)}   {safe_line(file.media_type)}{place}"
        self._title.update(Content(said))
        glyphs = self._home.panes.queue.glyphs
        keys = tr("[Esc] back")
        if place:
            others = tr("[{left}] [{right}] the others   [Esc] back")
            keys = others.format(left=glyphs.left or tr("left"), right=glyphs.right or tr("right"))
        self._below.update(Content(keys))
        self.run_worker(self._draw(message.id, file.part), exclusive=True)

    async def _draw(self, message: str, part: str) -> None:
        size = self._drawn.size
        self._drawn.show(None)
        if not size.width or not size.height:
            return
        try:
            if self._home.settings.ui.ascii:
                return
            found = await asyncio.to_thread(
                picture.drawn, self._home.desk, message, part, size.width, size.height
            )
        except DeskError as error:
            self._below.update(Content(f"! {present.problem(error).detail}"))
            return
        self._drawn.show(found)
