"""A customer as the sidebar shows one: identities, earlier tickets with their outcome, notes."""

# ruff: noqa: S608 - the only thing put into the SQL here is _MINE

from agentdesk.core.views import CustomerCard, CustomerTicket
from agentdesk.store.blobs import Blobs
from agentdesk.store.driver import Connection

TICKETS, NOTES = 20, 10
_MINE = "(SELECT id FROM customer WHERE root = (SELECT root FROM customer WHERE id = ?))"


def card(
    connection: Connection, blobs: Blobs, customer: str, *, limit: int = TICKETS, notes: int = NOTES
) -> CustomerCard | None:
    """The card of a customer and of those merged with it; None where there is no such customer."""
    one = connection.execute(
        "SELECT root, language, erased FROM customer WHERE id = (SELECT root FROM customer WHERE id = ?)",
        (customer,),
    ).fetchone()
    if one is None:
        return None
    people = connection.execute(
        f"SELECT channel, coalesce(address, ''), coalesce(name, ''), failing, verdict FROM identity WHERE customer IN {_MINE} "
        "ORDER BY channel, address",
        (customer,),
    ).fetchall()
    span = connection.execute(
        f"SELECT min(created_at), max(last_message_at) FROM ticket WHERE customer IN {_MINE}",
        (customer,),
    ).fetchone()
    usual = connection.execute(
        f"SELECT channel FROM ticket WHERE customer IN {_MINE} GROUP BY channel ORDER BY count(*) DESC, channel LIMIT 1",
        (customer,),
    ).fetchone()
    return CustomerCard(
        id=one[0],
        name=next((row[2] for row in people if row[2]), ""),
        identities=tuple((row[0], row[1]) for row in people if row[1]),
        language=one[1],
        usual_channel=usual[0] if usual else "",
        first_at=span[0],
        last_at=span[1],
        tickets=_tickets(connection, customer, limit),
        notes=_notes(connection, blobs, customer, notes),
        erased=bool(one[2]),
        failing=tuple((row[0], row[1], row[3]) for row in people if row[1] and row[3]),
        verdicts=tuple((row[0], row[1], row[4]) for row in people if row[1] and row[4]),
    )


def _tickets(connection: Connection, customer: str, limit: int) -> tuple[CustomerTicket, ...]:
    rows = connection.execute(
        "SELECT number, coalesce(subject, ''), status, last_message_at, history, (SELECT group_concat(tag, ' ') FROM tag "
        f"WHERE ticket = t.id) FROM ticket t WHERE customer IN {_MINE} AND root = id "
        "ORDER BY last_message_at DESC LIMIT ?",
        (customer, limit),
    )
    return tuple(CustomerTicket(row[0], row[1], row[2], row[3], row[5] or "", bool(row[4])) for row in rows)


def _notes(
    connection: Connection, blobs: Blobs, customer: str, limit: int
) -> tuple[tuple[str, str, str], ...]:
    rows = connection.execute(
        "SELECT received_at, coalesce(name, ''), text FROM message WHERE direction = 'note' AND NOT hidden AND NOT erased "
        f"AND ticket IN (SELECT id FROM ticket WHERE customer IN {_MINE}) ORDER BY n DESC LIMIT ?",
        (customer, limit),
    ).fetchall()
    return tuple((at, name, blobs.text(connection, text)) for at, name, text in rows)


def is_customer(connection: Connection, identity: str) -> bool:
    """Whether a person wrote under this address, or was written to by us, and has not been forgotten."""
    row = connection.execute(
        "SELECT 1 FROM identity i JOIN customer c ON c.id = i.customer WHERE i.id = :identity AND NOT c.erased AND ("
        "EXISTS (SELECT 1 FROM message INDEXED BY message_author WHERE author = :identity AND class = 'human') "
        "OR EXISTS (SELECT 1 FROM participant p JOIN message m INDEXED BY message_answer ON m.ticket = p.ticket "
        "WHERE p.identity = :identity AND m.direction = 'out' AND NOT m.hidden))",
        {"identity": identity},
    ).fetchone()
    return row is not None


def unanswered(connection: Connection, cap: int = 2000) -> int:
    """How many customers have written last and have no public answer; counted to `cap` tickets.

    Whoever resolves a ticket without an answer has decided that none is needed.
    """
    return int(
        connection.execute(
            "SELECT count(DISTINCT c.root) FROM (SELECT customer FROM ticket INDEXED BY ticket_unanswered "
            "WHERE waiting_since IS NOT NULL AND bucket NOT IN ('merged', 'history', 'resolved') LIMIT ?) t "
            "JOIN customer c ON c.id = t.customer",
            (cap,),
        ).fetchone()[0]
    )
