"""A token that has expired is replaced in place, tried before the former goes, and what waited for it goes at once."""

import io
import json
import sys

import pytest

from agentdesk import secret
from agentdesk.config import Home, load
from servers.telegram import TOKEN
from servers.web import Answer

MARIA = 7001
NEW = "4839574812:BBnewnewnewnewnewnewnewnewnewnewnew"


@pytest.fixture
def types(monkeypatch):
    """Has the next command line read this from standard input."""
    return lambda text: monkeypatch.setattr(sys, "stdin", io.StringIO(f"{text}\n"))


@pytest.fixture
def filed(telegram, run, types, monkeypatch):
    """A desk whose bot has its token in an encrypted file, and an answer that its revoked token keeps back; gives documents."""
    monkeypatch.setenv(secret.PASSPHRASE, "open sesame")
    monkeypatch.delenv("BOT")

    def said(*words):
        status, out, err = run("--json", *words)
        assert status == 0, err
        return json.loads(out)

    types(TOKEN)
    said("account", "add", "telegram", "vimet", "--base-url", telegram.base, "--secret-file")
    telegram.writes(MARIA, "On és el meu paquet?")
    said("sync", "--once")
    said("reply", "1", "--text", "Surt avui")
    telegram.token = NEW
    run("sync", "--once")
    assert said("account", "list")[0]["state"] == "needs_login"
    yield said
    secret._passphrases.clear()


def account(tmp_path):
    (found,) = load(Home.under(tmp_path / "home")).accounts
    return found


def test_a_new_token_takes_the_place_of_the_old_and_what_waited_goes_at_once(
    filed, telegram, run, types, tmp_path
):
    before = (tmp_path / "home" / "config.toml").read_text("utf-8")
    types(NEW)
    status, out, err = run("account", "secret", "vimet", "--secret-stdin", "--json")
    told = json.loads(out)
    assert (status, told["place"], told["checked"], told["released"]) == (0, "file", True, 1)
    assert "1 answer that waited for the login goes now" in err
    assert (tmp_path / "home" / "config.toml").read_text("utf-8") == before
    assert secret.read(account(tmp_path)) == NEW
    assert filed("account", "list")[0]["state"] == "ok"
    assert filed("sync", "--once")["accounts"][0]["sent"] == 1
    assert [each.text for each in telegram.sent] == ["Surt avui"]
    assert NEW not in out + err


def test_a_token_that_is_refused_changes_nothing(filed, run, types, tmp_path):
    types("4839574812:mistyped")
    status, out, err = run("account", "secret", "vimet", "--secret-stdin", "--json")
    problem = json.loads(err[err.index("{") :])
    assert (status, out, problem["code"]) == (1, "", "login")
    assert "Nothing was written" in problem["remedy"]
    assert "mistyped" not in err
    assert secret.read(account(tmp_path)) == TOKEN
    types("4839574812:mistyped")
    assert filed("account", "secret", "vimet", "--secret-stdin", "--unchecked")["checked"] is False
    assert secret.read(account(tmp_path)) == "4839574812:mistyped"


def test_a_secret_moves_to_another_place_and_leaves_nothing_in_the_former(
    filed, run, types, tmp_path, monkeypatch
):
    file = tmp_path / "home" / "data" / "secrets" / f"{account(tmp_path).id}.json"
    assert file.exists()
    monkeypatch.setenv("BOT", NEW)
    assert filed("account", "secret", "vimet", "--secret-env", "BOT")["place"] == "env"
    assert (account(tmp_path).secret.kind, account(tmp_path).secret.value) == ("env", "BOT")
    assert not file.exists()
    status, out, err = run("account", "secret", "vimet")
    assert (status, out) == (0, "vimet: the login works.\n")
    assert "is in the variable BOT: put the new one there" in err
    types(NEW)
    assert filed("account", "secret", "vimet", "--secret-file")["place"] == "file"
    assert secret.read(account(tmp_path)) == NEW


def test_an_account_that_is_not_there_is_named(run):
    assert run("account", "secret", "nobody")[0] == 3


def test_a_login_that_works_again_lets_what_waited_go(telegram, bot, run):
    telegram.writes(MARIA, "On és el meu paquet?")
    bot("sync", "--once")
    bot("reply", "1", "--text", "Surt avui")
    telegram.on("sendMessage", Answer({"ok": False, "description": "Unauthorized"}, 401))
    run("sync", "--once")
    assert bot("account", "list")[0]["error"] == "login_sending"
    assert "agentdesk account secret vimet" in run("doctor")[1]
    assert bot("sync", "--once")["accounts"][0]["sent"] == 0, "its minute is not over"
    assert bot("account", "check", "vimet")["released"] == 1
    assert bot("sync", "--once")["accounts"][0]["sent"] == 1
    assert bot("account", "check", "vimet")["released"] == 0


@pytest.mark.parametrize(
    ("former", "given", "kept"),
    [
        ("old", "new", "new"),
        ('{"token": "a", "app_secret": "b"}', "new", {"token": "new", "app_secret": "b"}),
        ('{"token": "a", "app_secret": "b"}', '{"app_secret": "c"}', {"token": "a", "app_secret": "c"}),
        ('{"token": "made elsewhere"}', "password", "password"),
    ],
)
def test_of_several_secrets_only_what_is_given_becomes_another(former, given, kept):
    found = secret.renewed(former, given)
    assert (json.loads(found) if isinstance(kept, dict) else found) == kept
