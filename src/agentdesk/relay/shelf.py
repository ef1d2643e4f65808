"""The relay's one file: boxes and what lies in them.

Promises: `put` returns when the hooks are on the disk; a number is given once; what is deleted is overwritten. Refuses: taking
more than it may. The only place beside the desk's store that knows SQL, for a file of its own in a process of its own, so it
takes Python's driver as it is: with a rollback journal every SQLite is sound and a file copied at rest is whole. One thread
at a time uses it.
"""

import hashlib
import os
import secrets
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import astuple, dataclass
from datetime import UTC, datetime
from pathlib import Path

from agentdesk.errors import DiskError, NewerStoreError, StoreError
from agentdesk.relay import Box, Hook, Limits

VERSION = 1
AT_ONCE = 8 << 20
"""Bytes after which a fetch takes no further hook."""
_BUSY = 5.0
_FULL = frozenset({sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY})
_SCHEMA = (
    """CREATE TABLE box (key TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, generation INTEGER NOT NULL, pull TEXT NOT NULL,
        verify TEXT NOT NULL, last INTEGER NOT NULL DEFAULT 0)""",
    """CREATE TABLE hook (box TEXT NOT NULL, number INTEGER NOT NULL, at INTEGER NOT NULL, aside INTEGER NOT NULL DEFAULT 0,
        headers TEXT NOT NULL, body BLOB NOT NULL, PRIMARY KEY (box, number))""",
    "CREATE INDEX hook_of ON hook (box, aside, at)",
)


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a new box is opened with; told once, kept as digests."""

    pull: str
    verify: str


@dataclass(frozen=True, slots=True)
class Found:
    """`hooks` after a number, `more` of them there; `last` and `aside` (how many are) are the box's at that moment."""

    hooks: tuple[Hook, ...]
    more: bool
    last: int
    aside: int


@dataclass(frozen=True, slots=True)
class Content:
    """What lies in a box, or in all. `waiting` does not count what was set aside."""

    waiting: int
    aside: int
    oldest_at: datetime | None


def digest(token: str) -> str:
    """Of a token: they are random and long, so one round is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


class Shelf:
    """The file at `path`, made (0600) where there is none; raises StoreError, from every method."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with self._said():
            os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
            self._connection = sqlite3.connect(
                path, timeout=_BUSY, isolation_level=None, check_same_thread=False
            )
            for setting in ("journal_mode=TRUNCATE", "synchronous=FULL", "secure_delete=ON"):
                self._connection.execute(f"PRAGMA {setting}")
            self._make()

    def _make(self) -> None:
        version = self._number("user_version")
        if version > VERSION:
            raise NewerStoreError(path=str(self.path), reason=str(version))
        if version == VERSION:
            return
        with self._turn():
            if self._number("user_version") < VERSION:
                for statement in _SCHEMA:
                    self._connection.execute(statement)
                self._connection.execute(f"PRAGMA user_version={VERSION}")

    def close(self) -> None:
        self._connection.close()

    # Boxes.

    def add_box(self, name: str) -> tuple[Box, Tokens]:
        """A new box; raises KeyError where there is one of that name."""
        tokens = Tokens(secrets.token_urlsafe(32), secrets.token_urlsafe(16))
        box = Box(
            secrets.token_urlsafe(24),
            name,
            1 + secrets.randbits(48),
            digest(tokens.pull),
            digest(tokens.verify),
        )
        with self._turn():
            if self._connection.execute("SELECT 1 FROM box WHERE name = ?", (name,)).fetchone():
                raise KeyError(name)
            self._connection.execute("INSERT INTO box VALUES (?, ?, ?, ?, ?, ?)", astuple(box))
        return box, tokens

    def boxes(self) -> tuple[Box, ...]:
        with self._said():
            rows = self._connection.execute("SELECT * FROM box ORDER BY name")
            return tuple(Box(*row) for row in rows)

    def box(self, key: str) -> Box | None:
        with self._said():
            row = self._connection.execute("SELECT * FROM box WHERE key = ?", (key,)).fetchone()
            return Box(*row) if row else None

    def remove_box(self, box: Box) -> None:
        """The box and all that lies in it."""
        with self._turn():
            self._connection.execute("DELETE FROM hook WHERE box = ?", (box.key,))
            self._connection.execute("DELETE FROM box WHERE key = ?", (box.key,))

    # Hooks.

    def put(self, hooks: Sequence[Hook], limits: Limits) -> tuple[list[int], int]:
        """Stores them, in this order; gives their numbers (0 where the box is gone) and how many that had been set aside
        went to make room. Raises DiskError where there is no room; then none of them is stored."""
        with self._turn():
            gone = self._make_room(sum(hook.size for hook in hooks), limits)
            return [self._put(hook) for hook in hooks], gone

    def _put(self, hook: Hook) -> int:
        self._connection.execute("UPDATE box SET last = last + 1 WHERE key = ?", (hook.box,))
        row = self._connection.execute("SELECT last FROM box WHERE key = ?", (hook.box,)).fetchone()
        if row is None:
            return 0
        self._connection.execute(
            "INSERT INTO hook (box, number, at, headers, body) VALUES (?, ?, ?, ?, ?)",
            (hook.box, row[0], _stamp(hook.at), hook.headers, hook.body),
        )
        return int(row[0])

    def _make_room(self, size: int, limits: Limits) -> int:
        gone = 0
        if self._used() + size > limits.total:
            gone = self._connection.execute("DELETE FROM hook WHERE aside").rowcount
        if self._used() + size > limits.total:
            raise DiskError(path=str(self.path), reason=f"it holds all it may, {limits.total >> 20} MB")
        growth = size - self._number("freelist_count") * self._number("page_size")
        if growth > 0 and self.disk_free() - growth < limits.keep_free:
            reason = f"less than {limits.keep_free >> 20} MB of the disk are free"
            raise DiskError(path=str(self.path), reason=reason)
        return gone

    def found(self, box: Box, after: int, most: int, *, aside: bool = False) -> Found:
        """Up to `most` hooks numbered above `after`, those set aside or those that were not."""
        with self._turn():
            rows = self._connection.execute(
                "SELECT box, at, headers, body, number FROM hook WHERE box = ? AND number > ? AND aside = ? "
                "ORDER BY number LIMIT ?",
                (box.key, after, int(aside), most + 1),
            )
            hooks: list[Hook] = []
            size, more = 0, False
            for key, at, headers, body, number in rows:
                more = len(hooks) == most or size > AT_ONCE
                if more:
                    break
                hooks.append(Hook(key, _moment(at), headers, body, number))
                size += hooks[-1].size
            now = self._connection.execute(
                "SELECT last, (SELECT count(*) FROM hook WHERE box = key AND aside = 1) FROM box WHERE key = ?",
                (box.key,),
            ).fetchone()
            return Found(tuple(hooks), more, *(now or (0, 0)))

    def let_go(self, box: Box, upto: int, aside: Sequence[int]) -> int:
        """Deletes what is numbered up to `upto` but for what was set aside, now (`aside`) or before; gives how many went."""
        with self._turn():
            self._connection.executemany(
                "UPDATE hook SET aside = 1 WHERE box = ? AND number = ?", ((box.key, n) for n in aside)
            )
            return self._connection.execute(
                "DELETE FROM hook WHERE box = ? AND number <= ? AND NOT aside", (box.key, upto)
            ).rowcount

    def expire(self, before: datetime) -> dict[str, int]:
        """Deletes what came before this; gives how many nobody had fetched, by the box's name."""
        with self._turn():
            rows = self._connection.execute(
                "SELECT b.name, sum(NOT h.aside) FROM hook h JOIN box b ON b.key = h.box WHERE h.at < ? GROUP BY b.name",
                (_stamp(before),),
            ).fetchall()
            self._connection.execute("DELETE FROM hook WHERE at < ?", (_stamp(before),))
        return {name: count for name, count in rows if count}

    def content(self, box: Box | None = None) -> Content:
        """What lies in `box`, or in all of them."""
        ask = "SELECT sum(NOT aside), sum(aside), min(at) FILTER (WHERE NOT aside) FROM hook"
        with self._said():
            rows = self._connection.execute(ask + " WHERE box = ?" * bool(box), (box.key,) if box else ())
            waiting, aside, oldest = rows.fetchone()
        return Content(waiting or 0, aside or 0, None if oldest is None else _moment(oldest))

    # Room.

    def used(self) -> int:
        """Bytes of the file that hold something."""
        with self._said():
            return self._used()

    def disk_free(self) -> int:
        return shutil.disk_usage(self.path.parent).free

    def _used(self) -> int:
        return (self._number("page_count") - self._number("freelist_count")) * self._number("page_size")

    def _number(self, pragma: str) -> int:
        return int(self._connection.execute(f"PRAGMA {pragma}").fetchone()[0])

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """One transaction."""
        with self._said():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):
                    if self._connection.in_transaction:
                        self._connection.execute("ROLLBACK")
                raise

    @contextmanager
    def _said(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise DiskError(path=str(self.path), reason=error.strerror or str(error)) from error
        except sqlite3.Error as error:
            full = getattr(error, "sqlite_errorcode", 0) & 0xFF in _FULL
            raise (DiskError if full else StoreError)(path=str(self.path), reason=str(error)) from error


def _stamp(at: datetime) -> int:
    return int(at.timestamp() * 1000)


def _moment(stamp: int) -> datetime:
    return datetime.fromtimestamp(stamp / 1000, UTC)
