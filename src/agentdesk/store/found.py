"""What the storing of many messages will ask, fetched at once, and kept true while the messages are stored.

Promises: what it holds is what the tables would say with all that waits (`Pending`) written. Knows the few kinds of change
that received mail brings; after any other it forgets everything.
"""

import json
import string
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from agentdesk.core.draft import fresh
from agentdesk.core.events import (
    Change,
    ClockSet,
    CustomerOpened,
    Event,
    IdentityAdded,
    IdentityNamed,
    IdentitySet,
    MessageAdded,
    MessageSet,
    TicketLinked,
    TicketOpened,
    TicketSet,
)
from agentdesk.core.model import PARTY, Direction
from agentdesk.core.names import Names
from agentdesk.core.quarantine import Quarantined
from agentdesk.core.state import MessageState, TicketState
from agentdesk.store.driver import Connection
from agentdesk.store.state import MESSAGE, TICKET, message_state, ticket_state

CAN_WAIT: frozenset[type[Change]] = frozenset(
    {
        ClockSet,
        CustomerOpened,
        IdentityAdded,
        IdentitySet,
        MessageAdded,
        MessageSet,
        TicketLinked,
        TicketOpened,
        TicketSet,
    }
)
"""Changes whose rows may be written later."""
_NOT_ASKED_FOR: frozenset[type[Change]] = frozenset({ClockSet, Quarantined, TicketLinked})
"""Changes of what is not kept here."""
_OF_IDENTITIES = ("failing", "verdict", "name")
_OF_CUSTOMERS = ("language", "speaks", "muted_at")
_SMALL = dict(zip(string.ascii_uppercase.encode(), string.ascii_lowercase, strict=True))
_LISTED = "IN (SELECT value FROM json_each(?))"


class Found:
    """What was fetched, and what has become of it since; a name that is not in it was not asked for."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._steps: dict[type[Change], Callable[[Any, dict[str, Any]], None]] = {
            CustomerOpened: self._customer_opened,
            IdentityAdded: self._identity_added,
            IdentityNamed: self._identity_named,
            IdentitySet: self._identity_set,
            MessageAdded: self._message_added,
            MessageSet: self._message_set,
            TicketOpened: self._ticket_opened,
            TicketSet: self._ticket_set,
        }
        self.written()
        self.forget()

    def written(self) -> None:
        """Nothing waits any more."""
        self.stirred: set[str] = set()  # tickets of which something waits
        self.answered: set[str] = set()  # those of which a message waits that may be of ours
        self.tells = False  # a text waits that went by itself
        self.wrote: Counter[str] = Counter()  # by identity the messages that wait
        self.called: dict[str, list[str]] = {}  # by `nocase` name the addresses of identities that wait

    def forget(self) -> None:
        self.unlogged: set[str] = set()  # events that are not there
        self.raws: dict[str, str | None] = {}
        self.known: dict[str, MessageState | None] = {}
        self.named: dict[str, tuple[MessageState, ...]] = {}
        self.unreferred: set[str] = set()
        self.tickets: dict[str, TicketState | None] = {}
        self.kept: set[str] = set()  # tickets that are not erased
        self.families: dict[str, tuple[str, ...]] = {}
        self.opened: set[str] = set()
        self.asked: set[str] = set()  # identities
        self.parts: set[tuple[str, str]] = set()
        self.parties: set[tuple[str, str]] = set()
        self.customers: dict[str, str | None] = {}
        self.said: dict[str, dict[str, Any]] = {}  # of identities: what mail asks of their rows
        self.people: dict[str, dict[str, Any]] = {}  # of customers: what mail asks of their rows

    def fetch(self, names: Sequence[Names]) -> None:
        raws = {each.raw for each in names}
        self.raws = dict.fromkeys(raws)
        places = f"SELECT raw, message FROM place WHERE message IS NOT NULL AND raw {_LISTED}"  # noqa: S608
        messages = f"SELECT raw, id FROM message WHERE raw {_LISTED} ORDER BY n DESC"  # noqa: S608
        for sql in (places, messages):  # a message's own word is the last
            self.raws.update(self._all(sql, raws))
        self.unlogged = {each.event for each in names}
        logged = f"SELECT id FROM event WHERE id {_LISTED}"  # noqa: S608
        self.unlogged -= {row[0] for row in self._all(logged, self.unlogged)}
        self._fetch_messages(
            {each.message for each in names}, {name for each in names for name in each.mail_ids}
        )
        self._fetch_people({name for each in names for name in each.identities})

    def _fetch_messages(self, messages: set[str], mail_ids: set[str]) -> None:
        self.known = dict.fromkeys(messages)
        for row in self._all(f"SELECT {MESSAGE} FROM message WHERE id {_LISTED}", messages):  # noqa: S608
            self.known[row[0]] = message_state(row)
        found: dict[str, list[MessageState]] = {name: [] for name in mail_ids}
        named = f"SELECT {MESSAGE}, mail_id FROM message WHERE mail_id {_LISTED} ORDER BY n"  # noqa: S608
        for row in self._all(named, mail_ids):
            found[row[-1]].append(message_state(row[:-1]))
        self.named = {name: tuple(them) for name, them in found.items()}
        for row in self._all(f"SELECT mail_id FROM alias WHERE mail_id {_LISTED}", mail_ids):  # noqa: S608
            self.named.pop(row[0], None)
        known = "SELECT value FROM json_each(?) WHERE EXISTS (SELECT 1 FROM reference WHERE mail_id = value)"
        self.unreferred = mail_ids - {row[0] for row in self._all(known, mail_ids)}
        self._fetch_tickets({each.ticket for them in found.values() for each in them})

    def _fetch_tickets(self, tickets: set[str]) -> None:
        families: dict[str, list[str]] = {}
        sql = (
            f"SELECT {TICKET}, erased FROM ticket WHERE root IN (SELECT root FROM ticket WHERE id {_LISTED}) "  # noqa: S608
            "ORDER BY id <> root, number"
        )
        for *row, is_erased in self._all(sql, tickets):
            ticket = self.tickets[row[0]] = ticket_state(row)
            if not is_erased:
                self.kept.add(ticket.id)
            families.setdefault(ticket.root, []).append(ticket.id)
        self.families = {root: tuple(members) for root, members in families.items()}

    def _fetch_people(self, identities: set[str]) -> None:
        self.asked = identities
        self.customers = dict.fromkeys(identities)
        self.said = {identity: dict.fromkeys(_OF_IDENTITIES) for identity in identities}
        sql = (
            f"SELECT i.id, r.id, {', '.join(f'i.{field}' for field in _OF_IDENTITIES)}, "  # noqa: S608
            f"{', '.join(f'r.{field}' for field in _OF_CUSTOMERS)} FROM identity i JOIN customer c ON c.id = i.customer "
            f"JOIN customer r ON r.id = c.root WHERE i.id {_LISTED}"
        )
        first = len(_OF_IDENTITIES)
        for identity, root, *values in self._all(sql, identities):
            self.customers[identity] = root
            self.said[identity] = dict(zip(_OF_IDENTITIES, values[:first], strict=True))
            self.people[root] = dict(zip(_OF_CUSTOMERS, values[first:], strict=True))
        both = (set(self.tickets), identities)
        sql = f"SELECT ticket, identity FROM participant WHERE ticket {_LISTED} AND identity {_LISTED}"  # noqa: S608
        self.parts = set(self._all(sql, *both))
        sql = (
            "SELECT p.ticket, p.identity FROM party p JOIN message m ON m.id = p.message "  # noqa: S608
            f"WHERE p.ticket {_LISTED} AND p.identity {_LISTED} AND NOT m.hidden"
        )
        self.parties = set(self._all(sql, *both))

    def _all(self, sql: str, *lists: set[str]) -> list[Any]:
        return self._connection.execute(sql, [json.dumps(sorted(each)) for each in lists]).fetchall()

    def can_wait(self, event: Event) -> bool:
        """Whether `event` is surely new, and all its rows may be written later."""
        return (
            event.id in self.unlogged
            and event.guard is None
            and all(type(change) in CAN_WAIT for change in event.changes)
        )

    def happened(self, event: Event) -> None:
        """`event` was appended, be it that its rows wait."""
        self.unlogged.discard(event.id)
        for change in event.changes:
            step = self._steps.get(type(change))
            if step is not None:
                step(change, event.personal or {})
            elif type(change) not in _NOT_ASKED_FOR:
                self.forget()
                break
        self.stirred.update(event.tickets)
        if any(map(_may_answer, event.changes)):
            self.answered.update(event.tickets)

    def lies(self, raw: str, message: str | None) -> None:
        """A place on the server now holds `raw`, which became `message`."""
        if message is not None and self.raws.get(raw) is None:
            self.raws[raw] = message

    def _message_added(self, change: MessageAdded, personal: dict[str, Any]) -> None:
        added = _added(change, personal)
        self.known[change.message] = added
        if change.raw is not None:
            self.raws.setdefault(change.raw, None)
            self.raws[change.raw] = self.raws[change.raw] or change.message
        if change.mail_id is not None and self.named.pop(change.mail_id, None) == ():
            self.named[change.mail_id] = (added,)
        self.unreferred.difference_update(change.references)
        self.tells |= change.direction == Direction.AUTO
        if change.author is not None:
            self.wrote[change.author] += 1
        among = self.parties if change.direction in PARTY else self.parts
        among.update((change.ticket, identity) for identity in change.people)
        ticket = self.tickets.get(change.ticket)
        if ticket is not None and ticket.last_message_at < change.received_at:
            self.tickets[change.ticket] = ticket.having("last_message_at", change.received_at)

    def _ticket_opened(self, change: TicketOpened, _personal: dict[str, Any]) -> None:
        self.tickets[change.ticket] = fresh(change)
        self.families[change.ticket] = (change.ticket,)
        self.opened.add(change.ticket)
        self.kept.add(change.ticket)
        self.parts.add((change.ticket, change.identity))

    def _ticket_set(self, change: TicketSet, _personal: dict[str, Any]) -> None:
        if change.field in {"root", "customer"}:
            self.forget()
            return
        ticket = self.tickets.get(change.ticket)
        if ticket is not None:
            self.tickets[change.ticket] = ticket.having(change.field, change.now)

    def _message_set(self, change: MessageSet, _personal: dict[str, Any]) -> None:
        if change.field == "hidden":  # one that was taken back makes nobody a party
            self.forget()
            return
        self.known.pop(change.message, None)
        of_it = [name for name, them in self.named.items() if any(each.id == change.message for each in them)]
        for name in of_it:
            del self.named[name]

    def _customer_opened(self, change: CustomerOpened, _personal: dict[str, Any]) -> None:
        self.people[change.customer] = {**dict.fromkeys(_OF_CUSTOMERS), "language": change.language}

    def _identity_added(self, change: IdentityAdded, personal: dict[str, Any]) -> None:
        self.customers[change.identity] = change.customer
        person = personal.get("identities", {}).get(change.identity, {})
        self.said[change.identity] = {**dict.fromkeys(_OF_IDENTITIES), "name": person.get("name")}
        if person.get("address") is not None:
            self.called.setdefault(nocase(person.get("name") or ""), []).append(person["address"])

    def _identity_named(self, change: IdentityNamed, _personal: dict[str, Any]) -> None:
        self.said.pop(change.identity, None)

    def _identity_set(self, change: IdentitySet, _personal: dict[str, Any]) -> None:
        self.said.pop(change.identity, None)


def nocase(name: str) -> str:
    """A name as SQLite's collation of that name compares it: small and large letters of ASCII are the same."""
    return name.translate(_SMALL)


def _may_answer(change: Change) -> bool:
    """Whether a change may be, or become, a message of ours to the customer."""
    if isinstance(change, MessageAdded):
        return change.direction == Direction.OUT
    return isinstance(change, MessageSet)


def _added(change: MessageAdded, personal: dict[str, Any]) -> MessageState:
    return MessageState(
        id=change.message,
        ticket=change.ticket,
        direction=change.direction,
        mail_class=change.mail_class,
        written_here=change.state is not None,
        received_at=change.received_at,
        author=change.author,
        history=change.history,
        state=change.state,
        hidden=False,
        subject=(personal.get("message") or {}).get("subject"),
        junk=change.junk,
        settled=change.settled,
    )
