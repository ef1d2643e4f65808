"""Mails that are stored together become what they would have become one by one, and a bad one is still alone."""

import json
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from pathlib import Path

import pytest

from agentdesk.channels import Arrival, Batch
from agentdesk.channels.mime import read_mail
from agentdesk.core.commands import AddNote, Merge, Resolve
from agentdesk.core.model import Place
from agentdesk.engine import receiving
from agentdesk.engine.intake import Intake
from agentdesk.store import pack
from agentdesk.store.digest import digest
from desks import SHOP, Bench
from mailboxes import mailbox
from servers import until

MIME = "agentdesk.channels.mime:read_mail"
COUNT = 260
LOCAL = ("arrival", "blob", "event_ticket", "place")


COUNTED = (
    "SELECT bucket, coalesce(assignee, ''), count(*) FROM ticket GROUP BY 1, 2",
    "SELECT id, messages, last_message_at FROM ticket",
)
KEPT = (
    "SELECT bucket, assignee, n FROM tally WHERE n <> 0",
    "SELECT t.id, count(m.id), max(t.created_at, max(m.received_at)) FROM ticket t JOIN message m ON m.ticket = t.id GROUP BY t.id",
)


def everything(bench):
    """The log, the rows, what is local, and what a search finds."""
    connection = bench.store.connection
    log = connection.execute("SELECT * FROM event ORDER BY seq").fetchall()
    local = [sorted(map(repr, connection.execute(f"SELECT * FROM {name}"))) for name in LOCAL]
    words = [
        connection.execute("SELECT rowid FROM search WHERE search MATCH ?", (word,)).fetchall()
        for word in ("paquet", "c3")
    ]
    return [json.dumps(log), digest(connection), local, words]


def received(folder: Path, seed: int, codec: str, parts: int) -> list[object]:
    """A desk that got the mailbox in so many parts, an agent at work between them."""
    bench = Bench(folder)
    here = Intake(bench.desk, "mailbox", read_mail, codec)
    try:
        arrivals = list(mailbox(seed, COUNT, bench.clock.at, bench.desk.seal))
        for number in range(parts):
            some = arrivals[number * COUNT // parts : (number + 1) * COUNT // parts]
            batch = Batch(f"cursor {number}", tuple(some))
            here.take(batch, here.begin(batch))
            bench.clock.go(minutes=1)
            worked(bench)
        found = everything(bench)
        rows = digest(bench.store.connection)
        for counted, kept in zip(COUNTED, KEPT, strict=True):
            one, other = (set(bench.store.connection.execute(sql)) for sql in (counted, kept))
            assert one == other
        bench.store.rebuild()
        assert digest(bench.store.connection) == rows
        return found
    finally:
        here.rest()
        bench.close()


def worked(bench) -> None:
    """Two tickets become one, one is resolved, one gets a note."""
    with bench.desk.transaction() as writer:
        sql = "SELECT id FROM ticket WHERE root = id AND status NOT IN ('resolved', 'closed') ORDER BY number LIMIT 4"
        tickets = [row[0] for row in writer.connection.execute(sql)]
        note = pack(b"ring her up")
        writer.blobs.put(writer.connection, (note,))
        bench.desk.decided(writer, Merge(tickets[1], tickets[0]))
        bench.desk.decided(writer, Resolve(tickets[2]))
        bench.desk.decided(writer, AddNote(tickets[3], note.hash, note.size))


@pytest.mark.parametrize("parts", [1, 4])
@pytest.mark.parametrize("seed", range(4))
def test_together_they_become_what_they_would_have_become_one_by_one(tmp_path, monkeypatch, seed, parts):
    together = received(tmp_path / "together", seed, MIME, parts)
    monkeypatch.setattr(receiving, "TOGETHER", 7)
    few = received(tmp_path / "few", seed, "", parts)
    monkeypatch.setattr(receiving, "_stands_alone", lambda _: True)
    alone = received(tmp_path / "alone", seed, "", parts)
    assert together == alone
    assert few == alone


@pytest.mark.parametrize("codec", ["undecidable", "unwritable", "unnamed"])
@pytest.mark.parametrize("beside", [True, False], ids=["read beside", "read here"])
def test_a_bad_one_among_them_is_put_aside_and_undoes_nothing(tmp_path, monkeypatch, codec, beside):
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))
    monkeypatch.syspath_prepend(str(Path(__file__).parent))
    read = getattr(import_module("odd_codecs"), codec)
    raws = [
        f"From: c{n % 9}@x.test\r\nTo: {SHOP}\r\nSubject: Pedido\r\nMessage-ID: <{n}@x.test>\r\n"
        f"{'X-Odd: 1' if n == 130 else 'X-Fine: 1'}\r\nReferences: <{n - 9}@x.test>\r\n\r\nHola {n}\r\n".encode()
        for n in range(COUNT)
    ]  # fmt: skip
    desks = []
    for stands_alone in (receiving._stands_alone, lambda _: True):
        monkeypatch.setattr(receiving, "_stands_alone", stands_alone)
        bench = Bench(tmp_path / str(len(desks)))
        here = Intake(bench.desk, "mailbox", read, f"odd_codecs:{codec}" if beside else "")
        arrivals = tuple(
            Arrival(Place("mailbox", "INBOX", 1, n), bench.clock.at, raw, len(raw))
            for n, raw in enumerate(raws)
        )
        batch = Batch("cursor", arrivals)
        tally = here.take(batch, here.begin(batch))
        here.rest()
        desks.append(everything(bench))
        bench.close()
        assert (tally.received, tally.quarantined) == (COUNT - 1, 1)
    assert desks[0] == desks[1]


def test_what_comes_while_somebody_writes_is_found_by_its_words(tmp_path):
    """The receiver waits at the door with what was read beside, and the other's transaction ends first."""
    bench = Bench(tmp_path)
    here = Intake(bench.desk, "mailbox", read_mail, MIME)
    batch = Batch("cursor", tuple(mailbox(3, 60, bench.clock.at, bench.desk.seal)))
    with ThreadPoolExecutor(1) as receiver:
        with bench.desk.transaction():
            coming = receiver.submit(here.take, batch, here.begin(batch))
            until(lambda: bench.desk._door._patient)
        coming.result()
    here.rest()
    with bench.reading() as connection:
        found = connection.execute("SELECT count(*) FROM search WHERE search MATCH 'paquet'").fetchone()[0]
        texts = connection.execute("SELECT text FROM message").fetchall()
        says = [bench.store.blobs.text(connection, name) for (name,) in texts]
    bench.close()
    assert found == sum("paquet" in each for each in says) > 50
