"""What a command says: data on stdout, narration on stderr.

Promises: with `--json` exactly one ASCII document, and nothing of it where the command fails; tables whose every
line stands alone and is never cut; a `Stream` lets text alone through. Refuses: colour and cursor
movement outside a terminal. Data waits until the command has ended (`flush`), so that a failure leaves
stdout empty; what never ends writes JSON Lines at once (`line`).
"""

import json
import time
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, is_dataclass
from datetime import datetime
from pathlib import PurePath
from typing import Any

from agentdesk.cli.stream import Stream
from agentdesk.core.text import safe_line
from agentdesk.i18n import tr, tr_n

PADDED = 40
"""Cells to which a column is filled up at most."""
PATIENCE = 2.0  # seconds that need no progress
_LINE, _PAGE = "\r\x1b[K", "\x1b[H\x1b[J"
"""Sequences of our own: an empty line, an empty screen."""


def as_json(document: object) -> str:
    """One ASCII line or more; times are RFC 3339 with Z, dataclasses are objects."""
    return json.dumps(document, ensure_ascii=True, indent=None, default=_plain)


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, set | frozenset):
        return sorted(value)
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, PurePath):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")


def width(text: str) -> int:
    """Cells that `text` takes in a terminal that draws what is joined as one."""
    if text.isascii():
        return len(text)
    cells, before = 0, ""
    for each in text:
        cells += _cells(each, before)
        before = each
    return cells


def _cells(character: str, before: str) -> int:
    """What `character` adds after the one `before` it."""
    emoji = character >= "\u2190"
    if character == "\ufe0f":  # asks for a picture where the sign before it would be a letter's width
        return int(before >= "#" and unicodedata.east_asian_width(before) not in "WF")
    if (emoji and before == "\u200d") or "\U0001f3fb" <= character <= "\U0001f3ff":
        return 0
    if unicodedata.category(character) in {"Mn", "Me", "Mc", "Cf"} or "\u1160" <= character <= "\u11ff":
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def table(headings: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A heading and one line a row, columns apart by two spaces; "" where there are no rows. A cell that is wider than most pushes
    its own line alone."""
    if not rows:
        return ""
    cells = [
        list(headings),
        *([safe_line("" if each is None else str(each)) for each in row] for row in rows),
    ]
    widths = [
        max((room for row in cells if (room := width(row[at])) <= PADDED), default=PADDED)
        for at in range(len(headings))
    ]
    return "\n".join(_row(row, widths) for row in cells)


def origin(source: str) -> str:
    """Where a file of the shop's comes from, for a table: the program, or the file's path."""
    from agentdesk.core.replies import SHIPPED

    return tr("shipped") if source == SHIPPED else source


def _row(cells: list[str], widths: list[int]) -> str:
    padded = (cell + " " * (room - width(cell)) for cell, room in zip(cells, widths, strict=True))
    return "  ".join(padded).rstrip()


class Output:
    """Where one command's words go."""

    def __init__(self, out: Stream, err: Stream, *, json_wanted: bool) -> None:
        self._out = out
        self._err = err
        self._json = json_wanted
        self._texts: list[str] = []
        self._documents: list[str] = []
        self._lines = False

    def out(self, document: object, text: str | Callable[[], str] | None = None) -> None:
        """The command's one result: `document` with --json, else `text` (by default drawn from it)."""
        if self._json:
            assert not self._documents, "a command has one result"
            self._documents.append(as_json(document))
        else:
            said = _text_of(document) if text is None else text() if callable(text) else text
            if said:
                self._texts.append(said)

    def line(self, document: object, text: str | None = None) -> None:
        """One of endlessly many results, written at once: JSON Lines, or `text`."""
        self._lines = True
        self._out.write((as_json(document) if self._json or text is None else text) + "\n")
        self._out.flush()

    def endless(self) -> None:
        """All that comes are lines, be it none: there is no result to write at the end."""
        self._lines = True

    def page(self, text: str) -> None:
        """`text` in place of all that stands on the terminal, at once."""
        self._out.draw(_PAGE, f"{text}\n")
        self._out.flush()

    def ring(self, sequence: str) -> bool:
        """A sequence of our own to whatever terminal stderr is; False where it is none."""
        if not self._err.isatty():
            return False
        self._err.draw(sequence)
        self._err.flush()
        return True

    def say(self, text: str) -> None:
        """Narration, at once, for people."""
        self._err.write(text + "\n")
        self._err.flush()

    def left_out(self, count: int) -> None:
        """What --limit kept back, if anything."""
        if count > 0:
            text = tr_n(
                "{count} more row is left out by --limit", "{count} more rows are left out by --limit", count
            )
            self.say(text.format(count=count))

    def flush(self) -> None:
        """Writes the result; a --json command with neither result nor lines says null."""
        if self._json and (self._documents or not self._lines):
            self._out.write((self._documents or ["null"])[0] + "\n")
        for text in self._texts:
            self._out.write(text.rstrip("\n") + "\n")
        self._out.flush()

    @contextmanager
    def progress(self, label: str) -> Iterator["Progress"]:
        """Progress for what may take long: `with ctx.progress(tr("Receiving")) as p: p.at(3, 10)`."""
        shown = Progress(self._err, label)
        try:
            yield shown
        finally:
            shown.close()


class Progress:
    """A bar on a terminal, one line a second elsewhere; nothing in the first two seconds."""

    def __init__(self, err: Stream, label: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._err = err
        self._label = safe_line(label)
        self._clock = clock
        self._began = clock()
        self._last = self._began
        self._terminal = err.isatty()
        self._drawn = False

    def at(self, done: int, total: int | None = None) -> None:
        """`done` of `total`; may be called as often as one likes."""
        now = self._clock()
        pause = 0.1 if self._terminal else 1.0
        if now - self._began < PATIENCE or (self._drawn and now - self._last < pause):
            return
        self._last, self._drawn = now, True
        count = f"{done}" if total is None else f"{done}/{total}"
        if self._terminal:
            self._err.draw(_LINE, f"{self._label} {_bar(done, total)}{count}")
        else:
            self._err.write(f"{self._label} {count}\n")
        self._err.flush()

    def close(self) -> None:
        if self._drawn and self._terminal:
            self._err.draw(_LINE)
            self._err.flush()


def _bar(done: int, total: int | None) -> str:
    if not total:
        return ""
    full = min(30, 30 * done // total)
    return f"[{'#' * full}{'.' * (30 - full)}] "


def _text_of(document: object) -> str:
    """A plain drawing of any result: a table of objects, lines of keys, or the value itself."""
    if is_dataclass(document) and not isinstance(document, type):
        return _text_of(asdict(document))
    if isinstance(document, Mapping):
        room = max((len(str(key)) for key in document), default=0)
        return "\n".join(f"{str(key).ljust(room)}  {_cell(value)}" for key, value in document.items())
    if isinstance(document, Sequence) and not isinstance(document, str | bytes):
        if document and all(isinstance(each, Mapping) for each in document):
            headings = [str(key) for key in document[0]]
            return table(headings, [[_cell(each.get(key)) for key in headings] for each in document])
        return "\n".join(_cell(each) for each in document)
    return _cell(document)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return safe_line(value) if isinstance(value, str) else as_json(value)
