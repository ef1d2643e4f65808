"""Times as people type them, in three languages."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from agentdesk.engine.when import when

MADRID = ZoneInfo("Europe/Madrid")
NOW = datetime(2026, 11, 25, 11, 30, tzinfo=UTC)  # a Wednesday, 12:30 in Madrid


@pytest.mark.parametrize(
    ("text", "local"),
    [
        ("2h", "2026-11-25 14:30"),
        ("in 2 hours", "2026-11-25 14:30"),
        ("en 2 horas", "2026-11-25 14:30"),
        ("d'aquí a 3 dies", "2026-11-28 12:30"),
        ("30 min", "2026-11-25 13:00"),
        ("1.5h", "2026-11-25 14:00"),
        ("20h30m", "2026-11-26 09:00"),
        ("1h30m", "2026-11-25 14:00"),
        ("1d12h", "2026-11-27 00:30"),
        ("2 horas y 30 minutos", "2026-11-25 15:00"),
        ("in 1 day, 2 hours", "2026-11-26 14:30"),
        ("una setmana i 2 dies", "2026-12-04 12:30"),
        ("20h30", "2026-11-25 20:30"),
        ("a las 20h30", "2026-11-25 20:30"),
        ("1h30", "2026-11-26 01:30"),
        ("90s", "2026-11-25 12:31"),
        ("1 semana", "2026-12-02 12:30"),
        ("2 setmanes", "2026-12-09 12:30"),
        ("tomorrow 9:00", "2026-11-26 09:00"),
        ("tomorrow", "2026-11-26 09:00"),
        ("mañana 9", "2026-11-26 09:00"),
        ("mañana a las 16:45", "2026-11-26 16:45"),
        ("demà a les 10", "2026-11-26 10:00"),
        ("pasado mañana", "2026-11-27 09:00"),
        ("demà passat 8h", "2026-11-27 08:00"),
        ("tomorrow 3pm", "2026-11-26 15:00"),
        ("lunes", "2026-11-30 09:00"),
        ("el lunes a las 10:30", "2026-11-30 10:30"),
        ("dilluns a les 10:00", "2026-11-30 10:00"),
        ("next friday", "2026-11-27 09:00"),
        ("miércoles", "2026-12-02 09:00"),
        ("17:00", "2026-11-25 17:00"),
        ("9:00", "2026-11-26 09:00"),
        ("2026-12-24 12:00", "2026-12-24 12:00"),
        ("24/12/2026", "2026-12-24 09:00"),
        ("24 de diciembre", "2026-12-24 09:00"),
        ("24 desembre 18:00", "2026-12-24 18:00"),
        ("mañana por la tarde", "2026-11-26 16:00"),
        ("mañana por la mañana", "2026-11-26 09:00"),
        ("el viernes por la tarde", "2026-11-27 16:00"),
        ("divendres a la tarda", "2026-11-27 16:00"),
        ("demà al vespre", "2026-11-26 20:00"),
        ("tomorrow at noon", "2026-11-26 12:00"),
        ("al migdia", "2026-11-26 12:00"),
        ("esta tarde", "2026-11-25 16:00"),
        ("tonight", "2026-11-25 20:00"),
        ("a las 5 de la tarde", "2026-11-25 17:00"),
        ("demà a les 7 del vespre", "2026-11-26 19:00"),
        ("lunes 10 de la mañana", "2026-11-30 10:00"),
        ("1 de la tarde", "2026-11-25 13:00"),
        ("24/12 por la tarde", "2026-12-24 16:00"),
        ("24 de diciembre por la mañana", "2026-12-24 09:00"),
        ("en media hora", "2026-11-25 13:00"),
        ("d'aquí a dues hores", "2026-11-25 14:30"),
        ("an hour", "2026-11-25 13:30"),
        ("la semana que viene", "2026-11-30 09:00"),
        ("la setmana que ve", "2026-11-30 09:00"),
        ("next week", "2026-11-30 09:00"),
        ("fin de mes", "2026-11-30 09:00"),
        ("30m2h", "2026-11-25 15:00"),
        ("30 min 2 h", "2026-11-25 15:00"),
        ("el 27", "2026-11-27 09:00"),
        ("el 6", "2026-12-06 09:00"),
        ("día 6", "2026-12-06 09:00"),
        ("el 6 a las 12:30", "2026-12-06 12:30"),
        ("el 31", "2026-12-31 09:00"),
        ("el 27 por la tarde", "2026-11-27 16:00"),
        ("el 27 al matí", "2026-11-27 09:00"),
        ("el 27 a les 10:30", "2026-11-27 10:30"),
        ("on the 27th at 10:30", "2026-11-27 10:30"),
        ("el lunes 7 a las 12", "2026-12-07 12:00"),
        ("dilluns 7 a les 12", "2026-12-07 12:00"),
        ("monday the 7th at 12", "2026-12-07 12:00"),
        ("el lunes 7", "2026-12-07 09:00"),
        ("lunes 7", "2026-11-30 07:00"),
        ("lunes 10", "2026-11-30 10:00"),
        ("3 de enero", "2027-01-03 09:00"),
        ("el 16", "2026-12-16 09:00"),
        ("16", "2026-11-25 16:00"),
        ("en nueve días", "2026-12-04 12:30"),
        ("en dotze dies", "2026-12-07 12:30"),
        ("in eleven days", "2026-12-06 12:30"),
    ],
)
def test_what_people_type_is_understood(text, local):
    assert f"{when(text, NOW, MADRID).astimezone(MADRID):%Y-%m-%d %H:%M}" == local


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "mañana por si acaso",
        "25:99",
        "el dia de mai",
        "un",
        "la tarde",
        "12 de la noche",
        "esta mañana",
        "2h2h",
        "el lunes 8 a las 12",
        "tuesday the 7th at 12",
        "viernes 28 de noviembre",
        "el 32",
        "31 de noviembre",
        "29 de febrero",
        "by the 16th",
        "99999999d",
        "999999w",
        "9" * 400 + "h",
        "99999999999999999999",
        "9999-12-31 23:59",
        "0001-01-01",
    ],
)
def test_what_means_no_time_is_refused(text):
    with pytest.raises(ValueError):
        when(text, NOW, MADRID)


@pytest.mark.parametrize(
    ("hour", "local"), [(10, "25 16:00"), (16, "25 18:00"), (17, "25 18:00"), (18, None), (22, None)]
)
def test_this_afternoon_is_what_is_left_of_it(hour, local):
    now = datetime(2026, 11, 25, hour, 30, tzinfo=MADRID)
    if local is None:
        with pytest.raises(ValueError):
            when("esta tarde", now, MADRID)
    else:
        assert f"{when('esta tarde', now, MADRID).astimezone(MADRID):%d %H:%M}" == local


@pytest.mark.parametrize(
    "text",
    [
        "el lunes a las 12",
        "lunes a las 12",
        "el dilluns a les 12",
        "on monday at 12",
        "el próximo lunes a las 12",
        "este lunes a las 12",
        "el lunes que viene a las 12",
        "dilluns que ve a les 12",
        "el lunes 12:00",
    ],
)
def test_a_weekday_whose_hour_has_passed_today_is_the_next_one(text):
    now = datetime(2026, 11, 30, 21, 22, tzinfo=MADRID)
    assert f"{when(text, now, MADRID).astimezone(MADRID):%Y-%m-%d %H:%M}" == "2026-12-07 12:00"


def test_the_end_of_the_month_is_the_next_one_that_comes():
    last = datetime(2026, 12, 31, 10, tzinfo=MADRID)
    assert f"{when('final de mes', last, MADRID).astimezone(MADRID):%Y-%m-%d %H:%M}" == "2027-01-31 09:00"


def test_days_go_by_the_clock_on_the_wall_and_hours_do_not():
    """In the night to 25 October 2026 the clocks go back."""
    before = datetime(2026, 10, 24, 12, tzinfo=MADRID)
    said = {
        text: f"{when(text, before, MADRID).astimezone(MADRID):%d %H:%M}" for text in ("1d", "24h", "1d 2h")
    }
    assert said == {"1d": "25 12:00", "24h": "25 11:00", "1d 2h": "25 14:00"}


@pytest.mark.parametrize(
    ("text", "local"), [("12/10", "2026-10-12 09:00"), ("13/10 10:00", "2026-10-13 10:00")]
)
def test_a_date_that_has_just_passed_is_not_next_years(text, local):
    """Whoever asks for it refuses what is over."""
    now = datetime(2026, 10, 13, 11, tzinfo=MADRID)
    assert f"{when(text, now, MADRID).astimezone(MADRID):%Y-%m-%d %H:%M}" == local


@pytest.mark.parametrize(
    ("hour", "text", "at"),
    [
        (8, "el 30", "2026-11-30 09:00"),
        (10, "el 30", "2026-11-30 20:30"),
        (10, "el lunes 30", "2026-11-30 20:30"),
        (10, "día 30", "2026-11-30 20:30"),
        (10, "the 30th", "2026-11-30 20:30"),
        (10, "el 30 a las 17", "2026-11-30 17:00"),
        (10, "el 30 a las 9", "2026-12-30 09:00"),
        (17, "el 30 por la tarde", "2026-11-30 18:00"),
        (19, "el 30 por la tarde", "2026-12-30 16:00"),
        (21, "el 30", "2026-12-30 09:00"),
        (21, "on the 30th at 10:30", "2026-12-30 10:30"),
        (21, "el 30 a las 22", "2026-11-30 22:00"),
        (21, "el lunes 30", "2026-11-30 09:00"),
        (21, "2026-11-30", "2026-11-30 09:00"),
    ],
)
def test_a_day_of_the_month_is_today_while_something_of_it_is_left(hour, text, at):
    """On Monday, 30 November, where the shop closes at 20:30; no other 30th is a Monday soon, nor has a year that is said another."""
    now = datetime(2026, 11, 30, hour, 0, tzinfo=MADRID)
    closes_at = datetime(2026, 11, 30, 20, 30, tzinfo=MADRID)
    assert f"{when(text, now, MADRID, closes_at).astimezone(MADRID):%Y-%m-%d %H:%M}" == at


def test_the_31st_is_the_next_one_that_there_is():
    now = datetime(2027, 1, 31, 21, 0, tzinfo=MADRID)
    assert when("el 31", now, MADRID).astimezone(MADRID).date().isoformat() == "2027-03-31"


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("tomorrow 12am", "2026-11-24 00:00"),
        ("tomorrow 12:30am", "2026-11-24 00:30"),
        ("tomorrow 12pm", "2026-11-24 12:00"),
        ("tomorrow at 9 am", "2026-11-24 09:00"),
        ("12am", "2026-11-24 00:00"),
        ("friday at 12am", "2026-11-27 00:00"),
    ],
)
def test_twelve_in_the_night_is_midnight(text, at):
    now = datetime(2026, 11, 23, 10, 0, tzinfo=MADRID)
    assert f"{when(text, now, MADRID).astimezone(MADRID):%Y-%m-%d %H:%M}" == at


@pytest.mark.parametrize("text", ["13am", "tomorrow 13am", "tomorrow at 15:30 am"])
def test_no_morning_has_a_thirteenth_hour(text):
    with pytest.raises(ValueError, match="am"):
        when(text, datetime(2026, 11, 23, 10, 0, tzinfo=MADRID), MADRID)
