"""A year of a shop under rules, killed at random: what was to happen by itself happened, once, and nothing else did.

The judge knows the plan and the rules in plain words, and nothing of how they are kept or run.
"""

import random
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from agentdesk.core.events import RuleFired
from agentdesk.store import log
from engine.year import AWAY, Deed, Look, Shop, deeds, looks
from servers import PROOF

MATTERS, KILLS = (2500, 200) if PROOF else (250, 12)
WEEK, FRESH = timedelta(days=7), timedelta(minutes=15)


def is_open(at: datetime) -> bool:
    """Monday to Friday 9 to 14 and 16 to 19 in Madrid; not in August, nor at Christmas."""
    here = at.astimezone(ZoneInfo("Europe/Madrid"))
    closed = here.weekday() > 4 or here.month == 8 or (here.month, here.day) == (12, 25)
    return not closed and (9 <= here.hour < 14 or 16 <= here.hour < 19)


@dataclass
class Ticket:
    """One as the judge sees it. `silent_since` is when it was answered, `away` until when it sleeps."""

    status: str = "new"
    silent_since: datetime | None = None
    resolved_at: datetime | None = None
    away: datetime | None = None
    happened: Counter[str] = field(default_factory=Counter)


def judged(every: tuple[Deed, ...], seen: tuple[Look, ...]) -> dict[int, list[Ticket]]:
    """What is to have happened to each matter's tickets."""
    found: dict[int, list[Ticket]] = {}
    done = 0
    for look in seen:
        begun = done
        while done < len(every) and every[done].at <= look.at:
            done += 1
        due = every[begun:done]
        for ticket in (found[n][-1] for n in found):
            if ticket.status == "snoozed" and ticket.away and ticket.away <= look.clock:
                ticket.status = "open"
                ticket.happened["woken"] += 1
        for deed in due:
            if deed.kind in {"writes", "again"}:  # what is dated ahead of the clock counts as of now
                _writes(found.setdefault(deed.n, []), min(deed.at, look.clock), look.clock)
        for ticket in (found[n][-1] for n in found):
            since = ticket.silent_since
            if ticket.status == "waiting" and since and since + WEEK <= look.clock:
                ticket.status, ticket.resolved_at = "resolved", look.clock
                ticket.happened["silent-seven-days"] += 1
        for deed in due:
            ticket = found[deed.n][-1]
            if deed.kind == "snooze" and ticket.status in {"new", "open"}:
                ticket.status, ticket.away = "snoozed", look.clock + AWAY
            elif deed.kind in {"answer", "another"}:
                ticket.status, ticket.silent_since = "waiting", look.clock
    return found


def _writes(tickets: list[Ticket], at: datetime, clock: datetime) -> None:
    last = tickets[-1] if tickets else None
    is_old = last is not None and last.status == "resolved" and at - (last.resolved_at or at) > WEEK
    if last is None or is_old:
        last = Ticket()
        tickets.append(last)
        if is_open(at) and is_open(clock) and timedelta(0) <= clock - at <= FRESH:
            last.happened["acknowledge"] += 1
    else:
        last.status = "open"
    if not is_open(at) and not last.happened["overnight"]:
        last.happened["overnight"] += 1


def lived_through(folder: Path, seed: int, kills: int) -> None:
    """Runs the year, killing it in the midst of random looks."""
    pick, count = random.Random(seed), len(looks(seed))
    deaths = sorted(pick.sample(range(count), kills))
    while not (folder / "done").exists():
        program = [
            sys.executable,
            str(Path(__file__).with_name("year.py")),
            str(folder),
            str(seed),
            str(MATTERS),
        ]
        process = subprocess.Popen(program, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        assert process.stdout is not None
        for line in process.stdout:
            if deaths and int(line) >= deaths[0]:
                deaths.pop(0)
                process.kill()
                break
        _, errors = process.communicate(timeout=60)
        assert process.returncode in {0, -9}, errors.decode()
    assert not deaths


@pytest.mark.slow
@pytest.mark.timeout(7200 if PROOF else 400)
@pytest.mark.parametrize("seed", range(3) if PROOF else [1])
def test_in_a_year_that_is_killed_nothing_is_missed_and_nothing_happens_twice(tmp_path, seed):
    lived_through(tmp_path, seed, KILLS)
    shop = Shop(tmp_path)
    events = [event for _, event in log.read(shop.desk.store.connection, 0, 1_000_000)]
    numbers = dict(shop.desk.store.connection.execute("SELECT id, (SELECT address FROM identity WHERE id = identity) || ':' || (SELECT count(*) FROM ticket o WHERE o.identity = t.identity AND o.number < t.number) FROM ticket t"))  # fmt: skip
    happened = Counter(
        (numbers[change.ticket], change.rule)
        for event in events
        for change in event.changes
        if isinstance(change, RuleFired)
    )
    happened += Counter((numbers[event.ticket or ""], "woken") for event in events if event.type == "Woken")
    expected = Counter(
        {
            (f"c{n}@x.test:{place}", what): times
            for n, tickets in judged(deeds(seed, MATTERS), looks(seed)).items()
            for place, ticket in enumerate(tickets)
            for what, times in ticket.happened.items()
        }
    )
    assert happened - expected == Counter(), "twice, or for nothing"
    assert expected - happened == Counter(), "missed"
    totals = Counter()
    for (_, what), times in expected.items():
        totals[what] += times
    assert all(totals[what] > 10 for what in ("acknowledge", "overnight", "silent-seven-days", "woken")), (
        totals
    )
    accepted = (tmp_path / "accepted").read_bytes().split(b"\0")[:-1]
    names = [line for raw in accepted for line in raw.splitlines() if line.lower().startswith(b"message-id:")]
    assert len(names) == len(set(names)) == len(accepted), "sent twice"
    sent = "SELECT count(*) FROM message WHERE state = 'sent'"
    assert shop.desk.store.connection.execute(sent).fetchone()[0] == len(accepted)
    shop.desk.close()
