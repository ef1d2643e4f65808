"""What of a person lies with the providers, as far as the store knows: places of mails, messages of chats.

Promises: the same messages that an erase would name. Refuses: saying what may be deleted (`core.staying`), and knowing folders
that were never read.
"""

# ruff: noqa: S608 - the only things put into the SQL here are texts of this program

import json

from agentdesk.core.model import Place
from agentdesk.core.staying import InChat, Lying
from agentdesk.store.driver import Connection
from agentdesk.store.person import IDENTITIES, MESSAGES

_ALONE = ("email", "form", "phone")
"""Channels whose messages no chat service holds."""


def mails(connection: Connection, customer: str) -> list[Lying]:
    """Every place on a mail server where a message of the customer's matters lies."""
    rows = connection.execute(
        "SELECT p.account, p.folder, p.validity, p.uid, m.id, m.direction, m.address, m.headers, "
        f"m.author IN {IDENTITIES} FROM message m JOIN place p ON p.message = m.id JOIN ticket t ON t.id = m.ticket "
        f"WHERE p.validity > 0 AND coalesce((SELECT channel FROM account WHERE id = p.account), t.channel) IN ('email', 'form') "
        f"AND m.id IN (SELECT id FROM message WHERE {MESSAGES}) ORDER BY p.account, p.folder, p.uid",
        {"customer": customer},
    ).fetchall()
    theirs = addresses(connection, customer)
    return [
        Lying(Place(*place), message, direction, bool(author), _people(address, headers) - theirs)
        for *place, message, direction, address, headers, author in rows
    ]


def chats(connection: Connection, customer: str) -> tuple[InChat, ...]:
    """How many messages each chat service holds: by the channel of who wrote it, else by that of the ticket."""
    rows = connection.execute(
        f"SELECT m.account, coalesce((SELECT channel FROM identity WHERE id = m.author), t.channel) AS by, count(*) FROM message m "
        f"JOIN ticket t ON t.id = m.ticket WHERE m.raw IS NOT NULL AND m.id IN (SELECT id FROM message WHERE {MESSAGES}) "
        f"GROUP BY m.account, by ORDER BY m.account",
        {"customer": customer},
    ).fetchall()
    return tuple(InChat(*row) for row in rows if row[1] not in _ALONE)


def named(connection: Connection, customer: str) -> int:
    """How many messages of others name the customer: they stay as they were written."""
    rows = connection.execute(
        f"SELECT address, headers FROM message WHERE ticket IN (SELECT ticket FROM participant WHERE identity IN {IDENTITIES} "
        f"UNION SELECT ticket FROM party WHERE identity IN {IDENTITIES}) AND NOT {MESSAGES} AND headers IS NOT NULL",
        {"customer": customer},
    ).fetchall()
    theirs = addresses(connection, customer)
    return sum(bool(_people(address, headers) & theirs) for address, headers in rows)


def addresses(connection: Connection, customer: str) -> frozenset[str]:
    """The customer's addresses, in lower case."""
    sql = f"SELECT address FROM identity WHERE id IN {IDENTITIES} AND address <> ''"
    return frozenset(row[0].lower() for row in connection.execute(sql, {"customer": customer}))


def _people(address: str | None, headers: str | None) -> frozenset[str]:
    """Everybody in a mail: who wrote it, and to whom."""
    said = json.loads(headers) if headers else {}
    pairs = (pair for name in ("to", "cc", "bcc", "reply_to") for pair in said.get(name) or ())
    return frozenset(each.lower() for each in (address, *(pair[1] for pair in pairs)) if each)
