"""A shop's week, and times to come, as a customer reads them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from agentdesk.core.hourwords import weekly
from agentdesk.core.timetable import DAY, Calendar, Hours, always_open
from agentdesk.core.until import opening, within

ZONE = ZoneInfo("Europe/Madrid")
MONDAY = datetime(2026, 11, 30, 12, 0, tzinfo=ZONE)


def hours(*spans):
    return tuple(Hours(int(opens * 3600), int(closes * 3600)) for opens, closes in spans)


def week(*days):
    return Calendar("shop", ZONE, (*days, *(((),) * (7 - len(days)))))


SHOP = week(*[hours((10, 14), (16.5, 20.5))] * 5, hours((10, 14)))


@pytest.mark.parametrize(
    ("calendar", "language", "words"),
    [
        (SHOP, "es", "de lunes a viernes de 10:00 a 14:00 y de 16:30 a 20:30, sábados de 10:00 a 14:00"),
        (SHOP, "ca", "de dilluns a divendres de 10:00 a 14:00 i de 16:30 a 20:30, dissabtes de 10:00 a 14:00"),
        (SHOP, "en", "Monday to Friday 10:00 to 14:00 and 16:30 to 20:30, Saturdays 10:00 to 14:00"),
        (week(*[hours((9, 19))] * 5), "es", "de lunes a viernes de 9:00 a 19:00"),
        (week(*[hours((9, 22))] * 7), "ca", "cada dia de 9:00 a 22:00"),
        (week(hours((9, 14)), (), hours((9, 14)), (), hours((9, 14))), "es", "lunes, miércoles y viernes de 9:00 a 14:00"),
        (week((), *[hours((9, 14))] * 3, (), *[hours((9, 14))] * 2), "en", "Tuesday to Thursday, Saturdays and Sundays 9:00 to 14:00"),
        (week(hours((22, 24)), hours((0, 6))), "es", "lunes de 22:00 a 24:00, martes de 0:00 a 6:00"),
        (always_open(UTC), "es", "todos los días, las 24 horas"),
        (Calendar("c", ZONE, ((Hours(0, DAY),),) * 7), "en", "every day, around the clock"),
        (SHOP, "fr", "Monday to Friday 10:00 to 14:00 and 16:30 to 20:30, Saturdays 10:00 to 14:00"),
    ],
)  # fmt: skip
def test_days_with_the_same_hours_stand_together(calendar, language, words):
    assert weekly(calendar, language) == words


@pytest.mark.parametrize(
    ("hours_on", "language", "words"),
    [
        (4.5, "es", "hoy a las 16:30"),
        (22, "es", "mañana martes a las 10:00"),
        (13, "es", "mañana martes a la 1:00"),
        (22, "ca", "demà dimarts a les 10:00"),
        (22, "en", "tomorrow, Tuesday, at 10:00"),
        (46, "es", "el miércoles 2 de diciembre a las 10:00"),
        (46, "ca", "dimecres 2 de desembre a les 10:00"),
        (46, "en", "on Wednesday 2 December at 10:00"),
    ],
)
def test_when_it_opens(hours_on, language, words):
    assert opening(MONDAY + timedelta(hours=hours_on), MONDAY.date(), language) == words


@pytest.mark.parametrize(
    ("minutes", "language", "words"),
    [
        (0.5, "es", "en unos minutos"),
        (10, "ca", "d'aquí a uns minuts"),
        (61, "es", "hoy antes de las 13:05"),
        (60, "en", "today before 13:00"),
        (24 * 60 + 1, "ca", "demà dimarts abans de les 12:05"),
        (48 * 60, "en", "on Wednesday 2 December before 12:00"),
        (-1, "es", ""),
    ],
)
def test_by_when_is_rounded_up_and_what_is_late_promises_nothing(minutes, language, words):
    assert within(MONDAY + timedelta(minutes=minutes), MONDAY, language) == words
