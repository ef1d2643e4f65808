"""A customer who is muted: somebody who threatens, or who writes forty times a day about nothing.

Promises: what they write is kept and joins as ever, and stands in a view of its own with a count; no clock runs for it
(`core.timekeeping` starts none on such a ticket), nothing rings, nobody is unanswered by it. Open tickets go apart with it: what
was promised and is not late yet is void, what was late stays late. Whoever else writes in such a ticket is heard, and it is work
again. Ending it brings all of it back; what waits for an answer is promised one from then on, since nothing was before.
Refuses: being one of two customers that become one while the other is not muted.
"""

from agentdesk.core import timekeeping
from agentdesk.core.draft import Draft
from agentdesk.core.events import CustomerSet, Event
from agentdesk.core.instant import stamp
from agentdesk.core.keeping import Mute
from agentdesk.core.model import Status
from agentdesk.core.refusal import Refusal
from agentdesk.core.sla import Policy
from agentdesk.core.state import Given, State

_ASKS = frozenset({Status.NEW, Status.OPEN})
_OVER = frozenset({Status.RESOLVED, Status.CLOSED})


def mute(state: State, command: Mute, policy: Policy, given: Given) -> Event:
    """With those that were merged into the customer, so that a merge can be taken apart."""
    root = state.customer_root(command.customer)
    if root is None:
        raise Refusal("no_customer")
    if state.field("customer", root, "erased"):
        raise Refusal("erased")
    if is_muted(state, root) == command.muted:
        raise Refusal("nothing_changes")
    draft, members = Draft(state, given), state.customer_members(root)
    for member in members:
        was = state.field("customer", member, "muted_at")
        draft.add(CustomerSet(member, "muted_at", was, stamp(given.now) if command.muted else None))
    if command.muted:
        identities = [each for member in members for each in state.identities(member)]
        for ticket in dict.fromkeys(each for identity in identities for each in state.open_tickets(identity)):
            put_apart(draft, ticket)
    else:
        for ticket in state.people.muted(members):
            bring_back(draft, policy, ticket)
    return draft.event("CustomerMuted" if command.muted else "CustomerUnmuted")


def is_muted(state: State, customer: str | None) -> bool:
    return customer is not None and state.field("customer", customer, "muted_at") is not None


def put_apart(draft: Draft, ticket: str) -> None:
    """Nothing of a ticket is promised any more."""
    if not draft.ticket(ticket).muted:
        draft.set(ticket, "muted", now=True)
        timekeeping.silence(draft, ticket, draft.given.now)


def bring_back(draft: Draft, policy: Policy, ticket: str) -> None:
    """A ticket is work again; whoever waits in it is promised an answer from now on."""
    known, now = draft.ticket(ticket), draft.given.now
    draft.set(ticket, "muted", now=False)
    if not known.waiting_since or known.since_before or known.machine or known.status not in _ASKS:
        return
    first = draft.state.last_answer_at(draft.state.family(known.root)) is None and known.status == Status.NEW
    timekeeping.begin(draft, policy, ticket, now, first=first)


def is_heard(draft: Draft, identity: str, ticket: str) -> bool:
    """Whether what a person wrote changes its ticket; where it was a muted customer's, that is put apart."""
    state, known = draft.state, draft.ticket(ticket)
    author = state.customer_of(identity)
    if not is_muted(state, author):
        draft.set(ticket, "muted", now=False)
        return True
    is_over = known.history or known.status in _OVER
    waits_for_another = known.waiting_since is not None and not known.muted and not is_over
    if waits_for_another or state.customer_root(known.customer) != author:
        return False
    draft.set(ticket, "muted", now=True)
    return True
