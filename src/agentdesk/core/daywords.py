"""How days, weekdays, months and small numbers are called in Spanish, Catalan and English: for whoever reads a time that somebody wrote."""

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
HOURS = {
    "una": 1, "dos": 2, "dues": 2, "tres": 3, "cuatro": 4, "quatre": 4, "cinco": 5, "cinc": 5, "seis": 6, "sis": 6, "siete": 7, "set": 7,
    "ocho": 8, "vuit": 8, "nueve": 9, "nou": 9, "diez": 10, "deu": 10, "once": 11, "onze": 11, "doce": 12, "dotze": 12,
}  # fmt: skip
"""As the hours of a clock are called, in Spanish and Catalan."""
HOURS_EN = {
    word: n
    for n, word in enumerate(
        ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"], 1
    )
}
NUMBERS = HOURS | HOURS_EN | {
    "un": 1, "a": 1, "an": 1, "un par de": 2, "un parell de": 2, "un parell d'": 2, "a couple of": 2, "quince": 15, "quinze": 15,
    "fifteen": 15, "veinte": 20, "vint": 20, "twenty": 20, "treinta": 30, "trenta": 30, "thirty": 30, "media": 0.5, "mitja": 0.5,
    "half an": 0.5,
}  # fmt: skip
"""As people say how many."""
