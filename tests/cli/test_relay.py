"""`agentdesk relay` on the command line: boxes, options, and what is said when it cannot run."""

import json
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from agentdesk.cli.verbs import VERBS
from agentdesk.relay import Hook, Limits
from agentdesk.relay.shelf import Shelf, digest
from desks import MONDAY
from servers.meta import APP_SECRET, BUSINESS, PHONE, TOKEN, Meta, signed
from servers.program import PASSWORD, Program
from servers.relay import Relay


def lying(home, name, *bodies):
    """Puts bodies into a box, as the server would."""
    shelf = Shelf(home / "data" / "relay.db")
    box = next(each for each in shelf.boxes() if each.name == name)
    shelf.put([Hook(box.key, MONDAY, "[]", body) for body in bodies], Limits(keep_free=0))
    shelf.close()


@pytest.fixture
def home(tmp_path):
    return tmp_path / "home"


def test_a_new_box_tells_its_address_and_its_tokens_once(run, home):
    status, out, err = run(
        "relay", "box", "add", "shop-wa", "--server", "https://relay.example.com/", "--json"
    )
    said = json.loads(out)
    assert status == 0
    assert said["url"] == f"https://relay.example.com{said['path']}"
    assert said["path"].startswith("/in/")
    assert len(said["path"]) > 30
    assert "this once" in err
    listed = run("relay", "box", "list", "--json")[1] + run("relay", "box")[1]
    assert said["path"] in listed
    assert said["pull_token"] not in listed
    assert said["verify_token"] not in listed
    assert not (home / "config.toml").exists(), "no desk is needed, and none is made"
    assert not (home / "data" / "desk.db").exists()
    shelf = Shelf(home / "data" / "relay.db")
    (box,) = shelf.boxes()
    assert (box.pull, box.verify) == (digest(said["pull_token"]), digest(said["verify_token"]))
    shelf.close()


def test_for_people_it_is_four_lines_and_no_server_is_invented(run):
    out = run("relay", "box", "add", "shop-wa")[1]
    assert [line.split()[0] for line in out.splitlines()] == ["BOX", "Callback", "Verify", "Pull"]
    assert "https://YOUR-SERVER/in/" in out


def test_a_name_is_taken_once(run):
    run("relay", "box", "add", "shop")
    status, out, err = run("relay", "box", "add", "shop")
    assert (status, out) == (2, "")
    assert "shop already" in err


def test_the_list_says_what_waits(run, home):
    run("relay", "box", "add", "shop")
    run("relay", "box", "add", "other")
    lying(home, "shop", b"1", b"2")
    rows = {row["name"]: row for row in json.loads(run("relay", "box", "list", "--json")[1])}
    assert (rows["shop"]["waiting"], rows["shop"]["oldest_at"]) == (2, "2026-11-23T09:00:00Z")
    assert (rows["other"]["waiting"], rows["other"]["oldest_at"]) == (0, None)


def test_a_box_in_which_something_waits_is_not_removed_by_the_way(run, home):
    run("relay", "box", "add", "shop")
    lying(home, "shop", b"1", b"2")
    status, _, err = run("relay", "box", "remove", "shop")
    assert status == 2
    assert "2 messages in shop" in err
    assert "--yes" in err
    done = json.loads(run("relay", "box", "remove", "shop", "--yes", "--json")[1])
    assert done == {"name": "shop", "removed": True, "deleted": 2}
    assert json.loads(run("relay", "box", "list", "--json")[1]) == []


def test_a_box_that_is_not_there_names_the_nearest(run):
    run("relay", "box", "add", "shop-wa")
    status, _, err = run("relay", "box", "remove", "shop-wx")
    assert status == 3
    assert "shop-wa" in err


@pytest.mark.parametrize(
    ("words", "right"),
    [
        (["--listen", "8787"], "HOST:PORT"),
        (["--listen", "localhost:http"], "HOST:PORT"),
        (["--body", "three"], "three"),
        (["--body", "17"], "at most 16 MB"),
        (["--dayz", "3"], "--days"),
    ],
)
def test_a_wrong_option_is_said(run, words, right):
    status, out, err = run("relay", "serve", *words)
    assert (status, out) == (2, "")
    assert right in err


def test_a_wrong_variable_is_said(run, monkeypatch):
    monkeypatch.setenv("AGENTDESK_RELAY_TOTAL", "lots")
    status, _, err = run("relay", "serve")
    assert status == 2
    assert "AGENTDESK_RELAY_TOTAL" in err


def test_a_port_that_is_taken_is_said(run):
    with socket.create_server(("127.0.0.1", 0)) as line:
        status, _, err = run("relay", "--listen", f"127.0.0.1:{line.getsockname()[1]}", "--json")
    assert status == 1
    assert json.loads(err)["code"] == "address"


def test_without_the_extra_it_says_what_to_install(tmp_path):
    code = "import sys; sys.modules['uvicorn'] = None; from agentdesk.cli import main; sys.exit(main(sys.argv[1:]))"
    done = subprocess.run(
        [sys.executable, "-c", code, "--home", str(tmp_path), "relay", "--json"],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 2
    assert "agentdesk-console[relay]" in json.loads(done.stderr)["remedy"]


def test_a_file_of_a_newer_relay_is_left_alone(run, home):
    run("relay", "box", "add", "shop")
    file = home / "data" / "relay.db"
    shelf = Shelf(file)
    shelf._connection.execute("PRAGMA user_version=99")
    shelf.close()
    before = file.read_bytes()
    status, _, err = run("relay", "box", "list", "--json")
    assert (status, json.loads(err)["code"]) == (1, "newer_store")
    assert file.read_bytes() == before


def test_a_file_that_is_none_is_an_error_and_stays(run, home):
    (home / "data").mkdir(parents=True)
    (home / "data" / "relay.db").write_bytes(b"not a database, but somebody's only copy of something" * 20)
    status, _, err = run("relay", "box", "list", "--json")
    assert (status, json.loads(err)["code"]) == (1, "store")


@pytest.mark.parametrize(("name", "status"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)])
def test_it_ends_cleanly_when_it_is_told_to(tmp_path, name, status):
    relay = Relay(tmp_path)
    relay.process.send_signal(name)
    assert relay.process.wait(20) == status
    assert "Stopped." in relay.log.read_text("utf-8")
    relay.stop()


def test_variables_set_what_options_do_not(tmp_path):
    """As a service manager gives them."""
    variables = {"LISTEN": "127.0.0.1:1", "BODY": "0.001", "KEEP_FREE": "1"}
    said = {f"AGENTDESK_RELAY_{name}": value for name, value in variables.items()}
    relay = Relay(tmp_path, "--box-rate", "100", variables=said)
    box = relay.box()
    assert relay.post(box, b"x" * 1048).status_code == 200, "the option --listen counts"
    assert relay.post(box, b"x" * 1049).status_code == 413, "and so does the variable"
    relay.stop()


def test_from_a_services_call_to_the_queue(tmp_path):
    """The shop's whole way: a box, an account, a call while the laptop is shut, and one that is forged."""
    meta, relay = Meta(), Relay(tmp_path / "server")
    box = relay.box()
    secrets = {"token": TOKEN, "app_secret": APP_SECRET, "relay_token": box.pull_token}
    program = Program(tmp_path / "home", password=json.dumps(secrets))
    where = (
        "--phone-id",
        PHONE,
        "--business-id",
        BUSINESS,
        "--base-url",
        meta.base,
        "--secret-env",
        PASSWORD,
    )
    wrong = program.run("account", "add", "whatsapp", "shop", "--way", "cloud", "--relay", relay.base, *where)
    assert wrong.status == 2
    assert "callback URL" in wrong.err
    added = program.says("account", "add", "whatsapp", "shop", "--way", "cloud", "--relay", box.url, *where)
    assert "relay" in added["abilities"]
    said, signature = signed(meta.whatsapp("34600111222", body="On és la comanda?"))
    assert relay.post(box, said, **signature).status_code == 200
    relay.post(box, said.replace(b"comanda", b"clau"), **signature)
    (done,) = program.says("sync", "--once")["accounts"]
    assert (done["received"], done["gaps"], done["errors"]) == (1, 1, [])
    (row,) = program.says("queue")
    assert (row["subject"], row["channel"]) == ("On és la comanda?", "whatsapp")
    relay.post(box, said, **signature)
    (again,) = program.says("sync", "--once")["accounts"]
    assert (again["received"], again["duplicates"]) == (0, 1)
    relay.stop()
    meta.stop()


def test_what_is_shipped_for_the_server_names_what_there_is():
    """The unit and the guide against the program."""
    root = Path(__file__).parents[2]
    unit = (root / "data" / "relay" / "agentdesk-relay.service").read_text("utf-8")
    assert "relay serve\n" in unit
    guide = (root / "docs" / "relay.md").read_text("utf-8")
    (verb,) = (each for each in VERBS if each.name == "relay serve")
    assert [each.flags[0] for each in verb.arguments if f"`{each.flags[0]} " not in guide] == []
    assert "127.0.0.1:8787" in (root / "data" / "relay" / "Caddyfile").read_text("utf-8")
