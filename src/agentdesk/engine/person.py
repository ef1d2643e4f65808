"""A customer as a whole: who it is, and what there is of them.

Promises: an export holds what an erase would take (`forgetting`).
Refuses: deciding who is the same person; a merge is an agent's act.
"""

from contextlib import closing

from agentdesk.core.card import Alike, CustomerCard
from agentdesk.core.commands import MergeCustomers, UnmergeCustomers
from agentdesk.core.events import Event
from agentdesk.core.model import is_room
from agentdesk.core.segment import Segment
from agentdesk.core.views import MessageView, TicketView
from agentdesk.engine.desk import Desk
from agentdesk.engine.window import Window
from agentdesk.errors import NotFoundError, RefusedError
from agentdesk.store import likeness, people, person, queries, segment, ways
from agentdesk.values import dataclass

ALL = 1 << 40
OFFERED = 8
"""So many people are offered for what is typed."""


@dataclass(frozen=True, slots=True)
class Matter:
    """A ticket and those of its messages that belong to the customer; `theirs`: the ticket itself does too."""

    ticket: TicketView
    messages: tuple[MessageView, ...]
    theirs: bool


@dataclass(frozen=True, slots=True)
class Parted:
    """Two who were taken for one: the customer that `leaves`, the one that `stays`, and the numbers of the tickets that hold messages
    of both, which stay as they are."""

    event: Event
    leaves: str
    stays: str
    shared: tuple[int, ...]


def card(desk: Desk, customer: str) -> CustomerCard:
    """The whole card of a customer, nothing cut off; raises NotFoundError."""
    with closing(desk.reader()) as connection:
        found = people.card(
            connection, desk.store.blobs, customer, limit=ALL, notes=ALL, segments=desk.segments
        )
    if found is None:
        raise NotFoundError(what="customer", name=customer)
    return found


def counted(desk: Desk) -> list[tuple[Segment, int, bool]]:
    """Every segment with how many customers it has, counted to a bound, and whether there are more."""
    most = segment.COUNTED
    with closing(desk.reader()) as connection:
        found = [(each, segment.count(connection, each)) for each in desk.segments]
    return [(each, min(n, most), n > most) for each, n in found]


def alike(desk: Desk, customer: str) -> tuple[Alike, ...]:
    """Who may be the same person, with the reasons; takes some milliseconds, so not between two keys."""
    with closing(desk.reader()) as connection:
        return likeness.alike(connection, desk.store.blobs, customer)


def meant(desk: Desk, words: str, apart_from: str) -> list[tuple[str, str, str, str]]:
    """(customer, channel, address, name) of those whom `words` may mean: whose address, number or ticket that is, then who is called
    or reached so; never the customer `apart_from`. Looks through all names, so not between two keys."""
    with closing(desk.reader()) as connection:
        named = queries.customer_by(connection, words.strip())
        known = people.card(connection, desk.store.blobs, named) if named else None
        found = [(channel, address, known.name) for channel, address in known.identities] if known else []
        found += ways.met(connection, None, words, OFFERED)
        found += people.called(connection, words, OFFERED)
        theirs: dict[str, tuple[str, str, str]] = {}
        for channel, address, name in found:
            customer = queries.customer_by(connection, f"{channel}:{address}")
            if customer and not is_room(address):
                theirs.setdefault(customer, (channel, address, name))
        theirs.pop(person.root(connection, apart_from), None)
    return [(customer, *one) for customer, one in theirs.items()][:OFFERED]


def merge(desk: Desk, one: str, into: str) -> Event:
    """`one` and `into` are the same person from now on; raises NotFoundError, RefusedError."""
    with Window(desk) as window:
        command = MergeCustomers(window.customer(one), window.customer(into))
    return desk.do(command)


def unmerge(desk: Desk, one: str, other: str) -> Parted:
    """They are two after all; raises NotFoundError, RefusedError."""
    with closing(desk.reader()) as connection:
        first, second = (_member(desk, word) for word in (one, other))
        roots = [person.root(connection, each) for each in (first, second)]
    if first == second:
        raise RefusedError(reason="same_customer")
    if roots[0] != roots[1]:
        raise RefusedError(reason="not_merged")
    leaves, stays = (second, first) if first == roots[0] else (first, second)
    event = desk.do(UnmergeCustomers(leaves))
    with closing(desk.reader()) as connection:
        return Parted(event, leaves, stays, person.shared(connection, leaves, stays))


def _member(desk: Desk, word: str) -> str:
    with closing(desk.reader()) as connection:
        found = queries.member(connection, word)
    if found is None:
        raise NotFoundError(what="customer", name=word)
    return found


def matters(desk: Desk, window: Window, customer: str) -> list[Matter]:
    """Every ticket with something of the customer in it, oldest first."""
    with closing(desk.reader()) as connection:
        all_of_them = person.belongings(connection, customer)
    found = []
    for number, theirs in all_of_them.tickets:
        view = window.ticket(number)
        messages = window.messages(view.row.id, limit=ALL)
        mine = tuple(each for each in messages if each.id in all_of_them.messages)
        found.append(Matter(view, mine, theirs))
    return found
