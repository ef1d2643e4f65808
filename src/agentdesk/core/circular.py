"""A circular: one quick reply to many tickets, each its own answer. Who gets it, and who is left out and why.

Promises: pure; nobody is written to whom a single answer would be refused, nor twice, be it by two tickets of the same person;
every ticket is in one of the two lists. Refuses: what a machine may not write where a channel wants a person to
(Messenger and Instagram after their window), and texts with a blank that nobody filled.
"""

from collections import Counter
from collections.abc import Iterable
from enum import StrEnum

from agentdesk.core.window import Standing
from agentdesk.values import dataclass

SHOWN = 3
"""Answers that are shown whole before anything is written."""


class Why(StrEnum):
    """Why somebody is left out, what weighs most first."""

    MACHINE = "not_a_person"
    OVER = "over"
    NO_WAY = "no_way"
    OPTED_OUT = "opted_out"
    WINDOW = "window_closed"
    ELSEWHERE = "reply_elsewhere"
    HAD_IT = "said_before"
    BLANK = "blank"
    TOO_LONG = "too_long"
    SAME = "same_customer"


@dataclass(frozen=True, slots=True)
class Addressee:
    """One ticket with what it would be answered. `customer` is the person, merges followed; `name` how they are called;
    `language` that of the `text`; `answered` the newest answer there is (a message's id); `is_over`: resolved, closed or history; `text_max` 0: as long as you like."""

    ticket: str
    number: int
    customer: str
    name: str
    channel: str
    language: str
    text: str
    answered: str | None = None
    is_person: bool = True
    is_over: bool = False
    has_way: bool = True
    opted_out: bool = False
    elsewhere: bool = False
    had_it: bool = False
    has_blank: bool = False
    standing: Standing = Standing.OPEN
    text_max: int = 0


@dataclass(frozen=True, slots=True)
class Circular:
    """Who gets it, in the order in which they were given, and who is left out."""

    gets: tuple[Addressee, ...]
    left_out: tuple[tuple[Addressee, Why], ...]

    def kinds(self) -> list[tuple[str, str, int]]:
        """(channel, language, how many) of those who get it, the most first."""
        found = Counter((each.channel, each.language) for each in self.gets)
        return [(*kind, n) for kind, n in sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))]

    def lacking(self) -> tuple[Addressee, ...]:
        """Those whose answer lacks something that nobody has said yet."""
        return tuple(each for each, why in self.left_out if why is Why.BLANK)

    def reasons(self) -> list[tuple[Why, int]]:
        """How many are left out for which reason, the most first."""
        return Counter(why for _, why in self.left_out).most_common()

    def shown(self) -> tuple[Addressee, ...]:
        """The answers to look at: another language each as far as there are any, then another channel, then the first ones."""
        by_language = {each.language: each for each in reversed(self.gets)}
        by_channel = {each.channel: each for each in reversed(self.gets)}
        likely = (*reversed(by_language.values()), *reversed(by_channel.values()), *self.gets)
        return tuple({each.ticket: each for each in likely}.values())[:SHOWN]


def circular(asked: Iterable[Addressee]) -> Circular:
    """Sorts those who are asked about."""
    gets: list[Addressee] = []
    left_out: list[tuple[Addressee, Why]] = []
    people: set[str] = set()
    for each in asked:
        why = _why(each) or (Why.SAME if each.customer in people else None)
        if why is None:
            people.add(each.customer)
            gets.append(each)
        else:
            left_out.append((each, why))
    return Circular(tuple(gets), tuple(left_out))


def _why(each: Addressee) -> Why | None:
    reasons = {
        Why.MACHINE: not each.is_person,
        Why.OVER: each.is_over,
        Why.NO_WAY: not each.has_way,
        Why.OPTED_OUT: each.opted_out,
        Why.WINDOW: each.standing is not Standing.OPEN,
        Why.ELSEWHERE: each.elsewhere,
        Why.HAD_IT: each.had_it,
        Why.BLANK: each.has_blank or not each.text.strip(),
        Why.TOO_LONG: bool(each.text_max) and len(each.text) > each.text_max,
    }
    return next((why for why, holds in reasons.items() if holds), None)
