"""Times as people say them in the middle of a sentence, as the end by which something is then done: "mañana a primera hora",
"d'aquí a dues hores", "before Friday", "el 3 de diciembre".

Promises: pure and linear in the sentence; Spanish, Catalan and English, all at once; a day ends as the shop closes on it; "before
Friday" ends with the last open day before it. Refuses: what has begun or is a habit ("from Monday on", "los lunes", "hace dos días"),
and what is no time ("soon"). Who does it is `core.pledge`'s question. What is typed into a field is `engine.when`'s.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from agentdesk.core.daywords import MONTHS, NEAR_DAYS, NUMBERS, WEEKDAYS
from agentdesk.core.hours import open_spans
from agentdesk.core.timetable import Calendar
from agentdesk.values import dataclass

OPENS, CLOSES = time(9), time(20)
"""Of a day without opening hours, for whatever was said of it."""
_DAY = timedelta(days=1)


def _any(words: object) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))  # type: ignore[call-overload]


_N = rf"(?:\d{{1,3}}|{_any(NUMBERS)})"
_UNIT = r"min(?:ut[oe]?s?)?|h|hrs?|hor(?:a|as|es)|hours?|d[íi]as?|dies|days?|semanas?|setman(?:a|es)|weeks?"
_WORKING = r"h[áa]biles|laborables|feiners|laborals|business|working"
_WITHIN = re.compile(
    r"\b(?:en|dentro de|antes de|en (?:menos|un m[áa]ximo) de|en (?:un|el) plazo (?:m[áa]ximo )?de|en l[ao]s pr[óo]xim[ao]s|"
    r"d['’]aqu[íi](?: a)?|din(?:s|tre) de|abans de|en menys de|en un termini (?:màxim )?de|en (?:els|les) proper(?:s|es)|"
    r"in|within|in (?:less|under) than|(?:with)?in the next) (?:un[oae]?s |about |around |m[áa]ximo )?"
    rf"({_N})(?: ?(?:/|-|–|a|o|to|or) ?({_N}))? ?({_WORKING})? ?({_UNIT})\b(?: ({_WORKING}))?",
    re.IGNORECASE,
)
_LONG_DAYS = {word: n for n, names in enumerate(WEEKDAYS) for word in names if len(word) > 4}
_LONG_MONTHS = {
    word: n for n, names in enumerate(MONTHS, 1) for word in names if len(word) > 3 or word == "may"
}
_NEAR = re.compile(
    r"(?<!\bla )(?<!\besta )(?<!\buna )(?<!\bmedia )(?<!\bcada )(?<!\bde la )"
    rf"\b({_any(NEAR_DAYS)})(?: mismo| mateix)?\b",
    re.IGNORECASE,
)
_WEEKDAY = re.compile(
    r"(?<!\blos )(?<!\bels )(?<!\bcada )(?<!\bevery )(?<!\bfrom )(?<!\ba )(?<!\bto )(?<!\blast )(?<!\bthrough )(?<!\by )(?<!s i )(?<!e i )"
    rf"\b(est[e]? |aquest |this )?({_any(_LONG_DAYS)})\b(?! (?:pasado|passat|y|i|and|to|through)\b| a (?:{_any(_LONG_DAYS)})\b)",
    re.IGNORECASE,
)
_DATE = re.compile(
    rf"\b(?:d[íi]a )?(\d{{1,2}})(?:st|nd|rd|th)?(?: de | d'| d’| of | )({_any(_LONG_MONTHS)})\b(?:(?: del?)?,? (\d{{4}}))?|"
    rf"\b({_any(_LONG_MONTHS)}) (\d{{1,2}})(?:st|nd|rd|th)?\b(?:,? (\d{{4}}))?|"
    r"(?<![\d/.-])(\d{1,2})/(\d{1,2})(?:/(\d{4}|\d{2}))?(?![\d/])(?! ?(?:h|hor|d[íi]a|dies|day|hour)\w*\b)|"
    r"\b(?:el|on the) (?:d[íi]a )(\d{1,2})\b(?! d)",
    re.IGNORECASE,
)
_WEEK = re.compile(
    r"\b(esta semana|aquesta setmana|this week)\b|\b(semana que viene|pr[óo]xima semana|setmana que ve|setmana vinent|propera setmana|next week)\b",
    re.IGNORECASE,
)
_PAST = re.compile(r"\b(?:ayer|anteayer|antier|anoche|ahir|anit|yesterday|last night)\b", re.IGNORECASE)
_PART = re.compile(
    r"\b(?:esta|(?:por|de|durante|a lo largo de|en|en el (?:trans)?curso de) la|a lo largo de(?: esta)?) (?P<m>ma[ñn]ana)\b|\b(?:aquest|al|pel|del|durant el|al llarg del) (?P<m2>mat[íi])\b|"
    r"\b(?:(?:this|in the|during the) )?(?P<m3>morning)\b|"
    r"\b(?:(?:esta|por la|de la|durante la|a lo largo de la|en el (?:trans)?curso de la|a la|en la|aquesta|durant la|al llarg de la|this|in the|during the) )?(?P<t>tarde|tarda|afternoon)\b|"
    r"\b(?:esta|por la|de la|aquesta|aquest|a la|al|this|in the) (?P<n>noche|nit|vespre|evening)\b|\b(?P<n2>tonight)\b|"
    r"\b(?:(?:al|el|del|a|by|before|at) )?(?P<x>mediod[íi]a|migdia|noon|midday)\b|"
    r"\b(?:a )?(?P<f>primera hora)\b|\bfirst thing\b(?P<f2>)|"
    r"\b(?:a )?(?P<l>[úu]ltima hora|darrera hora|final del? d[íi]a|(?:a lo largo|en el (?:trans)?curso) del d[íi]a|al llarg del dia|durante el d[íi]a|durant el dia|(?:by )?(?:the )?end of (?:the )?day|during the day)\b",
    re.IGNORECASE,
)
_CLOCK = re.compile(
    r"\b(?:a las?|a les?|a la|at|by|before|antes de las?|abans de les?|sobre las?|cap a les|hacia las|no later than|at around|around|"
    r"(?:between|entre)(?: las?| les)? \d{1,2}(?:[:.h]\d{2})? ?h? (?:and|y|i)(?: las?| les)?) "
    r"(\d{1,2})(?:[:.h](\d{2}))?(?: ?(h|am|pm|a\.m\.|p\.m\.)|\b)(?! ?(?:d[íi]as?|dies|days?|semanas?|setman|weeks?|hor|hours?|%|€|euros?|unidades|/|\d))",
    re.IGNORECASE,
)
_BETWEEN = re.compile(
    r"[\s,]*(?:(?:de|del|d'|por|pel|a|al|la|el|les|las|on|by|at|in|the|before|antes|abans)[\s,]+)*",
    re.IGNORECASE,
)
_BEFORE = re.compile(r"\b(?:antes del?|abans del?|abans d'|before)\s*(?:el |la |l'|the )?$", re.IGNORECASE)
_OPEN_ENDED = re.compile(
    r"\b(?:a partir del?|desde|des del?|hasta|fins?(?: a)?|until|till|from|starting|since|hace|fa|últim[oa]|pasad[oa]|passat|last|durante los|cada|every)"
    r"(?: (?:el|la|les|los|las|on|l'|a|al|este|esta|this))?\s*$",
    re.IGNORECASE,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Spoken:
    """[start, end) of the sentence says a time; `due_at` is when what is then done must be done, in UTC."""

    start: int
    end: int
    due_at: datetime


@dataclass(frozen=True, slots=True)
class _Piece:
    """Part of a time: a day with how surely it is meant (the greater counts), a part of the day, an hour."""

    start: int
    end: int
    day: date | None = None
    sure: int = 0
    part: str = ""
    at: time | None = None
    whole: datetime | None = None


def times(sentence: str, now: datetime, calendar: Calendar) -> list[Spoken]:
    """What `sentence` says of times to come, in order."""
    spans = [_Piece(m.start(), m.end(), whole=_within(m, now, calendar)) for m in _WITHIN.finditer(sentence)]
    pieces = list(spans)
    for each in sorted(
        _pieces(sentence, now.astimezone(calendar.zone).date()), key=lambda p: (p.start, -p.end)
    ):
        if not any(
            each.start < other.end and other.start < each.end for other in pieces if other is not each
        ):
            pieces.append(each)
    groups: list[_Piece] = []
    for each in sorted(pieces, key=lambda p: p.start):
        joined = _joined(groups[-1], each, sentence) if groups else None
        groups[-1:] = [joined] if joined else [*groups[-1:], each]
    found = []
    for each in groups:
        before = sentence[: each.start]
        if not _OPEN_ENDED.search(before):
            due_at = each.whole or _due(each, now, calendar, before=_BEFORE.search(before) is not None)
            if due_at is not None and due_at > now:
                found.append(Spoken(each.start, each.end, due_at.astimezone(UTC)))
    return found


def _joined(one: _Piece, other: _Piece, sentence: str) -> _Piece | None:
    """Two pieces that stand beside one another and say one time together; None where they do not."""
    if one.whole or other.whole or not _BETWEEN.fullmatch(sentence, one.end, other.start):
        return None
    if (one.part and other.part and one.part != other.part) or (one.at and other.at):
        return None
    better = max(one, other, key=lambda each: each.sure)
    return replace(
        one,
        end=other.end,
        day=better.day,
        sure=better.sure,
        part=one.part or other.part,
        at=one.at or other.at,
    )


def _pieces(sentence: str, today: date) -> Iterator[_Piece]:
    for found in _DATE.finditer(sentence):
        if day := _date(found, today):
            yield _Piece(*found.span(), day, 3)
    for found in _NEAR.finditer(sentence):
        yield _Piece(*found.span(), today + NEAR_DAYS[found[1].lower()] * _DAY, 2)
    for found in _PAST.finditer(sentence):  # with it goes the part of that day
        yield _Piece(*found.span(), today - _DAY, 2)
    for found in _WEEKDAY.finditer(sentence):
        ahead = (_LONG_DAYS[found[2].lower()] - today.weekday()) % 7
        yield _Piece(*found.span(), today + (ahead if ahead or found[1] else 7) * _DAY, 1)
    for found in _WEEK.finditer(sentence):
        sunday = today + (6 - today.weekday() + (7 if found[2] else 0)) * _DAY
        yield _Piece(*found.span(), sunday, 1, part="week")
    for found in _PART.finditer(sentence):
        name = next(name for name, value in found.groupdict().items() if value is not None)
        part = "morning_en" if name == "m3" else name[0]
        yield _Piece(*found.span(), part=part)
    for found in _CLOCK.finditer(sentence):
        hour, minute = int(found[1]), int(found[2] or 0)
        said = (found[3] or "").lower()[:1]
        hour += 12 if hour < 12 and (said == "p" or (not said and hour < 8)) else 0
        if hour < 24 and minute < 60:
            yield _Piece(*found.span(), at=time(hour, minute))


def _date(found: re.Match[str], today: date) -> date | None:
    """The day that is meant: of a year that is not said, the next one."""
    day = int(found[1] or found[5] or found[7] or found[10])
    word = found[2] or found[4]
    month = _LONG_MONTHS[word.lower()] if word else int(found[8] or today.month)
    if found[0] == "24/7":
        return None
    year = found[3] or found[6] or found[9]
    try:
        if year:
            return date(int(year) + (2000 if len(year) == 2 else 0), month, day)
        meant = date(today.year, month, day)
    except ValueError:
        return None
    if meant >= today:
        return meant
    if found[10]:
        following = (today.replace(day=1) + 32 * _DAY).replace(day=1)
        return following + (day - 1) * _DAY
    return meant.replace(year=today.year + 1) if (today - meant).days > 180 else None


def _within(found: re.Match[str], now: datetime, calendar: Calendar) -> datetime:
    word = (found[2] or found[1]).lower()
    n = float(word) if word.isdigit() else NUMBERS[word]
    unit = found[4].lower()
    if unit.startswith("min"):
        return now + timedelta(minutes=n)
    works, local = found[3] or found[5], now.astimezone(calendar.zone)
    if (
        unit.startswith("h") and works and n % 24 == 0
    ):  # "48 horas laborables" are two days on which the shop opens
        return _local(calendar, _nth_open(calendar, local.date(), int(n) // 24), local.time())
    if unit.startswith("h"):
        return now + timedelta(hours=n)
    today = local.date()
    if unit.startswith("d") and works:
        return _closing(calendar, _nth_open(calendar, today, int(n)))
    return _closing(calendar, today + n * (_DAY if unit.startswith("d") else 7 * _DAY))


def _nth_open(calendar: Calendar, day: date, n: int) -> date:
    """The `n`th day after `day` on which the shop opens."""
    while n:
        day += _DAY
        n -= bool(_hours(calendar, day))
    return day


def _due(said: _Piece, now: datetime, calendar: Calendar, *, before: bool) -> datetime | None:
    """The end of what is said; None where that is over."""
    today = now.astimezone(calendar.zone).date()
    day = said.day or today
    if said.part == "week":
        return _closing(calendar, _last_open(calendar, day, today))
    if before and said.at is None and not said.part and said.day is not None:
        return _closing(calendar, _last_open(calendar, day - _DAY, today))
    due_at = _on(said, day, calendar)
    if due_at > now:
        return due_at
    if said.day is None:
        return _on(said, day + _DAY, calendar)
    return _local(calendar, day, time(23, 59)) if day == today and not said.part and said.at is None else None


def _on(said: _Piece, day: date, calendar: Calendar) -> datetime:
    if said.at is not None:
        at = said.at
        late = said.part in {"t", "n"} and at.hour < 12
        return _local(calendar, day, at.replace(hour=at.hour + 12) if late else at)
    if said.part in {"m", "morning_en", "x", "n"}:
        ends = {"m": time(14), "morning_en": time(12), "x": time(12), "n": time(22)}
        return _local(calendar, day, ends[said.part])
    if said.part == "f":
        return _opening(calendar, day) + timedelta(hours=1)
    return _closing(calendar, day)


def _last_open(calendar: Calendar, day: date, first: date) -> date:
    """The last day up to `day` on which the shop opens, not before `first`."""
    while day > first and not _hours(calendar, day):
        day -= _DAY
    return max(day, first)


def _hours(calendar: Calendar, day: date) -> list[datetime]:
    """When a day's hours begin and end; empty for one without. A shop that is always open works on weekdays."""
    start, end = _local(calendar, day, time()), _local(calendar, day + _DAY, time())
    if calendar.always:
        return [_local(calendar, day, OPENS), _local(calendar, day, CLOSES)] if day.weekday() < 5 else []
    spans = list(open_spans(calendar, start, end))
    return [spans[0].start, spans[-1].end] if spans else []


def _opening(calendar: Calendar, day: date) -> datetime:
    hours = _hours(calendar, day)
    return hours[0] if hours else _local(calendar, day, OPENS)


def _closing(calendar: Calendar, day: date) -> datetime:
    hours = _hours(calendar, day)
    return hours[-1] if hours else _local(calendar, day, CLOSES)


def _local(calendar: Calendar, day: date, at: time) -> datetime:
    return datetime.combine(day, at, calendar.zone)
