"""A copy of the store that is whole: made beside its place, checked, and only then given its name.

Promises: a copy that has its name was checked; being killed half-way leaves the former one as it was; every copy is
0600. Refuses: copying the file's bytes while somebody writes; SQLite itself writes the copy (`VACUUM INTO`).
"""

import os
from contextlib import closing
from pathlib import Path

from agentdesk.errors import N_, DamagedStoreError, NewerStoreError, StoreError
from agentdesk.store import driver, explained, log, schema

_BY_ITSELF = "SELECT type, name, sql FROM sqlite_master WHERE type IN ('trigger', 'view')"


def copy(connection: driver.Connection, file: Path) -> None:
    """Copies the store of `connection` to `file`, in place of what was there; raises StoreError and DiskError.

    Call it under a lock: what an earlier one left half-made is written over.
    """
    passing = file.with_name(f".{file.name}.part")
    with explained(file):
        try:
            _remove(passing)
            os.close(os.open(passing, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
            connection.execute("VACUUM INTO ?", (str(passing),))
            check(passing)
            _sync(passing)
            _remove(file, whole=False)
            passing.replace(file)
            _sync(file.parent)
        finally:
            _remove(passing)


def snapshot(store: Path, file: Path) -> int:
    """Copies the store at `store` to `file` while others read and write it; gives how many tickets it holds.

    Over a connection that cannot write to the store: `VACUUM INTO` reads one moment of it, holds no lock that a writer
    waits for and leaves out what was erased. SQLite's backup interface begins anew whenever another process writes.
    """
    with explained(store), closing(driver.connect(str(store), read_only=True)) as connection:
        found = tickets(connection)
        connection.execute("PRAGMA query_only=OFF")  # else not even the copy could be written
        try:
            copy(connection, file)
        except DamagedStoreError as error:  # it is the store that SQLite could not read, and not its copy
            raise DamagedStoreError(path=str(store), reason=error.values["reason"]) from error
        return found


def check(file: Path) -> int:
    """The version of a store that is whole; raises StoreError for one that is not and NewerStoreError.

    The copy gets back the journal of a living store (WAL), which `VACUUM INTO` does not keep.
    """
    with explained(file), closing(driver.connect(str(file))) as connection:
        result = str(connection.execute("PRAGMA integrity_check(1)").fetchone()[0])
        if result != "ok":
            raise StoreError(path=str(file), reason=result)
        found = schema.version(connection)
        if found > schema.CURRENT:
            raise NewerStoreError(path=str(file), reason=schema.newer(found))
        if not found:
            raise StoreError(path=str(file), reason=N_("not a store of agentdesk"))
        connection.execute("PRAGMA journal_mode=WAL")
    return found


def is_untouched(file: Path) -> bool:
    """Whether nothing has ever happened in the store at `file`, also where there is none."""
    if not file.exists():
        return True
    with explained(file), closing(driver.connect(str(file), read_only=True)) as connection:
        return not schema.version(connection) or not log.head(connection)


def identities(file: Path, limit: int = 100) -> list[tuple[str, str, str]]:
    """(id, channel, address) of some whom the store at `file` knows."""
    with explained(file), closing(driver.connect(str(file), read_only=True)) as connection:
        sql = "SELECT id, channel, address FROM identity WHERE address IS NOT NULL LIMIT ?"
        return [tuple(row) for row in connection.execute(sql, (limit,))]


def has_foreign(file: Path) -> bool:
    """Whether a store runs something by itself, or shows something in another's name, that its version of ours has not."""
    with explained(file), closing(driver.connect(str(file), read_only=True)) as connection:
        found = set(connection.execute(_BY_ITSELF).fetchall())
        version = schema.version(connection)
    with closing(driver.connect(":memory:")) as fresh:
        schema.migrate(fresh, version)
        return not found <= set(fresh.execute(_BY_ITSELF).fetchall())


def fault(file: Path) -> str:
    """The first fault that SQLite finds in the bytes of a store, "" where there is none; changes nothing."""
    with explained(file), closing(driver.connect(str(file), read_only=True)) as connection:
        result = str(connection.execute("PRAGMA quick_check(1)").fetchone()[0])
        return "" if result == "ok" else result


def doubt(file: Path) -> int:
    """Of a store that comes back from a backup: what was waiting to be sent may have been sent since.

    It becomes what a program that ended while it was sending leaves: looked up before anything goes again, and put to
    the agent where nobody knows. Gives how many.
    """
    with explained(file), closing(driver.connect(str(file))) as connection:
        done = connection.execute("UPDATE outbox SET state = 'data' WHERE state NOT IN ('data', 'filing')")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return int(done.rowcount)


def version(connection: driver.Connection) -> int:
    """How many migrations the store of `connection` has had."""
    return schema.version(connection)


def tickets(connection: driver.Connection) -> int:
    """How many tickets a store holds."""
    return int(connection.execute("SELECT count(*) FROM ticket WHERE root = id").fetchone()[0])


def tickets_in(file: Path) -> int:
    """The same of a file that is not open; raises StoreError."""
    with explained(file), closing(driver.connect(str(file), read_only=True)) as connection:
        return tickets(connection) if schema.version(connection) else 0


def _remove(file: Path, *, whole: bool = True) -> None:
    """A store's file with its journals (or these only): one left behind by a dead process would spoil the next."""
    for ending in ("-wal", "-shm", "-journal", *([""] if whole else [])):
        file.with_name(file.name + ending).unlink(missing_ok=True)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
