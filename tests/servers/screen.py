"""What stands on a terminal's screen: the little of a terminal that a full-screen program needs.

Promises: text goes where the sequences for place put it; a bell, a notice or what is copied stands nowhere. Refuses: colours,
scrolling, and every other sequence; who wants to know whether one was written looks at the bytes. A picture drawn from
several signs takes the cells of each.
"""

import re

from rich.cells import cell_len

_TOKEN = re.compile(
    r"\x1b\[(?P<y>\d+);(?P<x>\d+)H|\x1b\[\?2026(?P<frame>[hl])|\x1b[\]P][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b\[[0-?]*[ -/]*[@-~]"
    r"|(?P<end>[\r\n])|(?P<text>[^\x07\x1b\r\n]+)|.",
    re.DOTALL,
)

_BEGUN = re.compile(r"\x1b(?:\[[0-?]*[ -/]*|[\]P][^\x07\x1b]*\x1b?)?$")


class Screen:
    """`rows` of `columns` cells each; what is written beyond is not there. `is_whole`: no frame is half drawn, as far as
    the program says so (synchronised output)."""

    def __init__(self, columns: int, rows: int) -> None:
        self.columns = columns
        self.cells = [[" "] * columns for _ in range(rows)]
        self.x = self.y = 0
        self.is_whole = True
        self._begun = ""

    def write(self, drawn: str) -> None:
        """What was drawn next; a sequence that has only begun waits for its end."""
        drawn = self._begun + drawn
        begun = _BEGUN.search(drawn)
        self._begun = begun[0] if begun else ""
        drawn = drawn.removesuffix(self._begun)
        for token in _TOKEN.finditer(drawn):
            if token["y"]:
                self.y, self.x = int(token["y"]) - 1, int(token["x"]) - 1
            elif token["frame"]:
                self.is_whole = token["frame"] == "l"
            elif token["end"]:
                self.x, self.y = 0, self.y + (token["end"] == "\n")
            elif text := token["text"]:
                self._put(text)

    def _put(self, text: str) -> None:
        if not 0 <= self.y < len(self.cells):
            return
        row = self.cells[self.y]
        if text.isascii():
            room = text[: max(0, self.columns - self.x)]
            row[self.x : self.x + len(room)] = room
            self.x += len(text)
            return
        for char in text:
            size = cell_len(char)
            if size == 0 and 0 < self.x <= self.columns:
                row[self.x - 1] += char
            elif self.x + size <= self.columns:
                row[self.x : self.x + size] = [char, *[""] * (size - 1)]
            self.x += size

    @property
    def text(self) -> str:
        """All lines, top to bottom."""
        return "\n".join("".join(row).rstrip() for row in self.cells)
