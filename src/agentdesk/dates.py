"""A day in words, as the agent's language writes it. Pure."""

from datetime import date, datetime, tzinfo

from agentdesk.errors import N_
from agentdesk.i18n import tr, tr_n

# A month stands in a template because its preposition changes with it: "d'abril", "de maig".
_MONTHS = (
    (N_("{day} January"), N_("{day} Jan")),
    (N_("{day} February"), N_("{day} Feb")),
    (N_("{day} March"), N_("{day} Mar")),
    (N_("{day} April"), N_("{day} Apr")),
    (N_("{day} May"), N_("{day} May")),
    (N_("{day} June"), N_("{day} Jun")),
    (N_("{day} July"), N_("{day} Jul")),
    (N_("{day} August"), N_("{day} Aug")),
    (N_("{day} September"), N_("{day} Sep")),
    (N_("{day} October"), N_("{day} Oct")),
    (N_("{day} November"), N_("{day} Nov")),
    (N_("{day} December"), N_("{day} Dec")),
)
_WEEKDAYS = (
    N_("Monday"),
    N_("Tuesday"),
    N_("Wednesday"),
    N_("Thursday"),
    N_("Friday"),
    N_("Saturday"),
    N_("Sunday"),
)


def day(at: date, today: date) -> str:
    """A day in full, as a heading: "today, Monday, 23 November"; with the year where it is another one."""
    text = tr(_MONTHS[at.month - 1][0]).format(day=at.day)
    if at.year != today.year:
        text = tr("{day} {year}").format(day=text, year=at.year)
    text = tr("{weekday}, {day}").format(weekday=tr(_WEEKDAYS[at.weekday()]), day=text)
    near = {0: N_("today"), 1: N_("yesterday")}.get((today - at).days)
    return f"{tr(near)}, {text}" if near else text


def coming(at: datetime, now: datetime) -> str:
    """A time that is still to come, both in one zone: "17:30" today, "Monday 9:00" within a week, else "3 Dec 9:00"."""
    clock, days = f"{at.hour}:{at:%M}", (at.date() - now.date()).days
    if days == 0:
        return clock
    day = tr(_WEEKDAYS[at.weekday()]) if 0 < days < 7 else short_day(at.date(), now.date())
    return f"{day} {clock}"


def by(at: datetime, now: datetime) -> str:
    """The same within a sentence: "for 17:30", "for Monday 9:00". Articles go with the hour ("a la 1:30", "a las 2:30"), and a weekday's
    with its language, so that a template could not hold them."""
    clock, days = f"{at.hour}:{at:%M}", (at.date() - now.date()).days
    if days == 0:
        return tr_n("for {time}", "for {time}", at.hour).format(time=clock)
    if 0 < days < 7:
        text = tr_n("for {weekday} {time}", "for {weekday} {time}", at.hour)
        return text.format(weekday=tr(_WEEKDAYS[at.weekday()]), time=clock)
    text = tr_n("for {day} {time}", "for {day} {time}", at.hour)
    return text.format(day=short_day(at.date(), now.date()), time=clock)


def named(at: datetime, now: datetime) -> str:
    """A time to come with its day always named, both in one zone: "Friday, 4 December, 16:00"."""
    return tr("{day}, {time}").format(day=day(at.date(), now.date()), time=f"{at.hour}:{at:%M}")


def local(at: datetime, zone: tzinfo) -> str:
    """A time as one writes it down, in a zone's own time: "2026-11-23 10:00", with its seconds where it has some, and with
    its offset in an hour that the clocks strike twice."""
    there = at.astimezone(zone).replace(microsecond=0)
    text = f"{there:%Y-%m-%d %H:%M:%S}".removesuffix(":00")
    is_twice = there.replace(fold=0).utcoffset() != there.replace(fold=1).utcoffset()
    return f"{text} {there:%z}" if is_twice else text


def short_day(at: date, today: date) -> str:
    """A day in a list: "23 Nov", of another year "2025-11-23"."""
    if at.year != today.year:
        return at.isoformat()
    return tr(_MONTHS[at.month - 1][1]).format(day=at.day)


def weekday(day: int) -> str:
    """The weekday's name; 0 is Monday."""
    return tr(_WEEKDAYS[day])
