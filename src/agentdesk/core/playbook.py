"""Playbooks as values: the steps for one kind of incident, and how far a ticket is along them.

Promises: where one is follows from what was answered alone; an answer that the file does not know any more, and a step that
is come to again, is at hand once more; the count of what is left is the least there can be. Refuses: reading files (`agentdesk.playbooks`
does) and changing anything (`core.steps`).
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import field
from datetime import datetime

from agentdesk.core.macro import later
from agentdesk.core.replies import CHAIN, in_language
from agentdesk.values import dataclass

END = "end"
"""Where a choice leads that finishes the playbook."""
DONE = "done"
"""The answer to a step that has nothing to choose."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to a step; `to` is the id of the step that follows, or END."""

    id: str
    titles: Mapping[str, str]
    to: str

    def title(self, language: str | None) -> str:
        return in_language(self.titles, language) or self.id


@dataclass(frozen=True, slots=True)
class Step:
    """`asks` says by language whom to ask; `quick` names a quick reply; `within` is a span such as 4h or "1d 9:00".

    Without `choices` the next step of the file follows.
    """

    id: str
    titles: Mapping[str, str]
    asks: Mapping[str, str] = field(default_factory=dict)
    quick: str = ""
    within: str = ""
    choices: tuple[Choice, ...] = ()

    def title(self, language: str | None) -> str:
        return in_language(self.titles, language) or self.id

    def ask(self, language: str | None) -> str:
        return in_language(self.asks, language)

    def answered(self, answer: str, language: str | None) -> str:
        """What was chosen, in words; nothing where there was no choice."""
        return next((each.title(language) for each in self.choices if each.id == answer), "")


@dataclass(frozen=True, slots=True)
class Playbook:
    """`incident` and `kind` are what it is for, "" where it does not say. `source` is "shipped" or the path of the shop's own
    file. `must_finish`: a ticket is not resolved before its end."""

    name: str
    titles: Mapping[str, str]
    steps: tuple[Step, ...]
    incident: str = ""
    kind: str = ""
    must_finish: bool = False
    source: str = "shipped"

    def title(self, language: str | None) -> str:
        return in_language(self.titles, language) or self.name

    def step(self, step: str) -> Step | None:
        return next((each for each in self.steps if each.id == step), None)

    def after(self, step: Step, answer: str) -> str | None:
        """The id of the step that follows an answer, or END; None for an answer that is none."""
        if step.choices:
            return next((each.to for each in step.choices if each.id == answer), None)
        place = self.steps.index(step) + 1
        return self.steps[place].id if place < len(self.steps) else END

    def ways(self, step: Step) -> frozenset[str]:
        """Where a step may lead: ids, or END."""
        if step.choices:
            return frozenset(each.to for each in step.choices)
        return frozenset({self.after(step, DONE) or END})


@dataclass(frozen=True, slots=True)
class Walk:
    """`taken` are the steps behind, with their answers; `at` is the one at hand, None at the end; `left` is how many there
    are at least, the one at hand among them."""

    taken: tuple[tuple[Step, str], ...]
    at: Step | None
    left: int

    @property
    def length(self) -> int:
        """How many steps it takes at least."""
        return len(self.taken) + self.left


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that makes a playbook lead nowhere. `key` is dotted, lists by their place: `steps.1.choices.0.to`;
    `code` is no_steps, twice, nowhere, unreachable, no_end, no_quick or missing; `word` is what it is about."""

    key: str
    code: str
    word: str = ""


def path(playbook: Playbook, answers: Mapping[str, str]) -> Walk:
    """Where a ticket is that has these answers, by step."""
    taken: dict[str, tuple[Step, str]] = {}
    at = playbook.steps[0] if playbook.steps else None
    while at is not None and at.id in answers and at.id not in taken:
        following = playbook.after(at, answers[at.id])
        if following is None:
            break
        taken[at.id] = (at, answers[at.id])
        at = playbook.step(following)
    return Walk(tuple(taken.values()), at, _to_end(playbook).get(at.id, 1) if at else 0)


def before(walk: Walk, step: str) -> tuple[str, ...]:
    """The steps taken before one that is at hand or behind."""
    ids = [each.id for each, _ in walk.taken]
    return tuple(ids[: ids.index(step)] if step in ids else ids)


def ahead(playbook: Playbook, walk: Walk) -> tuple[Step, ...]:
    """What may follow the step at hand, in the order of the file."""
    behind = {each.id for each, _ in walk.taken}
    reached = _reached(playbook, walk.at) - behind if walk.at else set()
    return tuple(each for each in playbook.steps if each.id in reached and each != walk.at)


def until(walk: Walk, since: datetime) -> datetime | None:
    """By when the step at hand is to be taken; `since` (local) is when it came to hand."""
    return later(walk.at.within, since) if walk.at and walk.at.within else None


def _to_end(playbook: Playbook) -> dict[str, int]:
    """How many steps it is at least from each step to the end, itself among them; nothing for what never gets there."""
    found = {END: 0}
    for length in range(1, len(playbook.steps) + 1):
        near = [
            each.id
            for each in playbook.steps
            if each.id not in found and any(found.get(way) == length - 1 for way in playbook.ways(each))
        ]
        found |= dict.fromkeys(near, length)
    return found


def faults(playbook: Playbook, quick: Collection[str]) -> tuple[Fault, ...]:
    """What is wrong with a playbook; `quick` are the names of the quick replies that there are."""
    if not playbook.steps:
        return (Fault("steps", "no_steps"),)
    return (
        *_missing("title", playbook.titles),
        *_dead_ends(playbook),
        *(each for number, step in enumerate(playbook.steps) for each in _of_step(number, step, quick)),
    )


def _of_step(number: int, step: Step, quick: Collection[str]) -> Iterator[Fault]:
    key = f"steps.{number}"
    yield from _missing(f"{key}.title", step.titles)
    if step.asks:
        yield from _missing(f"{key}.ask", step.asks)
    if step.quick and step.quick not in quick:
        yield Fault(f"{key}.quick", "no_quick", step.quick)
    seen: set[str] = set()
    for place, choice in enumerate(step.choices):
        yield from _missing(f"{key}.choices.{place}.title", choice.titles)
        if choice.id in seen:
            yield Fault(f"{key}.choices.{place}.id", "twice", choice.id)
        seen.add(choice.id)


def _dead_ends(playbook: Playbook) -> Iterator[Fault]:
    """Steps that nothing leads to, choices that lead nowhere, and circles that nothing leads out of."""
    ids = [each.id for each in playbook.steps]
    ends, reached = _to_end(playbook), _reached(playbook, playbook.steps[0])
    for number, step in enumerate(playbook.steps):
        key = f"steps.{number}"
        if step.id in ids[:number]:
            yield Fault(f"{key}.id", "twice", step.id)
            continue
        lost = [n for n, each in enumerate(step.choices) if each.to != END and each.to not in ids]
        yield from (Fault(f"{key}.choices.{n}.to", "nowhere", step.choices[n].to) for n in lost)
        if step.id not in reached:
            yield Fault(f"{key}.id", "unreachable", step.id)
        elif step.id not in ends and not lost:
            yield Fault(f"{key}.id", "no_end", step.id)


def _reached(playbook: Playbook, first: Step) -> set[str]:
    """The steps that one may come to from `first`, itself among them."""
    found: set[str] = set()
    ways = [first.id]
    while ways:
        step = playbook.step(ways.pop())
        if step is not None and step.id not in found:
            found.add(step.id)
            ways += playbook.ways(step)
    return found


def _missing(key: str, titles: Mapping[str, str]) -> Iterator[Fault]:
    return (Fault(f"{key}.{language}", "missing") for language in CHAIN if not titles.get(language))
