"""The only floor that knows SQL: one file, one writer at a time, everything in one transaction.

`Store.open` migrates under the lock after a backup and refuses a newer file. `transaction` is the only way to write;
`reader` gives connections that cannot. WAL with `synchronous=FULL`: what was confirmed to a server survives
a power loss.
"""

import errno
import os
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext, suppress
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from agentdesk.errors import (
    BusyError,
    DamagedStoreError,
    DeskError,
    DiskError,
    FullDiskError,
    NewerStoreError,
    StoreError,
)
from agentdesk.i18n import tr
from agentdesk.store import driver, lock, schema
from agentdesk.store.blobs import Blob, Blobs, pack

if TYPE_CHECKING:
    from agentdesk.store.rows import Rows
    from agentdesk.store.writer import Writer

LOCK_WITHIN = 30.0
"""Seconds that a writer tries to get the lock before it says who is in the way."""
JOURNAL = 64 << 20
"""Bytes after which the journal goes into the file: what is written again and again while mail comes in, goes once."""
PAGE = 8192
"""Bytes of a new store's pages. Mails are larger than SQLite's usual 4096: a commit of many writes a third less often."""
READ_WITHIN = 1.0
"""Seconds that an erase waits for those who read to have read."""
LEAST_ROOM = 1 << 16
"""Bytes of free disk below which what cannot be written has no room."""

__all__ = ["Blob", "Blobs", "Store", "pack"]


class Store:
    """One desk's data: the file `desk.db` and the folder `blobs` beside it."""

    def __init__(self, folder: Path, connection: driver.Connection, locks: Path) -> None:
        self.folder = folder
        self._locks = locks
        self.path = folder / "desk.db"
        self.blobs = Blobs(folder / "blobs")
        self._connection = connection
        self._turn = lock.Waiting(locks, "turn")

    @cached_property
    def _rows(self) -> "Rows":
        from agentdesk.store.rows import Rows

        return Rows(self._connection, self.blobs)

    @classmethod
    def open(cls, folder: Path, locks: Path, backup: Callable[["Store"], object] | None = None) -> "Store":
        """Opens or makes the store in `folder`; raises StoreError, DiskError, NewerStoreError or BusyError.

        `backup` is called with the store as it was, under the lock, before an existing one is migrated.
        """
        if driver.VERSION < driver.FLOOR:
            raise StoreError(
                path=str(folder), reason=f"SQLite {'.'.join(map(str, driver.VERSION))} is too old"
            )
        path = folder / "desk.db"
        with explained(path), ExitStack() as undone:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            (folder / "blobs").mkdir(mode=0o700, exist_ok=True)
            if not path.exists():
                os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
            connection = driver.connect(str(path))
            undone.callback(connection.close)
            store = cls(folder, connection, locks)
            undone.callback(store.close)
            store._prepare(backup)
            undone.pop_all()
        return store

    def _prepare(self, backup: Callable[["Store"], object] | None) -> None:
        version = schema.version(self._connection)
        if version > schema.CURRENT:
            raise NewerStoreError(path=str(self.path), reason=schema.newer(version))
        if version == 0:
            self._connection.execute(f"PRAGMA page_size={PAGE}")
        self._use_wal()
        if version < schema.CURRENT:
            with _waiting_for(self._locks, "migrate"):
                if 0 < schema.version(self._connection) < schema.CURRENT and backup:
                    backup(self)
                with self._alone():
                    schema.migrate(self._connection)
        self._connection.execute("PRAGMA synchronous=FULL")
        self._connection.execute("PRAGMA secure_delete=ON")
        (page,) = self._connection.execute("PRAGMA page_size").fetchone()
        self._connection.execute(f"PRAGMA wal_autocheckpoint={JOURNAL // page}")
        driver.impatient(self._connection)
        if self.blobs.doubtful.are_left():
            with (
                suppress(DeskError, driver.Error, OSError),
                self._alone(),
            ):  # whoever writes now sees to it later
                self._connection.execute("BEGIN IMMEDIATE")
                self._sweep()

    def _use_wal(self) -> None:
        """SQLite stays with the journal that was where it cannot change it, and only its answer tells."""
        if self._journal() == "wal":
            return
        _patiently(lambda: self._connection.execute("PRAGMA journal_mode=WAL"), "store")
        if self._journal() != "wal":
            raise DiskError(path=f"{self.path}-wal", reason="it cannot be written")

    def _journal(self) -> str:
        return str(self._connection.execute("PRAGMA journal_mode").fetchone()[0])

    def _alone(self) -> AbstractContextManager[None]:
        """Nobody else writes or checkpoints meanwhile: a lock file's work below SQLite `driver.SOUND` only.

        A commit checkpoints by itself, so whoever commits must hold it; closing is safe, SQLite then makes sure that
        it is the last.
        """
        return _waiting_for(self._locks, "write") if driver.VERSION < driver.SOUND else nullcontext()

    def compact(self) -> None:
        """After an erase: no byte of what was erased stays in the store's files, unless somebody reads on (`emptied`)."""
        from agentdesk.store.erasure import STEPS

        with explained(self.path), self._alone():
            for step in STEPS:
                _patiently(partial(self._connection.execute, step), "store")
        self.emptied()

    def emptied(self, within: float = READ_WITHIN) -> bool:
        """Whether the journal is empty now; False while somebody reads a moment of before, after so many seconds of waiting."""
        ends = time.monotonic() + within
        with explained(self.path), self._alone():
            while self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
                if time.monotonic() > ends:
                    return False
                _pause(0.001)
        return True

    def settle(self) -> None:
        """After much was written at once: the journal, as large as that, goes into the file as far as nobody reads it."""
        with explained(self.path), self._alone():
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    @contextmanager
    def transaction(self) -> "Iterator[Writer]":
        """The write lock, from now to the end of the block; everything inside or nothing."""
        from agentdesk.store.writer import Writer

        connection = self._connection
        with explained(self.path), self._alone(), self._with_files():
            self._begin(connection)
            try:
                yield Writer(connection, self.blobs, self._rows)
                self._rows.index()
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise
            finally:
                self._rows.texts.clear()
                self._rows.unindexed.clear()

    @contextmanager
    def _with_files(self) -> Iterator[None]:
        """Files of large blobs stay or go as the transaction inside ends; what cannot be done now, the next opening does."""
        doubtful = self.blobs.doubtful
        try:
            yield
        except BaseException:
            doubtful.is_due = bool(doubtful)
            raise
        finally:
            if doubtful.is_due:
                with suppress(DeskError, driver.Error, OSError):
                    self._begin(self._connection)
                    self._sweep()
            else:
                doubtful.settled()

    def _sweep(self) -> None:
        """Sees to the files of transactions that have ended, under the write lock, which it gives back."""
        try:
            self.blobs.doubtful.sweep(self._connection, self.blobs.path)
        finally:
            self._connection.execute("ROLLBACK")

    def _begin(self, connection: driver.Connection) -> None:
        """Takes the write lock; whoever holds it is told that somebody waits."""
        try:
            connection.execute("BEGIN IMMEDIATE")
        except driver.OperationalError as error:
            if not driver.is_locked(error):
                raise
            with lock.waiting(self._locks, "turn"):
                _patiently(lambda: connection.execute("BEGIN IMMEDIATE"), "store")

    def wanted(self) -> bool:
        """Whether another process waits for the write lock: whoever holds it long looks, and lets go."""
        return bool(self._turn)

    def reader(self) -> driver.Connection:
        """A connection that cannot write; the caller closes it."""
        with explained(self.path):
            return driver.connect(str(self.path), read_only=True)

    def rebuild(self, on_progress: Callable[[int, int], object] | None = None) -> int:
        """Throws the shared rows away and replays the log; returns how many events. One transaction."""
        from agentdesk.store import log

        total = 0
        with self.transaction() as writer:
            head = log.head(writer.connection)
            for table in (*schema.SHARED, "search"):
                writer.connection.execute(f"DELETE FROM {table}")  # noqa: S608
            writer.connection.execute("DELETE FROM tally")
            for seq, event in log.read(writer.connection):
                writer.rows.apply(event)
                total += 1
                if total % 500 == 0:
                    writer.rows.index()
                    if on_progress:
                        on_progress(seq, head)
        return total

    @property
    def connection(self) -> driver.Connection:
        """The writing connection, for maintenance (backup, VACUUM, checks) by whoever holds the writer."""
        return self._connection

    def close(self) -> None:
        """Closes the writing connection; twice does no harm."""
        self._connection.close()
        self._turn.close()


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turns the driver's and the disk's errors into ours, which say what to do."""
    try:
        yield
    except DeskError:
        raise
    except driver.DatabaseError as error:
        raise meant(path, error) from error
    except OSError as error:
        kind = FullDiskError if error.errno in {errno.ENOSPC, errno.EDQUOT} else DiskError
        raise kind(path=str(error.filename or path), reason=error.strerror or str(error)) from error


def meant(path: Path, error: driver.DatabaseError) -> DeskError:
    """What the driver says, as an error of ours."""
    text = str(error)
    if driver.is_locked(error):
        return BusyError(what="store", holder=tr("another process"))
    if _is_damage(text):
        return DamagedStoreError(path=str(path), reason=text)
    if "disk is full" in text or ("disk I/O" in text and _has_no_room(path)):
        return FullDiskError(path=str(path), reason=text)
    if "readonly" in text or "disk I/O" in text or "unable to open" in text:
        return DiskError(path=str(path), reason=text)
    return StoreError(path=str(path), reason=text)


@contextmanager
def readable(path: Path) -> Iterator[None]:
    """Whatever is read inside raises our errors, and as it is what SQLite cannot understand, which is a mistake of ours.

    Around a whole act, and not in a connection of our own that translates: that would cost every query three to fifteen percent, and
    miss what comes only with a later row.
    """
    try:
        yield
    except driver.DatabaseError as error:
        if driver.is_refused(error):
            raise
        raise meant(path, error) from error


def _has_no_room(path: Path) -> bool:
    """SQLite calls it an I/O error where the memory that connections share does not fit."""
    try:
        found = os.statvfs(path.parent)
    except OSError:
        return False
    return found.f_bavail * found.f_frsize < LEAST_ROOM


@contextmanager
def legible(path: Path) -> Iterator[None]:
    """Turns what SQLite says of damaged bytes into our error, wherever they are met; raises everything else as it is."""
    try:
        yield
    except driver.DatabaseError as error:
        if not _is_damage(str(error)):
            raise
        raise DamagedStoreError(path=str(path), reason=str(error)) from error


def _is_damage(text: str) -> bool:
    return "malformed" in text or "not a database" in text


def _patiently(step: Callable[[], object], what: str) -> None:
    """Tries each millisecond until the lock is ours: fairer than SQLite's own growing waits."""
    ends = time.monotonic() + LOCK_WITHIN
    while True:
        try:
            step()
        except driver.OperationalError as error:
            if not driver.is_locked(error):
                raise
            if time.monotonic() > ends:
                raise BusyError(what=what, holder=tr("another process")) from error
            _pause(0.001)
        else:
            return


def _pause(seconds: float) -> None:
    import select

    select.select((), (), (), seconds)


@contextmanager
def _waiting_for(locks: Path, name: str) -> Iterator[None]:
    """A lock file that others hold for a moment only. What the block raises is its own."""
    ends = time.monotonic() + LOCK_WITHIN
    with ExitStack() as taken:
        while True:
            try:
                taken.enter_context(lock.held(locks, name))
                break
            except BusyError:
                if time.monotonic() > ends:
                    raise
                _pause(0.001)
        yield
