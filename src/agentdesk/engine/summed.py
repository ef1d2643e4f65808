"""A folder of files with the sum of each, in the form that `sha256sum -c` compares.

Promises: a file that is in the list is what was written, readable for its owner alone; its sum costs no second reading.
Refuses: writing a file twice.
"""

import os
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

from agentdesk.config import make_directory

SUMS = "SHA256SUMS"
_LINE = re.compile(r"(\\?)([0-9a-f]{64})  (.+)")


class Folder:
    """A new folder that is being filled."""

    def __init__(self, path: Path) -> None:
        make_directory(path)
        self.path = path
        self.files = 0
        self._made = path
        self._sums = self._new(SUMS)
        self._sum = sha256()

    def _new(self, name: str) -> Any:
        place = self.path / name
        if place.parent != self._made:
            make_directory(place.parent)
            self._made = place.parent
        return os.fdopen(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600), "wb")

    def put(self, name: str, chunks: Iterable[bytes], *, wanted: str = "") -> str | None:
        """Writes one file and gives its sha256; None, and no file, where that is not the one `wanted`."""
        found = sha256()
        with self._new(name) as file:
            for chunk in chunks:
                file.write(chunk)
                found.update(chunk)
        if wanted and found.hexdigest() != wanted:
            (self.path / name).unlink()
            return None
        self._add(name, found.hexdigest())
        return found.hexdigest()

    @contextmanager
    def lines(self, name: str) -> Iterator[Callable[[str], None]]:
        """A file that is written line by line, beside others."""
        found = sha256()
        with self._new(name) as file:

            def write(line: str) -> None:
                data = line.encode()
                file.write(data)
                found.update(data)

            yield write
        self._add(name, found.hexdigest())

    def _add(self, name: str, sum_: str) -> None:
        self.files += 1
        line = f"{_written(name, sum_)}\n".encode("utf-8", "surrogateescape")
        self._sums.write(line)
        self._sum.update(line)

    def close(self, name: str, content: Callable[[int, str], bytes]) -> None:
        """Ends the list; `content` of (files, the list's own sha256) becomes one more file, which is in no list."""
        self._sums.close()
        with self._new(name) as file:
            file.write(content(self.files, self._sum.hexdigest()))


def sums(path: Path) -> Iterator[tuple[str, str]]:
    """(name, sha256) of each line of a list; raises ValueError with the line's number."""
    with path.open(encoding="utf-8", errors="surrogateescape", newline="\n") as lines:
        for number, line in enumerate(lines, 1):
            found = _LINE.fullmatch(line.removesuffix("\n"))
            if found is None:
                raise ValueError(number)
            yield (_plain(found[3]) if found[1] else found[3]), found[2]


def _written(name: str, sum_: str) -> str:
    """A line as `sha256sum` writes it: of a name with a line end in it, a backslash says that it is escaped."""
    safe = name.replace("\\", r"\\").replace("\n", r"\n").replace("\r", r"\r")
    return f"{'' if safe == name else chr(92)}{sum_}  {safe}"


def _plain(name: str) -> str:
    return re.sub(r"\\(.)", lambda found: {"n": "\n", "r": "\r"}.get(found[1], found[1]), name)
