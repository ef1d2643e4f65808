"""A phone call, as whoever held it writes it down.

Promises: a call is a contact like any other: one that leaves something to answer waits and has its clocks, from when it is
noted; one in which the customer was answered meets them. It goes into the ticket it is about, else opens one on the
phone's channel. Refuses: telephones.
"""

from dataclasses import replace

from agentdesk.core import pledged, steps, timekeeping
from agentdesk.core.commands import NoteCall
from agentdesk.core.draft import Draft, on_ticket, ours
from agentdesk.core.events import Event
from agentdesk.core.instant import stamp
from agentdesk.core.model import Address, Direction, Status
from agentdesk.core.opening import opened
from agentdesk.core.refusal import Refusal
from agentdesk.core.sla import Policy
from agentdesk.core.state import Given, State, TicketState

PHONE = "phone"
"""The channel, and the account of tickets that a call opened: none has to be configured."""
CALLED_US, WE_CALLED = "call_in", "call_out"


def note_call(state: State, command: NoteCall, policy: Policy, given: Given) -> Event:
    """One event: the call, and what it does to its ticket; raises Refusal."""
    if command.until is not None and command.until <= given.now:
        raise Refusal("past")
    if command.ticket is not None:
        draft, ticket = on_ticket(state, given, command.ticket)
    elif command.caller is not None and command.caller.email:
        draft = Draft(state, given)
        ticket = opened(
            draft,
            next(given.ids),
            command.caller,
            command.subject,
            channel=PHONE,
            account=PHONE,
            status=Status.NEW,
        )
    else:
        raise Refusal("no_caller")
    waits = command.then == "open" and not command.ours
    _message(draft, command, ticket, waits=waits)
    if waits:
        _asked(draft, policy, ticket, given)
    else:
        _answered(draft, policy, command, ticket, given)
    if command.until is not None:
        draft.set(ticket.id, "snoozed_until", stamp(command.until))
        draft.set(ticket.id, "snooze_quiet", now=False)
        timekeeping.set_status(draft, policy, ticket.id, Status.SNOOZED, given.now)
    return draft.event("Called", ticket.id)


def _message(draft: Draft, command: NoteCall, ticket: TicketState, *, waits: bool) -> None:
    given = draft.given
    direction = Direction.IN if waits else Direction.OUT
    draft.add(
        replace(
            ours(next(given.ids), ticket, direction, command.text, command.size, given),
            class_reason=WE_CALLED if command.ours else CALLED_US,
            author=ticket.identity if waits else None,
            people=(ticket.identity,),
            seconds=command.seconds,
        )
    )
    caller = command.caller or Address("", "")
    draft.personal["message"] = {
        "subject": command.subject,
        "name": caller.name if waits else given.actor,
        "address": caller.email if waits else "",
    }


def _asked(draft: Draft, policy: Policy, ticket: TicketState, given: Given) -> None:
    """The customer waits for an answer that the call did not give."""
    known = draft.ticket(ticket.id)
    is_first = known.status == Status.NEW and known.waiting_since is None
    draft.set(ticket.id, "last_customer_at", stamp(given.now))
    draft.set(ticket.id, "history", now=False)
    draft.set(ticket.id, "resolved_at", None)
    draft.set(ticket.id, "snoozed_until", None)
    if known.status != Status.NEW:
        timekeeping.set_status(draft, policy, ticket.id, Status.OPEN, given.now)
    if known.waiting_since is None:
        draft.set(ticket.id, "waiting_since", stamp(given.now))
        timekeeping.begin(draft, policy, ticket.id, given.now, first=is_first, heard=True)


def _answered(draft: Draft, policy: Policy, command: NoteCall, ticket: TicketState, given: Given) -> None:
    """The customer was answered, by word of mouth."""
    if command.then == "done":
        steps.may_end(ticket)
    draft.set(ticket.id, "waiting_since", None)
    draft.set(ticket.id, "since_before", now=False)
    draft.set(ticket.id, "unread", now=False)
    draft.set(ticket.id, "history", now=False)
    draft.set(ticket.id, "snoozed_until", None)
    timekeeping.meet(draft, policy, ticket.id, given.now)
    pledged.answered(draft, ticket.id, stamp(given.now), given.now)
    if ticket.assignee is None:
        draft.set(ticket.id, "assignee", given.actor)
    draft.set(ticket.id, "resolved_at", stamp(given.now) if command.then == "done" else None)
    status = {"done": Status.RESOLVED, "waits": Status.WAITING_CUSTOMER}.get(command.then, Status.OPEN)
    timekeeping.set_status(draft, policy, ticket.id, status, given.now)
