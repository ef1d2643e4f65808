"""What every pane is: lines of plain strings, each piece in an ink whose colour the theme knows.

Promises: a line is drawn only when it changed or came into sight; no text is ever read as markup; a change of theme needs
no new lines. Refuses: bindings (the table of actions has them all), animation, children. Lines are (text, ink) pairs, so
that what a widget draws can be made and tested without a terminal.
"""

from collections.abc import Sequence
from typing import Any, ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.filter import LineFilter
from textual.geometry import Offset, Size
from textual.scroll_view import ScrollView
from textual.selection import Selection
from textual.strip import Strip

from agentdesk.widgets.glyphs import UNICODE, Glyphs
from agentdesk.widgets.plain import Plain, plain

Line = tuple[tuple[str, str], ...]
"""Pieces of one line, left to right: (text, ink); the ink "" is the plain one."""

INKS = (
    "plain",
    "dim",
    "bold",
    "title",
    "in",
    "out",
    "note",
    "party",
    "machine",
    "warn",
    "bad",
    "good",
    "late",
    "soon",
    "mark",
    "rule",
    "key",
    "cursor",
    "rest",
)


class Pane(ScrollView, inherit_bindings=False):
    """A scrolling pane drawn line by line; each piece is made plain as it is drawn."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"pane--{ink}" for ink in INKS}
    DEFAULT_CSS = """
    Pane {
        overflow-x: hidden;
        overflow-y: auto;
        scrollbar-gutter: stable;
        scrollbar-size-vertical: 1;
        & .pane--dim { color: $text-muted; }
        & .pane--bold { text-style: bold; }
        & .pane--title { text-style: bold; }
        & .pane--in { color: $text-primary; text-style: bold; }
        & .pane--out { color: $text-success; text-style: bold; }
        & .pane--note { color: $text-warning; }
        & .pane--party { color: $text-secondary; text-style: bold; }
        & .pane--machine { color: $text-muted; text-style: italic; }
        & .pane--warn { color: $text-warning; }
        & .pane--bad { color: $text-error; text-style: bold; }
        & .pane--good { color: $text-success; }
        & .pane--late { color: $text-error; text-style: bold reverse; }
        & .pane--soon { color: $text-warning; text-style: bold; }
        & .pane--mark { color: $text-primary; text-style: bold; }
        & .pane--rule { color: $foreground 25%; }
        & .pane--key { color: $text-primary; text-style: bold; }
        & .pane--rest {
            color: $block-cursor-blurred-foreground;
            background: $block-cursor-blurred-background;
        }
        & .pane--cursor {
            color: $block-cursor-foreground;
            background: $block-cursor-background;
            text-style: $block-cursor-text-style;
        }
        &:nocolor .pane--bad { color: $foreground; }
        &:nocolor .pane--late { color: $foreground; }
    }
    """

    def __init__(self, *, glyphs: Glyphs = UNICODE, **named: Any) -> None:
        super().__init__(**named)
        self.glyphs = glyphs

    def ink(self, name: str) -> Style:
        """The style of an ink in the theme of the day."""
        return self.get_component_rich_style(f"pane--{name or 'plain'}")

    def strip(self, line: Line, width: int, under: str = "") -> Strip:
        """`line` as drawn, in exactly `width` cells; `under` is the ink of a whole line, which only `late` outshines."""
        ground = self.ink(under)
        pieces = [
            Segment(
                plain(text),
                self.ink(ink) if not under or ink == "late" else ground,
            )
            for text, ink in line
            if text
        ]
        return Strip(pieces).adjust_cell_length(width, ground)

    def get_line_filters(self) -> Sequence[LineFilter]:
        """What `strip` has made plain is not looked at again."""
        return [each for each in super().get_line_filters() if not isinstance(each, Plain)]

    @property
    def room(self) -> Size:
        """Width and height in cells that lines can use."""
        return self.scrollable_content_region.size

    def point(self, y: int) -> None:
        """Puts the terminal's own cursor at a line of the pane, for readers of the screen."""
        if self.has_focus:
            self.app.cursor_position = self.content_region.offset + Offset(0, y)


class Lines(Pane):
    """A pane over lines that are all known: the first `head` of them stay at the top, the others scroll."""

    def __init__(self, *, glyphs: Glyphs = UNICODE, **named: Any) -> None:
        super().__init__(glyphs=glyphs, **named)
        self.head: Sequence[Line] = ()
        self.lines: Sequence[Line] = ()
        self._pointed = 0

    def put(self, head: Sequence[Line], lines: Sequence[Line]) -> None:
        """Draws these from now on; where it is scrolled to stays as it is."""
        self.head, self.lines = head, lines
        self.virtual_size = Size(self.room.width, len(head) + len(lines))
        self.refresh()

    @property
    def seen(self) -> range:
        """Which of the scrolling lines are in sight."""
        top = self.scroll_offset.y
        return range(top, min(len(self.lines), top + max(0, self.room.height - len(self.head))))

    def go(self, y: int) -> None:
        """Scrolls so that the scrolling line `y` is the first."""
        self.scroll_to(y=y, animate=False, force=True)

    def reveal(self, start: int, stop: int) -> None:
        """Scrolls as little as needed to show lines [start, stop), their beginning rather than their end."""
        height = max(1, self.room.height - len(self.head))
        top = self.scroll_offset.y
        if start < top or stop - start >= height:
            self.go(start)
        elif stop > top + height:
            self.go(stop - height)

    def point_at(self, index: int) -> None:
        """Puts the terminal's own cursor at a scrolling line, once it is drawn, and again whenever the pane gets the keys."""
        self._pointed = index
        self.call_after_refresh(self._point)

    def _point(self) -> None:
        self.point(max(0, self._pointed - self.scroll_offset.y) + len(self.head))

    def edge(self, index: int) -> tuple[str, str, str]:
        """(sign, ink of the sign, ink under the line) of the scrolling line `index`."""
        return " ", "", ""

    def over(self, y: int) -> Line | None:
        """What is drawn instead of the line at `y` of the pane, if anything."""
        return None

    def on_focus(self, event: events.Focus) -> None:
        self.refresh()
        self.call_after_refresh(self._point)

    def on_blur(self, event: events.Blur) -> None:
        self.refresh()

    def render_line(self, y: int) -> Strip:
        width = self.room.width
        at = y - len(self.head)
        if (instead := self.over(y)) is not None:
            return self.strip(instead, width)
        if at < 0:
            return self.strip(((" ", ""), *self.head[y]), width).apply_offsets(0, y)
        index = at + self.scroll_offset.y
        if index >= len(self.lines):
            return self.strip((), width)
        sign, ink, under = self.edge(index)
        strip = self.strip(((sign, ink), *self.lines[index]), width, under)
        if (chosen := self._chosen(index + len(self.head))) is not None:
            start, stop = chosen
            style = self.screen.get_component_rich_style("screen--selection")
            start, stop = min(start, width), width if stop < 0 else min(stop, width)
            pieces = strip.divide([start, stop, width])
            strip = Strip.join([pieces[0], pieces[1].apply_style(style), *pieces[2:]])
        return strip.apply_offsets(0, index + len(self.head))

    def _chosen(self, y: int) -> tuple[int, int] | None:
        """The span of a line that the mouse has selected."""
        chosen = self.text_selection
        return chosen.get_span(y) if chosen is not None else None

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        every = (*self.head, *self.lines)
        text = "\n".join(" " + "".join(piece for piece, _ in line) for line in every)
        return selection.extract(text), "\n"
