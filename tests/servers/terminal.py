"""A program in a real pseudo-terminal: started, read, typed to, and asked what CPU time it has used.

What is drawn is looked for without its escape sequences. Waiting is always for something that is read, with a deadline.
"""

import codecs
import fcntl
import os
import re
import select
import signal
import struct
import termios
import time
from pathlib import Path

WITHIN = 60.0
_ESCAPES = re.compile(
    r"\x1b(?:\[[0-9;:?<>=]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|P[^\x1b]*\x1b\\|[()][0-9A-Za-z]|.)"
)


class Terminal:
    """One program on a screen of its own, from construction to `close`. `all` is everything it has drawn."""

    def __init__(
        self,
        command: list[str],
        environment: dict[str, str] | None = None,
        *,
        columns: int = 120,
        rows: int = 40,
    ) -> None:
        environment = {**os.environ, **(environment or {}), "TERM": "xterm-256color"}
        size = struct.pack("HHHH", rows, columns, 0, 0)
        self.began = time.perf_counter()
        self.pid, self.line = os.forkpty()
        if self.pid == 0:
            try:
                fcntl.ioctl(0, termios.TIOCSWINSZ, size)
                os.execvpe(command[0], command, environment)
            finally:
                os._exit(127)
        self.fresh = ""
        self._text = codecs.getincrementaldecoder("utf-8")("surrogateescape")
        self.all: list[str] = []
        self.ended_with: int | None = None

    def until(self, words: str) -> float:
        """Seconds from the start of the program to the moment when `words` have been drawn since the last key."""
        ends = time.perf_counter() + WITHIN
        while words not in plain(self.fresh):
            if (left := ends - time.perf_counter()) < 0 or not self.read(left):
                raise AssertionError(f"never drew {words!r}:\n{plain(self.fresh)[-2000:]}")
        return time.perf_counter() - self.began

    def read(self, within: float) -> bool:
        """Takes what is drawn next; False where nothing is within that time, or the program has ended."""
        if not select.select([self.line], [], [], max(0.0, within))[0]:
            return False
        try:
            data = os.read(self.line, 1 << 16)
        except OSError:
            return False
        self.fresh += self._text.decode(data)
        return bool(data)

    def quiet(self, for_seconds: float) -> None:
        """Reads until nothing is drawn for so long."""
        ends = time.perf_counter() + WITHIN
        while self.read(for_seconds) and time.perf_counter() < ends:
            continue

    def type(self, keys: str) -> None:
        """Types, without waiting for anything."""
        self.all.append(self.fresh)
        self.fresh = ""
        os.write(self.line, keys.encode())

    def press(self, keys: str) -> None:
        """Types, and reads until it is drawn."""
        self.type(keys)
        if not self.read(WITHIN):
            raise AssertionError("a key drew nothing")
        self.quiet(0.02)

    @property
    def drawn(self) -> str:
        """Everything that was ever written; a byte that is no UTF-8 is a lone surrogate."""
        return "".join((*self.all, self.fresh))

    def shown(self) -> str:
        """Everything that was ever drawn, as plain text."""
        return plain(self.drawn)

    def cpu(self) -> float:
        """Seconds of CPU time that its threads have used (Linux)."""
        threads = Path(f"/proc/{self.pid}/task").iterdir()
        return sum(int((each / "schedstat").read_text().split()[0]) for each in threads) / 1e9

    def ended(self, by: int = signal.SIGTERM) -> int:
        """Sends a signal (0: none, it ends by itself), reads what it still draws, and gives the exit status."""
        os.kill(self.pid, by)
        while self.read(WITHIN):
            continue
        _, status = os.waitpid(self.pid, 0)
        os.close(self.line)
        return os.waitstatus_to_exitcode(status)

    def close(self) -> None:
        """Ends it at once."""
        self.ended(signal.SIGKILL)


def plain(drawn: str) -> str:
    """Without escape sequences."""
    return _ESCAPES.sub("", drawn)
