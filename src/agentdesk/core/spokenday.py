"""Days and weeks as people say them in a sentence: "mañana", "el lunes 9", "el 16", "by the 16th", "dilluns que ve", "next week".

Promises: linear in the sentence; Spanish, Catalan and English, all at once; of a month or year that is not said, the coming one.
What names a day that cannot be told ("el lunes 10" where the 10th is none, "el 6 de la lista", "los lunes", "next Friday" on a
Wednesday) is a day too, one that is not `known`: so that the hour beside it is not taken for one of today. A bare number is a day
only where it stands as one. Refuses: the opening hours, which are `core.spokentime`'s.
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from agentdesk.core.daywords import MONTHS, NEAR_DAYS, WEEKDAYS
from agentdesk.core.spokenhour import any_of
from agentdesk.values import dataclass

ONE_DAY = timedelta(days=1)
_FAR = 2 * 366 * ONE_DAY
"""Nobody promises for a day that is farther away."""
JUST_PAST = 180
"""Days: a date without a year that is not longer ago is one of the past."""
_LONG_DAYS = {word: n for n, names in enumerate(WEEKDAYS) for word in names if len(word) > 4}
_OTHER_WORDS = {"mar", "set", "des"}
"""Short names of months that are words of their own behind a number."""
_MONTHS = {
    word: n
    for n, names in enumerate(MONTHS, 1)
    for word in names
    if len(word) > 2 and word not in _OTHER_WORDS
}
_MONTH, _LONG_DAY, _NEAR_DAY = any_of(_MONTHS), any_of(_LONG_DAYS), any_of(NEAR_DAYS)
_DATE = re.compile(
    rf"\b(?:d[íi]a )?(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?: de | d'| d’| of | )(?P<word>{_MONTH})\b(?:(?: del?)?,? (?P<year>\d{{4}}))?|"
    rf"\b(?P<word2>{_MONTH}) (?P<day2>\d{{1,2}})(?:st|nd|rd|th)?\b(?!:)(?:,? (?P<year2>\d{{4}}))?|"
    r"(?<![\d/.-])(?P<day3>\d{1,2})/(?P<month3>\d{1,2})(?:/(?P<year3>\d{4}|\d{2}))?(?![\d/])(?! ?(?:h|hor|d[íi]a|dies|day|hour)\w*\b)|"
    r"(?<![\d/.-])(?P<year4>\d{4})-(?P<month4>\d{2})-(?P<day4>\d{2})\b|"
    r"(?<![\d/.-])(?P<day5>\d{1,2})[-.](?P<month5>\d{1,2})[-.](?P<year5>\d{4}|\d{2})(?![\d€%])",
    re.IGNORECASE,
)
_ALWAYS = "24/7"
_AWAY = re.compile(
    rf"\b(?P<day>{_NEAR_DAY}|{_LONG_DAY}) en (?:(?P<one>ocho|vuit)|quince|quinze)(?: d[íi]as| dies)?\b|"
    rf"\ba (?:(?P<one2>week)|fortnight) (?:on|from) (?P<day2>{_NEAR_DAY}|{_LONG_DAY})\b|\b(?P<day3>{_NEAR_DAY}|{_LONG_DAY}) (?P<one3>week)\b",
    re.IGNORECASE,
)
_NEAR = re.compile(
    r"(?<!\bla )(?<!\besta )(?<!\buna )(?<!\bmedia )(?<!\bcada )(?<!\bde la )"
    rf"\b(?P<near>{_NEAR_DAY})(?: mismo| mateix|(?P<later> o (?:pasado|passat)(?! ma[ñn]ana)))?\b",
    re.IGNORECASE,
)
_PAST = re.compile(r"\b(?:ayer|anteayer|antier|anoche|ahir|anit|yesterday|last night)\b", re.IGNORECASE)
WEEKDAY, NEAR, DATE = 1, 2, 3
"""How surely a day is meant, where two stand together: "mañana" more than "lunes", a date more than both."""
# What may stand behind a number that is a day: the end of a clause, an hour, what is done then, the end of what was said.
_ENDS = r"\s*(?:$|[,;!?…)]|[.:](?!\d))"
_HOUR = (
    r" (?:a las?|a les?|a primera|a [úu]ltima|a mediod[íi]a|a migdia|a media|al|at|by|before|antes|abans|sobre|hacia|cap a|around|between|entre|"
    r"por la|por el|de la|del mat[íi]|pel mat[íi]|in the|durant[e]?|first thing|morning|afternoon|evening|noon|midday)\b| \d{1,2}[:h]"
)
_THEN = (
    r" (?:te|le|os|les|se|lo|la|los|las|nos|us|et|li|ho|els|ens|we|i|you|it|our|your|\w+(?:ré|rás?|remos|rán|ràs|rà|reu|ran))\b|"
    r" [tl]['’]"
)
_DONE = (
    r" (?:(?:y|i|e|o|and|or|pero|però|but)(?! (?:(?:el|the|d[íi]a) )?\d)|sin falta|sense falta|without fail|mismo|mateix|como muy|com a molt|"
    r"a m[áa]s tardar|at the latest)\b"
)
_WEEKDAY = re.compile(
    rf"\b(?P<this>est[e]? |aquest |this )?(?P<next>next )?(?P<weekday>{_LONG_DAY})\b(?: que viene| que ve| pr[óo]ximo| vinent)?"
    rf"(?:,? (?:el |d[íi]a |the )?(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?={_ENDS}|{_HOUR}|{_THEN}|{_DONE}))?",
    re.IGNORECASE,
)
_EACH = re.compile(
    rf"\b(?:los|els|cada|every|from|a|to|last|through|(?:{_LONG_DAY})(?:,| y| i| and)) $", re.IGNORECASE
)
_LISTED = re.compile(
    rf" (?:pasado|passat|to|through)\b| a (?:{_LONG_DAY})\b|(?:,| y| i| and) (?:el )?(?:{_LONG_DAY})\b",
    re.IGNORECASE,
)
"""Before and behind a weekday that is none to come, or one of several."""
_FROM_TO = re.compile(
    rf"\b(?:entre(?: el)?|between) (?P<first>{_LONG_DAY}) (?:y|i|and)(?: el)? (?P<weekday>{_LONG_DAY})\b",
    re.IGNORECASE,
)
_HABIT = re.compile(
    r"\b(?:cada|tod[oa]s l[oa]s|tots els|totes les|every|each) (?:d[íi]as?|dies|ma[ñn]anas?|mat[íi]s?|matins|tardes?|tardas?|noches?|nits?|vespres?|semanas?|setman(?:a|es)|days?|mornings?|afternoons?|evenings?|weeks?)\b",
    re.IGNORECASE,
)
_WEEK_AHEAD = r"semana que viene|pr[óo]xima semana|semana pr[óo]xima|setmana que ve|setmana vinent|propera setmana|next week"
_WEEK = re.compile(
    rf"\b(?P<vague>(?:a )?(?:principios|comienzos|mediados|inicios|principis|mitjans|començaments?) (?:de|d['’]) ?(?:la |esta |aquesta )?(?:{_WEEK_AHEAD}|semana|setmana)|"
    rf"(?:early|mid)[ -](?:{_WEEK_AHEAD})|(?:the )?(?:beginning|start|middle) of (?:the )?(?:{_WEEK_AHEAD}|week)|"
    r"(?:fin de|cap de) (?:semana|setmana) (?:que viene|que ve|vinent))\b|"
    rf"\b(?:esta semana|aquesta setmana|this week)\b|\b(?P<ahead>{_WEEK_AHEAD})\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"\b(?:entre el (?:d[íi]a )?\d{1,2} (?:y|i)(?: el)?|del \d{1,2} al) (?P<span>\d{1,2})\b|"
    r"\bel \d{1,2} (?:y|i|o) el (?P<either>\d{1,2})\b|"
    r"\b(?:(?P<lead>para el|per al|pel|antes del?(?: el)?|abans del?(?: el)?|a partir del?|desde el|des del|hasta el|fins? al|a m[áa]s tardar el|muy tarde el|molt tard el|m[áa]s tarde del|m[ée]s tard del)|el(?: pr[óo]ximo| proper)?) "
    r"(?P<day>(?:d[íi]a )?\d{1,2})\b|"
    r"(?<!\bal )(?<!\bpor )(?<!\bper )(?<!\bcada )\b(?P<named>d[íi]a \d{1,2})\b|\bdel (?P<whose>\d{1,2})\b|"
    r"\b(?P<lead_en>by|before|until|till|from|for|no later than|between the \d{1,2}(?:st|nd|rd|th)? and|from the \d{1,2}(?:st|nd|rd|th)? to) "
    r"(?:the )?(?P<nth>\d{1,2})(?:st|nd|rd|th)\b|"
    r"\b(?P<on>on )?the (?P<nth_plain>\d{1,2})(?:st|nd|rd|th)\b",
    re.IGNORECASE,
)
_NAMES = ("span", "either", "day", "named", "whose", "nth", "nth_plain")
_COUNTED = re.compile(
    r" ?(?:%|€|\$|(?:x|h|kg|cm|euros?)\b)|[,:/h]\d|[°º]| (?:por|per|x) (?:\d|ciento?\b|cent?\b)",
    re.IGNORECASE,
)
"""Behind a number that is no day."""
_IN_LETTERS = re.compile(
    r"\b(?:el|antes del|abans del) (?:primero?|uno?|dos|tres|cuatro|quatre|cinco|cinc|seis|sis|siete|set|ocho|vuit|nueve|nou|diez|deu|once|onze|doce|dotze|"
    r"trece|tretze|catorce|catorze|quince|quinze|dieci\w+|setze|disset|divuit|dinou|veint\w+|vint\w*(?:-\w+)?|treinta(?: y uno)?|trenta(?:-un)?)\b",
    re.IGNORECASE,
)
"""A number in letters, which is not read: as a day it cannot be told."""
_OF_MONTH = re.compile(
    r" (?:(?:de este mes|del presente(?: mes)?|del corriente|d['’]aquest mes|of this month)|"
    r"(?P<next>del mes que viene|del pr[óo]ximo mes|del mes pr[óo]ximo|del mes que ve|del mes vinent|del proper mes|of next month))\b",
    re.IGNORECASE,
)
_OF = re.compile(r" (?:de|del|of)\b| d['’]|[-.]\d", re.IGNORECASE)
_AS_DAY = re.compile(rf"{_ENDS}|{_HOUR}|{_THEN}|{_DONE}| (?:{_LONG_DAY})\b", re.IGNORECASE)
_CLOSED = re.compile(rf"{_ENDS}|{_DONE}", re.IGNORECASE)
_NOBODYS = re.compile(r"(?:^|[,;:(]|\b(?:con|en|por|sin|sobre|como|amb|sense|y|i|o))\s*$", re.IGNORECASE)
"""Before a number at the end of a clause that is no day: no verb is there, or it is what something is done with."""


@dataclass(frozen=True, slots=True)
class Day:
    """[start, end) of the sentence says the day `on`, or the `week` that begins on that Monday; neither: it cannot be told. The
    greater `sure` counts where two stand together. What is not `firm` is a day only beside an hour."""

    start: int
    end: int
    on: date | None = None
    sure: int = DATE
    week: date | None = None
    firm: bool = True

    @property
    def known(self) -> bool:
        return self.on is not None or self.week is not None


def days(sentence: str, today: date) -> Iterator[Day]:
    """All of them; where two overlap, the first one counts."""
    for found in _DATE.finditer(sentence):
        if found[0] != _ALWAYS:
            yield Day(*found.span(), _date(found, today))
    for found in _AWAY.finditer(sentence):
        word = (found["day"] or found["day2"] or found["day3"]).lower()
        near = today + NEAR_DAYS[word] * ONE_DAY if word in NEAR_DAYS else _weekday(word, today)
        is_week = found["one"] or found["one2"] or found["one3"]
        yield Day(*found.span(), near + (7 if is_week else 14) * ONE_DAY)
    for found in _HABIT.finditer(sentence):
        yield Day(*found.span())
    yield from _weeks(sentence, today)
    for found in _NEAR.finditer(sentence):
        ahead = NEAR_DAYS[found["near"].lower()] + (1 if found["later"] else 0)
        yield Day(*found.span(), today + ahead * ONE_DAY, sure=NEAR)
    for found in _PAST.finditer(sentence):  # with it goes the part of that day
        yield Day(*found.span(), today - ONE_DAY, sure=NEAR)
    for found in _FROM_TO.finditer(sentence):
        first = _weekday(found["first"].lower(), today)
        yield Day(*found.span(), _weekday(found["weekday"].lower(), first), sure=WEEKDAY)
    for found in _WEEKDAY.finditer(sentence):
        is_none = _EACH.search(sentence, 0, found.start()) or _LISTED.match(sentence, found.end())
        yield Day(*found.span(), sure=WEEKDAY) if is_none else _of_week(found, today)
    for found in _NUMBER.finditer(sentence):
        if day := _numbered(found, sentence, today):
            yield day
    for found in _IN_LETTERS.finditer(sentence):
        yield Day(*found.span())


def coming(day: int, first: date) -> date | None:
    """The first `day` of a month from `first` on, of a month that has one; None where none has."""
    month = first.replace(day=1)
    for _ in range(12):
        following = (month + 32 * ONE_DAY).replace(day=1)
        if 1 <= day <= (following - month).days and month.replace(day=day) >= first:
            return month.replace(day=day)
        month = following
    return None


def _date(found: re.Match[str], today: date) -> date | None:
    """The day that is meant: of a year that is not said, the coming one; None where there is none, or nobody means it."""
    said = {name.rstrip("2345"): value for name, value in found.groupdict().items() if value}
    day, year = int(said["day"]), said.get("year")
    month = _MONTHS[said["word"].lower()] if "word" in said else int(said["month"])
    years = [int(year) + (2000 if len(year) == 2 else 0)] if year else [today.year, today.year + 1]
    for each in years:
        try:
            meant = date(each, month, day)
        except ValueError:
            continue
        if year or meant >= today or (today - meant).days <= JUST_PAST:
            return meant if abs(meant - today) <= _FAR and meant >= today else None
    return None


def _weekday(word: str, today: date, *, this: bool = False) -> date:
    ahead = (_LONG_DAYS[word] - today.weekday()) % 7
    return today + (ahead if ahead or this else 7) * ONE_DAY


def _of_week(found: re.Match[str], today: date) -> Day:
    """The coming weekday, or that of the day of the month that is said with it: where they do not agree, none."""
    meant = _weekday(found["weekday"].lower(), today, this=found["this"] is not None)
    if found["day"]:
        of_month = coming(int(found["day"]), today)
        return Day(*found.span(), of_month if of_month and of_month.weekday() == meant.weekday() else None)
    is_doubtful = found["next"] and meant.weekday() > today.weekday()
    return Day(*found.span(), None if is_doubtful else meant, sure=WEEKDAY)


def _weeks(sentence: str, today: date) -> Iterator[Day]:
    monday = today - today.weekday() * ONE_DAY
    for found in _WEEK.finditer(sentence):
        week = None if found["vague"] else monday + (7 if found["ahead"] else 0) * ONE_DAY
        yield Day(*found.span(), sure=WEEKDAY, week=week)


def _numbered(found: re.Match[str], sentence: str, today: date) -> Day | None:
    """What "el 16" is: a day, a day where an hour stands beside it, a day that cannot be told, or (None) a number."""
    name = next(name for name in _NAMES if found[name])
    number, start, end = int(found[name].split()[-1]), found.start(name), found.end()
    if not 1 <= number <= 31 or _COUNTED.match(sentence, end):
        return None
    if of := _OF_MONTH.match(sentence, end):
        first = (today.replace(day=1) + 32 * ONE_DAY).replace(day=1) if of["next"] else today
        meant = coming(number, first)
        is_month = meant is not None and (meant.year, meant.month) == (first.year, first.month)
        return Day(start, of.end(), meant if is_month else None)
    leads = name == "span" or found["lead"] or not found[name].isdigit()
    stands = _AS_DAY.match(sentence, end) is not None
    if name == "whose" or _OF.match(sentence, end) or not (leads or stands):
        return Day(start, end)
    closes = _CLOSED.match(sentence, end) and not _NOBODYS.search(sentence[: found.start()])
    firm = leads or name == "nth" or (closes and (name != "nth_plain" or found["on"]))
    return Day(start, end, coming(number, today), firm=bool(firm))
