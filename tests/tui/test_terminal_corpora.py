"""What people and programs have really put into subjects and names, and the list of naughty strings: seen, never obeyed."""

import json
import re
import sys
from pathlib import Path

import pytest

from agentdesk import config
from agentdesk.channels.mime import read_mail
from agentdesk.config import Home
from agentdesk.engine.start import open_desk
from hostile import found_in
from hostile_shop import home_in, take
from servers.terminal import Terminal
from tui.test_terminal_safety import Allowed, Walk

CORPORA = Path(__file__).parents[3] / "shared" / "corpora"
NAUGHTY = CORPORA / "term-blns" / "blns.json"
PAGE_DOWN = "\x1b[6~"

pytestmark = [
    pytest.mark.corpora,
    pytest.mark.skipif(not CORPORA.is_dir(), reason=f"no public mails at {CORPORA}"),
]


def heads() -> list[bytes]:
    """The headers of every public mail, with a word below."""
    found = []
    for path in sorted(CORPORA.rglob("*")):
        if path.is_file() and path.suffix in {".eml", ".txt", ".msg", ".email", ".raw"}:
            head = re.split(rb"\r?\n\r?\n", path.read_bytes(), maxsplit=1)[0]
            if re.search(rb"^subject:", head, re.IGNORECASE | re.MULTILINE):
                found.append(head + b"\n\nword\n")
    return found


def naughty() -> list[bytes]:
    """Every naughty string as subject, as name and as body, as raw as a mail can hold it."""
    return [
        f"From: {line} <n{number}@x.test>\nSubject: {line}\nMessage-ID: <n{number}@x.test>\n\n{text}\n".encode(
            "utf-8", "surrogatepass"
        )
        for number, text in enumerate(json.loads(NAUGHTY.read_text("utf-8")))
        for line in [re.sub(r"[\r\n]", " ", text)]
    ]


@pytest.fixture(scope="module")
def stocked(tmp_path_factory) -> tuple[Home, int]:
    """A desk with all of them, and how many tickets it has."""
    home = home_in(tmp_path_factory.mktemp("corpora") / "home")
    desk = open_desk(home, config.load(home), "Joan")
    try:
        mails = [*heads(), *naughty()]
        assert len(mails) > 900
        take(desk, mails, read_mail)
        with desk.reader() as connection:
            (count,) = connection.execute("SELECT count(*) FROM ticket WHERE root IS NULL").fetchone()
    finally:
        desk.close()
    return home, count


def test_the_queue_of_them_is_text(stocked):
    home, count = stocked
    program = [sys.executable, "-m", "agentdesk", "queue", "--view", "all"]
    at = Terminal(program, {"AGENTDESK_HOME": str(home.config), "LC_ALL": "C.UTF-8"})
    assert at.ended(0) == 0
    assert len(at.drawn.splitlines()) >= count
    assert not found_in(at.drawn, re.compile("(?!)"))


def test_the_console_pages_through_all_of_them(stocked):
    home, count = stocked
    at = Walk(home)
    try:
        at.until("unanswered")
        at.go("everything", "9", "all")
        for page in range(count // 57):
            last = re.findall(r"#\d+ ", at.screen.text)[-1]
            at.go(f"page {page}", PAGE_DOWN, without=last)
        at.go("leave", "q")
        assert at.terminal.ended(0) == 0
    except BaseException:
        at.terminal.close()
        raise
    found = found_in(at.terminal.drawn, Allowed)
    assert not found, found[:20]
