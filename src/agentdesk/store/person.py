"""What belongs to one customer and to those merged with it: what an export shows and an erase takes.

Promises: the same tickets and messages that an erase would name. Refuses: limits; who asks for everything gets it.
"""

# ruff: noqa: S608 - the only things put into the SQL here are the texts below

from agentdesk.core.staying import Extent
from agentdesk.store.draft import TYPED
from agentdesk.store.driver import Connection
from agentdesk.values import dataclass

_MINE = "(SELECT id FROM customer WHERE root = (SELECT root FROM customer WHERE id = :customer))"
IDENTITIES = f"(SELECT id FROM identity WHERE customer IN {_MINE})"
_TICKETS = f"(SELECT id FROM ticket WHERE customer IN {_MINE})"
MESSAGES = f"(ticket IN {_TICKETS} OR author IN {IDENTITIES})"
"""Texts of SQL over :customer: the identities, and what holds for a row of `message` that an erase takes."""
_TELLING = 5
"""Characters above which a subject is no word of everyday."""


@dataclass(frozen=True, slots=True)
class Belongings:
    """`tickets` are (number, theirs) of every ticket as it is shown that holds a message of theirs, oldest first;
    `messages` are the ids of all messages that are theirs."""

    tickets: tuple[tuple[int, bool], ...]
    messages: frozenset[str]


def root(connection: Connection, customer: str) -> str:
    """The customer that this one was merged into, or itself."""
    row = connection.execute("SELECT root FROM customer WHERE id = ?", (customer,)).fetchone()
    return str(row[0]) if row else customer


def is_erased(connection: Connection, customer: str) -> bool | None:
    """Whether a customer was forgotten; None where there is none."""
    row = connection.execute("SELECT erased FROM customer WHERE id = ?", (customer,)).fetchone()
    return bool(row[0]) if row else None


def extent(connection: Connection, customer: str) -> Extent:
    """What would go with an erase."""
    values = {"customer": customer}
    counted = (
        f"SELECT count(*) FROM ticket WHERE customer IN {_MINE}",
        f"SELECT count(*) FROM message WHERE {MESSAGES}",
        f"SELECT count(*) FROM attachment WHERE message IN (SELECT id FROM message WHERE {MESSAGES})",
        f"SELECT count(*) FROM message WHERE {MESSAGES} AND direction = 'note'",
        f"SELECT count(*) FROM draft WHERE ticket IN {_TICKETS} AND {TYPED}",
        f"SELECT count(*) FROM profile WHERE customer IN {_MINE} AND field = 'note' AND NOT hidden",
    )
    return Extent(*(int(connection.execute(sql, values).fetchone()[0]) for sql in counted))


def belongings(connection: Connection, customer: str) -> Belongings:
    """Everything of a customer, by ticket and by message."""
    messages = connection.execute(f"SELECT id FROM message WHERE {MESSAGES}", {"customer": customer})
    return Belongings(_tickets(connection, customer), frozenset(row[0] for row in messages))


def shared(connection: Connection, one: str, other: str) -> tuple[int, ...]:
    """The numbers of the tickets that hold something of both of two customers."""
    here, there = ({number for number, _ in _tickets(connection, each)} for each in (one, other))
    return tuple(sorted(here & there))


def _tickets(connection: Connection, customer: str) -> tuple[tuple[int, bool], ...]:
    rows = connection.execute(
        f"SELECT number, customer IN {_MINE} FROM ticket WHERE id IN (SELECT root FROM ticket WHERE id IN {_TICKETS} "
        f"OR id IN (SELECT ticket FROM message WHERE author IN {IDENTITIES})) ORDER BY number",
        {"customer": customer},
    )
    return tuple((int(number), bool(theirs)) for number, theirs in rows)


def addresses(connection: Connection, customer: str) -> tuple[tuple[str, str], ...]:
    """(channel, address) of every identity, by which another desk knows the same person."""
    sql = f"SELECT channel, address FROM identity WHERE id IN {IDENTITIES} AND address <> '' ORDER BY channel, address"
    return tuple((row[0], row[1]) for row in connection.execute(sql, {"customer": customer}))


def behind(connection: Connection, identity: str) -> str | None:
    """The customer of an identity; None where nobody is known by it, or who was has been forgotten."""
    sql = "SELECT c.id FROM identity i JOIN customer c ON c.id = i.customer WHERE i.id = ? AND NOT c.erased"
    row = connection.execute(sql, (identity,)).fetchone()
    return str(row[0]) if row else None


def words(connection: Connection, customer: str) -> tuple[str, ...]:
    """What tells the customer in a line of the log: addresses, names, subjects and Message-IDs."""
    rows = connection.execute(
        f"SELECT address FROM identity WHERE id IN {IDENTITIES} UNION SELECT name FROM identity WHERE id IN {IDENTITIES} "
        f"UNION SELECT subject FROM message WHERE {MESSAGES} AND length(subject) > {_TELLING} "
        f"UNION SELECT json_extract(headers, '$.message_id') FROM message WHERE {MESSAGES}",
        {"customer": customer},
    )
    return tuple(row[0] for row in rows if row[0])
