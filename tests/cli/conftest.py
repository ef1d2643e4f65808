"""Every test of the command line has a home of its own and speaks English; `run` is one command line."""

import logging

import pytest

from agentdesk import cli, i18n, secret
from agentdesk.cli import log


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
