"""A shop's own list of customers: each of its rows makes somebody known, or says more of somebody who is.

Promises: one event a row; a row that says nothing new changes nothing, so that a list may be read as often as one likes; nobody becomes
one with somebody else by a list. Refuses: taking away what a list does not mention.
"""

from agentdesk.core import profile
from agentdesk.core.draft import Draft
from agentdesk.core.events import CustomerOpened, Event
from agentdesk.core.forgetting import customer_for
from agentdesk.core.keeping import Introduce
from agentdesk.core.model import Address
from agentdesk.core.opening import reached
from agentdesk.core.refusal import Refusal
from agentdesk.core.sla import Policy
from agentdesk.core.state import Given, State


def introduce(state: State, command: Introduce, policy: Policy, given: Given) -> Event:
    """The ways to reach somebody that are new, and what is said of them, in one event."""
    draft, event = Draft(state, given), next(given.ids)
    ways = {given.seal.identity(channel, address): (channel, address) for channel, address in command.people}
    if not ways:
        raise Refusal("nobody")
    known = {identity: customer for identity in ways if (customer := state.customer_of(identity))}
    roots = {state.customer_root(customer) or customer for customer in known.values()}
    if len(roots) > 1:
        raise Refusal("two_customers")
    if roots:
        (root,) = roots
    else:
        root = customer_for(state, given, next(iter(ways)), event)
        draft.add(CustomerOpened(root, None))
    first = next(iter(known), next(iter(ways)))
    name = dict(command.fields).get("name", "")
    for identity, (channel, address) in ways.items():
        if identity not in known:
            same_as = first if identity != first else None
            reached(draft, identity, root, Address(name, address), channel, same_as)
    profile.fill(draft, root, event, command.fields)
    profile.remember(draft, root, event, command.note)
    if not draft.changes:
        raise Refusal("nothing_changes")
    return draft.event("ProfileChanged", event_id=event)
