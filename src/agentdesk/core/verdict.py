"""What an agent said of a sender: a person, or not a customer. Kept for the sender, and undone like any act.

Promises: "not a customer" sends the sender's mail to the machines and takes their open tickets along; "a person" makes the
ticket at hand work, from when its mail arrived, and later bulk mail too. Refuses: making a person of what says itself that
it is none: a delivery report, and later automatic answers. Our own addresses and mail without a sender are judged
for the ticket at hand alone, since many write under them.
"""

from agentdesk.core import timekeeping
from agentdesk.core.commands import JudgeSender
from agentdesk.core.draft import Draft, on_ticket
from agentdesk.core.events import Event, IdentitySet, MessageSet
from agentdesk.core.instant import moment
from agentdesk.core.model import BY_DEED, Direction, MailClass, Status
from agentdesk.core.refusal import Refusal
from agentdesk.core.sla import Policy
from agentdesk.core.state import Given, MessageState, State, TicketState

PERSON, MACHINE = "person", "machine"
SAID = "sender"
"""The reason of a class that an agent's word decided."""
OWN_ADDRESS = "own address"
"""The reason of a class: it came under an address of ours."""
_OVER = frozenset({Status.RESOLVED, Status.CLOSED})
_WAITING = frozenset({Status.WAITING_CUSTOMER, Status.WAITING_THIRD_PARTY})


def heard(mail_class: MailClass, reason: str, verdict: str | None) -> tuple[MailClass, str]:
    """The class of a mail once it is known what was said of its sender."""
    if verdict == MACHINE and mail_class == MailClass.HUMAN:
        return MailClass.BULK, SAID
    if verdict == PERSON and mail_class == MailClass.BULK:
        return MailClass.HUMAN, SAID
    return mail_class, reason


def judge(state: State, command: JudgeSender, policy: Policy, given: Given) -> Event:
    """What is said of the sender of a ticket, and what it does to tickets; None forgets it and touches none."""
    draft, ticket = on_ticket(state, given, command.ticket)
    if state.field("ticket", ticket.id, "erased"):
        raise Refusal("erased")
    theirs = [ticket.id]
    if _has_a_name(given, ticket.identity):
        was = state.field("identity", ticket.identity, "verdict")
        if was != command.verdict:
            draft.add(IdentitySet(ticket.identity, "verdict", was, command.verdict))
        theirs += state.open_tickets(ticket.identity)
    if command.verdict == MACHINE:
        for each in dict.fromkeys(theirs):
            _put_aside(draft, each, ticket.identity)
    elif command.verdict == PERSON:
        _take_up(draft, policy, ticket)
    if not draft.changes:
        raise Refusal("nothing_changes")
    return draft.event("SenderJudged", ticket.id)


def _has_a_name(given: Given, identity: str) -> bool:
    """Whether the sender can be told from others: mail without one has the identity of an empty address."""
    return identity not in {given.seal.identity("email", each) for each in (*given.own, "")}


def _said_by(state: State, ticket: str, identity: str) -> list[MessageState]:
    """What a sender wrote in a ticket and in those merged into it, history aside."""
    return [
        each
        for each in state.messages_in(state.family(ticket))
        if each.author == identity and each.direction == Direction.IN and not each.history
    ]


def _classed(draft: Draft, message: MessageState, now: MailClass) -> None:
    reason = draft.state.field("message", message.id, "class_reason")
    draft.add(MessageSet(message.id, "class", message.mail_class, now.value))
    draft.add(MessageSet(message.id, "class_reason", reason, SAID))
    draft.touch(message.ticket)


def _put_aside(draft: Draft, ticket: str, identity: str) -> None:
    """What the sender wrote asks for no answer; the ticket leaves the work unless somebody else waits in it."""
    known = draft.ticket(ticket)
    if known.history or (known.status in _OVER and known.waiting_since is None):
        return
    for each in _said_by(draft.state, ticket, identity):
        if each.mail_class == MailClass.HUMAN:
            _classed(draft, each, MailClass.BULK)
    family = draft.state.family(ticket)
    others = [
        each.received_at
        for each in draft.state.messages_in(family)
        if each.author != identity and each.mail_class == MailClass.HUMAN and _is_open(draft, each, family)
    ]
    waiting = min(others, default=None)
    draft.set(ticket, "waiting_since", waiting)
    if waiting is None:
        draft.set(ticket, "machine", now=True)
        timekeeping.void(draft, ticket)


def _take_up(draft: Draft, policy: Policy, ticket: TicketState) -> None:
    """The ticket is work. Its clocks run from the arrival of the oldest mail without an answer, as product-semantics 2.1
    has it of every clock: it was us who took a person for a machine. In a ticket that is work already only what was
    taken so for what its sender did changes."""
    state = draft.state
    mails = _said_by(state, ticket.id, ticket.identity)
    lifted = [each for each in mails if _is_liftable(state, each, whole=ticket.machine)]
    if not lifted:
        if ticket.machine and any(each.mail_class != MailClass.HUMAN for each in mails):
            raise Refusal("never_person")
        if not ticket.machine:
            return
    for each in lifted:
        _classed(draft, each, MailClass.HUMAN)
    draft.set(ticket.id, "machine", now=False)
    family = state.family(ticket.id)
    unanswered = [each.received_at for each in lifted if _is_open(draft, each, family)]
    if not unanswered:
        return
    since = min(filter(None, (*unanswered, ticket.waiting_since)))
    draft.set(ticket.id, "waiting_since", since)
    draft.set(ticket.id, "last_customer_at", max(filter(None, (*unanswered, ticket.last_customer_at))))
    again = _WAITING if ticket.machine else _WAITING | _OVER
    if ticket.status in again:
        for field in ("resolved_at", "wrote_after"):
            draft.set(ticket.id, field, None)
        timekeeping.set_status(draft, policy, ticket.id, Status.OPEN, draft.given.now)
    if (
        not ticket.since_before
        and ticket.waiting_since is None
        and draft.ticket(ticket.id).status not in _OVER
    ):
        first = state.last_answer_at(family) is None and ticket.status == Status.NEW
        timekeeping.begin(draft, policy, ticket.id, moment(since), first=first)


def _is_liftable(state: State, message: MessageState, *, whole: bool) -> bool:
    """Whether a machine's mail may have been a person's after all: of a ticket that is not `whole` a machine's, what was judged by deed."""
    if not whole:
        return state.field("message", message.id, "class_reason") in BY_DEED
    if message.mail_class == MailClass.OWN_LOOP:
        return bool(state.field("message", message.id, "class_reason") == OWN_ADDRESS)
    return message.mail_class in {MailClass.BULK, MailClass.AUTO_REPLY}


def _is_open(draft: Draft, message: MessageState, family: tuple[str, ...]) -> bool:
    """Whether a message from outside has no answer of ours yet, and needs one."""
    answered = draft.state.last_answer_at(family)
    is_ours = message.direction != Direction.IN or message.hidden or message.history
    return not is_ours and message.settled is None and (answered is None or message.received_at > answered)
