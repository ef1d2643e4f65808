"""How much of what agents told customers was kept: as a report.

Promises: a promise in words counts in the period in which it was given; the share is of what is decided (kept in time, kept too
late, broken), and what is not due yet, or was renewed in time, stands beside it. What was withdrawn counts for nothing. Refuses: the clocks' promises
(`core.report.kept`).
"""

from collections.abc import Iterable

from agentdesk.core.case import NOBODY, Case
from agentdesk.core.figures import Report
from agentdesk.core.instant import moment, stamp
from agentdesk.core.ledger import Ledger
from agentdesk.core.pledging import Outcome, PledgeView
from agentdesk.core.report import Asked, ranked

_BESIDE = {Outcome.OPEN: "not_due", Outcome.RENEWED: "renewed"}
"""What counts beside the share: not decided, or replaced in time by another one, which counts instead."""


def promised(pledges: Iterable[tuple[Case, PledgeView]], asked: Asked) -> Report:
    """What became by now of the promises that were given in the period, each with its ticket."""
    ledger = Ledger(("kept",), ("given", "late", "broken", "renewed", "not_due"))
    for case, pledge in pledges:
        outcome = pledge.outcome(stamp(asked.now))
        group = asked.group(case, moment(pledge.given_at), pledge.author or NOBODY)
        if outcome is Outcome.DROPPED:
            continue
        if outcome in _BESIDE:
            ledger.add(group, case.number, counts=("given", _BESIDE[outcome]))
            continue
        counts = ("given",) if outcome is Outcome.KEPT else ("given", outcome.value)
        ledger.add(group, case.number, shares={"kept": outcome is Outcome.KEPT}, counts=counts)
    lines = ledger.lines
    worst_first = ranked(lines, "kept", ("",))
    return Report("promises", asked.period, asked.by, ledger.whole, lines, ranked=worst_first)
