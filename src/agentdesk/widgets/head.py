"""The line above the queue: in which order it is, by what it is narrowed, how many are marked, how far an act on them is.

Promises: one line; what somebody is about to act on stands first and is cut last. Refuses: knowing what a view is.
"""

from collections.abc import Sequence
from typing import Any

from rich.cells import cell_len
from textual import events

from agentdesk.core.text import safe_line
from agentdesk.errors import N_
from agentdesk.i18n import tr, tr_n
from agentdesk.widgets.cells import cut
from agentdesk.widgets.glyphs import UNICODE, Glyphs
from agentdesk.widgets.pane import Line
from agentdesk.widgets.status import OneLine

_SORTS = {
    "order": N_("in the order to answer"),
    "waiting": N_("waiting longest first"),
    "newest": N_("newest first"),
}


class QueueHead(OneLine):
    """What is told is kept and drawn again where it reads otherwise."""

    def __init__(self, *, glyphs: Glyphs = UNICODE, **named: Any) -> None:
        super().__init__(glyphs=glyphs, **named)
        self._view = self._filter = self._sort = ""
        self._marked, self._in_range = 0, False
        self._progress = (0, 0)
        self._own: Sequence[tuple[str, str]] = ()

    def view(self, title: str, only: str, sort: str) -> None:
        """The view by its name, the filter over it, and in which order it is."""
        self._view, self._filter, self._sort = title, only, _SORTS[sort]
        self._lay()

    def own(self, views: Sequence[tuple[str, str]]) -> None:
        """Views of one's own: key and name."""
        self._own = views
        self._lay()

    def marked(self, n: int, *, in_range: bool) -> None:
        self._marked, self._in_range = n, in_range
        self._lay()

    def progress(self, tried: int, total: int) -> None:
        """How far an act on many is; 0 of 0: none runs."""
        self._progress = (tried, total)
        self._lay()

    def redraw(self) -> None:
        """With the signs that are worn now."""
        self._lay()

    def on_resize(self, event: events.Resize) -> None:
        self._lay()

    def _lay(self) -> None:
        width, parts = self.size.width - 2, self._parts()
        line: list[tuple[str, str]] = [(" ", "")]
        for text, ink in parts:
            gap = f" {self.glyphs.dot} " if len(line) > 1 else ""
            shown = cut(text, max(0, width - cell_len(gap)), self.glyphs.more)
            width -= cell_len(gap) + cell_len(shown)
            if width < 0 or not shown:
                break
            line += [(gap, "dim"), (shown, ink)]
        self.write(tuple(line))

    def _parts(self) -> Line:
        parts: list[tuple[str, str]] = []
        tried, total = self._progress
        if total:
            said = tr("{done} of {total} done, Esc stops").format(done=tried, total=total)
            parts.append((said, "warn"))
        if self._marked:
            sign = self.glyphs.marked
            said = tr_n("{n} marked", "{n} marked", self._marked).format(n=self._marked)
            parts.append((f"{sign} {said}" + (f" {self.glyphs.down}" if self._in_range else ""), "mark"))
        parts += [(self._view, "dim"), (tr(self._sort), "dim")]
        if self._filter:
            parts.append((tr("only {filter}").format(filter=safe_line(self._filter)), "soon"))
        parts += [
            (f"{key} {safe_line(name)}".strip(), "title" if name == self._view else "key")
            for key, name in self._own
        ]
        return tuple(parts)
