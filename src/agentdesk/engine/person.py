"""A customer as a whole: who it is, what there is of them, and how they are forgotten.

Promises: an export holds what an erase would take; an erase leaves no byte in the copies that agentdesk made by itself.
Refuses: deciding who is the same person; a merge is an agent's act.
"""

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from agentdesk.config import Backup, Home
from agentdesk.core.card import Alike, CustomerCard
from agentdesk.core.commands import MergeCustomers, UnmergeCustomers
from agentdesk.core.events import Event
from agentdesk.core.segment import Segment
from agentdesk.core.views import MessageView, TicketView
from agentdesk.engine import daily
from agentdesk.engine.desk import Desk
from agentdesk.engine.upkeep import forget
from agentdesk.engine.window import Window
from agentdesk.errors import NotFoundError, RefusedError
from agentdesk.store import likeness, people, person, queries, segment
from agentdesk.store.person import Extent

ALL = 1 << 40


@dataclass(frozen=True, slots=True)
class Matter:
    """A ticket and those of its messages that belong to the customer; `theirs`: the ticket itself does too."""

    ticket: TicketView
    messages: tuple[MessageView, ...]
    theirs: bool


@dataclass(frozen=True, slots=True)
class Forgotten:
    """`removed` are copies that went too, `kept` former data that may still hold the customer."""

    event: Event
    extent: Extent
    removed: tuple[Path, ...]
    kept: tuple[Path, ...]


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


def extent(desk: Desk, customer: str) -> Extent:
    """What would go with an erase."""
    with closing(desk.reader()) as connection:
        return person.extent(connection, customer)


def merge(desk: Desk, one: str, into: str) -> Event:
    """`one` and `into` are the same person from now on; raises NotFoundError, RefusedError."""
    with Window(desk) as window:
        command = MergeCustomers(window.customer(one), window.customer(into))
    return desk.do(command)


def unmerge(desk: Desk, one: str, other: str) -> tuple[Event, str, str]:
    """They are two after all: the event, who left and who stays; raises NotFoundError, RefusedError."""
    with closing(desk.reader()) as connection:
        first, second = (_member(desk, word) for word in (one, other))
        roots = [person.root(connection, each) for each in (first, second)]
    if first == second:
        raise RefusedError(reason="same_customer")
    if roots[0] != roots[1]:
        raise RefusedError(reason="not_merged")
    leaves, stays = (second, first) if first == roots[0] else (first, second)
    return desk.do(UnmergeCustomers(leaves)), leaves, stays


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
        mine = tuple(each for each in messages if theirs or each.id in all_of_them.messages)
        found.append(Matter(view, mine, theirs))
    return found


def erase(desk: Desk, home: Home, customer: str, backup: Backup | None = None) -> Forgotten:
    """Forgets a customer for good, also in the copies that were made by themselves; raises RefusedError."""
    if card(desk, customer).erased:
        raise RefusedError(reason="nothing_changes")
    gone = extent(desk, customer)
    event = forget(desk, customer)
    copies = tuple(sorted((*home.backups.glob("before-*.db"), *home.backups.glob(".*"))))
    for copy in copies:
        copy.unlink(missing_ok=True)
    former, stay = daily.renew(desk, home, backup or Backup())
    kept = sorted(home.data.parent.glob(f"{home.data.name}.before-restore-*"))
    return Forgotten(event, gone, (*copies, *former), (*kept, *stay))
