"""The decisions about forgetting a person: what goes, what is kept out afterwards, and who somebody is who writes again.

Promises: what was forgotten does not come back, whichever way it comes again; a new message of the same person is that of a new
customer, in a ticket of their own. What was promised them and is kept or broken by then stays a figure, without a word. Refuses: keeping out what was not there before: only the very message is known, by its hash.
"""

from agentdesk.core import snooze, timekeeping
from agentdesk.core.commands import Erase, EraseAgain, Receive
from agentdesk.core.draft import Draft
from agentdesk.core.events import Erased, Event
from agentdesk.core.instant import FLOOR, moment
from agentdesk.core.model import Status
from agentdesk.core.names import names_of
from agentdesk.core.pledging import PledgeSet
from agentdesk.core.refusal import Known, Refusal
from agentdesk.core.sla import Policy
from agentdesk.core.snooze import OVER
from agentdesk.core.state import Given, State


def erase(state: State, command: Erase, policy: Policy, given: Given) -> Event:
    root = state.customer_root(command.customer)
    if root is None:
        raise Refusal("no_customer")
    return _erased(state, policy, given, state.customer_members(root), command.unread, None)


def erase_again(state: State, command: EraseAgain, policy: Policy, given: Given) -> Event | Known:
    """The same event once more, of what is here now; hashes of what is not here are kept for when it comes."""
    if state.event(command.event) is not None:
        return Known("")
    here = tuple(each for each in command.customers if state.customer_root(each) is not None)
    absent = tuple(each for each in command.messages if state.message(each) is None)
    return _erased(state, policy, given, here, (*absent, *command.names), command.event)


def _erased(
    state: State,
    policy: Policy,
    given: Given,
    customers: tuple[str, ...],
    names: tuple[str, ...],
    event: str | None,
) -> Event:
    identities = tuple(i for c in customers for i in state.identities(c))
    tickets = tuple(t for c in customers for t in state.tickets_of(c))
    messages = dict.fromkeys((*(m.id for m in state.messages_in(tickets)), *state.messages_by(identities)))
    draft = Draft(state, given)
    draft.add(Erased(customers, identities, tickets, tuple(messages), names, pledges_stay=True))
    # Of a second erase nobody knows when the first one was: what was open then must not become broken.
    broken_before = given.now if event is None else FLOOR
    for pledge in state.pledges.open(tickets):
        if moment(pledge.due_at) >= broken_before:
            draft.add(PledgeSet(pledge.id, "dropped", was=False, now=True))
    for ticket in tickets:
        draft.touch(ticket)
        _over(draft, policy, ticket)
    return draft.event("Erased", event_id=event)


def _over(draft: Draft, policy: Policy, ticket: str) -> None:
    """Nobody is left who waits: what runs for them is void, and the ticket is no work any more."""
    known = draft.ticket(ticket)
    if known.id != known.root or known.status in OVER:
        return
    snooze.cut_short(draft, ticket)
    timekeeping.void(draft, ticket)
    draft.set(ticket, "unread", now=False)
    draft.set(ticket, "waiting_since", None)
    timekeeping.set_status(draft, policy, ticket, Status.CLOSED, draft.given.now)


def kept_out(state: State, command: Receive, given: Given) -> Known | None:
    """Known, without a message, where this very one was forgotten before this store had it."""
    mail = command.incoming
    names = command.names or names_of(given.seal, mail, command.raw)
    forgotten = is_known(state, names.message, names.mail_id, command.raw)
    return Known("") if forgotten else None


def is_known(state: State, *names: str | None) -> bool:
    """Whether one of these hashes is of something that was forgotten and is not here."""
    return any(name and state.field("forgotten", name, "id") for name in names)


def is_gone(state: State, message: str) -> bool:
    """Whether a message that is known was forgotten: nothing is added to it."""
    return bool(state.field("message", message, "erased"))


def customer_for(state: State, given: Given, identity: str, unique: str) -> str:
    """The id of a customer yet to be opened: the same on every laptop, and another one for whoever was forgotten before."""
    first = given.seal.shared_id("customer", identity)
    if not state.field("customer", first, "erased"):
        return first
    return given.seal.shared_id("customer", f"{identity}:{unique}")
