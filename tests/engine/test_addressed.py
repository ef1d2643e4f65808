"""To, Cc and Bcc as people type them."""

import pytest

from agentdesk.core.letter import Wish
from agentdesk.core.model import Address
from agentdesk.engine.addressed import People, addresses, may_have, remembered
from agentdesk.errors import RefusedError

OWN = frozenset({"soporte@shop.test"})


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("a@x.test", ["a@x.test"]),
        ("A@X.test", ["a@x.test"]),
        ("a@x.test,b@x.test", ["a@x.test", "b@x.test"]),
        (" a@x.test ; b@x.test\nc@x.test d@x.test,", ["a@x.test", "b@x.test", "c@x.test", "d@x.test"]),
        ("María Puig <maria@x.test>, b@x.test", ["maria@x.test", "b@x.test"]),
        ("a@x.test, a@x.test", ["a@x.test"]),
        ("", []),
    ],
)
def test_addresses_are_read_as_people_type_them(typed, found):
    assert [each.email for each in addresses(typed, OWN)] == found


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("nobody", "no_address"),
        ("a@x.test, @x.test", "no_address"),
        ("a@b@c.test", "no_address"),
        ("<>", "no_address"),
        ("María <maria>", "no_address"),
        ("a@x.test\x1b[31m", "no_address"),
        ("Soporte@shop.test", "to_ourselves"),
        (", ".join(f"p{n}@x.test" for n in range(51)), "too_many"),
    ],
)
def test_what_cannot_be_meant_is_refused_by_name(typed, reason):
    with pytest.raises(RefusedError) as error:
        addresses(typed, OWN)
    assert error.value.values["reason"] == reason
    assert "\x1b" not in str(error.value.values)


def test_a_chat_has_no_copies():
    with pytest.raises(RefusedError) as error:
        may_have(Wish("x", bcc=(Address("", "a@x.test"),)), "whatsapp", OWN)
    assert error.value.values["reason"] == "no_copies"
    may_have(Wish("x", cc=(Address("", "a@x.test"),)), "form", OWN)


def test_who_was_chosen_is_remembered_and_nonsense_is_nobody():
    chosen = People((Address("María", "maria@x.test"),), (), (Address("", "b@x.test"),))
    assert remembered(chosen.kept()) == chosen
    assert [remembered(text) for text in ("", "[]", "{", '{"to": [{}]}')] == [None] * 4
