"""Which rules cannot be together: one that would set itself off, several that go round in a circle, and two that do opposite things to
one ticket at one event.

Promises: found before any of them runs, from their files alone. Two contradict each other where some ticket is what both ask for at
one event and they set the same of it to something else; the later of them is refused, so that nobody has to know who wins. A later rule
sees what an earlier one did: one that asks for a ticket that the earlier has not touched is apart from it, and one that asks for a
ticket that it has not touched itself does not set itself off. Refuses: knowing which rules are on, so that it is asked of those alone;
guessing that tickets of both kinds will never come; where conditions are not understood they may overlap (`core.overlap`).
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import product

from agentdesk.core import overlap
from agentdesk.core.folding import folded
from agentdesk.core.macro import later
from agentdesk.core.model import Status
from agentdesk.core.overlap import ALWAYS, NEVER, All, Claim, Fact, Says
from agentdesk.core.query import Known, parse
from agentdesk.core.replies import NOBODY
from agentdesk.core.rules import BY_CLOCK, Rule, causes, length, ordered
from agentdesk.values import dataclass

_WITH_MESSAGE = frozenset({"ticket_opened", "customer_wrote", "replied"})
"""What never happens without a message."""
_BY_CUSTOMER = frozenset({"ticket_opened", "customer_wrote", "reopened", "woken", "rated"})
"""What one message of a customer may be at once; all others may come of one act of an agent, those of a clock apart."""
_NOT_BY_AGENT = frozenset({"ticket_opened", "customer_wrote", "rated", *BY_CLOCK})
_OF_THE_MOMENT = frozenset({"is:unread", "is:overdue", "sla:breached"})
_MOVING = frozenset({"due", "window"})
"""What a change of status or priority, or a text, may change of a ticket beside that."""
_READ_AT = datetime(2026, 1, 14, 12, tzinfo=UTC)
_READ_LATER = _READ_AT + timedelta(days=1, hours=1)


@dataclass(frozen=True, slots=True)
class Clash:
    """Two rules that cannot both be, and why: `reason` is itself, circle (`other` goes before it in the circle), or field (both set
    `word`, at the keys `keys` of the two files, and `example` is a ticket that both ask for). `rule` is the one that is refused."""

    rule: Rule
    other: Rule
    reason: str
    word: str = ""
    keys: tuple[str, str] = ("on", "on")
    example: tuple[str, ...] = ()


def alone(rule: Rule, segments: tuple[str, ...] = ()) -> Clash | None:
    """Whether what `rule` does sets it off again, whatever else is on. `segments` are the names that conditions may use."""
    again = causes(rule) & set(rule.on)
    return Clash(rule, rule, "itself", min(again)) if again and not _is_spent(rule, (), segments) else None


def clashes(rules: Iterable[Rule], segments: tuple[str, ...] = ()) -> tuple[Clash, ...]:
    """Every one of `rules`, which are on together, that cannot be with those before it, once: of two the later."""
    kept: list[Rule] = []
    found: list[Clash] = []
    for rule in ordered(rules):
        clash = alone(rule, segments) or against(rule, kept, segments)
        if clash is None:
            kept.append(rule)
        else:
            found.append(clash)
    return tuple(found)


def against(rule: Rule, others: Sequence[Rule], segments: tuple[str, ...] = ()) -> Clash | None:
    """Why `rule` cannot be put on beside `others`, which run already and are not to blame, wherever it stands among them."""
    return _circle(rule, others, segments) or _contradiction(rule, others, segments)


def _circle(rule: Rule, others: Sequence[Rule], segments: tuple[str, ...]) -> Clash | None:
    """Whether what `rule` does can come round to set it off again by way of others."""
    round_ = [each for each in (*others, rule) if not _is_spent(each, (*others, rule), segments)]
    if rule not in round_:
        return None
    reached, open_ = {rule.name}, [rule]
    while open_:
        now = open_.pop()
        for each in round_:
            if each.name in reached or not causes(now) & set(each.on):
                continue
            if causes(each) & set(rule.on):
                return Clash(rule, each, "circle", min(causes(each) & set(rule.on)))
            reached.add(each.name)
            open_.append(each)
    return None


def _is_spent(rule: Rule, others: Sequence[Rule], segments: tuple[str, ...]) -> bool:
    """Whether a ticket on which it has acted is none of those that it asks for, until a person changes it: none of `others` takes
    back what it did."""

    def afterwards(fact: Fact) -> Claim:
        done = _done(rule, fact)
        stays = fact.op != "status" and all(_done(each, fact) in {None, done} for each in others)
        return done if done is not None and stays else Says(fact, holds=True)  # a sleep ends by itself

    return overlap.example(_asked(rule, segments, afterwards)) is None


def _contradiction(rule: Rule, others: Iterable[Rule], segments: tuple[str, ...]) -> Clash | None:
    """Whether one of them sets the same of the same ticket at the same event to something else."""
    mine = _sets(rule)
    for each in others:
        theirs = _sets(each)
        word = next((word for word in mine if word in theirs and mine[word][1] != theirs[word][1]), None)
        first, second = ordered((each, rule))
        example = _both(first, second, segments) if word else None
        if word is not None and example is not None:
            return Clash(rule, each, "field", word, (mine[word][0], theirs[word][0]), overlap.words(example))
    return None


def _sets(rule: Rule) -> dict[str, tuple[str, object]]:
    """By what it sets: the key that says so, and to what. No text is like another: two at one moment are one too many."""
    does = rule.does
    found: dict[str, tuple[str, object]] = {f"tag {each}": ("do.tag", "on") for each in does.tag}
    found |= {f"tag {each}": ("do.untag", "off") for each in does.untag}
    if does.priority:
        found["priority"] = "do.priority", does.priority
    if does.assign:
        found["assign"] = "do.assign", does.assign
    if does.snooze:
        found["status"] = "do.snooze", later(does.snooze, _READ_AT)
    elif does.status:
        found["status"] = "do.status", does.status
    for each in rule.deeds:
        if each.kind == "quick":
            found["quick"] = "do.quick", rule.name
    return found


def _both(first: Rule, second: Rule, segments: tuple[str, ...]) -> overlap.Facts | None:
    """A ticket on which both act at one event, the later after the earlier; None where there is none."""
    apart = _at_once(first, second)
    if (length(first.after), first.counts) != (length(second.after), second.counts) or apart is None:
        return None
    if "any" not in {first.when, second.when} and first.when != second.when:
        return None
    apart = apart or bool(first.after)

    def before(fact: Fact) -> Claim:
        return Says(_sided(fact, "first" if apart else ""), holds=True)

    def after(fact: Fact) -> Claim:
        return _done(first, fact) or Says(_sided(fact, "second" if apart else ""), holds=True)

    return overlap.example(All((_asked(first, segments, before), _asked(second, segments, after))))


def _at_once(first: Rule, second: Rule) -> bool | None:
    """Whether one event can set off both without a message; None where no event sets off both."""
    pairs = [pair for pair in product(first.on, second.on) if _is_one(*pair)]
    return any(not _WITH_MESSAGE & set(pair) for pair in pairs) if pairs else None


def _is_one(one: str, other: str) -> bool:
    """Whether one event can be both."""
    if one == other or {one, other} <= _BY_CUSTOMER:
        return True
    return not {one, other} & _NOT_BY_AGENT


def _asked(rule: Rule, segments: tuple[str, ...], meant: Callable[[Fact], Claim]) -> Claim:
    """What a rule asks for."""
    if not rule.where:
        return ALWAYS
    now, then = (
        parse(rule.where, Known(at, segments=segments)).node for at in (_READ_AT, _READ_LATER)
    )  # fmt: skip
    return overlap.claim(now, then, meant, zone=rule.zone)


def _sided(fact: Fact, message: str) -> Fact:
    """The fact, of that message where it is about one."""
    return Fact(fact.op, fact.value, fact.scale, message) if overlap.is_about_message(fact) else fact


def _done(rule: Rule, fact: Fact) -> Claim | None:
    """What is certain of a fact once a rule has acted; None where the rule leaves it as it was."""
    does = rule.does
    if fact.op == "tag" and fact.value in map(folded, (*does.tag, *does.untag)):
        return ALWAYS if fact.value in map(folded, does.tag) else NEVER
    if does.assign and (fact.op == "assignee" or (fact.op, fact.value) == ("is", "unassigned")):
        assigned = "" if does.assign == NOBODY else folded(does.assign)
        return ALWAYS if assigned == (fact.value if fact.op == "assignee" else "") else NEVER
    status = Status.SNOOZED.value if does.snooze else does.status
    if status and fact.op == "status":
        return ALWAYS if fact.value == status else NEVER
    is_moved = fact.op in _MOVING or f"{fact.op}:{fact.value}" in _OF_THE_MOMENT
    says = any(each.kind == "quick" for each in rule.deeds)
    if is_moved and (status or does.priority or says):
        return Says(Fact(fact.op, fact.value, fact.scale, "second"), holds=True)
    return None
