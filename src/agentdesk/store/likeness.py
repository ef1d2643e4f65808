"""Who may be the same person: only a suggestion, each with its reason, for an agent to confirm.

Promises: everything is looked up along an index, and in at most a few recent messages. The same telephone number on two
channels, an address that somebody wrote in a chat, a number that both name, be it an order's or a telephone's, the same full name. Refuses: deciding.
"""

# ruff: noqa: S608 - the only thing put into the SQL here is _OTHERS

import re
from collections.abc import Iterator

from agentdesk.core.card import Alike
from agentdesk.store.blobs import Blobs
from agentdesk.store.driver import Connection

AT_MOST = 5
MESSAGES = 12
"""The newest messages of a customer that are looked into."""
_OTHERS = "JOIN customer c ON c.id = i.customer WHERE c.root <> ? AND NOT c.erased"
_MAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
_ORDER = re.compile(r"\b(?=[A-Z\d-]*\d{4})[A-Z]{0,4}-?\d{4,12}\b")
_TELEPHONE = 9
"""Digits, without a letter, from which on a number is rather a telephone's than an order's."""
_Found = tuple[str, str, str, str]
"""(customer, name, channel, address)"""


def alike(connection: Connection, blobs: Blobs, customer: str) -> tuple[Alike, ...]:
    """The likeliest first: number, address, order, name; each person once."""
    row = connection.execute("SELECT root, erased FROM customer WHERE id = ?", (customer,)).fetchone()
    if row is None or row[1]:
        return ()
    root = str(row[0])
    mine = connection.execute(
        "SELECT channel, address, name FROM identity WHERE customer IN (SELECT id FROM customer WHERE root = ?)",
        (root,),
    ).fetchall()
    found: dict[str, Alike] = {}
    for reason, word, people in _looked(connection, blobs, root, mine):
        for other, name, channel, address in people:
            found.setdefault(other, Alike(other, name, channel, address, reason, word))
    return tuple(found.values())[:AT_MOST]


def _looked(
    connection: Connection, blobs: Blobs, root: str, mine: list[tuple[str, str | None, str | None]]
) -> Iterator[tuple[str, str, list[_Found]]]:
    for channel, address, _ in mine:
        digits = (address or "").lstrip("+")
        if channel in {"whatsapp", "sms", "phone"} and digits.isdigit() and len(digits) >= 9:
            yield "phone", digits[-9:], _by_number(connection, root, digits[-9:])
    texts = _texts(connection, blobs, root)
    for mail in dict.fromkeys(each.lower() for text in texts for each in _MAIL.findall(text)):
        yield "mail", mail, _by_address(connection, root, mail)
    for order in list(dict.fromkeys(each for text in texts for each in _ORDER.findall(text)))[:3]:
        reason = "number" if order.isdigit() and len(order) >= _TELEPHONE else "order"
        yield reason, order, _by_order(connection, root, order)
    for _, _, name in mine:
        if name and " " in name.strip():
            yield "name", name, _by_name(connection, root, name)


def _texts(connection: Connection, blobs: Blobs, root: str) -> list[str]:
    rows = connection.execute(
        "SELECT m.text FROM message m JOIN ticket t ON t.id = m.ticket WHERE t.customer IN "
        "(SELECT id FROM customer WHERE root = ?) AND m.direction = 'in' AND m.class = 'human' AND NOT m.erased "
        "ORDER BY m.n DESC LIMIT ?",
        (root, MESSAGES),
    ).fetchall()
    return [blobs.text(connection, text)[:5000] for (text,) in rows]


def _people(rows: list[tuple[str, str | None, str, str | None]]) -> list[_Found]:
    return [(root, name or "", channel, address or "") for root, name, channel, address in rows]


def _by_number(connection: Connection, root: str, digits: str) -> list[_Found]:
    return _people(
        connection.execute(
            f"SELECT c.root, i.name, i.channel, i.address FROM identity i INDEXED BY identity_number {_OTHERS} "
            "AND i.channel IN ('whatsapp', 'sms', 'phone') AND substr(i.address, -9) = ? LIMIT ?",
            (root, digits, AT_MOST),
        ).fetchall()
    )


def _by_address(connection: Connection, root: str, mail: str) -> list[_Found]:
    return _people(
        connection.execute(
            f"SELECT c.root, i.name, i.channel, i.address FROM identity i INDEXED BY identity_address {_OTHERS} "
            "AND i.address = ? LIMIT ?",
            (root, mail, AT_MOST),
        ).fetchall()
    )


def _by_name(connection: Connection, root: str, name: str) -> list[_Found]:
    return _people(
        connection.execute(
            f"SELECT c.root, i.name, i.channel, i.address FROM identity i INDEXED BY identity_name {_OTHERS} "
            "AND i.name = ? COLLATE NOCASE LIMIT ?",
            (root, name, AT_MOST),
        ).fetchall()
    )


def _by_order(connection: Connection, root: str, order: str) -> list[_Found]:
    words = re.sub(r"[^0-9A-Za-z]+", " ", order).strip()
    rows = connection.execute(
        "SELECT rowid FROM search WHERE search MATCH ? ORDER BY rowid DESC LIMIT 20", (f'"{words}"',)
    )
    numbers = [str(int(n)) for (n,) in rows]
    return _people(
        connection.execute(
            f"SELECT DISTINCT c.root, i.name, i.channel, i.address FROM message m JOIN identity i ON i.id = m.author {_OTHERS} "
            f"AND m.n IN ({', '.join(numbers)}) LIMIT ?",
            (root, AT_MOST),
        ).fetchall()
    )
