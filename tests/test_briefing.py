"""The morning in words."""

from datetime import UTC, datetime, timedelta

import pytest

from agentdesk import briefing, i18n
from agentdesk.core.morning import CAP, Morning, Pace

NINE = datetime(2026, 11, 23, 9, tzinfo=UTC)


def test_a_bar_is_a_cell_a_ticket_and_never_longer_than_its_room():
    assert briefing.bars(Morning(NINE, None, due=((9, 1), (12, 3))), "#") == ("09:00 # 1", "12:00 ### 3")
    assert briefing.bars(Morning(NINE, None, due=((9, 1), (12, 400))), "#", 10) == (
        "09:00 # 1",
        "12:00 ########## 400",
    )
    assert briefing.bars(Morning(NINE, None), "#") == ()


def test_figures_say_since_when_by_which_channel_and_where_counting_ended():
    i18n.use("en")
    told = Morning(NINE, NINE - timedelta(hours=62), (("email", 12), ("whatsapp", 8)), unanswered=CAP)
    found = {each.key: each for each in briefing.figures(told, UTC)}
    assert found["arrived"].title == "arrived since 20 Nov 19:00"
    assert (found["arrived"].words, found["arrived"].more) == ("20", "mail 12, WhatsApp 8")
    assert found["unanswered"].words == "2000+"


def test_a_pace_is_said_where_there_is_one():
    i18n.use("en")
    assert briefing.speed(Pace(1)) == "1 answer today"
    assert (
        briefing.speed(Pace(0, 38.2, 9.1, 1.5))
        == "0 answers today; 38 a day this week; at that pace all is answered in 1 h 30 m of work"
    )


@pytest.mark.parametrize(
    ("hour", "es", "ca", "en"),
    [
        ("01:05", "Buenas noches, Joan. Es la 1:05.", "Bona nit, Joan. És la 1:05.", "Good evening, Joan."),
        ("06:00", "Buenos días, Joan. Son las 6:00.", "Bon dia, Joan. Són les 6:00.", "Good morning, Joan."),
        (
            "13:59",
            "Buenos días, Joan. Son las 13:59.",
            "Bon dia, Joan. Són les 13:59.",
            "Good afternoon, Joan.",
        ),
        (
            "16:17",
            "Buenas tardes, Joan. Son las 16:17.",
            "Bona tarda, Joan. Són les 16:17.",
            "Good afternoon, Joan.",
        ),
        (
            "20:59",
            "Buenas tardes, Joan. Son las 20:59.",
            "Bona tarda, Joan. Són les 20:59.",
            "Good evening, Joan.",
        ),
        (
            "21:00",
            "Buenas noches, Joan. Son las 21:00.",
            "Bona nit, Joan. Són les 21:00.",
            "Good evening, Joan.",
        ),
    ],
)
def test_one_is_greeted_as_the_hour_asks(hour, es, ca, en):
    here = datetime.fromisoformat(f"2026-11-23T{hour}")
    for language, said in (("es", es), ("ca", ca), ("en", f"{en} It is {hour.lstrip('0')}.")):
        i18n.use(language)
        assert briefing.greeting("Joan", here, language) == said
    i18n.use("en")
