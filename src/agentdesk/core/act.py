"""The acts of an agent on a ticket: small decisions, each one event whose changes can be turned round.

Promises: an act that would change nothing is refused with the reason, so that a script and an undo know where they
stand. Refuses: anything that needs a clock, a setting or a look at the world.
"""

from collections.abc import Iterator
from dataclasses import replace

from agentdesk.core import mute, pledged, snooze, steps, timekeeping, unanswered
from agentdesk.core.commands import (
    AddNote,
    Assign,
    BringNote,
    MarkRead,
    Merge,
    MergeCustomers,
    Prioritise,
    Reclock,
    Reopen,
    Resolve,
    SetLanguage,
    Split,
    Tag,
    UnmergeCustomers,
)
from agentdesk.core.derivation import Derive
from agentdesk.core.draft import Draft, on_ticket, ours
from agentdesk.core.events import CustomerSet, Event, MessageSet, TicketOpened
from agentdesk.core.instant import stamp
from agentdesk.core.model import Direction, JoinedBy, MailClass, Status, is_room
from agentdesk.core.refusal import Known, Refusal
from agentdesk.core.sla import Policy
from agentdesk.core.state import Given, MessageState, State, TicketState
from agentdesk.core.text import safe_line

OVER = (Status.RESOLVED, Status.CLOSED)


def _changed(draft: Draft, kind: str, ticket: str) -> Event:
    if not draft.changes:
        raise Refusal("nothing_changes")
    return draft.event(kind, ticket)


def add_note(state: State, command: AddNote, policy: Policy, given: Given) -> Event:
    draft, ticket = on_ticket(state, given, command.ticket)
    draft.add(ours(next(given.ids), ticket, Direction.NOTE, command.text, command.size, given))
    draft.personal["message"] = {"name": given.actor}
    return draft.event("Noted", ticket.id)


def bring_note(state: State, command: BringNote, policy: Policy, given: Given) -> Event | Known:
    """The same note once, however often it is brought."""
    if state.message(command.note):
        return Known(command.note)
    draft, ticket = on_ticket(state, given, command.ticket)
    at = stamp(command.at)
    note = replace(
        ours(command.note, ticket, command.direction, command.text, command.size, given),
        class_reason=command.reason,
        joined_by=JoinedBy.HISTORY.value,
        author=ticket.identity if command.direction == Direction.IN else None,
        sent_at=at,
        received_at=at,
        history=True,
        seconds=command.seconds,
    )
    draft.add(note)
    draft.personal["message"] = {"name": command.author}
    return draft.event("NoteBrought", ticket.id, event_id=given.seal.shared_id("note_brought", command.note))


def derive(state: State, command: Derive, policy: Policy, given: Given) -> Event:
    draft, ticket = on_ticket(state, given, command.ticket)
    derived(draft, ticket.id, command.to)
    return _changed(draft, "Derived", ticket.id)


def derived(draft: Draft, ticket: str, to: str | None) -> None:
    """The customer was sent to another channel, None: was not after all; the first time counts, and where to the last."""
    first = draft.ticket(ticket).derived_at or stamp(draft.given.now)
    draft.set(ticket, "derived_at", first if to else None)
    draft.set(ticket, "derived_to", to)


def assign(state: State, command: Assign, policy: Policy, given: Given) -> Event:
    draft, ticket = on_ticket(state, given, command.ticket)
    draft.set(ticket.id, "assignee", command.agent and safe_line(command.agent))
    return _changed(draft, "Assigned", ticket.id)


def tag(state: State, command: Tag, policy: Policy, given: Given) -> Event:
    draft, ticket = on_ticket(state, given, command.ticket)
    for name in dict.fromkeys(map(safe_line, command.add)):
        draft.tag(ticket.id, name, on=True)
    for name in dict.fromkeys(command.remove):
        if name not in command.add:
            draft.tag(ticket.id, name, on=False)
    return _changed(draft, "Tagged", ticket.id)


def prioritise(state: State, command: Prioritise, policy: Policy, given: Given) -> Event:
    draft, ticket = on_ticket(state, given, command.ticket)
    draft.set(ticket.id, "priority", command.priority.value)
    timekeeping.retarget(draft, policy, ticket.id)
    return _changed(draft, "Prioritised", ticket.id)


def reclock(state: State, command: Reclock, policy: Policy, given: Given) -> Event:
    draft, ticket = on_ticket(state, given, command.ticket)
    timekeeping.reckon_anew(draft, policy, ticket.id)
    return _changed(draft, "Reclocked", ticket.id)


def set_language(state: State, command: SetLanguage, policy: Policy, given: Given) -> Event:
    draft, ticket = on_ticket(state, given, command.ticket)
    draft.set(ticket.id, "language", command.language)
    was = state.field("customer", ticket.customer, "language")
    if was != command.language:
        draft.add(CustomerSet(ticket.customer, "language", was, command.language))
    return _changed(draft, "LanguageSet", ticket.id)


def resolve(state: State, command: Resolve, policy: Policy, given: Given) -> Event:
    draft, ticket = on_ticket(state, given, command.ticket)
    if ticket.status in OVER:
        raise Refusal("over")
    steps.may_end(ticket)
    if command.excuse and ticket.waiting_since:
        unanswered.excuse(draft, ticket.id, command.excuse)
    draft.set(ticket.id, "resolved_at", stamp(given.now))
    draft.set(ticket.id, "unread", now=False)
    for field in ("snoozed_until", "wrote_after"):
        draft.set(ticket.id, field, None)
    timekeeping.set_status(draft, policy, ticket.id, Status.RESOLVED, given.now)
    return draft.event("Resolved", ticket.id)


def reopen(state: State, command: Reopen, policy: Policy, given: Given) -> Event:
    draft, ticket = on_ticket(state, given, command.ticket)
    if ticket.status not in OVER and ticket.status != Status.SNOOZED:
        raise Refusal("not_over")
    snooze.cut_short(draft, ticket.id)
    draft.set(ticket.id, "resolved_at", None)
    draft.set(ticket.id, "wrote_after", None)
    draft.set(ticket.id, "history", now=False)
    timekeeping.set_status(draft, policy, ticket.id, Status.OPEN, given.now)
    return draft.event("Reopened", ticket.id)


def mark_read(state: State, command: MarkRead, policy: Policy, given: Given) -> Event:
    draft, ticket = on_ticket(state, given, command.ticket)
    draft.set(ticket.id, "unread", now=False)
    return _changed(draft, "Read", ticket.id)


def merge(state: State, command: Merge, policy: Policy, given: Given) -> Event:
    """The source points at the target; the target keeps its clocks and waits since the oldest unanswered of both."""
    draft, source = on_ticket(state, given, command.ticket)
    _, target = on_ticket(state, given, command.into)
    if source.id == target.id:
        raise Refusal("same_ticket")
    together(draft, policy, source, target)
    return draft.event("Merged", target.id)


def together(draft: Draft, policy: Policy, source: TicketState, target: TicketState) -> None:
    """`source` is shown in `target` from now on."""
    unanswered.together(draft, source.id, target.id)
    for member in draft.state.family(source.id):
        draft.set(member, "root", target.id)
    steps.taken_over(draft, policy, source, target)
    timekeeping.merge(draft, source.id, target.id)
    pledged.merge(draft, source.id, target.id)
    waiting = min(filter(None, (source.waiting_since, target.waiting_since)), default=None)
    unanswered.recount(draft, target.id)
    if source.channel == target.channel:
        closes = max(filter(None, (source.window_until, target.window_until)), default=None)
        draft.set(target.id, "window_until", closes)
    draft.set(target.id, "unread", target.unread or source.unread)
    if waiting and target.status not in {Status.NEW, Status.OPEN}:
        draft.set(target.id, "resolved_at", None)
        draft.set(target.id, "snoozed_until", None)
        draft.set(target.id, "history", now=False)
        timekeeping.set_status(draft, policy, target.id, Status.OPEN, draft.given.now)


def split(state: State, command: Split, policy: Policy, given: Given) -> Event:
    """The message opens a ticket of its own, whose clocks start at its arrival."""
    message = state.message(command.message)
    if message is None:
        raise Refusal("no_message")
    draft, ticket = on_ticket(state, given, message.ticket)
    if message.direction != Direction.IN or message.author is None:
        raise Refusal("not_inbound")
    if len(state.messages_in(state.family(ticket.id))) < 2:
        raise Refusal("only_message")
    new = next(given.ids)
    home = state.ticket(message.ticket) or ticket
    in_room = is_room(
        state.field("identity", home.identity, "address")
    )  # what was said there is answered there
    identity = home.identity if in_room else message.author
    customer = state.customer_of(identity) or ticket.customer
    written = state.field("message", message.id, "language")
    draft.opened(
        TicketOpened(
            ticket=new,
            customer=customer,
            identity=identity,
            account=ticket.account,
            channel=ticket.channel,
            status=Status.OPEN.value,
            language=draft.said_of_customer(customer, "speaks") or written or ticket.language,
            history=False,
            since_before=ticket.since_before,
            machine=False,
            created_at=message.received_at,
            split_from=ticket.id,
        )
    )
    draft.personal["tickets"] = {new: message.subject}
    draft.add(MessageSet(message.id, "ticket", message.ticket, new))
    draft.set(new, "window_until", ticket.window_until)
    if message.mail_class == MailClass.HUMAN and not message.history:
        draft.set(new, "last_customer_at", message.received_at)
    draft.link(ticket.id, new)
    draft.touch(ticket.id)
    unanswered.split_off(draft, policy, ticket, message, new)
    _see_the_rest(draft, ticket, message)
    return draft.event("Split", new)


def _see_the_rest(draft: Draft, ticket: TicketState, message: MessageState) -> None:
    """A message has left the ticket: of what came afterwards (`core.afterwards`) only what else came is still to be seen."""
    since = ticket.wrote_after
    if since is None:
        return
    others = (
        each for each in draft.state.messages_in(draft.state.family(ticket.id)) if each.id != message.id
    )
    left = [
        each.received_at for each in others if each.direction == Direction.IN and each.received_at >= since
    ]
    draft.set(ticket.id, "wrote_after", min(left, default=None))


def merge_customers(state: State, command: MergeCustomers, policy: Policy, given: Given) -> Event:
    source, target = state.customer_root(command.customer), state.customer_root(command.into)
    if source is None or target is None:
        raise Refusal("no_customer")
    if source == target:
        raise Refusal("same_customer")
    if mute.is_muted(state, source) != mute.is_muted(state, target):
        raise Refusal("one_is_muted")
    draft = Draft(state, given)
    for member in state.customer_members(source):
        draft.add(CustomerSet(member, "root", source, target))
    return draft.event("CustomersMerged")


def unmerge_customers(state: State, command: UnmergeCustomers, policy: Policy, given: Given) -> Event:
    root = state.customer_root(command.customer)
    if root is None:
        raise Refusal("no_customer")
    if root == command.customer:
        raise Refusal("not_merged")
    draft = Draft(state, given)
    draft.add(CustomerSet(command.customer, "root", root, command.customer))
    for ticket in _shown_with_others(state, command.customer, root):
        draft.touch(ticket)
    return draft.event("CustomersUnmerged")


def _shown_with_others(state: State, leaves: str, root: str) -> Iterator[str]:
    """The tickets of those who were one with `root` that are shown in a ticket of whoever is not one with them any more."""
    for member in state.customer_members(root):
        for each in state.tickets_of(member):
            known = state.ticket(each)
            shown = state.ticket(known.root) if known else None
            if shown and (shown.customer == leaves) != (member == leaves):
                yield each
