"""Which day and hour a sentence binds the shop to: three languages, each with the time that a reader takes from it, or none.

Said on Tuesday 13 October 2026 at 11:00, where nothing else is. The shop is that of `test_pledge.py`: from Monday to Friday 9:00 to 14:00
and 16:30 to 20:30, on Saturdays 10:00 to 14:00.
"""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from agentdesk.core.pledge import pledges
from agentdesk.core.timetable import Calendar, Holiday
from core.test_pledge import SHOP, ZONE

NOW = datetime(2026, 10, 13, 11, 0, tzinfo=ZONE)

A_DAY_OF_THE_MONTH = (
    ("Le llamo el 16 por la tarde.", "16/10 20:30"),
    ("Le llamo el 16 antes de las 13:00.", "16/10 13:00"),
    ("Le llamo el 16 a las 10:30.", "16/10 10:30"),
    ("El 16 a las 10:30 le llamo.", "16/10 10:30"),
    ("El 16 le llamo a las 10:30.", "16/10 10:30"),
    ("le llamo el 6 a las 12:30 para decirle el precio", "6/11 12:30"),
    ("Le confirmo el 16.", "16/10 20:30"),
    ("Le confirmo el precio para el 16.", "16/10 20:30"),
    ("Se lo mandamos antes del 16.", "15/10 20:30"),
    ("Se lo mandamos antes del día 16.", "15/10 20:30"),
    ("Le llamamos como muy tarde el 16 a mediodía.", "16/10 12:00"),
    ("El día 16 le llamo.", "16/10 20:30"),
    ("Le llamo el 16/10 a las 9:15.", "16/10 09:15"),
    ("Le llamo el 16-10-2026 a las 9:15.", "16/10 09:15"),
    ("Le llamo el 16 oct. a las 9:15.", "16/10 09:15"),
    ("El viernes 16 a las 12 le llamo.", "16/10 12:00"),
    ("El viernes 16 le llamo.", "16/10 20:30"),
    ("El viernes, día 16, le llamo a las 12:30.", "16/10 12:30"),
    ("Le llamo el 6 de este mes que viene no, el 16 de este mes.", "16/10 20:30"),
    ("Le llamo el 6 del mes que viene a las 10.", "6/11 10:00"),
    ("Le llamo entre el 16 y el 19.", "19/10 20:30"),
    ("Le llamo el 16 o el 17 a las 12.", "17/10 12:00"),
    ("Le llamo el 31 a las 10.", "31/10 10:00"),
    ("Et truco el 16 a les 10:30.", "16/10 10:30"),
    ("Et truco el 16 al matí.", "16/10 14:00"),
    ("El 16 a la tarda us truquem.", "16/10 20:30"),
    ("Divendres 16 a les 12 et truco.", "16/10 12:00"),
    ("T'ho enviem abans del 16.", "15/10 20:30"),
    ("T'ho envio el dia 16 a primera hora.", "16/10 10:00"),
    ("Us ho confirmem pel 16.", "16/10 20:30"),
    ("I'll call you on the 16th at 10:30.", "16/10 10:30"),
    ("I'll call you on the 16th.", "16/10 20:30"),
    ("We'll send it by the 16th.", "16/10 20:30"),
    ("We'll send it before the 16th.", "15/10 20:30"),
    ("We'll send it on or before the 16th.", "16/10 20:30"),
    ("Le llamo el próximo 16 a las 10.", "16/10 10:00"),
    ("On Friday the 16th at 12 I'll call you.", "16/10 12:00"),
    ("By the 16th you'll have it.", "16/10 20:30"),
    ("We'll send it between the 15th and the 17th.", "17/10 14:00"),
    ("I'll ring you on Friday 16 at 4 pm.", "16/10 16:00"),
    ("I'll call you by 16 December.", "16/12 20:30"),
)
NO_DAY_OF_THE_MONTH = (
    ("Te mando el 16 % de descuento.", None),
    ("Te mando hoy el 16 % de descuento.", "13/10 20:30"),
    ("Te mando el 6 de la lista.", None),
    ("El 6 de la lista te lo mando a las 17:00.", None),
    ("El 6 de la lista te lo mando mañana.", "14/10 20:30"),
    ("Te preparo el pedido 16.", None),
    ("Te preparo el pedido 16 hoy.", "13/10 20:30"),
    ("Te mando el 2 por 1.", None),
    ("Te mando el 2x1 a las 17:00.", "13/10 17:00"),
    ("Te mando el 6 y el 7 de la lista.", None),
    ("Te reservo la mesa del 16 a las 21:00.", None),
    ("Le llamo después del 16 a las 10.", None),
    ("Le llamo el dieciséis a las 10.", None),
    ("Le llamo el primero de noviembre a las 10.", None),
    ("Te cambio el 16 por el 17,5.", None),
    ("Te lo cambio por el 16.", None),
    ("Lo tengo con el 16, mañana te lo mando.", "14/10 20:30"),
    ("Te busco el 16 Pro y te lo mando a las 17:00.", None),
    ("Te abono el 50 hoy.", "13/10 20:30"),
    ("Le llamo el jueves 16 a las 10.", None),
    ("Le llamo el 31 de noviembre a las 10.", None),
    ("Le llamo el 29 de febrero a las 10.", None),
    ("Le llamo el 3 de septiembre a las 10.", None),
    ("Le llamo el 16.12 a las 10.", None),
    ("Estaremos hasta el 16 y a las 17:00 le llamo.", None),
    ("A partir del 16 le llamo a las 10.", None),
    ("Le llamo el 13 a las 10.", None),
    ("Mañana te mando 2 cajas.", "14/10 20:30"),
    ("El lunes 2 cajas te las mando.", "19/10 20:30"),
    ("Et faig el 16 % de descompte.", None),
    ("T'envio el 6 de la llista a les 17:00.", None),
    ("Et faig el 2 per 1 avui.", "13/10 20:30"),
    ("Dijous 16 a les 10 et truco.", None),
    ("We'll meet you on the 2nd floor.", None),
    ("We'll call you on the 16th parcel tomorrow.", "14/10 20:30"),
    ("I'll send you the 2nd parcel at 17:00.", None),
    ("I'll send you the 2nd.", None),
    ("I'll call you on Thursday the 16th at 10.", None),
    ("We'll be there from the 16th at 10.", None),
)
AN_HOUR_OF_ITS_DAY = (
    ("Mañana te llamo a las 12:30.", "14/10 12:30"),
    ("El viernes te llamo por la mañana.", "16/10 14:00"),
    ("A las 12:30 te llamo mañana.", "14/10 12:30"),
    ("El viernes, te llamo a las 10.", "16/10 10:00"),
    ("Antes del viernes te llamo a las 10.", None),
    ("Mañana, como quedamos, te llamo a las 10.", "14/10 10:00"),
    ("Te llamo el viernes (16) a las 10.", "16/10 10:00"),
    ("Te llamo mañana a las 10 o pasado mañana.", "15/10 20:30"),
    ("Le llamo no más tarde de las 12:30.", "13/10 12:30"),
    ("Mañana te llamo a las 9 de la noche.", "14/10 21:00"),
    ("Mañana te llamo a las 7 de la mañana.", "14/10 07:00"),
    ("Mañana te llamo a las 07:30.", "14/10 07:30"),
    ("Mañana te llamo a la 1 del mediodía.", "14/10 13:00"),
    ("Mañana te llamo a las 12 de la noche.", None),
    ("Mañana te llamo a la 1 de la noche.", None),
    ("El viernes a las diez te llamo.", "16/10 10:00"),
    ("Te llamo hoy a las cinco y media.", "13/10 17:30"),
    ("Te llamo hoy a las 5 y media.", "13/10 17:30"),
    ("Te llamo hoy a las seis menos cuarto.", "13/10 17:45"),
    ("Te llamo el viernes 12:30.", "16/10 12:30"),
    ("Hoy por la tarde te llamo a las 5.", "13/10 17:00"),
    ("Te llamo a las 10.", "14/10 10:00"),
    ("Te llamo a las 8.", None),  # of this evening, or of tomorrow
    ("Te llamo a las 9.", "14/10 09:00"),
    ("Esta mañana te llamo.", "13/10 14:00"),
    ("En una hora y media te llamo.", "13/10 12:30"),
    ("En 2 horas y 30 minutos te llamo.", "13/10 13:30"),
    ("Dentro de dos días a las 10 te llamo.", "15/10 10:00"),
    ("Te contestamos en 8 horas laborables.", "14/10 10:00"),
    ("Buenas tardes, mañana te llamo a las 10.", "14/10 10:00"),
    ("Demà et truco a les deu.", "14/10 10:00"),
    ("Demà et truco a dos quarts de deu.", "14/10 09:30"),
    ("Demà et truco a les 9 del vespre.", "14/10 21:00"),
    ("Bona tarda, avui et truco a les 5.", "13/10 17:00"),
    ("D'aquí a una hora i mitja et truco.", "13/10 12:30"),
    ("Good afternoon, I'll call you today at half past five.", "13/10 17:30"),
    ("I'll call you tomorrow at 7 in the morning.", "14/10 07:00"),
    ("I'll call you tomorrow at 9 at night.", "14/10 21:00"),
    ("I'll call you at 12 am tomorrow.", None),
    ("Cada día a las 17:00 te mando el resumen.", None),
    ("Los lunes a las 10 te llamo.", None),
    ("Mañana a última hora de la mañana te llamo.", "14/10 14:00"),
    ("Mañana a primera hora de la tarde te llamo.", None),
    ("El lunes pasado a las 17:00 te lo mandamos.", None),
)
A_WEEK = (
    ("El viernes de la semana que viene te llamo.", "23/10 20:30"),
    ("La semana que viene te llamo el lunes.", "19/10 20:30"),
    ("El lunes de la semana que viene a las 10 te llamo.", "19/10 10:00"),
    ("Te llamo de lunes en ocho.", "26/10 20:30"),
    ("De hoy en ocho días te llamo.", "20/10 20:30"),
    ("El próximo lunes te llamo.", "19/10 20:30"),
    ("El lunes que viene a las 10 te llamo.", "19/10 10:00"),
    ("Mañana o pasado te llamo.", "15/10 20:30"),
    ("En una semana y media te llamo.", None),
    ("Después del viernes te llamo.", None),
    ("El viernes te llamo y te cuento.", "16/10 20:30"),
    ("Entre el lunes y el miércoles te llamo.", "21/10 20:30"),
    ("Antes del viernes te llamo.", "15/10 20:30"),
    ("Antes de la semana que viene te llamo.", "17/10 14:00"),
    ("Pasado mañana a primera hora te llamo.", "15/10 10:00"),
    ("En dos semanas te llamo.", "27/10 20:30"),
    ("A principios de mes te llamo.", None),
    ("A principios de la semana que viene te llamo.", None),
    ("La semana que viene te llamo a las 10.", None),
    ("Te llamo el fin de semana que viene.", None),
    ("Divendres de la setmana que ve et truco.", "23/10 20:30"),
    ("De dilluns en vuit et truco.", "26/10 20:30"),
    ("A principis de la setmana vinent et truco.", None),
    ("I'll call you on Friday of next week.", "23/10 20:30"),
    ("I'll call you a week on Monday.", "26/10 20:30"),
    ("I'll call you next Monday.", "19/10 20:30"),
    ("I'll call you next Friday.", None),
    ("We'll call you early next week.", None),
)


def said(text, now=NOW, calendar=SHOP):
    found = [each.due_at.astimezone(ZONE) for each in pledges(text, now, calendar)]
    assert len(found) < 2, found
    return f"{found[0]:%-d/%-m %H:%M}" if found else None


@pytest.mark.parametrize(
    ("text", "due"), [*A_DAY_OF_THE_MONTH, *NO_DAY_OF_THE_MONTH, *AN_HOUR_OF_ITS_DAY, *A_WEEK]
)
def test_a_sentence_binds_to_the_day_and_the_hour_that_it_says(text, due):
    assert said(text) == due


@pytest.mark.parametrize(
    ("now", "text", "due"),
    [
        ("2026-11-04 10:00", "le llamo el 6 a las 12:30 y le digo cuánto es.", "6/11 12:30"),
        ("2026-11-04 10:00", "El lunes 9 a las 12 le llamo.", "9/11 12:00"),
        ("2026-11-04 10:00", "Dilluns 9 a les 12 et truco.", "9/11 12:00"),
        ("2026-11-04 10:00", "I'll call you on Monday the 9th at 12.", "9/11 12:00"),
        ("2026-11-25 10:00", "El lunes 7 a las 12 le llamo.", "7/12 12:00"),
        # months that lack the day
        ("2026-11-04 10:00", "Le llamo el 31 a las 10.", "31/12 10:00"),
        ("2026-11-05 10:00", "El día 31 le llamo.", "31/12 20:30"),
        ("2026-01-31 10:00", "El día 30 le llamo.", "30/3 20:30"),
        ("2027-11-13 10:00", "Te llamo el 29 de febrero a las 10.", "29/2 10:00"),
        ("2028-11-13 10:00", "Te llamo el 29 de febrero a las 10.", None),
        ("2026-10-13 11:00", "Te llamo el 31 de diciembre de 9999.", None),
        ("2026-10-13 11:00", "Te llamo el 1/1/0001 a las 17:00.", None),
        # on the day itself
        ("2026-10-16 09:00", "Le llamo el 16 a las 10:30.", "16/10 10:30"),
        ("2026-10-16 11:00", "Le llamo el 16 a las 10:30.", None),
        # part of a day that is over, or of which nobody can tell the day
        ("2026-10-13 15:00", "Esta mañana te llamo.", None),
        ("2026-10-13 21:00", "Esta tarde te llamo.", None),
        ("2026-10-13 15:00", "Por la mañana te llamo.", "14/10 14:00"),
        ("2026-10-13 12:30", "A mediodía te llamo.", None),
        ("2026-10-13 22:30", "Esta noche te llamo.", "13/10 23:59"),
        ("2026-10-17 16:00", "Te llamo a las 10.", None),
        ("2026-10-13 09:30", "Te llamo a las 9.", "14/10 09:00"),
        ("2026-10-13 00:30", "Mañana te llamo a las 10.", None),
        ("2026-10-13 00:30", "Hoy te llamo a las 10.", "13/10 10:00"),
        # a Saturday that closes before the afternoon
        ("2026-10-17 11:00", "Esta tarde le llamo.", "17/10 20:00"),
        ("2026-10-17 11:00", "Aquesta tarda et truco.", "17/10 20:00"),
        ("2026-10-17 15:00", "Te llamo antes del lunes.", "18/10 20:00"),
        # clocks go back on 25 October 2026 at 3:00, forward on 28 March 2027 at 2:00
        ("2026-10-24 13:00", "Te contestamos en 24 horas.", "25/10 12:00"),
        ("2026-10-24 13:00", "Te llamo mañana a las 10.", "25/10 10:00"),
        ("2026-10-25 01:00", "Te llamo en 3 horas.", "25/10 03:00"),
        ("2027-03-27 13:00", "Te contestamos en 24 horas.", "28/3 14:00"),
        ("2027-03-27 13:00", "Te llamo mañana a las 10.", "28/3 10:00"),
    ],
)
def test_what_is_said_at_another_time(now, text, due):
    assert said(text, datetime.fromisoformat(now).replace(tzinfo=ZONE)) == due


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("La semana que viene le confirmamos.", "3/1 20:00"),
        ("La setmana que ve us ho confirmem.", "3/1 20:00"),
        ("Antes del jueves 31 le confirmamos.", "26/12 14:00"),
        ("Esta semana le confirmamos.", "26/12 14:00"),
    ],
)
def test_a_week_without_an_open_day_is_not_promised_for_the_one_before(text, due):
    """Written on Wednesday 23 December; from 28 December to 3 January the shop is closed."""
    closed = tuple(
        Holiday(date(2026, 12, 28) + (date(2026, 12, n) - date(2026, 12, 1)), "Fiestas") for n in range(1, 8)
    )
    shop = Calendar("shop", ZONE, SHOP.week, closed)
    assert said(text, datetime(2026, 12, 23, 10, tzinfo=ZONE), shop) == due


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("El pedido sale hoy, mañana lo recibes.", ["13/10 20:30", "14/10 20:30"]),
        ("Mañana te mando la factura y a las 10 te llamo.", ["14/10 20:30", "14/10 10:00"]),
        ("Hoy a las 5 te llamo y a las 6 te lo mando.", ["13/10 17:00", "13/10 18:00"]),
        ("A las 17:00 lo miramos y mañana te llamo.", ["13/10 17:00", "14/10 20:30"]),
    ],
)
def test_two_acts_have_their_own_day_and_hour(text, due):
    found = pledges(text, NOW, SHOP)
    assert [f"{each.due_at.astimezone(ZONE):%-d/%-m %H:%M}" for each in found] == due


def test_an_hour_that_comes_twice_is_over_once_it_has_been():
    """Python compares two times of one zone by their readings, in which an hour of October comes twice."""
    zone = ZoneInfo("Europe/Madrid")
    second = datetime(2026, 10, 25, 1, 10, tzinfo=UTC).astimezone(zone)  # 2:10 for the second time
    always = Calendar("always", zone, always=True)
    assert pledges("Te llamo hoy a las 2:30 de la madrugada.", second, always) == ()
