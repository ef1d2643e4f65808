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
    ],
)
def test_what_people_type_is_understood(text, local):
    assert f"{when(text, NOW, MADRID).astimezone(MADRID):%Y-%m-%d %H:%M}" == local


@pytest.mark.parametrize("text", ["", "soon", "mañana por si acaso", "25:99", "el dia de mai"])
def test_what_means_no_time_is_refused(text):
    with pytest.raises(ValueError):
        when(text, NOW, MADRID)
