"""What `doctor` says of time."""

from dataclasses import replace
from datetime import UTC, timedelta

import pytest

from agentdesk.config import Desk as DeskSettings
from agentdesk.config import Home, Notify, Settings
from agentdesk.core.gap import Look
from agentdesk.engine import clock, timecheck
from agentdesk.engine.absence import Away
from agentdesk.engine.lookout import Lookout
from desks import MONDAY, Bench

WEEK = "[week]\nmonday = ['0:00-24:00']\n"


@pytest.fixture
def bench(tmp_path):
    made = Bench(tmp_path)
    yield made
    made.close()


@pytest.fixture
def home(tmp_path):
    made = Home.under(tmp_path / "home")
    (made.config / "calendars").mkdir(parents=True)
    made.make()
    return made


SETTINGS = Settings(DeskSettings("UTC", "en"), notify=Notify())


def hours(home, text: str | None, zone: str = "UTC"):
    if text is not None:
        (home.config / "calendars" / "ours.toml").write_text(text)
    desk = DeskSettings(zone, "en", calendar="ours" if text is not None else None)
    return {each.name: each for each in timecheck.hours(home, replace(SETTINGS, desk=desk))}


def test_the_next_opening_is_said_and_hours_that_are_missing_or_never_come_with_what_to_do(home):
    always = hours(home, None)["opening hours"]
    assert always.ok
    assert 'calendar = "shop"' in always.remedy
    opens = hours(home, WEEK)["opening hours"]
    assert (opens.ok, opens.detail.startswith("ours: "), opens.remedy) == (True, True, "")
    never = hours(home, "[week]\n")["opening hours"]
    assert not never.ok
    assert "never opens" in never.detail
    assert str(home.config_file) in never.remedy
    far = clock.now() + timedelta(days=100)
    day = f"[special.'{far:%m-%d}']\nopen = ['10:00-14:00']\n"
    once = hours(home, day)["opening hours"]
    assert not once.ok
    assert "calendars/ours.toml" in once.remedy


def test_a_machine_in_another_zone_than_the_shop_is_said(home):
    away = "Pacific/Kiritimati" if clock.now().astimezone().utcoffset() != timedelta(hours=14) else "UTC"
    found = hours(home, None, away)["time zone"]
    assert found.ok
    assert away in found.detail
    assert "zone under [desk]" in found.remedy


def test_a_clock_that_was_set_and_a_sleep_are_remembered_for_a_week(bench, home):
    def said():
        return next(timecheck.clocks(bench.desk, home, SETTINGS))

    slept = 0.0

    def look(at) -> Look:
        elapsed = 100.0 + slept
        return Look(at, 100.0, elapsed)

    away = Away(bench.desk, bench.desk.reader(), home, look)
    assert said().ok
    bench.clock.go(hours=2)
    slept = 7200.0
    away.passed()
    assert (said().ok, "slept from 2026-11-23 09:00 to 2026-11-23 11:00" in said().detail) == (True, True)
    bench.clock.go(hours=3)
    away.passed()
    assert not said().ok
    assert "put forward, from 2026-11-23 11:00 to 2026-11-23 14:00" in said().detail
    assert "by the network" in said().remedy
    bench.clock.go(days=8)
    assert said().ok
    away.close()


def test_promises_that_ended_untold_are_counted_until_somebody_looks(bench, home):
    def said():
        return list(timecheck.clocks(bench.desk, home, SETTINGS))[-1]

    assert said().detail == "none is late; the clocks were last checked: never"
    for n in range(2):
        bench.mail("Hola", sender=f"eva{n}@x.test")
    bench.clock.go(hours=3)
    assert not said().ok
    assert said().detail.startswith("2 are late, nobody was told of 2 of them")
    assert "sync --daemon" in said().remedy
    lookout = Lookout(bench.desk, home, Notify())
    lookout.look()
    assert (said().ok, said().detail.endswith("last checked: now")) == (True, True)
    bench.mail("Hola", sender="eva3@x.test")
    lookout.look()
    for _ in range(100):
        bench.clock.go(seconds=40)
        lookout.look()
    lookout.close()
    assert said().detail.startswith("3 are late, nobody was told of 2 of them")
    bench.clock.at = MONDAY.astimezone(UTC) + timedelta(days=1)
    assert not said().ok
