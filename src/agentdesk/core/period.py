"""A stretch of the past as people write it: 2026-11-01, 2026-10, yesterday, last month, 7d; in English, Spanish and Catalan.

Promises: a day, a week or a month is the desk's own, with 23 or 25 hours where the clock changes; `to` a day has the day in it;
words for a stretch that is over, given as the beginning alone, mean all of it. Refuses: guessing.
"""

from datetime import UTC, date, datetime, time, timedelta, tzinfo

from agentdesk.core.dates import beginning
from agentdesk.core.figures import Period
from agentdesk.core.folding import folded
from agentdesk.values import dataclass

DAYS = 30
"""So long is the period that nobody names, today included."""
_DAY, _WEEK, _MONTH, _YEAR = "day", "week", "month", "year"
_WORDS = {
    word: (unit, back)
    for unit, back, words in (
        (_DAY, 0, "today|hoy|avui"),
        (_DAY, 1, "yesterday|ayer|ahir"),
        (_WEEK, 0, "this week|esta semana|aquesta setmana"),
        (_WEEK, 1, "last week|la semana pasada|semana pasada|la setmana passada|setmana passada"),
        (_MONTH, 0, "this month|este mes|aquest mes"),
        (_MONTH, 1, "last month|el mes pasado|mes pasado|el mes passat|mes passat"),
        (_YEAR, 0, "this year|este ano|aquest any"),
        (_YEAR, 1, "last year|el ano pasado|ano pasado|l'any passat|any passat"),
    )
    for word in words.split("|")
}


class PeriodError(ValueError):
    """`reason`: unknown (word: it means no time), turned (the end is not after the beginning)."""

    def __init__(self, reason: str, word: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.word = word


@dataclass(frozen=True, slots=True)
class _Stretch:
    begin: datetime
    end: datetime
    named: bool
    """It is a word for the whole of it, such as "last month"."""


def period(since: str | None, until: str | None, now: datetime, zone: tzinfo) -> Period:
    """From `since` to `until`, both as typed and either left out; raises PeriodError."""
    first = _stretch(since, now, zone) if since else None
    last = _stretch(until, now, zone) if until else None
    end = last.end if last else first.end if first and first.named else now
    if first:
        begin = first.begin
    else:
        begin = _midnight(min(end, now).astimezone(zone).date() - timedelta(days=DAYS - 1), zone)
    begin, end = begin.astimezone(UTC), min(end, now).astimezone(UTC)
    if begin >= end:
        raise PeriodError("turned")
    return Period(begin, end)


def _stretch(text: str, now: datetime, zone: tzinfo) -> _Stretch:
    words = " ".join(folded(text).split())
    if words in _WORDS:
        unit, back = _WORDS[words]
        first = _first(unit, now.astimezone(zone).date(), back)
        return _Stretch(_midnight(first, zone), _midnight(_after(unit, first), zone), named=True)
    at = beginning(words, now, zone)
    if at is None:
        raise PeriodError("unknown", text)
    here = at.astimezone(zone)
    is_day = here.time() == time() and ":" not in words
    if not is_day or words[-1:].isalpha():
        return _Stretch(at, at, named=False)
    unit = _MONTH if len(words) == len("2026-10") else _DAY
    return _Stretch(at, _midnight(_after(unit, here.date()), zone), named=False)


def _first(unit: str, today: date, back: int) -> date:
    """The first day of the unit that lies `back` before today's."""
    match unit:
        case "week":
            return today - timedelta(days=today.weekday() + 7 * back)
        case "month":
            month = today.year * 12 + today.month - 1 - back
            return date(month // 12, month % 12 + 1, 1)
        case "year":
            return date(today.year - back, 1, 1)
        case _:
            return today - timedelta(days=back)


def _after(unit: str, first: date) -> date:
    """The first day after that unit."""
    match unit:
        case "week":
            return first + timedelta(days=7)
        case "month":
            return date(first.year + first.month // 12, first.month % 12 + 1, 1)
        case "year":
            return date(first.year + 1, 1, 1)
        case _:
            return first + timedelta(days=1)


def _midnight(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time(), zone)
