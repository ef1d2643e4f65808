"""What the storing of many messages will ask, asked at once, and answered from memory after that.

Promises: every answer is the one that the tables would give with all that waits (`Pending`) written; a question for which
nothing was fetched is put to the tables, after what waits is written. Knows the few kinds of change that received mail
brings; after any other it forgets everything. Lives as long as one savepoint.
"""

import json
from collections.abc import Callable, Iterable
from typing import Any

from agentdesk.core.draft import fresh
from agentdesk.core.events import (
    Change,
    ClockSet,
    CustomerOpened,
    Event,
    IdentityAdded,
    IdentitySet,
    MessageAdded,
    MessageSet,
    Quarantined,
    TicketLinked,
    TicketOpened,
    TicketSet,
)
from agentdesk.core.names import Names
from agentdesk.core.state import Chats, MessageState, TicketState
from agentdesk.store.chats import StoredChats
from agentdesk.store.driver import Connection
from agentdesk.store.state import MESSAGE, TICKET, StoreState, message_state, ticket_state

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
_OF_IDENTITIES = ("failing", "verdict")
_LISTED = "IN (SELECT value FROM json_each(?))"


class Ahead(StoreState):
    """`StoreState` that knows already what `names` are about to ask; `settle` writes what waits."""

    def __init__(self, connection: Connection, settle: Callable[[], None], names: Iterable[Names]) -> None:
        super().__init__(connection)
        self._settle = settle
        self._stored = StoreState(connection)
        self._steps: dict[type[Change], Callable[[Any, dict[str, Any]], None]] = {
            CustomerOpened: self._customer_opened,
            IdentityAdded: self._identity_added,
            IdentitySet: self._identity_set,
            MessageAdded: self._message_added,
            MessageSet: self._message_set,
            TicketOpened: self._ticket_opened,
            TicketSet: self._ticket_set,
        }
        self._forget()
        self._fetch(list(names))

    def _forget(self) -> None:
        self._stirred: set[str] = set()  # tickets of which something waits
        self._unlogged: set[str] = set()  # events that are not there
        self._raws: dict[str, str | None] = {}
        self._known: dict[str, MessageState | None] = {}
        self._named: dict[str, tuple[MessageState, ...]] = {}
        self._unreferred: set[str] = set()
        self._tickets: dict[str, TicketState | None] = {}
        self._families: dict[str, tuple[str, ...]] = {}
        self._opened: set[str] = set()
        self._asked: set[str] = set()  # identities
        self._parts: set[tuple[str, str]] = set()
        self._customers: dict[str, str | None] = {}
        self._said: dict[str, dict[str, Any]] = {}  # of identities: what mail asks of their rows
        self._names: set[str] = set()  # of identities that were added
        self._languages: dict[str, str | None] = {}

    # Fetching.

    def _fetch(self, names: list[Names]) -> None:
        raws = {each.raw for each in names}
        self._raws = dict.fromkeys(raws)
        places = f"SELECT raw, message FROM place WHERE message IS NOT NULL AND raw {_LISTED}"  # noqa: S608
        messages = f"SELECT raw, id FROM message WHERE raw {_LISTED} ORDER BY n DESC"  # noqa: S608
        for sql in (places, messages):  # a message's own word is the last
            self._raws.update(self._all(sql, raws))
        self._unlogged = {each.event for each in names}
        logged = f"SELECT id FROM event WHERE id {_LISTED}"  # noqa: S608
        self._unlogged -= {row[0] for row in self._all(logged, self._unlogged)}
        self._fetch_messages(
            {each.message for each in names}, {name for each in names for name in each.mail_ids}
        )
        self._fetch_people({name for each in names for name in each.identities})

    def _fetch_messages(self, messages: set[str], mail_ids: set[str]) -> None:
        self._known = dict.fromkeys(messages)
        for row in self._all(f"SELECT {MESSAGE} FROM message WHERE id {_LISTED}", messages):  # noqa: S608
            self._known[row[0]] = message_state(row)
        found: dict[str, list[MessageState]] = {name: [] for name in mail_ids}
        named = f"SELECT {MESSAGE}, mail_id FROM message WHERE mail_id {_LISTED} ORDER BY n"  # noqa: S608
        for row in self._all(named, mail_ids):
            found[row[-1]].append(message_state(row[:-1]))
        self._named = {name: tuple(them) for name, them in found.items()}
        for row in self._all(f"SELECT mail_id FROM alias WHERE mail_id {_LISTED}", mail_ids):  # noqa: S608
            self._named.pop(row[0], None)
        known = "SELECT value FROM json_each(?) WHERE EXISTS (SELECT 1 FROM reference WHERE mail_id = value)"
        self._unreferred = mail_ids - {row[0] for row in self._all(known, mail_ids)}
        self._fetch_tickets({each.ticket for them in found.values() for each in them})

    def _fetch_tickets(self, tickets: set[str]) -> None:
        families: dict[str, list[str]] = {}
        sql = (
            f"SELECT {TICKET} FROM ticket WHERE root IN (SELECT root FROM ticket WHERE id {_LISTED}) "  # noqa: S608
            "ORDER BY id <> root, number"
        )
        for row in self._all(sql, tickets):
            ticket = self._tickets[row[0]] = ticket_state(row)
            families.setdefault(ticket.root, []).append(ticket.id)
        self._families = {root: tuple(members) for root, members in families.items()}

    def _fetch_people(self, identities: set[str]) -> None:
        self._asked = identities
        self._customers = dict.fromkeys(identities)
        self._said = {identity: dict.fromkeys(_OF_IDENTITIES) for identity in identities}
        sql = (
            f"SELECT i.id, c.root, {', '.join(f'i.{field}' for field in _OF_IDENTITIES)} FROM identity i "  # noqa: S608
            f"JOIN customer c ON c.id = i.customer WHERE i.id {_LISTED}"
        )
        for identity, root, *values in self._all(sql, identities):
            self._customers[identity] = root
            self._said[identity] = dict(zip(_OF_IDENTITIES, values, strict=True))
        sql = f"SELECT ticket, identity FROM participant WHERE ticket {_LISTED} AND identity {_LISTED}"  # noqa: S608
        self._parts = set(self._all(sql, set(self._tickets), identities))

    def _all(self, sql: str, *lists: set[str]) -> list[Any]:
        return self._open.execute(sql, [json.dumps(sorted(each)) for each in lists]).fetchall()

    # What happens.

    def can_wait(self, event: Event) -> bool:
        """Whether `event` is surely new, and all its rows may be written later."""
        return (
            event.id in self._unlogged
            and event.guard is None
            and all(type(change) in CAN_WAIT for change in event.changes)
        )

    def happened(self, event: Event) -> None:
        """`event` was appended, be it that its rows wait."""
        self._unlogged.discard(event.id)
        for change in event.changes:
            step = self._steps.get(type(change))
            if step is not None:
                step(change, event.personal or {})
            elif type(change) not in _NOT_ASKED_FOR:
                self._forget()
                return
        self._stirred.update(event.tickets)

    def lies(self, raw: str, message: str | None) -> None:
        """A place on the server now holds `raw`, which became `message`."""
        if message is not None and self._raws.get(raw) is None:
            self._raws[raw] = message

    def _message_added(self, change: MessageAdded, personal: dict[str, Any]) -> None:
        added = _added(change, personal)
        self._known[change.message] = added
        if change.raw is not None:
            self._raws.setdefault(change.raw, None)
            self._raws[change.raw] = self._raws[change.raw] or change.message
        if change.mail_id is not None and self._named.pop(change.mail_id, None) == ():
            self._named[change.mail_id] = (added,)
        self._unreferred.difference_update(change.references)
        self._parts.update((change.ticket, identity) for identity in change.people)
        ticket = self._tickets.get(change.ticket)
        if ticket is not None and ticket.last_message_at < change.received_at:
            self._tickets[change.ticket] = ticket.having("last_message_at", change.received_at)

    def _ticket_opened(self, change: TicketOpened, _personal: dict[str, Any]) -> None:
        self._tickets[change.ticket] = fresh(change)
        self._families[change.ticket] = (change.ticket,)
        self._opened.add(change.ticket)
        self._parts.add((change.ticket, change.identity))

    def _ticket_set(self, change: TicketSet, _personal: dict[str, Any]) -> None:
        if change.field in {"root", "customer"}:
            self._forget()
            return
        ticket = self._tickets.get(change.ticket)
        if ticket is not None:
            self._tickets[change.ticket] = ticket.having(change.field, change.now)

    def _message_set(self, change: MessageSet, _personal: dict[str, Any]) -> None:
        self._known.pop(change.message, None)
        of_it = [
            name for name, them in self._named.items() if any(each.id == change.message for each in them)
        ]
        for name in of_it:
            del self._named[name]

    def _customer_opened(self, change: CustomerOpened, _personal: dict[str, Any]) -> None:
        self._languages[change.customer] = change.language

    def _identity_added(self, change: IdentityAdded, personal: dict[str, Any]) -> None:
        self._customers[change.identity] = change.customer
        self._said[change.identity] = dict.fromkeys(_OF_IDENTITIES)
        name = personal.get("identities", {}).get(change.identity, {}).get("name")
        self._names.add((name or "").lower())

    def _identity_set(self, change: IdentitySet, _personal: dict[str, Any]) -> None:
        self._said.pop(change.identity, None)

    # Answers.

    @property
    def _connection(self) -> Connection:
        """For a question that memory cannot answer: what waits is written first."""
        self._settle()
        self._stirred.clear()
        return self._open

    @property
    def chats(self) -> Chats:
        return StoredChats(self._connection)

    def _beside(self, tickets: tuple[str, ...]) -> StoreState:
        """For a question about `tickets` alone, of which mostly nothing waits."""
        return self._stored if self._stirred.isdisjoint(tickets) else StoreState(self._connection)

    def message(self, message: str) -> MessageState | None:
        return self._known[message] if message in self._known else super().message(message)

    def message_of_raw(self, raw: str) -> str | None:
        return self._raws[raw] if raw in self._raws else super().message_of_raw(raw)

    def messages_by_mail_id(self, mail_id: str) -> tuple[MessageState, ...]:
        found = self._named.get(mail_id)
        return super().messages_by_mail_id(mail_id) if found is None else found

    def referring(self, mail_id: str) -> tuple[MessageState, ...]:
        return () if mail_id in self._unreferred else super().referring(mail_id)

    def ticket(self, ticket: str) -> TicketState | None:
        return self._tickets.get(ticket) or super().ticket(ticket)

    def family(self, root: str) -> tuple[str, ...]:
        return self._families.get(root) or super().family(root)

    def takes_part(self, ticket: str, identity: str) -> bool:
        if (ticket, identity) in self._parts:
            return True
        is_known = ticket in self._opened or (ticket in self._tickets and identity in self._asked)
        return False if is_known else super().takes_part(ticket, identity)

    def customer_of(self, identity: str) -> str | None:
        return self._customers[identity] if identity in self._customers else super().customer_of(identity)

    def addresses_named(self, name: str) -> tuple[str, ...]:
        is_written = name.lower() not in self._names
        return self._stored.addresses_named(name) if is_written else super().addresses_named(name)

    def last_answer_at(self, tickets: tuple[str, ...], without: str | None = None) -> str | None:
        return self._beside(tickets).last_answer_at(tickets, without)

    def unanswered_since(
        self, tickets: tuple[str, ...], after: str | None, without: str | None = None
    ) -> str | None:
        return self._beside(tickets).unanswered_since(tickets, after, without)

    def clocks(self, ticket: str) -> dict[tuple[str, str], dict[str, Any]]:
        return self._beside((ticket,)).clocks(ticket)

    def linked(self, ticket: str) -> frozenset[str]:
        return self._beside((ticket,)).linked(ticket)

    def field(self, table: str, row: str, field: str) -> Any:
        if table == "identity" and field in self._said.get(row, ()):
            return self._said[row][field]
        if (table, field) == ("customer", "language") and row in self._languages:
            return self._languages[row]
        return super().field(table, row, field)


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
    )
