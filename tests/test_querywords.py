"""A search in words."""

import re

import pytest

from agentdesk import i18n, querywords, rulewords
from test_rulebook import SHIPPED, load  # noqa: F401 - a fixture

SAID = [
    ("channel:whatsapp -is:unassigned", "WhatsApp, not of nobody"),
    ("(status:open OR tag:vip) factura", "open or tag vip, “factura”"),
    ("segment:vip channel:email", "segment:vip channel:email"),
    ("channel:email before:7d", "channel:email before:7d"),
]


@pytest.mark.parametrize(("text", "words"), SAID)
def test_a_search_is_said_in_words_or_stays_as_it_was_typed(text, words):
    assert querywords.asked(text) == words


@pytest.mark.parametrize("language", ["es", "ca", "en"])
def test_whoever_reads_what_a_shipped_rule_does_needs_no_word_of_a_search(load, language):  # noqa: F811
    i18n.use(language)
    try:
        for rule in load(on=SHIPPED).rules:
            assert not re.search(r"\b(status|is|kind|incident|channel):\w", rulewords.about(rule)), rule.name
    finally:
        i18n.use("en")
