"""What is told outside of the terminal, once, whoever tells it; and what a sleep or a long absence brings: one notice, one line."""

import json
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from agentdesk.channels import Arrival, Batch
from agentdesk.config import Home, Notify
from agentdesk.core.model import Place
from agentdesk.core.notice import Happening
from agentdesk.engine import notify, telling
from agentdesk.engine.lookout import Lookout
from agentdesk.engine.telling import Teller
from desks import MONDAY, SHOP, Bench
from engine.onlooker import EVERYTHING, Console


def test_a_command_is_told_by_json_and_variables_and_by_no_shell(tmp_path):
    out = tmp_path / "told"
    code = f"import json,os,sys; open({str(out)!r},'w').write(json.dumps([json.load(sys.stdin), os.environ['AGENTDESK_TICKET'], sys.argv[1]]))"
    document = {"text": "$(id); `id`", "ticket": 7, "left_seconds": None}
    assert notify.run((sys.executable, "-c", code, "$HOME"), document) == ""
    assert json.loads(out.read_text("utf-8")) == [document, "7", "$HOME"]


def test_a_command_that_is_not_there_fails_or_hangs_is_said_and_ended():
    assert "cannot be run" in notify.run(("/no/such/program",), {})
    assert "status 3" in notify.run((sys.executable, "-c", "raise SystemExit(3)"), {})
    assert "longer than" in notify.run(("sleep", "600"), {"text": "x"}, seconds=0.05)


def test_the_desktop_gets_the_text_as_one_word():
    assert notify.desktop("a; b")[-1] == "a; b"


def news(n: int, at: datetime = MONDAY) -> Happening:
    return Happening("new", f"t{n}", n, "email", f"m{n}", at)


def heard(teller: Teller, now: datetime, *happened: Happening) -> list[int]:
    """The numbers of a kind that are told now."""
    if not teller.hears(EVERYTHING, happened, now):
        return []
    notice = teller.tells(EVERYTHING, now)
    return [n for _, n in notice.counts] if notice else []


def test_console_and_daemon_tell_a_message_once_between_them_and_share_one_budget(tmp_path):
    home, later = Home.under(tmp_path), MONDAY + timedelta(seconds=1)
    console, daemon = Teller(home, MONDAY), Teller(home, MONDAY)
    for each in (console, daemon):
        assert heard(each, MONDAY, news(1), news(2)) == []
    assert heard(console, later) == [2]
    assert heard(daemon, later, news(3)) == []
    assert heard(daemon, later + timedelta(seconds=10)) == [1]
    for n in range(4, 40):
        later += timedelta(seconds=11)
        heard(daemon if n % 2 else console, later, news(n, later))
        heard(daemon if n % 2 else console, later + timedelta(seconds=1))
    lines = (home.state / "notices").read_text("ascii").splitlines()
    assert sum(" " not in line for line in lines) == 12


def test_a_message_that_was_told_is_not_told_by_whoever_starts_next_and_nonsense_is_nothing(tmp_path):
    home, later = Home.under(tmp_path), MONDAY + timedelta(seconds=1)
    home.state.mkdir(parents=True)
    (home.state / "notices").write_bytes(b"yesterday and \xff")
    first = Teller(home, MONDAY)
    heard(first, MONDAY, news(1))
    assert heard(first, later) == [1]
    again = Teller(home, later)
    heard(again, later, news(1))
    assert heard(again, later + timedelta(seconds=20)) == []
    assert not again.waits


def test_a_clock_that_is_set_back_tells_nothing_twice_and_leaves_its_budget(tmp_path):
    teller, later = Teller(Home.under(tmp_path), MONDAY), MONDAY + timedelta(hours=3)
    for n in range(12):
        heard(teller, later + timedelta(seconds=11 * n), news(n, later))
        assert heard(teller, later + timedelta(seconds=11 * n + 1)) == [1]
    assert heard(teller, MONDAY, news(3, later)) == []
    heard(teller, MONDAY, news(50))
    assert heard(teller, MONDAY + timedelta(seconds=1)) == [1]


@pytest.fixture
def bench(tmp_path):
    with closing(Bench(tmp_path)) as made:
        yield made


def letters(bench: Bench, wanted: list[tuple[int, datetime]]) -> None:
    """One pass that brings a mail of each of these people."""
    arrivals = []
    for n, at in wanted:
        raw = f"From: eva{n}@x.test\r\nTo: {SHOP}\r\nMessage-ID: <{n}@x.test>\r\n\r\nHola\r\n".encode()
        arrivals.append(Arrival(Place("mailbox", "INBOX", 1, 1000 + n), at, raw, len(raw)))
    bench.intake.take(Batch(f"cursor {wanted[-1][0]}", tuple(arrivals)))


def test_a_lid_that_was_closed_over_midday_is_one_line_and_one_notice(bench, tmp_path):
    bench.clock.at = datetime(2026, 11, 23, 13, 0, tzinfo=UTC)  # two in Madrid
    with closing(Console(bench, Home.under(tmp_path))) as console:
        for n in range(3):
            bench.mail("Abans", sender=f"Abans <abans{n}@x.test>")
        console.looks(2)
        console.notices.clear()
        began = bench.clock.at
        console.sleeps(hours=2.5)
        console.looks(1)
        for n in range(25):
            bench.mail("Hola", sender=f"Eva <eva{n % 22}@x.test>", at=began + timedelta(minutes=6 * n))
            console.looks(0.5)
        console.looks(60)
        assert console.notices == [{"new": 25, "breached": 3}]
        assert (
            console.line
            == "While the laptop slept (14:00 to 16:30): 25 messages of 22 customers, 19 promises ended"
        )


def test_a_closed_august_is_one_line_and_no_notice(bench, tmp_path):
    home = Home.under(tmp_path)
    bench.clock.at = began = datetime(2026, 7, 31, 18, 30, tzinfo=UTC)
    with closing(Console(bench, home)) as console:
        assert console.gap is None
        console.away.note()
    bench.clock.at = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
    with closing(Console(bench, home)) as console:
        for first in range(0, 900, 300):
            letters(bench, [(n, began + timedelta(minutes=49 * n)) for n in range(first, first + 300)])
            console.looks(5)
        console.looks(60)
        assert console.notices == []
        assert console.line.startswith(
            "While agentdesk was closed (31 Jul 20:30 to 10:00): 900 messages of 900 customers"
        )


def test_a_daemon_wakes_sleepers_and_tells_unless_a_console_is_open(bench, tmp_path):
    home = Home.under(tmp_path / "home")
    with closing(Lookout(bench.desk, home, Notify())) as lookout:
        bench.mail("Una", sender="Una <una@x.test>")
        with telling.console_open(home):
            lookout.look()
            bench.clock.go(seconds=1)
            assert lookout.look() is None
        notice = lookout.look()
        assert notice is not None
        assert notice.counts == (("new", 1),)
        assert lookout.look() is None
    with closing(Lookout(bench.desk, home, None)) as lookout:
        bench.mail("Dues", sender="Dues <dues@x.test>")
        lookout.look()
        bench.clock.go(seconds=30)
        assert lookout.look() is None
