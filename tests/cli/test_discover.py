"""A mailbox is added by its address alone, and nothing of it is written before both servers let it in."""

import io
import json
import sys
import webbrowser
from argparse import Namespace

import pytest

from agentdesk import secret
from agentdesk.channels import oauth
from agentdesk.cli import discover
from agentdesk.config import Account, Home
from agentdesk.core import setup
from agentdesk.core.model import Endpoint
from agentdesk.engine import mailbox
from agentdesk.errors import NewLoginError
from channels.setups import DOVECOT, POSTFIX, SHOPS
from newcomers import newcomer
from servers.authority import CLIENT, SECRET, Authority, browses
from servers.internet import Internet, World
from servers.misbehaving import Imap
from servers.smtp import Smtp


@pytest.fixture
def new(dovecot, tmp_path, monkeypatch):
    with newcomer(dovecot, tmp_path, monkeypatch) as made:
        yield made


@pytest.fixture
def asks(monkeypatch):
    """Has the program ask the internet of a world."""
    opened = []

    def use(world: World) -> None:
        internet = Internet(world)
        opened.append(internet)
        internet.__enter__()
        monkeypatch.setattr(mailbox, "NET", internet.net)

    yield use
    for internet in opened:
        internet.__exit__()


def add(address: str, *words: str) -> list[str]:
    return ["account", "add", "email", "tienda", "--address", address, *words]


def left(home) -> list[str]:
    """What is in a home beside the log, the locks and a configuration without accounts."""
    text = (home / "config.toml").read_text("utf-8")
    assert "[[accounts]]\n" not in text
    return [
        str(each)
        for each in home.rglob("*")
        if each.is_file() and each.parent.name in {"data", "secrets", "spool"}
    ]


@pytest.mark.servers
def test_a_mailbox_is_found_tried_and_added_by_its_address(run, new, monkeypatch):
    monkeypatch.setenv("WORD", "secreto")
    words = add(new.address, "--secret-env", "WORD", "--ca-file", str(new.ca_file), "--json")
    status, out, err = run(*words)
    assert status == 0, err
    told = json.loads(out)
    assert (told["imap"], told["smtp"]) == (new.imap_url, new.smtp_url)
    assert (told["source"], told["checked"], told["total"]) == ("autoconfig", True, 0)
    assert "Found by the domain's own file" in err
    assert len(new.smtp.logins) == 1
    (row,) = json.loads(run("account", "list", "--json")[1])
    assert row["address"] == new.address


@pytest.mark.servers
def test_a_refused_login_says_the_servers_words_and_writes_nothing(run, new, monkeypatch, tmp_path):
    monkeypatch.setenv("WORD", "secreto")
    words = add(new.address, "--secret-env", "WORD", "--ca-file", str(new.ca_file))
    new.smtp.on("PASSWORD", "535 5.7.8 not tonight")
    new.smtp.secrets.clear()
    status, out, err = run(*words, "--json")
    assert (status, out) == (1, "")
    problem = json.loads(err[err.index("{") :])
    assert problem["code"] == "login"
    assert f"127.0.0.1:{new.smtp.port}: 535" in problem["detail"]
    assert "Nothing was written" in problem["remedy"]
    assert left(tmp_path / "home") == []
    assert run(*words, "--unchecked")[0] == 0  # on purpose


def test_whoever_types_can_try_again_and_the_password_is_in_no_word(tmp_path):
    imap, smtp = Imap(), Smtp()

    def refused(session, tag, _):
        session.say(f"{tag} NO [AUTHENTICATIONFAILED] Not that one.")

    imap.on("LOGIN", refused)
    account = Account(
        "id",
        "tienda",
        "email",
        "a@x.test",
        imap=Endpoint("127.0.0.1", imap.port, "plain", "a"),
        smtp=Endpoint("127.0.0.1", smtp.port, "plain", "a"),
    )
    said: list[str] = []
    ctx = Namespace(home=Home.under(tmp_path / "home"), say=said.append, answers=True)
    typed = iter(["mistyped", "secreto"])
    assert discover.tried(ctx, account, lambda: next(typed)) == "secreto"
    assert any("Not that one." in each for each in said)
    assert "mistyped" not in "".join(said)
    ctx.answers = False
    imap.on("LOGIN", refused)
    with pytest.raises(NewLoginError):
        discover.tried(ctx, account, lambda: "mistyped")
    assert not (tmp_path / "home").exists()
    imap.stop()
    smtp.stop()


def test_what_there_is_can_be_looked_at_without_changing_anything(run, asks, tmp_path):
    world, expected = SHOPS["gmail"]
    asks(world)
    status, out, _ = run("account", "discover", world.address, "--json")
    (first, *_) = json.loads(out)["setups"]
    assert (status, first["source"], first["imap"], first["provider"]) == (
        0,
        "ispdb",
        expected.imap,
        "google",
    )
    assert (first["works"], first["vouched"], first["ways"]) == (True, True, ["password", "xoauth2"])
    status, out, _ = run("account", "discover", world.address)
    assert expected.smtp in out
    assert left(tmp_path / "home") == []


def test_an_address_behind_which_there_is_nothing_ends_3(run, asks):
    asks(World("a@x.test"))
    status, out, err = run("account", "discover", "a@x.test", "--json")
    assert (status, out) == (3, "")
    assert json.loads(err[err.index("{") :])["code"] == "no_servers"
    assert run(*add("a@x.test", "--secret-env", "X"))[0] == 3
    status, _, err = run("account", "discover", "nobody")
    assert (status, "nobody is no e-mail address" in err) == (2, True)


def test_a_script_sends_no_password_where_dns_alone_points(run, asks, monkeypatch, tmp_path):
    monkeypatch.setenv("WORD", "secreto")
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    srv = {
        "_imaps._tcp.x.test": ["0 1 993 in.evil.test"],
        "_submissions._tcp.x.test": ["0 1 465 in.evil.test"],
    }
    asks(World("a@x.test", srv=srv, servers={"in.evil.test:993": DOVECOT, "in.evil.test:465": POSTFIX}))
    status, _, err = run(*add("a@x.test", "--secret-env", "WORD"))
    assert (status, "in.evil.test" in err, "--imap" in err) == (2, True, True)
    assert left(tmp_path / "home") == []


def test_microsoft_is_said_to_take_no_password_before_one_is_asked_for(run, asks, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.StringIO("secreto\n"))
    world, _ = SHOPS["microsoft 365 with a domain of its own"]
    asks(world)
    status, _, err = run(*add(world.address, "--secret-stdin"))
    assert (status, "Microsoft takes no passwords" in err) == (2, True)
    assert sys.stdin.read() == "secreto\n"


def test_the_app_password_of_google_is_explained_before_one_is_asked_for(run, asks, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    world, _ = SHOPS["google workspace with a domain of its own"]
    asks(world)
    status, _, err = run(*add(world.address, "--secret-stdin"))
    assert (status, "myaccount.google.com/apppasswords" in err, "no password was given" in err) == (
        2,
        True,
        True,
    )


@pytest.mark.servers
def test_a_mailbox_is_added_by_a_login_in_the_browser_with_the_shops_own_client(
    run, dovecot, new, monkeypatch, tmp_path
):
    authority = Authority(lambda: dovecot.token(new.address))
    monkeypatch.setattr(setup, "_PROVIDERS", (("google", ("127.0.0.1",)),))  # this shop's Google is here
    monkeypatch.setattr(oauth, "PROVIDERS", {"google": authority.provider()})
    monkeypatch.setattr(webbrowser, "open", browses)
    monkeypatch.setenv(secret.PASSPHRASE, "open sesame")
    monkeypatch.setattr(new.smtp, "secrets", Everything())
    words = ["--auth", "xoauth2", "--secret-file", "--ca-file", str(new.ca_file), "--json"]
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{SECRET}\n"))
    status, out, err = run(*add(new.address, *words, "--client-id", CLIENT))
    assert (status, json.loads(out)["checked"]) == (0, True), err
    again, renewed, _ = run("account", "secret", "tienda", "--json")  # nothing is asked that is known
    assert (again, json.loads(renewed)["checked"], json.loads(renewed)["place"]) == (0, True, "file")
    authority.stop()
    assert f"Log in here; the browser opens if there is one: {authority.base}/authorize?" in err
    assert (
        authority.given == 2
    )  # the token of each login served its trial, and that of the first the first look
    text = (tmp_path / "home" / "config.toml").read_text("utf-8")
    assert 'auth = "xoauth2"' in text
    (kept,) = (tmp_path / "home" / "data" / "secrets").iterdir()
    assert not any(each in text + kept.read_text() for each in (SECRET, "refresh-1"))
    status, _, err = run(*add("a@x.test", "--client-id", CLIENT))
    assert (status, "--auth xoauth2" in err) == (2, True)


class Everything(set):
    """Whatever is said is right."""

    def __contains__(self, _: object) -> bool:
        return True
