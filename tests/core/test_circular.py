"""Who gets one answer to many, who is left out and why, and which answers are looked at first."""

from dataclasses import replace

import pytest

from agentdesk.core.circular import Addressee, Why, circular
from agentdesk.core.window import Standing

ANNA = Addressee("t1", 1, "anna", "Anna", "email", "ca", "Hola Anna")
BETO = Addressee("t2", 2, "beto", "Beto", "whatsapp", "es", "Hola Beto")


@pytest.mark.parametrize(
    ("how", "why"),
    [
        ({"is_person": False}, Why.MACHINE),
        ({"is_over": True}, Why.OVER),
        ({"has_way": False}, Why.NO_WAY),
        ({"opted_out": True}, Why.OPTED_OUT),
        ({"standing": Standing.TEMPLATE_ONLY}, Why.WINDOW),
        ({"standing": Standing.HUMAN_ONLY}, Why.WINDOW),
        ({"elsewhere": True}, Why.ELSEWHERE),
        ({"had_it": True}, Why.HAD_IT),
        ({"has_blank": True}, Why.BLANK),
        ({"text": " "}, Why.BLANK),
        ({"text_max": 5}, Why.TOO_LONG),
        ({"customer": "anna"}, Why.SAME),
    ],
)
def test_whoever_cannot_be_answered_is_left_out_with_the_reason_and_the_others_are_not(how, why):
    found = circular([ANNA, replace(BETO, **how)])
    assert found.gets == (ANNA,)
    assert found.reasons() == [(why, 1)]


def test_a_person_whose_first_ticket_cannot_be_answered_gets_it_in_the_second():
    late = replace(ANNA, standing=Standing.CLOSED)
    assert [each.number for each in circular([late, replace(ANNA, number=3)]).gets] == [3]


def test_the_answers_that_are_shown_are_of_as_many_languages_and_channels_as_there_are():
    more = [replace(ANNA, ticket=f"m{n}", customer=f"m{n}") for n in range(5)]
    sms = replace(ANNA, ticket="s", customer="s", channel="sms")
    found = circular([*more, sms, BETO])
    assert [each.ticket for each in found.shown()] == ["m0", "t2", "s"]
    assert found.kinds() == [("email", "ca", 5), ("sms", "ca", 1), ("whatsapp", "es", 1)]
