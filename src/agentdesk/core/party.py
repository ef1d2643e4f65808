"""Third parties: a courier, a supplier, whoever is asked about a ticket and is not its customer.

Promises: what goes between us and them lies in the ticket with directions of its own, so that it is neither a customer's word nor
an answer to one; it starts and ends no promise to the customer, and whoever is a party of a ticket is never taken for one who
takes part in the customer's thread, nor the other way round. Who holds a third party's token, or answers what went to one, is
one too. Refuses: writing to the ticket's own customer under this heading.
"""

from dataclasses import replace
from datetime import datetime

from agentdesk.core import returned, timekeeping
from agentdesk.core.commands import Receive
from agentdesk.core.draft import Draft, on_ticket
from agentdesk.core.matching import Joined
from agentdesk.core.model import OURS, Direction, MailClass, Status
from agentdesk.core.opening import known
from agentdesk.core.posting import Forward, Reply
from agentdesk.core.refusal import Refusal
from agentdesk.core.sla import Policy
from agentdesk.core.state import Given, State, TicketState
from agentdesk.core.who import Who


def side(state: State, command: Receive, who: Who, joined: Joined) -> Who:
    """`who`, told apart: a third party of the ticket that was found, or one of the customer's side without third parties."""
    if _is_between(state, command, who, joined):
        ours = who.direction in OURS
        people = [each for each in who.people if ours or each[0] == who.identity]
        kept = tuple(each for each in people if not _takes_part(state, joined.ticket, each[0]))
        return replace(who, direction=Direction.TO_PARTY if ours else Direction.FROM_PARTY, people=kept)
    if joined.ticket is None:
        return who
    family = state.family(joined.ticket.id)
    kept = tuple(each for each in who.people if not is_party(state, family, each[0]))
    return who if kept == who.people else replace(who, people=kept)


def _is_between(state: State, command: Receive, who: Who, joined: Joined) -> bool:
    ticket = joined.ticket
    if command.party:
        return True
    if ticket is None:
        return False
    is_known = is_party(state, state.family(ticket.id), who.identity)
    if not is_known and (not joined.aside or _takes_part(state, ticket, who.identity)):
        return False
    return not _is_the_customer(state, ticket, who.identity)


def is_party(state: State, family: tuple[str, ...], identity: str) -> bool:
    """Whether somebody is a third party of any of these tickets."""
    return any(state.takes_part(ticket, identity, apart=True) for ticket in family)


def _takes_part(state: State, ticket: TicketState | None, identity: str) -> bool:
    """In the customer's thread, and not as a third party."""
    if ticket is None:
        return False
    family = state.family(ticket.id)
    return any(state.takes_part(each, identity) for each in family) and not is_party(state, family, identity)


def _is_the_customer(state: State, ticket: TicketState, identity: str) -> bool:
    return identity == ticket.identity or (
        (root := state.customer_of(identity)) is not None and root == state.customer_root(ticket.customer)
    )


def wrote(draft: Draft, policy: Policy, command: Receive, who: Who, ticket: str) -> None:
    """What a message between us and a third party does to its ticket: an answer brings it back, one of ours lets it wait."""
    at = command.received_at
    if who.direction == Direction.TO_PARTY:
        if draft.ticket(ticket).status in {Status.NEW, Status.OPEN}:
            timekeeping.set_status(draft, policy, ticket, Status.WAITING_THIRD_PARTY, at)
        return
    if who.mail_class != MailClass.BOUNCE:
        returned.wrote(draft, who.identity)
    if who.mail_class == MailClass.HUMAN:
        returned.needs_a_person(draft, policy, ticket, at, unread=not command.seen)


def refuse_parties(state: State, command: Reply, ticket: TicketState, given: Given) -> None:
    """An answer to the customer never goes to a third party of the ticket; raises Refusal."""
    letter, family = command.letter, state.family(ticket.id)
    for each in (*letter.to, *letter.cc, *letter.bcc):
        identity = given.seal.identity(command.channel or ticket.channel, each.email)
        if is_party(state, family, identity) and not _is_the_customer(state, ticket, identity):
            raise Refusal("to_party", address=each.email)


def begun(state: State, command: Forward, given: Given) -> tuple[Draft, TicketState]:
    """A draft in which the recipients of `command` are known people; raises Refusal where one of them is no third party."""
    draft, ticket = on_ticket(state, given, command.ticket)
    letter = command.letter
    for each in (*letter.to, *letter.cc, *letter.bcc):
        identity = given.seal.identity("email", each.email)
        if each.email.lower() in given.own:
            raise Refusal("to_ourselves", address=each.email)
        if _is_the_customer(state, ticket, identity):
            raise Refusal("to_customer", address=each.email)
        known(draft, "email", each)
    return draft, ticket


def waits(draft: Draft, policy: Policy, ticket: TicketState, at: datetime) -> None:
    """The ticket was passed on and waits for the third party; what was promised to the customer stands."""
    given = draft.given
    if ticket.assignee is None:
        draft.set(ticket.id, "assignee", given.actor)
    for field in ("snoozed_until", "resolved_at"):
        draft.set(ticket.id, field, None)
    for field in ("unread", "history"):
        draft.set(ticket.id, field, now=False)
    timekeeping.set_status(draft, policy, ticket.id, Status.WAITING_THIRD_PARTY, at)
