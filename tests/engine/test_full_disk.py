"""A disk that is full while somebody works: said where they look, what was typed stays, and all goes on when there is room."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from servers import disk, lacking, until
from servers.inbox import letter, now
from servers.misbehaving import Imap
from servers.program import Program
from servers.smtp import Smtp
from servers.terminal import Terminal, plain

LONG = 60.0
TEXT = "Estimada Ana"


@dataclass
class Shop:
    """A desk whose disk is full while `full` exists, with a mail of Ana's."""

    program: Program
    imap: Imap
    smtp: Smtp
    full: Path

    def arrives(self, name: str, subject: str) -> None:
        self.imap.add(letter(name, subject=subject), date=f"{now():%d-%b-%Y %H:%M:%S +0000}")

    def listens(self) -> bool:
        """Whether somebody waits for new mail."""
        return any(session.idling for session in self.imap.sessions)

    def subjects(self) -> list[str]:
        return sorted(row["subject"] for row in self.program.says("queue"))

    def answers(self) -> list[str]:
        """What was answered in ticket 1."""
        said = self.program.says("show", 1)["messages"]
        return [each["text"].partition("\n")[0].strip() for each in said if each["direction"] == "out"]


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    if absent := disk.missing():
        lacking(absent)
    imap, smtp, full = Imap(), Smtp(), tmp_path / "full"
    program = Program(tmp_path / "home")
    made = Shop(program, imap, smtp, full)
    made.arrives("first", "Mi pedido")
    where = "shop@127.0.0.1"
    program.add_account(
        f"imap+insecure://{where}:{imap.port}", f"smtp+insecure://{where}:{smtp.port}", "soporte@shop.test"
    )
    program.says("sync", "--once")
    program.environment |= {
        "LD_PRELOAD": str(disk.library()), "DISK_BELOW": str(program.home), "DISK_FULL_WHILE": str(full),
    }  # fmt: skip
    yield made
    imap.stop()
    smtp.stop()


def test_a_daemon_says_that_the_disk_is_full_and_goes_on_when_there_is_room(shop):
    with shop.program.daemon() as daemon:
        until(shop.listens, LONG)
        shop.full.touch()
        shop.arrives("second", "Otro")
        errors = until(lambda: [each for done in daemon.passes for each in done["errors"]], LONG)
        assert {each["code"] for each in errors} == {"disk"}
        assert all("space" in each["remedy"] for each in errors)
        for words in (("reply", 1, "--text", TEXT), ("note", 1, "--text", TEXT)):
            done = shop.program.run("--json", *words)
            assert (done.status, done.error["code"]) == (1, "disk"), done
        assert shop.subjects() == ["Mi pedido"], "reading goes on"
        ill = shop.program.run("--json", "doctor")
        (check,) = [each for each in ill.said["checks"] if each["name"] == "disk"]
        assert (ill.status, check["ok"], "No space left" in check["detail"]) == (1, False, True)
        assert "space" in check["remedy"]

        shop.full.unlink()
        until(lambda: shop.subjects() == ["Mi pedido", "Otro"], LONG)
        assert shop.answers() == []
        shop.program.says("reply", 1, "--text", TEXT)
        until(lambda: shop.smtp.taken, LONG)
    assert daemon.status == 0
    assert shop.answers() == [TEXT]
    assert len(shop.smtp.taken) == 1


@contextmanager
def writing(shop: Shop) -> Iterator[Terminal]:
    """The console, and an answer that was begun on a disk that got full."""
    terminal = Terminal(shop.program.command(), shop.program.environment)
    terminal.until("Mi pedido")
    terminal.press("\r")
    terminal.type("r")
    terminal.until("esc back")  # an escape that is read together with the key after it is another key
    shop.full.touch()
    terminal.type(TEXT)
    terminal.until(TEXT)
    terminal.until("The disk is full")
    try:
        yield terminal
    finally:
        terminal.close()


def meanwhile(terminal: Terminal, told: Callable[[], bool]) -> None:
    """Waits, and takes what is drawn all the time, as a terminal does: a console that cannot draw stands still."""
    over = threading.Event()

    def watch() -> None:
        while not over.is_set():
            terminal.read(0.1)

    with ThreadPoolExecutor(1) as watcher:
        watching = watcher.submit(watch)
        try:
            until(told, LONG)
        except AssertionError as error:
            raise AssertionError(f"{error}; drawn last:\n{plain(terminal.fresh)[-3000:]}") from error
        finally:
            over.set()
            watching.result()


def drafts(shop: Shop) -> int:
    return int(shop.program.says("show", 1)["drafts"])


def test_what_is_typed_on_a_full_disk_stays_and_is_saved_when_there_is_room(shop):
    with writing(shop) as terminal:
        terminal.type("\x1b")
        terminal.until("n next")  # the keys of the queue again
        terminal.type("r")
        terminal.until(TEXT)
        assert drafts(shop) == 0
        terminal.until("^p more")  # the former word is gone, and makes room for the keys
        terminal.type("\n")
        terminal.until("The disk is full")
        terminal.type("Z")  # is taken when the sending has come to its end
        terminal.until("Z")
        assert shop.answers() == []
        shop.full.unlink()
        meanwhile(terminal, lambda: drafts(shop) == 1)
        terminal.type("\n")
        meanwhile(terminal, lambda: shop.answers() == [f"{TEXT}Z"] and drafts(shop) == 0)


def test_the_console_says_above_and_below_that_mail_cannot_be_kept_for_want_of_room(shop):
    terminal = Terminal(shop.program.command(), shop.program.environment)
    meanwhile(terminal, shop.listens)
    shop.full.touch()
    shop.arrives("second", "Otro")
    terminal.until("The disk is full. Free some space")
    terminal.until("soporte: The disk")
    shop.full.unlink()
    terminal.until("Otro")
    terminal.until("synced")
    terminal.close()


def test_whoever_leaves_a_full_disk_is_told_first_that_a_draft_cannot_be_saved(shop):
    with writing(shop) as terminal:
        terminal.type("\x11")
        terminal.until("what you typed cannot be saved")
        terminal.type("\x11")
        while terminal.read(10):
            continue
        shop.full.unlink()
        assert (drafts(shop), shop.answers()) == (0, [])
