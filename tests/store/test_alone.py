"""Below SQLite 3.51.3 writing and checkpointing at once can spoil the file: there a lock file keeps writers apart."""

import pytest

from agentdesk.core.commands import Tag
from agentdesk.engine.forgetting import forget
from agentdesk.errors import BusyError
from agentdesk.store import Store, _waiting_for, driver, lock
from desks import Bench


@pytest.fixture
def bench(tmp_path):
    made = Bench(tmp_path)
    made.mail()
    yield made
    made.close()


def is_free(bench):
    try:
        with lock.held(bench.folder / "state", "write"):
            return True
    except BusyError:
        return False


def test_a_sound_sqlite_needs_no_lock_file(bench, monkeypatch):
    monkeypatch.setattr(driver, "SOUND", driver.VERSION)
    with bench.store.transaction():
        assert is_free(bench)


def test_whoever_writes_holds_it_to_the_end_of_the_commit(bench, monkeypatch):
    monkeypatch.setattr(driver, "SOUND", (99, 0, 0))
    with bench.store.transaction():
        assert not is_free(bench)
    assert is_free(bench)
    bench.desk.do(Tag(bench.id(1), add=("talla",)))
    assert is_free(bench)


def test_nobody_checkpoints_while_another_writes(bench, monkeypatch):
    monkeypatch.setattr(driver, "SOUND", (99, 0, 0))
    monkeypatch.setattr("agentdesk.store.LOCK_WITHIN", 0.0)
    with lock.held(bench.folder / "state", "write"), pytest.raises(BusyError):
        bench.store.compact()
    with lock.held(bench.folder / "state", "write"), pytest.raises(BusyError), bench.store.transaction():
        pass
    bench.store.compact()


def test_erasing_works_and_a_new_store_opens(bench, monkeypatch, tmp_path):
    monkeypatch.setattr(driver, "SOUND", (99, 0, 0))
    with bench.reading() as connection:
        customer = connection.execute("SELECT id FROM customer").fetchone()[0]
    forget(bench.desk, customer)
    assert is_free(bench)
    Store.open(tmp_path / "other", tmp_path / "locks").close()


def test_what_is_busy_inside_is_said_as_it_is_and_the_lock_is_free_again(bench):
    locks = bench.folder / "state"
    with pytest.raises(BusyError) as caught, _waiting_for(locks, "migrate"):
        raise BusyError(what="store", holder="process 7")
    assert caught.value.values["holder"] == "process 7"
    with lock.held(locks, "migrate"):
        pass
