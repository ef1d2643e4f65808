"""A time to come, as a customer reads it: "mañana a las 9:00", "divendres 27 de novembre abans de les 10:00".

Promises: pure, and in the customer's language, not the agent's; what an answer is promised by is rounded up, never down. Refuses:
knowing what is promised, and the agent's words (`agentdesk.dates`).
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

_NEAR: Mapping[str, tuple[str, str]] = {
    "es": ("hoy", "mañana"),
    "ca": ("avui", "demà"),
    "en": ("today", "tomorrow"),
}
WEEKDAYS: Mapping[str, tuple[str, ...]] = {
    "es": ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
    "ca": ("dilluns", "dimarts", "dimecres", "dijous", "divendres", "dissabte", "diumenge"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_MONTHS: Mapping[str, tuple[str, ...]] = {
    "es": (
        "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre",
        "diciembre",
    ),
    "ca": (
        "de gener", "de febrer", "de març", "d'abril", "de maig", "de juny", "de juliol", "d'agost", "de setembre",
        "d'octubre", "de novembre", "de desembre",
    ),
    "en": (
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ),
}  # fmt: skip
_DAY: Mapping[str, str] = {
    "es": "el {weekday} {day} de {month}",
    "ca": "{weekday} {day} {month}",
    "en": "{weekday} {day} {month}",
}
_AT: Mapping[str, tuple[str, str]] = {
    "es": ("{day} a la {time}", "{day} a las {time}"),
    "ca": ("{day} a la {time}", "{day} a les {time}"),
    "en": ("{day} at {time}", "{day} at {time}"),
}
"""With one o'clock, and with every other hour."""
_BEFORE: Mapping[str, tuple[str, str]] = {
    "es": ("{day} antes de la {time}", "{day} antes de las {time}"),
    "ca": ("{day} abans de la {time}", "{day} abans de les {time}"),
    "en": ("{day} before {time}", "{day} before {time}"),
}
_TOMORROW: Mapping[str, str] = {
    "es": "mañana {weekday}",
    "ca": "demà {weekday}",
    "en": "tomorrow, {weekday},",
}
_ON: Mapping[str, str] = {"es": "{day}", "ca": "{day}", "en": "on {day}"}
_SOON: Mapping[str, str] = {"es": "en unos minutos", "ca": "d'aquí a uns minuts", "en": "in a few minutes"}
_A_FEW_MINUTES = timedelta(minutes=10)


def spoken(at: datetime, today: date, language: str) -> str:
    """`at` in local time; a language that is not ours is written in English."""
    speaks = known(language)
    near = {today + timedelta(days=n): word for n, word in enumerate(_NEAR[speaks])}
    return _timed(_AT[speaks], near.get(at.date()) or _day(at, speaks), at)


def opening(at: datetime, today: date, language: str) -> str:
    """When a shop opens, as it follows "we are back": "mañana martes a las 10:00", "on Monday 30 November at 10:00"."""
    speaks = known(language)
    return _timed(_AT[speaks], _near(at, today, speaks), at)


def within(due: datetime, now: datetime, language: str) -> str:
    """By when an answer is promised that is `due` (both in local time): "hoy antes de las 18:30"; "" for what is late already."""
    speaks = known(language)
    if due < now:
        return ""
    if due - now <= _A_FEW_MINUTES:
        return _SOON[speaks]
    over = timedelta(minutes=due.minute % 5, seconds=due.second, microseconds=due.microsecond)
    due += timedelta(minutes=5) - over if over else timedelta()
    return _timed(_BEFORE[speaks], _near(due, now.date(), speaks), due)


def known(language: str | None) -> str:
    """`language` where it is one of ours, else English."""
    return language if language and language in _DAY else "en"


def _near(at: datetime, today: date, speaks: str) -> str:
    """The day in a sentence, tomorrow's by its name too: whoever reads it the day after should see which one was meant."""
    if at.date() == today:
        return _NEAR[speaks][0]
    if at.date() == today + timedelta(days=1):
        return _TOMORROW[speaks].format(weekday=WEEKDAYS[speaks][at.weekday()])
    return _ON[speaks].format(day=_day(at, speaks))


def _day(at: datetime, speaks: str) -> str:
    month = _MONTHS[speaks][at.month - 1]
    return _DAY[speaks].format(weekday=WEEKDAYS[speaks][at.weekday()], day=at.day, month=month)


def _timed(templates: tuple[str, str], day: str, at: datetime) -> str:
    return templates[at.hour != 1].format(day=day, time=f"{at.hour}:{at:%M}")
