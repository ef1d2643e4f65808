"""The end of a day at a real desk: windows that must not wait, and that nothing of it reads the whole desk."""

from contextlib import closing as closed
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from agentdesk import briefing
from agentdesk.core.afterhours import Heard
from agentdesk.core.commands import Snooze
from agentdesk.core.instant import stamp
from agentdesk.engine.closing import closing, hearing
from agentdesk.engine.feed import keep_draft
from agentdesk.engine.rules import load
from agentdesk.policies import load_policy
from agentdesk.store import evening
from desks import MONDAY, Bench
from engine.chats import Chats

MADRID = ZoneInfo("Europe/Madrid")
FRIDAY = datetime(2026, 11, 27, 18, 50, tzinfo=UTC)
"""Ten to eight in the evening in Madrid."""
SHOP = load_policy((), "guide", "shop", MADRID)
WEEKDAYS = replace(SHOP, calendar=replace(SHOP.calendar, week=(*SHOP.calendar.week[:5], (), ())))


@pytest.fixture
def chats(tmp_path):
    made = Chats(tmp_path, policy=lambda: SHOP)
    made.bench.clock.at = FRIDAY
    yield made
    made.bench.close()


def test_a_whatsapp_of_friday_evening_stands_on_fridays_screen_and_on_saturdays_with_its_end(chats):
    desk, clock = chats.bench.desk, chats.bench.clock
    chats.comes(chats.text("Teniu la talla M?"))
    clock.go(minutes=15)
    friday = closing(desk)
    assert friday.lost == ()
    assert [(each.number, each.at) for each in friday.pressed] == [(1, FRIDAY + timedelta(hours=24))]
    assert briefing.night(friday, MADRID) == "We close at 20:30 and open again: Saturday 10:00."
    assert briefing.endings(friday, MADRID) == ("#1 WhatsApp, Maria: free answers until Saturday 19:50",)
    clock.at = FRIDAY.replace(day=28, hour=12, minute=40)
    saturday = closing(desk)
    assert [each.number for each in saturday.lost] == [1]
    assert saturday.pressed == ()
    assert saturday.night.opens_at == datetime(2026, 11, 30, 9, tzinfo=UTC)


def test_where_saturday_is_closed_friday_evening_is_the_last_chance_also_for_what_sleeps(tmp_path):
    chats = Chats(tmp_path, policy=lambda: WEEKDAYS)
    with closed(chats.bench) as bench:
        bench.clock.at = FRIDAY
        chats.comes(chats.text("Teniu la talla M?"))
        bench.desk.do(Snooze(bench.id(1), FRIDAY + timedelta(days=3)))
        assert [each.number for each in closing(bench.desk).lost] == [1]
        assert closing(bench.desk).waking == 0


def test_what_was_answered_keeps_nobody(chats):
    chats.comes(chats.text("Teniu la talla M?"))
    chats.answer("Sí!")
    chats.flush()
    chats.bench.desk.do(Snooze(chats.bench.id(1), FRIDAY + timedelta(hours=1)))
    assert closing(chats.bench.desk).pressed == ()


def test_what_is_due_late_typed_and_asleep_is_counted(tmp_path):
    with closed(Bench(tmp_path, policy=lambda: SHOP)) as bench:
        bench.clock.at = FRIDAY
        for name, minutes in (("late", 90), ("due", 30), ("asleep", 20)):
            bench.mail("Hola", sender=f"{name}@x.test", at=FRIDAY - timedelta(minutes=minutes))
        keep_draft(bench.desk, bench.id(1), "reply", "Hola")
        bench.desk.do(Snooze(bench.id(3), FRIDAY + timedelta(hours=2)))
        told = closing(bench.desk)
        assert (told.late, told.due, told.drafts, told.waking, told.unanswered) == (1, 1, 1, 1, 3)
        assert (told.held, told.failed, told.unknown, told.lost, told.pressed) == (0, 0, 0, (), ())


def test_clocks_that_change_before_the_next_opening_are_said(tmp_path):
    with closed(Bench(tmp_path, policy=lambda: WEEKDAYS)) as bench:
        bench.clock.at = datetime(2026, 10, 23, 18, tzinfo=UTC)
        told = closing(bench.desk)
        assert told.shift == timedelta(hours=-1)
        assert briefing.night(told, MADRID).endswith("The clocks go back 1 h before that.")


def test_a_desk_that_never_closes_looks_at_the_next_24_hours(tmp_path):
    chats = Chats(tmp_path)
    with closed(chats.bench) as bench:
        chats.comes(chats.text("Teniu la talla M?"))
        bench.clock.go(hours=1)
        told = closing(bench.desk)
        assert [each.number for each in told.lost] == [1]
        assert told.until == bench.clock.at + timedelta(hours=24)
        assert "never closes" in briefing.night(told, MADRID)


EVERY = {
    evening.CAME: (1, 2, 10),
    evening.ENDED: (stamp(MONDAY), stamp(MONDAY), 10),
    evening.ENDING: ("inbox", stamp(MONDAY), stamp(MONDAY), 10),
}


@pytest.mark.parametrize("sql", EVERY)
def test_no_figure_of_an_evening_scans_a_table_or_sorts_it(tmp_path, sql):
    with closed(Bench(tmp_path)) as bench, bench.reading() as connection:
        plan = [row[3] for row in connection.execute("EXPLAIN QUERY PLAN " + sql, EVERY[sql])]
    own = {"SCAN m", "SCAN (subquery-1)", "SCAN CONSTANT ROW"}
    assert not [
        each for each in plan if each.startswith("SCAN") and each not in own and "subquery" not in each
    ]
    assert not [each for each in plan if "TEMP B-TREE FOR ORDER" in each]


def test_what_is_told_overnight_follows_the_rules_that_are_on_and_what_the_provider_covers(chats):
    desk, home, settings = chats.bench.desk, chats.home, chats.settings
    assert [each.is_silence for each in hearing(desk, settings, load(home, settings))] == [True]
    ruled = replace(settings, rules=("acknowledge", "out-of-hours"))
    assert hearing(desk, ruled, load(home, ruled))[0].rules == ("out-of-hours",)
    covered = replace(ruled, away={"whatsapp": "closed"})
    assert hearing(desk, covered, load(home, covered)) == (Heard("whatsapp", provider="closed"),)
