"""A list of any length of which only a window is in memory: scrolling, painting and the ticking of its labels.

Promises: what is drawn again is what changed; the wheel and the scrollbar bring pages in as they go. Refuses: knowing
what a key does or which ticket is chosen; `Queue` says so by `cursor`.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from rich.cells import cell_len
from textual import events
from textual.geometry import Region, Size
from textual.strip import Strip

from agentdesk import standing
from agentdesk.i18n import tr_n
from agentdesk.standing import Countdown
from agentdesk.widgets import spoken
from agentdesk.widgets.cells import cut, wrapped
from agentdesk.widgets.glyphs import UNICODE, Glyphs
from agentdesk.widgets.pages import KEEP, Pages
from agentdesk.widgets.pane import Line, Pane
from agentdesk.widgets.row import LABEL_ENDS, columns, draw

NEVER = datetime(1970, 1, 1, tzinfo=UTC)


class Rows(Pane):
    """`empty` is what stands there when there is no row; `repainted` how many rows the last tick had drawn again."""

    def __init__(self, *, glyphs: Glyphs = UNICODE, **named: Any) -> None:
        super().__init__(glyphs=glyphs, **named)
        self.empty = ""
        self.repainted = 0
        self.pages: Pages | None = None
        self.cursor: str | None = None
        self.agent = ""
        """Who sits here: a draft of another is said with its name."""
        self.now = NEVER
        self.unseen = 0
        self._marks: frozenset[str] = frozenset()
        self._drawn: dict[int, tuple[str, Countdown]] = {}
        self._settled: tuple[object, ...] = ()
        self._settling = False

    @property
    def sight(self) -> range:
        """The indices of the lines in sight, rows or not."""
        top = self.scroll_offset.y
        return range(top, top + self.room.height)

    def tick(self, now: datetime) -> None:
        """Time went on: labels that read otherwise now are drawn again, the rest of their rows and the others are left alone."""
        self.now, self.repainted = now, 0
        for y, index in enumerate(self.sight):
            row = self.pages.at(index) if self.pages else None
            if row and self._drawn.get(y) != (row.id, standing.clock_label(row, now)):
                self.refresh(Region(0, y, self.size.width if self.glyphs.speaks else LABEL_ENDS, 1))
                self.repainted += 1

    def mark(self, tickets: Iterable[str]) -> None:
        """These tickets are marked, and no others."""
        marks = frozenset(tickets)
        changed, self._marks = self._marks ^ marks, marks
        self.repaint(changed)

    def repaint(self, tickets: Iterable[str | None]) -> None:
        """Draws the rows of these tickets again, as far as they are in sight."""
        wanted = set(tickets)
        for index in self.sight:
            if self.pages and (row := self.pages.at(index)) and row.id in wanted:
                self.refresh_line(index)

    def settle(self, top: int) -> None:
        """Makes the list as long as the window thinks and `top` its first line; what is in sight is drawn again, unless it is what
        stands there already."""
        self._settling = True
        total = self.pages.total if self.pages else 0
        if total != self.virtual_size.height:
            self.virtual_size = Size(self.room.width, total)
        if top != self.scroll_offset.y:
            self.scroll_to(y=top, animate=False, force=True)
        self.unseen = min(self.unseen, self.scroll_offset.y)
        self._settling = False
        before, self._settled = self._settled, self._in_sight()
        if before != self._settled:
            self.refresh()

    def _in_sight(self) -> tuple[object, ...]:
        """All that the lines in sight are drawn from, but for time, cursor and marks, which draw theirs by themselves."""
        if self.pages is None or not self.pages.rows:
            return self.room, self.empty
        ends = self.pages.rows[0].number, self.pages.rows[-1].number
        rows = tuple(self.pages.at(index) for index in self.sight)
        return self.room, self.sight, self.pages.total, self.unseen, self.agent, ends, rows

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        if not self._settling and round(old_value) != round(new_value):
            self._follow()

    def _follow(self) -> None:
        """Somebody scrolled: reads what came into sight; a leap over more than can be read ends where it was read to."""
        if (pages := self.pages) is None:
            return
        top, height = self.scroll_offset.y, self.room.height
        if top + height >= pages.total and top > pages.stop + KEEP:
            pages.bottom()
            top = pages.stop - height
        elif top == 0 and pages.first > KEEP:
            pages.top()
        else:
            top += pages.reach(top, top + height)
            top = max(pages.first, min(top, pages.stop - height))
        self.settle(max(0, top))

    def on_resize(self, event: events.Resize) -> None:
        self.settle(self.scroll_offset.y)

    def on_focus(self, event: events.Focus) -> None:
        self.repaint((self.cursor,))

    def on_blur(self, event: events.Blur) -> None:
        self.repaint((self.cursor,))

    def render_line(self, y: int) -> Strip:
        width, pages = self.room.width, self.pages
        if pages is None or not pages.rows:
            return self.strip(self._nothing(y, width), width)
        row = pages.at(self.scroll_offset.y + y)
        if row is None:
            return self.strip((), width)
        label = standing.clock_label(row, self.now)
        self._drawn[y] = (row.id, label)
        chosen = row.id == self.cursor
        digits = max(4, len(str(max(each.number for each in (pages.rows[0], row, pages.rows[-1])))))
        marked = row.id in self._marks
        line = (
            ((spoken.row(row, label, marked=marked, agent=self.agent), ""),)
            if self.glyphs.speaks
            else draw(
                row,
                label,
                columns(width, digits),
                self.glyphs,
                marked=marked,
                chosen=chosen,
                agent=self.agent,
            )
        )
        under = "" if not chosen else "cursor" if self.has_focus else "rest"
        strip = self.strip(line, width, under)
        return self._with_unseen(strip, width) if y == 0 and self.unseen else strip

    def _with_unseen(self, strip: Strip, width: int) -> Strip:
        """The first line with a word on what came in above it."""
        text = tr_n("{n} new", "{n} new", self.unseen).format(n=self.unseen)
        text = f" {self.glyphs.up} {text} "
        size = cell_len(text)
        said = self.strip(((text, "mark"),), size)
        return Strip.join([strip.crop(0, max(0, width - size)), said]).crop(0, width)

    def _nothing(self, y: int, width: int) -> Line:
        """A line of the words for an empty list, in the middle of the pane."""
        lines = wrapped(self.empty, max(10, width - 4))
        at = y - max(0, (self.room.height - len(lines)) // 2)
        if not 0 <= at < len(lines):
            return ()
        text = cut(lines[at], width, self.glyphs.more)
        return ((" " * ((width - cell_len(text)) // 2) + text, "dim"),)
