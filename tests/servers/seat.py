"""Somebody at the console in a real terminal: sees what stands on the screen, types, and every key is counted.

Promises: waits for what is read there, with a deadline. Refuses: looking anywhere but at the screen. The terminal says that it
shows a frame only once it is whole, so that none is read half drawn.
"""

import fcntl
import struct
import termios

from servers import until
from servers.screen import Screen
from servers.terminal import Terminal

ASKED, ANSWER = "\x1b[?2026$p", "\x1b[?2026;2$y"
"""Whether the terminal shows a frame only once it is whole, and that it does."""
WITHIN = 20.0


class Seat:
    """One console, from construction to `leave`; `keys` are those that were pressed, `typed` the letters of texts."""

    def __init__(
        self, command: list[str], environment: dict[str, str], *, columns: int = 120, rows: int = 40
    ) -> None:
        given = {**environment, "COLORTERM": "truecolor", "TMUX": ""}
        self.terminal = Terminal(command, given, columns=columns, rows=rows)
        until(lambda: (self.terminal.read(0.05), ASKED in self.terminal.fresh)[1], WITHIN)
        self.terminal.type(ANSWER)
        self.screen = Screen(columns, rows)
        self.keys = self.typed = 0
        self._seen = 0

    def look(self) -> str:
        """What stands on the screen now."""
        self.screen.write(self.terminal.fresh[self._seen :])
        self._seen = len(self.terminal.fresh)
        return self.screen.text

    def frame(self) -> str:
        """The same, with what is drawn in this moment; "" while a frame is half drawn."""
        self.terminal.read(0.02)
        text = self.look()
        return text if self.screen.is_whole else ""

    def resize(self, columns: int, rows: int) -> None:
        """The terminal's window is drawn larger or smaller."""
        self.look()
        self.screen = Screen(columns, rows)
        fcntl.ioctl(self.terminal.line, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def press(self, *keys: str) -> None:
        for key in keys:
            self.keys += 1
            self._send(key)

    def type(self, text: str) -> None:
        """A text, at one go."""
        self.typed += len(text)
        self._send(text)

    def _send(self, keys: str) -> None:
        self.look()
        self.terminal.type(keys)
        self._seen = 0

    def sees(self, *words: str, without: str = "") -> str:
        """The screen, once all of the words stand there and `without` does not."""

        def stands() -> bool:
            text = self.frame()
            return bool(text) and all(word in text for word in words) and not (without and without in text)

        try:
            until(stands, WITHIN)
        except AssertionError:
            raise AssertionError(f"no {words}, or {without!r}:\n{self.screen.text}") from None
        return self.screen.text

    def leave(self, *keys: str) -> int:
        """Presses what leaves, and gives the exit status."""
        self.press(*keys)
        return self.terminal.ended(0)
