"""Times as people say them in the middle of a sentence, as the end by which something is then done: "mañana a primera hora",
"d'aquí a dues hores", "before Friday", "el 16 a las 10:30".

Promises: pure and linear in the sentence; Spanish, Catalan and English, all at once; a day ends as the shop closes on it; "before
Friday" ends with the last open day before it, a week with its own last open day; an hour belongs to the day that its clause names.
Refuses: what has begun or is a habit ("from Monday on", "los lunes", "hace dos días"), what is no time ("soon"), and what can be
told only in part: an hour beside a day that is not known is no time at all. Who does it is `core.pledge`'s question. What is typed
into a field is `engine.when`'s.
"""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from agentdesk.core.daywords import NUMBERS
from agentdesk.core.hours import deadline, open_spans
from agentdesk.core.spokenday import NEAR, ONE_DAY, WEEKDAY, Day, days
from agentdesk.core.spokenhour import Hour, any_of, hours
from agentdesk.core.timetable import Calendar
from agentdesk.values import dataclass

OPENS, CLOSES = time(9), time(20)
"""Of a day without opening hours, for whatever was said of it."""
_LAST = time(23, 59)
_ENDS = {"m": time(14), "e": time(12), "x": time(12), "n": time(22)}
"""When a part of the day is over: the Spanish morning, the English one, midday, the night."""
_AFTERNOON = time(14)
"""A shop that has closed by then has no afternoon of its own."""
_NIGHT = 5
"""Before this hour nobody can tell whether "tomorrow" is the day that has begun."""

_N = rf"(?:\d{{1,3}}|{any_of(NUMBERS)})"
_UNIT = r"min(?:ut[oe]?s?)?|h|hrs?|hor(?:a|as|es)|hours?|d[íi]as?|dies|days?|semanas?|setman(?:a|es)|weeks?"
_WORKING = r"h[áa]biles|laborables|feiners|laborals|business|working"
_WITHIN = re.compile(
    r"\b(?:en|dentro de|antes de|en (?:menos|un m[áa]ximo) de|en (?:un|el) plazo (?:m[áa]ximo )?de|en l[ao]s pr[óo]xim[ao]s|"
    r"d['’]aqu[íi](?: a)?|din(?:s|tre) de|abans de|en menys de|en un termini (?:màxim )?de|en (?:els|les) proper(?:s|es)|"
    r"in|within|in (?:less|under) than|(?:with)?in the next) (?:un[oae]?s |about |around |m[áa]ximo )?"
    rf"({_N})(?: ?(?:/|-|–|a|o|to|or) ?({_N}))? ?({_WORKING})? ?({_UNIT})\b(?: ({_WORKING}))?(?: (?:y|i|and) (media|mitja|a half|cuarto|un cuarto|un quart|\d{{1,2}})(?: min\w*)?\b)?",
    re.IGNORECASE,
)
_BETWEEN = re.compile(
    r"[\s,()]*(?:(?:de|del|d'|por|pel|a|al|la|el|les|las|on|by|at|in|the|before|antes|abans)[\s,]+)*",
    re.IGNORECASE,
)
_BEFORE = re.compile(
    r"\b(?:antes del?|abans del?|abans d'|(?<!\bon or )before)\s*(?:el |la |l'|the )?$", re.IGNORECASE
)
_OPEN_ENDED = re.compile(
    r"\b(?:a partir del?|desde|des del?|hasta|fins?(?: a)?|until|till|from|starting|since|hace|fa|últim[oa]|pasad[oa]|passat|last|despu[ée]s del?|tras|despr[ée]s del?|after|durante los|cada|every)"
    r"(?: (?:el|la|les|los|las|the|on|l'|a|al|este|esta|this))?\s*$",
    re.IGNORECASE,
)  # fmt: skip
_CLAUSE = re.compile(
    r"[,;:()]|\b(?:y|i|o|and|or|pero|però|but|que|cuando|quan|when|porque|perqu[èe]|because|como|com|as|mientras|mentre|while)\b",
    re.IGNORECASE,
)
"""What an hour does not look across for the day of its clause."""
_FRONT = re.compile(r"(?:^|[,;:])\s*(?:(?:el|para el|on|the|y|i|and) )*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Spoken:
    """[start, end) of the sentence says a time; `due_at` is when what is then done must be done, in UTC: as the `day` ends that is
    said without an hour, None where one is said."""

    start: int
    end: int
    due_at: datetime
    day: date | None = None

    def tells_more(self, other: "Spoken", zone: tzinfo) -> bool:
        """Whether this one counts, of two times that are said of one act: the hour of the other's day, else the later one."""
        if (self.day is None) != (other.day is None):
            hour, day = (self, other) if self.day is None else (other, self)
            if hour.due_at.astimezone(zone).date() == day.day:
                return hour is self
        return other.due_at < self.due_at


@dataclass(frozen=True, slots=True)
class _Said:
    """[start, end) of the sentence says a day, an hour of it, both, or the instant `whole` at which a length of time is over."""

    start: int
    end: int
    day: Day | None = None
    hour: Hour | None = None
    whole: datetime | None = None

    @property
    def is_known(self) -> bool:
        """Whether it can be told when that is: a bare number, or a bare "12:30", is a time only beside the other."""
        if self.whole is not None:
            return True
        day, hour = self.day, self.hour
        if day is None or hour is None:
            return (day is not None and day.known and day.firm) or (hour is not None and hour.firm)
        return day.on is not None


def times(sentence: str, now: datetime, calendar: Calendar) -> list[Spoken]:
    """What `sentence` says of times to come, in order."""
    now = now.astimezone(UTC)
    found = []
    for each in _with_their_days(_side_by_side(_pieces(sentence, now, calendar), sentence), sentence):
        before = sentence[: each.start]
        if each.is_known and not _OPEN_ENDED.search(before):
            due_at = each.whole or _due(each, now, calendar, before=_BEFORE.search(before) is not None)
            if due_at is not None and due_at > now:
                day = each.day.on if each.day and each.hour is None else None
                found.append(Spoken(each.start, each.end, due_at, day))
    return found


def _pieces(sentence: str, now: datetime, calendar: Calendar) -> list[_Said]:
    """Every day, length of time and hour that is said, in order; of two that overlap the one that is listed first here."""
    here = now.astimezone(calendar.zone)
    said = []
    for day in days(sentence, here.date()):
        is_doubtful = day.sure == NEAR and day.on and day.on > here.date() and here.hour < _NIGHT
        said.append(_Said(day.start, day.end, replace(day, on=None) if is_doubtful else day))
    said += [_within(each, now, calendar) for each in _WITHIN.finditer(sentence)]
    for hour in hours(sentence):
        its_day = Day(hour.start, hour.end, here.date(), sure=NEAR) if hour.this else None
        said.append(_Said(hour.start, hour.end, its_day, hour))
    pieces: list[_Said] = []
    for each in said:
        if not any(each.start < other.end and other.start < each.end for other in pieces):
            pieces.append(each)
    return sorted(pieces, key=lambda each: each.start)


def _side_by_side(pieces: list[_Said], sentence: str) -> list[_Said]:
    """Neighbours that say one time together are one: "el lunes 9", "a las 12"."""
    groups: list[_Said] = []
    for each in pieces:
        last = groups[-1] if groups else None
        gap = sentence[last.end : each.start] if last else ""
        if last and _BETWEEN.fullmatch(gap) and _fit(last, each) and not ("," in gap and _differ(last, each)):
            groups[-1] = _together(last, each)
        else:
            groups.append(each)
    return groups


def _with_their_days(groups: list[_Said], sentence: str) -> list[_Said]:
    """An hour without a day is of the day that its clause names ("mañana te llamo a las 12"), else of the one that was named last
    before it ("mañana lo miro y a las 12 te llamo")."""
    told: list[_Said] = []
    for each in groups:
        last = told[-1] if told else None
        if last and _complete(last, each) and _is_one_clause(sentence, last, each):
            told[-1] = _together(_plainly(last, sentence), each)
        elif each.day is None and each.hour and (day := _last_day(told, sentence)):
            told.append(replace(each, day=day))
        else:
            told.append(each)
    return told


def _is_one_clause(sentence: str, one: _Said, other: _Said) -> bool:
    """Whether two stand in one clause; a comma behind the first words of it ends none: "El viernes, te llamo a las 12"."""
    begins = one.end
    if _FRONT.search(sentence[: one.start]) and sentence.startswith(",", begins):
        begins += 1
    return not _CLAUSE.search(sentence, begins, other.start)


def _last_day(told: list[_Said], sentence: str) -> Day | None:
    """The day that was named last; where that was by a length of time, one that cannot be told."""
    for each in reversed(told):
        if each.day or each.whole:
            return _plainly(each, sentence).day or Day(each.start, each.end)
    return None


def _plainly(said: _Said, sentence: str) -> _Said:
    """The same; where it is said what ends or begins with that day, which day an hour is of that stands elsewhere cannot be told."""
    before = sentence[: said.start]
    if said.day and (_BEFORE.search(before) or _OPEN_ENDED.search(before)):
        return replace(said, day=Day(said.start, said.end))
    return said


def _differ(one: _Said, other: _Said) -> bool:
    """Whether both name a day, and not the same."""
    return one.day is not None and other.day is not None and not _agreed(one.day, other.day).known


def _fit(one: _Said, other: _Said) -> bool:
    """Whether two can be one time: not two hours, nor two parts of a day, and no length of time."""
    if one.whole or other.whole:
        return False
    if one.hour is None or other.hour is None:
        return True
    parts, both = {one.hour.part, other.hour.part} - {""}, one.hour.at and other.hour.at
    return len(parts) < 2 and not both


def _complete(one: _Said, other: _Said) -> bool:
    """Whether one of two names what the other lacks: a day and its hour, a week and its weekday."""
    if not _fit(one, other):
        return False
    if one.day is None or other.day is None:
        return (one.day or other.day) is not None
    return (one.day.week is None) != (other.day.week is None)


def _together(one: _Said, other: _Said) -> _Said:
    day = _agreed(one.day, other.day) if one.day and other.day else one.day or other.day
    hour = one.hour or other.hour
    if one.hour and other.hour:
        said = one.hour if one.hour.at else other.hour
        hour = replace(said, part=one.hour.part or other.hour.part, firm=True)
    return _Said(one.start, other.end, day, hour)


def _agreed(one: Day, other: Day) -> Day:
    """What two names of a day say together: the weekday of a week, or the surer one. Where they are two days, or one cannot be
    told, neither can the whole."""
    week, weekday = (one, other) if one.week else (other, one)
    if week.week and weekday.on:
        at = week.week + weekday.on.weekday() * ONE_DAY
        return replace(weekday, on=at if weekday.sure == WEEKDAY else weekday.on)
    if not (one.on and other.on):
        return replace(one, on=None, week=None)
    better = max(one, other, key=lambda each: each.sure)
    is_same = one.on == other.on or (
        WEEKDAY in {one.sure, other.sure} and one.on.weekday() == other.on.weekday()
    )
    return replace(better, on=better.on if is_same else None, firm=True)


def _within(found: re.Match[str], now: datetime, calendar: Calendar) -> _Said:
    """A length of time from now on: of days and weeks the day that it leads to."""
    word = (found[2] or found[1]).lower()
    n = float(word) if word.isdigit() else NUMBERS[word]
    unit, works = found[4].lower()[0], found[3] or found[5]
    rest = (found[6] or "0").lower()
    minutes = int(rest) if rest.isdigit() else 30 if rest in {"media", "mitja", "a half"} else 15
    here, (start, end) = now.astimezone(calendar.zone), found.span()
    if unit == "m":
        return _Said(start, end, whole=now + timedelta(minutes=n))
    if unit == "h" and works and n % 24 == 0:  # "48 horas laborables" are two days on which the shop opens
        day = _nth_open(calendar, here.date(), int(n) // 24)
        return _Said(start, end, whole=_local(calendar, day, here.time()))
    if unit == "h":
        length = timedelta(hours=n, minutes=minutes)
        return _Said(start, end, whole=deadline(calendar, now, length) if works else now + length)
    if found[6]:  # "una semana y media"
        return _Said(start, end, Day(start, end))
    if unit == "d" and works:
        return _Said(start, end, Day(start, end, _nth_open(calendar, here.date(), int(n))))
    return _Said(start, end, Day(start, end, here.date() + n * (1 if unit == "d" else 7) * ONE_DAY))


def _nth_open(calendar: Calendar, day: date, n: int) -> date:
    """The `n`th day after `day` on which the shop opens."""
    while n:
        day += ONE_DAY
        n -= bool(_hours(calendar, day))
    return day


def _due(said: _Said, now: datetime, calendar: Calendar, *, before: bool) -> datetime | None:
    """The end of what is said; None where that is over, or nobody can tell when it is."""
    today = now.astimezone(calendar.zone).date()
    if said.day is None:
        return _next(said.hour, today, now, calendar) if said.hour else None
    if said.hour is None:
        return _day_over(said.day, today, now, calendar, before=before)
    if said.day.on is None:
        return None
    due_at = _on(said.hour, said.day.on, calendar)
    is_late_today = said.day.on == today and said.hour.at is None and said.hour.part in {"n", "l"}
    return _local(calendar, today, _LAST) if due_at and due_at <= now and is_late_today else due_at


def _day_over(day: Day, today: date, now: datetime, calendar: Calendar, *, before: bool) -> datetime | None:
    """The end of a day or week; `before` it, that of the last open day until then."""
    first = day.on or day.week
    if first is None:
        return None
    if before:
        return _last_closing(calendar, today, first - ONE_DAY, now)
    if day.on is None:
        return _last_closing(calendar, max(today, first), first + 6 * ONE_DAY, now)
    return _end(calendar, first, now)


def _last_closing(calendar: Calendar, first: date, last: date, now: datetime) -> datetime | None:
    """When the shop closes last on the days from `first` to `last`, and where it does not open any more on them, the end of the
    last one: not of a day that was never meant."""
    for back in range((last - first).days + 1):
        open_then = _hours(calendar, last - back * ONE_DAY)
        if open_then and open_then[-1] > now:
            return open_then[-1]
    return _end(calendar, last, now) if last >= first else None


def _end(calendar: Calendar, day: date, now: datetime) -> datetime:
    """When the shop closes on `day`; today after that, when the day itself is over."""
    closes_at = _closing(calendar, day)
    return closes_at if closes_at > now else _local(calendar, day, _LAST)


def _next(hour: Hour, today: date, now: datetime, calendar: Calendar) -> datetime | None:
    """An hour that is said alone: today's, and where that has passed tomorrow's; None where tomorrow is closed, or where today's
    other twelve hours may be meant."""
    at = _on(hour, today, calendar)
    if at is None or at > now:
        return at
    open_today = _hours(calendar, today)
    half_a_day_on = at + timedelta(hours=12)
    is_doubtful = (
        hour.part == "x"
        if hour.at is None
        else not (hour.half or hour.part) and (open_today and now < half_a_day_on < open_today[-1])
    )
    tomorrow = today + ONE_DAY
    return None if is_doubtful or not _hours(calendar, tomorrow) else _on(hour, tomorrow, calendar)


def _on(said: Hour, day: date, calendar: Calendar) -> datetime | None:
    """That hour of a day, or the end of its part; None for one past midnight, of which nobody can tell to which day it belongs."""
    if said.at is not None:
        hour = _of_the_day(said.at.hour, said)
        return None if hour is None else _local(calendar, day, said.at.replace(hour=hour))
    if said.part in _ENDS:
        return _local(calendar, day, _ENDS[said.part])
    if said.part == "f":
        return _opening(calendar, day) + timedelta(hours=1)
    if said.part in {
        "d",
        "s",
    }:  # the small hours, and the first ones of an afternoon, end at no hour that all would say
        return None
    closes_at = _closing(calendar, day)
    has_afternoon = closes_at > _local(calendar, day, _AFTERNOON)
    return closes_at if said.part == "l" or has_afternoon else _local(calendar, day, CLOSES)


def _of_the_day(hour: int, said: Hour) -> int | None:
    """Which of 24 hours is meant: under eight, one of the afternoon."""
    if said.half == "a" or (said.part == "d" and not said.half):
        return None if hour == 12 else hour
    late = hour + 12 if hour < 12 else hour
    if said.half == "p" or said.part == "t":
        return late
    if said.part == "n":
        return late if late >= 18 else None
    is_late = hour < 8 and said.part not in {"m", "e", "f"}
    return late if is_late else hour


def closes_at(calendar: Calendar, now: datetime) -> datetime:
    """When the shop closes today, in UTC."""
    return _closing(calendar, now.astimezone(calendar.zone).date())


def _hours(calendar: Calendar, day: date) -> list[datetime]:
    """When a day's hours begin and end; empty for one without. A shop that is always open works on weekdays."""
    start, end = _local(calendar, day, time()), _local(calendar, day + ONE_DAY, time())
    if calendar.always:
        return [_local(calendar, day, OPENS), _local(calendar, day, CLOSES)] if day.weekday() < 5 else []
    spans = list(open_spans(calendar, start, end))
    return [spans[0].start, spans[-1].end] if spans else []


def _opening(calendar: Calendar, day: date) -> datetime:
    open_then = _hours(calendar, day)
    return open_then[0] if open_then else _local(calendar, day, OPENS)


def _closing(calendar: Calendar, day: date) -> datetime:
    open_then = _hours(calendar, day)
    return open_then[-1] if open_then else _local(calendar, day, CLOSES)


def _local(calendar: Calendar, day: date, at: time) -> datetime:
    """In UTC, so that two of them are compared as instants, also where clocks change."""
    return datetime.combine(day, at, calendar.zone).astimezone(UTC)
