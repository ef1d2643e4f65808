"""How days, weekdays and months are called in Spanish, Catalan and English: for whoever reads a time that somebody wrote."""

from datetime import time

MORNING = time(9, 0)
"""Of a day without an hour."""

NEAR_DAYS = {
    "today": 0, "hoy": 0, "avui": 0,
    "tomorrow": 1, "mañana": 1, "manana": 1, "demà": 1, "dema": 1,
    "day after tomorrow": 2, "pasado mañana": 2, "pasado manana": 2, "demà passat": 2, "dema passat": 2,
}  # fmt: skip
WEEKDAYS = (
    ("mon", "monday", "lunes", "lun", "dilluns", "dl"),
    ("tue", "tuesday", "martes", "mar", "dimarts", "dt"),
    ("wed", "wednesday", "miércoles", "miercoles", "mié", "mie", "dimecres", "dc"),
    ("thu", "thursday", "jueves", "jue", "dijous", "dj"),
    ("fri", "friday", "viernes", "vie", "divendres", "dv"),
    ("sat", "saturday", "sábado", "sabado", "sáb", "sab", "dissabte", "ds"),
    ("sun", "sunday", "domingo", "dom", "diumenge", "dg"),
)
MONTHS = (
    ("jan", "january", "enero", "ene", "gener", "gen"),
    ("feb", "february", "febrero", "febrer"),
    ("mar", "march", "marzo", "març", "marc"),
    ("apr", "april", "abril", "abr"),
    ("may", "mayo", "maig"),
    ("jun", "june", "junio", "juny"),
    ("jul", "july", "julio", "juliol"),
    ("aug", "august", "agosto", "ago", "agost"),
    ("sep", "september", "septiembre", "setiembre", "setembre", "set"),
    ("oct", "october", "octubre"),
    ("nov", "november", "noviembre", "novembre"),
    ("dec", "december", "diciembre", "dic", "desembre", "des"),
)
