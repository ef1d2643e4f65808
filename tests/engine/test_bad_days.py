"""Full disks, locked folders, sudden ends, impossible dates and hostile subjects: said clearly, and nothing is lost."""

import asyncio
import json
import os
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from agentdesk.store.digest import digest
from desks import MONDAY, Bench
from servers import DAC_OVERRIDE, SYS_ADMIN, may, until
from servers.inbox import letter
from servers.misbehaving import Imap
from servers.program import Program

MEGABYTE = 1 << 20
MAILS = 120


def mailbox(count: int = MAILS) -> Imap:
    """A mailbox of mails that no packing makes smaller."""
    server = Imap()
    for number in range(count):
        noise = os.urandom(15_000).hex()
        body = "\r\n".join(noise[start : start + 900] for start in range(0, len(noise), 900))
        server.add(
            letter(number, sender=f"Client {number} <c{number}@x.test>", subject=f"S{number}", body=body)
        )
    return server


def reading(home: Path, server: Imap) -> Program:
    program = Program(home)
    where = f"127.0.0.1:{server.port}"
    program.add_account(f"imap+insecure://shop@{where}", f"smtp+insecure://shop@{where}", "soporte@shop.test")
    return program


@contextmanager
def limited(program: Program) -> Iterator[Callable[[], object]]:
    """No file may grow beyond two megabytes; what is given gives the space back."""
    program.limit = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (2 * MEGABYTE, 2 * MEGABYTE))
    yield lambda: setattr(program, "limit", None)


@contextmanager
def small(program: Program) -> Iterator[Callable[[], object]]:
    """The data lies on a disk of two megabytes."""

    def mount(*words: str) -> None:
        subprocess.run(["mount", "-t", "tmpfs", *words, "none", str(program.home / "data")], check=True)

    kept = {path.name: path.read_bytes() for path in (program.home / "data").iterdir() if path.is_file()}
    mount("-o", "size=2m,mode=700")
    try:
        for name, data in kept.items():
            (program.home / "data" / name).write_bytes(data)
        yield lambda: mount("-o", "remount,size=64m")
    finally:
        subprocess.run(["umount", str(program.home / "data")], check=True)


@pytest.mark.parametrize("disk", [limited, small] if may(SYS_ADMIN) else [limited])
def test_a_full_disk_is_said_and_the_same_sync_goes_on_when_there_is_room(tmp_path, disk):
    program = reading(tmp_path / "home", mailbox())
    with disk(program) as make_room:
        full = program.run("--json", "sync", "--once")
        assert full.status == 1, full
        documents = [*json.loads(full.out)["accounts"][0]["errors"]] if full.out else [full.error]
        assert [each["code"] for each in documents] == ["disk"], full
        assert all("space" in each["remedy"] for each in documents)
        make_room()
        program.says("sync", "--once")
        rows = program.says("queue", "--view", "all", "--limit", 1000)
        assert sorted(row["subject"] for row in rows) == sorted(f"S{number}" for number in range(MAILS))
        assert program.says("quarantine", "list") == []
        assert program.says("rebuild")["same"]


@contextmanager
def locked(folder: Path, program: Program) -> Iterator[None]:
    """Nothing in the folder can be written; root lays down its powers for it."""
    places = [folder, *folder.rglob("*")]
    modes = {path: path.stat().st_mode for path in places}
    for path in places:
        path.chmod(0o500 if path.is_dir() else 0o400)
    program.wrapped = ("setpriv", "--bounding-set=-all", "--inh-caps=-all") if may(DAC_OVERRIDE) else ()
    try:
        yield
    finally:
        program.wrapped = ()
        for path, mode in modes.items():
            path.chmod(mode)


def test_a_home_that_cannot_be_written_is_said(tmp_path):
    program = reading(tmp_path / "home", mailbox(3))
    program.says("sync", "--once")
    with locked(program.home, program):
        for words in (("sync", "--once"), ("queue",), ("note", 1, "--text", "x"), ("rebuild",)):
            done = program.run("--json", *words)
            assert (done.status, done.out, done.error["code"]) == (1, "", "disk"), done
            assert str(tmp_path) in done.error["detail"]
            assert done.error["remedy"]
    assert len(program.says("queue", "--view", "all")) == 3
    nowhere = tmp_path / "nowhere"
    nowhere.mkdir()
    with locked(nowhere, program):
        program.environment["AGENTDESK_HOME"] = str(nowhere / "home")
        done = program.run("--json", "queue")
        assert (done.status, done.error["code"]) == (1, "disk"), done


REBUILDS = """
import sys
from pathlib import Path
from agentdesk.store import Store
def told(done, total):
    print(done, flush=True)
    sys.stdin.readline()
folder = Path(sys.argv[1])
Store.open(folder / "data", folder / "state").rebuild(told)
"""


def test_a_rebuild_that_is_killed_changes_nothing(tmp_path):
    bench = Bench(tmp_path)
    for number in range(600):
        bench.mail(f"Hola {number}", sender=f"c{number}@x.test", subject=f"Pedido {number}")
    before = digest(bench.store.connection)
    bench.close()
    process = subprocess.Popen(
        [sys.executable, "-c", REBUILDS, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert int(process.stdout.readline()) > 0, "in the middle of it"
    process.kill()
    process.communicate()
    bench = Bench(tmp_path)
    assert bench.store.connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    assert digest(bench.store.connection) == before
    assert len(bench.queue(limit=1000)) == 600
    assert bench.store.rebuild() == 600
    assert digest(bench.store.connection) == before
    bench.close()


def test_mails_of_1970_and_of_2099_are_mails(tmp_path):
    bench = Bench(tmp_path)
    first, last = datetime(1970, 1, 1, tzinfo=UTC), datetime(2099, 12, 31, 23, 59, tzinfo=UTC)
    for at, who in ((MONDAY, "now"), (first, "old"), (last, "new")):
        tally = bench.mail(at=at, sender=f"{who}@x.test", subject=who, message_id=f"<{who}@x.test>")
        assert (tally.received, tally.quarantined) == (1, 0)
        header = f"From: {who}@y.test\r\nSubject: dated {who}\r\nDate: {at:%a, %d %b %Y %H:%M:%S} +0000\r\n\r\nHola\r\n"
        assert bench.mail(raw=header.encode()).received == 1
    rows = {row.subject: row for row in bench.queue()}
    assert set(rows) == {"now", "old", "new", "dated now", "dated old", "dated new"}
    assert rows["old"].created_at.startswith("1970-01-01")
    for name in ("new", "dated new", "dated old"):
        assert rows[name].waiting_since == rows["now"].waiting_since, "a sender's clock moves no promise"
    assert bench.messages(rows["dated new"].number)[0].sent_at.startswith("2099-12-31")
    before = digest(bench.store.connection)
    bench.store.rebuild()
    assert digest(bench.store.connection) == before
    bench.close()


LARGE = """
import base64, hashlib, json, os, resource, sys
from pathlib import Path
from agentdesk.channels import Arrival, Batch
from agentdesk.core.model import Place
from agentdesk.engine.files import save
from desks import MONDAY, Bench
folder, size = Path(sys.argv[1]), int(sys.argv[2])
bench, path, content = Bench(folder), folder / "large.eml", hashlib.sha256()
with path.open("wb") as file:
    file.write(b'From: a@x.test\\r\\nSubject: Foto\\r\\nMessage-ID: <a@x.test>\\r\\nMIME-Version: 1.0\\r\\n'
        b'Content-Type: multipart/mixed; boundary="b"\\r\\n\\r\\n--b\\r\\nContent-Type: text/plain\\r\\n\\r\\nHola\\r\\n'
        b'--b\\r\\nContent-Type: application/zip; name="a.zip"\\r\\nContent-Transfer-Encoding: base64\\r\\n'
        b'Content-Disposition: attachment; filename="a.zip"\\r\\n\\r\\n')
    for _ in range(size // 57_000):
        some = os.urandom(57_000)
        content.update(some)
        file.write(base64.encodebytes(some).replace(b"\\n", b"\\r\\n"))
    file.write(b"\\r\\n--b--\\r\\n")
bench.mail("warm", raw=b"From: b@x.test\\r\\nSubject: w\\r\\n\\r\\nHola\\r\\n")
peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
before, total = peak(), path.stat().st_size
tally = bench.intake.take(Batch("c", (Arrival(Place("mailbox", "INBOX", 1, 99), MONDAY, path, total),)))
(row,) = [row for row in bench.queue() if row.subject == "Foto"]
(message,) = bench.messages(row.number)
(file,) = message.attachments
taken = peak() - before
saved = save(bench.desk, message.id, file.part, file.name, folder)
with saved.open("rb") as opened:
    same = hashlib.file_digest(opened, "sha256").hexdigest() == content.hexdigest()
print(json.dumps({"received": tally.received, "text": message.text, "size": file.size, "same": same,
    "kilobytes": [taken, peak() - before], "left": path.exists()}))
"""


def test_an_attachment_of_a_hundred_megabytes_stays_out_of_memory(tmp_path):
    size = 100 * 1000 * 1000 // 57_000 * 57_000
    done = subprocess.run(
        [sys.executable, "-c", LARGE, str(tmp_path), str(size)], capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert (found["received"], found["text"].strip(), found["left"]) == (1, "Hola", False)
    assert (found["size"], found["same"]) == (size, True)
    assert max(found["kilobytes"]) < 150 * 1024


HOSTILE = (
    "\x1b[2J\x1b[H gone",
    "\x1b]0;title\x07 named",
    "[bold]loud[/bold] [@click=app.bell]x[/]",
    "\u202egnp.exe",
    "a\r\nBcc: x",
)


def test_hostile_subjects_are_shown_and_never_obeyed(tmp_path):
    from base64 import b64encode

    bench = Bench(tmp_path / "home")
    for number, subject in enumerate(HOSTILE):
        coded = f"=?utf-8?B?{b64encode(subject.encode()).decode()}?="
        bench.mail(subject=coded, sender=f'"{coded}" <c{number}@x.test>', body=subject)
    rows = bench.queue()
    bench.close()
    assert len(rows) == len(HOSTILE)
    assert all(row.subject.isprintable() and row.customer_name.isprintable() for row in rows)
    program = Program(tmp_path / "home")
    for words in (("queue",), ("show", 1), ("show", 3), ("search", "gone")):
        done = program.run(*words)
        assert done.status == 0, done
        assert not set("\x1b\x07\x9b\u202e\r") & set(done.out), done
    assert "[bold]loud[/bold] [@click=app.bell]x[/]" in program.run("show", 3).out
    assert "[bold]loud" in asyncio.run(screen(tmp_path / "home"))


async def screen(folder: Path) -> str:
    """What the console draws of the queue."""
    from agentdesk import config
    from agentdesk.app import Console
    from agentdesk.config import Home
    from agentdesk.engine.start import open_desk
    from agentdesk.keymap import Keymap

    home = Home.under(folder)
    settings = config.ensure(home)
    desk = open_desk(home, settings, "Joan")
    console = Console(desk, settings, home, Keymap(settings.keys, str(home.config_file)))
    async with console.run_test(size=(200, 40)) as pilot:
        await pilot.pause()
        strips = console.screen._compositor.render_strips()
        text = "\n".join("".join(segment.text for segment in strip) for strip in strips)
    desk.close()
    assert "\x1b" not in text
    return text


@pytest.mark.parametrize(
    ("line", "key", "nearest"),
    [("[desk]\nzonne = 'UTC'\n", "zonne", "zone"), ("[sennd]\nquote = 'below'\n", "sennd", "send")],
)
def test_an_unknown_key_in_the_configuration_is_named(tmp_path, line, key, nearest):
    program = Program(tmp_path / "home")
    program.home.mkdir()
    (program.home / "config.toml").write_text(line, encoding="utf-8")
    for words in (("queue",), ("sync", "--once"), ("config", "validate")):
        done = program.run("--json", *words)
        assert (done.status, done.out, done.error["code"]) == (2, "", "config"), done
        assert key in done.error["detail"]
        assert nearest in done.error["detail"]
        assert "config.toml" in done.error["detail"]
        assert done.error["remedy"]
    (program.home / "config.toml").write_text("", encoding="utf-8")
    assert until(lambda: program.run("queue").status == 0)
