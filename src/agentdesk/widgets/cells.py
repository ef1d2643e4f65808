"""Text measured in cells of the terminal, where a letter may take none, one or two.

Promises: nothing here returns a line wider than asked, and no wide letter is cut in half. Refuses: colours and meaning;
texts come in terminal-safe (`core.text.safe`). Toolkits wrap into objects with styles; a queue of plain lines needs strings.
"""

import re

from rich.cells import cell_len, chop_cells, set_cell_size

_WORDS = re.compile(r"\s+|\S+")
_JOINER = "\u200d"
"""It may not end a text: it would reach for what comes next, and that would be narrower than it is."""
_LOOSE = f" {_JOINER}"


def cut(text: str, width: int, more: str = "…") -> str:
    """`text` in at most `width` cells; `more` stands where something was left out."""
    text = text.rstrip(_JOINER)
    if cell_len(text) <= width:
        return text
    if width <= cell_len(more):
        return set_cell_size(text, max(0, width))
    return set_cell_size(text, width - cell_len(more)).rstrip(_LOOSE) + more


def ending(text: str, width: int, more: str = "…") -> str:
    """`text` in at most `width` cells, its end kept."""
    if cell_len(text) <= width:
        return text
    room = max(0, width - cell_len(more))
    while cell_len(text) > room:
        text = text[max(1, cell_len(text) - room >> 1) :]
    return cut(more + text, width)


def middle(text: str, width: int, more: str = "…") -> str:
    """`text` in at most `width` cells, both ends kept: of a file's name the last letters say what it is."""
    if cell_len(text) <= width:
        return text
    head = cut(text, width // 2, more)
    return head + ending(text, width - cell_len(head), "")


def fit(text: str, width: int, more: str = "…", *, right: bool = False) -> str:
    """`text` in exactly `width` cells."""
    text = cut(text, width, more)
    space = " " * (width - cell_len(text))
    return space + text if right else text + space


def wrapped(text: str, width: int) -> list[str]:
    """The lines of `text` broken between words, words longer than a line anywhere; at least one line."""
    width = max(2, width)
    lines: list[str] = []
    for whole in text.expandtabs(4).split("\n"):
        if cell_len(whole) <= width:
            lines.append(whole.rstrip())
        else:
            lines += _broken(whole, width)
    return lines


def _broken(whole: str, width: int) -> list[str]:
    lines: list[str] = []
    line, room = "", width
    for found in _WORDS.findall(whole):
        word = str(found)
        size = cell_len(word)
        if size > room:
            if line.strip():
                lines.append(line.rstrip())
            line, room = "", width
            if word.isspace():
                continue
            if size > width:
                *full, word = chop_cells(word, width)
                lines += full
                size = cell_len(word)
        line += word
        room -= size
    return [*lines, line.rstrip()] if line.strip() else lines
