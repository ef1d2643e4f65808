"""A query that also finds what is nearly what was typed.

Promises: a wider query finds whatever the query itself finds, and `loosely` is exactly what it finds besides. Refuses: more
than one slip in a word, and widening what stands in quotation marks, behind an operator, before a `*` or after a minus: who
writes so means it, and a minus that takes more than was said hides what is looked for.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import islice

from agentdesk.core.query import And, Node, Not, Or, Query, Word

MOST_WORDS = 16
"""So many words of a query are widened, the first ones; a longer one is a text that was pasted."""


def one_slip(one: str, other: str) -> bool:
    """A letter too many, missing, mistaken or in its neighbour's place makes one word of the other."""
    if abs(len(one) - len(other)) > 1 or one == other:
        return False
    start = 0
    while one[start : start + 1] == other[start : start + 1]:
        start += 1
    left, right = one[start:], other[start:]
    while left and right and left[-1] == right[-1]:
        left, right = left[:-1], right[:-1]
    return (len(left) <= 1 and len(right) <= 1) or (len(left) == 2 and left == right[::-1])


def words(query: Query) -> tuple[Word, ...]:
    """The words of `query` that may be widened."""
    return tuple(islice(_words(query.node), MOST_WORDS))


def _words(node: Node) -> Iterator[Word]:
    if isinstance(node, And | Or):
        for part in node.parts:
            yield from _words(part)
    elif isinstance(node, Word) and not node.text.endswith("*"):
        yield node


def wide(query: Query, others: Mapping[Word, Iterable[str]]) -> Query:
    """`query` where the others of each word are taken for it as well."""

    def widened(node: Node) -> Node:
        if isinstance(node, And | Or):
            return replace(node, parts=tuple(map(widened, node.parts)))
        return replace(node, others=tuple(others.get(node, ()))) if isinstance(node, Word) else node

    return Query(widened(query.node))


def exactly(node: Node) -> Node:
    """`node` as it was typed."""
    if isinstance(node, And | Or):
        return replace(node, parts=tuple(map(exactly, node.parts)))
    return replace(node, others=()) if isinstance(node, Word) and node.others else node


def loosely(query: Query) -> Query | None:
    """What a wide query finds and the query as it was typed does not; None where that is nothing."""
    widened = tuple(exact for part in query.needs if (exact := exactly(part)) != part)
    if not widened:
        return None
    return Query(And((*query.needs, Not(widened[0] if len(widened) == 1 else And(widened)))))
