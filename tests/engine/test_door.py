"""Keys are unhindered while mail comes in: whoever waits at the door gets in after the mail at hand and one commit.

Told by the log, whose order is the order of the commits: no durations.
"""

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from agentdesk.channels import Arrival, Batch
from agentdesk.channels.mime import read_mail
from agentdesk.core.commands import Tag
from agentdesk.core.model import Place
from agentdesk.engine.intake import Intake
from agentdesk.engine.receiving import LOOKS_AFTER, TOGETHER, Receiving
from agentdesk.store import lock
from agentdesk.store.digest import digest
from desks import Bench
from servers import until

MIME = "agentdesk.channels.mime:read_mail"
COUNT = TOGETHER + 60
ELSEWHERE = """
import sys
from pathlib import Path
from agentdesk.core.commands import Tag
from desks import Bench
bench = Bench(Path(sys.argv[1]))
bench.desk.do(Tag(sys.argv[2], add=("talla",)))
bench.close()
"""


@pytest.fixture
def bench(tmp_path):
    made = Bench(tmp_path)
    made.mail()
    yield made
    made.close()


def batch(at):
    raws = [
        f"From: c{n % 17}@x.test\r\nTo: soporte@shop.test\r\nSubject: Pedido {n}\r\nMessage-ID: <{n}@x.test>\r\n"
        f"References: <{n - 17}@x.test>\r\n\r\nOn és el paquet {n}?\r\n".encode()
        for n in range(COUNT)
    ]
    return Batch(
        "cursor", tuple(Arrival(Place("mailbox", "INBOX", 1, n), at, r, len(r)) for n, r in enumerate(raws))
    )


class Waited:
    """Stops ingest after the mails of these numbers until somebody waits at the door; `act` starts that somebody."""

    def __init__(self, monkeypatch, desk, numbers, act):
        self.done = 0
        store = Receiving._store

        def stored(receiver, writer, each, tally):
            store(receiver, writer, each, tally)
            self.done += 1
            if self.done in numbers:
                act()
                until(desk.wanted)

        monkeypatch.setattr(Receiving, "_store", stored)


def received(bench, codec):
    here = Intake(
        bench.desk, "mailbox", read_mail, codec, hold=3600.0
    )  # whoever gets in does not owe it to the time
    coming = batch(bench.clock.at)
    try:
        tally = here.take(coming, here.begin(coming))
    finally:
        here.rest()
    assert tally.received == COUNT
    assert bench.store.rebuild() > COUNT


def mails_before_tags(bench):
    """How many of the mails were in the log before each tag."""
    with bench.reading() as connection:
        types = [row[0] for row in connection.execute("SELECT type FROM event ORDER BY seq")]
    counts, mails = [], -1  # the one that is tagged came before
    for each in types:
        mails += each == "Received"
        if each == "Tagged":
            counts.append(mails)
    return counts


@pytest.mark.parametrize("codec", ["", MIME], ids=["read here", "read beside"])
@pytest.mark.parametrize("numbers", [(1,), (7,), (TOGETHER,), (TOGETHER + 5,), (2, 3, 4, TOGETHER + 1)])
def test_a_key_waits_for_the_mail_at_hand_and_no_other(bench, monkeypatch, codec, numbers):
    ticket, keys = bench.id(1), []

    def act():
        tag = Tag(ticket, add=(f"t{len(keys)}",))
        keys.append(threading.Thread(target=bench.desk.do, args=(tag,)))
        keys[-1].start()

    Waited(monkeypatch, bench.desk, numbers, act)
    received(bench, codec)
    for key in keys:
        key.join(30)
    assert mails_before_tags(bench) == list(numbers)


@pytest.mark.parametrize("codec", ["", MIME], ids=["read here", "read beside"])
def test_a_key_of_another_process_waits_for_a_few_mails_more(bench, monkeypatch, codec):
    ticket, others = bench.id(1), []
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[1]))

    def act():
        words = [sys.executable, "-c", ELSEWHERE, str(bench.folder), ticket]
        others.append(subprocess.Popen(words))

    Waited(monkeypatch, bench.desk, (TOGETHER + 5,), act)
    received(bench, codec)
    assert [other.wait(30) for other in others] == [0]
    (before,) = mails_before_tags(bench)
    assert TOGETHER + 5 <= before < TOGETHER + 5 + LOOKS_AFTER


def test_another_process_that_waits_is_seen(bench):
    assert not bench.desk.wanted()
    with lock.waiting(bench.folder / "state", "turn"):
        assert bench.desk.wanted()
    assert not bench.desk.wanted()


def test_a_desk_is_the_same_whether_anybody_came_in_between(bench, tmp_path, monkeypatch):
    received(bench, MIME)
    alone = Bench(tmp_path / "alone")
    alone.mail()
    ticket = alone.id(1)
    try:
        with monkeypatch.context() as patched:
            Waited(
                patched,
                alone.desk,
                (5, 50),
                lambda: threading.Thread(target=tagged, args=(alone, ticket)).start(),
            )
            received(alone, MIME)
        assert digest(bench.store.connection) == digest(alone.store.connection)
    finally:
        alone.close()


def tagged(bench, ticket):
    """A tag put on and taken off again leaves no row."""
    with bench.desk.transaction() as writer:
        bench.desk.decided(writer, Tag(ticket, add=("talla",)))
        bench.desk.decided(writer, Tag(ticket, remove=("talla",)))
