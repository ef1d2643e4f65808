"""Bodies, raw mail and notes: content-addressed, compressed, and the only place where they are.

A blob to 1 MiB lies in a table and is written in the transaction of what names it; a larger one is a file, not compressed, that
is complete and synced before that transaction commits, and goes after the one that drops it has (`doubtful`). A blob is named
by the sha256 of its content.
"""

import os
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from isal import isal_zlib

from agentdesk.store.doubtful import Doubtful, synced
from agentdesk.store.driver import Connection
from agentdesk.values import dataclass

IN_TABLE = 1 << 20
"""Bytes of a blob's content up to which it lies in the table."""
_LEVEL = 1
"""Of 0 to 3: higher ones pack a mail no better."""


@dataclass(frozen=True, slots=True)
class Blob:
    """A packed blob, ready to be written: the packing was done outside the lock."""

    hash: str
    size: int
    packed: bool
    data: bytes

    @property
    def is_large(self) -> bool:
        """Whether it is to be a file."""
        return self.size > IN_TABLE


def pack(data: bytes) -> Blob:
    """`data` compressed where that saves anything and a table takes it; the same may be packed in other bytes elsewhere."""
    from agentdesk.core.seal import digest

    small = isal_zlib.compress(data, _LEVEL) if 64 < len(data) <= IN_TABLE else data
    packed = len(small) < len(data)
    return Blob(digest(data), len(data), packed, small if packed else data)


_PUT = "INSERT INTO blob (hash, size, packed, data) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"


def put(blob: Blob) -> tuple[str, tuple[Any, ...]]:
    """The statement and the row that write a blob which is not large."""
    return _PUT, _row(blob)


def _row(blob: Blob) -> tuple[Any, ...]:
    return blob.hash, blob.size, int(blob.packed), blob.data


class Blobs:
    """The table and the folder of one store."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.doubtful = Doubtful(folder.parent / "doubtful")

    def put(self, connection: Connection, blobs: Iterable[Blob]) -> None:
        """Writes into the open transaction; one that is there already stays."""
        rows = []
        for each in blobs:
            if each.is_large:
                self._write(connection, each)
            else:
                rows.append(_row(each))
        connection.executemany(_PUT, rows)

    def _write(self, connection: Connection, blob: Blob) -> None:
        """A file that is durable when this returns, and goes again where the open transaction fails."""
        if self.get(connection, blob.hash) is not None:
            return
        self.doubtful.add(blob.hash)
        handle = os.open(self.doubtful.passing, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(blob.data)
            file.flush()
            os.fsync(file.fileno())
        self._place(self.doubtful.passing, blob.hash)

    def adopt(self, path: Path) -> tuple[str, int]:
        """Takes over a finished file: (hash, size). Durable when this returns; `path` is gone."""
        from hashlib import file_digest

        with path.open("rb") as file:
            name = file_digest(file, "sha256").hexdigest()
            os.fsync(file.fileno())
        size = path.stat().st_size
        path.chmod(0o600)
        self._place(path, name)
        return name, size

    def _place(self, path: Path, name: str) -> None:
        target = self.path(name)
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.replace(target)
        for folder in (target.parent, self.folder):
            synced(folder)

    def path(self, name: str) -> Path:
        return self.folder / name[:2] / name[2:]

    def get(self, connection: Connection, name: str) -> bytes | Path | None:
        """The content, the file that holds it, or None where it was erased."""
        row = connection.execute("SELECT packed, data FROM blob WHERE hash = ?", (name,)).fetchone()
        if row:
            return zlib.decompress(row[1]) if row[0] else bytes(row[1])
        path = self.path(name)
        return path if path.is_file() else None

    def text(self, connection: Connection, name: str) -> str:
        """A text blob; empty where it was erased."""
        data = self.get(connection, name)
        if data is None:
            return ""
        return (data if isinstance(data, bytes) else data.read_bytes()).decode("utf-8", "replace")

    def drop(self, connection: Connection, name: str) -> None:
        """In the open transaction; a file goes once that has ended well."""
        connection.execute("DELETE FROM blob WHERE hash = ?", (name,))
        if self.path(name).exists():
            self.doubtful.add(name, leaves=True)
