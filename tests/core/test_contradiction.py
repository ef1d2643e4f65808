"""Which rules cannot be together: held against every small world, one by one."""

import itertools
import random
from dataclasses import dataclass

import pytest

from agentdesk.core import overlap
from agentdesk.core.contradiction import against, clashes
from agentdesk.core.replies import Does
from agentdesk.core.rules import Deed, Rule


def rule(name, on, order=50, *, where="", when="any", after="", text="", kind="ack", **does):
    deeds = (Deed("quick", (text, kind)),) if text else ()
    events = (on,) if isinstance(on, str) else on
    return Rule(name, events, order, where, when, after, does=Does(**does), deeds=deeds)


def reasons(*rules):
    return [(each.rule.name, each.other.name, each.reason, each.word) for each in clashes(rules, ("vip",))]


def test_a_rule_that_sets_itself_off_is_refused():
    assert reasons(rule("a", "tagged", tag=("x",))) == [("a", "a", "itself", "tagged")]
    assert reasons(rule("a", "reopened", status="open")) == [("a", "a", "itself", "reopened")]
    assert reasons(rule("a", "customer_wrote", tag=("x",))) == []


VIP = rule("vip", "tagged", 1, where="tag:vip -tag:care", tag=("care",))


def test_what_asks_for_a_ticket_that_it_has_not_touched_does_not_set_itself_off():
    assert reasons(VIP) == []
    assert reasons(rule("a", "assigned", where="assignee:Joan", assign="Marta")) == []
    assert reasons(VIP, rule("b", "tagged", 2, where="tag:trade -tag:bill", tag=("bill",))) == []


@pytest.mark.parametrize(
    "again",
    [
        rule("a", "tagged", where="tag:vip", tag=("care",)),
        rule("a", "tagged", where="tag:vip OR -tag:care", tag=("care",)),
        rule("a", "tagged", where="-tag:other", tag=("care",)),
        rule("a", "snoozed", where="-status:snoozed", after="1d", snooze="1d"),
    ],
)
def test_what_asks_for_a_ticket_that_it_has_touched_sets_itself_off(again):
    assert [reason for _, _, reason, _ in reasons(again)] == ["itself"]


def test_a_circle_is_one_where_another_rule_takes_back_what_kept_a_rule_from_acting_again():
    back = rule("b", "tagged", 2, where="tag:care", untag=("care",), tag=("seen",))
    assert reasons(VIP, back) == [("b", "vip", "circle", "tagged")]


def test_whoever_is_put_on_is_to_blame_and_not_the_one_that_runs_wherever_it_stands_among_them():
    runs = rule("runs", "customer_wrote", 5, priority="urgent")
    for order in (1, 9):
        clash = against(rule("new", "customer_wrote", order, priority="high"), (runs,))
        assert clash is not None
        assert (clash.rule.name, clash.other.name, clash.word) == ("new", "runs", "priority")


def test_the_later_sees_what_the_earlier_did_whichever_of_both_is_put_on():
    first = rule("a", "customer_wrote", 1, tag=("seen",), priority="urgent")
    second = rule("b", "customer_wrote", 2, where="-tag:seen", priority="high")
    assert against(first, (second,)) is against(second, (first,)) is None


def test_rules_that_go_round_in_a_circle_are_found_however_long_it_is():
    one = rule("a", "tagged", 1, assign="Joan")
    two = rule("b", "assigned", 2, priority="high")
    three = rule("c", "prioritised", 3, tag=("x",))
    assert reasons(one, two) == []
    assert reasons(one, two, three) == [("c", "b", "circle", "prioritised")]


# Two that set the same to something else.


def test_of_two_that_set_the_same_to_something_else_the_later_is_refused():
    high = rule("a", "customer_wrote", 1, priority="high")
    low = rule("b", "customer_wrote", 2, priority="low")
    assert reasons(low, high) == [("b", "a", "field", "priority")]
    assert reasons(high, rule("b", "customer_wrote", 2, priority="high")) == []
    assert reasons(high, rule("b", "customer_wrote", 2, after="3d", priority="low")) == []
    assert reasons(rule("a", "replied", 1, tag=("x",)), rule("b", "replied", 2, untag=("x",))) == [
        ("b", "a", "field", "tag x")
    ]


SETS = [
    ({"assign": "Joan"}, {"assign": "Marta"}, "assign"),
    ({"status": "resolved"}, {"status": "waiting_customer"}, "status"),
    ({"status": "resolved"}, {"snooze": "1d"}, "status"),
    ({"snooze": "1d 9:00"}, {"snooze": "2d"}, "status"),
    ({"text": "one"}, {"text": "one"}, "quick"),
    ({"text": "one", "kind": "thanks"}, {"text": "two", "kind": "survey"}, "quick"),
    ({"snooze": "7d"}, {"snooze": "1w"}, None),
    ({"assign": "Joan"}, {"priority": "low"}, None),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other", "word"), SETS)
def test_what_contradicts_what(one, other, word):
    found = reasons(rule("a", "replied", 1, **one), rule("b", "replied", 2, **other))
    assert found == ([("b", "a", "field", word)] if word else [])


APART = [
    ("channel:email", "channel:telegram", True),
    ("channel:email", "channel:email tag:x", False),
    ("channel:email -tag:x", "tag:X", True),
    ("(channel:email OR channel:telegram)", "channel:telegram", False),
    ("(channel:email OR channel:x) -channel:x", "-channel:email", True),
    ("is:unassigned", "assignee:Joan", True),
    ("is:snoozed", "status:open", True),
    ("is:snoozed", "status:snoozed tag:y", False),
    ("is:unhappy", "-is:rated", True),
    ("is:overdue", "-sla:breached", True),
    ("is:overdue", "due:2h", True),
    ("due:2h", "-due:1d", True),
    ("due:1d", "-due:2h", False),
    ("after:2026-02-01", "before:2026-01-01", True),
    ("after:2026-01-01", "before:2026-02-01", False),
    ("after:2d", "before:7d", True),
    ("after:7d", "before:2d", False),
    ("after:2026-01-01", "before:2d", False),
    ("after:today", "before:yesterday", True),
    ("#7", "-#7,8", True),
    ("segment:vip", "-segment:vip", True),
    ("segment:vip", "channel:email", False),
    ("factura", "-factura", True),
    ("factura", "paquete", False),
    ("-status:new -status:open -status:waiting_customer -status:waiting_third_party -status:snoozed", "-status:resolved -status:closed", True),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other", "apart"), APART)
def test_tickets_that_both_ask_for_are_found_by_what_the_words_of_a_search_mean(one, other, apart):
    first = rule("a", "customer_wrote", 1, where=one, tag=("z",))
    found = reasons(first, rule("b", "customer_wrote", 2, where=other, untag=("z",)))
    assert found == ([] if apart else [("b", "a", "field", "tag z")])


def test_a_shop_is_open_or_closed():
    one = rule("a", "replied", 1, when="open", priority="high")
    assert reasons(one, rule("b", "replied", 2, when="closed", priority="low")) == []
    assert reasons(one, rule("b", "replied", 2, priority="low")) != []


EVENTS = [
    ("ticket_opened", "customer_wrote", False),
    ("customer_wrote", "reopened", False),
    ("replied", "resolved", False),
    ("tagged", "assigned", False),
    ("replied", "customer_wrote", True),
    ("due_soon", "became_late", True),
    ("became_late", "customer_wrote", True),
    ("rated", "tagged", True),
]


@pytest.mark.parametrize(("one", "other", "apart"), EVENTS)
def test_one_event_may_be_of_several_kinds(one, other, apart):
    found = reasons(rule("a", one, 1, status="closed"), rule("b", other, 2, status="new"))
    assert (found == []) == apart


def test_after_a_while_the_words_of_two_conditions_may_stand_in_two_messages():
    at_once = rule("a", "customer_wrote", 1, where="factura", priority="high")
    assert reasons(at_once, rule("b", "customer_wrote", 2, where="-factura", priority="low")) == []
    late = rule("a", "customer_wrote", 1, where="factura", after="1d", priority="high")
    assert reasons(late, rule("b", "customer_wrote", 2, where="-factura", after="24h", priority="low")) != []


def test_who_asks_for_what_the_earlier_rule_has_not_touched_is_apart_from_it():
    first = rule("a", "customer_wrote", 1, where="channel:email", tag=("done",), priority="high")
    assert reasons(first, rule("b", "customer_wrote", 2, where="-tag:done", priority="low")) == []
    assert reasons(first, rule("b", "customer_wrote", 2, where="tag:done", priority="low")) != []
    assert reasons(rule("b", "customer_wrote", 0, where="-tag:done", priority="low"), first) != []


def test_a_change_of_priority_moves_promises_so_that_both_may_be_meant():
    first = rule("a", "customer_wrote", 1, where="-is:overdue", priority="high", tag=("x",))
    assert reasons(first, rule("b", "customer_wrote", 2, where="is:overdue", untag=("x",))) != []
    first = rule("a", "customer_wrote", 1, where="-is:overdue", tag=("x",))
    assert reasons(first, rule("b", "customer_wrote", 2, where="is:overdue", untag=("x",))) == []


def test_the_example_is_a_ticket_that_both_ask_for():
    first = rule("a", "customer_wrote", 1, where="channel:email (tag:x OR lang:ca)", priority="high")
    (clash,) = clashes((first, rule("b", "customer_wrote", 2, where="-tag:x factura", priority="low")))
    assert sorted(clash.example) == ["-tag:x", "channel:email", "factura", "lang:ca"]
    assert clash.keys == ("do.priority", "do.priority")


def test_long_conditions_are_compared_to_their_end_where_one_word_decides():
    many = " ".join(f"(tag:a{n} OR tag:b{n})" for n in range(30))
    never = " ".join(f"-tag:a{n}" for n in range(29)) + " -tag:b29 -tag:a29"
    first = rule("a", "customer_wrote", 1, where=many, priority="high")
    assert reasons(first, rule("b", "customer_wrote", 2, where=never, priority="low")) == []


def test_conditions_of_many_words_are_compared_within_a_bound_and_may_then_overlap():
    pairs = [(one, other) for one in range(8) for other in range(one)]
    some = " ".join(f"({' OR '.join(f'tag:p{pigeon}h{hole}' for hole in range(7))})" for pigeon in range(8))
    alone = " ".join(
        f"(-tag:p{one}h{hole} OR -tag:p{other}h{hole})" for one, other in pairs[:4] for hole in range(7)
    )
    one = rule("a", "customer_wrote", 1, where=some, tag=("z",))
    assert reasons(one, rule("b", "customer_wrote", 2, where=alone, untag=("z",))) != []


# Every small world.

CHANNELS, PEOPLE, TAGS, AGES = ("email", "telegram"), (None, "Joan", "Eva"), ("x", "y"), (1, 5, 10)
STATUSES = ("new", "open", "resolved")


@dataclass
class World:
    channel: str
    agent: str | None
    status: str
    tags: frozenset[str]
    days: int
    words: frozenset[str]
    is_open: bool

    def holds(self, word: str) -> bool:
        if word.startswith("-"):
            return not self.holds(word[1:])
        op, colon, value = word.partition(":")
        if not colon:
            return word in self.words
        age = int(value[:-1]) if op in {"before", "after"} else 0
        return {
            "channel": self.channel == value,
            "assignee": self.agent == value,
            "is": self.agent is None,
            "status": self.status == value,
            "tag": value in self.tags,
            "before": self.days > age,
            "after": self.days <= age,
        }[op]

    def is_meant(self, made: "Made") -> bool:
        is_time = made.rule.when == "any" or (made.rule.when == "open") == self.is_open
        return is_time and all(any(map(self.holds, each)) for each in made.all_of)

    def after(self, does: Does) -> "World":
        agent = (None if does.assign == "nobody" else does.assign) if does.assign else self.agent
        tags = self.tags - {*does.untag} | {*does.tag}
        return World(
            self.channel, agent, does.status or self.status, tags, self.days, self.words, self.is_open
        )


WORLDS = [
    World(channel, agent, status, frozenset(tags), days, frozenset(words), is_open)
    for channel, agent, status, days, is_open in itertools.product(
        CHANNELS, PEOPLE, STATUSES, AGES, (True, False)
    )
    for tags in ((), ("x",), ("y",), TAGS)
    for words in ((), ("factura",))
]
ATOMS = (
    "channel:email", "channel:telegram", "assignee:Joan", "assignee:Eva", "is:unassigned", "status:new", "status:open", "tag:x",
    "tag:y", "after:3d", "after:7d", "before:3d", "before:7d", "factura",
)  # fmt: skip
DOES = (
    {"priority": "high"}, {"priority": "low", "tag": ("x",)}, {"priority": "low", "untag": ("y",)}, {"assign": "Joan"},
    {"assign": "nobody"}, {"tag": ("x",)}, {"untag": ("x",)}, {"status": "open"}, {"status": "resolved", "tag": ("y",)},
)  # fmt: skip


@dataclass
class Made:
    """A rule, and what it asks for: of each of `all_of` one."""

    rule: Rule
    all_of: list[list[str]]


def made(draw: random.Random, name: str, order: int) -> Made:
    def atom() -> str:
        return draw.choice(("", "-")) + draw.choice(ATOMS)

    all_of = [[atom() for _ in range(draw.choice((1, 1, 2)))] for _ in range(draw.randint(0, 3))]
    where = " ".join(f"({' OR '.join(each)})" for each in all_of)
    when = draw.choice(("any", "any", "open", "closed"))
    return Made(rule(name, "customer_wrote", order, where=where, when=when, **draw.choice(DOES)), all_of)


def differ(one: Does, other: Does) -> bool:
    """Whether two rules set the same to something else."""
    single = ((one.priority, other.priority), (one.assign, other.assign), (one.status, other.status))
    tags = {*one.tag} & {*other.untag} or {*one.untag} & {*other.tag}
    return bool(tags) or any(mine and theirs and mine != theirs for mine, theirs in single)


@pytest.mark.parametrize("seed", range(6))
def test_a_contradiction_is_reported_where_there_is_a_world_in_which_both_act_and_nowhere_else(seed):
    draw = random.Random(seed)
    told = 0
    for _ in range(60):
        one, other = made(draw, "a", 1), made(draw, "b", 2)
        does = one.rule.does
        expected = differ(does, other.rule.does) and any(
            world.is_meant(one) and world.after(does).is_meant(other) for world in WORLDS
        )
        assert bool(clashes((one.rule, other.rule))) == expected, (one, other)
        told += expected
    assert told > 5


def test_an_example_is_written_as_somebody_would_type_it():
    facts = {overlap.Fact("channel", "email"): True, overlap.Fact("tag", "two words"): False}
    assert overlap.words(facts) == ("channel:email", '-tag:"two words"')
