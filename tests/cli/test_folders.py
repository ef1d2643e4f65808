"""A folder that config.toml names and the server has not: said wherever somebody looks, with the folders that there are."""

import json

import pytest

from agentdesk import config
from agentdesk.config import Home
from servers.inbox import letter
from servers.misbehaving import Imap

ACCOUNT = """
[desk]
language = "en"
zone = "UTC"
[[accounts]]
id = "a0b1"
name = "uno"
channel = "email"
address = "shop@shop.test"
imap = "imap+insecure://shop%40shop.test@127.0.0.1:{port}"
env = "WORD"
folders = {folders}
"""


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setenv("WORD", "secreto")
    imap = Imap()
    imap.add(letter("one"))
    imap.add(letter("two"), folder="Comandes")
    yield imap
    imap.stop()


@pytest.fixture
def home(tmp_path):
    return Home.under(tmp_path / "home")


def reading(home, server, *folders):
    home.make()
    home.config_file.write_text(ACCOUNT.format(port=server.port, folders=json.dumps(folders)), "utf-8")
    config.load(home)


def doctor(run):
    checks = json.loads(run("doctor", "--json")[1])["checks"]
    return next(each for each in checks if each["name"] == "account uno")


def test_the_other_folders_are_read_and_the_missing_one_is_said(run, home, server):
    reading(home, server, "INBOX", "Pedidos")
    status, _, err = run("sync", "--once")
    assert (status, "Pedidos is not there; these folders are: Comandes, INBOX" in err) == (0, True)
    assert "Correct folders of uno in config.toml." in err
    (done,) = json.loads(run("sync", "--once", "--json")[1])["accounts"]
    assert (done["trouble"]["code"], done["errors"], done["gaps"]) == ("no_folder", [], 1)
    check = doctor(run)
    assert (check["ok"], check["remedy"]) == (False, "Correct folders of uno in config.toml.")
    assert "Pedidos: the folder is not there; these folders are: Comandes, INBOX" in check["detail"]
    (account,) = json.loads(run("account", "list", "--json")[1])
    assert account["error"] == "no_folder"
    assert account["gap"] == "Pedidos: the folder is not there; these folders are: Comandes, INBOX"
    assert len(json.loads(run("queue", "--view", "all", "--json")[1])) == 1


def test_where_there_is_none_of_them_the_pass_fails(run, home, server):
    reading(home, server, "Bandeja", "Pedidos")
    status, _, err = run("sync", "--once")
    assert (status, "Bandeja, Pedidos is not there" in err, "Correct folders of uno" in err) == (
        1,
        True,
        True,
    )
    assert "these folders are: Comandes, INBOX" in doctor(run)["detail"]


def test_once_it_is_corrected_nothing_more_is_said(run, home, server):
    reading(home, server, "INBOX", "Pedidos")
    run("sync", "--once")
    reading(home, server, "INBOX", "Comandes")
    status, _, err = run("sync", "--once")
    assert (status, "not there" in err) == (0, False)
    check = doctor(run)
    assert (check["ok"], "Pedidos" in check["detail"]) == (True, False)


def test_the_check_of_an_account_says_it_in_the_agents_language(run, home, server):
    reading(home, server, "INBOX", "Pedidos")
    text = home.config_file.read_text("utf-8").replace('"en"', '"es"')
    home.config_file.write_text(text, "utf-8")
    status, out, err = run("account", "check", "uno")
    assert (status, out) == (1, "")
    assert "Pedidos no está; están estas carpetas: Comandes, INBOX" in err
    assert "a0b1" not in err
    assert "account check" not in err
