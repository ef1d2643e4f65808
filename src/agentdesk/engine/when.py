"""Times as people type them, in English, Spanish and Catalan: "2h", "tomorrow 9:00", "mañana 9", "dilluns a les 10".

Spans, the parts of a day and the words around a time are ours; dates, weekdays and months are `python-dateutil`'s, taught the
three languages. A day without a time means nine o'clock; a time that has passed today means tomorrow; a weekday is the next.
"""

import re
from datetime import UTC, datetime, time, timedelta, tzinfo
from functools import cache
from typing import Any

from agentdesk.core.daywords import MONTHS, MORNING, NEAR_DAYS, NUMBERS, WEEKDAYS
from agentdesk.core.text import safe_line
from agentdesk.i18n import tr

_NUMBER = rf"\d+(?:[.,]\d+)?|(?:{'|'.join(sorted(NUMBERS, key=len, reverse=True))})(?=[ h])"
_LONG = {
    "weeks": "w|weeks?|semanas?|setman(?:a|es)",
    "days": "d|days?|d[ií]as?|dies|dia",
    "hours": "h|hours?|hrs?|horas?|hora|hores",
    "minutes": "m|min|mins|minutes?|minutos?|minuts?",
    "seconds": "s|secs?|seconds?|segundos?|segons?",
}
"""How a length of time is called, the longest first: "1d12h" and "2 hours 30 minutes" are one span."""
_SPAN = re.compile(
    r"(?:in |en |dentro de |d'aqu[ií](?: a)? )?"
    + "".join(
        rf"(?:(?P<{unit}>{_NUMBER})\s*(?:{words})(?![^\W\d_])(?:,? (?:and |y |i )?)?)?"
        for unit, words in _LONG.items()
    )
)
_FILLER = re.compile(
    r"\b(?:at|a les|a las|a la|on|el|els|los|next|próximo|proximo|proper|vinent|de|d'|del|o'clock)\b|d'"
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
_HORIZON = timedelta(days=36_500)
"""Nobody means a time that is farther away than this, before or after."""


def when(text: str, now: datetime, zone: tzinfo) -> datetime:
    """The instant (UTC) that `text` means at `now` in `zone`; raises ValueError where it means none."""
    words = " ".join(text.strip().lower().split())
    try:
        at = _span(words, now) or _at(words, now.astimezone(zone), zone)
        if abs(at - now) <= _HORIZON:
            return at
    except OverflowError:
        pass  # a number that no calendar holds
    raise ValueError(text)


def _span(words: str, now: datetime) -> datetime | None:
    """ "2h", "en media hora", "20h30m" from now on; None where `words` are no length of time. "20h30" is a time of day."""
    found = _SPAN.fullmatch(words)
    said = {unit: each for unit, each in found.groupdict().items() if each} if found else {}
    if not said:
        return None
    return now + timedelta(
        **{unit: NUMBERS.get(each) or float(each.replace(",", ".")) for unit, each in said.items()}
    )


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
        return f"{_FILLER.sub(' ', found[1])} {_time(found[2]):%H:%M}"
    plain = _FILLER.sub(" ", words).strip()
    day, _, hour = plain.rpartition(" ")
    is_hour = day.strip(" ,") in _DAY_NAMES and _CLOCK.fullmatch(hour) is not None
    return f"{day} {_time(hour):%H:%M}" if is_hour else plain


def _names_a_day(text: str) -> bool:
    return not _DAY_NAMES.isdisjoint(text.replace(",", " ").split())


def _on(day: datetime, at: time, zone: tzinfo) -> datetime:
    return datetime.combine(day.date(), at, zone).astimezone(UTC)


def _time(text: str) -> time:
    found = _CLOCK.fullmatch(text.strip())
    if not found:
        raise ValueError(text)
    hour, minute = int(found[1]), int(found[2] or 0)
    if found[3] == "pm" and hour < 12:
        hour += 12
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
    if meant <= local and _names_a_day(text):
        meant += timedelta(days=7)
    return meant.astimezone(UTC)


@cache
def _languages() -> Any:
    from dateutil.parser import parserinfo

    return type("Languages", (parserinfo,), {"WEEKDAYS": list(WEEKDAYS), "MONTHS": list(MONTHS)})
