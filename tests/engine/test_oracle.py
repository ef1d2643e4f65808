"""Whole histories of tickets against the oracle: whatever happens, and wherever the clocks of the world change, each promise says what
somebody would say who watched the wall all the time."""

import random
from datetime import datetime, timedelta

import pytest

from agentdesk.core.commands import Merge, Reopen, Resolve, RunMacro
from agentdesk.core.model import Acts, Status
from agentdesk.core.sla import Clock, Metric, Policy, Target, Tier, from_data
from agentdesk.core.timetable import Calendar
from core.calendars import CHANGES, midnight, some_calendar
from desks import SHOP, Bench
from oracle import FAR, Wall, lived

WITHIN = {"ack": 900, "first_response": 3600, "next_response": 2700, "resolution": 14_400, "progress": 7200}
SOME = (
    "write",
    "answer",
    "answer",
    "waiting_customer",
    "waiting_third_party",
    "open",
    "resolved",
    "resolved",
    "merge",
)


def history(rng: random.Random, hours: range) -> list[tuple]:
    """Acts within those `hours` of what is watched, none of which would be refused."""
    times = sorted(rng.sample(range(hours.start * 3600, hours.stop * 3600), 12))
    if rng.random() < 0.5:  # all within some hours, where promises are still to be kept
        times = [times[0] + (time - times[0]) // 12 for time in times]
    other, *times = times
    acts, status, merged = [(times[0], "write")], "new", False
    for time in times[1:]:
        what = rng.choice(SOME)
        if what == status or (what == "merge" and merged):
            continue
        merged |= what == "merge"
        acts.append((time, what, other) if what == "merge" else (time, what))
        after = {"answer": "waiting_customer" if status in {"new", "open"} else status, "merge": "open"}
        status = after.get(what, "open" if what == "write" else what) if acts[1:] else status
        status = "new" if status == "open" and all(act[1] in {"write", "merge"} for act in acts) else status
    return acts


class Life:
    """The same acts on a desk, by a customer of its own."""

    def __init__(self, bench: Bench, seed: int, calendar: Calendar) -> None:
        targets = tuple(Target(Metric(name), Tier.STANDARD, within) for name, within in WITHIN.items())
        policy = Policy("random", calendar, {"email": targets})
        bench.desk._policy = lambda: policy
        vars(bench.desk).pop("policy", None)
        self.bench, self.name, self.maria = bench, f"<{seed}@x.test>", f"maria{seed}@x.test"
        self.number = self.other = 0

    def opens(self, name: str, at: datetime | None = None) -> int:
        sender = f"{name}{self.maria}"
        self.bench.mail("Hola", sender=sender, message_id=f"{self.name[:-1]}{name}>", at=at)
        return max(row.number or 0 for row in self.bench.queue("all"))

    def does(self, what: str) -> None:
        bench, ticket = self.bench, self.bench.id(self.number)
        if what == "write":
            bench.mail("Encara no", sender=self.maria, reply_to=self.name)
        elif what == "answer":
            bench.mail("Ja va", sender=SHOP, to=self.maria, role="sent", reply_to=self.name)
        elif what == "merge":
            bench.desk.do(Merge(bench.id(self.other), ticket))
        elif what == "resolved":
            bench.desk.do(Resolve(ticket))
        elif what == "open" and bench.ticket(self.number).row.status == "resolved":
            bench.desk.do(Reopen(ticket))
        else:
            bench.desk.do(RunMacro(ticket, Acts(status=Status(what))))

    def clocks(self) -> dict[str, Clock]:
        found = map(from_data, self.bench.ticket(self.number).clocks)
        return {clock.metric.value: clock for clock in found}


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    made = Bench(tmp_path_factory.mktemp("oracle"))
    yield made
    made.close()


WATCHED = {60: (-5, 12, range(72, 168)), 1: (-1, 2, range(12, 36))}
"""By the seconds from one look at the wall to the next: from how many days before the change on, how many days, and in which of
their hours something happens."""


@pytest.mark.parametrize(
    ("seed", "step"),
    # Every zone twice: a fortnight by the minute, and the days around its change by the second.
    [(seed, 60) for seed in range(16, 24)] + [(seed, 1) for seed in range(8)],
)
def test_every_clock_says_what_a_hand_at_the_wall_says(bench, seed: int, step: int) -> None:
    rng = random.Random(seed)
    zone, around = CHANGES[seed % len(CHANGES)]
    calendar = some_calendar(rng, zone, around, step)
    since, days, hours = WATCHED[step]
    wall = Wall(calendar, midnight(around, since), days, step)
    acts = [
        (wall.start + timedelta(seconds=time), what, *(wall.start + timedelta(seconds=n) for n in more))
        for time, what, *more in history(rng, hours)
    ]
    life, compared = Life(bench, seed, calendar), 0
    for (at, what, *_), hands in zip(acts, lived(wall, WITHIN, acts), strict=True):
        bench.clock.at = at
        if not life.number:
            life.number = life.opens("")
            merges = [act[2] for act in acts if act[1] == "merge"]
            life.other = life.opens("other-", merges[0]) if merges else 0
        else:
            life.does(what)
        clocks = life.clocks()
        assert clocks.keys() == hands.keys()
        for metric, hand in hands.items():
            clock = clocks[metric]
            said = (clock.started_at, clock.held, clock.state.value, clock.due_at)
            due = clock.due_at if hand.due == FAR else hand.due
            assert said == (hand.start, timedelta(seconds=hand.held), hand.state, due), (metric, at, acts)
            compared += hand.due != FAR
    assert compared > 0
