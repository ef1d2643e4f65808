"""What the storing of many messages will ask, asked at once, and answered from memory after that.

Promises: every answer is the one that the tables would give with all that waits (`Pending`) written; a question for which
nothing was fetched (`Found`) is put to the tables, after what waits is written. Lives as long as one savepoint.
"""

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

from agentdesk.core.model import Direction
from agentdesk.core.names import Names
from agentdesk.core.state import MessageState, People, Said, TicketState
from agentdesk.store.driver import Connection
from agentdesk.store.found import Found, nocase
from agentdesk.store.profile import StoredPeople
from agentdesk.store.state import NAMED_AT_MOST, StoreState


class _PeopleAhead(StoredPeople):
    """The same for what is asked of customers: with each mail only for a flood, and for what went by itself to whoever wrote."""

    def __init__(self, connection: Callable[[], Connection], stored: People, found: Found) -> None:
        super().__init__(connection)
        self._stored = stored
        self._found = found

    def writes_much(self, identity: str, since: str, most: int) -> bool:
        waiting = self._found.wrote[identity]
        few = waiting < most and not self._stored.writes_much(identity, since, most - waiting)
        return False if few else super().writes_much(identity, since, most)

    def told(self, customer: str, since: str) -> tuple[Said, ...]:
        return super().told(customer, since) if self._found.tells else self._stored.told(customer, since)


class Ahead(StoreState):
    """`StoreState` that knows already what `names` are about to ask; `settle` writes what waits."""

    def __init__(self, connection: Connection, settle: Callable[[], None], names: Sequence[Names]) -> None:
        super().__init__(connection)
        self._settle = settle
        self._stored = StoreState(connection)
        self.found = Found(connection)
        self.found.fetch(names)
        self.people = _PeopleAhead(lambda: self._connection, self._stored.people, self.found)

    @property
    def _connection(self) -> Connection:
        """For a question that memory cannot answer: what waits is written first."""
        self._settle()
        self.found.written()
        return self._open

    @cached_property
    def _has_forgotten(self) -> bool:
        """Mostly nobody was forgotten elsewhere, and no mail has to be looked for."""
        return self._open.execute("SELECT 1 FROM forgotten LIMIT 1").fetchone() is not None

    def _beside(self, tickets: tuple[str, ...], waiting: set[str]) -> StoreState:
        """For a question about `tickets` alone, of which mostly nothing is among those that are `waiting`."""
        return self._stored if waiting.isdisjoint(tickets) else StoreState(self._connection)

    def message(self, message: str) -> MessageState | None:
        return self.found.known[message] if message in self.found.known else super().message(message)

    def message_of_raw(self, raw: str) -> str | None:
        return self.found.raws[raw] if raw in self.found.raws else super().message_of_raw(raw)

    def messages_by_mail_id(self, mail_id: str) -> tuple[MessageState, ...]:
        found = self.found.named.get(mail_id)
        return super().messages_by_mail_id(mail_id) if found is None else found

    def referring(self, mail_id: str) -> tuple[MessageState, ...]:
        return () if mail_id in self.found.unreferred else super().referring(mail_id)

    def ticket(self, ticket: str) -> TicketState | None:
        return self.found.tickets.get(ticket) or super().ticket(ticket)

    def family(self, root: str) -> tuple[str, ...]:
        return self.found.families.get(root) or super().family(root)

    def takes_part(self, ticket: str, identity: str, *, apart: bool = False) -> bool:
        among = self.found.parties if apart else self.found.parts
        if (ticket, identity) in among:
            return True
        is_known = ticket in self.found.opened or (
            ticket in self.found.tickets and identity in self.found.asked
        )
        return False if is_known else super().takes_part(ticket, identity, apart=apart)

    def customer_of(self, identity: str) -> str | None:
        return (
            self.found.customers[identity]
            if identity in self.found.customers
            else super().customer_of(identity)
        )

    def addresses_named(self, name: str) -> tuple[str, ...]:
        written, waiting = self._stored.addresses_named(name), self.found.called.get(nocase(name), ())
        return tuple(dict.fromkeys((*written, *waiting)))[:NAMED_AT_MOST]

    def last_answer_at(self, tickets: tuple[str, ...], without: str | None = None) -> str | None:
        return self._beside(tickets, self.found.answered).last_answer_at(tickets, without)

    def last_message(self, tickets: tuple[str, ...], direction: str) -> str | None:
        waiting = self.found.answered if direction == Direction.OUT else self.found.stirred
        return self._beside(tickets, waiting).last_message(tickets, direction)

    def unanswered_since(
        self, tickets: tuple[str, ...], after: str | None, without: str | None = None
    ) -> str | None:
        return self._beside(tickets, self.found.stirred).unanswered_since(tickets, after, without)

    def clocks(self, ticket: str) -> dict[tuple[str, str], dict[str, Any]]:
        return self._beside((ticket,), self.found.stirred).clocks(ticket)

    def linked(self, ticket: str) -> frozenset[str]:
        return self._beside((ticket,), self.found.stirred).linked(ticket)

    def field(self, table: str, row: str, field: str) -> Any:
        if table == "identity" and field in self.found.said.get(row, ()):
            return self.found.said[row][field]
        if table == "customer" and field in self.found.people.get(row, ()):
            return self.found.people[row][field]
        if table == "ticket" and field == "erased" and row in self.found.kept:
            return 0
        if field == "erased" or table == "forgotten":  # never by what waits: an erase is written at once
            is_none = table == "forgotten" and not self._has_forgotten
            return None if is_none else self._stored.field(table, row, field)
        return super().field(table, row, field)
