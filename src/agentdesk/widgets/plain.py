"""Text alone, at the moment in which it is drawn: the last look at a word while colours are still apart from it.

Promises: what a pane draws (`plain`) and what a widget of the toolkit draws (`Plain`) holds nothing that a terminal would obey,
a field that some channel forgot to make safe among it. Refuses: being the only check: texts are made safe where they come in
(`core.text`), before they are measured and cut.
"""

from functools import lru_cache
from typing import TYPE_CHECKING

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from textual.filter import LineFilter

from agentdesk.core.text import safe

if TYPE_CHECKING:
    from textual.color import Color


def plain(text: str) -> str:
    """A piece of one line."""
    return text if text.isascii() and text.isprintable() else _plain(text)


@lru_cache(maxsize=8192)
def _plain(text: str) -> str:
    return safe(text).replace("\n", " ").replace("\t", " ")


class Plain(LineFilter):
    """The pieces of a line; each keeps its cells, since places were worked out before."""

    def apply(self, segments: list[Segment], background: "Color") -> list[Segment]:
        return [_kept(each) for each in segments]


def _kept(segment: Segment) -> Segment:
    text = plain(segment.text)
    if text == segment.text:
        return segment
    return Segment(set_cell_size(text, cell_len(segment.text)), segment.style, segment.control)
