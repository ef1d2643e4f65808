"""Whoever closes a store last holds it alone for a moment: no opening fails for that."""

from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as StillWaiting
from contextlib import contextmanager

import pytest

from agentdesk.errors import BusyError, FullDiskError
from agentdesk.store import Store, driver, schema
from desks import Bench

MOMENT = 0.2


@pytest.fixture
def folders(tmp_path):
    bench = Bench(tmp_path)
    bench.mail()
    bench.close()
    return bench.store.folder, tmp_path / "state"


@contextmanager
def held(path):
    """The file is somebody else's alone, as it is while the last connection closes."""
    connection = driver.sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA locking_mode=EXCLUSIVE")
    connection.execute("BEGIN EXCLUSIVE")
    connection.execute("PRAGMA user_version").fetchone()
    try:
        yield
    finally:
        connection.close()


def opened_meanwhile(folder, locks, opens):
    """What `opens` gives where the file is free again after it has met the lock."""
    with ThreadPoolExecutor(1) as pool:
        with held(folder / "desk.db"):
            opening = pool.submit(opens)
            with pytest.raises(StillWaiting):
                opening.result(timeout=MOMENT)
        return opening.result(timeout=driver.OPENS_WITHIN)


def test_a_store_opens_once_the_lock_is_free(folders):
    opened_meanwhile(*folders, lambda: Store.open(*folders)).close()


def test_a_reader_opens_once_the_lock_is_free(folders):
    path = str(folders[0] / "desk.db")
    reader = opened_meanwhile(*folders, lambda: driver.connect(path, read_only=True))
    assert reader.execute("SELECT count(*) FROM ticket").fetchone()[0] == 1
    reader.close()


def test_a_lock_that_stays_is_said_as_one(folders, monkeypatch):
    monkeypatch.setattr(driver, "OPENS_WITHIN", 0.01)
    with held(folders[0] / "desk.db"), pytest.raises(BusyError):
        Store.open(*folders)


def test_an_open_store_tells_at_once_that_it_is_busy(folders):
    """Its own retries are fairer than SQLite's growing waits."""
    store = Store.open(*folders)
    assert store.connection.execute("PRAGMA busy_timeout").fetchone()[0] == 0
    store.close()


def test_an_opening_that_fails_leaves_nothing_open(folders, monkeypatch):
    made = []

    def connected(path, **how):
        made.append(connect(path, **how))
        return made[-1]

    def fails(_):
        raise OSError(28, "No space left on device")

    connect = driver.connect
    monkeypatch.setattr(driver, "connect", connected)
    monkeypatch.setattr("agentdesk.store.schema.CURRENT", schema.CURRENT + 1)
    turns = []
    monkeypatch.setattr("agentdesk.store.lock.Waiting.close", lambda self: turns.append(self._file.close()))
    with pytest.raises(FullDiskError):
        Store.open(*folders, fails)
    with pytest.raises(driver.sqlite3.ProgrammingError):
        made[0].execute("SELECT 1")
    assert len(turns) == 1
