"""A day's beginning and end in words, and what came while nobody looked: one line for each figure, and a plot of what is due by
the hour; for console and command line.

Promises: a figure that reached the end of its counting says "or more". Refuses: layout.
"""

from datetime import date, datetime, timedelta, tzinfo

from agentdesk import dates, duration, nightfall, present
from agentdesk.core.afterhours import Heard
from agentdesk.core.closing import Closing, Ending
from agentdesk.core.gap import Came, Gap, Kind
from agentdesk.core.morning import CAP, Morning, Pace
from agentdesk.core.text import safe_line
from agentdesk.i18n import tr, tr_n
from agentdesk.values import dataclass

CALM = frozenset({"waking", "silent"})
"""Figures of an evening that ask for nothing before it."""
DAWN = 6
_TURNS = {"en": (12, 18)}
"""By language the hours at which the afternoon and the evening begin."""
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


def greeting(name: str, here: datetime, language: str) -> str:
    """What one says to somebody at this hour, and the hour; `language` is the desk's: in English an afternoon begins at noon, in
    Spanish and Catalan after lunch."""
    noon, evening = _TURNS.get(language, (14, 21))
    text = tr("Good evening, {name}.")
    if DAWN <= here.hour < evening:
        text = tr("Good morning, {name}.") if here.hour < noon else tr("Good afternoon, {name}.")
    time = tr_n("It is {time}.", "It is {time}.", here.hour).format(time=f"{here.hour}:{here:%M}")
    return f"{text.format(name=name)} {time}"


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
    time = duration.open_span(max(60.0, pace.hours * 3600))
    return said + "; " + tr("at that pace all is answered in {time} of work").format(time=time)


def evening(told: Closing, heard: tuple[Heard, ...], zone: tzinfo) -> tuple[Figure, ...]:
    """What a day leaves behind, what cannot wait first, and the channels that say nothing meanwhile last."""
    silent = nightfall.silent(heard)
    return (
        Figure(
            "lost", tr("windows that close before we open"), len(told.lost), _first(told.lost, told, zone)
        ),
        Figure(
            "pressed",
            tr("windows with only the next day left"),
            len(told.pressed),
            _first(told.pressed, told, zone),
        ),
        Figure("late", tr("late now"), told.late),
        Figure("due", tr("due before we open"), told.due),
        Figure("unanswered", tr("customers without an answer"), told.unanswered),
        Figure("drafts", tr("drafts"), told.drafts),
        Figure("outbox", tr("waiting to go out"), told.held),
        Figure("failed", tr("not sent"), told.failed),
        Figure("unknown", tr("in doubt"), told.unknown),
        Figure("waking", tr("awake again before we open"), told.waking),
        Figure("silent", tr("channels that say nothing meanwhile"), len(silent), ", ".join(silent)),
    )


def at_rest(figures: tuple[Figure, ...]) -> tuple[str, ...]:
    """For an evening on which nothing stands open: what this is for, and that it is so."""
    if any(each.n for each in figures if each.key not in CALM):
        return ()
    return (tr("Here you see what must not wait until we open again. There is nothing: you can close."),)


def at_ease(figures: tuple[Figure, ...]) -> tuple[str, ...]:
    """The same for a day."""
    if any(each.n for each in figures):
        return ()
    return (tr("Here you see what the day brings. Nothing came, nothing is due and nobody waits."),)


def _first(endings: tuple[Ending, ...], told: Closing, zone: tzinfo) -> str:
    """When the first of them ends."""
    return _when(endings[0].at, told.now, zone) if endings else ""


def endings(told: Closing, zone: tzinfo) -> tuple[str, ...]:
    """A line for each window that ends, the soonest first."""
    text = tr("#{number} {channel}, {name}: free answers until {time}")
    return tuple(
        text.format(
            number=each.number,
            channel=present.channel(each.channel),
            name=safe_line(each.name),
            time=_when(each.at, told.now, zone),
        )
        for each in (*told.lost, *told.pressed)
    )


def night(told: Closing, zone: tzinfo) -> str:
    """When the desk closes and opens, and whether the clocks change in between."""
    ahead, said = told.night, []
    if ahead.opens_at is None:
        said.append(tr("The desk never closes; this looks at the next 24 hours."))
    elif ahead.closes_at is None:
        said.append(tr("Closed now; open again: {time}.").format(time=_when(ahead.opens_at, told.now, zone)))
    else:
        text = tr("We close at {closes} and open again: {opens}.")
        closes, opens = (_when(at, told.now, zone) for at in (ahead.closes_at, ahead.opens_at))
        said.append(text.format(closes=closes, opens=opens))
    if told.shift:
        hours = duration.span(abs(told.shift).total_seconds())
        text = (
            tr("The clocks go forward {time} before that.")
            if told.shift > timedelta()
            else tr("The clocks go back {time} before that.")
        )
        said.append(text.format(time=hours))
    return " ".join(said)


def offer(closes_at: datetime, now: datetime) -> str:
    """The line that offers the end of the day."""
    left = present.brief(max(0.0, (closes_at - now).total_seconds()))
    return tr("We close in {time}: what must not wait until we open again").format(time=left)


def rules(count: int) -> str:
    """The line that offers what can be done by itself."""
    text = tr_n(
        "{n} rule is ready and none is on: what shall be done by itself? Esc takes this away for good",
        "{n} rules are ready and none is on: what shall be done by itself? Esc takes this away for good",
        count,
    )
    return text.format(n=count)


def gap(gap: Gap, came: Came, zone: tzinfo) -> str:
    """What happened to time, and what came meanwhile, in one line; "" where there is nothing to say."""
    began, ended = gap.began.astimezone(zone), gap.ended.astimezone(zone)
    if gap.kind in {Kind.FORWARD, Kind.BACK}:
        text = {
            Kind.FORWARD: tr("The clock was put forward by {span}, from {began} to {ended}"),
            Kind.BACK: tr("The clock was set back by {span}, from {began} to {ended}"),
        }[gap.kind]
        said = text.format(
            span=duration.span(gap.span.total_seconds()), began=f"{began:%H:%M}", ended=f"{ended:%H:%M}"
        )
        missed = _missed(came) if gap.kind is Kind.FORWARD else ""
        return f"{said}: {missed}" if missed else said
    if not came.is_news:
        return ""
    text = {
        Kind.SLEPT: tr("While the laptop slept ({began} to {ended})"),
        Kind.CLOSED: tr("While agentdesk was closed ({began} to {ended})"),
    }[gap.kind]
    since = f"{began:%H:%M}"
    if began.date() != ended.date():
        since = f"{_day(began.date(), ended.date())} {since}"
    said = text.format(began=since, ended=f"{ended:%H:%M}")
    parts = (_messages(came), _missed(came), _windows(came, zone))
    return f"{said}: {', '.join(filter(None, parts))}"


def _messages(came: Came) -> str:
    if not came.messages:
        return ""
    customers = tr_n("{n} customer", "{n} customers", came.customers).format(n=came.customers)
    n = f"{came.messages}+" if came.messages >= CAP else str(came.messages)
    text = tr_n("{n} message of {customers}", "{n} messages of {customers}", came.messages)
    return text.format(n=n, customers=customers)


def _missed(came: Came) -> str:
    text = tr_n("{n} promise ended", "{n} promises ended", came.missed)
    return text.format(n=came.missed) if came.missed else ""


def _windows(came: Came, zone: tzinfo) -> str:
    if came.window_at is None:
        return ""
    text = tr_n("{n} window closes at {time}", "{n} windows close, the first at {time}", came.windows)
    return text.format(n=came.windows, time=f"{came.window_at.astimezone(zone):%H:%M}")


def _when(at: datetime, now: datetime, zone: tzinfo) -> str:
    return dates.coming(at.astimezone(zone), now.astimezone(zone))
