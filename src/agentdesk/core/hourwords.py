"""A shop's week in words, as a customer reads it: "de lunes a viernes de 10:00 a 14:00 y de 16:30 a 20:30, sábados de 10:00 a 14:00".

Promises: pure, from the calendar alone, so that the words change when it does; days with the same hours stand together, in the
customer's language. Refuses: single dates and holidays; when it opens next says that better (`core.until`).
"""

from collections.abc import Mapping

from agentdesk.core.timetable import DAY, Calendar, Hours
from agentdesk.core.until import WEEKDAYS, known

_WEEK = 7
_ON: Mapping[str, tuple[str, ...]] = {
    "es": ("lunes", "martes", "miércoles", "jueves", "viernes", "sábados", "domingos"),
    "ca": ("dilluns", "dimarts", "dimecres", "dijous", "divendres", "dissabtes", "diumenges"),
    "en": tuple(f"{day}s" for day in WEEKDAYS["en"]),
}
"""A weekday as every week has it."""
_RUN: Mapping[str, str] = {
    "es": "de {first} a {last}",
    "ca": "de {first} a {last}",
    "en": "{first} to {last}",
}
_HOURS: Mapping[str, str] = {
    "es": "de {opens} a {closes}",
    "ca": "de {opens} a {closes}",
    "en": "{opens} to {closes}",
}
_AND: Mapping[str, str] = {"es": "y", "ca": "i", "en": "and"}
_EVERY_DAY: Mapping[str, str] = {"es": "todos los días", "ca": "cada dia", "en": "every day"}
_ALWAYS: Mapping[str, str] = {
    "es": "todos los días, las 24 horas",
    "ca": "cada dia, les 24 hores",
    "en": "every day, around the clock",
}


def weekly(calendar: Calendar, language: str | None) -> str:
    """The week of `calendar`; "" where it has hours on single dates only."""
    speaks = known(language)
    if calendar.always or all(hours == (Hours(0, DAY),) for hours in calendar.week):
        return _ALWAYS[speaks]
    groups: dict[tuple[Hours, ...], list[int]] = {}
    for day, hours in enumerate(calendar.week):
        if hours:
            groups.setdefault(tuple(sorted(hours)), []).append(day)
    return ", ".join(f"{_days(days, speaks)} {_times(hours, speaks)}" for hours, days in groups.items())


def _days(days: list[int], speaks: str) -> str:
    """The days of one group: three in a row and more by the first and the last."""
    if len(days) == _WEEK:
        return _EVERY_DAY[speaks]
    words: list[str] = []
    rest = list(days)
    while rest:
        length = next(n for n in range(len(rest), 0, -1) if rest[n - 1] - rest[0] == n - 1)
        if length > 2:
            first, last = WEEKDAYS[speaks][rest[0]], WEEKDAYS[speaks][rest[length - 1]]
            words.append(_RUN[speaks].format(first=first, last=last))
        else:
            words += [_ON[speaks][day] for day in rest[:length]]
        rest = rest[length:]
    return _listed(words, speaks)


def _times(hours: tuple[Hours, ...], speaks: str) -> str:
    spans = (_HOURS[speaks].format(opens=_clock(opens), closes=_clock(closes)) for opens, closes in hours)
    return _listed(list(spans), speaks)


def _clock(second: int) -> str:
    return f"{second // 3600}:{second // 60 % 60:02}"


def _listed(words: list[str], speaks: str) -> str:
    """Commas, and the word before the last."""
    head = ", ".join(words[:-1])
    return f"{head} {_AND[speaks]} {words[-1]}" if head else words[-1]
