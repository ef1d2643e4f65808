"""Takes back an act: its changes turned round, as one event, refused where something else is there now.

What came from outside is never undone. A merge can always be taken apart again, even after more came in: what
changed since on the remaining ticket then stays, and its waiting is counted afresh.
"""

from agentdesk.core.commands import Undo
from agentdesk.core.draft import Draft
from agentdesk.core.events import (
    CauseSet,
    Change,
    ClockSet,
    CustomerOpened,
    CustomerSet,
    Event,
    IdentityAdded,
    IdentitySet,
    MessageAdded,
    MessageSet,
    StepTaken,
    TakenBack,
    TicketLinked,
    TicketSet,
    TicketTagged,
    inverse,
)
from agentdesk.core.model import OURS
from agentdesk.core.refusal import Refusal
from agentdesk.core.sla import Policy
from agentdesk.core.state import Given, State

UNDOABLE = frozenset(
    {
        "Noted",
        "Called",
        "Replied",
        "Forwarded",
        "WrittenFirst",
        "Assigned",
        "Tagged",
        "Prioritised",
        "LanguageSet",
        "Described",
        "PlaybookChosen",
        "StepTaken",
        "MacroRun",
        "Snoozed",
        "Resolved",
        "Reopened",
        "Merged",
        "Split",
        "CauseOpened",
        "CauseClosed",
        "PutUnderCause",
        "SenderJudged",
        "Rescued",
        "CustomersMerged",
        "CustomersUnmerged",
    }
)
ACTS = UNDOABLE | {"Amended"}
"""Among which somebody's last act is looked for: one that cannot be undone is not stepped over."""


def undo(state: State, command: Undo, policy: Policy, given: Given) -> Event:
    event = state.event(command.event) if command.event else state.last_act(given.actor)
    if event is None:
        raise Refusal("nothing_to_undo")
    if event.type == "Amended":
        raise Refusal("amended")
    if event.type not in UNDOABLE:
        raise Refusal("cannot_undo", what=event.type)
    _not_gone(state, event)
    draft = Draft(state, given)
    recount: set[str] = set()
    for change in reversed(event.changes):
        if isinstance(change, CustomerOpened | IdentityAdded):
            continue  # whoever called is known from then on
        turned = inverse(change)
        if turned is None:
            raise Refusal("cannot_undo", what=event.type)
        if present(state, turned) == turned.was:  # type: ignore[union-attr]
            draft.add(turned)
        elif event.type == "Merged" and not _holds_together(turned):
            recount.add(event.ticket or "")
        else:
            raise Refusal("changed_since", what=event.type)
    for ticket in recount - {""}:
        merged = {c.ticket for c in event.changes if isinstance(c, TicketSet) and c.field == "root"}
        left = tuple(t for t in state.family(ticket) if t not in merged)
        draft.set(ticket, "waiting_since", state.unanswered_since(left, None))
    if event.type == "Replied":
        ticket = event.ticket or ""
        draft.set(ticket, "epoch", draft.ticket(ticket).epoch + 1)  # frees the guard for the next answer
    draft.add(TakenBack(event.id))
    for ticket in event.tickets:
        draft.touch(ticket)
    return draft.event("Undone", event.ticket)


def _not_gone(state: State, event: Event) -> None:
    """Only the outbox of this laptop knows whether a written reply has left; it asks before it undoes."""
    for change in event.changes:
        if isinstance(change, MessageAdded) and change.direction in OURS and change.state:
            known = state.message(change.message)
            if known is None or known.state != "written":
                raise Refusal("already_sent")


def _holds_together(change: Change) -> bool:
    return isinstance(change, TicketSet) and change.field == "root"


def present(state: State, change: Change) -> object:
    """What is there now where `change` would put something."""
    if isinstance(change, TicketSet):
        return state.field("ticket", change.ticket, change.field)
    if isinstance(change, CustomerSet):
        return state.field("customer", change.customer, change.field)
    if isinstance(change, CauseSet):
        return state.field("cause", change.cause, change.field)
    if isinstance(change, IdentitySet):
        return state.field("identity", change.identity, change.field)
    if isinstance(change, MessageSet):
        return state.field("message", change.message, change.field)
    if isinstance(change, TicketTagged):
        return change.tag in state.tags(change.ticket)
    if isinstance(change, StepTaken):
        return state.field("step", change.id, "answer")
    if isinstance(change, TicketLinked):
        return change.other in state.linked(change.ticket)
    if isinstance(change, ClockSet):
        return state.clocks(change.ticket).get((change.metric, change.tier))
    raise Refusal("cannot_undo", what=type(change).__name__)
