"""Whatever happened on a desk: what was exported of it becomes the same desk, and a mail of any shape comes through."""

from dataclasses import replace
from pathlib import Path

import pytest

from agentdesk.channels import Arrival, Batch
from agentdesk.config import Account, Home, Settings
from agentdesk.config import Desk as DeskSettings
from agentdesk.core.model import Place
from agentdesk.engine.export import write
from agentdesk.engine.inherit import inherit
from agentdesk.store.digest import digest
from desks import SHOP, Bench
from engine.chats import Chats
from histories import History
from servers import PROOF

SETTINGS = Settings(
    DeskSettings("Europe/Madrid", "es"), accounts=(Account("mailbox", "soporte", "email", SHOP),)
)
CORPORA = Path(__file__).parents[3] / "shared/corpora"


def exported(bench: Bench, folder: Path):
    home = Home.under(bench.folder)
    home.make()
    home.key.write_bytes(b"k" * 32)
    return write(bench.desk, home, SETTINGS, folder)


def made_of(export: Path, folder: Path) -> Bench:
    """An empty desk that took the export over."""
    bench = Bench(folder)
    assert inherit(bench.desk, Home.under(folder), SETTINGS, export, None).whole
    return bench


def content(blob: bytes | Path | None) -> bytes | None:
    return blob.read_bytes() if isinstance(blob, Path) else blob


def whole(bench: Bench) -> list[tuple[object, ...]]:
    """Log and contents: texts and raw messages byte by byte."""
    with bench.reading() as connection:
        log = connection.execute("SELECT * FROM event ORDER BY seq").fetchall()
        tickets = connection.execute("SELECT * FROM event_ticket ORDER BY seq, ticket").fetchall()
        named = connection.execute("SELECT id, text, raw FROM message WHERE NOT erased ORDER BY n").fetchall()
        found = connection.execute(
            "SELECT count(*) FROM search WHERE rowid IN (SELECT n FROM message WHERE NOT erased)"
        ).fetchone()
        contents = [
            (id_, *(content(bench.store.blobs.get(connection, name)) for name in (text, raw) if name))
            for id_, text, raw in named
        ]
    return [*log, *tickets, found, *contents]


@pytest.mark.parametrize("seed", range(4, 9) if PROOF else [4])
def test_a_random_history_of_five_hundred_commands_comes_back_whole(tmp_path, seed):
    bench = Bench(tmp_path / "one")
    history = History(bench, seed)
    for _ in range(500):
        history.step()
    exported(bench, tmp_path / "out")
    other = made_of(tmp_path / "out", tmp_path / "two")
    assert digest(other.store.connection) == digest(bench.store.connection)
    assert whole(other) == whole(bench)
    again = inherit(other.desk, Home.under(other.folder), SETTINGS, tmp_path / "out", None)
    assert (again.whole, again.tally.received, again.notes) == (False, 0, 0)
    assert digest(other.store.connection) == digest(bench.store.connection)
    bench.close()
    other.close()


def test_a_chat_with_its_edits_signs_and_receipts_comes_back_whole(tmp_path):
    chats = Chats(tmp_path / "one", "whatsapp")
    chats.writes("Vull la talla M", 1)
    chats.go(minutes=2)
    chats.edits("Vull la talla L", 1)
    chats.edits("I un mitjó", 2)
    chats.writes("I dos mitjons", 2)
    chats.edits("I tres mitjons", 2)
    chats.answer("Ja ve")
    chats.flush()
    chats.receipt(chats.name(chats.numbers), "read")
    chats.reacts("❤", 1)
    chats.withdraws(2)
    chats.phone("Des del telèfon", 9)
    bench = chats.bench
    exported(bench, tmp_path / "out")
    other = made_of(tmp_path / "out", tmp_path / "two")
    assert digest(other.store.connection) == digest(bench.store.connection)

    def said(desk):
        return [replace(each, places=()) for each in desk.messages(1)]

    assert said(other) == said(bench)
    assert {each.first for each in said(other)} >= {"Vull la talla M", "I dos mitjons"}
    assert "read" in {each.state for each in said(other)}
    bench.close()
    other.close()


@pytest.mark.corpora
@pytest.mark.slow
def test_every_public_mail_comes_through_byte_by_byte(tmp_path):
    if not CORPORA.is_dir():
        pytest.skip("the public mails lie in ../shared/corpora, which is not here")
    files = [
        path
        for path in sorted(CORPORA.glob("*-*/**/*"))
        if path.is_file() and path.stat().st_size < 5_000_000
    ]
    raws = list(dict.fromkeys(path.read_bytes() for path in files))
    assert len(raws) > 400
    bench = Bench(tmp_path / "one")
    for number, raw in enumerate(raws):
        arrival = Arrival(Place("mailbox", "INBOX", 1, number + 1), bench.clock.at, raw, len(raw))
        bench.intake.take(Batch(str(number), (arrival,)))
    done = exported(bench, tmp_path / "out")
    assert done.counts["messages"] > 400
    assert done.counts["attachments"] > 50
    other = made_of(tmp_path / "out", tmp_path / "two")
    assert digest(other.store.connection) == digest(bench.store.connection)
    assert whole(other) == whole(bench)
    bench.close()
    other.close()
