"""What comes from the terminal, with everything that is pasted taken out before the toolkit looks for keys in it.

Promises: between the marks of a bracketed paste is text, whatever it holds and however it is cut into reads; the toolkit by
itself runs what stands after an escape character as keys, which sends half an answer. A paste whose end never comes is
given up as text, so that the keys work again. Where no marks come (GNU screen, a tablet's program), what no hand types is given
as one `Unmarked`. Refuses: making text safe; whoever takes it in does (`widgets.typed`), and saying where it goes (`taking`).
"""

import math
import re
from collections.abc import Callable, Iterator

from textual._xterm_parser import BRACKETED_PASTE_END, BRACKETED_PASTE_START, XTermParser
from textual.events import Key, Paste
from textual.message import Message

from agentdesk.engine import clock

QUIET = 3.0
"""Seconds without a byte after which no end is expected any more: a line over the sea stands still for less."""
MOST = 1 << 20
"""Characters after which a paste is handed on as it is so far; what follows is still text."""
LASTS, A_SECOND = 10.0, 1000
"""A paste that has lasted so many seconds with fewer characters a second is somebody who types: its end was lost."""
_BEGINS = "[]OPX^_"
"""What begins a sequence after an escape character, one that the toolkit does not know included."""
_CERTAIN = 3
"""Letters of a mark that no key begins with and ends at: up to here it may be Escape, or Alt with a bracket."""

FEW, MANY, AHEAD = 4, 16, 32
"""Letters of one read, apart from what stands between them: fewer than these are typed ahead in a page, where nothing has the text,
and in a line, into which one types an answer, Enter, and the next answer."""
GOES_ON = 0.1
"""Seconds within which the next read is still of the same paste, where that was certainly one."""
_NO_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_AROUND = re.compile(r"[^\t\r\n][\t\r\n]+[^\t\r\n]")


class Unmarked(Paste):
    """What one read held of text around Tab or Enter: pasted, in all likelihood; `letters` are all that came of it so far.

    To be given to nobody as it is: what it means depends on where the keys go.
    """

    def __init__(self, text: str, letters: int) -> None:
        super().__init__(text)
        self.letters = letters


class Meta(Key):
    """Alt with a key, or Escape and then that key: terminals send the same. To be given to nobody as it is."""

    @property
    def plain(self) -> Key:
        """The key by itself."""
        name = self.key.removeprefix("alt+")
        return Key(name.removeprefix("shift+").upper() if name.startswith("shift+") else name, self.character)


class Typed(XTermParser):
    """The toolkit's parser, which never sees a paste. `_begun` is what the last read ended with of a mark,
    `_rest` what is still to be looked at of this one."""

    def __init__(self, debug: bool = False, *, ticks: Callable[[], float] = clock.ticks) -> None:
        self._ticks = ticks
        self._rest = ""
        self._begun = ""
        self._pasted: list[str] | None = None
        self._size = 0
        self._since = self._last = self._ticks()
        self._unmarked_at, self._letters = -math.inf, 0
        super().__init__(debug)

    def feed(self, data: str) -> Iterator[Message]:
        """What one read gave; "" at the end of all."""
        if not data:
            yield from super().feed(data)
            return
        now = self._ticks()
        if self._pasted is None and now - self._last >= QUIET:
            self._begun = ""
        self._last = now
        if found := self._unmarked(data):
            self._unmarked_at, self._letters = now, found.letters
            yield found
            return
        while data:
            if self._pasted is None:
                yield from self._keys(data)
            else:
                yield from self._text(data)
            data = self._rest

    def tick(self) -> Iterator[Message]:
        """Nothing came for a moment."""
        quiet = self._ticks() - self._last
        if self._pasted is not None:
            lasts = self._last - self._since
            if quiet >= QUIET or (lasts >= LASTS and self._size < lasts * A_SECOND):
                yield self._given(self._begun)
                self._pasted, self._begun = None, ""
        elif len(self._begun) < _CERTAIN or quiet >= QUIET:
            yield from super().tick()

    def _unmarked(self, data: str) -> Unmarked | None:
        """What one read holds, if it is a paste without marks, or goes on with one."""
        if self._pasted is not None or self._begun or self._timeout_time is not None:
            return None
        if _NO_TEXT.search(data):
            return None
        letters = sum(map(len, data.split()))
        goes_on = self._letters >= MANY and self._last - self._unmarked_at < GOES_ON
        if not goes_on and (letters < FEW or not _AROUND.search(data)):
            return None
        return Unmarked(data, letters + (self._letters if goes_on else 0))

    def _sequence_to_key_events(self, sequence: str, alt: bool = False) -> Iterator[Key]:
        """As the toolkit's own; of a sequence that it does not know nothing is taken for Alt."""
        for key in super()._sequence_to_key_events(sequence, alt):
            if alt and sequence.isprintable() and sequence not in _BEGINS:
                yield Meta(key.key if key.key.startswith("alt+") else f"alt+{key.key}", key.character)
            else:
                yield key

    def _keys(self, data: str) -> Iterator[Message]:
        """Up to the next paste, as the toolkit has it."""
        known = self._begun
        before, mark, self._rest = (known + data).partition(BRACKETED_PASTE_START)
        if not mark:
            self._begun = _end(before, BRACKETED_PASTE_START)
            yield from super().feed(data)
            return
        if not before and known:
            self._forget()
        elif before != known:
            yield from super().feed(before[len(known) :])
        if self._timeout_time is not None:  # Escape, and nothing that belongs to it
            self._timeout_time = 0.0
            yield from super().tick()
        self._pasted, self._begun, self._size, self._since = [], "", 0, self._last

    def _text(self, data: str) -> Iterator[Message]:
        """Up to the end of the paste. Where that stands twice in one read, the first was in what was pasted."""
        data = self._begun + data
        assert self._pasted is not None
        at = data.find(BRACKETED_PASTE_END)
        if at < 0:
            self._begun, self._rest = _end(data, BRACKETED_PASTE_END), ""
            self._pasted.append(data.removesuffix(self._begun))
            self._size += len(data) - len(self._begun)
            if self._size >= MOST:
                yield self._given()
                self._pasted, self._size, self._since = [], 0, self._last
            return
        again = data.find(BRACKETED_PASTE_START, at)
        at = data.rfind(BRACKETED_PASTE_END, at, None if again < 0 else again)
        yield self._given(data[:at])
        self._pasted, self._begun, self._rest = None, "", data[at + len(BRACKETED_PASTE_END) :]

    def _given(self, more: str = "") -> Paste:
        """What was pasted, without the one character that the toolkit leaves out, too."""
        return Paste("".join((*(self._pasted or ()), more)).replace("\x00", ""))

    def _forget(self) -> None:
        """The toolkit has seen the beginning of a mark, which is no key."""
        self._gen = self.parse(self._tokens.append)
        self._awaiting = next(self._gen)
        self._timeout_time = None


def _end(text: str, mark: str) -> str:
    """What `text` ends with of the beginning of `mark`."""
    return next((mark[:n] for n in range(len(mark) - 1, 0, -1) if text.endswith(mark[:n])), "")
