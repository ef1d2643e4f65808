"""A mistake of ours ends the console: the terminal is sane again, what was typed is kept, and a report tells nothing of anybody."""

import stat
import termios
from datetime import UTC, datetime

from agentdesk.config import Home
from agentdesk.engine import crash
from cli.test_console import INTO, OUT_OF, OWNED, draft, home, terminal
from servers import until

__all__ = ["home"]
SAID = "Maria Puig, carrer Major 3"
FAULTS = f"""
import asyncio, threading
from agentdesk.screens import routes

def fault(home):
    raise ValueError(home.row.subject + {SAID!r} + home.panes.composer.text)

async def beside(home):
    await asyncio.to_thread(fault, home)

def thread(home):
    threading.Thread(target=fault, args=(home,), name="background").start()

routes.ROUTES["compose.attach"] = beside
routes.ROUTES["sync.now"] = thread
"""
FAULTY = FAULTS + OWNED
HELD = (b"\x1b[?25h", b"\x1b[?1000l", b"\x1b[?1003l", b"\x1b[?2004l", b"\x1b[?1004l")
"""What a sane terminal has been told last: cursor, mouse, paste, focus."""


def reports(home):
    return sorted(home.log.glob("crash-*.txt"))


def test_what_fails_unforeseen_leaves_terminal_drafts_and_reports_without_anybody_s_words(home):
    with terminal(home, program=FAULTY) as at:
        before = termios.tcgetattr(at.master)
        at.until(b"Comanda")
        at.type("gs")
        at.until(b"because of an error of ours", 10)  # a thread beside died, and the console lives on
        at.type("rAdeu siau\x14")
        assert at.ended(15) == 1
        left = at.seen.rindex(OUT_OF)
        assert INTO not in at.seen[left:]
        for mode in HELD:
            on = mode.replace(b"l", b"h") if mode.endswith(b"l") else b"\x1b[?25l"
            assert at.seen.rfind(mode) > at.seen.rfind(on), mode
        assert termios.tcgetattr(at.master) == before
        said = at.seen[left:].decode()
        assert SAID.encode() not in at.seen
        assert "agentdesk made a mistake and had to end" in said
    assert draft(home) == "Adeu siau"
    beside, ended = reports(home)
    assert ended.name in said.replace("\r\n", "")
    for path, thread in ((beside, "background"), (ended, "main")):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        text = path.read_text()
        for word in ("Maria", "Comanda", "Adeu", "x.test", "vimet", str(home.log.parent)):
            assert word.lower() not in text.lower()
        for word in ("ValueError", " fault", "120x40", "sync.now", f"thread    {thread}"):
            assert word in text
    assert "screens/doing.py:" in text
    assert "ticket.reply, compose.attach" in text


def test_what_stood_there_a_moment_ago_outlives_a_kill_and_without_the_mouse_none_is_asked_of_the_terminal(
    home,
):
    home.config_file.write_text(home.config_file.read_text() + "[ui]\nmouse = false\n")
    with terminal(home) as at:
        at.until(b"Comanda")
        at.type("rAdeu siau")
        at.until(b"siau", 5)
        until(lambda: at.read(0.02) and draft(home) == "Adeu siau")
        at.process.kill()
        assert not any(mode in at.seen for mode in (b"?1000", b"?1003", b"?1006"))
    assert draft(home) == "Adeu siau"


def test_reports_tell_kinds_and_places_of_a_whole_chain_and_the_newest_ten_stay(tmp_path):
    place = Home.under(tmp_path / "Maria Puig")

    class MariaError(ExceptionGroup):
        pass

    try:
        try:
            {}["maria@x.test"]
        except KeyError as inner:
            raise MariaError("Maria", [OSError(5, "Maria", "/home/maria")]) from inner
    except MariaError as error:
        around = crash.Around((80, 24), ("queue.down", "quick.maria", "view.Maria"), "Maria's <thread>")
        for minute in range(crash.KEPT + 2):
            path = crash.report(place, error, datetime(2026, 3, 2, 9, minute, tzinfo=UTC), around)
    text = path.read_text()
    assert all(
        word in text
        for word in ("builtins.KeyError", "builtins.OSError", "test_crash.py:", "quick.*, view.*")
    )
    assert "maria@" not in text
    assert "Maria Puig" not in text
    kept = sorted(place.log.iterdir())
    assert (len(kept), kept[-1]) == (crash.KEPT, path)
    nowhere = Home.under(path)  # a file where a folder should be
    assert crash.report(nowhere, ValueError(), datetime(2026, 3, 2, tzinfo=UTC), around) is None
