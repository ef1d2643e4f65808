"""Every test of the command line has a home of its own and speaks English; `run` is one command line."""

import json
import logging
import shutil

import pytest

from agentdesk import cli, i18n, secret
from agentdesk.cli import log
from agentdesk.config import Home
from agentdesk.engine import clock
from exports import filled, new_home
from servers.telegram import TOKEN, Telegram


@pytest.fixture(autouse=True)
def surroundings(monkeypatch, tmp_path):
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.setenv("AGENTDESK_HOME", str(tmp_path / "home"))
    seen = set(secret._known)
    yield
    i18n.use("en")
    secret._known.intersection_update(seen)
    root = logging.getLogger()
    for handler in [each for each in root.handlers if isinstance(each, log._Handler)]:
        root.removeHandler(handler)
        handler.close()


@pytest.fixture
def run(capsys):
    def runs(*words):
        status = cli.main(list(words))
        out, err = capsys.readouterr()
        return status, out, err

    return runs


@pytest.fixture
def telegram(monkeypatch):
    made = Telegram()
    monkeypatch.setenv("BOT", TOKEN)
    yield made
    made.stop()


@pytest.fixture
def bot(telegram, run):
    """A command line whose desk has a bot there; gives documents."""

    def said(*words):
        status, out, err = run("--json", *words)
        assert status == 0, err
        return json.loads(out)

    added = said("account", "add", "telegram", "vimet", "--base-url", telegram.base, "--secret-env", "BOT")
    assert (added["checked"], added["address"]) == (True, "@vimet_bot")
    return said


@pytest.fixture
def shop(tmp_path, tmp_path_factory, run, monkeypatch):
    """A home with a desk in it that is worth exporting; made once, and a copy for each test."""
    pattern = tmp_path_factory.getbasetemp() / "filled"
    if not (pattern / "made").exists():
        monkeypatch.setenv("AGENTDESK_HOME", str(pattern))
        filled(new_home(pattern), run)
        (pattern / "made").touch()
        monkeypatch.setenv("AGENTDESK_HOME", str(tmp_path / "home"))
    shutil.copytree(pattern, tmp_path / "home")
    return Home.under(tmp_path / "home")


@pytest.fixture
def by_day(shop):
    """It is about ten in the shop, whatever the hour is here: after midnight nobody can tell what "tomorrow" means."""
    east = (10 - clock.now().hour + 12) % 24 - 12
    config = shop.config_file.read_text("utf-8")
    shop.config_file.write_text(config.replace("Europe/Madrid", f"Etc/GMT{-east:+d}"), "utf-8")


@pytest.fixture
def exported(shop, run, tmp_path, tmp_path_factory):
    """The folder that is made of it; once too."""
    pattern = tmp_path_factory.getbasetemp() / "exported"
    if not pattern.exists():
        assert run("export", str(pattern))[0] == 0
    shutil.copytree(pattern, tmp_path / "out")
    return tmp_path / "out"
