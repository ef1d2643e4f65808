"""One line above the queue that says what came or what is coming, and the key that leads there.

Promises: there only while something is offered, in one line or, where that is too narrow, in two. Refuses: standing in the way
of any key.
"""

from typing import Any

from textual import events
from textual.message import Message
from textual.strip import Strip

from agentdesk.core.text import safe_line
from agentdesk.widgets.cells import wrapped
from agentdesk.widgets.glyphs import UNICODE, Glyphs
from agentdesk.widgets.pane import Line
from agentdesk.widgets.status import OneLine


class Offer(OneLine):
    """Told anew whenever it reads otherwise."""

    MOST_LINES = 2

    class Chosen(Message):
        """The line was clicked."""

        def __init__(self, act: str) -> None:
            super().__init__()
            self.act = act

    def __init__(self, *, glyphs: Glyphs = UNICODE, **named: Any) -> None:
        super().__init__(glyphs=glyphs, **named)
        self.key = self.text = self.act = ""
        self._below: tuple[Line, ...] = ()
        self.display = False

    @property
    def is_wanted(self) -> bool:
        return bool(self.text)

    def show(self, text: str, act: str = "", key: str = "") -> None:
        """`text`, and the act that leads there with its key; no text: nothing is offered."""
        self.act, self.key, self.text = act, key, safe_line(text)
        self._lay()

    def on_resize(self, event: events.Resize) -> None:
        self._lay()

    def on_click(self, event: events.Click) -> None:
        if self.act:
            self.post_message(self.Chosen(self.act))

    def render_line(self, y: int) -> Strip:
        lines = (self.line, *self._below)
        return self.strip(lines[y] if y < len(lines) else (), self.size.width)

    def _lay(self) -> None:
        width = self.size.width
        if width < 2:
            return
        key = f"[{self.key}] " if self.key else ""
        first, *below = wrapped(key + self.text, width - 2)[: self.MOST_LINES] or [""]
        self._below = tuple(((" ", ""), (text, "warn")) for text in below)
        self.styles.height = 1 + len(below)
        self.write(((" ", ""), (first[: len(key)], "key"), (first[len(key) :], "warn")))
        self.refresh()
