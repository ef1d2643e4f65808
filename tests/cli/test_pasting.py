"""Something pasted into the console's own terminal, cut wherever a terminal may cut it."""

import os
import signal
import time
from contextlib import contextmanager
from fcntl import ioctl
from struct import pack, unpack
from termios import FIONREAD

from agentdesk.engine.window import Window
from cli.test_console import draft, home, looked_at, terminal  # noqa: F401 - a fixture

BEGIN, END = b"\x1b[200~", b"\x1b[201~"
TEXT = "Hola,\n\x1b[1mgràcies\x1b[0m per escriure.\nAdéu"
NUMBER = 0x80045430
"""TIOCGPTN: which terminal it is (Linux)."""
SHOWN = TEXT.replace("\x1b", "")


@contextmanager
def reads(master):
    """Whether everything that was typed has been taken by the program."""
    number = unpack("I", ioctl(master, NUMBER, pack("I", 0)))[0]
    slave = os.open(f"/dev/pts/{number}", os.O_RDONLY | os.O_NOCTTY)
    try:
        yield lambda: unpack("I", ioctl(slave, FIONREAD, pack("I", 0)))[0] == 0
    finally:
        os.close(slave)


def written(at, taken, *pieces):
    """Each piece is a read of its own."""
    for piece in pieces:
        os.write(at.master, piece)
        ends = time.monotonic() + 10
        while not taken():
            assert time.monotonic() < ends
            at.read(0.0)


def test_what_is_pasted_into_an_answer_is_its_text_wherever_it_is_cut(home):  # noqa: F811
    whole = BEGIN + TEXT.encode() + END
    certain = len(b"\x1b[2")  # before that it is Escape, on a machine that stood still
    with terminal(home) as at, reads(at.master) as taken:
        at.until(b"Comanda")
        at.type("rBonDia")
        at.until(b"BonDia")
        for cut in range(certain, len(whole)):
            written(at, taken, whole[:cut], whole[cut:])
        written(at, taken, *(whole[n : n + 1] for n in range(len(whole))))
        at.type("ElFinal")
        at.until(b"ElFinal")
        at.process.send_signal(signal.SIGTERM)
        at.ended(4.0)
    assert draft(home) == f"BonDia{SHOWN * (len(whole) - certain + 1)}ElFinal"
    assert not looked_at(home, outbox)


def outbox(desk):
    with Window(desk) as window:
        return window.outbox()


def test_what_is_pasted_over_the_queue_does_nothing(home):  # noqa: F811
    with terminal(home) as at, reads(at.master) as taken:
        at.until(b"Comanda")
        written(at, taken, BEGIN + b"Hola\x1b[1m\nA\x1b[0mrx\n\x1b" + END)
        at.type("rAdeu")
        at.until(b"Adeu")
        at.process.send_signal(signal.SIGTERM)
        at.ended(4.0)
    assert draft(home) == "Adeu"

    def assignee(desk):
        with Window(desk) as window:
            return window.ticket(1).row.assignee

    assert not looked_at(home, outbox)
    assert not looked_at(home, assignee)
