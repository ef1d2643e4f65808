"""An answer of ours that is gone again: taken back here, or in the service's own app. (What comes back is `core.returned`'s.)

Promises: where none is left that is later, what it answered waits again as though it had not been: the ticket is open, and what was
promised runs on from when the customer wrote, however late that is by now; what it pledged was never said. Where another one is
left, or is on its way, that answers; one that waits for its time does not. Refuses: judging whether the customer has read it; it is
not there.
"""

from datetime import datetime

from agentdesk.core import pledged, snooze, timekeeping, unanswered
from agentdesk.core.draft import Draft
from agentdesk.core.events import Change, ClockSet, Event, MessageSet, TicketSet
from agentdesk.core.instant import moment
from agentdesk.core.model import Direction, Status
from agentdesk.core.pledging import PledgeSet
from agentdesk.core.sla import Policy
from agentdesk.core.state import MessageState
from agentdesk.core.undo import inverse, present

TAKEN_BACK = "withdrawn"
"""The state of a message of ours that was with the customer and is not any more."""


def taken_back(draft: Draft, policy: Policy, known: MessageState, at: datetime) -> None:
    """An answer of ours is gone since `at`."""
    root = draft.ticket(draft.ticket(known.ticket).root)
    draft.add(MessageSet(known.id, "state", known.state, TAKEN_BACK))
    pledged.unsaid(draft, root.id, known)
    said = unanswered.messages(draft, root.id)
    first = next(iter(unanswered.waiting(said)), None)
    if first is None or first.since == root.waiting_since:
        return
    draft.set(root.id, "waiting_since", first.since)
    others = [each for each in said if each.received_at >= first.since and not each.hidden]
    heard = any(map(unanswered.is_heard, others))  # by a machine: no answer is left
    coming = [each for each in others if each.direction == Direction.OUT and each.state == "written"]
    coming = [] if root.status == Status.SNOOZED else coming  # that waits for its time
    written_at = moment(coming[-1].received_at) if coming else None
    timekeeping.run_on(draft, policy, root.id, moment(first.since), heard=heard, answered_at=written_at)
    if not coming:
        snooze.bring_back(draft, policy, root.id, at)


def is_there_still(draft: Draft, policy: Policy, event: Event, known: MessageState) -> None:
    """The service did not take back what `event` did: it answers as before, what it met is met, and what it pledged is said. What
    the customer wrote since has a promise of its own."""
    root = draft.ticket(known.ticket).root
    for change in filter(_is_of_it, event.changes):
        turned = inverse(change)
        if turned is None or present(draft.state, turned) != turned.was:  # type: ignore[union-attr]
            continue
        if isinstance(turned, TicketSet):
            draft.set(turned.ticket, turned.field, turned.now)
        elif isinstance(turned, ClockSet):
            draft.set_clock(turned.ticket, turned.metric, turned.tier, turned.now)
        else:
            draft.add(turned)
    unanswered.recount(draft, root)
    if since := draft.ticket(root).waiting_since:
        timekeeping.begin(draft, policy, root, moment(since), first=False)
    timekeeping.sum_up(draft, root)


def _is_of_it(change: Change) -> bool:
    """Whether it is about the answer itself, rather than about where its ticket stands since."""
    if isinstance(change, TicketSet):
        return change.field in {"pledge_due_at", "pledge_rises_at"}
    return isinstance(change, MessageSet | PledgeSet | ClockSet)
