"""The one SQLite of this process.

Two SQLite libraries on one file in one process drop each other's locks, so every module and test takes the
driver from here, and sqlite-utils chooses the same way (pysqlite3 where its wheel is installed). Hard floor: SQLite
3.43; below 3.51.3 the WAL-reset bug is possible, so `Store` lets one process at a time write and checkpoint.
"""

from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3
else:
    try:
        from pysqlite3 import dbapi2 as sqlite3
    except ImportError:
        import sqlite3

FLOOR = (3, 43, 0)
SOUND = (3, 51, 3)
OPENS_WITHIN = 10.0
"""Seconds that an opening waits for whoever holds the file: a process that closes it last holds it alone for a moment."""

Connection = sqlite3.Connection
Row = sqlite3.Row
OperationalError = sqlite3.OperationalError
DatabaseError = sqlite3.DatabaseError
IntegrityError = sqlite3.IntegrityError
Error = sqlite3.Error
VERSION: tuple[int, ...] = tuple(int(part) for part in sqlite3.sqlite_version.split("."))
module: ModuleType = sqlite3


def is_refused(error: sqlite3.Error) -> bool:
    """Whether SQLite objects to what it was given, a name or a value, and neither to the disk nor to a lock."""
    kinds = (sqlite3.IntegrityError, sqlite3.ProgrammingError, sqlite3.InterfaceError, sqlite3.DataError)
    return isinstance(error, kinds) or any(
        words in str(error) for words in ("syntax error", "no such col", "has no col")
    )


def connect(path: str, *, read_only: bool = False) -> Connection:
    """A connection in autocommit mode that waits for locks: the settings below read the file already.

    A store's writer has no use for it once it is open and switches it off (`impatient`): it retries by itself, each millisecond.
    `read_only` also refuses to create the file. It may be used from any one thread at a time.
    """
    mode = "ro" if read_only else "rwc"
    from urllib.parse import quote

    connection = sqlite3.connect(
        f"file:{quote(path)}?mode={mode}",
        uri=True,
        timeout=OPENS_WITHIN,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=512,
    )
    try:
        _set_up(connection, read_only=read_only)
    except BaseException:
        connection.close()
        raise
    return connection


def _set_up(connection: Connection, *, read_only: bool) -> None:
    connection.execute("PRAGMA foreign_keys=OFF")
    connection.execute("PRAGMA temp_store=MEMORY")
    # A batch of mail touches 20 MB of pages: with less room SQLite writes some twice, and sums up the journal anew.
    connection.execute(f"PRAGMA cache_size={-16_000 if read_only else -32_000}")
    connection.execute("PRAGMA mmap_size=268435456")
    if read_only:
        connection.execute("PRAGMA busy_timeout=5000")
        connection.execute("PRAGMA query_only=ON")


def impatient(connection: Connection) -> None:
    """From now on a lock of another is told at once."""
    connection.execute("PRAGMA busy_timeout=0")


def is_locked(error: sqlite3.Error) -> bool:
    """Whether another connection holds what is needed."""
    return "locked" in str(error) or "busy" in str(error)
