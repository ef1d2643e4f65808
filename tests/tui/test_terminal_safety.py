"""No byte of a customer's text is obeyed by the terminal: the real console in a real one, looked at byte by byte.

Every payload stands in every field (`hostile_shop`), and the console goes through every pane and dialog. The desk is filled
twice: by mails that come in over the border, and as an older store may hold them, where the last doors alone hold.
"""

import fcntl
import re
import struct
import sys
import termios
from bisect import bisect

import pytest

from agentdesk import config
from agentdesk.channels.mime import read_mail
from agentdesk.engine.start import open_desk
from hostile import PAYLOADS, found_in
from hostile_shop import fill, home_in, letters, seen_in, take
from servers import until
from servers.screen import Screen
from servers.seat import ANSWER, ASKED
from servers.terminal import Terminal

COLUMNS, ROWS = 200, 60
COLOUR = r"(?:[0-4]|7|9|[34]8;2;\d{1,3};\d{1,3};\d{1,3})"
MODES = r"(?:7|25|1000|1003|1004|1006|1015|1016|1049|2004|2026|2048)"
PLACE = re.compile(r"\x1b\[(\d+);(\d+)H")
OURS = re.compile(
    rf"\x1b\[{COLOUR}(?:;{COLOUR})*m|\x1b\[\?{MODES}[hl]|\x1b\[\?(?:2026|2048)\$p|\x1b\[[<>]\d*u"
    r"|\x1b\]22;default\x07"
)
# Terminals take escape characters out of what is pasted, and a line of input ends with the line.
PASTED = re.sub("[\x1b\x85\u2028\u2029]", " ", " ".join(each.raw for each in PAYLOADS))
PASTE = f"\x1b[200~pasted {PASTED} pasted\x1b[201~"
FRAME = "╭────"
ESC, ENTER, DOWN, HOME, F2 = "\x1b[27u", "\r", "\x1b[B", "\x1b[H", "\x1bOQ"
NOTICE = re.compile("\x1b\\](?!22)[^\x07]*\x07")


class Allowed:
    """What the toolkit writes at this size, and nothing that only looks like it."""

    @staticmethod
    def fullmatch(sequence: str) -> bool:
        if place := PLACE.fullmatch(sequence):
            return 1 <= int(place[1]) <= ROWS and 1 <= int(place[2]) <= COLUMNS
        return OURS.fullmatch(sequence) is not None


class Walk:
    """Somebody at the console who looks everywhere; `steps` are where in what was drawn each step began."""

    def __init__(self, home, *program: str) -> None:
        self.terminal = Terminal(
            [sys.executable, *(program or ("-m", "agentdesk"))],
            {"AGENTDESK_HOME": str(home.config), "LC_ALL": "C.UTF-8", "COLORTERM": "truecolor", "TMUX": ""},
            columns=COLUMNS, rows=ROWS,
        )  # fmt: skip
        self.starts, self.steps = [0], ["start"]
        until(lambda: (self.terminal.read(0.05), ASKED in self.terminal.fresh)[1], 15.0)
        self.terminal.type(ANSWER)
        self.screen = Screen(COLUMNS, ROWS)
        self.read, self.seen = len(self.terminal.drawn), 0

    def go(self, step: str, keys: str, *words: str, without: str = "") -> None:
        """Types, and waits until all of the words stand on the screen, and `without` does not."""
        self._look()
        self.terminal.type(keys)
        self.read, self.seen = self.read + self.seen, 0
        self._begins(step)
        self.until(*words, without=without)

    def _begins(self, step: str) -> None:
        self.starts.append(self.read + self.seen)
        self.steps.append(step)

    def _look(self) -> None:
        self.screen.write(self.terminal.fresh[self.seen :])
        self.seen = len(self.terminal.fresh)

    def until(self, *words: str, without: str = "") -> None:
        def stands() -> bool:
            self.terminal.read(0.05)
            self._look()
            text = self.screen.text
            return (
                self.screen.is_whole
                and all(word in text for word in words)
                and not (without and without in text)
            )

        try:
            until(stands, 15.0)
        except AssertionError:
            raise AssertionError(
                f"{self.steps[-1]}: no {words}, or {without!r}:\n{self.screen.text}"
            ) from None

    def resize(self, rows: int, columns: int, word: str) -> None:
        self._begins(f"{columns}x{rows}")
        self.screen = Screen(columns, rows)
        fcntl.ioctl(self.terminal.line, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.until(word)

    def faults(self) -> list[str]:
        """Step, field and payload of everything that a terminal would have obeyed."""
        drawn = self.terminal.drawn
        said = []
        for at, what in found_in(drawn, Allowed):
            near = re.findall(r"[a-z]{3}\d\d(?=\()", drawn[max(0, at - 400) : at])
            field = near[-1] if near else "no field"
            payload = PAYLOADS[int(field[3:])].name if near and int(field[3:]) < len(PAYLOADS) else "?"
            said.append(f"{self.steps[bisect(self.starts, at) - 1]}: {field} ({payload}): {what}")
        return said


def walk(home, *, typing: bool) -> Walk:
    """Every payload in sight in every pane; `typing`: also typed, in every dialog."""
    at = Walk(home)
    try:
        at.until("bod00(")
        for number in range(1, len(PAYLOADS)):
            at.go(f"ticket {number}", "j", f"bod{number:02}(")
        at.go("top", HOME, "bod00(")
        at.go("search", "/bod", "Search", "bod00(", "bod28(")
        at.go("back", ESC, without="Search")
        if typing:
            quick_replies(at)
            dialogs(at)
        reading(at)
        if typing:
            writing(at)
        others(at)
        at.resize(24, 80, "sub00(")
        at.go("narrow", ENTER, "bod00(")
        at.go("customer", "c", "Earlier tickets")
        at.go("leave", "q")
        assert at.terminal.ended(0) == 0
    except BaseException:
        at.terminal.close()
        raise
    return at


def quick_replies(at: Walk) -> None:
    at.go("quick replies", ";qui", "qui00(")
    for number in range(1, len(PAYLOADS)):
        at.go(f"quick reply {number}", DOWN, f"qui{number:02}(")
    at.go("back", ESC, without="Quick reply")


def dialogs(at: Walk) -> None:
    for name, keys, title in (
        ("search", "/", "Search"), ("assign", "a", "Who takes"), ("help", "?", "Keys: Enter"),
        ("palette", "\x10", "What do you want"), ("outbox", "go", "outbox is empty"), ("about", "ti", "What should be known about"),
    ):  # fmt: skip
        at.go(name, keys, title)
        at.go(f"{name}, typed", PASTE, "pasted")
        at.go("back", ESC, without=title)
    for name, keys, title, wrong in (
        ("tag", "tt", "Tags of", "is tagged"), ("merge", "m", "into which", "no ticket"),
        ("snooze", "zz", "Until when", "is no time"), ("filter", "\\", "Show only", "!"),
        ("command", ":", "Command", "no action"), ("call", "gc", "A phone call", "!"),
        ("another customer", "to", "goes to another customer", "goes to another customer"),
    ):  # fmt: skip
        at.go(name, keys, title)
        at.go(f"{name}, typed", PASTE, "pasted")
        at.go(f"{name}, entered", ENTER, wrong)
        if name not in {"tag", "command"}:
            at.go("back", ESC, without=title)


def reading(at: Walk) -> None:
    at.go("open", HOME + ENTER, "bod00(")
    for name, keys, title in (
        ("raw", "kkov", FRAME), ("save", "s", "Into which folder"), ("open file", "O", "[Enter] yes")
    ):  # fmt: skip
        at.go(name, keys, title)
        at.go("back", ESC, without=title)


def writing(at: Walk) -> None:
    at.go("reply", "r", "Answer to")
    at.go("reply, typed", PASTE, "pasted")
    at.go("attach", "\x14", "Which file")
    at.go("attach, typed", PASTE, "pasted")
    at.go("attach, entered", ENTER, "File name too long")
    at.go("back", ESC, without="Which file")
    at.go("people", F2, "Who gets this mail?")
    at.go("people, typed", PASTE, "pasted")
    at.go("people, entered", ENTER + ENTER, "! ")
    at.go("back", ESC, without="Who gets this mail?")
    at.go("closed", ESC, without="Answer to")
    at.go("note", "R", "Internal note")
    at.go("note, typed", PASTE, "pasted")
    at.go("closed", ESC, without="Internal note")


def others(at: Walk) -> None:
    at.go("who", "gw", "Who is at the keyboard?")
    at.go("handover", ENTER, "Hello, ")
    at.go("back", ESC, without="Hello, ")
    for view in ("all", "inbox"):
        at.go(view, {"all": "9", "inbox": "1"}[view], f"{view} ", "sub00(")


@pytest.fixture(scope="module", params=["read as mail", "of an older store"])
def walked(request, tmp_path_factory):
    home = home_in(tmp_path_factory.mktemp("hostile"))
    careful = request.param == "read as mail"
    fill(home, carefully=careful)
    return walk(home, typing=careful)


def test_a_terminal_gets_only_what_the_toolkit_writes(walked):
    faults = walked.faults()
    assert not faults, "\n".join(faults[:40])


def test_what_a_stranger_wrote_is_seen_with_a_mark_and_else_unchanged(walked):
    shown = walked.terminal.shown()
    fields = ["sub", "nam", "bod", "htm", "fil", "tag", "not", *["qui"] * ("quick replies" in walked.steps)]
    missing = [
        f"{field} ({each.name})"
        for number, each in enumerate(PAYLOADS)
        for field in fields
        if seen_in(field, number, each) not in shown and not excused(field, each.raw)
    ]
    assert not missing


def excused(field: str, raw: str) -> bool:
    """A file's name has no folders, and HTML knows no controls."""
    return (field == "fil" and re.search(r"[/\\]", raw) is not None) or (
        field == "htm" and re.search("[\x00\u2063\u2066\u3164]", raw) is not None
    )


def test_a_notice_says_channel_and_number_and_no_word_of_a_customer(tmp_path):
    home = home_in(tmp_path / "home", bell='"new"')
    at = Walk(home)
    try:
        at.until("inbox 0")
        desk = open_desk(home, config.load(home), "Joan")
        try:
            take(desk, [next(iter(letters(0, PAYLOADS[0])))], read_mail)
        finally:
            desk.close()
        at.until("sub00(")
        until(lambda: (at.terminal.read(0.05), NOTICE.findall(at.terminal.drawn))[1], 15.0)
        at.go("leave", "q")
        assert at.terminal.ended(0) == 0
    except BaseException:
        at.terminal.close()
        raise
    drawn = at.terminal.drawn
    (told,) = NOTICE.findall(drawn)
    assert re.fullmatch("\x1b\\]9;agentdesk: mail: new #1, (?:1 h|\\d+ m) left\x07", told)
    assert re.sub("\x1b\\][^\x07]*\x07", "", drawn).count("\x07") == 1


BROKEN = """
import sys
from agentdesk import app
class Broken(app.Console):
    __module__ = "agentdesk.app"  # its styles lie there
    async def on_event(self, event):
        if getattr(event, "key", "") == "x":
            raise ValueError(self.home.row.subject)
        await super().on_event(event)
app.Console = Broken
from agentdesk.cli import main
sys.exit(main([]))
"""


def test_a_console_that_fails_says_so_in_words_and_shows_no_word_of_a_customer(tmp_path):
    home = home_in(tmp_path / "home")
    fill(home, carefully=False)
    at = Walk(home, "-c", BROKEN)
    at.until("bod00(")
    at.go("failure", "x")
    assert at.terminal.ended(0) == 1
    _, _, after = at.terminal.drawn.rpartition("\x1b[?1049l")
    assert "agentdesk made a mistake" in after
    assert "Traceback" not in after
    assert "sub00" not in after
    assert not at.faults()
