"""The morning in words."""

from datetime import UTC, datetime, timedelta

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
        == "0 answers today; 38 a day this week; at that pace all is answered in 90 m of work"
    )
