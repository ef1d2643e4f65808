"""What is told to somebody who looks elsewhere, when, and what is not.

Promises: nothing is told twice, whoever told it; what comes together is one notice; what came while nobody could look (`core.gap`)
is one notice, once no more of it comes; at most `budget` notices an hour, and what was kept back is told as one number as soon
as there is room; what a promise's end brings is told at that second. Refuses: reading, writing, words, and telling what was
there before anybody looked. Time is an argument.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from agentdesk.values import dataclass

KINDS = ("new", "reply", "due_soon", "breached")
RULE = "rule"
"""A rule of the shop's own tells: always wanted, since the rule itself says so."""
NEWS = frozenset({"new", "reply"})
"""What a rule that tells of the same ticket says better."""
PRESSING = frozenset({"due_soon", "breached"})
SOON = timedelta(minutes=2)
"""So long before a promise ends it is told, where its target does not say itself when it is due soon."""
SETTLES = timedelta(seconds=0.5)
"""News wait so long for more of it: a pass that brings 25 mails is one notice."""
APART = timedelta(seconds=10)
"""Between two notices of mere news."""
SPAN = timedelta(hours=1)
OLD = timedelta(minutes=5)
"""What arrived so long before the first look was there already."""
CAUGHT_UP = timedelta(seconds=10)
"""When no more came for so long of what had come while nobody could look, it is told."""
CATCHES_UP = timedelta(minutes=3)
"""After a gap it is told at the latest, whatever comes yet."""
KNOWN = 4096
"""So many marks are remembered, the newest."""

Mark = tuple[str, str, str]
"""What tells a happening from any other: kind, ticket, and its `mark`."""


@dataclass(frozen=True, slots=True)
class Happening:
    """Something about one ticket. `mark` tells it from any other of its kind: the message's arrival, the promise's end, or the event with which a rule acted.
    `at` is when it happened, `due_at` when the ticket's promise ends, `rule` the name of the one that tells."""

    kind: str
    ticket: str
    number: int
    channel: str
    mark: str
    at: datetime
    assignee: str | None = None
    due_at: datetime | None = None
    subject: str = ""
    rule: str = ""

    @property
    def key(self) -> Mark:
        return self.kind, self.ticket, self.mark


@dataclass(frozen=True, slots=True)
class Promise:
    """A ticket's promise that ends at `due_at`; `soon_at`: when it is due soon, where its target says so."""

    ticket: str
    number: int
    channel: str
    due_at: datetime
    assignee: str | None = None
    subject: str = ""
    soon_at: datetime | None = None

    @property
    def breach(self) -> Mark:
        """By what it is known that its end was told."""
        return "breached", self.ticket, self.due_at.isoformat()


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
    the budget allows before that time. `marks` are those of all that it tells."""

    counts: tuple[tuple[str, int], ...]
    only: Happening | None = None
    quiet_until: datetime | None = None
    marks: tuple[Mark, ...] = ()

    @property
    def kinds(self) -> frozenset[str]:
        return frozenset(kind for kind, _ in self.counts)


@dataclass(frozen=True, slots=True)
class Told:
    """What was told since `began`. `waiting` is counted and not told yet; `since` and `latest`: when the first and the last of it
    was heard. `gap` is the last time in which nobody could look, until all of it was told."""

    began: datetime
    known: tuple[Mark, ...] = ()
    spent: tuple[datetime, ...] = ()
    waiting: tuple[Happening, ...] = ()
    since: datetime | None = None
    latest: datetime | None = None
    gap: tuple[datetime, datetime] | None = None
    gap_is_told: bool = False

    def is_past(self, each: Happening) -> bool:
        """Whether it happened while nobody could look."""
        return self.gap is not None and self.gap[0] <= each.at <= self.gap[1]


def told(
    state: Told, rules: Rules, happened: Iterable[Happening], now: datetime
) -> tuple[Told, Notice | None]:
    """What is told now that these happened, if anything; asked again while something waits."""
    return given(heard(state, rules, happened, now), rules, now)


def looked_away(state: Told, began: datetime, ended: datetime) -> Told:
    """Nobody could look from `began` to `ended`."""
    return replace(state, gap=(began, ended), gap_is_told=False)


def told_elsewhere(state: Told, marks: Iterable[Mark], spent: Iterable[datetime]) -> Told:
    """Others on this laptop have told these, and gave notices at these times."""
    known = dict.fromkeys((*state.known, *marks))
    gone = set(marks)
    waiting = tuple(each for each in state.waiting if each.key not in gone)
    times = tuple(sorted({*state.spent, *spent}))
    return replace(state, known=tuple(known)[-KNOWN:], waiting=waiting, spent=times)


def heard(state: Told, rules: Rules, happened: Iterable[Happening], now: datetime) -> Told:
    """These are known from now on; what is wanted of them waits."""
    known, waiting = dict.fromkeys(state.known), list(state.waiting)
    before = len(known)
    for each in happened:
        if each.key in known:
            continue
        known[each.key] = None
        mine = each.assignee == rules.agent or not rules.mine_only
        too_late = state.gap_is_told and state.is_past(each)
        was_there = each.at < state.began - OLD and each.kind != RULE  # that lies there until it is told
        if each.kind in {*rules.kinds, RULE} and mine and not was_there and not too_late:
            waiting.append(each)
    if len(known) == before:
        return state
    grown = len(waiting) > len(state.waiting)
    return replace(
        state,
        known=tuple(known)[-KNOWN:],
        waiting=tuple(waiting),
        since=state.since or now if waiting else None,
        latest=now if grown else state.latest,
    )


def given(state: Told, rules: Rules, now: datetime) -> tuple[Told, Notice | None]:
    """The notice that is due of what waits, if one is."""
    since, latest = state.since, state.latest
    if not state.waiting or since is None or latest is None:
        return state, None
    spent = tuple(at for at in state.spent if timedelta() <= now - at < SPAN)
    state = replace(state, spent=spent)
    past = [each for each in state.waiting if state.is_past(each)]
    fresh = [each for each in state.waiting if not state.is_past(each)]
    pressing = any(each.kind in PRESSING for each in fresh)
    settled = now - since >= SETTLES and (not spent or now - spent[-1] >= APART)
    whole = bool(past) and state.gap is not None and _is_whole(state.gap[1], latest, now)
    told_now = (*past, *fresh) if whole else tuple(fresh) if pressing or settled else ()
    if len(spent) >= rules.budget or not told_now:
        return state, None
    spent = (*spent, now)
    quiet = spent[0] + SPAN if len(spent) >= rules.budget else None
    ruled = {each.ticket for each in told_now if each.kind == RULE}
    shown = [each for each in told_now if each.kind not in NEWS or each.ticket not in ruled]
    counts = Counter(each.kind for each in shown)
    notice = Notice(
        tuple((kind, counts[kind]) for kind in (*KINDS, RULE) if counts[kind]),
        shown[0] if len(shown) == 1 else None,
        quiet,
        tuple(each.key for each in told_now),
    )
    left = () if whole else tuple(past)
    told_whole = state.gap_is_told or whole
    return replace(
        state, spent=spent, waiting=left, since=since if left else None, gap_is_told=told_whole
    ), notice


def _is_whole(ended: datetime, latest: datetime, now: datetime) -> bool:
    """Whether all that came in a gap is here, as far as anybody waits for it."""
    return now - latest >= CAUGHT_UP or now - ended >= CATCHES_UP


def crossed(promises: Iterable[Promise], after: datetime, until: datetime) -> list[Happening]:
    """What time did to these promises after `after` and up to `until`; one that was missed was not soon to be."""
    found = []
    for each in promises:
        kind, at = "breached", each.due_at
        if at > until:
            kind, at = "due_soon", each.soon_at or each.due_at - SOON
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
