"""What time does to promises, windows, snoozes and the day: at its second, and without asking the store in between."""

from contextlib import closing
from datetime import timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest

from agentdesk import standing
from agentdesk.core.closing import comes_in_sight
from agentdesk.core.commands import Snooze
from agentdesk.core.instant import stamp
from agentdesk.engine.ticker import Ticker, wake
from agentdesk.policies import load_calendar, load_policy
from agentdesk.store import due
from desks import MONDAY, Bench

SHOP_HOURS = load_calendar([], "shop", ZoneInfo("Europe/Madrid"))
"""Mornings and afternoons from Monday to Friday, Saturday in the morning."""


class Ticking:
    """A ticker that is looked at each second, and counts what it asks the store."""

    def __init__(self, bench: Bench) -> None:
        self.bench, self.asked = bench, 0
        self.connection = bench.desk.reader()
        self.connection.set_trace_callback(self._count)
        self.ticker = Ticker(bench.desk, self.connection)

    def _count(self, _: str) -> None:
        self.asked += 1

    def heard(self):
        passed = self.ticker.passed()
        return [(each.kind, each.number) for each in passed.happened] if passed else []

    def goes(self, **span) -> list[tuple[str, int, int]]:
        """Second after second; (kind, ticket, second from the beginning) of what it brings."""
        found = []
        for _ in range(int(timedelta(**span).total_seconds())):
            at = self.bench.clock.go(seconds=1)
            found += [(*each, int((at - MONDAY).total_seconds())) for each in self.heard()]
        return found

    def close(self) -> None:
        self.connection.close()


@pytest.fixture
def bench(tmp_path):
    with closing(Bench(tmp_path)) as made:
        yield made


@pytest.fixture
def ticking(bench):
    with closing(Ticking(bench)) as made:
        yield made


def test_an_end_is_told_at_its_second_also_of_a_ticket_that_came_meanwhile(bench, ticking):
    assert ticking.heard() == []
    bench.mail("Bon dia", sender="Eva <eva@x.test>")
    ticking.ticker.changed()
    assert ticking.goes(minutes=59) == [("due_soon", 1, 58 * 60)]
    bench.mail("Abans", sender="Pau <pau@x.test>", at=MONDAY + timedelta(seconds=100))
    ticking.ticker.changed()
    assert ticking.goes(minutes=3) == [
        ("due_soon", 2, 58 * 60 + 100),
        ("breached", 1, 3600),
        ("breached", 2, 3700),
    ]


def test_an_hour_in_which_nothing_ends_asks_the_store_nothing(bench, ticking):
    bench.mail("Bon dia", sender="Eva <eva@x.test>")
    bench.clock.go(minutes=61)
    ticking.ticker.changed()
    ticking.heard()
    ticking.asked = 0
    assert ticking.goes(hours=1) == []
    assert ticking.asked == 0
    bench.mail("Bona tarda", sender="Pau <pau@x.test>")
    ticking.ticker.changed()
    ticking.heard()
    before = ticking.asked
    assert before <= 6
    assert [kind for kind, *_ in ticking.goes(hours=1)] == ["due_soon", "breached"]
    assert ticking.asked - before <= 16  # two instants


def test_a_night_asleep_is_one_look(bench, ticking):
    for n in range(3):
        bench.mail("Bon dia", sender=f"Eva <eva{n}@x.test>")
    ticking.ticker.changed()
    ticking.heard()
    bench.clock.go(hours=9)
    assert ticking.heard() == [("breached", 1), ("breached", 2), ("breached", 3)]
    assert ticking.heard() == []


def test_a_clock_that_is_set_back_goes_on_and_sees_what_came_meanwhile(bench, ticking):
    bench.clock.go(days=3)
    assert ticking.heard() == []
    bench.clock.go(days=-3)
    assert ticking.heard() == []
    bench.mail("Bon dia", sender="Eva <eva@x.test>")
    ticking.ticker.changed()
    assert ticking.goes(hours=1) == [("due_soon", 1, 58 * 60), ("breached", 1, 3600)]


def test_sleepers_wake_at_their_second_and_those_that_were_to_wake_before_at_once(bench):
    for name in ("Eva", "Pau"):
        bench.mail("Bon dia", sender=f"{name} <{name}@x.test>")
    bench.desk.do(Snooze(bench.id(1), MONDAY + timedelta(minutes=10)))
    bench.desk.do(Snooze(bench.id(2), MONDAY + timedelta(minutes=20)))
    bench.clock.go(minutes=15)
    with closing(Ticking(bench)) as ticking:
        passed = ticking.ticker.passed()
        assert passed is not None
        assert passed.wakes
        ticking.ticker.changed()
        assert ticking.ticker.passed() is None  # said once, woken or not
        assert wake(bench.desk) == 1
        ticking.ticker.changed()
        assert ticking.ticker.passed() is None
        bench.clock.go(minutes=5)
        assert (passed := ticking.ticker.passed()) is not None
        assert passed.wakes
        ticking.ticker.again()
        assert (passed := ticking.ticker.passed()) is not None
        assert passed.wakes
        assert wake(bench.desk) == 1


def test_the_end_of_a_day_is_said_once_half_an_hour_before(bench, ticking):
    ticking.ticker.watch(lambda after: comes_in_sight(SHOP_HOURS, after))
    ends = []
    for _ in range(24 * 60 * 7):
        at = bench.clock.go(minutes=1)
        passed = ticking.ticker.passed()
        ends += [f"{at:%a %H:%M}"] * bool(passed and passed.ends)
    assert ends == [*(f"{day} 19:00" for day in ("Mon", "Tue", "Wed", "Thu", "Fri")), "Sat 12:30"]


EVERY = {
    due.NEXT_END: (stamp(MONDAY),),
    due.NEXT_WINDOW: (stamp(MONDAY),),
    due.NEXT_WAKING: (stamp(MONDAY),),
}


@pytest.mark.parametrize("sql", EVERY)
def test_what_lies_ahead_is_one_step_along_an_index(bench, sql):
    assert len(plan := planned(bench, sql, EVERY[sql])) == 1
    assert plan[0].startswith("SEARCH ticket USING ")
    assert ">?" in plan[0]


def planned(bench, sql, values) -> list[str]:
    with bench.reading() as connection:
        return [row[3] for row in connection.execute("EXPLAIN QUERY PLAN " + sql, values)]


def test_what_targets_say_themselves_is_found_along_indexes_of_those_clocks_alone(bench):
    span = (stamp(MONDAY), stamp(MONDAY + timedelta(minutes=5)), 10)
    for sql, values in ((due.NEARING, span), (due.NEXT_SOON, span[:1])):
        first, then = planned(bench, sql, values)
        assert first.startswith("SEARCH c USING INDEX clock_soon (<expr>>?")
        assert then.startswith("SEARCH ticket USING ")
    ending = planned(bench, due.ENDING, span)
    assert ending[0].startswith("SEARCH ticket USING ")
    assert any(each.startswith("SEARCH c USING INDEX clock_own_soon") for each in ending)


OWN = """
[mine.channel.email]
first_response = { standard = "4h", due_soon = "1h" }
resolution = { standard = "8h", due_soon = "7h 30min" }
ack = "4h"
"""


def test_a_target_that_says_when_it_is_due_soon_rings_and_colours_the_row_then(bench, ticking):
    (bench.folder / "sla.toml").write_text(OWN)
    bench.desk._policy = partial(load_policy, (bench.folder,), "mine", None, ZoneInfo("Europe/Madrid"))
    bench.mail("Bon dia", sender="Eva <eva@x.test>")
    ticking.ticker.changed()
    assert ticking.goes(minutes=29) == []
    assert ticking.goes(minutes=2) == [("due_soon", 1, 1800)], "that of the solution, which ends later"
    bench.clock.go(minutes=89)
    assert standing.clock_label(bench.queue()[0], bench.clock.at).tone == "calm"
    ticking.heard()
    ticking.asked = 0
    assert ticking.goes(minutes=59) == []
    assert ticking.asked == 0
    assert ticking.goes(minutes=2) == [("due_soon", 1, 3 * 3600)]
    assert standing.clock_label(bench.queue()[0], bench.clock.at).tone == "soon"
    assert ticking.goes(minutes=60) == [("breached", 1, 4 * 3600)]
