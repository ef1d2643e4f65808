"""When a text that nobody writes may go: once a day, fresh, and while it is true."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from agentdesk.core.restraint import Covered, objection, provider_spoke
from agentdesk.core.state import Said
from agentdesk.core.timetable import Calendar, Hours

ZONE = ZoneInfo("Europe/Madrid")
NINE_TO_SIX = Calendar("shop", ZONE, ((Hours(9 * 3600, 18 * 3600),),) * 5 + ((), ()))
NOON = datetime(2026, 11, 30, 12, 0, tzinfo=ZONE).astimezone(UTC)
EVENING = NOON + timedelta(hours=10)


def why(kind="ack", at=NOON, *, age=1.0, before=(), ticket="t", channel="email"):
    heard = at - timedelta(minutes=age)
    return objection(Said(kind, ticket, channel, at), heard=heard, calendar=NINE_TO_SIX, before=before)


def said(kind="ack", *, minutes=60.0, ticket="t", channel="email", at=NOON):
    return Said(kind, ticket, channel, at - timedelta(minutes=minutes))


def test_each_text_goes_while_it_is_true():
    assert why("ack", NOON) is None
    assert why("away", EVENING) is None
    assert why("ack", EVENING) == "shop_is_closed"
    assert why("away", NOON) == "shop_is_open"
    closing = NOON + timedelta(hours=6)
    assert why("ack", closing - timedelta(seconds=1)) is None
    assert why("ack", closing) == "shop_is_closed"
    assert why("away", closing) is None


def test_a_message_of_a_quarter_of_an_hour_ago_is_answered_and_not_acknowledged():
    assert why(age=15) is None
    assert why(age=15.1) == "too_old"
    assert why("away", EVENING, age=16) == "too_old"


def test_one_of_both_a_day_for_each_channel():
    assert why(before=[said("away", minutes=23 * 60)]) == "said_today"
    assert why(before=[said("ack", ticket="another")]) == "said_today"
    assert why(before=[said("sent folder")]) == "said_today", "a provider's own text is one of them"
    assert why(before=[said(minutes=24 * 60)]) is None
    assert why(before=[said(channel="whatsapp")]) is None
    assert why(channel="form", before=[said()]) == "said_today", "a form is answered by mail"
    assert why(before=[said("survey")]) is None


def test_so_does_each_other_text_about_a_moment_and_what_follows_an_answer_does_not():
    for kind in ("thanks", "progress"):
        wide = {"heard": None, "calendar": NINE_TO_SIX}
        text = Said(kind, "t", "email", NOON)
        assert objection(text, before=[said(kind, ticket="another")], **wide) == "said_today"
        assert objection(text, before=[said("ack")], **wide) is None
    survey = Said("survey", "t", "email", NOON)
    assert (
        objection(survey, before=[said("survey", ticket="another")], heard=None, calendar=NINE_TO_SIX) is None
    )


@pytest.mark.parametrize(("minutes", "most"), [(10, 10), (30, 15), (60, 25), (180, 50), (600, 100)])
def test_whatever_else_goes_by_itself_is_bounded_on_a_ticket(minutes, most):
    step = minutes / most * 0.99
    before = [said("follow_up", minutes=step * n) for n in range(most)]
    text = Said("follow_up", "t", "email", NOON)
    wide = {"heard": None, "calendar": NINE_TO_SIX}
    assert objection(text, before=before, **wide) == "too_many"
    assert objection(text, before=[said("follow_up", minutes=minutes)] * most, **wide) in {None, "too_many"}
    elsewhere = [said("follow_up", minutes=step * n, ticket=f"t{n}") for n in range(most)]
    assert objection(text, before=elsewhere, **wide) is None


def test_and_to_one_customer_over_all_tickets():
    before = [said("follow_up", minutes=0.3 * n, ticket=f"t{n}") for n in range(30)]
    text = Said("follow_up", "t", "email", NOON)
    assert objection(text, heard=None, calendar=NINE_TO_SIX, before=before) == "too_many"
    assert objection(text, heard=None, calendar=NINE_TO_SIX, before=before[1:]) is None


def test_who_was_answered_by_the_provider_is_not_answered_twice():
    closed = Covered(NINE_TO_SIX)
    assert provider_spoke(closed, [EVENING], EVENING)
    assert provider_spoke(closed, [EVENING], EVENING + timedelta(hours=12)), (
        "written at night, seen in the morning"
    )
    assert not provider_spoke(closed, [EVENING], EVENING + timedelta(hours=24))
    assert not provider_spoke(closed, [NOON], NOON)


def test_a_provider_that_covers_the_laptop_leaves_the_rest_of_the_evening_to_the_desk():
    laptop = Calendar("laptop", ZONE, ((Hours(8 * 3600, 23 * 3600),),) * 7)
    covered = Covered(NINE_TO_SIX, laptop)
    assert not covered.at(EVENING)
    assert covered.at(EVENING + timedelta(hours=1))
    assert not covered.at(NOON)
