"""What makes a sender look like somebody else: an agent, the shop, or a customer whom the desk knows.

Promises: codes for `present`, each of which says a fact; nothing is kept out for it and nobody joins by it. Refuses: words
on what a server vouches for, which depend on whom the account trusts and are said when the message is read.
"""

from collections.abc import Iterator

from agentdesk.core.lookalike import domain_of, domains, folded, is_homograph, looks_like
from agentdesk.core.model import Address, Direction, Incoming
from agentdesk.core.state import Given, State
from agentdesk.core.who import Who


def doubts(state: State, given: Given, mail: Incoming, who: Who) -> Iterator[str]:
    """The codes for one mail from outside: agent_name, agent_address, like_ours, like_customer, homograph."""
    person = who.person
    if (
        mail.channel != "email"
        or who.direction != Direction.IN
        or not person.email
        or person.email in given.own
    ):
        return
    domain = domain_of(person.email)
    if person.email in given.staff.addresses:
        yield "agent_address"
    elif person.name and folded(person.name) in given.staff.names:
        yield "agent_name"
    if looks_like(domain, domains(given.own)):
        yield "like_ours"
    elif person.name and _like_a_customer(state, person, domain):
        yield "like_customer"
    if is_homograph(domain):
        yield "homograph"


def _like_a_customer(state: State, person: Address, domain: str) -> bool:
    """Whether somebody of the same name is known whose domain this one looks like."""
    known = frozenset(domain_of(each) for each in state.addresses_named(person.name)) - {domain}
    return looks_like(domain, known)
