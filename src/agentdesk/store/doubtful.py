"""Files of blobs that are right only if a transaction ends as it should: written down before, looked at once it has ended.

Promises: what a transaction wrote that failed goes, and what one dropped that went well; nothing that a row of the store names
does. Where the process was killed in between, whoever opens the store next sees to it. Refuses: taking a file away while
anybody writes: that is decided under the write lock, of what the tables say then.
"""

import os
import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from agentdesk.store.driver import Connection

_NAME = re.compile(r"[0-9a-f]{64}")
_NAMED = (
    "SELECT 1 FROM message WHERE (text = :name OR raw = :name) AND NOT erased UNION ALL "
    "SELECT 1 FROM version v JOIN message m ON m.id = v.message WHERE v.text = :name AND NOT m.erased UNION ALL "
    "SELECT 1 FROM arrival WHERE raw = :name UNION ALL SELECT 1 FROM quarantine WHERE raw = :name UNION ALL "
    "SELECT 1 FROM amendment WHERE text = :name LIMIT 1"
)
"""Everything by which a blob is reached."""


class Doubtful:
    """The names in `folder`, a file of them for each transaction that has any."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._own: Path | None = None
        self.passing = folder / "passing"
        """A file on its way to its name; one at a time writes."""
        self.is_due = False
        """Whether some of what was written down is to go, however the open transaction ends."""

    def __bool__(self) -> bool:
        """Whether the open transaction has written down any."""
        return self._own is not None

    def are_left(self) -> bool:
        """Whether a transaction of anybody's has, and is not known to have ended."""
        try:
            with os.scandir(self._folder) as found:
                return any(found)
        except FileNotFoundError:
            return False

    def add(self, name: str, *, leaves: bool = False) -> None:
        """Before the file of that name is written, or dropped (`leaves`), in the open transaction. Durable when this returns."""
        is_new = self._own is None
        if self._own is None:
            self._folder.mkdir(mode=0o700, exist_ok=True)
            self._own = self._folder / f"{os.getpid()}-{os.urandom(6).hex()}"
        handle = os.open(self._own, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(f"{name}\n".encode())
            file.flush()
            os.fsync(file.fileno())
        if is_new:
            synced(self._folder)
            synced(self._folder.parent)
        self.is_due |= leaves

    def settled(self) -> None:
        """What was written down is as it should be."""
        if self._own is not None:
            self._removed(self._own)
        self._own, self.is_due = None, False

    def sweep(self, connection: Connection, path: Callable[[str], Path]) -> None:
        """For whoever holds the write lock, under which nothing is written: files (at `path`) that no row names go."""
        self.passing.unlink(missing_ok=True)
        for file in list(self._folder.glob("*")):
            for name in _NAME.findall(file.read_text("ascii", "replace")):
                if not connection.execute(_NAMED, {"name": name}).fetchone():
                    path(name).unlink(missing_ok=True)
            self._removed(file)
        self.settled()

    def _removed(self, file: Path) -> None:
        file.unlink(missing_ok=True)
        with suppress(OSError):  # another transaction's names lie in it
            self._folder.rmdir()


def synced(folder: Path) -> None:
    """The names in `folder` survive a power cut."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
