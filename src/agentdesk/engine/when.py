"""Times as people type them, in English, Spanish and Catalan: "2h", "tomorrow 9:00", "mañana 9", "dilluns a les 10".

Spans and the words around a time are ours; dates, weekdays and months are `python-dateutil`'s, taught the three
languages. A day without a time means nine o'clock; a time that has passed today means tomorrow; a weekday is the next.
"""

import re
from datetime import UTC, datetime, time, timedelta, tzinfo
from functools import cache
from typing import Any

from agentdesk.core.daywords import MONTHS, NEAR_DAYS, WEEKDAYS

MORNING = time(9, 0)
_SPAN = re.compile(
    r"^(?:in |en |dentro de |d'aqu[ií] a |d'aqui )?(\d+(?:[.,]\d+)?)\s*"
    r"(m|min|mins|minutes?|minutos?|minuts?|h|hours?|hrs?|horas?|hora|hores|d|days?|d[ií]as?|dies|dia|"
    r"w|weeks?|semanas?|setman(?:a|es))$"
)
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks", "s": "weeks"}
_FILLER = re.compile(
    r"\b(?:at|a les|a las|a la|on|el|els|los|next|próximo|proximo|proper|vinent|de|d'|del|o'clock)\b|d'"
)
_CLOCK = re.compile(r"\b(\d{1,2})(?:[:.h](\d{2})?)?\s*(am|pm|h)?$")
_DAY_NAMES = frozenset(name for names in WEEKDAYS for name in names)
_HOUR = re.compile(r"^(.+?),? (?:at|a les|a las|a la) (\d{1,2}(?:[:.h]\d{0,2})?\s*(?:am|pm|h)?)$")
"""A day and its hour, which are not to be taken for a day and its number."""


def when(text: str, now: datetime, zone: tzinfo) -> datetime:
    """The instant (UTC) that `text` means at `now` in `zone`; raises ValueError where it means none."""
    words = " ".join(text.strip().lower().split())
    span = _SPAN.match(words)
    if span:
        unit = _UNITS[span[2][0]] if not span[2].startswith("min") else "minutes"
        return now + timedelta(**{unit: float(span[1].replace(",", "."))})
    local = now.astimezone(zone)
    for name in sorted(NEAR_DAYS, key=len, reverse=True):
        if words == name or words.startswith((name + " ", name + ",")):
            rest = _FILLER.sub(" ", words[len(name) :].strip(" ,")).strip()
            return _on(local + timedelta(days=NEAR_DAYS[name]), _time(rest) if rest else MORNING, zone)
    return _dated(_with_plain_hour(words), local, zone)


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
