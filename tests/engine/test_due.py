"""What time does to promises: told at the second, read once for minutes; and what is told outside of the terminal."""

import json
import sys
from contextlib import closing
from datetime import timedelta

from agentdesk.config import Home
from agentdesk.core.instant import stamp
from agentdesk.engine import notify, spent
from agentdesk.engine.due import Due
from agentdesk.store.due import PROMISES
from desks import MONDAY, Bench


def test_an_end_is_told_at_its_second_also_of_a_ticket_that_came_meanwhile(tmp_path):
    with closing(Bench(tmp_path)) as bench, closing(Due(bench.desk)) as due:
        bench.mail("Bon dia", sender="Eva <eva@x.test>")
        assert due.passed() == []
        due.changed()
        assert due.passed() == []
        heard = []
        for minute in (57, 1, 1, 1, 1):
            bench.clock.go(minutes=minute)
            heard.append([(each.kind, each.number) for each in due.passed()])
        assert heard == [[], [("due_soon", 1)], [], [("breached", 1)], []]
        bench.mail("Abans", sender="Pau <pau@x.test>", at=MONDAY + timedelta(seconds=90))
        due.changed()
        bench.clock.go(seconds=45)
        assert [(each.kind, each.number) for each in due.passed()] == [("breached", 2)]


def test_a_night_asleep_is_one_look(tmp_path):
    with closing(Bench(tmp_path)) as bench, closing(Due(bench.desk)) as due:
        bench.mail("Bon dia", sender="Eva <eva@x.test>")
        bench.clock.go(hours=9)
        assert [each.kind for each in due.passed()] == ["breached"]
        assert due.passed() == []


def test_what_lies_ahead_is_read_along_its_index(tmp_path):
    with closing(Bench(tmp_path)) as bench, closing(bench.desk.reader()) as connection:
        values = (stamp(MONDAY), stamp(MONDAY + timedelta(minutes=5)), 10)
        plan = [row[3] for row in connection.execute("EXPLAIN QUERY PLAN " + PROMISES, values)]
    assert len(plan) == 1
    assert "SEARCH ticket USING INDEX ticket_due (bucket=? AND next_due_at>? AND next_due_at<?)" in plan[0]


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


def test_when_notices_were_given_is_known_to_the_next_console_and_nonsense_is_nothing(tmp_path):
    home = Home.under(tmp_path)
    assert spent.remembered(home, MONDAY) == ()
    spent.remember(home, (MONDAY, MONDAY + timedelta(minutes=1)))
    assert spent.remembered(home, MONDAY + timedelta(minutes=2)) == (MONDAY, MONDAY + timedelta(minutes=1))
    assert spent.remembered(home, MONDAY) == (MONDAY,)  # the clock was set back
    (home.state / "notices").write_bytes(b"yesterday \xff")
    assert spent.remembered(home, MONDAY) == ()
