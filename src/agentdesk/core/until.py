"""By when something is promised, as a customer reads it: "mañana a las 9:00", "divendres 27 de novembre a les 10:00".

Pure, and in the customer's language, not the agent's.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

_NEAR: Mapping[str, tuple[str, str]] = {
    "es": ("hoy", "mañana"),
    "ca": ("avui", "demà"),
    "en": ("today", "tomorrow"),
}
_WEEKDAYS: Mapping[str, tuple[str, ...]] = {
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


def spoken(at: datetime, today: date, language: str) -> str:
    """`at` in local time; a language that is not ours is written in English."""
    speaks = language if language in _DAY else "en"
    near = {today + timedelta(days=n): word for n, word in enumerate(_NEAR[speaks])}
    day = near.get(at.date()) or _DAY[speaks].format(
        weekday=_WEEKDAYS[speaks][at.weekday()], day=at.day, month=_MONTHS[speaks][at.month - 1]
    )
    return _AT[speaks][at.hour != 1].format(day=day, time=f"{at.hour}:{at:%M}")
