"""An answer that waits for a time which the agent chose.

Promises: what has not gone has not answered. Until it goes the clocks run on and the customer counts as waiting; a ticket that
waits for us sleeps until then, so that it wakes if the answer does not go or the customer writes. What the answer was to do to
the ticket's status, it does when the provider has accepted it, unless the agent or the customer has moved the ticket meanwhile.
"""

from dataclasses import replace
from datetime import datetime
from typing import Any

from agentdesk.core import macro, steps, timekeeping
from agentdesk.core.draft import Draft
from agentdesk.core.events import Event, MessageAdded
from agentdesk.core.instant import maybe_moment, maybe_stamp, moment, stamp
from agentdesk.core.model import Status
from agentdesk.core.posting import Reply
from agentdesk.core.refusal import Refusal
from agentdesk.core.sla import Policy
from agentdesk.core.state import TicketState
from agentdesk.values import dataclass

AWAKE = frozenset({Status.NEW, Status.OPEN})


@dataclass(frozen=True, slots=True)
class Plan:
    """When an answer goes, and where it then takes its ticket: to `status`, snoozed `until` a time."""

    at: datetime
    status: Status
    until: datetime | None = None

    def data(self) -> dict[str, Any]:
        """As an event holds it."""
        return {"at": stamp(self.at), "status": self.status.value, "until": maybe_stamp(self.until)}


def plan(command: Reply, now: datetime) -> Plan | None:
    """Of an answer, None where it goes at once; raises Refusal for a time that has passed, or a sleep that would end before."""
    at, acts = command.goes_at, macro.ending(command.acts) if command.resolve else command.acts
    if at is None:
        return None
    if at <= now or (acts.until and acts.until <= at):
        raise Refusal("past")
    if command.resolve:
        return Plan(at, Status.RESOLVED)
    if acts.until:
        return Plan(at, Status.SNOOZED, acts.until)
    return Plan(at, acts.status or Status.WAITING_CUSTOMER)


def planned(event: Event | None) -> Plan | None:
    """What the event that wrote an answer says of its time; None for any other answer."""
    for change in event.changes if event else ():
        if isinstance(change, MessageAdded) and change.timed:
            of = change.timed
            return Plan(moment(of["at"]), Status(of["status"]), maybe_moment(of["until"]))
    return None


def wait(draft: Draft, policy: Policy, command: Reply, ticket: TicketState, plan: Plan) -> None:
    """What an answer does when it is written: the ticket sleeps until it goes, unless it waits for somebody else anyway."""
    now = draft.given.now
    if plan.status is Status.RESOLVED:
        steps.may_end(ticket)
    draft.set(ticket.id, "unread", now=False)
    draft.set(ticket.id, "history", now=False)
    macro.apply(draft, policy, ticket.id, replace(command.acts, until=None, status=None), draft.given)
    if ticket.status in AWAKE or ticket.status == Status.SNOOZED:
        draft.set(ticket.id, "snoozed_until", stamp(plan.at))
        draft.set(ticket.id, "snooze_quiet", now=False)
        timekeeping.set_status(draft, policy, ticket.id, Status.SNOOZED, now)


def went(draft: Draft, policy: Policy, root: TicketState, plan: Plan) -> None:
    """It was accepted, and nobody has written since: the ticket goes where it was to go."""
    now = draft.given.now
    if not _is_ours(root, plan):
        return
    sleeps = plan.status is Status.SNOOZED and plan.until is not None and plan.until > now
    status = Status.WAITING_CUSTOMER if plan.status is Status.SNOOZED and not sleeps else plan.status
    draft.set(root.id, "snoozed_until", maybe_stamp(plan.until) if sleeps else None)
    draft.set(root.id, "snooze_quiet", now=False)
    draft.set(root.id, "resolved_at", stamp(now) if status is Status.RESOLVED else None)
    timekeeping.set_status(draft, policy, root.id, status, now)


def given_up(draft: Draft, policy: Policy, root: TicketState, plan: Plan) -> None:
    """It will not go: a ticket that slept for it wakes."""
    if root.status == Status.SNOOZED and _is_ours(root, plan):
        draft.set(root.id, "snoozed_until", None)
        timekeeping.set_status(draft, policy, root.id, Status.OPEN, draft.given.now)


def _is_ours(root: TicketState, plan: Plan) -> bool:
    """Whether the ticket is still where the answer put it, or has woken from there."""
    return root.status in AWAKE or (root.status == Status.SNOOZED and root.snoozed_until == stamp(plan.at))
