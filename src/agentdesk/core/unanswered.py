"""Who is still owed an answer: the one definition, and the word that none is needed.

A message asks where a person wrote it to us, it is neither history nor taken back, and nobody said why it needs no answer. It
waits while no public answer that its provider accepted is later, in the ticket that is shown and all that went into it; what waited
when two tickets became one goes on waiting, whatever had been answered in the other, what was put in other words after its
answer waits anew, and so does what crossed it, or was left open by an answer to another matter that went into its conversation (all
of these `asks_since`). A customer is unanswered while a message of theirs waits in a ticket that is theirs, that is not muted and that was not forgotten.
The end of a ticket alone answers nobody. `tests/engine/test_unanswered.py` counts the same from the log's messages by brute force.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from agentdesk.core import timekeeping
from agentdesk.core.draft import Draft, on_ticket, ours
from agentdesk.core.events import Event, MessageAdded, MessageSet, TicketSet
from agentdesk.core.instant import moment, stamp
from agentdesk.core.model import Direction, MailClass, Status
from agentdesk.core.refusal import Refusal
from agentdesk.core.settling import Excuse, NoAnswerNeeded
from agentdesk.core.sla import Policy
from agentdesk.core.state import Given, MessageState, State, TicketState

THANKS, MUTED, ANSWERED, TAKEN_BACK = "thanks", "muted", "answered", "withdrawn"
"""Reasons that the law itself gives: mere thanks, the words of somebody muted, of a message that was split off after it was
answered, and what its author took back."""
REASONS = (THANKS, "phone", "spam", "duplicate", "other")
"""Those that an agent chooses from."""
ACCEPTED = frozenset({None, "sent", "delivered", "read"})
"""The states of what lies with the customer."""
_AWAKE = frozenset({Status.NEW, Status.OPEN})


def asks(message: MessageState) -> bool:
    """A person wrote it to us, and nobody said why it needs no answer."""
    is_theirs = message.direction == Direction.IN and message.mail_class == MailClass.HUMAN
    return is_theirs and not message.history and not message.hidden and message.settled is None


def answers(message: MessageState) -> bool:
    """A public answer of ours that went."""
    return message.direction == Direction.OUT and not message.hidden and message.state in ACCEPTED


def is_heard(message: MessageState) -> bool:
    """Something of ours that reached the customer, be it of a machine."""
    is_ours = message.direction in {Direction.OUT, Direction.AUTO}
    return is_ours and not message.hidden and message.state in ACCEPTED


def waiting(messages: Iterable[MessageState]) -> list[MessageState]:
    """Those of one matter that wait for an answer, oldest first."""
    known = list(messages)
    last = max((each.received_at for each in known if answers(each)), default="")
    return sorted(
        (each for each in known if asks(each) and asked_at(each) > last), key=lambda each: each.since
    )


def asked_at(message: MessageState) -> str:
    """An answer answers what it is later than."""
    return max(message.received_at, message.asks_since or "")


def together(draft: Draft, source: str, target: str) -> None:
    """Two tickets are shown as one from here on: what waits in either waits on."""
    halves = [draft.state.messages_in(draft.state.family(root)) for root in (source, target)]
    said = [each for half in halves for each in half if answers(each)]
    last = max((each.received_at for each in said), default="")
    for each in (each for half in halves for each in waiting(half)):
        if asked_at(each) <= last:
            now = stamp(max(draft.given.now, moment(last) + timedelta(milliseconds=1)))
            draft.add(MessageSet(each.id, "asks_since", each.asks_since, now))
            draft.touch(each.ticket)


def left_open(draft: Draft, some: Iterable[str]) -> None:
    """The answer that `draft` writes is none to these messages: they ask again right after it."""
    after = stamp(draft.given.now + timedelta(milliseconds=1))
    for message in some:
        known = draft.state.message(message)
        if known is not None:
            draft.add(MessageSet(message, "asks_since", known.asks_since, after))


def recount(draft: Draft, ticket: str) -> None:
    """Since when somebody waits in a ticket, told from its messages as `draft` leaves them: for what is rare, and for what moved
    messages or tickets."""
    found = waiting(messages(draft, ticket))
    draft.set(ticket, "waiting_since", found[0].since if found else None)


def messages(draft: Draft, ticket: str) -> list[MessageState]:
    """What belongs to a ticket, with what `draft` has changed so far."""
    roots = {c.ticket: c.now for c in draft.changes if isinstance(c, TicketSet) and c.field == "root"}
    family = {each for each in draft.state.family(ticket) if roots.get(each, ticket) == ticket}
    family |= {each for each, root in roots.items() if root == ticket} | {ticket}
    known = {each.id: each for each in draft.state.messages_in(tuple(sorted(family)))}
    for change in draft.changes:
        if isinstance(change, MessageSet):
            was = known.get(change.message) or draft.state.message(change.message)
            field = "mail_class" if change.field == "class" else change.field
            if was is not None and hasattr(was, field):
                known[change.message] = replace(was, **{field: change.now})
        elif isinstance(change, MessageAdded):
            known[change.message] = added(change)
    return [each for each in known.values() if each.ticket in family]


def added(change: MessageAdded) -> MessageState:
    """A message as it is right after it was stored."""
    return MessageState(
        id=change.message,
        ticket=change.ticket,
        direction=change.direction,
        mail_class=change.mail_class,
        written_here=change.state is not None,
        received_at=change.received_at,
        author=change.author,
        history=change.history,
        state=change.state,
        hidden=False,
        subject=None,
        settled=change.settled,
    )


def settle(draft: Draft, ticket: str, reason: str) -> None:
    """All that waits in a ticket needs no answer."""
    for each in waiting(messages(draft, ticket)):
        draft.add(MessageSet(each.id, "settled", None, reason))
        draft.touch(each.ticket)


def excuse(draft: Draft, ticket: str, why: Excuse) -> None:
    """The same by somebody's word: the promises of an answer end, what was late stays late."""
    settle(draft, ticket, why.reason)
    draft.set(ticket, "waiting_since", None)
    draft.set(ticket, "since_before", now=False)
    timekeeping.excuse(draft, ticket, draft.given.now)
    if why.note:
        given = draft.given
        note = ours(
            next(given.ids), draft.ticket(ticket), Direction.NOTE, why.note.text, why.note.size, given
        )
        draft.add(note)
        draft.personal.setdefault("messages", {})[note.message] = {"name": given.actor}


def taken_back(draft: Draft, policy: Policy, message: MessageState) -> None:
    """Its author took it back: nobody has to answer it, be it that our answer is taken back too. Where nothing else waits in its
    ticket, that rests, and is read by whoever has yet to; what was late stays late."""
    if not asks(message):
        return
    root = draft.ticket(draft.ticket(message.ticket).root)
    draft.add(MessageSet(message.id, "settled", None, TAKEN_BACK))
    recount(draft, root.id)
    left = draft.ticket(root.id).waiting_since
    if left == root.waiting_since:
        return
    if left is not None:
        timekeeping.wait_from(draft, policy, root.id, moment(left))
        return
    draft.set(root.id, "since_before", now=False)
    timekeeping.excuse(draft, root.id, draft.given.now)
    if root.status in _AWAKE:
        timekeeping.set_status(draft, policy, root.id, Status.WAITING_CUSTOMER, draft.given.now)


def split_off(draft: Draft, policy: Policy, ticket: TicketState, message: MessageState, new: str) -> None:
    """`message` leaves `ticket` for `new`: what waits goes on waiting since it arrived, what was answered stays answered."""
    state = draft.state
    family = state.family(ticket.id)
    before = {each.id for each in waiting(state.messages_in(family))}
    if asks(message) and message.id not in before:
        draft.add(MessageSet(message.id, "settled", None, ANSWERED))
    recount(draft, new)
    recount(draft, ticket.id)
    left = draft.ticket(ticket.id).waiting_since
    if left != ticket.waiting_since:
        timekeeping.wait_from(draft, policy, ticket.id, moment(left) if left else None)
    since = draft.ticket(new).waiting_since
    if since and not ticket.since_before:
        first = state.last_answer_at(family) is None
        timekeeping.begin(draft, policy, new, moment(since), first=first, heard=True)


def no_answer_needed(state: State, command: NoAnswerNeeded, policy: Policy, given: Given) -> Event:
    """The ticket rests as if it had been answered."""
    draft, ticket = on_ticket(state, given, command.ticket)
    if ticket.waiting_since is None:
        raise Refusal("nobody_waits")
    excuse(draft, ticket.id, command.excuse)
    draft.set(ticket.id, "unread", now=False)
    if ticket.status in _AWAKE:
        timekeeping.set_status(draft, policy, ticket.id, Status.WAITING_CUSTOMER, given.now)
    return draft.event("NoAnswerNeeded", ticket.id)
