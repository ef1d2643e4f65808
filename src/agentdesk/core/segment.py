"""A segment: customers who have something in common, as a named search that is written in config.toml.

Promises: every word of it is an operator that is known, and all of them must hold, those after a minus must not; what cannot be
used is a SegmentError that names the nearest right thing. Refuses: words to look for in texts; a segment is about people. Of
somebody who writes for the first time only the address is known yet (`of_new`); of everybody else the store answers, and `holds`
says the same of facts as they will be after an event.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import field

from agentdesk.core.model import CHANNELS
from agentdesk.values import dataclass

OPERATORS = ("tag", "field", "domain", "channel", "lang", "tickets", "is")
MOST = 10
"""So many words a segment has at most, and so many segments there are."""
MOST_TICKETS = 1000
_TERM = re.compile(r'(-?)([^\s:"]+):(?:"([^"]*)"|(\S*))|(\S+)')
_CHOICES = {"channel": CHANNELS, "is": ("muted",), "lang": ("es", "ca", "en", "fr", "de", "pt", "it")}


class SegmentError(ValueError):
    """A segment that cannot be used. `reason`: empty, too_long, no_operator (word), unknown_operator (operator), no_value
    (operator), unknown_value (operator, value), count (value). `known` are the right words, where there are a few."""

    def __init__(self, reason: str, known: Iterable[str] = (), **values: str) -> None:
        super().__init__(reason)
        self.reason, self.known, self.values = reason, tuple(known), values


@dataclass(frozen=True, slots=True)
class Term:
    """One operator; `refused`: it must not hold. `value` of tickets is a number."""

    op: str
    value: str
    refused: bool = False


@dataclass(frozen=True, slots=True)
class Segment:
    """`text` as it was written."""

    name: str
    text: str
    terms: tuple[Term, ...]


def parse(name: str, text: str) -> Segment:
    """Raises SegmentError."""
    terms = tuple(_term(match) for match in _TERM.finditer(text))
    if not terms:
        raise SegmentError("empty")
    if len(terms) > MOST:
        raise SegmentError("too_long")
    return Segment(name, text, terms)


def _term(match: re.Match[str]) -> Term:
    minus, op, quoted, bare, word = match.groups()
    if word is not None:
        raise SegmentError("no_operator", OPERATORS, word=word)
    value = (quoted if quoted is not None else bare).strip()
    if op not in OPERATORS:
        raise SegmentError("unknown_operator", OPERATORS, operator=op)
    if not value:
        raise SegmentError("no_value", _CHOICES.get(op, ()), operator=op)
    if op in _CHOICES and value not in _CHOICES[op]:
        raise SegmentError("unknown_value", _CHOICES[op], operator=op, value=value)
    if op == "tickets":
        count = re.fullmatch(r">(\d{1,4})", value)
        if count is None or int(count[1]) >= MOST_TICKETS:
            raise SegmentError("count", value=value)
        value = count[1]
    return Term(op, value.lower() if op in {"domain", "field"} else value, bool(minus))


def of_new(segment: Segment, channel: str, address: str, language: str | None) -> bool:
    """Whether somebody is in it of whom nothing is known but how they write."""

    def holds(term: Term) -> bool:
        said = {"domain": address.lower().rpartition("@")[2], "channel": channel, "lang": language}
        return said.get(term.op) == term.value

    return all(holds(term) != term.refused for term in segment.terms)


@dataclass(frozen=True, slots=True)
class Entry:
    """What the shop wrote down under a field; `value` is None where it was forgotten."""

    field: str
    value: str | None
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """What a segment can ask of one customer, whoever was merged into it left out; only what is asked has to be there.
    `identities` are (channel, address), `tagged` (ticket, tag)."""

    root: str
    language: str | None = None
    speaks: str | None = None
    muted: bool = False
    identities: tuple[tuple[str, str], ...] = ()
    entries: Mapping[str, Entry] = field(default_factory=dict)
    tagged: frozenset[tuple[str, str]] = frozenset()
    tickets: int = 0


def alike(text: str) -> str:
    """Where upper and lower case are alike, they are so as SQLite has it: of A to Z."""
    return text.encode().lower().decode()


def holds(segment: Segment, person: Facts, members: Collection[Facts]) -> bool:
    """Whether a person is in it: `person` is the customer that the other `members` were merged into, itself among them."""
    return all(_says(term, person, members) != term.refused for term in segment.terms)


def _says(term: Term, person: Facts, members: Collection[Facts]) -> bool:
    value = term.value
    match term.op:
        case "tag":
            return any(alike(tag) == alike(value) for each in members for _, tag in each.tagged)
        case "field":
            said = (one for each in members for one in each.entries.values() if not one.hidden)
            known = [one for one in said if one.value is not None]
            if "=" not in value:
                return any(one.field == value for one in known)
            return any(f"{one.field}={alike(one.value or '')}" == value for one in known)
        case "domain":
            return any(address.endswith(f"@{value}") for each in members for _, address in each.identities)
        case "channel":
            return any(channel == value for each in members for channel, _ in each.identities)
        case "lang":
            return (person.speaks or person.language) == value
        case "tickets":
            return sum(each.tickets for each in members) > int(value)
        case _:
            return person.muted
