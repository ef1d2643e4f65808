"""Who is told what while the shop is closed."""

from agentdesk.core.afterhours import Heard, heard
from agentdesk.core.rules import Deed, Rule


def says(kind: str = "away", on=("customer_wrote",), **given) -> Rule:
    return Rule(given.pop("name", kind), on, deeds=(Deed("quick", ("text", kind)),), **given)


def told(*rules: Rule, closed: bool = True, **providers: str) -> Heard:
    (found,) = heard(("email", "email"), rules, providers, closed=closed)
    return found


def test_no_rule_and_no_provider_is_silence():
    assert told().is_silence
    assert not told(says()).is_silence
    assert told(says()).rules == ("away",)
    assert told(says()).ends_with_the_laptop


def test_an_acknowledgement_speaks_of_an_open_shop_and_covers_no_night():
    assert told(says("ack")).is_silence
    assert told(says("ack", when="open"), closed=False).rules == ("ack",)
    assert told(says("away", when="closed"), closed=False).is_silence


def test_what_comes_too_late_or_in_the_morning_or_for_something_else_covers_no_night():
    for rule in (
        says(when="open"),
        says(after="15m"),
        says(after="1m", counts="open"),
        says(on=("resolved",)),
        says("survey"),
        Rule("tags", ("customer_wrote",)),
    ):
        assert told(rule).is_silence, rule
    assert told(says(after="14m")).rules == ("away",)


def test_a_rule_about_some_messages_covers_a_part_unless_another_is_about_all():
    some, first = says(where="lang:ca"), says(on=("ticket_opened",), name="first")
    assert told(some).in_part
    assert told(first).in_part
    assert not told(some, says(name="all")).in_part


def test_where_the_provider_answers_the_desk_is_silent_and_one_for_the_laptop_leaves_the_evening_to_the_desk():
    assert told(says(), email="closed") == Heard("email", provider="closed")
    assert told(says(), email="laptop") == Heard("email", ("away",), provider="laptop")
    assert not told(email="laptop").is_silence
    assert told(says(), email="closed", closed=False).is_silence
