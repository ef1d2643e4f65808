"""What a message that is no history does to its ticket: who waits, since when, what is promised, and where the ticket stands.

Promises: only a person's message starts clocks, wakes and reopens; an answer of ours, be it from another program, ends the waiting in
the queue, the clocks and the figure alike. Refuses: deciding where a message belongs (`core.arrival`).
"""

from dataclasses import replace
from datetime import datetime

from agentdesk.core import afterwards, mute, party, pledged, returned, snooze, timekeeping, unanswered
from agentdesk.core.commands import Receive
from agentdesk.core.crossing import crossed
from agentdesk.core.draft import Draft
from agentdesk.core.instant import maybe_stamp, stamp
from agentdesk.core.model import PARTY, Direction, MailClass, Status, is_chat
from agentdesk.core.sla import Policy
from agentdesk.core.state import TicketState
from agentdesk.core.surveyed import ASKS_NOTHING
from agentdesk.core.who import Who
from agentdesk.core.window import closes_at


def settled_by(draft: Draft, who: Who, ticket: TicketState, *, thanks: bool, counts: bool) -> str | None:
    """Why a message asks for no answer; None where it does, or where nobody `counts` it."""
    if thanks:
        return unanswered.THANKS
    if who.reason in ASKS_NOTHING:
        return who.reason
    is_heard = not who.speaks or mute.is_heard(draft, who.identity, ticket.id)
    return unanswered.MUTED if counts and not is_heard else None


def of_message(
    draft: Draft,
    policy: Policy,
    command: Receive,
    who: Who,
    ticket: TicketState,
    message: str,
    settled: str | None,
    *,
    unseen: bool = False,
) -> None:
    """What a message that is not history does to its ticket; `settled` is why it asks for nothing, `unseen` as `wrote` has it."""
    if who.direction in PARTY:
        party.wrote(draft, policy, command, who, ticket.id)
        return
    if who.direction == Direction.AUTO:
        timekeeping.acknowledge(draft, ticket.id, command.received_at)
        return
    if who.direction == Direction.OUT:
        if not returned.came_back_before(draft, policy, command, ticket.id, message):
            answered(draft, policy, command, ticket.id)
        return
    if who.mail_class != MailClass.BOUNCE and not who.by_form:
        returned.wrote(draft, who.identity)
    if settled in ASKS_NOTHING:
        _window(draft, command, ticket.id)
        return
    if settled == unanswered.THANKS:
        _window(draft, command, ticket.id)
        afterwards.thanked(draft, command, ticket.id)
    elif who.mail_class == MailClass.HUMAN and settled is None:
        _title(draft, command, ticket.id)
        by = _window(draft, command, ticket.id)
        unseen = unseen or crossed(draft, command, ticket.id, message)
        wrote(draft, policy, command, ticket.id, command.received_at, by, aside=ticket.muted, unseen=unseen)
        if command.answered:
            unanswered.settle(draft, ticket.id, unanswered.ANSWERED)
            answered(draft, policy, replace(command, received_at=command.fetched_at), ticket.id)
    afterwards.came(draft, command, who, ticket.id)


def _title(draft: Draft, command: Receive, ticket: str) -> None:
    """A chat that began with a picture is about the first words in it."""
    is_new = ticket in draft.personal.get("tickets", {})
    if (
        is_chat(command.incoming.channel)
        and not is_new
        and not draft.state.field("ticket", ticket, "subject")
    ):
        draft.title(ticket, command.incoming.subject)


def _window(draft: Draft, command: Receive, ticket: str) -> str:
    """What a customer writes moves the end of the channel's window; gives the channel that counts."""
    known = draft.ticket(ticket)
    by = known.channel if known.channel == "form" else command.incoming.channel
    closes = maybe_stamp(closes_at(by, command.received_at))
    if closes and (by == known.channel or closes_at(known.channel, command.received_at) is None):
        draft.set(ticket, "window_until", max(closes, known.window_until or closes))
    return by


def wrote(
    draft: Draft,
    policy: Policy,
    command: Receive,
    ticket: str,
    since: datetime,
    by: str,
    *,
    aside: bool = False,
    unseen: bool = False,
) -> None:
    """A customer wrote by the channel `by`, and waits `since` then. `aside`: until now only a muted customer waited in it, for nothing
    that was promised. `unseen`: whoever wrote a later answer had not read it."""
    at, known = stamp(since), draft.ticket(ticket)
    last_answer = draft.state.last_answer_at(draft.family(known.root))
    if last_answer is not None and last_answer > at and not unseen:
        return  # it came late: a later answer of ours is stored already
    draft.set(ticket, "unread", not command.seen)
    draft.set(ticket, "machine", now=False)
    draft.set(ticket, "last_customer_at", max(at, known.last_customer_at or at))
    waited_since = None if aside and not known.muted else known.waiting_since
    first_waiting = min(at, waited_since or at)
    was_waiting = waited_since is not None
    draft.set(ticket, "waiting_since", first_waiting)
    if known.history:
        draft.set(ticket, "history", now=False)
    draft.set(ticket, "wrote_after", None)
    if known.status == Status.SNOOZED and known.snooze_quiet:
        pass  # it was put away so that this does not wake it; who wrote waits, and is promised an answer
    elif known.status != Status.NEW:
        snooze.bring_back(draft, policy, ticket, since)
    if command.before:
        draft.set(ticket, "since_before", now=True)
        return  # no promise was made for what came before the account was watched
    if not was_waiting:
        first = known.status == Status.NEW and (last_answer is None or last_answer > at)
        timekeeping.begin(draft, policy, ticket, since, by, first=first)


def answered(draft: Draft, policy: Policy, command: Receive, ticket: str) -> None:
    """An answer of ours from another program: it meets the clocks and ends the waiting."""
    at, known = stamp(command.received_at), draft.ticket(ticket)
    waiting = draft.state.unanswered_since(draft.family(known.root), at)
    draft.set(ticket, "waiting_since", waiting)
    pledged.answered(draft, known.root, at, command.received_at)
    draft.set(ticket, "wrote_after", None)
    if waiting is None:
        draft.set(ticket, "since_before", now=False)
        draft.set(ticket, "unread", now=False)
        timekeeping.meet(draft, policy, ticket, command.received_at)
        if known.status in {Status.NEW, Status.OPEN}:
            timekeeping.set_status(draft, policy, ticket, Status.WAITING_CUSTOMER, command.received_at)
