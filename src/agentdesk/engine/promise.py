"""The clocks explained: why one says what it says, what is due next, and what is wrong in the shop's files on time.

Promises: every interval between a clock's start and its due time is there, counted or not, with its reason. Refuses:
counting anything itself; `core.sla` counts, the log says which pauses there were.
"""

import tomllib
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from agentdesk import calendars, policies, shipped
from agentdesk.config import Home, Settings
from agentdesk.core import explain, sla
from agentdesk.core.explain import Line
from agentdesk.core.hours import working
from agentdesk.core.instant import stamp
from agentdesk.core.model import CHANNELS
from agentdesk.core.sla import Clock, Metric, Policy, Target, Tier
from agentdesk.core.views import QueueRow, TicketView
from agentdesk.engine.desk import Desk
from agentdesk.engine.window import Window
from agentdesk.errors import ConfigError
from agentdesk.store import clock as clocks
from agentdesk.store import past
from agentdesk.store.past import Former
from agentdesk.values import dataclass

ROWS = 20
"""How many the board shows of what can still be met, and of what is late."""


@dataclass(frozen=True, slots=True)
class Reasoned:
    """A clock with its whole way; `spent` is the open time it has taken so far, `former` what it promised before."""

    clock: Clock
    lines: tuple[Line, ...]
    spent: timedelta
    former: tuple[Former, ...] = ()


@dataclass(frozen=True, slots=True)
class Due:
    """A ticket on the board with the clock that decides its place; None: what was pledged there does."""

    row: QueueRow
    clock: Clock | None


@dataclass(frozen=True, slots=True)
class Mistake:
    """Something wrong in sla.toml or a calendar. `in_force`: the desk as it is configured needs it."""

    error: ConfigError
    in_force: bool


@dataclass(frozen=True, slots=True)
class Promised:
    """One target in force; `like` is the channel it is borrowed from. One that counts for some matters only is `name`'s: of a
    segment, a kind or a priority, as the target says; its `channel` may be "" for all."""

    channel: str
    target: Target
    like: str | None = None
    name: str = ""


def reasons(desk: Desk, window: Window, number: int) -> tuple[TicketView, list[Reasoned]]:
    """A ticket and each of its clocks explained; raises NotFoundError."""
    view = window.ticket(number)
    now, calendar = desk.now(), desk.policy.calendar
    found = []
    with closing(desk.reader()) as connection:
        for data in view.clocks:
            clock = sla.from_data(data)
            lines = explain.why(clock, calendar, now, past.pauses(connection, view.row.id, clock))
            former = past.former(connection, view.row.id, clock)
            found.append(Reasoned(clock, lines, sla.spent(clock, partial(working, calendar), now), former))
    return view, sorted(
        found, key=lambda each: (each.clock.started_at, list(Metric).index(each.clock.metric))
    )


def board(desk: Desk, window: Window, now: datetime) -> list[Due]:
    """What can still be met, soonest first, then what is late, the latest breach first."""
    with closing(desk.reader()) as connection:
        rows = clocks.due(connection, now, ROWS, late=False) + clocks.due(connection, now, ROWS, late=True)
    found = [(view, _deciding(view)) for view in window.whole(rows)]
    return [Due(view.row, clock) for view, clock in found if clock is not None or view.promised_until]


def _deciding(view: TicketView) -> Clock | None:
    """The clock that is due first, and that `next_due_at` is of; None where that is what was pledged."""
    known = (sla.from_data(data) for data in view.clocks)
    running = [c for c in known if c.tier is Tier.STANDARD and c.state is sla.ClockState.RUNNING]
    first = sla.next_due(running)
    is_pledged = first and view.promised_until and view.promised_until < stamp(first.due_at)
    return None if is_pledged else first


def promises(policy: Policy) -> list[Promised]:
    """Every target in force: by channel, metric and tier, then those that go before these, the ones that count last first."""
    found = [
        Promised(channel, target, _lender(policy, channel))
        for channel in CHANNELS
        for metric in Metric
        for tier in Tier
        if (target := policy.target(channel, metric, tier))
    ]
    layers = (
        *policy.priorities.items(),
        *policy.kinds.items(),
        *((s.name, rows) for s, rows in policy.segments),
    )
    for name, rows in layers:
        found += [Promised(channel, target, name=name) for channel, some in rows.items() for target in some]
    return found


def _lender(policy: Policy, channel: str) -> str | None:
    return None if channel in policy.targets else policy.like.get(channel, policy.fallback)


def mistakes(home: Home, settings: Settings) -> tuple[Policy | None, list[Mistake]]:
    """The policy in force, None where it cannot be used, and everything wrong in the shop's own files on time.

    Each preset and each calendar says its first mistake.
    """
    desk, folders = settings.desk, (home.config,)
    load = partial(policies.load_policy, segments=settings.segments)
    now = list(_tried(load, folders, desk.preset, None, desk.tzinfo))
    now += _tried(calendars.load_calendar, folders, desk.calendar, desk.tzinfo)
    found = [replace(each, in_force=True) for each in now]
    policy = None
    if not found:
        policy = load(folders, desk.preset, desk.calendar, desk.tzinfo)
    for preset in _presets(home):
        if preset != desk.preset:
            found += _tried(load, folders, preset, None, desk.tzinfo)
    for path in sorted((home.config / "calendars").glob("*.toml")):
        if path.stem != desk.calendar:
            found += _tried(calendars.load_calendar, folders, path.stem, desk.tzinfo)
    known = {_place(each.error): each for each in reversed(found)}
    return policy, [each for each in found if known[_place(each.error)] is each]


def _place(error: ConfigError) -> tuple[str, ...]:
    return tuple(str(error.values.get(name)) for name in ("file", "key", "reason"))


def _tried(load: Callable[..., object], *given: object) -> Iterator[Mistake]:
    try:
        load(*given)
    except ConfigError as error:
        yield Mistake(error, in_force=False)


def _presets(home: Home) -> list[str]:
    """The presets of the sla.toml that counts; none where it is no TOML, which the preset in force says already."""
    paths: tuple[Path, ...] = tuple(folder / "sla.toml" for folder in (home.config, shipped()))
    path = next((each for each in paths if each.is_file()), None)
    try:
        return list(tomllib.loads(path.read_bytes().decode("utf-8-sig"))) if path else []
    except (OSError, ValueError):
        return []
