"""What every test may ask for."""

import gc
import os
import signal
from collections.abc import Iterator

import pytest

from servers import dovecot as dovecot_server
from servers import lacking, opensmtpd
from servers import synapse as synapse_server
from servers.dovecot import Dovecot
from servers.opensmtpd import OpenSmtpd
from servers.relay import Relay
from servers.synapse import Synapse

# The size of whoever runs the tests, which a test run in several processes hands on: programs have that of their own terminal.
# Nor is the terminal of the tests within GNU screen where theirs is.
for _name in ("COLUMNS", "LINES", "STY"):
    os.environ.pop(_name, None)
# A shell that runs the tests in the background has them ignore Ctrl-C, and every program that they start.
if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with slow tests first, so that at the end no core waits for one. Then those of consoles spread among the others: a console
    waits half of its time, in which somebody else is to work."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    files = list(dict.fromkeys(item.path for item in items if item.path not in slow))
    consoles = [file for file in files if file.parent.name == "tui"]
    others = [file for file in files if file.parent.name != "tui"]
    place = {file: n / len(kind) for kind in (consoles, others) for n, file in enumerate(kind, 1)}
    items.sort(key=lambda item: place.get(item.path, 0.0))


def pytest_collection_finish() -> None:
    """Nothing that is there by now is garbage: without this a sixth of the tests' time goes into looking at it again."""
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.fixture(scope="session")
def dovecot() -> Iterator[Dovecot]:
    """A real IMAP, LMTP and submission server for the whole run; each test adds users of its own."""
    if absent := dovecot_server.missing():
        lacking(f"not installed: {absent}")
    server = Dovecot()
    yield server
    server.remove()


@pytest.fixture
def smtpd(dovecot: Dovecot, tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenSmtpd]:
    """A real SMTP server behind Dovecot's submission, delivering to Dovecot; for one test at a time, since
    a system can have but one."""
    if absent := opensmtpd.missing():
        lacking(absent)
    server = OpenSmtpd(tmp_path_factory.mktemp("smtpd"), dovecot.lmtp_port, dovecot.relay)
    yield server
    server.stop()


@pytest.fixture(scope="session")
def synapse() -> Iterator[Synapse]:
    """A real homeserver for the whole run; each test has people of its own on it."""
    if absent := synapse_server.missing():
        lacking(absent)
    server = Synapse()
    yield server
    server.remove()


@pytest.fixture(scope="session")
def relay(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Relay]:
    """A relay for all that hears by webhooks; each test has a box of its own there."""
    running = Relay(tmp_path_factory.mktemp("relay"))
    yield running
    running.stop()
