"""A ticket that is another customer's than whose mail opened it: somebody wrote for somebody else, or a call was noted on the
wrong person.

Promises: from then on an answer goes to the new customer and nobody else, until that one writes (`store.ways`); who takes part
stays as it was, so that a later mail of the thread joins it by the guard of `core.matching`; status and clocks do not change, unless one of both is muted
or is promised something else; undo brings it back. Refuses: a chat, which is whoever writes in it; machine mail, which is nobody's matter; what would go to
the former customer while it waits in the outbox; and a customer whom no answer could reach on the ticket's channel.
"""

from agentdesk.core import mute, timekeeping
from agentdesk.core.draft import on_ticket
from agentdesk.core.events import Event
from agentdesk.core.keeping import MoveTicket
from agentdesk.core.model import Direction, is_chat
from agentdesk.core.party import is_party
from agentdesk.core.refusal import Refusal
from agentdesk.core.sla import Policy
from agentdesk.core.state import Given, State, TicketState


def reached_on(channel: str) -> str | None:
    """The channel on which a customer has to be known to be given a ticket of `channel`; None where any will do."""
    return None if channel == "phone" else "email"


def move(state: State, command: MoveTicket, policy: Policy, given: Given) -> Event:
    """With what was merged into it, as far as that was the same customer's."""
    draft, ticket = on_ticket(state, given, command.ticket)
    target, former = state.customer_root(command.customer), state.customer_root(ticket.customer)
    if target is None or state.customer_of(command.identity) != target:
        raise Refusal("no_customer")
    if target == former:
        raise Refusal("moved_already")
    family = state.family(ticket.id)
    _may_leave(state, ticket, family)
    _may_come(state, ticket, target, command.identity, family)
    for member in family:
        known = draft.ticket(member)
        if state.customer_root(known.customer) == former:
            draft.set(member, "moved_from", known.customer)
            draft.set(member, "customer", target)
            draft.set(member, "identity", command.identity)
            timekeeping.retarget(draft, policy, member)
            if mute.is_muted(state, target):
                mute.put_apart(draft, member)
            elif known.muted:
                mute.bring_back(draft, policy, member)
    return draft.event("Moved", ticket.id)


def _may_leave(state: State, ticket: TicketState, family: tuple[str, ...]) -> None:
    members = [known for each in family if (known := state.ticket(each))]
    if state.field("ticket", ticket.id, "erased"):
        raise Refusal("erased")
    if ticket.machine:
        raise Refusal("machine_moves_not")
    if any(is_chat(each.channel) for each in members):
        raise Refusal("chat_moves_not")
    answers = (
        each for each in state.messages_in(family) if each.direction == Direction.OUT and not each.hidden
    )
    if any(each.state == "written" for each in answers):
        raise Refusal("answer_on_its_way")


def _may_come(state: State, ticket: TicketState, target: str, identity: str, family: tuple[str, ...]) -> None:
    if state.field("customer", target, "erased"):
        raise Refusal("erased")
    wanted = reached_on(ticket.channel)
    if wanted and state.field("identity", identity, "channel") != wanted:
        raise Refusal("unreached_there")
    theirs = [each for customer in state.customer_members(target) for each in state.identities(customer)]
    if any(is_party(state, family, each) for each in theirs):
        raise Refusal("is_a_party")
