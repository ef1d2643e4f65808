"""The window through which `decide` sees the desk, read inside the transaction that will write."""

import json
from collections.abc import Sequence
from typing import Any

from agentdesk.core.events import Event
from agentdesk.core.state import Chats, MessageState, Past, People, Pledges, TicketState
from agentdesk.core.surveyed import Surveys
from agentdesk.core.undo import ACTS
from agentdesk.store import log
from agentdesk.store.chats import StoredChats
from agentdesk.store.driver import Connection
from agentdesk.store.past import StoredPast
from agentdesk.store.pledge import StoredPledges
from agentdesk.store.profile import StoredPeople
from agentdesk.store.rows import ROWS_A_MOMENT, first_row
from agentdesk.store.survey import StoredSurveys

TICKET = (
    "id, number, account, channel, customer, identity, status, assignee, priority, language, unread, history, "
    "since_before, machine, root, waiting_since, last_customer_at, last_message_at, next_due_at, recover_at, "
    "snoozed_until, resolved_at, kind, epoch, window_until, cause, incident, playbook, "
    "playbook_since, unfinished, moved_from, accounted, wrote_after, snooze_quiet, snooze_cut, muted, pledge_due_at, pledge_rises_at, "
    "derived_at, derived_to"
)
REWORDED = (
    "(SELECT v.at FROM version v WHERE v.message = message.id AND v.kind = 'edited' AND v.at = asks_since)"
)
"""When a message was put in other words after its answer: it asks since that edit."""
_PERSON = "direction = 'in' AND class = 'human' AND NOT history AND settled IS NULL AND NOT hidden"
MESSAGE = f"id, ticket, direction, class, state IS NOT NULL, received_at, author, history, state, hidden, subject, junk, settled, asks_since, {REWORDED}"
_CAME = f"SELECT received_at FROM message WHERE ticket = ? AND {_PERSON} AND n >= ? AND {REWORDED} IS NULL ORDER BY n LIMIT 1"  # noqa: S608
_ASKS_ANEW = f"SELECT min(coalesce({REWORDED}, received_at)) FROM message WHERE ticket = ? AND {_PERSON} AND asks_since > ?"  # noqa: S608
_PART = "SELECT 1 FROM participant WHERE ticket = ? AND identity = ?"
_APART = "SELECT 1 FROM party p JOIN message m ON m.id = p.message WHERE p.ticket = ? AND p.identity = ? AND NOT m.hidden LIMIT 1"
_BOOLEANS = {
    "ticket": {"unread", "history", "since_before", "machine", "muted", "accounted", "snooze_quiet"},
    "message": {"hidden", "junk"},
    "profile": {"hidden"},
    "pledge": {"dropped"},
}
_YES_OR_NO = tuple(place for place, name in enumerate(TICKET.split(", ")) if name in _BOOLEANS["ticket"])


def ticket_state(row: Sequence[Any]) -> TicketState:
    """A row of the columns TICKET."""
    values = list(row)
    for position in _YES_OR_NO:
        values[position] = bool(values[position])
    return TicketState(*values)


def message_state(row: Sequence[Any]) -> MessageState:
    """A row of the columns MESSAGE."""
    values = list(row)
    for position in (4, 7, 9, 11):
        values[position] = bool(values[position])
    return MessageState(*values)


NAMED_AT_MOST = 200
"""Addresses that are looked at of all that go by one name."""


class StoreState:
    """`core.state.State` over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._open = connection
        self.chats: Chats = StoredChats(lambda: self._connection)
        self.people: People = StoredPeople(lambda: self._connection)
        self.past: Past = StoredPast(lambda: self._connection)
        self.pledges: Pledges = StoredPledges(lambda: self._connection)
        self.surveys: Surveys = StoredSurveys(lambda: self._connection)

    @property
    def _connection(self) -> Connection:
        return self._open

    def _one(self, sql: str, *values: Any) -> Any:
        return self._connection.execute(sql, values).fetchone()

    def _column(self, sql: str, *values: Any) -> tuple[Any, ...]:
        return tuple(row[0] for row in self._connection.execute(sql, values))

    def _ticket(self, where: str, value: Any) -> TicketState | None:
        row = self._one(f"SELECT {TICKET} FROM ticket WHERE {where} = ?", value)  # noqa: S608
        return None if row is None else ticket_state(row)

    def ticket(self, ticket: str) -> TicketState | None:
        return self._ticket("id", ticket)

    def ticket_by_token(self, name: str) -> TicketState | None:
        return self._ticket("token", name)

    def ticket_by_number(self, number: int) -> TicketState | None:
        return self._ticket("number", number)

    def family(self, root: str) -> tuple[str, ...]:
        return self._column("SELECT id FROM ticket WHERE root = ? ORDER BY id <> root, number", root)

    def _messages(self, where: str, *values: Any) -> tuple[MessageState, ...]:
        rows = self._connection.execute(f"SELECT {MESSAGE} FROM message WHERE {where}", values)  # noqa: S608
        return tuple(map(message_state, rows))

    def message(self, message: str) -> MessageState | None:
        found = self._messages("id = ?", message)
        return found[0] if found else None

    def message_of_raw(self, raw: str) -> str | None:
        row = self._one("SELECT id FROM message WHERE raw = ?", raw)
        row = row or self._one("SELECT message FROM place WHERE raw = ? AND message IS NOT NULL", raw)
        return row[0] if row else None

    def messages_by_mail_id(self, mail_id: str) -> tuple[MessageState, ...]:
        called = "mail_id = ? OR id = (SELECT message FROM alias WHERE mail_id = ?) ORDER BY n"
        return self._messages(called, mail_id, mail_id)

    def referring(self, mail_id: str) -> tuple[MessageState, ...]:
        return self._messages(
            "id IN (SELECT message FROM reference WHERE mail_id = ?) ORDER BY n LIMIT 20", mail_id
        )

    def takes_part(self, ticket: str, identity: str, *, apart: bool = False) -> bool:
        return bool(self._one(_APART if apart else _PART, ticket, identity))

    def customer_of(self, identity: str) -> str | None:
        row = self._one(
            "SELECT c.root FROM identity i JOIN customer c ON c.id = i.customer WHERE i.id = ?", identity
        )
        return row[0] if row else None

    def addresses_named(self, name: str) -> tuple[str, ...]:
        return self._column(
            "SELECT address FROM identity WHERE name = ? COLLATE NOCASE AND address IS NOT NULL LIMIT ?",
            name,
            NAMED_AT_MOST,
        )

    def customer_root(self, customer: str) -> str | None:
        row = self._one("SELECT root FROM customer WHERE id = ?", customer)
        return row[0] if row else None

    def customer_members(self, root: str) -> tuple[str, ...]:
        return self._column("SELECT id FROM customer WHERE root = ? ORDER BY id", root)

    def identities(self, customer: str) -> tuple[str, ...]:
        return self._column("SELECT id FROM identity WHERE customer = ? ORDER BY id", customer)

    def tickets_of(self, customer: str) -> tuple[str, ...]:
        return self._column("SELECT id FROM ticket WHERE customer = ? ORDER BY number", customer)

    def messages_by(self, identities: tuple[str, ...]) -> tuple[str, ...]:
        marks = ", ".join("?" * len(identities))
        return self._column(f"SELECT id FROM message WHERE author IN ({marks}) ORDER BY n", *identities)  # noqa: S608

    def open_tickets(self, identity: str) -> tuple[str, ...]:
        return self._column(
            "SELECT id FROM ticket WHERE identity = ? AND bucket NOT IN ('merged', 'history', 'resolved') ORDER BY number",
            identity,
        )

    def messages_in(self, tickets: tuple[str, ...]) -> tuple[MessageState, ...]:
        return self._messages(f"ticket IN ({', '.join('?' * len(tickets))}) ORDER BY n", *tickets)

    def clocks(self, ticket: str) -> dict[tuple[str, str], dict[str, Any]]:
        rows = self._connection.execute("SELECT metric, tier, data FROM clock WHERE ticket = ?", (ticket,))
        return {(metric, tier): json.loads(data) for metric, tier, data in rows}

    def tags(self, ticket: str) -> frozenset[str]:
        return frozenset(self._column("SELECT tag FROM tag WHERE ticket = ?", ticket))

    def linked(self, ticket: str) -> frozenset[str]:
        return frozenset(self._column("SELECT other FROM link WHERE ticket = ?", ticket))

    def last_message(self, tickets: tuple[str, ...], direction: str) -> str | None:
        found = (
            self._one(
                "SELECT n, id FROM message WHERE ticket = ? AND direction = ? AND NOT hidden ORDER BY n DESC LIMIT 1",
                ticket,
                direction,
            )
            for ticket in tickets
        )
        newest = max((tuple(row) for row in found if row), default=None)
        return str(newest[1]) if newest else None

    def last_answer_at(self, tickets: tuple[str, ...], without: str | None = None) -> str | None:
        found = (
            self._one(
                "SELECT received_at FROM message WHERE ticket = ? AND direction = 'out' AND NOT hidden "
                "AND coalesce(state, 'sent') IN ('sent', 'delivered', 'read') AND id IS NOT ? ORDER BY n DESC LIMIT 1",
                ticket,
                without,
            )
            for ticket in tickets
        )
        return max((row[0] for row in found if row), default=None)

    def unanswered_since(
        self, tickets: tuple[str, ...], after: str | None, without: str | None = None
    ) -> str | None:
        last = max(filter(None, (after, self.last_answer_at(tickets, without))), default=None)
        first = 0 if last is None else first_row(last) + ROWS_A_MOMENT
        came = (self._one(_CAME, ticket, first) for ticket in tickets)
        anew = (self._one(_ASKS_ANEW, ticket, last or "") for ticket in tickets)
        return min((row[0] for row in (*came, *anew) if row and row[0]), default=None)

    def quarantined(self, raw: str) -> tuple[str, int] | None:
        row = self._one("SELECT id, attempts FROM quarantine WHERE raw = ?", raw)
        return (row[0], row[1]) if row else None

    def event(self, event: str) -> Event | None:
        return log.one(self._connection, event)

    def last_act(self, actor: str) -> Event | None:
        return log.last_of(self._connection, actor, tuple(sorted(ACTS)))

    def field(self, table: str, row: str, field: str) -> Any:
        found = self._one(f"SELECT {field} FROM {table} WHERE id = ?", row)  # noqa: S608
        value = found[0] if found else None
        return bool(value) if field in _BOOLEANS.get(table, ()) else value
