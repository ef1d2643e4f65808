"""Addresses in a line: whole ones, and how many more there are."""

from zoneinfo import ZoneInfo

import pytest
from rich.cells import cell_len

from agentdesk.widgets.glyphs import UNICODE
from agentdesk.widgets.people import named, shared
from agentdesk.widgets.thread import Look, block
from desks import MONDAY
from tui.glass import HOSTILE, message

MADRID = ZoneInfo("Europe/Madrid")

MANY = ["info@otra.test", "luis2@cliente6.test", "teresa@cliente6.test"]


def test_as_many_whole_addresses_as_there_is_room_for():
    assert named(MANY, 80) == ", ".join(MANY)
    assert named(MANY, 50) == "info@otra.test, luis2@cliente6.test and 1 more"
    assert named(MANY, 40) == "info@otra.test and 2 more"
    assert named(MANY, 20) == "info@otr… and 2 more"
    assert named(MANY[1:2], 10) == "luis2@cli…"
    assert named([], 10) == ""


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("width", [24, 40, 60])
def test_it_never_takes_more_room_than_there_is(text, width):
    assert cell_len(named([text, *MANY], width)) <= width


def test_each_of_several_groups_names_somebody_and_the_first_ones_more():
    assert shared([["maria@x.test"], MANY, MANY], 90) == [
        "maria@x.test",
        "info@otra.test, luis2@cliente6.test and 1 more",
        "info@otra.test and 2 more",
    ]
    assert shared([], 10) == []


def heads(each, own=("soporte@shop.test",), width=80):
    look = Look(width, MONDAY, MADRID, UNICODE, "email", frozenset(own))
    return ["".join(text for text, _ in line).strip() for line in block(each, look, unfolded=False)][1:-1]


def test_who_else_got_a_message_stands_below_its_head_without_ourselves():
    us = "soporte@shop.test"
    assert heads(message(to=(us,))) == []
    assert heads(message(to=("unknown-alias@shop.test",))) == [], "one of ours that nobody told of"
    assert heads(message(to=(us, "luis@x.test"), cc=("teresa@x.test", "Soporte+t-1@shop.test"))) == [
        "also to luis@x.test",
        "copy to teresa@x.test",
    ]
    assert heads(message(to=("luis@x.test",), cc=(us,))) == ["also to luis@x.test"]
    assert heads(message(2, "Hola", "out", to=("maria@x.test",), state="sent")) == []
    assert heads(message(2, "Hola", "out", to=("maria@x.test", "jefe@x.test"), state="sent")) == [
        "to maria@x.test, jefe@x.test"
    ]
    many = tuple(f"persona{n}@cliente6.test" for n in range(9))
    assert heads(message(to=(us, *many)), width=78) == [
        "also to persona0@cliente6.test, persona1@cliente6.test and 7 more"
    ]
