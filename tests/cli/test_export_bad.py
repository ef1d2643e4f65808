"""`export` and `import export` on a bad day: nothing half made, nothing half taken over, and the reason with what to do."""

import json
import os
import resource
import shutil
import subprocess
import tracemalloc
from hashlib import sha256

import pytest

from agentdesk.channels import Arrival, Batch
from agentdesk.config import Home, load
from agentdesk.core.model import Place
from agentdesk.engine.export import write
from agentdesk.store import lock
from desks import Bench
from exports import digest, document, everything, new_home, resealed
from servers import until
from servers.program import Program

MANY = 1000


@pytest.fixture
def refused(exported, run, tmp_path, monkeypatch):
    """What an empty desk says of the export, which leaves that desk as empty as it was."""

    def told(status=1):
        other = Home.under(tmp_path / "other")
        monkeypatch.setenv("AGENTDESK_HOME", str(other.config))
        before = digest(run)
        key, config = other.key.read_bytes(), other.config_file.read_bytes()
        found, out, err = run("import", "export", str(exported), "--json")
        assert (found, out) == (status, ""), err
        assert digest(run) == before
        assert (other.key.read_bytes(), other.config_file.read_bytes()) == (key, config)
        assert not [path for path in (*other.blobs.rglob("*"), *other.spool.rglob("*")) if path.is_file()]
        return json.loads(err)

    return told


def changed(path, old, new):
    data = path.read_bytes()
    assert old in data
    path.write_bytes(data.replace(old, new, 1))


def test_an_export_of_a_newer_version_says_what_to_do(exported, refused):
    changed(exported / "manifest.json", b'"version": 1', b'"version": 2')
    said = refused()
    assert said["code"] == "newer_export"
    assert "format 2" in said["detail"]
    assert "Install the newer version" in said["remedy"]


def cut(path):
    path.write_bytes(path.read_bytes()[:-10])


def turned(path):
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def gone(path):
    path.unlink()


@pytest.mark.parametrize("damage", [cut, turned, gone])
@pytest.mark.parametrize(
    "name",
    ["events.jsonl", "messages.jsonl", "tickets/0000/1/0001-in.eml", "config/config.toml", "SHA256SUMS"],
)
def test_the_file_that_is_damaged_is_named_and_nothing_is_taken_over(exported, refused, name, damage):
    damage(exported / name)
    said = refused()
    assert said["code"] == "export"
    assert said["detail"].startswith(str(exported / name))
    assert "nothing was changed" in said["remedy"]


@pytest.mark.parametrize(
    ("text", "words"),
    [("", "Expecting value"), ("[]", "no export of agentdesk"), ('{"format": "other", "version": 1}', "no export"),
     ('{"format": "agentdesk-export", "version": 1}', "accounts"), ("[" * 100_000, "recursion")],
)  # fmt: skip
def test_a_manifest_that_is_none_is_said(exported, refused, text, words):
    (exported / "manifest.json").write_text(text)
    said = refused()
    assert said["code"] == "export"
    assert words in said["detail"]


def test_what_only_people_read_may_be_changed(exported, run, tmp_path, monkeypatch):
    """Who opens a table in a spreadsheet may save it."""
    (exported / "tickets.csv").write_text("saved;by;a;spreadsheet\n")
    (exported / "README.txt").unlink()
    shutil.rmtree(exported / "attachments")
    (exported / "Thumbs.db").write_bytes(b"of a file manager")
    monkeypatch.setenv("AGENTDESK_HOME", str(tmp_path / "other"))
    assert document(run, "import", "export", str(exported))["whole"]


def test_without_its_key_it_is_no_desk_and_says_what_can_be_done(exported, refused):
    (exported / "desk.key").unlink()
    said = refused()
    assert said["detail"].startswith(str(exported / "desk.key"))
    assert f"import eml {exported / 'tickets'}" in said["detail"]


def test_a_desk_that_goes_on_needs_no_key_of_it(exported, run, tmp_path, monkeypatch):
    other = new_home(tmp_path / "other")
    other.key.write_bytes(b"x" * 32)
    bench = Bench(other.config)
    bench.mail("Hola", sender="Nou <nou@n.test>")
    bench.close()
    (exported / "desk.key").unlink()
    monkeypatch.setenv("AGENTDESK_HOME", str(other.config))
    assert document(run, "import", "export", str(exported), "--yes")["received"] > 0


@pytest.mark.parametrize("make", [lambda path: path, lambda path: path.write_text("x") and path])
def test_a_folder_that_is_not_there_is_said(shop, run, tmp_path, make):
    status, out, err = run("import", "export", str(make(tmp_path / "nothing")), "--json")
    assert (status, out) == (3, "")
    assert "no folder" in json.loads(err)["detail"]


def test_a_folder_that_is_no_export_is_said(shop, run, tmp_path):
    status, out, err = run("import", "export", str(shop.config), "--json")
    assert (status, out) == (1, "")
    assert "manifest.json is missing" in json.loads(err)["detail"]


HOSTILE = {
    "a field that is SQL": ("events.jsonl", b'"field":"priority"', b'"field":"priority = 0, number"', "not the name of a field"),
    "a field that is none": ("events.jsonl", b'"field":"priority"', b'"field":"n0such"', "no such column"),
    "a field that is a word of SQL": ("events.jsonl", b'"field":"priority"', b'"field":"select"', "syntax error"),
    "a value that is none": ("events.jsonl", b'"ticket":null', b'"ticket":{}', "not an event: ticket"),
    "an event twice": ("events.jsonl", b'{"seq":2,', b'{"seq":1,', "there twice"),
    "a time that is none": ("events.jsonl", b'"received_at":"2', b'"received_at":"x', "isoformat"),
    "a change with a hole": ("events.jsonl", b'"account":', b'"acc0unt":', "not an event"),
    "a message without its fields": ("messages.jsonl", b'"received_at":"2', b'"received":"2', "received_at"),
    "a message of no direction": ("messages.jsonl", b'"direction":"in"', b'"direction":"up"', "'up'"),
    "a line that is no object": ("messages.jsonl", b'{"ticket":1,', b'["ticket",1]\n{', "no object"),
    "what a terminal obeys, in a name": ("events.jsonl", b"Maria Puig", b"Maria \\u001b[2J", "a terminal would obey"),
    "what a terminal obeys, in a text": ("messages.jsonl", b"pressa", b"pre\\u202essa", "a terminal would obey"),
    "the bytes of another message": ("messages.jsonl", b"0001-in.eml", b"0002-in.eml", "not the message"),
    "a name that leads out": ("messages.jsonl", b"tickets/0000/1/0001-in.eml", b"../../etc/passwd", "leads out"),
}  # fmt: skip


@pytest.mark.parametrize("what", HOSTILE)
def test_what_was_forged_is_refused_whole_although_its_sums_are_right(exported, refused, what):
    name, old, new, words = HOSTILE[what]
    changed(exported / name, old, new)
    resealed(exported)
    found = refused()
    assert found["code"] == "export", found
    assert str(exported) in found["detail"]
    assert words in found["detail"]


def test_a_name_in_its_list_that_leads_out_of_it_is_not_followed(exported, refused):
    changed(exported / "SHA256SUMS", b"  config/", b"  ../config/")
    sums = sha256((exported / "SHA256SUMS").read_bytes()).hexdigest()
    said = json.loads((exported / "manifest.json").read_text())
    (exported / "manifest.json").write_text(json.dumps({**said, "sums": sums}))
    assert "'../config/config.toml' leads out" in refused()["detail"]


def test_a_link_in_it_is_not_followed(exported, refused, tmp_path):
    path = exported / "tickets/0000/1/0001-in.eml"
    (tmp_path / "elsewhere").write_bytes(path.read_bytes())
    path.unlink()
    path.symlink_to(tmp_path / "elsewhere")
    assert "it is a link" in refused()["detail"]


def test_a_folder_in_it_that_is_a_link_is_not_followed(exported, refused, tmp_path):
    (exported / "tickets").rename(tmp_path / "elsewhere")
    (exported / "tickets").symlink_to(tmp_path / "elsewhere")
    assert "it is a link" in refused()["detail"]


def test_a_pipe_in_it_makes_nobody_wait(exported, refused):
    path = exported / "tickets/0000/1/0001-in.eml"
    path.unlink()
    os.mkfifo(path)
    assert "no file" in refused()["detail"]


def test_a_configuration_that_cannot_be_used_stops_it(exported, refused):
    (exported / "config/config.toml").write_text("[desk]\nlangage = 1\n")
    resealed(exported)
    said = refused(2)
    assert said["detail"].startswith(str(exported / "config/config.toml"))


def file(path):
    path.write_text("x")
    return path


def not_empty(path):
    path.mkdir()
    (path / "mine.txt").write_text("x")
    return path


def nowhere(path):
    return path / "on" / "a" / "disk"


@pytest.mark.parametrize(
    ("make", "status", "words"),
    [(file, 2, "is a file"), (not_empty, 2, "not empty"), (nowhere, 3, "no folder")],
)
def test_a_place_that_cannot_take_it_is_said_and_left_alone(shop, run, tmp_path, make, status, words):
    place = make(tmp_path / "place")
    before = sorted(tmp_path.rglob("*"))
    found, out, err = run("export", str(place), "--json")
    assert (found, out) == (status, "")
    assert words in json.loads(err)["detail"]
    assert [path for path in sorted(tmp_path.rglob("*")) if shop.config not in path.parents] == [
        path for path in before if shop.config not in path.parents
    ]


@pytest.mark.parametrize("words", [["export"], ["customer", "export", "maria@x.test"]])
def test_no_export_lies_among_the_files_of_the_desk(shop, run, tmp_path, words):
    (tmp_path / "aside").symlink_to(shop.data)
    (shop.data / "empty").mkdir()
    for place in (shop.data / "out", shop.data / "empty", shop.state / "out", tmp_path / "aside" / "out"):
        status, _, err = run(*words, str(place), "--json")
        assert (status, json.loads(err)["code"]) == (2, "place"), place
    assert list((shop.data / "empty").iterdir()) == []


def test_an_empty_folder_is_taken(shop, run, tmp_path):
    (tmp_path / "out").mkdir()
    assert document(run, "export", str(tmp_path / "out"))["tickets"] == 8
    assert (tmp_path / "out" / "manifest.json").is_file()


def test_one_export_at_a_time(shop, run, tmp_path):
    with lock.held(shop.state, "export"):
        assert run("export", str(tmp_path / "out"))[0] == 5
    assert not list(tmp_path.glob("*out*"))


def test_a_full_disk_leaves_nothing_half_made(shop, tmp_path):
    program = Program(shop.config)
    program.limit = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))
    done = program.run("--json", "export", tmp_path / "out")
    assert (done.status, done.out, done.error["code"]) == (1, "", "disk")
    assert "Free some space" in done.error["remedy"]
    assert not list(tmp_path.glob("*out*"))
    program.limit = None
    assert program.says("export", tmp_path / "out")["tickets"] == 8


@pytest.fixture
def large(tmp_path):
    """A desk with more than a moment's work."""
    found = new_home(tmp_path / "home")
    bench = Bench(found.config)
    for start in range(0, MANY, 100):
        arrivals = []
        for number in range(start, start + 100):
            raw = f"From: c{number}@x.test\r\nSubject: S{number}\r\n\r\n{'Hola ' * 4000}{number}\r\n".encode()
            arrivals.append(Arrival(Place("mailbox", "INBOX", 1, number + 1), bench.clock.at, raw, len(raw)))
        assert bench.intake.take(Batch(str(start), tuple(arrivals))).received == 100
    bench.close()
    found.key.write_bytes(b"k" * 32)
    return found


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_being_killed_half_way_leaves_no_export_and_the_next_one_cleans_up(large, tmp_path):
    program, out = Program(large.config), tmp_path / "out"
    process = subprocess.Popen(
        program.command("export", out),
        env=program.environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    until(lambda: len(list(tmp_path.glob(".out.*/tickets/*/*"))) > 100, 60)
    process.kill()
    process.wait()
    assert not out.exists()
    assert len(list(tmp_path.glob(".out.*"))) == 1
    assert program.says("export", out)["tickets"] == MANY
    assert not list(tmp_path.glob(".out.*"))
    before = program.says("rebuild")["digest"]

    for attempt in range(5):
        other = Program(tmp_path / f"other-{attempt}")
        process = subprocess.Popen(
            other.command("import", "export", out),
            env=other.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        journal = tmp_path / f"other-{attempt}" / "data" / "desk.db-wal"
        until(lambda journal=journal: journal.exists() and journal.stat().st_size > 1 << 21, 60)
        process.kill()
        process.wait()
        here = len(other.says("queue", "--view", "all"))
        assert here in {0, MANY}, "all of it or nothing"
        if not here:  # else it was through already when the kill came
            break
    assert not here, "it was never met half way"
    assert other.says("import", "export", out)["whole"]
    assert other.says("rebuild")["digest"] == before


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_memory_does_not_grow_with_the_desk(large, tmp_path):
    """20 MB of texts and as much of raw mails go through; what is held at once is a few messages."""
    bench = Bench(large.config)
    settings = load(large)
    tracemalloc.start()
    write(bench.desk, large, settings, tmp_path / "out")
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    bench.close()
    assert sum(path.stat().st_size for path in (tmp_path / "out").rglob("*.eml")) > 20_000_000
    assert most < 8_000_000, "what is loaded at the first use is in it"


def test_who_was_forgotten_here_does_not_come_back_with_an_older_export(exported, run, tmp_path, monkeypatch):
    monkeypatch.setenv("AGENTDESK_HOME", str(tmp_path / "other"))
    document(run, "import", "export", str(exported))
    document(run, "customer", "erase", "maria@x.test", "--yes")
    before = everything(run)
    done = document(run, "import", "export", str(exported))
    assert (done["received"], done["notes"]) == (0, 0)
    assert everything(run) == before
    assert run("search", "comanda", "--json")[0] == 3
    assert run("search", "pressa", "--json")[0] == 3
