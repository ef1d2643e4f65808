"""Takes back an act: its changes turned round, as one event, refused where something else is there now.

What came from outside is never undone. A merge can always be taken apart again, even after more came in: what
changed since on the remaining ticket then stays, and its waiting is counted afresh. A promise that became another one by the act
and was kept, or moved, since then stops no undo either: what still runs is promised as before.
"""

from dataclasses import fields
from typing import Any

from agentdesk.core import timekeeping, unanswered
from agentdesk.core.commands import Undo
from agentdesk.core.draft import Draft
from agentdesk.core.events import (
    CauseOpened,
    CauseSet,
    Change,
    ClockSet,
    CustomerOpened,
    CustomerSet,
    EntryAdded,
    EntrySet,
    Event,
    IdentityAdded,
    IdentitySet,
    MessageAdded,
    MessageSet,
    RuleFired,
    StepTaken,
    TakenBack,
    TicketLinked,
    TicketOpened,
    TicketSet,
    TicketTagged,
)
from agentdesk.core.model import OURS
from agentdesk.core.pledging import PledgeGiven, PledgeSet
from agentdesk.core.quarantine import QuarantineSet
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
        "NoAnswerNeeded",
        "ThanksRefuted",
        "MarkedSeen",
        "Resolved",
        "Reopened",
        "Merged",
        "Split",
        "Moved",
        "CauseOpened",
        "CauseClosed",
        "QuarantineDismissed",
        "PutUnderCause",
        "SenderJudged",
        "Rescued",
        "CustomersMerged",
        "CustomersUnmerged",
        "ProfileChanged",
        "CustomerNoted",
        "CustomerMuted",
        "CustomerUnmuted",
        "SurveysWanted",
        "SurveysEnded",
        "CustomerNoteRemoved",
        "RuleFired",
        "Pledged",
        "PledgeKept",
        "PledgeDropped",
        "Derived",
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
    _nothing_came_apart(state, event)
    _nothing_went_in(state, event)
    draft, apart = Draft(state, given), event.type in {"Merged", "Split"}
    went_on = _went_on(state, event)
    for change in reversed(event.changes):
        if isinstance(change, CustomerOpened | IdentityAdded | RuleFired):
            continue  # whoever called is known from then on, and a rule that fired has fired
        turned = inverse(change)
        if apart and isinstance(turned, TicketSet) and turned.field == "waiting_since":
            continue  # that is counted anew
        if turned is None:
            raise Refusal("cannot_undo", what=event.type)
        if present(state, turned) == turned.was:  # type: ignore[union-attr]
            draft.add(turned)
        elif _follows(turned, went_on):
            continue
        elif not apart or _holds_together(turned):
            raise Refusal("changed_since", what=event.type)
    if apart:
        _recount(draft, event)
    snoozes = {
        c.ticket for c in draft.changes if isinstance(c, TicketSet) and c.field == "snoozed_until" and c.now
    }
    if snoozes:  # the reason goes with the time
        draft.personal["snoozes"] = {each: state.field("ticket", each, "snooze_reason") for each in snoozes}
    if event.type == "Replied":
        ticket = event.ticket or ""
        draft.set(ticket, "epoch", draft.ticket(ticket).epoch + 1)  # frees the guard for the next answer
    draft.add(TakenBack(event.id))
    for ticket in event.tickets:
        draft.touch(ticket)
    return _promised_again(draft, draft.event("Undone", event.ticket), went_on, policy)


_PROMISED = frozenset({"target", "months", "of", "soon", "soon_at", "due_at", "recover_at"})
"""What another promise changes of a clock."""
_ABOUT = frozenset(
    {"Tagged", "Prioritised", "LanguageSet", "Described", "PlaybookChosen", "ProfileChanged", "Moved"}
    | {"CustomersMerged", "CustomersUnmerged"}
)
"""Acts by which a ticket may be promised something else, and that do nothing else to a clock."""


def _went_on(state: State, event: Event) -> frozenset[str]:
    """The tickets with a clock of which the event only made another promise, and to which something happened since."""
    return frozenset(
        change.ticket
        for change in event.changes
        if isinstance(change, ClockSet)
        and (event.type in _ABOUT or _rest(change.was) == _rest(change.now))
        and present(state, change) != change.now
    )


def _rest(clock: dict[str, Any] | None) -> dict[str, Any]:
    return {name: value for name, value in (clock or {}).items() if name not in _PROMISED}


def _follows(change: Change, went_on: frozenset[str]) -> bool:
    """Whether it is a clock of a ticket that went on, or what is due next there: both are counted again."""
    if isinstance(change, TicketSet):
        return change.field in {"next_due_at", "recover_at"} and change.ticket in went_on
    return isinstance(change, ClockSet) and change.ticket in went_on


def _promised_again(draft: Draft, event: Event, went_on: frozenset[str], policy: Policy) -> Event:
    if not went_on:
        return event
    again = Draft.of(draft.state, draft.given, event)
    for ticket in sorted(went_on):
        timekeeping.retarget(again, policy, ticket)
        timekeeping.sum_up(again, ticket)
    return again.again(event)


def _recount(draft: Draft, event: Event) -> None:
    """Who waits in what came apart, or together again; of an event that was turned round the tickets may be others by now."""
    roots = {each: draft.state.field("ticket", each, "root") for each in event.tickets}
    roots |= {c.ticket: c.now for c in draft.changes if isinstance(c, TicketSet) and c.field == "root"}
    for ticket in dict.fromkeys(roots.values()):
        unanswered.recount(draft, ticket)


def _nothing_came_apart(state: State, event: Event) -> None:
    """What a muted customer wrote since would stay apart: that is for the key that ends it."""
    if event.type != "CustomerMuted":
        return
    members = tuple(each.customer for each in event.changes if isinstance(each, CustomerSet))
    then = {each.ticket for each in event.changes if isinstance(each, TicketSet) and each.field == "muted"}
    if then != set(state.people.muted(members)):
        raise Refusal("changed_since", what=event.type)


def _nothing_went_in(state: State, event: Event) -> None:
    """A ticket that was split off and took up another one by now cannot go back alone."""
    for change in event.changes:
        if isinstance(change, TicketOpened) and change.split_from and len(state.family(change.ticket)) > 1:
            raise Refusal("changed_since", what=event.type)


def inverse(change: Change) -> Change | None:
    """The change turned round; None where it cannot be (what came in stays in).

    A cause is closed; a note, a call or a reply that has not gone is hidden rather than removed; a ticket made by a split goes
    back into the one it came from, and one that we opened becomes history.
    """
    if isinstance(change, CauseOpened):
        return CauseSet(change.cause, "closed_at", None, change.opened_at)
    is_call = isinstance(change, MessageAdded) and change.class_reason.startswith("call_")
    if isinstance(change, MessageAdded) and (
        is_call or change.direction in {"note", "out", "auto", "to_party"}
    ):
        return MessageSet(change.message, "hidden", was=False, now=True)
    if isinstance(change, EntryAdded):
        return EntrySet(change.entry, "hidden", was=False, now=True)
    if isinstance(change, PledgeGiven):
        return PledgeSet(change.pledge, "dropped", was=False, now=True)
    if isinstance(change, TicketOpened) and change.split_from:
        return TicketSet(change.ticket, "root", change.ticket, change.split_from)
    if isinstance(change, TicketOpened):
        return TicketSet(change.ticket, "history", was=False, now=True)
    if isinstance(
        change,
        CauseSet
        | CustomerSet
        | EntrySet
        | IdentitySet
        | TicketSet
        | TicketTagged
        | TicketLinked
        | StepTaken
        | PledgeSet
        | QuarantineSet
        | ClockSet
        | MessageSet,
    ):
        values = {f.name: getattr(change, f.name) for f in fields(change)}
        return type(change)(**{**values, "was": change.now, "now": change.was})
    return None


def _not_gone(state: State, event: Event) -> None:
    """Only the outbox of this laptop knows whether a written reply has left; it asks before it undoes."""
    for change in event.changes:
        if isinstance(change, MessageAdded) and change.direction in OURS and change.state:
            known = state.message(change.message)
            if known is None or known.state != "written":
                raise Refusal("already_sent")


def _holds_together(change: Change) -> bool:
    """That a ticket went into another, or a message into it: without turning that round nothing is undone."""
    return (isinstance(change, TicketSet) and change.field == "root") or (
        isinstance(change, MessageSet) and change.field == "ticket"
    )


def present(state: State, change: Change) -> object:
    """What is there now where `change` would put something."""
    if isinstance(change, TicketSet):
        return state.field("ticket", change.ticket, change.field)
    if isinstance(change, CustomerSet):
        return state.field("customer", change.customer, change.field)
    if isinstance(change, EntrySet):
        return state.field("profile", change.entry, change.field)
    if isinstance(change, CauseSet):
        return state.field("cause", change.cause, change.field)
    if isinstance(change, QuarantineSet):
        return state.field("quarantine", change.quarantine, change.field)
    if isinstance(change, IdentitySet):
        return state.field("identity", change.identity, change.field)
    if isinstance(change, MessageSet):
        return state.field("message", change.message, change.field)
    if isinstance(change, PledgeSet):
        return state.field("pledge", change.pledge, change.field)
    if isinstance(change, TicketTagged):
        return change.tag in state.tags(change.ticket)
    if isinstance(change, StepTaken):
        return state.field("step", change.id, "answer")
    if isinstance(change, TicketLinked):
        return change.other in state.linked(change.ticket)
    if isinstance(change, ClockSet):
        return state.clocks(change.ticket).get((change.metric, change.tier))
    raise Refusal("cannot_undo", what=type(change).__name__)
