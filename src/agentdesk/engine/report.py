"""A report, read at one moment and added up.

Promises: all of a report sees the same moment of the desk; whoever asked is told how far it is and may stop it by raising.
Refuses: a key's thread, since it walks the desk.
"""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from agentdesk import policies
from agentdesk.core import kept
from agentdesk.core import report as law
from agentdesk.core.staffing import staffing
from agentdesk.core.topics import topics
from agentdesk.store import case as found
from agentdesk.store.case import Needs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import tzinfo

    from agentdesk.config import Account
    from agentdesk.core.case import Case
    from agentdesk.core.figures import Period, Report
    from agentdesk.engine.desk import Desk

KINDS = ("sla", "fcr", "volume", "unanswered", "csat", "promises", "topics", "staffing")
EVERY = 100
"""Tickets between two words on how far it is."""
_OF_A_PERIOD = {
    "sla": law.kept,
    "fcr": law.resolved,
    "volume": law.volume,
    "topics": topics,
    "staffing": staffing,
}


def asked(
    desk: Desk, period: Period, by: str, zone: tzinfo, days: int = law.DAYS, accounts: Iterable[Account] = ()
) -> law.Asked:
    """What is wanted, measured against the promises in force and the guide as it is shipped."""
    guide = policies.load_policy((), "guide", None, zone)
    names = {each.id: each.name for each in accounts}
    return law.Asked(period, by, desk.now(), zone, desk.policy, guide, days, names)


def report(
    desk: Desk, kind: str, wanted: law.Asked, on_step: Callable[[int, int], object] | None = None
) -> Report:
    """The report of that kind, one of `KINDS`."""
    with closing(desk.reader()) as connection:
        connection.execute("BEGIN")
        if kind == "unanswered":
            return law.waiting(found.waiting(connection), wanted)
        if kind == "csat":
            return law.content(found.surveyed(connection, wanted.period), wanted)
        if kind == "promises":
            return kept.promised(found.pledged(connection, wanted.period), wanted)
        cases = found.cases(connection, wanted.period, _needs(kind, wanted.by))
        return _OF_A_PERIOD[kind](_told(cases, found.last(connection), on_step), wanted)


def _needs(kind: str, by: str) -> Needs:
    """What of a ticket's course a report reads: the less, the sooner it is there."""
    is_by_agent = by == "agent"
    return Needs(
        promises=kind == "sla",
        ends=kind in {"fcr", "topics", "staffing"} or is_by_agent,
        agents=kind == "staffing" or is_by_agent,
        tags=kind == "topics",
    )


def _told(cases: Iterable[Case], total: int, on_step: Callable[[int, int], object] | None) -> Iterator[Case]:
    for n, case in enumerate(cases):
        if on_step is not None and n % EVERY == 0:
            on_step(case.number, total)
        yield case
