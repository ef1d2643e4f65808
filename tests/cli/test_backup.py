"""`backup` and `restore`: everything in one file that was read again, and put back without losing what was there."""

import io
import json
import os
import subprocess
import sys
import tarfile
from contextlib import closing

import pytest

from agentdesk import config
from agentdesk.config import Home
from agentdesk.store import Store, driver, lock, schema
from desks import Bench, of_last_week

CONFIG = '[desk]\nlanguage = "{language}"\n\n[[agents]]\nname = "Joan"\n'
LARGE = "Una línia força llarga, amb moltes paraules. " * 40_000
"""Over 1 MiB: its raw form is a file in the blobs' folder."""


@pytest.fixture
def home(tmp_path):
    found = Home.under(tmp_path / "home")
    found.make()
    found.config_file.write_text(CONFIG.format(language="en"), "utf-8")
    return found


@pytest.fixture
def filled(home):
    """Three tickets, one with a mail too large for the table, secrets and files of the shop's own."""
    bench = Bench(home.config)
    bench.mail("Hola", sender="Maria Puig <maria@x.test>", subject="Comanda")
    bench.mail("Bon dia", sender="Pere <pere@y.test>", subject="Factura")
    spooled = home.spool / "large"
    head = "From: Anna <anna@z.test>\r\nSubject: Llarg\r\nMessage-ID: <l@z.test>\r\n"
    head += "Content-Type: text/plain; charset=utf-8\r\n\r\n"
    spooled.write_bytes((head + LARGE).encode())
    name, _ = bench.store.blobs.adopt(spooled)
    with bench.store.transaction() as writer:
        writer.blobs.put(writer.connection, ())
    bench.close()
    home.key.write_bytes(b"k" * 32)
    of_last_week(home.key)
    home.secrets.mkdir(mode=0o700)
    (home.secrets / "box.json").write_text('{"sealed": "abc"}')
    (home.config / "replies").mkdir()
    (home.config / "replies" / "mine.toml").write_text('[text]\nen = "Hello"\n')
    assert home.blobs.joinpath(name[:2], name[2:]).is_file()
    return home


def tickets(run):
    status, out, _ = run("queue", "--view", "all", "--json")
    assert status == 0
    return {each["number"]: each["subject"] for each in json.loads(out)}


def test_everything_comes_back_in_an_empty_home(filled, run, tmp_path, monkeypatch):
    file = tmp_path / "desk.tar"
    before = tickets(run)
    status, out, err = run("backup", str(file), "--json")
    assert (status, err) == (0, "")
    made = json.loads(out)
    assert (made["file"], made["tickets"], made["size"]) == (str(file), 2, file.stat().st_size)
    assert file.stat().st_mode & 0o777 == 0o600
    with tarfile.open(file) as tar:
        names = tar.getnames()
    assert {
        "desk.db",
        "desk.key",
        "config/config.toml",
        "secrets/box.json",
        "config/replies/mine.toml",
    } <= set(names)
    assert [name for name in names if name.startswith("blobs/")]
    assert names[-1] == "backup.json"

    other = Home.under(tmp_path / "other")
    monkeypatch.setenv("AGENTDESK_HOME", str(other.config))
    status, out, err = run("restore", str(file), "--json")
    assert status == 0, err
    assert json.loads(out) == {"tickets": 2, "doubtful": 0, "kept": None, "kept_config": None, "forgotten": 0}
    assert tickets(run) == before
    assert other.key.read_bytes() == b"k" * 32
    assert config.load(other).agents[0].name == "Joan"
    assert (other.secrets / "box.json").read_text() == '{"sealed": "abc"}'
    assert {p.name for p in other.blobs.rglob("*")} == {p.name for p in filled.blobs.rglob("*")}
    for path in (other.store, other.key, other.config_file, other.secrets / "box.json"):
        assert path.stat().st_mode & 0o777 == 0o600, path
    with closing(driver.connect(str(other.store), read_only=True)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal"


def test_a_desk_that_is_there_is_replaced_only_when_asked_and_kept(filled, run, tmp_path):
    file = tmp_path / "desk.tar"
    assert run("backup", str(file))[0] == 0
    bench = Bench(filled.config)
    bench.mail("Nou", sender="Nou <nou@n.test>", subject="Després")
    bench.close()
    status, out, err = run("restore", str(file), "--json")
    assert (status, out) == (2, "")
    assert "3 tickets" in json.loads(err)["detail"]
    assert "--yes" in json.loads(err)["detail"]
    assert len(tickets(run)) == 3

    status, out, err = run("restore", str(file), "--yes", "--json")
    assert status == 0, err
    kept = json.loads(out)["kept"]
    assert kept.startswith(str(filled.data) + ".before-restore-")
    assert len(tickets(run)) == 2
    with closing(driver.connect(f"{kept}/desk.db", read_only=True)) as connection:
        assert connection.execute("SELECT count(*) FROM ticket").fetchone()[0] == 3
    (former,) = filled.config.glob("before-restore-*")
    assert (former / "config.toml").is_file()
    assert json.loads(out)["kept_config"] == str(former)
    assert str(former) in err, "both folders are named: what lies in them is personal"
    assert not list(filled.config.glob("*.restoring*"))


def test_what_waited_to_be_sent_is_never_sent_again_by_itself(filled, run, tmp_path):
    """It may have gone after the backup was made: it comes back as one whose fate is to be looked up."""
    with closing(driver.connect(str(filled.store))) as connection:
        connection.execute(
            "INSERT INTO outbox (message, account, ticket, state, release_at, next_at) "
            "VALUES ('m', 'box', 't', 'queued', '2026', '2026')"
        )
    file = tmp_path / "desk.tar"
    assert run("backup", str(file))[0] == 0
    status, out, _ = run("restore", str(file), "--yes", "--json")
    assert (status, json.loads(out)["doubtful"]) == (0, 1)
    with closing(driver.connect(str(filled.store), read_only=True)) as connection:
        assert connection.execute("SELECT state FROM outbox").fetchall() == [("data",)]


@pytest.mark.parametrize("name", ["poll-box", "send-box"])
def test_nothing_is_restored_under_somebody_who_receives_or_sends(filled, run, tmp_path, name):
    file = tmp_path / "desk.tar"
    assert run("backup", str(file))[0] == 0
    with lock.held(filled.state, name):
        status, out, err = run("restore", str(file), "--yes", "--json")
    assert (status, out, json.loads(err)["code"]) == (5, "", "busy")
    assert not list(filled.config.glob("*before-restore*"))
    assert run("restore", str(file), "--yes")[0] == 0


def test_the_encrypted_secrets_are_found_in_another_home(filled, run, tmp_path, monkeypatch):
    place = filled.secrets / "box.json"
    account = f'\n[[accounts]]\nid = "box"\nname = "box"\nchannel = "email"\naddress = "a@shop.test"\nfile = "{place}"\n'
    account += 'imap = "imaps://127.0.0.1:1"\nsmtp = "smtps://127.0.0.1:1"\n'
    filled.config_file.write_text(CONFIG.format(language="en") + account, "utf-8")
    assert run("backup", str(tmp_path / "desk.tar"))[0] == 0
    other = Home.under(tmp_path / "other")
    monkeypatch.setenv("AGENTDESK_HOME", str(other.config))
    assert run("restore", str(tmp_path / "desk.tar"))[0] == 0
    assert config.load(other).accounts[0].secret.value == str(other.secrets / "box.json")


def members(file):
    with tarfile.open(file) as tar:
        return [(info, tar.extractfile(info).read()) for info in tar]


def rewritten(file, change):
    """The archive with `change(name, data)` instead of each member's bytes; None leaves it out."""
    found = members(file)
    with tarfile.open(file, "w") as tar:
        for info, data in found:
            new = change(info.name, data)
            if new is not None:
                info.size = len(new)
                tar.addfile(info, io.BytesIO(new))


@pytest.mark.parametrize(
    "change",
    [
        lambda name, data: data[:-1] + b"!" if name == "desk.db" else data,
        lambda name, data: None if name == "desk.key" else data,
        lambda name, data: None if name == "backup.json" else data,
    ],
    ids=["damaged", "without its key", "without its end"],
)
def test_a_damaged_backup_changes_nothing(filled, run, tmp_path, change):
    file = tmp_path / "desk.tar"
    assert run("backup", str(file))[0] == 0
    rewritten(file, change)
    status, out, err = run("restore", str(file), "--yes", "--json")
    assert (status, out, json.loads(err)["code"]) == (1, "", "backup")
    assert json.loads(err)["remedy"]
    assert len(tickets(run)) == 2
    assert not list(filled.config.glob("*restor*"))


def test_a_cut_off_or_foreign_file_is_no_backup(filled, run, tmp_path):
    file = tmp_path / "desk.tar"
    assert run("backup", str(file))[0] == 0
    file.write_bytes(file.read_bytes()[:5000])
    assert run("restore", str(file), "--yes")[0] == 1
    file.write_bytes(b"no tar at all" * 100)
    assert run("restore", str(file), "--yes")[0] == 1
    assert run("restore", str(tmp_path / "none.tar"))[0] == 3
    assert len(tickets(run)) == 2


@pytest.mark.parametrize("name", ["../outside", "blobs/../../outside", "/outside", "other.txt"])
def test_no_name_of_an_archive_leaves_the_home(filled, run, tmp_path, name):
    file = tmp_path / "evil.tar"
    with tarfile.open(file, "w") as tar:
        info = tarfile.TarInfo(name)
        info.size = 4
        tar.addfile(info, io.BytesIO(b"evil"))
    assert run("restore", str(file), "--yes")[0] == 1
    assert not list(tmp_path.rglob("outside"))
    assert not (filled.config / "other.txt").exists()


@pytest.mark.parametrize(
    "where", ["agentdesk.engine.archive._verified", "agentdesk.store.backup.check"], ids=["archive", "copy"]
)
def test_a_backup_that_is_killed_leaves_the_former_one_whole(filled, run, tmp_path, where):
    file = tmp_path / "desk.tar"
    assert run("backup", str(file))[0] == 0
    before = file.read_bytes()
    module, _, name = where.rpartition(".")
    code = (
        f"import os, {module}\n{module}.{name} = lambda *_: os.kill(os.getpid(), 9)\n"
        f"from agentdesk.cli import main\nmain(['backup', {str(file)!r}])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], check=False, timeout=60,
        env={**os.environ, "AGENTDESK_HOME": str(filled.config)},
    )  # fmt: skip
    assert done.returncode == -9
    assert file.read_bytes() == before
    assert run("backup", str(file))[0] == 0
    assert [path.name for path in tmp_path.glob("*.tar*")] == ["desk.tar"]
    assert not list(tmp_path.glob(".*.part"))
    assert not list(filled.backups.glob(".*"))


def test_a_place_that_cannot_take_it_is_said(filled, run, tmp_path):
    assert run("backup", str(tmp_path / "nowhere" / "desk.tar"))[0] == 3
    assert run("backup", str(tmp_path))[0] == 2


def everything(folder):
    """What every file holds by now, but for the store's journal and what only says that somebody looked."""
    return {
        path: path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.parent.name != "state" and not path.name.endswith(("-wal", "-shm", ".log"))
    }


OWN = [
    "data/desk.db",
    "data/desk.key",
    "config.toml",
    "data/blobs/new.tar",
    "state/mine.tar",
    "sla.toml",
    "data/backups/.copy.db",
]


@pytest.mark.parametrize("named", ["plain", "relative", "link", "linked folder"])
@pytest.mark.parametrize("name", OWN)
def test_a_backup_never_takes_the_place_of_what_the_desk_lives_by(
    filled, run, tmp_path, monkeypatch, name, named
):
    run("queue")
    file = filled.config / name
    if named == "relative":
        monkeypatch.chdir(filled.blobs)
        file = f"../../{name}"
    elif named == "link":
        file = tmp_path / "my.tar"
        file.symlink_to(filled.config / name)
    elif named == "linked folder":
        (tmp_path / "aside").symlink_to((filled.config / name).parent)
        file = tmp_path / "aside" / name.rpartition("/")[2]
    before = everything(filled.config)
    status, out, err = run("backup", str(file), "--json")
    said = json.loads(err)
    assert (status, out, said["code"]) == (2, "", "place")
    assert "its own files" in said["detail"]
    assert "another name" in said["remedy"]
    assert everything(filled.config) == before
    assert len(tickets(run)) == 2


def test_only_a_former_backup_makes_room_for_a_new_one(filled, run, tmp_path):
    thesis, other, empty = tmp_path / "thesis.txt", tmp_path / "photos.tar", tmp_path / "empty"
    thesis.write_text("Ten years of work")
    with tarfile.open(other, "w") as tar:
        tar.add(thesis, "thesis.txt")
    for mine in (thesis, other):
        before = mine.read_bytes()
        status, out, err = run("backup", str(mine))
        assert (status, out) == (2, "")
        assert "no backup of agentdesk" in err
        assert mine.read_bytes() == before
    os.mkfifo(tmp_path / "pipe")
    assert run("backup", str(tmp_path / "pipe"))[0] == 2, "and nobody waits at its other end"
    empty.touch()
    for file in (empty, empty, filled.backups / "before the move.tar"):
        assert run("backup", str(file))[0] == 0
    assert run("restore", str(file), "--yes")[0] == 0
    assert len(tickets(run)) == 2


def test_a_backup_by_hand_may_lie_beside_the_daily_ones(filled, run):
    folder = filled.config / "copies"
    folder.mkdir()
    with filled.config_file.open("a") as file:
        file.write(f'\n[backup]\nfolder = "{folder}"\n')
    assert run("backup", str(folder / "mine.tar"))[0] == 0
    assert run("backup", str(filled.config / "mine.tar"))[0] == 2


def test_a_store_is_copied_before_it_is_migrated(filled, run, monkeypatch):
    version = schema.CURRENT
    monkeypatch.setattr(schema, "CURRENT", version + 1)
    assert run("queue")[0] == 0
    copy = filled.backups / f"before-{version}.db"
    assert copy.stat().st_mode & 0o777 == 0o600
    with closing(driver.connect(str(copy), read_only=True)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        assert connection.execute("SELECT count(*) FROM ticket").fetchone()[0] == 2


def test_a_new_store_needs_no_copy(home, run):
    assert run("queue")[0] == 0
    assert not list(home.backups.iterdir())
    Store.open(home.data, home.state).close()


def test_a_sync_makes_todays_backup_and_says_where(filled, run):
    status, out, _ = run("sync", "--once", "--json")
    assert status == 0
    copied = json.loads(out)["backup"]
    assert copied["error"] is None
    assert run("restore", copied["file"], "--yes")[0] == 0
    assert len(tickets(run)) == 2


def test_a_sync_whose_backup_fails_says_so_and_is_done_all_the_same(filled, run, tmp_path):
    with filled.config_file.open("a") as file:
        file.write(f'\n[backup]\nfolder = "{tmp_path}/usb"\n')
    status, _, err = run("sync", "--once")
    assert status == 0
    assert f"The daily backup failed: {tmp_path}/usb: the folder is not there" in err
    status, out, err = run("sync", "--once", "--json")
    assert json.loads(out)["backup"] is None, "it is not tried again at once"


def checked(run):
    (found,) = [each for each in json.loads(run("doctor", "--json")[1])["checks"] if each["name"] == "backup"]
    return found["ok"], found["detail"], found["remedy"]


def test_doctor_says_how_the_backups_are_and_what_helps(filled, run, tmp_path):
    os.utime(filled.key)
    assert checked(run) == (True, "none yet", "")
    os.utime(filled.key, (0, 0))
    assert checked(run) == (False, "there is none", "Run: agentdesk sync --once")
    with filled.config_file.open("a") as file:
        file.write(f'\n[backup]\nfolder = "{tmp_path}/usb"\n')
    for _ in range(2):  # before it was tried, and after
        ok, detail, remedy = checked(run)
        assert (ok, detail) == (False, f"{tmp_path}/usb: the folder is not there")
        assert str(filled.config_file) in remedy
        run("sync", "--once")
    (tmp_path / "usb").mkdir()
    assert run("backup", str(tmp_path / "desk.tar"))[0] == 0
    ok, detail, _ = checked(run)
    assert ok
    assert str(tmp_path / "desk.tar") in detail
    (tmp_path / "desk.tar").unlink()
    assert checked(run)[:2] == (False, f"{tmp_path}/desk.tar is gone")


@pytest.mark.parametrize(("language", "words"), [("es", "está entera"), ("ca", "està sencera")])
def test_it_speaks_the_agents_language(filled, run, tmp_path, language, words):
    filled.config_file.write_text(CONFIG.format(language=language), "utf-8")
    assert words in run("backup", str(tmp_path / "desk.tar"))[1]
