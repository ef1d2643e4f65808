"""Every write and sync of a day fails in turn, and the day dies at every step: it ends as if nothing had happened."""

import random
import shutil
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from engine.lives import Lived, Lives, Town
from engine.shopday import DRAFT, KEY
from servers import PROOF, disk, lacking

pytestmark = [pytest.mark.slow, pytest.mark.timeout(7200 if PROOF else 600)]
TOGETHER = 2
BEYOND = 40
"""Acts after the last one of a day at which nothing can fail any more."""


class Days:
    """Days that are to end like the one on which nothing happened."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lives = threading.local()
        self._all: list[Lives] = []
        self._count = 0
        self.template = folder / "template"
        (self.template / "data").mkdir(parents=True)
        (self.template / "data" / "desk.key").write_bytes(KEY)
        (self.template / "data" / "desk.key").chmod(0o600)
        town = Town(self.template, files=False)
        assert not self.lives.live(town, town.life(last=0)).wrong
        town.stop()

    @property
    def lives(self) -> Lives:
        """The program of this thread."""
        if not hasattr(self._lives, "program"):
            self._lives.program = Lives()
            self._all.append(self._lives.program)
        return self._lives.program

    def town(self, name: str, *, files: bool) -> Town:
        home = self._folder / name / "home"
        shutil.copytree(self.template, home)
        return Town(home, files=files)

    def close(self) -> None:
        for each in self._all:
            each.close()


@pytest.fixture(scope="module")
def days(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Days]:
    if absent := disk.missing():
        lacking(absent)
    made = Days(tmp_path_factory.mktemp("days"))
    yield made
    made.close()


def compared(end: dict[str, Any], without: set[str]) -> Counter[str]:
    """The shared rows, without the columns that may differ."""
    rows = ((table, row) for table, found in end["rows"].items() for row in found)
    return Counter(
        f"{table} {[value for name, value in row.items() if name not in without]}" for table, row in rows
    )


def alike(town: Town, lived: Lived, usual: dict[str, Any]) -> list[str]:
    """What is other than on the usual day, at the servers too."""
    wrong = list(lived.wrong)
    if lived.ended or not lived.end:
        return [*wrong, f"ended with {lived.ended}"]
    wrong += [f"{name}: {lived.end[name]}" for name in WHOLE if lived.end[name] != usual[name]]
    # When a mail was fetched; and where there was a doubt, when that ended and which of two mails of one moment came first.
    may_differ = {"fetched_at", *(["resolved_at", "n"] if lived.doubts else [])}
    here, there = compared(lived.end, may_differ), compared(usual, may_differ)
    wrong += [f"{row} is not there" for row in there - here] + [f"{row} is there" for row in here - there]
    sent = town.taken()
    if set(sent.values()) != {1} or len(sent) != 3:
        wrong.append(f"sent: {sent}")
    if town.filed() != sent:
        wrong.append(f"filed: {town.filed()}")
    if town.flags() != FLAGS:
        wrong.append(f"flags: {town.flags()}")
    return wrong


FLAGS = {1: ["\\Answered", "\\Seen"], 2: ["\\Answered"], 3: ["\\Answered"]} | {
    uid: [] for uid in range(4, 10)
}


WHOLE = {
    "rebuilt": True, "outbox": [], "wishes": [], "drafts": [[DRAFT]], "arrivals": [], "intact": [["ok"]],
    "journal": [["wal"]], "spool": [], "lacking": [],
}  # fmt: skip


def usual(days: Days, what: str) -> Lived:
    """The day on which nothing happens, and how many acts of this kind it has."""
    town = days.town(f"usual-{what}", files=False)
    lived = days.lives.live(town, town.life(what=what))
    wrong = alike(town, lived, {**lived.end, **WHOLE})
    town.stop()
    assert not wrong, wrong
    assert lived.seen > 50, "this day is too quiet"
    return lived


def all_alike(days: Days, what: str, chosen: Callable[[int], list[int]]) -> list[Lived]:
    """Lives a day for each of the acts that are `chosen` of so many, two at a time, and one more that nothing befalls;
    fails with everything that went otherwise than on the usual day."""
    known = usual(days, what)
    beyond = known.seen + BEYOND

    def live(n: int) -> tuple[int, Lived, list[str]]:
        town = days.town(f"{what}-{n}", files=n % 2 == 0)
        lived = days.lives.live(town, town.life(what=what, at=n))
        while what == "kill" and lived.ended:
            lived = gone_on(days, town, lived)
        wrong = alike(town, lived, known.end)
        town.stop()
        shutil.rmtree(town.home.parent)
        return n, lived, wrong

    with ThreadPoolExecutor(TOGETHER) as pool:
        found = list(pool.map(live, [*chosen(known.seen), beyond]))
    wrong = [f"{what} at {n}: {each}" for n, _, wrongs in found for each in wrongs]
    assert not wrong, "\n".join(wrong)
    lives = [lived for _, lived, _ in found]
    assert not lives[-1].failed, "nothing befalls a day beyond its end"
    return lives[:-1]


def gone_on(days: Days, town: Town, died: Lived) -> Lived:
    """The next life after a death, from the step on at which it died."""
    lived = days.lives.live(town, town.life(step=died.step))
    lived.wrong, lived.doubts, lived.deaths = (
        died.wrong + lived.wrong,
        died.doubts + lived.doubts,
        died.deaths + 1,
    )
    return lived


def sampled(share: int) -> Callable[[int], list[int]]:
    """One act of so many, drawn from a seed; all of them by `make proof`."""

    def chosen(count: int) -> list[int]:
        every = range(1, count + 1)
        return list(every) if PROOF else sorted(random.Random(9).sample(every, max(2, count // share)))

    return chosen


def spread(step: int) -> Callable[[int], list[int]]:
    """Every so-manieth act, so that no stretch of them is left out; all of them by `make proof`."""
    return lambda count: list(range(1, count + 1, 1 if PROOF else step))


def told(lives: list[Lived]) -> Counter[str]:
    """How often whoever sat there was told, by the error's code; each with what helps."""
    failed = [each for lived in lives for each in lived.failed]
    assert all(each["remedy"] and each["detail"] for each in failed), failed
    return Counter(each["code"] for each in failed)


@pytest.mark.parametrize(("what", "share"), [("full", 24), ("sync", 2), ("kill", 4)])
def test_a_first_start_that_fails_anywhere_leaves_nothing_that_stops_the_next_one(
    days, tmp_path, what, share
):
    def live(n: int, name: str) -> Lived:
        town = Town(tmp_path / name / "home", files=False)
        lived = days.lives.live(town, town.life(what=what, at=n, last=0))
        if lived.ended:
            lived = days.lives.live(town, town.life(last=0))
        town.stop()
        return lived

    count = live(0, "usual").seen
    assert count > 5, "it writes in more places than that"
    for n in sampled(share)(count):
        lived = live(n, str(n))
        assert not lived.wrong, n
        assert {each["code"] for each in lived.failed} <= {"disk"}, n
        assert lived.end["journal"] == [["wal"]], n


def test_a_disk_that_is_full_from_the_nth_write_on_costs_nothing_but_patience(days):
    lives = all_alike(days, "full", sampled(72))
    codes = told(lives)
    assert set(codes) == {"disk"}
    assert codes["disk"] > len(lives) / 2, "the agent is told"


def test_an_nth_sync_that_fails_costs_nothing_but_another_try(days):
    lives = all_alike(days, "sync", sampled(12))
    codes = told(lives)
    assert set(codes) == {"disk"}
    assert codes["disk"] > len(lives) / 2, "the agent is told"


def test_a_day_that_dies_at_any_step_ends_as_if_it_had_not(days):
    lives = all_alike(days, "kill", spread(3))
    assert all(lived.deaths == 1 for lived in lives)
    assert sum(lived.doubts > 0 for lived in lives) >= 2, "only a customer can tell whether an answer came"
