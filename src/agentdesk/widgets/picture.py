"""A picture drawn as half blocks: in each cell one point above and one below, as the colours of one sign.

Promises: only our own sign and colours made of numbers reach the screen; it shows in every terminal that has colours. Refuses:
decoding, and the picture protocols of terminals, which would take a file's bytes.
"""

from typing import Any

from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

from agentdesk.core.picture import Picture

HALF = "▀"


class Drawn(Widget):
    """Shows one picture in the middle, or nothing."""

    def __init__(self, **named: Any) -> None:
        super().__init__(**named)
        self._strips: list[Strip] = []

    def show(self, picture: Picture | None) -> None:
        self._strips = strips(picture) if picture else []
        self.refresh()

    def render_line(self, y: int) -> Strip:
        above = (self.size.height - len(self._strips)) // 2
        if not 0 <= y - above < len(self._strips):
            return Strip.blank(self.size.width, self.rich_style)
        return self._strips[y - above].text_align(self.size.width, "center")


def strips(picture: Picture) -> list[Strip]:
    """Its lines, each two points high; below an odd last row there is nothing."""
    return [
        Strip([_cell(picture, x, y) for x in range(picture.width)], picture.width)
        for y in range(0, picture.height, 2)
    ]


def _cell(picture: Picture, x: int, y: int) -> Segment:
    below = Color.from_rgb(*picture.point(x, y + 1)) if y + 1 < picture.height else None
    return Segment(HALF, Style(color=Color.from_rgb(*picture.point(x, y)), bgcolor=below))
