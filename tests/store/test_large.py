"""A blob of more than a mebibyte is a file: there before its transaction commits, gone after the one that drops it, never sooner."""

from contextlib import closing, suppress

import pytest

from agentdesk.channels import Arrival, Batch
from agentdesk.core.commands import Erase, Quarantine
from agentdesk.core.model import OutFile, Place
from agentdesk.errors import FullDiskError
from agentdesk.store import Store, pack
from agentdesk.store.blobs import IN_TABLE
from agentdesk.store.replay import replay
from desks import MONDAY, Bench
from engine.answering import Shop

LARGE = bytes(range(256)) * (IN_TABLE // 256) + b"x"
MAIL = (
    b"From: maria@x.test\r\nTo: soporte@shop.test\r\nSubject: foto\r\nMessage-ID: <b@x>\r\n\r\n"
    + b"x y z\r\n" * 300_000
)


@pytest.fixture
def bench(tmp_path):
    made = Bench(tmp_path)
    yield made
    made.close()


@pytest.fixture
def mailed(bench):
    """(customer, the name of the raw mail) of a mail that came as a file."""
    spooled = bench.folder / "large.eml"
    spooled.write_bytes(MAIL)
    place = Place("mailbox", "INBOX", 1, 1)
    bench.intake.take(Batch("c", (Arrival(place, bench.clock.at, spooled, len(MAIL), role="inbox"),)))
    with bench.reading() as connection:
        return connection.execute(
            "SELECT t.customer, m.raw FROM ticket t JOIN message m ON m.ticket = t.id"
        ).fetchone()


def files(store):
    return [each for each in store.blobs.folder.rglob("*") if each.is_file()]


def nothing_waits(store):
    return not store.blobs.doubtful.are_left()


def put(bench, data=LARGE, fails=None, named=False):
    blob = pack(data)
    with bench.desk.transaction() as writer:
        writer.blobs.put(writer.connection, (blob,))
        if named:
            command = Quarantine(
                account="mailbox",
                raw=blob.hash,
                size=blob.size,
                received_at=MONDAY,
                reason="torn",
                role="inbox",
            )
            bench.desk.decided(writer, command)
        if fails:
            raise fails
    return blob.hash


def test_what_the_table_takes_lies_there_and_the_rest_is_a_file(bench):
    small, large = put(bench, LARGE[:IN_TABLE]), put(bench)
    with bench.reading() as connection:
        assert bench.store.blobs.get(connection, small) == LARGE[:IN_TABLE]
        assert bench.store.blobs.get(connection, large).read_bytes() == LARGE
    assert [each.stat().st_mode & 0o777 for each in files(bench.store)] == [0o600]
    assert nothing_waits(bench.store)


def test_an_answer_with_a_large_file_is_no_row_and_goes_out_and_into_a_backup(tmp_path):
    shop = Shop(tmp_path)
    shop.bench.mail("hola")
    attached = OutFile("a.bin", "application/octet-stream", LARGE)
    shop.answer("adjunto", files=(attached,), hold=0)
    with shop.bench.reading() as connection:
        assert connection.execute("SELECT max(length(data)) FROM blob").fetchone()[0] < 10_000
        (name,) = connection.execute("SELECT raw FROM message WHERE state IS NOT NULL").fetchone()
    (file,) = files(shop.bench.store)
    assert file == shop.bench.store.blobs.path(name)
    with closing(shop.bench.desk.reader()) as connection:
        assert shop.bench.store.blobs.get(connection, name) == file


def test_a_transaction_that_fails_leaves_no_file(bench):
    with pytest.raises(ZeroDivisionError):
        put(bench, fails=ZeroDivisionError)
    assert files(bench.store) == []
    assert nothing_waits(bench.store)


def test_an_erase_that_fails_keeps_the_mail_and_one_that_does_not_leaves_no_file(bench, mailed):
    customer, raw = mailed
    with suppress(FullDiskError), bench.desk.transaction() as writer:
        bench.desk.decided(writer, Erase(customer))
        raise OSError(28, "No space left on device")
    assert bench.store.blobs.path(raw).read_bytes() == MAIL
    bench.desk.do(Erase(customer))
    assert files(bench.store) == []
    assert nothing_waits(bench.store)


@pytest.mark.parametrize("fails", [None, ZeroDivisionError])
def test_whoever_opens_the_store_next_sees_to_the_files_of_whoever_was_killed(
    bench, mailed, monkeypatch, fails
):
    customer, raw = mailed
    with monkeypatch.context() as killed:
        killed.setattr(Store, "_sweep", lambda store: store.connection.execute("ROLLBACK"))
        with suppress(ZeroDivisionError), bench.desk.transaction() as writer:
            bench.desk.decided(writer, Erase(customer))
            writer.blobs.put(writer.connection, (pack(LARGE),))
            if fails:
                raise fails
        assert len(files(bench.store)) == 2
        bench.store.close()
    Store.open(bench.store.folder, bench.folder / "state").close()
    assert files(bench.store) == ([bench.store.blobs.path(raw)] if fails else [])
    assert nothing_waits(bench.store)


def test_a_file_that_a_row_names_stays_whoever_wrote_it_was_killed_right_after(bench, monkeypatch):
    with monkeypatch.context() as killed:
        killed.setattr("agentdesk.store.doubtful.Doubtful.settled", lambda _: None)
        name = put(bench, named=True)
    bench.store.close()
    Store.open(bench.store.folder, bench.folder / "state").close()
    assert files(bench.store) == [bench.store.blobs.path(name)]
    assert nothing_waits(bench.store)


def test_what_is_dropped_and_comes_back_in_one_transaction_stays(bench):
    name = put(bench, named=True)
    with bench.desk.transaction() as writer:
        writer.blobs.drop(writer.connection, name)
        writer.blobs.put(writer.connection, (pack(LARGE),))
    assert bench.store.blobs.path(name).read_bytes() == LARGE
    assert nothing_waits(bench.store)


def test_a_step_back_within_a_transaction_keeps_what_it_had_dropped(bench):
    name = put(bench, named=True)
    with bench.desk.transaction() as writer, suppress(ZeroDivisionError), writer.savepoint():
        writer.connection.execute("DELETE FROM quarantine")
        writer.blobs.drop(writer.connection, name)
        raise ZeroDivisionError
    assert bench.store.blobs.path(name).exists()


def test_a_rehearsal_writes_no_file_and_takes_none_away(bench, mailed):
    _, raw = mailed
    with closing(bench.desk.reader()) as connection, replay(connection, bench.store.blobs, MONDAY) as past:
        writer = past.writer
        writer.blobs.put(writer.connection, (pack(LARGE),))
        assert writer.blobs.get(writer.connection, pack(LARGE).hash) == LARGE
        writer.blobs.drop(writer.connection, raw)
    assert files(bench.store) == [bench.store.blobs.path(raw)]
    assert nothing_waits(bench.store)
