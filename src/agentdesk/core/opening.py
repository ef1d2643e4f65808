"""A ticket that begins on our side: for whoever called, or whom we write to first.

Promises: somebody who is not known yet is known from then on, in the same event. Refuses: clocks, which only a customer's own
word starts.
"""

from agentdesk.core.draft import Draft
from agentdesk.core.events import CustomerOpened, IdentityAdded, IdentityNamed, TicketOpened
from agentdesk.core.forgetting import customer_for
from agentdesk.core.instant import stamp
from agentdesk.core.model import Address, Status
from agentdesk.core.state import Given, TicketState


def opened_by(given: Given, message: str) -> str:
    """The ticket that a message opens where it goes into none."""
    return given.seal.shared_id("ticket", message)


def known(draft: Draft, channel: str, person: Address) -> tuple[str, str]:
    """(identity, customer) of somebody on a channel, opened where nobody has the address yet."""
    given = draft.given
    identity = given.seal.identity(channel, person.email)
    customer = draft.state.customer_of(identity)
    if customer is None:
        customer = customer_for(draft.state, given, identity, next(given.ids))
        draft.add(CustomerOpened(customer, None))
        reached(draft, identity, customer, person, channel)
    return identity, customer


def reached(
    draft: Draft, identity: str, customer: str, person: Address, channel: str, same_as: str | None = None
) -> None:
    """An address is a customer's from now on; `same_as` is the identity that it was known by."""
    draft.add(IdentityAdded(identity, customer, channel, same_as))
    people = draft.personal.setdefault("identities", {})
    people[identity] = {"address": person.email, "name": person.name}


def named(draft: Draft, identity: str, name: str) -> None:
    """Somebody who wrote under an address alone is called by the first name that they give."""
    if name and not draft.state.field("identity", identity, "name"):
        draft.add(IdentityNamed(identity))
        draft.personal["named"] = name


def opened(
    draft: Draft, ticket: str, person: Address, subject: str, *, channel: str, account: str, status: Status
) -> TicketState:
    """The ticket, of `person`."""
    identity, customer = known(draft, channel, person)
    draft.personal["tickets"] = {ticket: subject}
    return draft.opened(
        TicketOpened(
            ticket=ticket,
            customer=customer,
            identity=identity,
            account=account,
            channel=channel,
            status=status.value,
            language=draft.state.field("customer", customer, "speaks")
            or draft.state.field("customer", customer, "language"),
            history=False,
            since_before=False,
            machine=False,
            created_at=stamp(draft.given.now),
        )
    )
