"""Times as people type them, in English, Spanish and Catalan: "2h", "tomorrow 9:00", "mañana 9", "dilluns a les 10".

Spans, the parts of a day and the words around a time are ours; dates, weekdays and months are `python-dateutil`'s, taught the
three languages. A day without a time means nine o'clock; a time that has passed today means tomorrow; a weekday, a day of the month
and a date without a year are the next ones, today among them. "lunes 9" is nine o'clock, "el lunes 9 a las 12" the ninth, where that is a Monday.
"""

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import cache
from typing import Any

from agentdesk.core.daywords import MONTHS, MORNING, NEAR_DAYS, NUMBERS, WEEKDAYS
from agentdesk.core.spokenday import JUST_PAST, coming
from agentdesk.core.text import safe_line
from agentdesk.i18n import tr

_NUMBER = rf"\d+(?:[.,]\d+)?|(?:{'|'.join(sorted(NUMBERS, key=len, reverse=True))})(?=[ h])"
_UNITS = {
    "weeks": "w|weeks?|semanas?|setman(?:a|es)",
    "days": "d|days?|d[ií]as?|dies|dia",
    "hours": "h|hours?|hrs?|horas?|hora|hores",
    "minutes": "m|min|mins|minutes?|minutos?|minuts?",
    "seconds": "s|secs?|seconds?|segundos?|segons?",
}
_LENGTH = rf"(?P<n>{_NUMBER})\s*(?:{'|'.join(f'(?P<{unit}>{words})' for unit, words in _UNITS.items())})(?![^\W\d_])"
_EACH = re.compile(_LENGTH)
_SPAN = re.compile(
    rf"(?:in |en |dentro de |d'aqu[ií](?: a)? )?(?:{re.sub('[?]P<[a-z]+>', '?:', _LENGTH)}(?:,? (?:and |y |i )?)?)+"
)
"""How a length of time is called: "1d12h", "2 hours 30 minutes" and "30m2h" are one span."""
_FILLER = re.compile(
    r"\b(?:at|a les|a las|a la|on|el|els|los|next|próximo|proximo|proper|vinent|de|d'|del|o'clock|este|aquest|this|que viene|que ve)\b|d'"
)
_CLOCK = re.compile(r"\b(\d{1,2})(?:[:.h](\d{2})?)?\s*(am|pm|h)?$")
_DAY_NAMES = frozenset(name for names in WEEKDAYS for name in names)
_MORNING_HOURS = (9, 11)
_PARTS = {
    word: hours
    for words, hours in (
        ("matí mati morning", _MORNING_HOURS),
        ("mediodía mediodia migdia noon midday", (12,)),
        ("tarde tarda afternoon", (16, 18)),
        ("noche nit vespre evening night tonight", (20, 22)),
    )
    for word in words.split()
}
"""When a part of the day is, and when what is left of it. The Spanish morning is one only behind "por la" and the like."""
_PART = re.compile(
    r"(?:^|[ ,])(?:(?P<today>esta|aquest|aquesta|this) |(?:por|de|en|a) la |(?:al|del|pel|a|at|in the) )?"
    rf"(?P<part>(?:(?<=la )|(?<=esta ))ma[ñn]ana|{'|'.join(_PARTS)})$"
)
_SAID = re.compile(r"^(?:(.+?),? )??(at |a les |a las |a la )?(\d{1,2}(?:[:.]\d{2})?)h?$")
_NEXT_WEEK = re.compile(
    r"(?:la )?(?:semana que viene|pr[oó]xima semana|setmana que ve|setmana vinent|propera setmana)|next week"
)
_END_OF_MONTH = re.compile(
    r"(?:a |el )?(?:fin|final|finales|finals) (?:de|del) mes|(?:the )?end of (?:the )?month"
)
_HOUR = re.compile(r"^(.+?),? (?:at|a les|a las|a la) (\d{1,2}(?:[:.h]\d{0,2})?\s*(?:am|pm|h)?)$")
"""A day and its hour, which are not to be taken for a day and its number."""
_DAY_OF_MONTH = re.compile(
    rf"(?:para |per |for )?(?P<the>el |al |on the |the )?(?:(?P<weekday>{'|'.join(sorted(_DAY_NAMES, key=len, reverse=True))}),? )?"
    r"(?P<named>(?:(?:el |the )?d[ií]a |the ))?(?P<day>\d{1,2})(?P<nth>st|nd|rd|th)?"
    r"(?=$|,? (?P<hour>at|a les|a las|a la|\d{1,2}[:.h])|,? (?:al|por|del|de la|in the|at|in|a) )"
)
"""A number that is the day of a month, and the hour that may stand behind it."""
_TODAY = next(name for name, ahead in NEAR_DAYS.items() if ahead == 0)
_YEAR = re.compile(r"\b\d{4}\b|\d[/.-]\d{1,2}[/.-]\d")
_DATELESS = re.compile(rf"(?:{'|'.join(_DAY_NAMES)})[ ,]*(?:\d{{1,2}}:\d{{2}})?")
"""A weekday alone, or with its hour."""
_HORIZON = timedelta(days=36_500)
"""Nobody means a time that is farther away than this, before or after."""


def when(text: str, now: datetime, zone: tzinfo, closes_at: datetime | None = None) -> datetime:
    """The instant (UTC) that `text` means at `now` in `zone`; raises ValueError where it means none. "El 30" on the 30th is today as
    long as something is left of it: until `closes_at`, when the shop closes today; from then on it is the next month's."""
    words = " ".join(text.strip().lower().split())
    local = now.astimezone(zone)
    try:
        at = _span(words, local) or _on_its_day(words, local, zone, closes_at)
        if abs(at - now) <= _HORIZON:
            return at
    except OverflowError:
        pass  # a number that no calendar holds
    raise ValueError(text)


def _span(words: str, local: datetime) -> datetime | None:
    """ "2h", "en media hora", "20h30m" from now on; None where `words` are no length of time. "20h30" is a time of day. Days and
    weeks go by the clock on the wall, which may be set back meanwhile; raises ValueError where a unit is said twice."""
    if not _SPAN.fullmatch(words):
        return None
    said: dict[str, float] = {}
    for found in _EACH.finditer(words):
        unit = next(unit for unit in _UNITS if found[unit])
        if unit in said:
            raise ValueError(words)
        said[unit] = NUMBERS.get(found["n"]) or float(found["n"].replace(",", "."))
    days = timedelta(**{unit: said.pop(unit) for unit in ("weeks", "days") if unit in said})
    return (local + days).astimezone(UTC) + timedelta(**said)


def _on_its_day(words: str, local: datetime, zone: tzinfo, closes_at: datetime | None) -> datetime:
    today = local.date()
    said = _with_its_day(words, today)
    if said == words or not said.startswith(str(today)):
        return _at(said, local, zone)
    rest = said.removeprefix(str(today))
    at = _at(f"{_TODAY}{rest}", local, zone)
    if at > local:
        return at
    if not rest and closes_at and closes_at > local:
        return closes_at
    try:
        return _at(_with_its_day(words, today + timedelta(days=1)), local, zone)
    except ValueError:  # the next one is not on the weekday that is said
        return at


def _with_its_day(words: str, today: date) -> str:
    """ "el 16 a las 10:30", "monday the 9th", "día 16" with the coming such day in figures, so that it is not taken for an hour;
    raises ValueError where it is not on the weekday that is said. "lunes 9" alone is nine o'clock."""
    found = _DAY_OF_MONTH.match(words)
    if not found or not (
        found["the"] or found["named"] or found["nth"] or (found["weekday"] and found["hour"])
    ):
        return words
    day = coming(int(found["day"]), today)
    weekday = next((n for n, names in enumerate(WEEKDAYS) if found["weekday"] in names), None)
    if day and weekday in {None, day.weekday()}:
        return f"{day} {words[found.end('day') :].removeprefix(found['nth'] or '')}".strip()
    if found["named"] or found["nth"] or found["hour"] or weekday is None:
        raise ValueError(words)
    return words


def _at(words: str, local: datetime, zone: tzinfo) -> datetime:
    if _NEXT_WEEK.fullmatch(words):
        return _on(local + timedelta(days=7 - local.weekday()), MORNING, zone)
    if _END_OF_MONTH.fullmatch(words):
        return _end_of_month(local, zone)
    if found := _PART.search(words):
        words = _with_its_hour(words[: found.start()].strip(" ,"), found, local)
    for name in sorted(NEAR_DAYS, key=len, reverse=True):
        if words == name or words.startswith((name + " ", name + ",")):
            rest = _FILLER.sub(" ", words[len(name) :].strip(" ,")).strip()
            return _on(local + timedelta(days=NEAR_DAYS[name]), _time(rest) if rest else MORNING, zone)
    return _dated(_with_plain_hour(words), local, zone)


def no_time(text: str) -> str:
    """What is said of a text that means none."""
    return tr('"{text}" is no time; try 2h, "tomorrow 9:00" or "mañana 9"').format(
        text=safe_line(text.strip())
    )


def _end_of_month(local: datetime, zone: tzinfo) -> datetime:
    """Its last day, or the next one's where that morning has passed."""
    from dateutil.relativedelta import relativedelta

    ends = (_on(local + relativedelta(months=n, day=31), MORNING, zone) for n in (0, 1))
    return next(each for each in ends if each > local)


def _with_its_hour(day: str, part: re.Match[str], local: datetime) -> str:
    """ "viernes" and "por la tarde" as "viernes 16:00", "a las 5" and "de la tarde" as "17:00"; alone the part of the day is the
    next one, with "this" what is left of today's."""
    hours = _PARTS.get(part["part"], _MORNING_HOURS)
    said = _SAID.fullmatch(day)
    if said and (said[2] or said[1] is None or said[1] in _DAY_NAMES or said[1] in NEAR_DAYS):
        return f"{said[1] or ''} {_of_part(_time(said[3]), hours[0]):%H:%M}".strip()
    left = next((hour for hour in hours if hour > local.hour), None)
    if NEAR_DAYS.get(day) == 0:
        return f"{day} {left or hours[-1]}:00"
    if day:
        return f"{day} {hours[0]}:00"
    if left is None and (part["today"] or part["part"] == "tonight"):
        raise ValueError(part[0])
    return f"{left or hours[0]}:00"


def _of_part(at: time, begins: int) -> time:
    """ "5" in the afternoon is 17:00; what would be past midnight is refused, since nobody can tell of which day it is."""
    late = at.hour + 12 if at.hour < 12 and begins > 12 else at.hour
    if begins == 20 and not 18 <= late <= 23:
        raise ValueError(f"{at:%H:%M}")
    return at.replace(hour=late)


def _with_plain_hour(words: str) -> str:
    """ "lunes a las 9" and "lunes 9" as "lunes 09:00", so that the hour is not taken for a day or a year."""
    if found := _HOUR.fullmatch(words):
        return f"{' '.join(_FILLER.sub(' ', found[1]).split())} {_time(found[2]):%H:%M}"
    plain = _FILLER.sub(" ", words).strip()
    day, _, hour = plain.rpartition(" ")
    is_hour = day.strip(" ,") in _DAY_NAMES and _CLOCK.fullmatch(hour) is not None
    return f"{day} {_time(hour):%H:%M}" if is_hour else plain


def _on(day: datetime, at: time, zone: tzinfo) -> datetime:
    return datetime.combine(day.date(), at, zone).astimezone(UTC)


def _time(text: str) -> time:
    found = _CLOCK.fullmatch(text.strip())
    if not found:
        raise ValueError(text)
    hour, minute = int(found[1]), int(found[2] or 0)
    if found[3] == "pm" and hour < 12:
        hour += 12
    elif found[3] == "am":
        if hour > 12:
            raise ValueError(text)
        hour %= 12
    return time(hour, minute)


def _dated(text: str, local: datetime, zone: tzinfo) -> datetime:
    bare = _CLOCK.fullmatch(text.strip())
    if bare:
        at = _on(local, _time(text), zone)
        return at if at > local else _on(local + timedelta(days=1), _time(text), zone)
    from dateutil.parser import ParserError, parse

    default = local.replace(hour=9, minute=0, second=0, microsecond=0, tzinfo=None)
    try:
        found: Any = parse(text, parserinfo=_languages()(dayfirst=not text[:4].isdigit()), default=default)
    except (ParserError, OverflowError) as error:
        raise ValueError(text) from error
    meant: datetime = found if found.tzinfo else found.replace(tzinfo=zone)
    if not _YEAR.search(text) and meant <= local:
        meant = _ahead(text, meant, local)
    if _weekdays(text) - {meant.weekday()}:
        raise ValueError(text)
    return meant.astimezone(UTC)


def _ahead(text: str, meant: datetime, local: datetime) -> datetime:
    """The next of what has passed: a weekday's in a week, a date's in a year, where it is not of these months."""
    if _DATELESS.fullmatch(text):
        return meant + timedelta(days=7)
    return meant.replace(year=meant.year + 1) if (local - meant).days > JUST_PAST else meant


def _weekdays(text: str) -> set[int]:
    words = set(text.replace(",", " ").split())
    return {n for n, names in enumerate(WEEKDAYS) if not words.isdisjoint(names)}


@cache
def _languages() -> Any:
    from dateutil.parser import parserinfo

    return type("Languages", (parserinfo,), {"WEEKDAYS": list(WEEKDAYS), "MONTHS": list(MONTHS)})
