"""The console as a program: where it will not open, and how it ends when it is told to."""

import os
import pty
import select
import signal
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from fcntl import ioctl
from pathlib import Path
from struct import pack
from termios import TIOCSWINSZ

import pytest

from agentdesk import config
from agentdesk.channels import Arrival, Batch
from agentdesk.channels.mime import read_mail
from agentdesk.config import Home
from agentdesk.core.model import Place
from agentdesk.engine import clock
from agentdesk.engine.feed import Feed
from agentdesk.engine.intake import Intake
from agentdesk.engine.start import open_desk
from agentdesk.engine.window import Window

CONFIG = """
[desk]
zone = "Europe/Madrid"
language = "en"

[[agents]]
name = "Joan"

[[accounts]]
id = "box"
name = "Vimet"
channel = "email"
address = "hola@vimet.test"
imap = "imaps://127.0.0.1:1"
smtp = "smtps://127.0.0.1:1"
env = "NOTHING"
"""
OWNED = (
    "import fcntl, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); "
    "from agentdesk.cli import main; sys.exit(main(sys.argv[1:]))"
)
"""The program as the one whose terminal it is, so that closing that terminal is told to it."""
INTO, OUT_OF = b"\x1b[?1049h", b"\x1b[?1049l"


class Terminal:
    """A program at a terminal of 120 x 40."""

    def __init__(
        self,
        home: Home,
        term: str = "xterm-256color",
        program: str = OWNED,
        errors: Path | None = None,
        locale: str = "C.UTF-8",
    ) -> None:
        self.master, slave = pty.openpty()
        ioctl(slave, TIOCSWINSZ, pack("HHHH", 40, 120, 0, 0))
        self.seen = b""
        self.process = subprocess.Popen(
            [sys.executable, "-c", program, "--home", str(home.config)],
            stdin=slave, stdout=slave, stderr=errors.open("wb") if errors else slave, start_new_session=True,
            env={**os.environ, "TERM": term, "LC_ALL": locale, "COLORTERM": "truecolor"},
        )  # fmt: skip
        os.close(slave)

    def read(self, within: float = 0.1) -> bool:
        """Takes what was written; False where nobody will write any more."""
        ready, _, _ = select.select([self.master], [], [], within)
        if ready:
            with suppress(OSError):
                data = os.read(self.master, 65536)
                self.seen += data
                return bool(data)
            return False
        return True

    def until(self, words: bytes, within: float = 15.0, times: int = 1) -> None:
        ends = time.monotonic() + within
        while self.seen.count(words) < times:
            assert time.monotonic() < ends, self.seen[-2000:]
            assert self.read(), self.seen[-2000:]

    def type(self, keys: str) -> None:
        os.write(self.master, keys.encode())

    def ended(self, within: float) -> int:
        """The exit status; fails where it still runs after `within` seconds."""
        ends = time.monotonic() + within
        while self.process.poll() is None:
            assert time.monotonic() < ends, "it still runs"
            self.read(0.02)
        while self.read(0.05) and time.monotonic() < ends:
            pass
        return self.process.returncode


@contextmanager
def terminal(home, **given):
    made = Terminal(home, **given)
    try:
        yield made
    finally:
        made.process.kill()
        made.process.wait()
        with suppress(OSError):
            os.close(made.master)


@pytest.fixture
def home(tmp_path):
    """A desk with one ticket."""
    found = Home.under(tmp_path / "home")
    found.make()
    found.config_file.write_text(CONFIG, "utf-8")
    desk = open_desk(found, config.load(found), "Joan")
    raw = b"From: Maria <maria@x.test>\r\nTo: hola@vimet.test\r\nSubject: Comanda\r\nMessage-ID: <1@x.test>\r\n\r\nHola\r\n"
    arrival = Arrival(Place("box", "INBOX", 1, 1), clock.now(), raw, len(raw), role="inbox")
    Intake(desk, "box", read_mail).take(Batch("cursor", (arrival,)))
    desk.close()
    return found


def looked_at(home, ask):
    desk = open_desk(home, config.load(home), "Joan")
    try:
        return ask(desk)
    finally:
        desk.close()


def draft(home):
    def ask(desk):
        with Window(desk) as window:
            feed = Feed(desk)
            try:
                return feed.draft(window.ticket_id(1), "reply")
            finally:
                feed.close()

    return looked_at(home, ask)


def test_without_a_terminal_it_is_refused(run):
    status, out, err = run()
    assert (status, out) == (2, "")
    assert "needs a terminal" in err


@pytest.mark.parametrize("term", ["dumb", ""])
def test_a_terminal_that_can_do_nothing_is_refused(home, term):
    with terminal(home, term=term) as at:
        assert at.ended(15) == 2
        assert b"needs a terminal" in at.seen
        assert INTO not in at.seen


def test_with_its_errors_in_a_file_it_is_drawn_on_the_terminal_all_the_same(home, tmp_path):
    errors = tmp_path / "errors"
    with terminal(home, errors=errors) as at:
        at.until(b"Comanda")
        at.process.send_signal(signal.SIGTERM)
        at.ended(2.0)
        assert OUT_OF in at.seen
    assert errors.read_bytes() == b""


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_told_to_end_it_keeps_the_draft_and_gives_the_terminal_back(home, name):
    with terminal(home) as at:
        at.until(b"Comanda")
        at.type("rAdeu siau")
        at.until(b"siau", 5)
        at.process.send_signal(getattr(signal, name))
        at.ended(2.0)
        assert OUT_OF in at.seen
    assert draft(home) == "Adeu siau"


@pytest.mark.parametrize("end", ["q", "SIGTERM"])
def test_whoever_was_halted_goes_on_with_one_reader_and_ends(home, end):
    """Each signal to go on began another thread that reads the terminal, and the process never ended."""
    with terminal(home) as at:
        at.until(b"Comanda")
        for _ in range(3):
            drawn = at.seen.count(b"Comanda")
            at.process.send_signal(signal.SIGSTOP)
            at.process.send_signal(signal.SIGCONT)
            at.until(b"Comanda", times=drawn + 1)
        at.type("rAdeu")
        at.until(b"Adeu")
        at.type("\x1b")
        at.until(b"1 draft")
        if end == "q":
            at.type("q")
        else:
            at.process.send_signal(signal.SIGTERM)
        at.ended(4.0)
        assert OUT_OF in at.seen


def test_a_terminal_that_is_closed_ends_it_with_the_draft_kept(home):
    with terminal(home) as at:
        at.until(b"Comanda")
        at.type("rAdeusiau")
        at.until(b"siau", 5)
        os.close(at.master)
        ends = time.monotonic() + 3.0
        while at.process.poll() is None and time.monotonic() < ends:
            select.select([], [], [], 0.02)
        assert at.process.poll() is not None, "it still runs"
    assert draft(home) == "Adeusiau"


@pytest.mark.parametrize(
    ("locale", "encoding"),
    [("es_ES.ISO-8859-1", "iso-8859-1"), ("C.UTF-8", "utf-8"), ("C", "utf-8"), ("", "utf-8")],
)
def test_letters_are_read_and_drawn_as_the_locale_writes_them(home, locale, encoding):
    text = "Peça i cançó: què n'és?"
    with terminal(home, locale=locale) as at:
        at.until(b"Comanda")
        at.type("r")
        at.until(b"Answer", 5)
        os.write(at.master, text.encode(encoding))
        at.until("n'és?".encode(encoding), 5)
        at.type("\x1b")
        at.until(b"1 draft")
        at.type("q")
        assert at.ended(4.0) == 0
    assert draft(home) == text


def test_a_paste_to_which_the_terminal_puts_no_marks_stays_in_the_answer(home):
    text = "Comanda\t12 peces\rResoldre: e, e\tenviar\nAdéu"
    with terminal(home) as at:
        at.until(b"Comanda")
        at.type("r")
        at.until(b"Answer", 5)
        at.type(text)
        at.until("Adéu".encode(), 5)
        at.type("\x1b")
        at.until(b"1 draft")
        at.type("q")
        assert at.ended(4.0) == 0
    assert draft(home) == text.replace("\r", "\n")


def test_what_is_held_and_cannot_go_is_still_there_and_leaving_is_quick(home):
    with terminal(home) as at:
        at.until(b"Comanda")
        at.type("rHola\n")
        at.until(b"undo answer", 5)
        began = time.monotonic()
        at.type("q")
        assert at.ended(4.0) == 0
        assert time.monotonic() - began < 2.5
        assert OUT_OF in at.seen

    def states(desk):
        with Window(desk) as window:
            return [row.state for row in window.outbox()]

    assert looked_at(home, states) == ["queued"]


def opened(at, empty):
    """Painted; on an empty desk what it asks first is left."""
    if empty:
        at.until(b"Esc")
        at.type("\x1b")
        at.until(b"whenever you like")
    else:
        at.until(b"Comanda")


@pytest.mark.parametrize("empty", [True, False], ids=["empty", "one ticket"])
@pytest.mark.parametrize("keys", ["/tmp\r", "/", ":", "?"])
def test_what_is_typed_for_the_shell_after_quitting_does_nothing_and_it_ends(home, tmp_path, keys, empty):
    """A dialog opened while it ended, and it waited for its answer for ever."""
    with terminal(Home.under(tmp_path / "new") if empty else home) as at:
        opened(at, empty)
        at.type(f"q{keys}")
        assert at.ended(8.0) == 0
        assert OUT_OF in at.seen
        assert b"Warning" not in at.seen.rpartition(OUT_OF)[2]


NEVER_GONE = OWNED.replace(
    "from agentdesk.cli",
    "import asyncio; from agentdesk.screens.home import Home; "
    "Home.on_unmount = lambda self: asyncio.Event().wait(); from agentdesk.cli",
)
"""The program with a screen that never ends."""


def test_told_to_end_it_ends_even_where_something_of_it_never_does(home):
    with terminal(home, program=NEVER_GONE) as at:
        at.until(b"Comanda")
        at.type("rAdeu siau")
        at.until(b"siau", 5)
        at.process.send_signal(signal.SIGTERM)
        assert at.ended(10.0) == 0
        assert OUT_OF in at.seen
    assert draft(home) == "Adeu siau"
