"""Reading in a second process: the same answers, and nothing is lost whatever becomes of it."""

import asyncio
import enum
import io
import os
import pickle
import subprocess
import sys
import threading
import zlib
from contextlib import closing, suppress
from pathlib import Path

import pytest

from agentdesk.channels import Arrival, Batch
from agentdesk.channels.mime import read_mail
from agentdesk.config import Account, Home
from agentdesk.core.model import Place
from agentdesk.engine import beside, intake, sync
from agentdesk.engine.beside import Beside, _pickled
from agentdesk.engine.intake import Intake
from agentdesk.engine.reading import reading
from agentdesk.store import pack
from agentdesk.store.digest import digest
from desks import SHOP, Bench
from reports import report
from servers import until

MIME = "agentdesk.channels.mime:read_mail"
COUNT = 130


@pytest.fixture
def bench(tmp_path, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))
    made = Bench(tmp_path)
    yield made
    made.close()


def mail(number, extra=""):
    body = "\r\n".join(f"Línia {n} del missatge {number}: on és?" for n in range(number % 40))
    return (
        f"From: Zoë <c{number % 17}@x.test>\r\nTo: soporte@shop.test\r\nSubject: Pedido {number}\r\n{extra}"
        f"Date: Sun, 22 Nov 2026 10:00:{number % 60:02} +0100\r\nMessage-ID: <{number}@x.test>\r\n"
        f"References: <{number - 17}@x.test>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{body}\r\n"
    ).encode()


def batch_of(raws, at):
    arrivals = tuple(
        Arrival(Place("mailbox", "INBOX", 1, n), at, raw, len(raw)) for n, raw in enumerate(raws, start=1)
    )
    return Batch("cursor", arrivals)


def test_an_enumeration_goes_by_its_value_whatever_python_would_do():
    """Python 3.11.0 to 3.11.3 name a function instead, which is not let in: with them nothing was read beside."""
    kinds = [kind for kind in beside._MADE if issubclass(kind, enum.Enum)]
    assert kinds
    for kind in kinds:
        for value in kind:
            assert beside._REDUCED[kind](value) == (kind, (value.value,))


def taken(bench, codec, raws):
    """What an intake with that codec makes of them in one batch."""
    here = Intake(bench.desk, "mailbox", read_mail, codec)
    batch = batch_of(raws, bench.clock.at)
    try:
        return here.take(batch, here.begin(batch))
    finally:
        here.close()


def stored(bench):
    with bench.reading() as connection:
        return connection.execute("SELECT count(*) FROM message").fetchone()[0]


def unpacked(readings):
    """What was read, and what the packed says: two processes may pack the same in two ways."""
    said = []
    for raw, parsed in readings:
        said += [zlib.decompress(blob.data) if blob.packed else blob.data for blob in (raw, parsed.text)]
        said += [raw.hash, raw.size, parsed.text.hash, parsed.text.size, parsed._replace(text=None)]
    return said


def test_it_answers_what_the_codec_answers():
    raws = [mail(n) for n in range(COUNT)]
    other = Beside(MIME)
    try:
        first, rest = other.begin(raws[:60]), other.begin(raws[60:])
        assert other.owes == COUNT
        assert unpacked(first) == unpacked(reading(read_mail, raw) for raw in raws[:60])
        assert unpacked(rest) == unpacked(reading(read_mail, raw) for raw in raws[60:])
        assert other.owes == 0
    finally:
        other.close()


def test_a_desk_is_the_same_whoever_read(bench, tmp_path):
    raws = [mail(n) for n in range(COUNT)]
    assert taken(bench, MIME, raws).received == COUNT
    alone = Bench(tmp_path / "alone")
    try:
        assert taken(alone, "", raws).received == COUNT
        assert digest(bench.store.connection) == digest(alone.store.connection)
    finally:
        alone.close()


def test_a_mail_that_cannot_be_read_is_put_aside_with_its_reason(bench):
    raws = [mail(n, {3: "X-Bad: 1\r\n", 60: "X-Odd: 1\r\n"}.get(n, "")) for n in range(COUNT)]
    tally = taken(bench, "odd_codecs:raises", raws)
    assert (tally.received, tally.quarantined) == (COUNT - 2, 2)
    with bench.reading() as connection:
        reasons = [row[0] for row in connection.execute("SELECT reason FROM quarantine ORDER BY rowid")]
    assert reasons == ["this mail is bad", "the reader failed (RuntimeError)"]


def test_a_mail_that_kills_it_is_read_here_and_so_is_what_follows(bench):
    raws = [mail(n, "X-Dies: 1\r\n" if n == 40 else "") for n in range(COUNT)]
    assert taken(bench, "odd_codecs:dies", raws).received == COUNT
    assert stored(bench) == COUNT


@pytest.mark.parametrize(
    "codec", ["odd_codecs:nothing_of_this_name", "no_such_module:read", "odd_codecs:lies"]
)
def test_one_that_never_works_costs_nothing(bench, codec):
    assert taken(bench, codec, [mail(n) for n in range(COUNT)]).received == COUNT
    assert stored(bench) == COUNT


def test_one_that_never_answers_is_given_up(bench, monkeypatch):
    monkeypatch.setattr(beside, "ANSWERS_WITHIN", 0.2)
    assert taken(bench, "odd_codecs:hangs", [mail(n) for n in range(COUNT)]).received == COUNT


class Busy:
    """A service that has more while the end of a pass is written down: `batches` come before it, `late` meanwhile."""

    codec, kind = MIME, "email"

    def __init__(self, batches, late):
        self.batches, self.late = batches, late
        self.is_at_the_end = threading.Event()
        self.goes_on = threading.Event()

    read = staticmethod(read_mail)

    @property
    def trouble(self):
        """Asked for as a pass ends; the first time that takes until the late batch was begun."""
        if not self.is_at_the_end.is_set():
            self.is_at_the_end.set()
            assert self.goes_on.wait(30)

    async def receive(self, _cursor, _opening, *, once):
        for batch in self.batches:
            yield batch
        assert await asyncio.to_thread(self.is_at_the_end.wait, 30)
        yield self.late
        self.goes_on.set()
        yield Batch("end", pass_began_at=self.late.arrivals[0].received_at)

    async def close(self):
        """Nothing to close."""


@pytest.mark.parametrize("many", [intake.MANY, 5])
def test_what_was_begun_before_the_end_of_a_pass_is_taken_with_its_own_readings(bench, tmp_path, many):
    """Each mail has its own words, whichever process read it: a batch that gets those of another is lost without a word."""
    at, raws = bench.clock.at, [mail(n) for n in range(3 * intake.MANY)]
    arrivals = batch_of(raws, at).arrivals
    first, ahead, late = arrivals[:60], arrivals[60 : 60 + many], arrivals[60 + many :]
    batches = [Batch("1", first), Batch("2", pass_began_at=at), Batch("3", ahead)]
    service = Busy(batches, Batch("4", late))
    poller = sync.Poller(
        bench.desk,
        Home.under(tmp_path / "home"),
        Account("mailbox", "soporte", "email", SHOP),
        connect=lambda *_: service,
    )
    asyncio.run(poller._receive())
    assert poller.done.tally.received == len(raws)
    with bench.reading() as connection:
        found = dict(connection.execute("SELECT uid, raw FROM place").fetchall())
    assert found == {each.place.uid: pack(each.raw).hash for each in arrivals}


def test_an_answer_to_something_else_is_none(bench):
    with closing(Beside(MIME)) as one:
        one._told.put(_pickled([reading(read_mail, mail(1))]))
        assert list(one.begin([mail(2)])) == [None]
        assert list(one.begin([mail(3)])) == [None]
        assert one.owes == 0


def test_few_are_read_here(bench, monkeypatch):
    monkeypatch.setattr(beside, "Beside", None)
    assert taken(bench, MIME, [mail(n) for n in range(intake.MANY - 1)]).received == intake.MANY - 1


def test_it_makes_nothing_but_values_of_the_law():
    with pytest.raises(pickle.UnpicklingError):
        beside._Unpickler(io.BytesIO(pickle.dumps([Path("x")]))).load()


def test_it_ends_with_whoever_started_it():
    program = (
        "import os; from agentdesk.engine.beside import Beside; b = Beside('agentdesk.channels.mime:read_mail'); "
        "list(b.begin([b'From: a@x.test\\r\\n\\r\\nHola'])); print(b._process.pid, flush=True); os._exit(9)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 9
    pid = int(done.stdout)
    until(lambda: not _is_alive(pid))


def _is_alive(pid):
    with suppress(ProcessLookupError, FileNotFoundError):
        os.kill(pid, 0)
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text()
    return False


class Connector:
    """Batches, and a list of what was asked and taken in which order."""

    def __init__(self, batches):
        self.batches = batches
        self.said = []

    async def receive(self):
        for number, batch in enumerate(self.batches):
            self.said.append(f"asked {number}")
            yield batch
        self.said.append("asked for more")


@pytest.mark.parametrize("ahead", [False, True])
def test_only_a_connector_with_a_codec_is_asked_ahead(bench, ahead):
    batches = [Batch(str(n)) for n in range(3)]
    connector, here = Connector(batches), Intake(bench.desk, "mailbox", read_mail)

    async def run():
        async for batch, _ in sync._begun(connector.receive(), here, ahead=ahead):
            await asyncio.sleep(0)
            connector.said.append(f"took {batch.cursor}")

    asyncio.run(run())
    assert [word for word in connector.said if word.startswith("took")] == ["took 0", "took 1", "took 2"]
    in_turn = ["asked 0", "took 0", "asked 1", "took 1", "asked 2", "took 2", "asked for more"]
    assert (connector.said == in_turn) is not ahead


def test_what_ends_the_asking_is_raised_after_what_was_asked(bench):
    async def batches():
        yield Batch("first")
        raise OSError("the line went")

    took = []

    async def run():
        async for batch, _ in sync._begun(batches(), Intake(bench.desk, "mailbox", read_mail), ahead=True):
            took.append(batch.cursor)

    with pytest.raises(OSError, match="the line went"):
        asyncio.run(run())
    assert took == ["first"]


def test_what_a_delivery_report_says_comes_over_too():
    raw = report("<a@shop.test>", ("maria@x.test", "5.1.1", "550 no such user"))
    with closing(Beside(MIME)) as one:
        (found,) = one.begin([raw])
    assert found.parsed.incoming == read_mail(raw)
    assert found.parsed.incoming.bounce.recipients == ("maria@x.test",)
