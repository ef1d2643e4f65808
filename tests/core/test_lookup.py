"""What a shop's answer may hold, which order is meant, and which patterns are safe to lay over a stranger's text."""

import json
import re

import pytest

from agentdesk.core import lookup
from agentdesk.core.lookup import Fact, Question
from agentdesk.core.pattern import checked, numbers
from agentdesk.core.text import is_safe
from hostile import PAYLOADS


def answer(*facts: object) -> bytes:
    return json.dumps({"facts": facts}).encode()


def test_an_order_is_read_with_all_that_is_said_of_it():
    told = {
        "number": 48190, "status": "shipped", "items": ["Basket", "Cushion"], "open": True, "gift": "wrapped", "points": 7,
        "tracking_url": "https://track.example/1", "nested": {"no": 1},
    }  # fmt: skip
    (fact,) = lookup.read(answer(told))
    assert fact == Fact(
        "48190", "shipped", tracking_url="https://track.example/1", items=("Basket", "Cushion"), is_open=True,
        more=(("gift", "wrapped"), ("points", "7")),
    )  # fmt: skip
    assert lookup.fact(fact.document()) == fact


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"<html>", "no JSON"),
        (b"[1]", "not of the form"),
        (b'{"facts": [1]}', "not of the form"),
        (b'{"facts": ' + b"[" * 50 + b"]" * 50 + b"}", "too deep"),
        (b"[" * 200_000, "no JSON"),
        (b" " * (lookup.BYTES + 1), "too long"),
    ],
)
def test_what_is_no_answer_is_refused_with_a_reason(data, words):
    with pytest.raises(ValueError, match=words):
        lookup.read(data)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_nothing_that_a_shop_says_reaches_a_terminal_raw(payload):
    said = f"a{payload.raw}b"
    names = ("number", "status", "placed_at", "total", "carrier", "tracking_url", "email", said)
    (fact, *_) = lookup.read(answer({**dict.fromkeys(names, said), "items": [said]}))
    for value in (
        *fact.values().values(),
        fact.email,
        *fact.items,
        *(word for pair in fact.more for word in pair),
    ):
        assert is_safe(value)
        assert "\n" not in value


def test_only_so_much_is_kept():
    many = [
        {"number": str(n), "items": ["x" * 999] * 99, **{f"k{i}": "v" for i in range(99)}} for n in range(99)
    ]
    found = lookup.facts(many)
    assert len(found) == lookup.FACTS
    assert len(found[0].items) == lookup.ITEMS
    assert len(found[0].items[0]) == lookup.LINE
    assert len(found[0].more) == lookup.MORE


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "https://",
        "https://shop.example@evil.example/",
        "https://a b/",
        "//x",
        7,
    ],
)
def test_a_link_that_no_browser_should_follow_is_left_out(address):
    assert lookup.fact({"number": "1", "tracking_url": address}).tracking_url == ""


def test_the_host_of_a_link_is_shown_as_the_network_writes_it():
    assert lookup.host("https://Track.example:8443/x?y") == "track.example"
    assert lookup.host("https://c\u043errreos.example/").startswith("xn--")


SHIPPED, OTHER, GONE = Fact("VM-1", "shipped"), Fact("VM-2", "shipped"), Fact("VM-3", "Entregado")


@pytest.mark.parametrize(
    ("facts", "named", "meant"),
    [
        ((SHIPPED, OTHER, GONE), ("vm-2",), OTHER),
        ((SHIPPED, OTHER, GONE), ("#VM-3",), GONE),
        ((SHIPPED, GONE), (), SHIPPED),
        ((SHIPPED, GONE), ("VM-9",), SHIPPED),
        ((SHIPPED, OTHER), (), None),
        ((SHIPPED, OTHER), ("VM-1", "VM-2"), None),
        ((GONE,), (), None),
        ((), ("VM-1",), None),
    ],
)
def test_the_order_that_counts_is_the_named_one_else_the_only_open_one(facts, named, meant):
    assert lookup.meant(facts, named) == meant


def test_what_an_agent_chose_goes_before_the_only_open_order_and_after_what_is_named():
    facts = (SHIPPED, GONE)
    assert lookup.meant(facts, (), "VM-3") == GONE
    assert lookup.meant(facts, ("VM-1",), "VM-3") == SHIPPED
    assert lookup.meant(facts, ("VM-1", "VM-3"), "VM-3") == GONE
    assert lookup.meant(facts, (), "VM-9") is None, "of an order that is not known nothing is said"
    assert lookup.numbered(facts, " #vm-3 ") == GONE


def test_the_shop_says_itself_which_orders_are_over():
    assert lookup.over((SHIPPED,), ("Shipped",))[0].going is False
    assert lookup.over((Fact("VM-1", "shipped", is_open=True),), ("shipped",))[0].going is True
    assert Fact("VM-1", "delivered", is_open=True).going is True


@pytest.mark.parametrize(
    "text",
    [
        r"\b(VM-\d{5})\b",
        r"#(\d{3,8})\b",
        r"(?:pedido|order)\s*(?:nº|#)?\s*([A-Z]{1,3}-?\d+)",
        r"([A-Z]{2}[-_]\d{4,8})",
        r"(\d+)",
    ],
)
def test_patterns_that_shops_write_are_taken(text):
    assert checked(text)


@pytest.mark.parametrize(
    "text",
    [r"((\w+)+)", r"((?:a|b)*)", r"(\w+)+x", r"(\w+)\s*\1x", r"(.*.*.*x)", r"(?:(a+))*b", r"(\d+\d+\d+\d+x)"],
)
def test_a_pattern_that_could_take_for_ever_is_refused(text):
    with pytest.raises((ValueError, re.error)):
        checked(text)


@pytest.mark.parametrize("text", [r"VM-\d+", r"(VM)-(\d+)"])
def test_a_pattern_has_exactly_one_group(text):
    with pytest.raises(ValueError, match="one group"):
        checked(text)


def test_numbers_are_found_once_newest_first_and_in_words_of_any_length():
    pattern = checked(r"\b(VM-\d{5})\b")
    long = "palabra " * 60 + "VM-00001 " + "palabra " * 60 + "VM-00002"
    assert numbers(pattern, ("vm-00003 and VM-00003", long)) == (
        "vm-00003",
        "VM-00001",
        "VM-00002",
    )
    assert numbers(pattern, ("x" * 500 + " VM-00004",)) == ("VM-00004",)
    assert numbers(pattern, ("a" * 9000, "VM-00005")) == ()


def test_a_question_says_who_asks_and_about_what():
    asked = Question((("email", "maria@x.test"),), ("VM-1",)).document()
    assert asked == {
        "version": 1,
        "identities": [{"channel": "email", "address": "maria@x.test"}],
        "orders": ["VM-1"],
    }
