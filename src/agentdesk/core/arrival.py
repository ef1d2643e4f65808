"""A message comes in: who wrote, in which ticket it belongs, and what it changes there.

Promises: what is known already changes nothing, unless a file brought it before its server (`core.sighting`); the same Message-ID with other content is a new message and
says so; history starts no clock; only a person's message starts clocks, wakes and reopens. The
classes and the joining are those of product-semantics 2.3 and 2.4.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from agentdesk.core import (
    afterwards,
    effect,
    party,
    responder,
    returned,
    survey,
    warned,
)
from agentdesk.core.commands import Receive
from agentdesk.core.draft import Draft
from agentdesk.core.events import CustomerOpened, Event, MessageAdded, TicketOpened
from agentdesk.core.flood import WARNING, swept
from agentdesk.core.forgetting import customer_for
from agentdesk.core.incoming import attachment, personal
from agentdesk.core.instant import maybe_stamp, moment, stamp
from agentdesk.core.junk import met_again
from agentdesk.core.matching import Joined, beside, join
from agentdesk.core.model import (
    OURS,
    THEIRS,
    Address,
    Direction,
    Incoming,
    JoinedBy,
    MailClass,
    Status,
    is_chat,
)
from agentdesk.core.names import names_of
from agentdesk.core.opening import named, opened_by, reached
from agentdesk.core.quarantine import QuarantineLeft
from agentdesk.core.refusal import Known
from agentdesk.core.sighting import sighted
from agentdesk.core.sla import Policy
from agentdesk.core.state import Given, State, TicketState
from agentdesk.core.surveyed import OPTED_OUT
from agentdesk.core.text import visible
from agentdesk.core.thanks import asks
from agentdesk.core.who import Who, behind
from agentdesk.values import dataclass


@dataclass(frozen=True, slots=True)
class _Into:
    """A message and where it goes: `home` is its own ticket, `root` the one that is shown; `settled` is why it needs no answer."""

    message: str
    mail_id: str | None
    home: str
    by: JoinedBy
    root: str
    settled: str | None = None


def receive(state: State, command: Receive, policy: Policy, given: Given) -> Event | Known:
    """The event that stores one message, or Known."""
    mail = command.incoming
    if mail.edits:  # what it edits is not known: it stands for that
        mail = replace(mail, message_id=mail.edits)
        command = replace(command, incoming=mail, names=None)
    names = command.names or names_of(given.seal, mail, command.raw)
    mail_id, message = names.mail_id, names.message
    known = _known(state, command, given, mail_id, message)
    if known:
        return sighted(state, command, policy, given, names, known) or met_again(state, command, given, known)
    draft = Draft(state, given)
    who = behind(state, given, command)
    ours = who.direction in OURS
    if mail.bounce and not ours:
        command = returned.naming(command, mail.bounce)
    back = None if ours else returned.original(state, given, mail)
    whose = who.in_room(given, mail)
    joined = (back and beside(state, back)) or join(state, given, command, whose.identity, mail_id, ours=ours)
    if joined.ticket and state.field("ticket", joined.home or joined.ticket.id, "erased"):
        back, joined = None, Joined(None, JoinedBy.NEW)  # what was forgotten is answered by nobody
    who = party.side(state, command, who, joined)
    history = command.imported or (command.before and not command.waits)
    answer = None if history else survey.heard(state, command, who, joined.ticket)
    who = survey.marked(who, answer)
    customer = _customer(draft, whose, mail, message)
    flood = who.speaks and not (joined.claims or history or is_chat(mail.channel))
    if flood and (one := swept(draft, policy, who.identity, command.received_at)):
        joined, mail = Joined(one, JoinedBy.LINKED), replace(mail, warnings=(*mail.warnings, WARNING))
        command = replace(command, incoming=mail)
    who = who if history or answer else responder.marked(state, command, who, joined.ticket)
    thanks = not (history or answer) and afterwards.is_thanks(state, command, who, joined)
    # A chat goes on where it was, however long ago.
    ends = history or thanks or answer or is_chat(mail.channel)
    ticket, by = _ticket(draft, command, whose, joined, (message, customer), history=history, ends=not ends)
    home = (joined.home or ticket.id) if ticket is joined.ticket else ticket.id
    who = replace(who, people=()) if back else who  # a server takes no part
    settled = effect.settled_by(draft, who, ticket, thanks=thanks, counts=not (history or back))
    _message(draft, command, who, _Into(message, mail_id, home, by, ticket.root, settled), history=history)
    if back and not history:
        returned.came_back(draft, policy, command, back)
    elif not history:
        effect.of_message(draft, policy, command, who, ticket, message, settled)
    elif who.direction == Direction.OUT and _comes_after_the_question(command, ticket):
        effect.answered(draft, policy, command, ticket.id)
    if answer:
        survey.took(draft, answer, ticket, message, command.received_at)
    if command.quarantine:
        draft.add(QuarantineLeft(command.quarantine, message))
    return draft.event("Received", ticket.id, event_id=names.event)


def _comes_after_the_question(command: Receive, ticket: TicketState) -> bool:
    """Whether somebody waits in `ticket`, and had written before this came."""
    return ticket.waiting_since is not None and ticket.waiting_since < stamp(command.received_at)


def _known(state: State, command: Receive, given: Given, mail_id: str | None, message: str) -> str | None:
    same_bytes = state.message_of_raw(command.raw)
    if same_bytes:
        return same_bytes
    if state.message(message):
        return message
    for other in state.messages_by_mail_id(mail_id) if mail_id else ():
        if other.written_here and _is_copy(state, command, given, other.ticket):
            return other.id
    return None


def _is_copy(state: State, command: Receive, given: Given, ticket: str) -> bool:
    """Whether what bears the name of a message that was written here, in `ticket`, is that message: it was found where our own lies, or we sent
    it and it has nobody answer elsewhere than where ours went. A server may alter the headers of its copy, a mailing list its text; but a
    name is known to whoever got the message, and what a stranger sends under it is the stranger's."""
    mail = command.incoming
    who = behind(state, given, command)
    if is_chat(mail.channel) or who.direction in OURS:
        return True  # the service names a chat's messages, not who writes them
    if mail.sender is None or mail.sender.email not in given.own:
        return False
    return not who.by_form or state.takes_part(ticket, who.identity)


def _ticket(
    draft: Draft,
    command: Receive,
    who: Who,
    joined: Joined,
    new: tuple[str, str],
    *,
    history: bool,
    ends: bool,
) -> tuple[TicketState, JoinedBy]:
    """The ticket to put the message in: the one found, unless it has been closed too long for a person and `ends` at all."""
    found, linked = joined.ticket, joined.stranger_to
    at, days = command.received_at, draft.given.reopen_days
    if found and ends and who.speaks and _over(found, at, days):
        found, linked, joined = None, found, replace(joined, by=JoinedBy.LINKED)
    if found:
        draft.touch(found.id)
        return found, joined.by
    opened = _open(draft, command, who, *new, history=history)
    if linked:
        draft.link(opened.id, linked.id)
    by = JoinedBy.HISTORY if history and joined.by == JoinedBy.NEW else joined.by
    return opened, by


def _over(ticket: TicketState, at: datetime, reopen_days: int) -> bool:
    """Closed for good, or resolved longer ago than a reopening is allowed."""
    if ticket.status not in {Status.RESOLVED, Status.CLOSED}:
        return False
    ended = moment(ticket.resolved_at or ticket.last_message_at)
    return at - ended > timedelta(days=reopen_days)


def _customer(draft: Draft, who: Who, mail: Incoming, message: str) -> str:
    """The customer of `who.identity`, opened where nobody has it yet; other people only get identities."""
    state, given = draft.state, draft.given
    customer = state.customer_of(who.identity)
    words = () if mail.room else mail.same_person
    others = [given.seal.identity(mail.channel, each) for each in words]
    known = next((each for each in others if state.customer_of(each)), None)
    if customer is None and known:
        customer = state.customer_of(known) or ""
        reached(draft, who.identity, customer, who.person, mail.channel, same_as=known)
    elif customer is None:
        customer = customer_for(state, given, who.identity, message)
        draft.add(CustomerOpened(customer, mail.language))
        reached(draft, who.identity, customer, who.person, mail.channel)
    elif who.speaks:
        named(draft, who.identity, who.person.name)
    for identity, word in zip(others, words, strict=True):
        if identity != who.identity and state.customer_of(identity) is None:
            same = Address(who.person.name, word)
            reached(draft, identity, customer, same, mail.channel, same_as=known or who.identity)
    for identity, address in who.people:
        if identity != who.identity and state.customer_of(identity) is None:
            other = customer_for(state, given, identity, message)
            draft.add(CustomerOpened(other, None))
            reached(draft, identity, other, address, mail.channel)
    return customer


def _open(
    draft: Draft, command: Receive, who: Who, message: str, customer: str, *, history: bool
) -> TicketState:
    given, mail = draft.given, command.incoming
    machine = who.mail_class != MailClass.HUMAN or who.reason == OPTED_OUT
    status = Status.NEW
    if history:
        status = Status.CLOSED
    elif who.direction in OURS:
        status = Status.WAITING_CUSTOMER
    said = draft.said_of_customer(customer, "speaks")
    language = said or mail.language or draft.said_of_customer(customer, "language")
    ticket = opened_by(given, message)
    draft.personal.setdefault("tickets", {})[ticket] = mail.subject
    return draft.opened(
        TicketOpened(
            ticket=ticket,
            customer=customer,
            identity=who.identity,
            account=command.account,
            channel="form" if who.by_form else mail.channel,
            status=status.value,
            language=language,
            history=history,
            since_before=command.before and command.waits,
            machine=machine,
            created_at=stamp(command.received_at),
        )
    )


def _message(draft: Draft, command: Receive, who: Who, into: _Into, *, history: bool) -> None:
    mail, given = command.incoming, draft.given
    names = dict.fromkeys((*mail.references, *mail.in_reply_to))
    draft.touch(into.home)
    draft.add(
        MessageAdded(
            message=into.message,
            ticket=into.home,
            account=command.account,
            direction=who.direction.value,
            mail_class=who.mail_class.value,
            class_reason=who.reason,
            joined_by=into.by.value,
            author=None if who.direction in OURS else who.identity,
            sent_at=maybe_stamp(mail.sent_at),
            received_at=stamp(command.received_at),
            fetched_at=stamp(command.fetched_at),
            text=command.text,
            raw=command.raw,
            size=command.size,
            mail_id=into.mail_id,
            references=tuple(given.seal.mail_id(name) for name in names),
            people=tuple(identity for identity, _ in who.people),
            folds=tuple((f.start, f.end, f.kind) for f in mail.folds),
            attachments=tuple(attachment(a) for a in mail.attachments),
            warnings=warned.of(
                draft, command, who, mail_id=into.mail_id, by=into.by, root=into.root, history=history
            ),
            language=mail.language,
            history=history,
            bounce=returned.data(given, mail),
            junk=command.role == "junk" and who.direction in THEIRS,
            settled=into.settled,
            asks=asks(visible(mail.text, mail.folds)) if who.direction == Direction.OUT else None,
            imported=command.imported,
        )
    )
    draft.personal["message"] = personal(mail)
