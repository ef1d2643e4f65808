"""What is told to somebody who looks elsewhere, when, and what is not.

Promises: nothing is told twice; what comes together is one notice; at most `budget` notices an hour, and what was kept back
is told as one number as soon as there is room; what a promise's end brings is told at that second. Refuses: reading, writing,
words, and telling what was there before anybody looked. Time is an argument.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

KINDS = ("new", "reply", "due_soon", "breached")
PRESSING = frozenset({"due_soon", "breached"})
SOON = timedelta(minutes=2)
"""Before a promise ends it is told so long."""
SETTLES = timedelta(seconds=0.5)
"""News wait so long for more of it: a pass that brings 25 mails is one notice."""
APART = timedelta(seconds=10)
"""Between two notices of mere news."""
SPAN = timedelta(hours=1)
OLD = timedelta(minutes=5)
"""What arrived so long before the first look was there already."""
KNOWN = 4096
"""So many marks are remembered, the newest."""


@dataclass(frozen=True, slots=True)
class Happening:
    """Something about one ticket. `mark` tells it from any other of its kind: the message's arrival, or the promise's end.
    `at` is when it happened, `due_at` when the ticket's promise ends."""

    kind: str
    ticket: str
    number: int
    channel: str
    mark: str
    at: datetime
    assignee: str | None = None
    due_at: datetime | None = None
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Promise:
    """A ticket's promise that ends at `due_at`."""

    ticket: str
    number: int
    channel: str
    due_at: datetime
    assignee: str | None = None
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Rules:
    """What somebody wants to be told: of which kinds, of their own tickets only or of all, how often in an hour at most."""

    agent: str
    kinds: frozenset[str] = frozenset(KINDS)
    mine_only: bool = False
    budget: int = 12


@dataclass(frozen=True, slots=True)
class Notice:
    """`counts` are (kind, number of tickets), `only` is the one that it is about, if one. `quiet_until`: it was the last that
    the budget allows before that time."""

    counts: tuple[tuple[str, int], ...]
    only: Happening | None = None
    quiet_until: datetime | None = None

    @property
    def kinds(self) -> frozenset[str]:
        return frozenset(kind for kind, _ in self.counts)


@dataclass(frozen=True, slots=True)
class Told:
    """What was told since `began`; `waiting` is counted and not told yet, since `since`."""

    began: datetime
    known: tuple[tuple[str, str, str], ...] = ()
    spent: tuple[datetime, ...] = ()
    waiting: tuple[tuple[str, int], ...] = ()
    first: Happening | None = None
    since: datetime | None = None


def told(
    state: Told, rules: Rules, happened: Iterable[Happening], now: datetime
) -> tuple[Told, Notice | None]:
    """What is told now that these happened, if anything; asked again while something waits."""
    state = _noted(state, rules, happened, now)
    if not state.waiting or state.since is None:
        return state, None
    spent = tuple(at for at in state.spent if now - at < SPAN)
    pressing = any(kind in PRESSING for kind, _ in state.waiting)
    settled = now - state.since >= SETTLES and (not spent or now - spent[-1] >= APART)
    if len(spent) >= rules.budget or not (pressing or settled):
        return replace(state, spent=spent), None
    spent = (*spent, now)
    quiet = spent[0] + SPAN if len(spent) >= rules.budget else None
    alone = sum(count for _, count in state.waiting) == 1
    notice = Notice(state.waiting, state.first if alone else None, quiet)
    return replace(state, spent=spent, waiting=(), first=None, since=None), notice


def _noted(state: Told, rules: Rules, happened: Iterable[Happening], now: datetime) -> Told:
    """`happened` is known from now on; what is wanted of it waits."""
    known, counts, first = dict.fromkeys(state.known), dict(state.waiting), state.first
    before = len(known)
    for each in happened:
        key = (each.kind, each.ticket, each.mark)
        if key in known:
            continue
        known[key] = None
        mine = each.assignee == rules.agent or not rules.mine_only
        if each.kind in rules.kinds and mine and each.at >= state.began - OLD:
            counts[each.kind] = counts.get(each.kind, 0) + 1
            first = first or each
    if len(known) == before:
        return state
    waiting = tuple((kind, counts[kind]) for kind in KINDS if counts.get(kind))
    since = state.since or now if waiting else None
    return replace(state, known=tuple(known)[-KNOWN:], waiting=waiting, first=first, since=since)


def crossed(promises: Iterable[Promise], after: datetime, until: datetime) -> list[Happening]:
    """What time did to these promises after `after` and up to `until`; one that was missed was not soon to be."""
    found = []
    for each in promises:
        kind, at = "breached", each.due_at
        if at > until:
            kind, at = "due_soon", each.due_at - SOON
        if after < at <= until:
            mark = each.due_at.isoformat()
            found.append(
                Happening(
                    kind,
                    each.ticket,
                    each.number,
                    each.channel,
                    mark,
                    at,
                    each.assignee,
                    each.due_at,
                    each.subject,
                )
            )
    return found
