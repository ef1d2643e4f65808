"""Which ticket a message belongs to (product-semantics 2.3).

Of mail, in this order: a token that our key vouches for; the Message-IDs it answers, right to left, where the sender takes part; a
Thread-Index of ours, which is a token, and which Outlook gives back where it leaves all else out; messages that already answer it (a
parent that came late); a marker in the quoted text; a subject tag. Who takes part may write from any address that an agent said is
theirs. A stranger never joins: the ticket found is only linked, and so it is for what its sender's own domain disowns, whatever that
bears. Same sender and same subject alone prove nothing: what calls itself an answer is linked by them, and no more. A chat belongs to
what it quotes, else to the newest ticket of its conversation, and never expires; history falls into matters by its gaps. What several
people read and what one person writes to us alone are two conversations, whoever writes (`core.model.room`); and of two who were taken
for one, and are not any more, neither goes on in the other's ticket.
"""

from collections.abc import Iterator
from datetime import timedelta

from agentdesk.core.commands import Receive
from agentdesk.core.instant import moment
from agentdesk.core.model import PARTY, Direction, Incoming, JoinedBy, MailClass, is_chat, is_room
from agentdesk.core.seal import ticket_of, tokens_in
from agentdesk.core.state import Given, MessageState, State, TicketState
from agentdesk.core.vouching import is_disowned
from agentdesk.core.waiting import is_answer, subject_root
from agentdesk.values import dataclass


@dataclass(frozen=True, slots=True)
class Joined:
    """`ticket` to join (the one that others were merged into), or None; `home` is the one that the message itself
    belongs to, so that a merge can be taken apart later; `stranger_to` is what a stranger claims to answer, and where nobody claims
    anything (`guessed`) what the same customer wrote under the same subject. `aside`: it answers what went to a third party."""

    ticket: TicketState | None
    by: JoinedBy
    stranger_to: TicketState | None = None
    home: str | None = None
    aside: bool = False
    guessed: bool = False

    @property
    def claims(self) -> bool:
        """Whether it says itself where it belongs, rightly or not."""
        return self.ticket is not None or (self.stranger_to is not None and not self.guessed)


SAME_SUBJECT_WITHIN = timedelta(days=30)
LOOKED_AT = 20
"""A customer's newest tickets, among which the one with the same subject is looked for."""


def join(
    state: State, given: Given, command: Receive, identity: str, mail_id: str | None, *, ours: bool
) -> Joined:
    """`identity` is the sender's, or for a message of ours (`ours`) its first recipient's; of what is said in a room the room's. What
    its sender's own domain disowns, by the word of the server that the account trusts, is linked at most, whatever it bears."""
    found = _claimed(state, given, command, identity, mail_id, ours=ours)
    if (
        ours
        or found.ticket is None
        or not is_disowned(*command.incoming.vouched, given.server(command.account))
    ):
        return found
    return Joined(None, JoinedBy.LINKED, found.ticket)


def _claimed(
    state: State, given: Given, command: Receive, identity: str, mail_id: str | None, *, ours: bool
) -> Joined:
    """Where it belongs by what it bears and by who it says that it is."""
    mail = command.incoming
    if is_chat(mail.channel):
        return _chat(state, given, command, identity)
    by_token = _token(state, given, mail)
    if by_token:
        return by_token
    stranger: TicketState | None = None
    for parent in _parents(state, given, mail):
        ticket = state.ticket(parent.ticket)
        if ticket is None:
            continue
        if ours or _may_join(state, ticket, identity):
            return _found(state, ticket, _rule(parent), aside=parent.direction in PARTY)
        stranger = stranger or _root(state, ticket)
    if by_thread := _thread(state, given, mail):
        return by_thread
    late = _late_parent(state, identity, mail_id, ours=ours)
    if late:
        return _found(state, late, JoinedBy.REFERENCES)
    for found, rule in (
        (_marker(state, given, mail), JoinedBy.BODY_MARKER),
        (_tag(state, given, mail), JoinedBy.SUBJECT_TAG),
    ):
        if found and (ours or _may_join(state, found, identity)):
            return _found(state, found, rule)
        stranger = stranger or (_root(state, found) if found else None)
    alike = None if stranger or ours else _same_subject(state, command, identity)
    found = stranger or alike
    return Joined(None, JoinedBy.LINKED if found else JoinedBy.NEW, found, guessed=alike is not None)


def _chat(state: State, given: Given, command: Receive, identity: str) -> Joined:
    mail = command.incoming
    same = () if mail.room else (given.seal.identity(mail.channel, each) for each in mail.same_person)
    people = (identity, *same)
    for parent in _parents(state, given, mail):
        ticket = state.ticket(parent.ticket)
        takes_part = ticket and (mail.room or _takes_part(state, ticket, identity))
        if ticket and takes_part and _goes_on(state, ticket, mail, people):
            return _found(state, ticket, JoinedBy.REFERENCES)
    found = (state.chats.conversation(command.account, each) for each in people)
    known = next(filter(None, found), None)
    newest = state.ticket(known) if known else None
    if newest is None or _is_another_matter(newest, command, given):
        return Joined(None, JoinedBy.NEW)
    if not _goes_on(state, newest, mail, people):
        return Joined(None, JoinedBy.LINKED, _root(state, newest))
    return _found(state, newest, JoinedBy.CONVERSATION)


def _goes_on(state: State, ticket: TicketState, mail: Incoming, people: tuple[str, ...]) -> bool:
    """Whether the conversation with `people`, who are one, or with the one room that they are, goes on where `ticket` is shown:
    nothing of a room in a ticket of anybody else, nothing of anybody else's in it, and of two who were told apart each alone."""
    shown = _root(state, ticket)
    if mail.room or is_room(state.field("identity", shown.identity, "address")):
        return shown.identity in people
    theirs = {state.customer_of(each) for each in people}
    return state.customer_root(shown.customer) in theirs or not state.past.told_apart(ticket.id)


def _is_another_matter(ticket: TicketState, command: Receive, given: Given) -> bool:
    """Of what was there before the account was watched, only what is near in time belongs together."""
    gap = command.received_at - moment(ticket.last_message_at)
    return ticket.history and gap > timedelta(days=given.reopen_days)


def beside(state: State, parent: MessageState) -> Joined | None:
    """Where a report on a message of ours belongs, whoever wrote it: beside that message."""
    ticket = state.ticket(parent.ticket)
    return _found(state, ticket, _rule(parent), aside=parent.direction in PARTY) if ticket else None


def _found(state: State, ticket: TicketState, by: JoinedBy, *, aside: bool = False) -> Joined:
    return Joined(_root(state, ticket), by, home=ticket.id, aside=aside)


def _root(state: State, ticket: TicketState) -> TicketState:
    return ticket if ticket.root == ticket.id else (state.ticket(ticket.root) or ticket)


def _vouched(state: State, given: Given, text: str) -> Joined | None:
    for name, signature in tokens_in(text):
        ticket = state.ticket_by_token(name)
        for aside in (False, True):
            if ticket and given.seal.vouches(ticket.id, signature, party=aside):
                return _found(state, ticket, JoinedBy.TOKEN, aside=aside)
    return None


def _token(state: State, given: Given, mail: Incoming) -> Joined | None:
    addresses = (*(a.email for a in (*mail.to, *mail.cc)), *mail.delivered_to)
    for text in (*addresses, *reversed(mail.in_reply_to), *reversed(mail.references)):
        if "ad" in text.lower() and (found := _vouched(state, given, text)):
            return found
    return None


def _thread(state: State, given: Given, mail: Incoming) -> Joined | None:
    """By a Thread-Index of ours, which is a token; asked after the references, since every mail of Outlook bears one."""
    ticket = state.ticket_by_token(ticket_of(mail.thread)) if mail.thread else None
    for aside in (False, True):
        if ticket and given.seal.threads(ticket.id, mail.thread, party=aside):
            return _found(state, ticket, JoinedBy.TOKEN, aside=aside)
    return None


def _parents(state: State, given: Given, mail: Incoming) -> Iterator[MessageState]:
    """The nearest first; whoever finds what it wants asks no further."""
    named = dict.fromkeys((*reversed(mail.in_reply_to), *reversed(mail.references)))
    return (m for name in named for m in state.messages_by_mail_id(given.seal.mail_id(name)))


def _late_parent(
    state: State, identity: str | None, mail_id: str | None, *, ours: bool
) -> TicketState | None:
    for child in state.referring(mail_id) if mail_id else ():
        ticket = state.ticket(child.ticket)
        if ticket and child.mail_class != MailClass.BOUNCE and (ours or _may_join(state, ticket, identity)):
            return ticket
    return None


def _rule(parent: MessageState) -> JoinedBy:
    elsewhere = parent.direction == Direction.OUT and not parent.written_here
    return JoinedBy.SENT_FOLDER if elsewhere else JoinedBy.REFERENCES


def _takes_part(state: State, ticket: TicketState, identity: str | None) -> bool:
    return identity is not None and any(
        state.takes_part(member, identity) or state.takes_part(member, identity, apart=True)
        for member in state.family(ticket.root)
    )


def _may_join(state: State, ticket: TicketState, identity: str | None) -> bool:
    """Whether somebody is in the conversation already, be it by another address that an agent said is the same customer's."""
    if _takes_part(state, ticket, identity):
        return True
    customer = state.customer_of(identity) if identity else None
    return customer is not None and customer == state.customer_of(_root(state, ticket).identity)


def _same_subject(state: State, command: Receive, identity: str) -> TicketState | None:
    """What a mail that calls itself an answer, and bears nothing that says to what, most likely answers: the newest ticket of the same
    customer under the same subject. It is only linked, since that proves nothing."""
    mail = command.incoming
    if mail.in_reply_to or mail.references:  # it says to what, and we do not know that
        return None
    root = subject_root(mail.subject)
    is_history = command.imported or (command.before and not command.waits)
    customer = state.customer_of(identity)
    if not root or not is_answer(mail.subject) or is_history or customer is None:
        return None
    for each in reversed(state.tickets_of(customer)[-LOOKED_AT:]):
        ticket = state.ticket(each)
        if ticket is None or subject_root(state.field("ticket", each, "subject") or "") != root:
            continue
        if command.received_at - moment(ticket.last_message_at) <= SAME_SUBJECT_WITHIN:
            return _root(state, ticket)
    return None


def _marker(state: State, given: Given, mail: Incoming) -> TicketState | None:
    if not mail.body_marker:
        return None
    name, _, signature = mail.body_marker.partition(".")
    ticket = state.ticket_by_token(name.lower())
    return ticket if ticket and given.seal.vouches(ticket.id, signature) else None


def _tag(state: State, given: Given, mail: Incoming) -> TicketState | None:
    number = given.seal.tagged_number(mail.subject)
    return state.ticket_by_number(number) if number else None
