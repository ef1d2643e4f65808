"""Whoever is forgotten is in no file any more: planted through every door, looked for in every byte, also in what comes back."""

import shutil

import pytest

from agentdesk.core.staying import InChat
from agentdesk.engine import archive, forgetting
from agentdesk.store.digest import digest
from agentdesk.store.erasure import TREATED
from desks import SHOP, Bench
from engine.plants import ADDRESS, MARKS, WHO, Desk, planted


@pytest.fixture
def desk(tmp_path):
    made = Desk(tmp_path / "home")
    planted(made)
    yield made
    made.bench.close()


def test_no_byte_of_a_person_is_left_in_any_file_and_in_what_comes_back(desk, tmp_path):
    """One story, since planting takes a second: erased, rebuilt, restored from before, received again, written anew."""
    found = {mark for mark, _ in desk.left()}
    assert sorted(set(MARKS) - found) == [], "what was not planted cannot be missed"
    mine = tmp_path / "mine.tar"
    archive.write(desk.bench.desk, desk.home, mine)
    later = f"From: {WHO}\r\nTo: {SHOP}\r\nMessage-ID: <later@orio.test>\r\n\r\nmas calabacinmorado".encode()
    desk.bench.mail(raw=later)
    old = desk.customer(ADDRESS)

    stays = forgetting.foreseen(desk.bench.desk, old).staying
    assert (stays.chats, stays.named) == ((InChat("wa", "whatsapp", 1),), 1)
    done = forgetting.erase(desk.bench.desk, desk.home, old)
    assert done.kept == ()
    assert desk.left() == []
    assert "a line\n[forgotten]\n" in desk.home.log_file.read_text()
    with desk.bench.reading() as connection:
        assert connection.execute("SELECT text FROM draft").fetchall() == [("Hola Pep",)]
    before = digest(desk.bench.store.connection)
    desk.bench.store.rebuild()
    assert digest(desk.bench.store.connection) == before

    for lost in (False, True):
        desk.bench.close()
        if lost:
            shutil.rmtree(desk.home.data)
        back = archive.put_back(desk.home, mine)
        assert back.forgotten == 1
        if back.kept:
            shutil.rmtree(back.kept)
        desk.open()
        assert desk.left() == []
        assert desk.bench.mail(raw=later).duplicates == 1, "it came after the backup and before the erase"
        desk.bench.store.compact()
        assert desk.left() == []
    desk.bench.mail("Hola de nou", sender=WHO, reply_to="<mid-orio-1@orio.test>", subject="Nou")
    assert desk.customer(ADDRESS) != old
    before = digest(desk.bench.store.connection)
    desk.bench.store.rebuild()
    assert digest(desk.bench.store.connection) == before


def test_whoever_still_reads_is_said_and_when_they_end_nothing_is_left(tmp_path):
    desk = Desk(tmp_path / "home")
    desk.bench.mail("un calabacinmorado", sender=WHO)
    with desk.bench.reading() as connection:
        connection.execute("BEGIN")
        connection.execute("SELECT count(*) FROM message").fetchone()
        assert forgetting.erase(desk.bench.desk, desk.home, desk.customer(ADDRESS)).is_read
    desk.bench.close()
    assert desk.left() == []


def test_every_table_says_what_an_erase_does_with_it(tmp_path):
    bench = Bench(tmp_path)
    with bench.reading() as connection:
        rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    bench.close()
    there = {name for (name,) in rows if not name.startswith("search_")}
    said = {name for names in TREATED for name in names.split()}
    assert there - said == set(), (
        "say in store/erasure.py what an erase does with these tables, and plant something in them here"
    )
    assert said - there <= {"sqlite_sequence", "agent"}
