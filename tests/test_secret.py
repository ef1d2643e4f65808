"""Passwords: kept where the user chose, never in the clear, and never a reason to wait for ever."""

import os
import shutil
import stat
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import fail, null
from keyring.backends.chainer import ChainerBackend

from agentdesk import i18n, secret
from agentdesk.config import Account, SecretPlace
from agentdesk.errors import SecretError
from servers import lacking


class Drawer(KeyringBackend):
    """Keeps passwords in memory, as an honest keyring does on a disk."""

    priority = 1

    def __init__(self):
        super().__init__()
        self.kept = {}

    def set_password(self, service, username, password):
        self.kept[service, username] = password

    def get_password(self, service, username):
        return self.kept.get((service, username))

    def delete_password(self, service, username):
        if self.kept.pop((service, username), None) is None:
            raise keyring.errors.PasswordDeleteError


class PlaintextKeyring(Drawer):
    """Named as the one of keyrings.alt."""


class Locked(Drawer):
    """Waits for somebody who does not come."""

    def get_password(self, service, username):
        threading.Event().wait(30)


@pytest.fixture(autouse=True)
def quiet(monkeypatch):
    """Whatever keyring the machine has is put back afterwards."""
    i18n.use("en")
    monkeypatch.delenv(secret.PASSPHRASE, raising=False)
    before = keyring.get_keyring()
    seen = set(secret._known)
    yield
    keyring.set_keyring(before)
    secret._known.intersection_update(seen)
    secret._passphrases.clear()


def account(kind="keyring", value="", name="soporte"):
    return Account(id="0190", name=name, channel="email", secret=SecretPlace(kind, value))


def refused(kind, value):
    with pytest.raises(SecretError) as caught:
        secret.read(account(kind, value))
    error = caught.value
    assert error.exit_status == 2
    assert "--secret-command" in error.remedy
    return str(error.values["reason"]) + repr(error)


def test_a_keyring_gives_back_what_it_was_given():
    keyring.set_keyring(Drawer())
    secret.keep("0190", "s3cret ñ", SecretPlace())
    assert secret.read(account()) == "s3cret ñ"
    assert "s3cret ñ" in secret.known()
    secret.forget(account())
    secret.forget(account())
    with pytest.raises(SecretError):
        secret.read(account())


@pytest.mark.parametrize("backend", [null.Keyring, fail.Keyring, PlaintextKeyring])
def test_a_keyring_that_keeps_nothing_or_keeps_it_in_the_clear_is_refused(backend):
    keyring.set_keyring(backend())
    with pytest.raises(SecretError) as caught:
        secret.keep("0190", "hunter2hunter2", SecretPlace())
    assert "hunter2" not in repr(caught.value)
    assert "--secret-file" in caught.value.remedy


def test_a_plain_text_keyring_behind_a_chain_is_refused(monkeypatch):
    monkeypatch.setattr(ChainerBackend, "backends", [PlaintextKeyring()])
    keyring.set_keyring(ChainerBackend())
    with pytest.raises(SecretError):
        secret.keep("0190", "hunter2hunter2", SecretPlace())


def test_a_locked_keyring_is_waited_for_only_so_long(monkeypatch):
    monkeypatch.setattr(secret, "KEYRING_SECONDS", 0.2)
    keyring.set_keyring(Locked())
    began = time.monotonic()
    with pytest.raises(SecretError, match="secret"):
        secret.read(account())
    assert time.monotonic() - began < 3


def test_a_command_gives_its_first_line_and_no_shell_reads_it(tmp_path):
    command = f"{sys.executable} -c \"print('first $HOME;'); print('second')\""
    assert secret.read(account("command", command)) == "first $HOME;"


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("print('hunter2'); import sys; print('hunter2', file=sys.stderr); sys.exit(3)", "status 3"),
        ("pass", "nothing"),
        ("print(); print('hunter2')", "nothing"),
    ],
)
def test_a_command_that_fails_is_named_without_what_it_said(script, said, capfd):
    reason = refused("command", f'{sys.executable} -c "{script}" hunter2')
    assert said in reason
    assert "hunter2" not in reason + "".join(capfd.readouterr())


@pytest.mark.parametrize("command", ["/no/such/program hunter2", "", "'unclosed hunter2"])
def test_a_command_that_cannot_run_is_said(command):
    assert "hunter2" not in refused("command", command)


def test_a_command_that_does_not_end_is_ended_with_its_children(monkeypatch, tmp_path):
    monkeypatch.setattr(secret, "COMMAND_SECONDS", 0.5)
    mark = tmp_path / "pid"
    began = time.monotonic()
    assert "did not end" in refused("command", f"sh -c 'sleep 30 & echo $! > {mark}; wait'")
    assert time.monotonic() - began < 5
    child = Path(f"/proc/{mark.read_text().strip()}/stat")
    deadline = time.monotonic() + 5
    while child.exists() and " Z " not in child.read_text() and time.monotonic() < deadline:
        threading.Event().wait(0.02)
    assert not child.exists() or " Z " in child.read_text()


def test_a_variable(monkeypatch):
    monkeypatch.setenv("SHOP_PASSWORD", "s3cret")
    assert secret.read(account("env", "SHOP_PASSWORD")) == "s3cret"
    monkeypatch.setenv("SHOP_PASSWORD", "")
    assert "SHOP_PASSWORD" in refused("env", "SHOP_PASSWORD")


def test_an_encrypted_file_needs_its_passphrase(tmp_path, monkeypatch):
    path = tmp_path / "secrets" / "0190.json"
    place = SecretPlace("file", str(path))
    monkeypatch.setenv(secret.PASSPHRASE, "open sesame")
    secret.keep("0190", "s3cret ñ", place)
    assert "s3cret" not in path.read_text()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert secret.read(account("file", str(path))) == "s3cret ñ"
    monkeypatch.setenv(secret.PASSPHRASE, "open simsim")
    assert "wrong" in refused("file", str(path))
    other = Account(id="0191", name="x", channel="email", secret=place)
    monkeypatch.setenv(secret.PASSPHRASE, "open sesame")
    with pytest.raises(SecretError):
        secret.read(other)
    secret.forget(account("file", str(path)))
    assert "cannot be read" in refused("file", str(path))


def test_a_passphrase_is_asked_once_twice_where_it_is_new_and_remembered(tmp_path):
    path = str(tmp_path / "0190.json")
    asked = []

    def ask(question):
        asked.append(question)
        return "open sesame"

    secret.keep("0190", "s3cret", SecretPlace("file", path), ask=ask)
    assert len(asked) == 2
    assert secret.read(account("file", path), ask=ask) == "s3cret"
    assert len(asked) == 2
    answers = iter(["one", "another"])
    with pytest.raises(SecretError):
        secret.keep("0190", "s3cret", SecretPlace("file", path + "2"), ask=lambda _: next(answers))


@pytest.mark.parametrize(
    "content",
    [b"", b"{}", b"\xff", b'{"agentdesk_secret": 1, "scrypt": 40, "salt": "", "nonce": "", "sealed": ""}'],
)
def test_a_damaged_file_is_an_error_in_words(tmp_path, monkeypatch, content):
    monkeypatch.setenv(secret.PASSPHRASE, "x")
    path = tmp_path / "broken"
    path.write_bytes(content)
    assert "damaged" in refused("file", str(path))


def test_without_a_terminal_nothing_waits_for_a_passphrase(tmp_path):
    code = f"""
        from agentdesk import secret
        from agentdesk.config import SecretPlace
        from agentdesk.errors import SecretError
        try:
            secret.keep("1", "s3cret", SecretPlace("file", {str(tmp_path / "x")!r}))
        except SecretError as error:
            print(error.values["reason"])
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        capture_output=True, text=True, timeout=20, check=True, stdin=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    assert secret.PASSPHRASE in done.stdout
    assert not (tmp_path / "x").exists()


@pytest.mark.servers
def test_a_real_keyring_under_dbus(tmp_path):
    missing = [each for each in ("dbus-run-session", "gnome-keyring-daemon") if not shutil.which(each)]
    if missing:
        lacking(f"not installed: {', '.join(missing)}")
    code = """
        import keyring, sys
        from agentdesk import secret
        from agentdesk.config import Account, SecretPlace
        from agentdesk.errors import SecretError
        print(type(keyring.get_keyring()).__module__)
        account = Account(id="0190", name="soporte", channel="email")
        secret.keep("0190", "s3cret ñ", SecretPlace())
        print(ascii(secret.read(account)))
        secret.forget(account)
        try:
            secret.read(account)
        except SecretError as error:
            print(error.code)
    """
    script = tmp_path / "story.py"
    script.write_text(textwrap.dedent(code), "utf-8")
    daemon = "printf pw | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1; sleep 1"
    environment = {**os.environ, "HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path)}
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "DBUS_SESSION_BUS_ADDRESS", "PYTHON_KEYRING_BACKEND"):
        environment.pop(name, None)
    done = subprocess.run(
        ["dbus-run-session", "--", "sh", "-c", f'{daemon}; exec "$0" "$1"', sys.executable, str(script)],
        capture_output=True, text=True, timeout=60, check=False, env=environment,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    backend, kept, gone = done.stdout.split("\n")[:3]
    assert "SecretService" in backend or "chainer" in backend.lower()
    assert kept == ascii("s3cret ñ")
    assert gone == "secret"
