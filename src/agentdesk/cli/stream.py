"""stdout and stderr as a command writes them: the last door before the terminal, whoever writes.

Promises: `write` lets text through and nothing else, what a terminal would obey is seen as U+FFFD; `draw` is for the few
sequences of our own; no character breaks a stream, a closed one swallows what it gets. Refuses: bytes. `show --raw` gives
those to the file beneath (`buffer`) where no terminal is.
"""

import sys
from typing import Any, TextIO

from agentdesk.core.text import safe


class Stream:
    """A stream of this process; what is asked of it but writing, the file beneath answers."""

    def __init__(self, file: TextIO) -> None:
        self._file = file

    def write(self, text: str) -> int:
        """Writes `text`, made safe for a terminal."""
        self._file.write(safe(text))
        return len(text)

    def draw(self, sequence: str, text: str = "") -> None:
        """Writes a sequence of our own, then `text` as `write` does."""
        self._file.write(sequence + safe(text))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


def streams() -> tuple[Stream, Stream]:
    """stdout and stderr of this process."""
    return _opened(sys.stdout), _opened(sys.stderr)


def _opened(file: TextIO | None) -> Stream:
    if file is None:
        return Stream(open("/dev/null", "w", encoding="utf-8"))  # noqa: PTH123 - lives with the process
    if hasattr(file, "reconfigure"):
        file.reconfigure(errors="backslashreplace")
    return Stream(file)
