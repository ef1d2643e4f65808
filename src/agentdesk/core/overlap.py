"""Whether one ticket can be what two rules ask for, by what the operators of a search mean.

Promises: pure; a ticket has one channel, one status, one assignee; what came after a day came after every day before it; tags, and
whatever else is not understood here, may stand beside anything but their own opposite. What is found is shown by an example. Where
conditions are too long to be compared to their end, they may overlap. Refuses: reading queries, and knowing what a segment is.

Nodes become facts and their opposites first, and then branches are followed until one hangs together: conditions of some words take
some steps, and no world is ever listed.
"""

from collections.abc import Callable

from agentdesk.core.folding import folded
from agentdesk.core.model import Status
from agentdesk.core.query import ABOUT_TICKETS, And, Field, Node, Not, Or, Phrase, Word
from agentdesk.values import dataclass

STEPS = 5_000
"""So many are taken before conditions count as overlapping."""
_ONE_VALUE = frozenset({"channel", "account", "status", "lang", "incident", "assignee", "kind", "cause"})
_NAMES = frozenset({"account", "assignee", "kind", "cause", "tag", "customer"})
"""What people named is compared as people write it."""
_SAME = {("is", "snoozed"): ("status", Status.SNOOZED.value)}
_FOLLOWS = {(("is", "unhappy"), ("is", "rated")), (("is", "overdue"), ("sla", "breached"))}


@dataclass(frozen=True, slots=True)
class Fact:
    """What one operator says. `value` of a date is its stamp, and `scale` which dates it can be compared with; `of` is which of
    several messages, or which moment, it is said of."""

    op: str
    value: str
    scale: str = ""
    of: str = ""


@dataclass(frozen=True, slots=True)
class Says:
    fact: Fact
    holds: bool


@dataclass(frozen=True, slots=True)
class All:
    """Every part; of none it is true."""

    parts: tuple["Claim", ...]


@dataclass(frozen=True, slots=True)
class Any:
    """One of the parts; of none it is false."""

    parts: tuple["Claim", ...]


Claim = Says | All | Any
ALWAYS, NEVER = All(()), Any(())
Facts = dict[Fact, bool]


def claim(
    node: Node, later: Node, meant: Callable[[Fact], Claim], *, zone: str = "", holds: bool = True
) -> Claim:
    """A query as a claim. `later` is the same query read at another time, which tells ages from days; `meant` says what is claimed
    of each fact."""
    if isinstance(node, Not) and isinstance(later, Not):
        return claim(node.part, later.part, meant, zone=zone, holds=not holds)
    if isinstance(node, And | Or) and isinstance(later, And | Or):
        pairs = zip(node.parts, later.parts, strict=True)
        parts = tuple(claim(one, other, meant, zone=zone, holds=holds) for one, other in pairs)
        return All(parts) if isinstance(node, And) == holds else Any(parts)
    fact, is_opposite = _fact(node, later, zone)
    said = meant(fact)
    return said if holds != is_opposite else _opposite(said)


def _opposite(said: Claim) -> Claim:
    if isinstance(said, Says):
        return Says(said.fact, not said.holds)
    parts = tuple(map(_opposite, said.parts))
    return Any(parts) if isinstance(said, All) else All(parts)


def _fact(node: Node, later: Node, zone: str) -> tuple[Fact, bool]:
    """(fact, whether the node is its opposite)."""
    if isinstance(node, Field) and isinstance(later, Field):
        op, value = _SAME.get((node.op, node.value), (node.op, node.value))
        if op in {"before", "after", "due", "window"}:
            scale = f"{_moved(value, later.value)} {zone}"
            return Fact("after" if op == "before" else op, value, scale), op == "before"
        return Fact(op, folded(value) if op in _NAMES else value), False
    assert isinstance(node, Word | Phrase), "what is left of a query"
    return Fact("text", f"{folded(node.text)}{'*' * node.prefix}"), False


def _moved(value: str, later: str) -> str:
    """What becomes of a date with time: a day stays, an age goes along, and `today` moves by whole days."""
    return "day" if value == later else "today" if value[10:] == later[10:] else "age"


def is_about_message(fact: Fact) -> bool:
    return fact.op not in ABOUT_TICKETS


def words(facts: Facts) -> tuple[str, ...]:
    """An example as somebody would type it; ages are left out, since they are of no day."""
    found = (
        _typed(fact, holds) for fact, holds in facts.items() if fact.scale.partition(" ")[0] in {"", "day"}
    )
    return tuple(dict.fromkeys(found))


def _typed(fact: Fact, holds: bool) -> str:
    if fact.op == "after":
        return f"{'after' if holds else 'before'}:{fact.value[:10]}"
    value = f'"{fact.value}"' if " " in fact.value else fact.value
    if fact.op == "number":
        value = f"#{value}"
    elif fact.op != "text":
        value = f"{fact.op}:{value}"
    return value if holds else f"-{value}"


def example(said: Claim) -> Facts | None:
    """Facts under which a claim holds; None where there are none."""
    return _Search().follow((said,), {})


class _Search:
    """One look for an example; when its steps are used up, what it has found until then counts."""

    def __init__(self) -> None:
        self._left = STEPS

    def follow(self, open_: tuple[Claim, ...], known: Facts) -> Facts | None:
        """The facts known so far with those of all that is open."""
        self._left -= 1
        if not open_ or self._left < 0:
            return known
        first = min(open_, key=_ways)
        rest = tuple(each for each in open_ if each is not first)
        if isinstance(first, Says):
            return self.follow(rest, known | {first.fact: first.holds}) if _fits(first, known) else None
        if isinstance(first, All):
            return self.follow((*first.parts, *rest), known)
        for part in first.parts:
            if (found := self.follow((part, *rest), known)) is not None:
                return found
        return None


def _ways(said: Claim) -> int:
    """How many branches it makes: what has one is followed first."""
    return len(said.parts) if isinstance(said, Any) else 1


def _fits(said: Says, known: Facts) -> bool:
    """Whether it can be so beside what is known."""
    for fact, holds in known.items():
        if said.holds and (_excludes(said.fact, fact) if holds else _implies(said.fact, fact)):
            return False
        if not said.holds and holds and _implies(fact, said.fact):
            return False
    others = {each.value for each, holds in known.items() if each.op == "status" and not holds}
    return said.holds or said.fact.op != "status" or {*others, said.fact.value} != set(Status)


def _implies(one: Fact, other: Fact) -> bool:
    """Whether where `one` holds `other` does."""
    if one == other or (((one.op, one.value), (other.op, other.value)) in _FOLLOWS and one.of == other.of):
        return True
    if (one.op, one.scale, one.of) != (other.op, other.scale, other.of):
        return False
    if one.op == "after":
        return one.value >= other.value
    if one.op in {"due", "window"}:
        return one.value <= other.value
    return one.op == "number" and set(one.value.split(",")) <= set(other.value.split(","))


def _excludes(one: Fact, other: Fact) -> bool:
    """Whether both cannot hold of one ticket."""
    if one.of != other.of:
        return False
    if one.op == other.op in _ONE_VALUE:
        return one.value != other.value
    for this, that in ((one, other), (other, one)):
        if (this.op, this.value) == ("is", "unassigned") and that.op == "assignee":
            return True
        if (this.op, this.value) == ("is", "overdue") and that.op == "due":
            return True
    return False
