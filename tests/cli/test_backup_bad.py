"""What goes wrong with a backup: the file at fault is named, what helps is what helps, and the folder is looked at anew."""

import io
import json
import tarfile
from contextlib import closing

import pytest

from agentdesk.config import Home
from agentdesk.store import driver, lock
from desks import Bench, of_last_week

CONFIG = '[desk]\nlanguage = "{language}"\n'
WITHOUT_LETTERS = "/proc/self/mem"
"""A file of the system's that can be opened, and not read."""


@pytest.fixture
def home(tmp_path):
    found = Home.under(tmp_path / "home")
    found.make()
    found.config_file.write_text(CONFIG.format(language="en"), "utf-8")
    bench = Bench(found.config)
    bench.mail("Hola", sender="Maria Puig <maria@x.test>", subject="Comanda")
    bench.close()
    found.key.write_bytes(b"k" * 32)
    of_last_week(found.key)
    return found


def of_the_future(file):
    """The same backup, as a later version would make it."""
    with tarfile.open(file) as tar:
        parts = [(info, tar.extractfile(info).read()) for info in tar]
    with tarfile.open(file, "w") as tar:
        for info, was in parts:
            is_last = info.name == "backup.json"
            data = json.dumps({**json.loads(was), "agentdesk": 2}).encode() if is_last else was
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))


def test_of_a_newer_backup_it_is_said_to_install_the_newer_version(home, run, tmp_path):
    file = tmp_path / "desk.tar"
    assert run("backup", str(file))[0] == 0
    of_the_future(file)
    status, _, err = run("restore", str(file), "--yes", "--json")
    said = json.loads(err)
    assert (status, said["code"]) == (1, "newer_backup")
    assert "Install the newer version" in said["remedy"]
    assert "format 2" in said["detail"]


def test_what_cannot_be_read_is_no_disk_that_is_full(home, run):
    status, _, err = run("restore", WITHOUT_LETTERS, "--yes", "--json")
    said = json.loads(err)
    assert (status, said["title"]) == (1, "A file could not be read")
    assert said["detail"].startswith(WITHOUT_LETTERS)
    assert "space" not in said["remedy"]


def test_of_a_damaged_store_the_store_is_named_and_not_its_copy(home, run, tmp_path):
    with closing(driver.connect(str(home.store))) as connection:
        (page,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'blob'").fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    with home.store.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * size)
    status, _, err = run("backup", str(tmp_path / "desk.tar"), "--json")
    said = json.loads(err)
    assert (status, said["code"]) == (1, "damaged_store")
    assert str(home.store) in said["detail"]


@pytest.mark.parametrize(("language", "words"), [("es", "otro proceso"), ("ca", "un altre procés")])
def test_who_holds_it_is_said_in_the_agents_language(home, run, tmp_path, language, words):
    file = tmp_path / "desk.tar"
    assert run("backup", str(file))[0] == 0
    home.config_file.write_text(CONFIG.format(language=language), "utf-8")
    with lock.waiting(home.state, "console"):
        status, _, err = run("restore", str(file), "--yes")
    assert (status, words in err, "process ?" in err) == (5, True, False)


@pytest.mark.parametrize(("language", "words"), [("es", "horario"), ("ca", "horari")])
def test_doctor_calls_its_checks_in_the_agents_language(home, run, language, words):
    home.config_file.write_text(CONFIG.format(language=language), "utf-8")
    _, out, _ = run("doctor")
    assert (words in out, "opening hours" in out) == (True, False)
    names = [each["name"] for each in json.loads(run("doctor", "--json")[1])["checks"]]
    assert "opening hours" in names


def test_a_folder_that_is_there_again_is_seen_at_once(home, run, tmp_path):
    folder = tmp_path / "usb"
    with home.config_file.open("a") as file:
        file.write(f'\n[backup]\nfolder = "{folder}"\n')
    run("sync", "--once")
    assert "the folder is not there" in run("doctor")[1]
    folder.mkdir()
    assert "the folder is not there" not in run("doctor")[1], "it looks itself"
    assert json.loads(run("sync", "--once", "--json")[1])["backup"]["file"], "and nobody waits for it"


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE])
def test_a_backup_with_a_link_in_it_is_none(home, run, tmp_path, kind):
    file = tmp_path / "desk.tar"
    assert run("backup", str(file))[0] == 0
    with tarfile.open(file) as tar:
        parts = [(info, tar.extractfile(info).read()) for info in tar]
    with tarfile.open(file, "w") as tar:
        link = tarfile.TarInfo("blobs/aa")
        link.type, link.linkname = kind, "../../elsewhere"
        tar.addfile(link)
        for info, data in parts:
            tar.addfile(info, io.BytesIO(data))
    status, _, err = run("restore", str(file), "--yes", "--json")
    assert (status, json.loads(err)["code"]) == (1, "backup")


@pytest.mark.parametrize(
    "made",
    [
        "CREATE TRIGGER theirs AFTER INSERT ON message BEGIN DELETE FROM ticket; END",
        "DROP TRIGGER message_moved; CREATE TRIGGER message_moved AFTER INSERT ON message BEGIN DELETE FROM ticket; END",
        "CREATE VIEW theirs AS SELECT 1",
    ],
)
def test_a_backup_in_which_something_else_runs_by_itself_is_refused(home, run, tmp_path, made):
    with closing(driver.connect(str(home.store))) as connection:
        connection.executescript(made)
    file = tmp_path / "desk.tar"
    assert run("backup", str(file))[0] == 0
    status, _, err = run("restore", str(file), "--yes", "--json")
    assert (status, json.loads(err)["code"]) == (1, "backup")
