"""What `doctor` says of time: when the shop is open, whose zone counts, what happened to the clock, and who was told of what is late.

Promises: from files and rows of this laptop alone, a line each. Refuses: comparing this clock with a server's: what was received bears
a time that was bound to ours when it came, so nothing here says how far they are apart without asking somebody.
"""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from typing import TYPE_CHECKING

from agentdesk.calendars import load_calendar
from agentdesk.config.read import system_zone
from agentdesk.core.gap import Kind
from agentdesk.core.hours import next_closing, next_opening
from agentdesk.core.instant import FLOOR
from agentdesk.engine import absence, clock, telling
from agentdesk.engine.check import Check, when
from agentdesk.errors import ConfigError
from agentdesk.i18n import tr
from agentdesk.store import due

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime, tzinfo

    from agentdesk.config import Home, Settings
    from agentdesk.engine.desk import Desk

LATELY = timedelta(days=7)
"""What happened to the clock before that is not said any more."""
FAR = timedelta(days=45)
"""A longer time closed is hardly meant: a whole August is."""
LOOKED = timedelta(minutes=3)
"""Whoever looks says so once a minute."""


def hours(home: Home, settings: Settings) -> Iterator[Check]:
    """The calendar and the two zones; they need no store."""
    zone, now = settings.desk.tzinfo, clock.now()
    try:
        yield _opening(home, settings, zone, now)
    except ConfigError as error:
        remedy = tr("Correct the file, or name another one: calendar under [desk] in {file}")
        reason = tr(error.detail).format(**error.values)
        yield Check("opening hours", ok=False, detail=reason, remedy=remedy.format(file=home.config_file))
    here, there = now.astimezone(), now.astimezone(zone)
    name = system_zone()
    if here.utcoffset() == there.utcoffset():
        yield Check("time zone", ok=True, detail=settings.desk.zone)
        return
    text = tr("the shop: {zone} ({time}), this machine: {other} ({here}); the shop's counts everywhere")
    detail = text.format(zone=settings.desk.zone, time=f"{there:%H:%M}", other=name, here=f"{here:%H:%M}")
    remedy = tr("If the shop is where the machine is: zone under [desk] in {file}")
    yield Check("time zone", ok=True, detail=detail, remedy=remedy.format(file=home.config_file))


def _opening(home: Home, settings: Settings, zone: tzinfo, now: datetime) -> Check:
    wanted = settings.desk.calendar
    calendar = load_calendar((home.config,), wanted, zone)
    if calendar.never_closes:
        remedy = "" if wanted else tr('If it is not: calendar = "shop" under [desk] in {file}')
        detail = tr("always open: promises run day and night")
        return Check("opening hours", ok=True, detail=detail, remedy=remedy.format(file=home.config_file))
    opens = next_opening(calendar, now)
    if opens == now:
        closes = next_closing(calendar, now)
        text, at = tr("{name}: open until {time}"), closes or now
    else:
        text, at = tr("{name}: closed, open again {time}"), opens
    detail = text.format(name=wanted, time=when(at, zone))
    if opens - now <= FAR:
        return Check("opening hours", ok=True, detail=detail)
    remedy = tr("Nothing that is promised ends before that. If that is not meant: calendars/{name}.toml")
    return Check("opening hours", ok=False, detail=detail, remedy=remedy.format(name=wanted))


def clocks(desk: Desk, home: Home, settings: Settings) -> Iterator[Check]:
    """What happened to the clock, and who was told of what is late."""
    yield _jumps(desk, home, settings.desk.tzinfo)
    yield _told(desk, home, settings)


def _jumps(desk: Desk, home: Home, zone: tzinfo) -> Check:
    now = desk.now()
    gaps = [each for each in absence.recorded(home) if timedelta() <= now - each.ended < LATELY]
    jumps = [each for each in gaps if each.kind in {Kind.FORWARD, Kind.BACK}]
    last = next(reversed(jumps or gaps), None)
    if last is None:
        return Check("clock", ok=True, detail=tr("nobody set it in the last 7 days, as far as was seen"))
    text = {
        Kind.FORWARD: tr("it was put forward, from {began} to {ended}"),
        Kind.BACK: tr("it was set back, from {began} to {ended}"),
    }.get(last.kind, tr("nobody set it; the laptop slept from {began} to {ended}"))
    detail = text.format(began=when(last.began, zone), ended=when(last.ended, zone))
    remedy = tr("See that the system sets its clock by the network: promises go by it")
    return Check("clock", ok=not jumps, detail=detail, remedy=remedy if jumps else "")


def _told(desk: Desk, home: Home, settings: Settings) -> Check:
    """Promises that ended, and of which nobody was told: it is seen by whoever looks at time, console or daemon."""
    now, looked_at = desk.now(), absence.looked_at(home)
    with closing(desk.reader()) as connection:
        late = due.promises(connection, FLOOR, now)
    looks = looked_at is not None and abs(now - looked_at) <= LOOKED
    seen = tr("now") if looks else when(looked_at, settings.desk.tzinfo) if looked_at else tr("never")
    told = telling.told(home, now)
    wanted = "breached" in telling.rules(settings.notify, desk.agent).kinds
    untold = [each for each in late if wanted and each.breach not in told]
    text = tr("{late} are late, nobody was told of {untold} of them; the clocks were last checked: {seen}")
    if not late:
        text = tr("none is late; the clocks were last checked: {seen}")
    detail = text.format(late=len(late), untold=len(untold), seen=seen)
    if looks or not untold:
        return Check("promises", ok=True, detail=detail)
    remedy = tr("Open the console, or leave running: agentdesk sync --daemon; see them: queue --view overdue")
    return Check("promises", ok=False, detail=detail, remedy=remedy)
