"""What somebody looks for, from text to a value.

Promises: words, "phrases", -not, OR, parentheses and the operators of the contract; nothing is ignored: what cannot be
used is a `QueryError` that names the nearest right thing. Refuses: knowing how anything is found. A word is whatever stands
between spaces; that `l'article` is two words and an address four is the index's business, which takes them as a phrase.
"""

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field
from datetime import UTC, datetime, tzinfo

from agentdesk.core.dates import ahead, beginning
from agentdesk.core.folding import folded, searchable
from agentdesk.core.instant import stamp
from agentdesk.core.model import CHANNELS, INCIDENTS, KINDS, Status
from agentdesk.values import dataclass

LONGEST, MOST, DEEPEST = 2000, 64, 16
"""Characters, words and operators, and parentheses within each other that a query may have."""
LANGUAGES = ("es", "ca", "en", "fr", "de", "pt", "it")
CHOICES: Mapping[str, tuple[str, ...]] = {
    "channel": CHANNELS,
    "status": tuple(each.value for each in Status),
    "is": (
        "unread",
        "overdue",
        "mine",
        "unassigned",
        "snoozed",
        "draft",
        "muted",
        "rated",
        "unhappy",
        "first",
        "last",
    ),
    "has": ("attachment",),
    "lang": LANGUAGES,
    "sla": ("breached",),
    "incident": INCIDENTS,
    "kind": KINDS,
}
_WORDS = ("from", "to", "subject", "file")
_DATES = {"before": beginning, "after": beginning, "due": ahead, "window": ahead}
OPERATORS = (
    "from", "to", "subject", "channel", "account", "status", "is", "assignee", "tag", "kind", "lang", "has", "file",
    "before", "after", "customer", "sla", "cause", "segment", "incident", "due", "window",
)  # fmt: skip
ABOUT_TICKETS = frozenset({*OPERATORS, "number"}) - {*_WORDS, "before", "after", "has"}
_QUOTES = {'"': '"', "“": "”", "„": "“", "«": "»"}


class QueryError(ValueError):
    """A query that cannot be used. `reason`: empty, too_long, open_quote, open_group, one_sided (word), no_letters
    (word), unknown_operator (operator, nearest), no_value (operator, known), unknown_value (operator, value,
    nearest, known), date (operator, value), number (value)."""

    def __init__(self, reason: str, **values: object) -> None:
        self.reason = reason
        self.values = values
        super().__init__(f"{reason}: {values}")


@dataclass(frozen=True, slots=True)
class Word:
    """`prefix`: it may go on. `others` are taken for it as well; the parser gives none (see `core.widening`)."""

    text: str
    prefix: bool = False
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Phrase:
    text: str
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Field:
    """`op` is one of OPERATORS or `number`. `value` of before, after, due and window is a stamp, of account its id, of number one or
    more with commas between."""

    op: str
    value: str
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Not:
    part: "Node"


@dataclass(frozen=True, slots=True)
class And:
    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Or:
    parts: tuple["Node", ...]


Node = Word | Phrase | Field | Not | And | Or


@dataclass(frozen=True, slots=True)
class Query:
    """A query that can be used."""

    node: Node

    @property
    def needs(self) -> tuple[Node, ...]:
        """The parts that must all hold."""
        return self.node.parts if isinstance(self.node, And) else (self.node,)

    def terms(self) -> Iterator[tuple[tuple[str, bool], ...]]:
        """What a hit is likely to show: of each the alternatives, (words, may go on), as it was typed first."""
        yield from _terms(self.node)


@dataclass(frozen=True, slots=True)
class Known:
    """What a query is read against. `accounts`: name to id. Where `accounts` or `agents` is empty any name will do."""

    now: datetime
    zone: tzinfo = UTC
    accounts: Mapping[str, str] = field(default_factory=dict)
    agents: tuple[str, ...] = ()
    segments: tuple[str, ...] = ()


def about_tickets(node: Node) -> bool:
    """It can be answered of a ticket without looking at its messages."""
    if isinstance(node, Not):
        return about_tickets(node.part)
    if isinstance(node, And | Or):
        return all(map(about_tickets, node.parts))
    return isinstance(node, Field) and node.op in ABOUT_TICKETS


def parse(text: str, known: Known, *, prefix_last: bool = False) -> Query:
    """The query that `text` is; raises QueryError.

    `prefix_last` is for text that is still being typed: its last word may go on, and what is open closes itself.
    """
    if len(text) > LONGEST:
        raise QueryError("too_long")
    text = text.encode("utf-8", "replace").decode("utf-8")  # half a character is no letter
    return _Parser(list(_Lexer(text, known, prefix_last).items()), prefix_last).query()


def _terms(node: Node) -> Iterator[tuple[tuple[str, bool], ...]]:
    if isinstance(node, And | Or):
        for part in node.parts:
            yield from _terms(part)
    elif isinstance(node, Word):
        yield (node.text, node.prefix), *((other, False) for other in node.others)
    elif isinstance(node, Phrase):
        yield ((node.text, node.prefix),)
    elif isinstance(node, Field) and node.op in {"subject", "file"}:
        yield ((node.value, node.prefix),)


class _Lexer:
    """Text to leaves and the signs between them: "(", ")", "-", "OR", "AND"."""

    def __init__(self, text: str, known: Known, typing: bool) -> None:
        self.text = text
        self.known = known
        self.typing = typing
        self.at = 0
        self.depth = 0

    def items(self) -> Iterator[str | Node]:
        text, negated = self.text, False
        while self.at < len(text):
            char = text[self.at]
            if char.isspace():
                self.at += 1
            elif char == "(" or (char == ")" and self.depth):
                self.depth += 1 if char == "(" else -1
                self.at += 1
                negated = False
                yield char
            elif self._minus():
                negated = True
                yield "-"
            else:
                yield self._item(self.typing and not negated)
                negated = False

    def _minus(self) -> bool:
        rest = self.text[self.at :].lstrip("-")
        if self.text[self.at] != "-" or not rest or rest[0].isspace():
            return False
        self.at = len(self.text) - len(rest)
        return True

    def _item(self, may_go_on: bool) -> str | Node:
        if self.text[self.at] in _QUOTES:
            phrase, closed = self._quoted()
            return Phrase(_usable(phrase), may_go_on and not closed)
        name, colon, rest = self.text[self.at :].partition(":")
        if colon and name.isalpha() and not rest.startswith("//"):
            return self._field(name.lower(), may_go_on)
        word = self._bare()
        if word in {"OR", "AND"}:
            return word
        numbers = word[1:].split(",")
        if word.startswith("#") and all(each.isascii() and each.isdigit() for each in numbers):
            if too_long := next((each for each in numbers if len(each) > 15), None):
                raise QueryError("number", value=f"#{too_long}")
            return Field("number", ",".join(str(int(each)) for each in numbers))
        return Word(_usable(word), self._goes_on(word, may_go_on))

    def _field(self, name: str, may_go_on: bool) -> Field:
        self.at += len(name) + 1
        if name not in OPERATORS:
            from agentdesk.core.meanings import NAMES

            nearest = NAMES.get(folded(name)) or _nearest(name, OPERATORS)
            raise QueryError("unknown_operator", operator=name, nearest=nearest)
        closed = False
        if self.text[self.at : self.at + 1] in _QUOTES:
            value, closed = self._quoted()
        else:
            value = self._bare()
        value = value.strip()
        if not value:
            raise QueryError("no_value", operator=name, known=self._choices(name))
        if name not in _WORDS:
            return Field(name, self._checked(name, value))
        return Field(name, _usable(value), self._goes_on(value, may_go_on and not closed))

    def _goes_on(self, word: str, may_go_on: bool) -> bool:
        """One letter is too little to look for all words that begin with it while somebody types."""
        return word.endswith("*") or (may_go_on and len(word) > 1 and self.at == len(self.text))

    def _quoted(self) -> tuple[str, bool]:
        """What stands between quotation marks, and whether they were closed."""
        start = self.at + 1
        end = self.text.find(_QUOTES[self.text[self.at]], start)
        if end < 0 and not self.typing:
            raise QueryError("open_quote")
        self.at = len(self.text) if end < 0 else end + 1
        return self.text[start : len(self.text) if end < 0 else end], end >= 0

    def _bare(self) -> str:
        start = self.at
        while self.at < len(self.text) and not self.text[self.at].isspace():
            if self.depth and self.text[self.at] == ")":
                break
            self.at += 1
        return self.text[start : self.at]

    def _choices(self, name: str) -> tuple[str, ...]:
        if name == "account":
            return tuple(self.known.accounts)
        if name == "segment":
            return self.known.segments
        return self.known.agents if name == "assignee" else CHOICES.get(name, ())

    def _checked(self, name: str, value: str) -> str:
        """`value` as the operator writes it; raises QueryError with the nearest one."""
        if name in _DATES:
            at = _DATES[name](value, self.known.now, self.known.zone)
            if at is None:
                raise QueryError("date", operator=name, value=value)
            return stamp(at)
        choices = self._choices(name)
        if name == "segment" and not choices:
            raise QueryError("unknown_value", operator=name, value=value, nearest=None, known=())
        if not choices:
            return value
        found = {folded(each): each for each in choices}.get(folded(value))
        if found is None:
            from agentdesk.core.meanings import MEANINGS

            nearest = MEANINGS.get(name, {}).get(folded(value))
            if nearest is None and name != "lang":
                nearest = _nearest(value, choices)
            raise QueryError("unknown_value", operator=name, value=value, nearest=nearest, known=choices)
        return self.known.accounts[found] if name == "account" else found


def _usable(text: str) -> str:
    if not searchable(text):
        raise QueryError("no_letters", word=text)
    return text


def _nearest(word: str, known: Iterable[str]) -> str | None:
    by_fold = {folded(each): each for each in known}
    guess = difflib.get_close_matches(folded(word), list(by_fold), n=1, cutoff=0.5)
    return by_fold[guess[0]] if guess else None


class _Parser:
    """or: and (OR and)*;  and: item+;  item: -? (leaf | "(" or ")")."""

    def __init__(self, items: list[str | Node], typing: bool) -> None:
        self.items = items
        self.typing = typing
        self.at = 0
        self.depth = 0

    def query(self) -> Query:
        if not self.items:
            raise QueryError("empty")
        if sum(not isinstance(each, str) for each in self.items) > MOST:
            raise QueryError("too_long")
        return Query(self._or())

    def _next(self) -> str | Node | None:
        return self.items[self.at] if self.at < len(self.items) else None

    def _or(self) -> Node:
        parts = [self._and()]
        while self._next() == "OR":
            self.at += 1
            parts.append(self._and())
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def _and(self) -> Node:
        parts: list[Node] = []
        while (item := self._next()) not in {None, ")", "OR"}:
            if item == "AND":
                if not parts:
                    raise QueryError("one_sided", word="AND")
                self.at += 1
            part = self._item()
            parts += part.parts if isinstance(part, And) else (part,)
        if not parts:
            raise self._missing()
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def _item(self) -> Node:
        item = self._next()
        if item is None or item in {")", "OR", "AND"}:
            raise self._missing()
        self.at += 1
        if item == "-":
            return Not(self._item())
        if not isinstance(item, str):
            return item
        self.depth += 1
        if self.depth > DEEPEST:
            raise QueryError("too_long")
        inside = self._or()
        if self._next() != ")" and not self.typing:
            raise QueryError("open_group")
        self.at += 1
        self.depth -= 1
        return inside

    def _missing(self) -> QueryError:
        """Something must stand where nothing does: beside the sign before, or after it."""
        before = self.items[self.at - 1] if self.at else None
        here = self._next()
        sign = before if isinstance(before, str) else here
        return QueryError("one_sided", word=sign) if isinstance(sign, str) else QueryError("empty")
