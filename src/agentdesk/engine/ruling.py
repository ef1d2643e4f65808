"""What rules did and could not do, for whoever asks: on one ticket or on all.

Promises: what was done and what failed are one list by time. Refuses: words, which the glass has.
"""

from collections import Counter
from collections.abc import Mapping
from contextlib import closing
from dataclasses import field
from datetime import timedelta

from agentdesk.core.instant import stamp
from agentdesk.core.ruled import Done
from agentdesk.engine.desk import Desk
from agentdesk.store import rules as kept
from agentdesk.store.driver import Connection
from agentdesk.values import dataclass

EVERYTHING = 1_000_000
MOST = 100
"""Faults that are looked at together."""
LATELY = timedelta(days=7)
"""What failed before that is not counted any more."""


@dataclass(frozen=True, slots=True)
class Standing:
    """By rule: how often it fired and when last, on how many tickets it waits, how often it failed lately."""

    fired: Mapping[str, tuple[int, str]] = field(default_factory=dict)
    waiting: Mapping[str, int] = field(default_factory=dict)
    failed: Mapping[str, int] = field(default_factory=dict)


def standing(desk: Desk) -> Standing:
    with closing(desk.reader()) as connection:
        since = stamp(desk.now() - LATELY)
        failures = map(_failed, kept.failures(connection, limit=1000))
        failed = Counter(each.rule for each in failures if each.is_fault and each.at >= since)
        return Standing(kept.times_fired(connection), kept.counts(connection), failed)


def done(
    desk: Desk, ticket: str | None = None, limit: int = EVERYTHING, *, rule: str | None = None
) -> list[Done]:
    """The newest first; of a `ticket` with those merged into it, or of a `rule`."""
    with closing(desk.reader()) as connection:
        return done_in(connection, ticket, limit, rule)


def done_in(connection: Connection, ticket: str | None, limit: int, rule: str | None = None) -> list[Done]:
    """The same over a connection that is open already."""
    found = [
        Done(each.rule, each.number, each.at, each.did, each.kind, each.cause, each.id, each.taken_back)
        for each in kept.fired(connection, limit=limit, ticket=ticket, rule=rule)
    ]
    found += map(_failed, kept.failures(connection, limit=limit, ticket=ticket, rule=rule))
    found.sort(key=lambda each: each.at, reverse=True)
    return found[:limit]


def faults(connection: Connection, after: int) -> list[Done]:
    """What went wrong since the failure of a number, the oldest first."""
    found = [_failed(each) for each in kept.failures(connection, after=after, limit=MOST)]
    return [each for each in reversed(found) if each.is_fault]


def _failed(each: kept.Failure) -> Done:
    did = (each.did,) if each.did else ()
    return Done(each.rule, each.number, each.at, did, failure=(each.code, each.values))
