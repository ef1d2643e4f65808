"""A morning at a real desk: what came overnight, what the day holds, and that nothing of it reads the whole desk."""

from contextlib import closing
from datetime import timedelta

import pytest

from agentdesk.config import Agent, Home, Settings
from agentdesk.config import Desk as DeskSettings
from agentdesk.core.commands import Resolve, Snooze
from agentdesk.core.instant import stamp
from agentdesk.engine.feed import keep_draft
from agentdesk.engine.morning import first_of_day, morning
from agentdesk.store import due
from agentdesk.store import morning as found
from desks import MONDAY, Bench

SETTINGS = Settings(DeskSettings("Europe/Madrid", "es"), agents=(Agent("Joan"), Agent("Núria")))


def test_a_morning_after_a_night(tmp_path):
    with closing(Bench(tmp_path)) as bench:
        for n in range(3):
            bench.mail(f"De dia {n}", sender=f"d{n}@x.test")
        bench.desk.do(Resolve(bench.id(1)))
        bench.clock.go(hours=8)
        bench.desk.do(Snooze(bench.id(2), MONDAY + timedelta(hours=26)))
        left = bench.clock.at
        bench.clock.go(hours=15, minutes=30)  # half past nine in Madrid
        for n in range(4):
            bench.mail(f"De nit {n}", sender=f"n{n}@x.test", at=left + timedelta(hours=3 * n + 1))
        bench.mail("Ara", sender="ara@x.test")
        keep_draft(bench.desk, bench.id(3), "reply", "Hola")
        told = morning(bench.desk, SETTINGS)
        assert told.since == left
        assert told.arrived == (("email", 5),)
        assert (told.late, told.due, told.back, told.drafts) == (5, ((10, 1),), 1, 1)
        assert told.unanswered == 8, "an end alone answers nobody"
        home = Home.under(tmp_path / "home")
        home.make()
        assert first_of_day(bench.desk, SETTINGS, home) == told
        assert first_of_day(bench.desk, SETTINGS, home) is None
        bench.clock.go(hours=24)
        assert first_of_day(bench.desk, SETTINGS, home) is not None


def test_a_new_desk_greets_nobody(tmp_path):
    with closing(Bench(tmp_path)) as bench:
        bench.mail("Hola")
        bench.clock.go(days=1)
        home = Home.under(tmp_path / "home")
        home.make()
        assert first_of_day(bench.desk, SETTINGS, home) is None


EVERY = {
    found.LAST_ACT: ("Joan", stamp(MONDAY)),
    found.ARRIVED: (1, 10),
    found.BACK: (stamp(MONDAY), stamp(MONDAY), 10),
    found.ANSWERED: (1, 10),
    due.ENDING: (stamp(MONDAY), stamp(MONDAY), 10),
}


@pytest.mark.parametrize("sql", EVERY)
def test_no_figure_of_a_morning_scans_a_table_or_sorts_it(tmp_path, sql):
    with closing(Bench(tmp_path)) as bench, bench.reading() as connection:
        plan = [row[3] for row in connection.execute("EXPLAIN QUERY PLAN " + sql, EVERY[sql])]
    assert [
        each
        for each in plan
        if each.startswith("SCAN") and each[5:] != "m" and "CONSTANT" not in each and "subquery" not in each
    ] == []
    if "GROUP BY" not in sql:  # one that is over CAP rows at most
        assert not [each for each in plan if "TEMP B-TREE" in each]
