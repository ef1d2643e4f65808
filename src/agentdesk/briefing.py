"""The morning in words: one line for each figure, and a plot of what is due by the hour; for console and command line.

Promises: a figure that reached the end of its counting says "or more". Refuses: layout.
"""

from dataclasses import dataclass
from datetime import date, tzinfo

from agentdesk import dates, present
from agentdesk.core.morning import CAP, Morning, Pace
from agentdesk.i18n import tr, tr_n

WIDTH = 40
"""Cells of the longest bar."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One line: `key` says where it leads."""

    key: str
    title: str
    n: int
    more: str = ""

    @property
    def words(self) -> str:
        return f"{self.n}+" if self.n >= CAP else str(self.n)


def figures(told: Morning, zone: tzinfo) -> tuple[Figure, ...]:
    """In the order in which a day begins."""
    channels = ", ".join(f"{present.channel(channel)} {n}" for channel, n in told.arrived)
    return (
        Figure("arrived", _since(told, zone), sum(n for _, n in told.arrived), channels),
        Figure("late", tr("late now"), told.late),
        Figure("due", tr("due today"), sum(n for _, n in told.due)),
        Figure("back", tr("awake again today"), told.back),
        Figure("unanswered", tr("customers without an answer"), told.unanswered),
        Figure("drafts", tr("drafts"), told.drafts),
        Figure("outbox", tr("waiting to go out"), told.held),
        Figure("stuck", tr("not sent, or in doubt"), told.stuck),
    )


def _since(told: Morning, zone: tzinfo) -> str:
    if told.since is None:
        return tr("arrived today")
    here, today = told.since.astimezone(zone), told.now.astimezone(zone).date()
    return tr("arrived since {time}").format(time=f"{_day(here.date(), today)} {here:%H:%M}".strip())


def _day(at: date, today: date) -> str:
    return dates.short_day(at, today)


def bars(told: Morning, sign: str, width: int = WIDTH) -> tuple[str, ...]:
    """What is due by the hour, a line an hour, a cell a ticket as far as there is room; hours in which nothing is have none."""
    most = max((n for _, n in told.due), default=0)
    cells = {n: max(1, n * width // max(most, width)) for _, n in told.due}
    return tuple(f"{hour:02}:00 {sign * cells[n]} {n}" for hour, n in told.due)


def speed(pace: Pace) -> str:
    """The pace in one line."""
    said = tr_n("{n} answer today", "{n} answers today", pace.today).format(n=pace.today)
    if pace.a_day is None or pace.hours is None:
        return said
    said += "; " + tr("{n} a day this week").format(n=round(pace.a_day))
    if pace.hours <= 0:
        return said
    time = present.span(max(60.0, pace.hours * 3600))
    return said + "; " + tr("at that pace all is answered in {time} of work").format(time=time)
