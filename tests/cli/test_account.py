"""Accounts and agents: added, listed, removed, and what is said when they cannot be."""

import fcntl
import io
import json
import os
import signal
import struct
import subprocess
import sys
import termios

import pytest

from agentdesk import i18n, secret
from agentdesk.cli.account import seen_there
from servers import until
from servers.terminal import Terminal


def test_agents_take_turns_at_the_keyboard(run, monkeypatch):
    monkeypatch.setenv("LOGNAME", "pau")
    assert json.loads(run("agent", "list", "--json")[1]) == [{"name": "pau", "address": "", "current": True}]
    assert run("agent", "add", "Joan", "--address", "joan@shop.cat")[0] == 0
    assert run("agent", "add", "Marta")[0] == 0
    for name in ("Joan", "joan", "JOÁN", "JOAN ", " joan", "Joan  "):
        status, _, err = run("agent", "add", name)
        assert (status, "an agent Joan already" in err) == (2, True), name
    assert json.loads(run("agent", "add", " Anna  Maria ", "--json")[1])["name"] == "Anna Maria"
    assert run("agent", "add", "anna maria")[0] == 2
    assert run("agent", "switch", "Marta")[0] == 0

    def current(*words):
        return [
            row["name"] for row in json.loads(run("agent", "list", "--json", *words)[1]) if row["current"]
        ]

    assert current() == ["Marta"]
    assert current("--as", "Joan") == ["Joan"]
    status, _, err = run("agent", "list", "--as", "Jon")
    assert status == 3
    assert "Joan" in err
    status, _, err = run("agent", "add", "X", "--address", "nobody")
    assert (status, "--address" in err) == (2, True)


def test_who_has_worked_without_agents_is_not_put_out_by_a_colleague(shop, run, monkeypatch):
    alone = shop.config_file.read_text("utf-8")
    for name in ("Joan", "Marta"):
        alone = alone.replace(f'[[agents]]\nname = "{name}"\n', "")
    shop.config_file.write_text(alone, "utf-8")
    monkeypatch.setenv("LOGNAME", "pau")

    def said(*words):
        status, out, err = run(*words, "--json")
        assert status == 0, err
        return json.loads(out)

    assert [each["name"] for each in said("agent", "list")] == ["pau"]
    said("note", "1", "--text", "mine")
    assert said("agent", "add", "Marta")["first"] == "pau"
    assert [(each["name"], each["current"]) for each in said("agent", "list")] == [
        ("pau", True),
        ("Marta", False),
    ]
    said("note", "1", "--text", "mine as well")
    assert [each["author"]["name"] for each in said("show", "1")["messages"][-2:]] == ["pau", "pau"]
    assert said("agent", "add", "Joan")["first"] is None
    said("assign", "1", "pau")
    said("agent", "switch", "pau")


def test_a_desk_on_which_nobody_did_anything_begins_with_whom_it_is_given(run, monkeypatch):
    monkeypatch.setenv("LOGNAME", "pau")
    assert run("queue")[0] == 0
    assert json.loads(run("agent", "add", "Marta", "--json")[1])["first"] is None
    assert [each["name"] for each in json.loads(run("agent", "list", "--json")[1])] == ["Marta"]


ADD = [
    "account",
    "add",
    "email",
    "soporte",
    "--address",
    "soporte@shop.cat",
    "--imap",
    "imaps://127.0.0.1:1",
]
SMTP = ["--smtp", "smtps://mail.shop.cat"]


def test_an_account_is_added_listed_and_removed(run, tmp_path):
    status, out, err = run(*ADD, *SMTP, "--secret-env", "SHOP", "--waiting-days", "7", "--json")
    assert status == 0
    assert "127.0.0.1:1" in err  # nobody answers there: said, and no reason to forget the account
    assert (json.loads(out)["name"], json.loads(out)["checked"]) == ("soporte", False)
    by_name = {each["name"]: each for each in json.loads(run("doctor", "--json")[1])["checks"]}
    assert "soporte" in by_name["shop"]["detail"]
    (row,) = json.loads(run("account", "list", "--json")[1])
    assert {"name", "channel", "address", "state", "last_sync_at", "error"} <= set(row)
    text = (tmp_path / "home" / "config.toml").read_text("utf-8")
    assert 'env = "SHOP"' in text
    assert "waiting_days = 7" in text
    assert run(*ADD, *SMTP, "--secret-env", "SHOP")[0] == 2
    status, _, err = run("account", "remove", "soprte")
    assert (status, "soporte" in err) == (3, True)
    assert run("account", "remove", "soporte")[0] == 0
    assert run("account", "list", "--json")[1] == "[]\n"
    run(*ADD, *SMTP, "--secret-env", "SHOP", "--shop", "Mimo Cerámica")
    assert 'shop = "Mimo Cerámica"' in (tmp_path / "home" / "config.toml").read_text("utf-8")
    assert not [each for each in json.loads(run("doctor", "--json")[1])["checks"] if each["name"] == "shop"]


def test_servers_are_taken_as_a_help_page_has_them(run, tmp_path):
    where = ("--imap", "127.0.0.1", "--smtp", "127.0.0.1:587")
    assert run(*ADD[:6], *where, "--secret-env", "SHOP")[0] == 0
    text = (tmp_path / "home" / "config.toml").read_text("utf-8")
    for line in ('imap = "imaps://127.0.0.1"', 'smtp = "smtp://127.0.0.1:587"'):
        assert f"\n{line}\n" in text


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([*SMTP], "--secret-command"),
        ([*SMTP, "--secret-env", "X", "--secret-command", "y"], "only one"),
        ([*SMTP, "--secret-command", ""], "value"),
        (["--smtp", "smtpss://x", "--secret-env", "X"], "smtps"),
        ([*SMTP, "--secret-env", "X", "--alias", "nobody"], "--alias"),
        ([*SMTP, "--secret-stdin"], "no password"),
        ([*SMTP, "--secret-command", "pass \udcff"], "--secret-command"),
    ],
)
def test_an_account_that_cannot_be_is_said_in_the_command_lines_words(
    run, words, said, monkeypatch, tmp_path
):
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    status, out, err = run(*ADD, *words)
    assert (status, out) == (2, "")
    assert said in err
    assert run("account", "list", "--json")[1] == "[]\n"


def test_a_password_that_cannot_be_kept_leaves_no_account(run, monkeypatch):
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    words = [sys.executable, "-m", "agentdesk", *ADD, *SMTP, "--secret-stdin", "--json"]
    done = subprocess.run(
        words, input="hunter2hunter2\n", capture_output=True, text=True, check=False, timeout=30
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert json.loads(done.stderr)["code"] == "secret"
    assert "hunter2" not in done.stderr
    assert run("account", "list", "--json")[1] == "[]\n"


def test_a_password_in_an_encrypted_file(run, monkeypatch, tmp_path):
    monkeypatch.setenv(secret.PASSPHRASE, "open sesame")
    monkeypatch.setattr(sys, "stdin", io.StringIO("s3cret\n"))
    assert run(*ADD, *SMTP, "--secret-file")[0] == 0
    (file,) = (tmp_path / "home" / "data" / "secrets").iterdir()
    assert "s3cret" not in file.read_text()
    assert run("account", "remove", "soporte")[0] == 0
    assert not file.exists()


@pytest.fixture
def heard():
    """Ctrl-C is heard by what is started, also where whoever runs the tests in the background ignores it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def unread(pipe: int) -> int:
    """Bytes in a pipe that nobody has taken out."""
    return struct.unpack("i", fcntl.ioctl(pipe, termios.FIONREAD, b"\0" * 4))[0]


def test_ctrl_c_while_it_waits_ends_130_quietly(heard, tmp_path):
    words = [sys.executable, "-m", "agentdesk", *ADD, *SMTP, "--secret-stdin"]
    taken, given = os.pipe()
    process = subprocess.Popen(words, stdin=taken, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    os.write(given, b"hunter2")
    until(lambda: not unread(taken))  # it has the beginning of the line and waits for the end
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=10)
    os.close(given)
    os.close(taken)
    assert (process.returncode, out, err) == (130, b"", b"")
    assert "[[accounts]]\n" not in (tmp_path / "home" / "config.toml").read_text()


def test_ctrl_c_at_the_question_for_the_password_ends_130_quietly(heard, tmp_path):
    at = Terminal([sys.executable, "-m", "agentdesk", *ADD, *SMTP])
    at.until("Password of soporte@shop.cat: ")
    at.type("hunter2\x03")
    assert at.ended(by=0) == 130
    assert at.shown() == "Password of soporte@shop.cat: "
    assert "[[accounts]]\n" not in (tmp_path / "home" / "config.toml").read_text()


def test_whoever_is_switched_to_reads_what_was_meanwhile(run):
    for name in ("Joan", "Marta"):
        run("agent", "add", name)
    run("agent", "switch", "Joan")
    status, out, _ = run("agent", "switch", "Marta", "--json")
    assert status == 0
    told = json.loads(out)
    assert told["name"] == "Marta"
    assert told["handover"] == {"since": None, "came": [], "drafts": [], "mentions": []}
    status, out, _ = run("agent", "switch", "Joan")
    assert "Joan is at the keyboard now." in out
    assert "Who wrote since\n  nobody" in out
    assert "Drafts that are open\n  nothing" in out


@pytest.mark.parametrize(
    ("language", "one", "two"),
    [("en", "1 mail;", "2 mails;"), ("es", "1 correo;", "2 correos;"), ("ca", "1 correu;", "2 correus;")],
)
def test_one_mail_is_one(language, one, two):
    waiting = {7: 0, 14: 0, 30: 0}
    with i18n.speaking(language):
        assert seen_there(1, waiting).startswith(one)
        assert seen_there(2, waiting).startswith(two)
