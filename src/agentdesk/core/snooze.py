"""A ticket that is put away until a time: what for, what the customer's writing does to it, and back again.

Promises: `quiet` lets it sleep on when the customer writes, who then counts as waiting and has their clocks like anybody; an
early wake keeps the time that it cut short, and one act goes back to it. Refuses: a time that has passed, and what is over.
"""

from datetime import datetime

from agentdesk.core import timekeeping
from agentdesk.core.commands import Snooze, SnoozeAgain, Wake
from agentdesk.core.draft import Draft, on_ticket
from agentdesk.core.events import Event, TicketSet
from agentdesk.core.instant import moment, stamp
from agentdesk.core.model import Status
from agentdesk.core.refusal import Refusal
from agentdesk.core.sla import Policy
from agentdesk.core.state import Given, State, TicketState
from agentdesk.core.text import safe_line

OVER = frozenset({Status.RESOLVED, Status.CLOSED})


def snooze(state: State, command: Snooze, policy: Policy, given: Given) -> Event:
    draft, ticket = on_ticket(state, given, command.ticket)
    _sleep(draft, policy, ticket, command.until, quiet=command.quiet, reason=safe_line(command.reason))
    return draft.event("Snoozed", ticket.id)


def snooze_again(state: State, command: SnoozeAgain, policy: Policy, given: Given) -> Event:
    """Until the time that an early wake cut short, for the same reason and as quietly."""
    draft, ticket = on_ticket(state, given, command.ticket)
    if ticket.snooze_cut is None or moment(ticket.snooze_cut) <= given.now:
        raise Refusal("never_cut")
    reason = state.field("ticket", ticket.id, "snooze_reason") or ""
    _sleep(draft, policy, ticket, moment(ticket.snooze_cut), quiet=ticket.snooze_quiet, reason=reason)
    return draft.event("Snoozed", ticket.id)


def _sleep(
    draft: Draft, policy: Policy, ticket: TicketState, until: datetime, *, quiet: bool, reason: str
) -> None:
    given = draft.given
    if until <= given.now:
        raise Refusal("past")
    if ticket.status in OVER:
        raise Refusal("over")
    at, was = stamp(until), draft.state.field("ticket", ticket.id, "snooze_reason") or ""
    if ticket.status == Status.SNOOZED and (ticket.snoozed_until, ticket.snooze_quiet, was) == (
        at,
        quiet,
        reason,
    ):
        raise Refusal("nothing_changes")
    draft.add(TicketSet(ticket.id, "snoozed_until", ticket.snoozed_until, at))  # with its reason, new or not
    draft.touch(ticket.id)
    draft.set(ticket.id, "snooze_quiet", quiet)
    draft.set(ticket.id, "snooze_cut", None)
    timekeeping.set_status(draft, policy, ticket.id, Status.SNOOZED, given.now)
    if reason:
        draft.personal["snoozes"] = {ticket.id: reason}


def wake(state: State, command: Wake, policy: Policy, given: Given) -> Event:
    draft, ticket = on_ticket(state, given, command.ticket)
    if ticket.status != Status.SNOOZED:
        raise Refusal("nothing_changes")
    draft.set(ticket.id, "snoozed_until", None)
    timekeeping.set_status(draft, policy, ticket.id, Status.OPEN, given.now)
    return draft.event("Woken", ticket.id)


def bring_back(draft: Draft, policy: Policy, ticket: str, at: datetime) -> None:
    """A ticket needs a person, from wherever it was put: it is open, and what is new stays new."""
    cut_short(draft, ticket)
    draft.set(ticket, "resolved_at", None)
    if draft.ticket(ticket).status != Status.NEW:
        timekeeping.set_status(draft, policy, ticket, Status.OPEN, at)


def cut_short(draft: Draft, ticket: str) -> None:
    """A ticket wakes before its time, which is kept; one that does not sleep stays as it is."""
    known = draft.ticket(ticket)
    if known.status == Status.SNOOZED:
        draft.set(ticket, "snooze_cut", known.snoozed_until)
    draft.set(ticket, "snoozed_until", None)
