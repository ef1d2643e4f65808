"""The decisions about playbooks: which one a ticket follows, which step was taken, and what kind of matter it is.

Promises: the law needs no file, since the command says whether the playbook must still be finished; a step that is taken anew makes
what was taken after it count no more, in the same event. Refuses: ending a ticket whose playbook must be finished first.
"""

from agentdesk.core import timekeeping
from agentdesk.core.draft import Draft, on_ticket
from agentdesk.core.events import Event, StepTaken
from agentdesk.core.instant import stamp
from agentdesk.core.progress import ChoosePlaybook, Describe, TakeStep
from agentdesk.core.refusal import Refusal
from agentdesk.core.sla import Policy
from agentdesk.core.state import Given, State, TicketState


def choose(state: State, command: ChoosePlaybook, policy: Policy, given: Given) -> Event:
    """The ticket follows another playbook, or none; what it is about is taken from it where nobody said."""
    draft, ticket = on_ticket(state, given, command.ticket)
    if ticket.playbook != command.playbook:
        _forget(draft, ticket, command.playbook or "", command.forget)
        draft.set(ticket.id, "playbook", command.playbook)
        draft.set(ticket.id, "playbook_since", stamp(given.now) if command.playbook else None)
        draft.set(ticket.id, "unfinished", command.playbook if command.holds else None)
    draft.set(ticket.id, "incident", ticket.incident or command.incident)
    _kind(draft, policy, ticket, ticket.kind or command.kind)
    return _changed(draft, "PlaybookChosen", ticket)


def take(state: State, command: TakeStep, policy: Policy, given: Given) -> Event:
    draft, ticket = on_ticket(state, given, command.ticket)
    if ticket.playbook is None or ticket.playbook != command.playbook:
        raise Refusal("other_playbook", number=ticket.number)
    _forget(draft, ticket, command.playbook, command.forget)
    _set(draft, StepTaken(ticket.id, command.playbook, command.step, None, command.answer))
    draft.set(ticket.id, "unfinished", command.playbook if command.holds else None)
    return draft.event("StepTaken", ticket.id)


def _forget(draft: Draft, ticket: TicketState, playbook: str, steps: tuple[str, ...]) -> None:
    """Steps that count no more, on the tickets that were merged into this one too."""
    for step in steps:
        for each in draft.state.family(ticket.id):
            _set(draft, StepTaken(each, playbook, step, None, None))


def _set(draft: Draft, change: StepTaken) -> None:
    """A step as it is now; nothing for one that is to be forgotten and was not taken."""
    was = draft.state.field("step", change.id, "answer")
    if was is not None or change.now is not None:
        draft.add(StepTaken(change.ticket, change.playbook, change.step, was, change.now))
        draft.touch(change.ticket)


def describe(state: State, command: Describe, policy: Policy, given: Given) -> Event:
    draft, ticket = on_ticket(state, given, command.ticket)
    if command.kind is not None:
        _kind(draft, policy, ticket, command.kind or None)
    if command.incident is not None:
        draft.set(ticket.id, "incident", command.incident or None)
    return _changed(draft, "Described", ticket)


def may_end(ticket: TicketState) -> None:
    """Raises Refusal where a playbook has to be finished before the ticket is resolved."""
    if ticket.unfinished:
        raise Refusal("playbook_unfinished", playbook=ticket.unfinished, number=ticket.number)


def _kind(draft: Draft, policy: Policy, ticket: TicketState, kind: str | None) -> None:
    """What kind of matter it is, and what is promised of such a one."""
    if kind != ticket.kind:
        draft.set(ticket.id, "kind", kind)
        timekeeping.retarget(draft, policy, ticket.id)


def taken_over(draft: Draft, policy: Policy, source: TicketState, target: TicketState) -> None:
    """Of two tickets that become one, the playbook of the one that stays counts, else the other one's."""
    if target.playbook is None and source.playbook is not None:
        for field in ("playbook", "playbook_since", "unfinished"):
            draft.set(target.id, field, getattr(source, field))
    elif target.playbook == source.playbook:
        draft.set(target.id, "unfinished", target.unfinished and source.unfinished)
    draft.set(target.id, "incident", target.incident or source.incident)
    _kind(draft, policy, target, target.kind or source.kind)


def _changed(draft: Draft, kind: str, ticket: TicketState) -> Event:
    if not draft.changes:
        raise Refusal("nothing_changes")
    return draft.event(kind, ticket.id)
