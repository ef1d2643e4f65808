"""A store whose bytes are damaged: found at the start, kept beside, and the last good backup goes on in its place."""

import io
import json
import os
import random
from pathlib import Path

import pytest

from agentdesk import cli
from agentdesk.cli import console
from agentdesk.config import Home
from desks import Bench, of_last_week

PAGE = 4096


@pytest.fixture
def home(tmp_path):
    found = Home.under(tmp_path / "home")
    found.make()
    found.config_file.write_text('[desk]\nlanguage = "en"\n\n[[agents]]\nname = "Joan"\n', "utf-8")
    bench = Bench(found.config)
    for number in range(60):
        bench.mail(
            f"Hola {number} " * 50, sender=f"P{number} <p{number}@x.test>", subject=f"Comanda {number}"
        )
    bench.close()
    found.key.write_bytes(b"k" * 32)
    of_last_week(found.key)
    return found


@pytest.fixture
def saved(home, run):
    """Its daily backup."""
    return Path(json.loads(run("sync", "--json")[1])["backup"]["file"])


def no_database(store):
    with store.open("r+b") as file:
        file.write(os.urandom(200))


def torn(store):
    """Every page but the first is noise."""
    with store.open("r+b") as file:
        file.seek(PAGE)
        file.write(random.Random(1).randbytes(store.stat().st_size - PAGE))


def cut(store):
    os.truncate(store, store.stat().st_size // 3)


def emptied(store):
    os.truncate(store, 0)


def gone(store):
    store.unlink()


DAMAGES = pytest.mark.parametrize("damage", [no_database, torn, cut, emptied, gone])


def numbers(run):
    return len(json.loads(run("queue", "--view", "all", "--limit", "500", "--json")[1]))


@DAMAGES
def test_any_command_names_the_last_good_backup_and_what_to_do(home, run, saved, damage):
    damage(home.store)
    status, out, err = run("queue", "--view", "all", "--json")
    said = json.loads(err)
    assert (status, out, said["code"], said["title"]) == (1, "", "damaged_store", "The store is damaged")
    assert str(saved) in said["remedy"]
    assert "agentdesk doctor --repair" in said["remedy"]


@DAMAGES
def test_repair_keeps_the_damaged_file_and_goes_on_with_the_backup(home, run, saved, damage):
    damage(home.store)
    before = home.store.read_bytes() if home.store.exists() else None
    status, out, err = run("doctor", "--repair", "--json")
    assert (status, out) == (2, "")
    assert "--yes" in json.loads(err)["detail"]
    assert (home.store.read_bytes() if home.store.exists() else None) == before

    run("doctor", "--repair", "--yes")
    assert numbers(run) == 60
    (kept,) = home.data.parent.glob("data.before-restore-*")
    assert ((kept / "desk.db").read_bytes() if before is not None else None) == before
    checks = {each["name"]: each["ok"] for each in json.loads(run("doctor", "--json")[1])["checks"]}
    assert checks["store"]
    assert saved.exists(), "the backups go on where they are"


def test_what_was_set_since_the_backup_still_counts(home, run, saved):
    home.secrets.mkdir(mode=0o700)
    (home.secrets / "box.json").write_text("new")
    config = home.config_file.read_text("utf-8").replace("Joan", "Joana")
    home.config_file.write_text(config, "utf-8")
    no_database(home.store)
    run("doctor", "--repair", "--yes")
    assert home.config_file.read_text("utf-8") == config
    assert (home.secrets / "box.json").read_text() == "new"
    assert not (home.data / "config").exists()


def test_a_backup_that_is_damaged_too_gives_way_to_an_earlier_one(home, run, saved, tmp_path):
    assert run("backup", str(tmp_path / "later.tar"))[0] == 0
    (tmp_path / "later.tar").write_bytes((tmp_path / "later.tar").read_bytes()[:9000])
    no_database(home.store)
    _, _, err = run("doctor", "--repair", "--yes")
    assert f"{tmp_path}/later.tar is damaged too" in err
    assert numbers(run) == 60


def test_without_a_backup_it_says_so_and_touches_nothing(home, run):
    no_database(home.store)
    before = home.store.read_bytes()
    status, out, err = run("doctor", "--repair", "--yes", "--json")
    assert (status, out, json.loads(err)["code"]) == (1, "", "damaged_store")
    assert "agentdesk restore FILE" in json.loads(err)["remedy"]
    assert home.store.read_bytes() == before
    assert not list(home.data.parent.glob("data.before-restore-*"))


@DAMAGES
def test_a_backup_from_elsewhere_can_be_put_back_over_a_damaged_store(home, run, saved, damage, tmp_path):
    saved.rename(tmp_path / "desk.tar")
    damage(home.store)
    assert "agentdesk restore FILE" in run("queue")[2]
    assert run("restore", str(tmp_path / "desk.tar"), "--yes")[0] == 0
    assert numbers(run) == 60


@pytest.mark.parametrize("damage", [no_database, torn, cut])
def test_a_restore_says_that_what_it_would_put_aside_is_damaged(home, run, saved, damage):
    damage(home.store)
    before = home.store.read_bytes()
    status, out, err = run("restore", str(saved))
    assert (status, out) == (2, "")
    assert f"{home.data} holds a desk that is damaged; add --yes" in err
    assert home.store.read_bytes() == before


def test_a_store_that_is_whole_is_not_touched(home, run, saved):
    before = home.store.read_bytes()
    assert "nothing was changed" in run("doctor", "--repair", "--yes")[2]
    assert home.store.read_bytes() == before
    assert not list(home.data.parent.glob("data.before-restore-*"))


def test_doctor_finds_a_page_that_no_command_has_met_yet(home, run, saved):
    """One page in the midst of the file."""
    with home.store.open("r+b") as file:
        file.seek((home.store.stat().st_size // PAGE - 3) * PAGE)
        file.write(b"\xa5" * PAGE)
    status, out, _ = run("doctor", "--json")
    (store,) = [each for each in json.loads(out)["checks"] if each["name"] == "store"]
    assert (status, store["ok"]) == (1, False)
    assert str(saved) in store["remedy"]
    run("doctor", "--repair", "--yes")
    assert numbers(run) == 60


def test_a_damaged_store_is_never_a_good_backup(home, run, saved):
    saved.unlink()
    (home.state / "backup.json").unlink()
    torn(home.store)
    run("sync")
    assert not list(home.backups.glob("*.tar"))


def test_a_new_desk_is_no_lost_one(tmp_path, run):
    assert run("queue", "--json")[:2] == (0, "[]\n")


class Tty(io.StringIO):
    def isatty(self):
        return True


@pytest.mark.parametrize(("typed", "tickets"), [("no\n", None), ("\n", None), ("yes\n", 60)])
def test_somebody_at_a_terminal_is_asked(home, run, saved, monkeypatch, typed, tickets):
    emptied(home.store)
    monkeypatch.setattr("sys.stdin", Tty(typed))
    monkeypatch.setattr("sys.stderr", Tty())
    cli.main(["doctor", "--repair"])
    assert bool(home.store.stat().st_size) is bool(tickets)


def test_the_console_says_it_before_it_opens(home, run, saved, monkeypatch):
    torn(home.store)
    monkeypatch.setattr(console, "_has_terminal", lambda: True)
    status, _, err = run()
    assert status == 1
    assert str(saved) in err


def bad(key):
    key.write_bytes(b"k")


LOSSES = pytest.mark.parametrize("lose", [Path.unlink, bad], ids=["gone", "cut"])


@LOSSES
def test_a_key_that_is_gone_is_said_with_the_backup_that_has_it_and_no_other_is_made(
    home, run, saved, lose, tmp_path
):
    lose(home.key)
    before = home.key.exists()
    for words in (("queue",), ("note", "1", "--text", "x"), ("backup", str(tmp_path / "x.tar"))):
        status, out, err = run(*words, "--json")
        said = json.loads(err)
        assert (status, out, said["code"], said["title"]) == (1, "", "lost_key", "The desk's key is gone")
        assert str(saved) in said["remedy"]
    (store,) = [each for each in json.loads(run("doctor", "--json")[1])["checks"] if each["name"] == "store"]
    assert not store["ok"]
    assert str(saved) in store["remedy"]
    assert home.key.exists() is before


@LOSSES
def test_repair_puts_the_key_back_and_nothing_else(home, run, saved, lose):
    assert run("note", "1", "--text", "what was done since the backup")[0] == 0
    before = home.store.read_bytes()
    lose(home.key)
    status, out, err = run("doctor", "--repair", "--json")
    assert (status, out, "--yes" in json.loads(err)["detail"]) == (2, "", True)
    assert "nothing else was changed" in run("doctor", "--repair", "--yes")[2]
    assert (home.key.read_bytes(), home.key.stat().st_mode & 0o777) == (b"k" * 32, 0o600)
    assert home.store.read_bytes() == before
    assert not list(home.data.parent.glob("data.before-restore-*"))


def test_a_key_that_is_gone_without_a_backup_stays_gone(home, run):
    home.key.unlink()
    status, out, err = run("doctor", "--repair", "--yes", "--json")
    assert (status, out, json.loads(err)["code"]) == (1, "", "lost_key")
    assert "agentdesk restore FILE" in json.loads(err)["remedy"]
    assert not home.key.exists()


def test_a_key_under_which_the_store_knows_nobody_is_not_put_back(home, run, saved, tmp_path):
    other = Home.under(tmp_path / "other")
    assert run("--home", str(other.config), "queue")[0] == 0
    assert run("--home", str(other.config), "backup", str(tmp_path / "strange.tar"))[0] == 0
    (tmp_path / "strange.tar").replace(saved)
    home.key.unlink()
    status, _, err = run("doctor", "--repair", "--yes", "--json")
    assert (status, json.loads(err)["code"]) == (1, "lost_key")
    assert not home.key.exists()


def test_the_console_says_that_the_key_is_gone_before_it_opens(home, run, saved, monkeypatch):
    home.key.unlink()
    monkeypatch.setattr(console, "_has_terminal", lambda: True)
    status, _, err = run()
    assert status == 1
    assert str(saved) in err
