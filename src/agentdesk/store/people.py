"""A customer as the sidebar shows one: identities, earlier tickets with their outcome, notes; and what an agent has to know of
somebody who comes by another channel before anything is answered."""

# ruff: noqa: S608 - the only thing put into the SQL here is _MINE

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from itertools import islice

from agentdesk.core.card import About, CustomerCard, CustomerTicket
from agentdesk.core.folding import tokens
from agentdesk.core.instant import moment
from agentdesk.core.model import Fold
from agentdesk.core.proof import Owed
from agentdesk.core.segment import Segment
from agentdesk.core.text import safe_line, visible
from agentdesk.core.views import Before
from agentdesk.store import segment, survey
from agentdesk.store.blobs import Blobs
from agentdesk.store.driver import Connection
from agentdesk.store.rows import first_row

TICKETS, NOTES, RATINGS = 20, 10, 3
NOTE = "note"
"""The field of a note about a customer (`core.profile`)."""
OPEN = 3
"""So many open matters are told of beside the one at hand."""
SAID = 200
"""Characters of what we said there."""
_MINE = "(SELECT id FROM customer WHERE root = (SELECT root FROM customer WHERE id = ?))"


def card(
    connection: Connection,
    blobs: Blobs,
    customer: str,
    *,
    limit: int = TICKETS,
    notes: int = NOTES,
    segments: tuple[Segment, ...] = (),
) -> CustomerCard | None:
    """The card of a customer and of those merged with it, and in which of `segments` they are; None where there is no such
    customer."""
    one = connection.execute(
        "SELECT root, language, erased, speaks, form, muted_at, no_surveys_at FROM customer WHERE id = (SELECT root FROM customer WHERE id = ?)",
        (customer,),
    ).fetchone()
    if one is None:
        return None
    people = connection.execute(
        f"SELECT channel, coalesce(address, ''), coalesce(name, ''), failing, verdict FROM identity WHERE customer IN {_MINE} "
        "ORDER BY channel, address",
        (customer,),
    ).fetchall()
    first_at, last_at, usual = _been(connection, customer)
    fields, about = _written(connection, one[0])
    called = tuple(dict.fromkeys(row[2] for row in people if row[2]))
    return CustomerCard(
        id=one[0],
        name=dict(fields).get("name") or next(iter(called), ""),
        identities=tuple((row[0], row[1]) for row in people if row[1]),
        language=one[1],
        usual_channel=usual,
        first_at=first_at,
        last_at=last_at,
        tickets=_tickets(connection, customer, limit),
        notes=_notes(connection, blobs, customer, notes),
        erased=bool(one[2]),
        failing=tuple((row[0], row[1], row[3]) for row in people if row[1] and row[3]),
        verdicts=tuple((row[0], row[1], row[4]) for row in people if row[1] and row[4]),
        fields=fields,
        about=about,
        called=called,
        speaks=one[3],
        form=one[4],
        muted_at=one[5],
        no_surveys_at=one[6],
        ratings=survey.ratings(connection, one[0], RATINGS),
        segments=segment.among(connection, one[0], segments),
    )


def _been(connection: Connection, customer: str) -> tuple[str | None, str | None, str]:
    """Since when and until when a customer has been here, and by which channel mostly."""
    span = connection.execute(
        f"SELECT min(created_at), max(last_message_at) FROM ticket WHERE customer IN {_MINE}",
        (customer,),
    ).fetchone()
    usual = connection.execute(
        f"SELECT channel FROM ticket WHERE customer IN {_MINE} GROUP BY channel ORDER BY count(*) DESC, channel LIMIT 1",
        (customer,),
    ).fetchone()
    return span[0], span[1], usual[0] if usual else ""


def _written(connection: Connection, root: str) -> tuple[tuple[tuple[str, str], ...], tuple[About, ...]]:
    """The fields, by name, and the notes, newest first, of a customer and those merged with it; its own field goes before
    another's."""
    rows = connection.execute(
        "SELECT p.id, p.field, p.value, p.author, p.at FROM customer c JOIN profile p ON p.customer = c.id AND NOT p.hidden "
        "WHERE c.root = ? AND p.value IS NOT NULL ORDER BY c.id <> c.root, p.at DESC, p.id DESC",
        (root,),
    ).fetchall()
    fields: dict[str, str] = {}
    for _, field, value, _, _ in rows:
        if field != NOTE:
            fields.setdefault(field, value)
    about = [About(id_, at, author, text) for id_, field, text, author, at in rows if field == NOTE]
    return tuple(sorted(fields.items())), tuple(sorted(about, key=lambda each: each.at, reverse=True))


def spoken_to(connection: Connection, customer: str) -> str | None:
    """The form of address that the shop set for a customer, None where it set none."""
    row = connection.execute(
        "SELECT form FROM customer WHERE id = (SELECT root FROM customer WHERE id = ?)", (customer,)
    ).fetchone()
    return row[0] if row else None


def wrote_at(connection: Connection, customer: str, since: str) -> list[datetime]:
    """When a customer wrote since then, on whichever channel; the newest fifty."""
    rows = connection.execute(
        "SELECT m.received_at FROM customer c JOIN customer x ON x.root = c.root JOIN identity i ON i.customer = x.id "
        "JOIN message m INDEXED BY message_author ON m.author = i.id WHERE c.id = ? AND m.n >= ? AND m.direction = 'in' "
        "AND m.class = 'human' ORDER BY m.n DESC LIMIT 50",
        (customer, first_row(since)),
    )
    return [moment(row[0]) for row in rows]


def _tickets(connection: Connection, customer: str, limit: int) -> tuple[CustomerTicket, ...]:
    rows = connection.execute(
        "SELECT number, coalesce(subject, ''), status, last_message_at, history, channel, (SELECT group_concat(tag, ' ') FROM tag "
        f"WHERE ticket = t.id) FROM ticket t WHERE customer IN {_MINE} AND root = id "
        "ORDER BY last_message_at DESC LIMIT ?",
        (customer, limit),
    )
    return tuple(
        CustomerTicket(row[0], row[1], row[2], row[3], row[6] or "", bool(row[4]), row[5]) for row in rows
    )


def before(connection: Connection, blobs: Blobs, ticket: str) -> tuple[Before, ...]:
    """What is open with the customer of a ticket in other tickets, then how the last one ended; nothing where all of them came
    by the ticket's own channel."""
    rows = connection.execute(
        "SELECT t.id, t.number, t.channel, t.status, t.last_message_at, coalesce(t.subject, ''), t.snoozed_until, "
        "me.channel FROM ticket me JOIN customer c ON c.id = me.customer JOIN customer x ON x.root = c.root "
        "JOIN ticket t ON t.customer = x.id WHERE me.id = ? AND t.root = t.id AND t.id <> me.id AND NOT t.machine "
        "AND NOT t.erased ORDER BY t.last_message_at DESC LIMIT ?",
        (ticket, TICKETS),
    ).fetchall()
    if all(row[2] == row[7] for row in rows):
        return ()
    found = [(row[0], Before(row[1], row[2], row[3], row[4], row[5], "", row[6])) for row in rows]
    going = [each for each in found if each[1].is_open][:OPEN]
    ended = [each for each in found if not each[1].is_open][:1]
    return tuple(replace(one, said=_said(connection, blobs, matter)) for matter, one in (*going, *ended))


def _said(connection: Connection, blobs: Blobs, ticket: str) -> str:
    """The last of ours in a ticket: an answer, a note, or a call that somebody wrote down."""
    row = connection.execute(
        "SELECT text, folds FROM message WHERE ticket IN (SELECT id FROM ticket WHERE root = ?) AND NOT hidden AND NOT erased "
        "AND (direction IN ('out', 'note') OR class_reason = 'call_in') ORDER BY n DESC LIMIT 1",
        (ticket,),
    ).fetchone()
    if row is None:
        return ""
    folds = tuple(Fold(*each) for each in json.loads(row[1])) if row[1] else ()
    return safe_line(visible(blobs.text(connection, row[0]), folds))[:SAID].strip()


def _notes(
    connection: Connection, blobs: Blobs, customer: str, limit: int
) -> tuple[tuple[str, str, str], ...]:
    rows = connection.execute(
        "SELECT received_at, coalesce(name, ''), text FROM message WHERE direction = 'note' AND NOT hidden AND NOT erased "
        f"AND ticket IN (SELECT id FROM ticket WHERE customer IN {_MINE}) ORDER BY n DESC LIMIT ?",
        (customer, limit),
    ).fetchall()
    return tuple((at, name, blobs.text(connection, text)) for at, name, text in rows)


def failing(connection: Connection, channel: str, address: str) -> str:
    """The status code with which the last message to somebody came back; empty where it did not."""
    row = connection.execute(
        "SELECT failing FROM identity WHERE address = ? AND channel = ? AND failing IS NOT NULL",
        (address, channel),
    ).fetchone()
    return row[0] if row else ""


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
    """How many customers have written last and have neither a public answer nor a reason why none is needed
    (`core.unanswered`); counted to `cap` tickets, along an index of those alone."""
    return int(
        connection.execute(
            "SELECT count(DISTINCT c.root) FROM (SELECT customer FROM ticket INDEXED BY ticket_owed "
            "WHERE owed_since IS NOT NULL LIMIT ?) t JOIN customer c ON c.id = t.customer",
            (cap,),
        ).fetchone()[0]
    )


def waits_in(connection: Connection, tickets: Iterable[str]) -> bool:
    """Whether somebody waits for an answer in one of these tickets."""
    sql = "SELECT 1 FROM json_each(?) JOIN ticket t ON t.id = value WHERE t.waiting_since IS NOT NULL LIMIT 1"
    return connection.execute(sql, (json.dumps(list(tickets)),)).fetchone() is not None


def owed(connection: Connection) -> list[Owed]:
    """Every ticket in which somebody counts as unanswered, and the message that waits longest in it, along the index of those."""
    rows = connection.execute(
        "SELECT c.root, t.id, (SELECT m.id FROM ticket f JOIN message m INDEXED BY message_person ON m.ticket = f.id "
        "WHERE f.root = t.id AND m.direction = 'in' AND m.class = 'human' AND NOT m.history AND m.settled IS NULL "
        "AND NOT m.hidden AND t.owed_since IN (m.received_at, m.asks_since) ORDER BY m.n LIMIT 1), t.owed_since "
        "FROM ticket t INDEXED BY ticket_owed JOIN customer c ON c.id = t.customer WHERE t.owed_since IS NOT NULL "
        "ORDER BY t.owed_since, t.id"
    )
    return [Owed(*row) for row in rows]


def called(connection: Connection, words: str, most: int) -> list[tuple[str, str, str]]:
    """(channel, address, name) of people in whose name each word stands, the first `most` by name. It looks through all of them."""
    wanted = tokens(words)
    rows = connection.execute(
        "SELECT channel, address, name FROM identity WHERE name IS NOT NULL AND address IS NOT NULL ORDER BY name, address"
    )
    found = ((channel, address, name) for channel, address, name in rows if set(wanted) <= set(tokens(name)))
    return list(islice(found, most)) if wanted else []


def known_as(connection: Connection, word: str) -> list[str]:
    """The customers of whom the shop wrote down `word`, such as its own number for them; where there is none, those who are called so,
    which looks through all of them. Merges are followed; two are enough to know that it says nobody."""
    said = connection.execute(
        "SELECT DISTINCT c.root FROM profile p JOIN customer c ON c.id = p.customer "
        "WHERE p.value = ? COLLATE NOCASE AND NOT p.hidden AND p.field NOT IN (?, 'name') LIMIT 2",
        (word, NOTE),
    ).fetchall()
    if said or not (wanted := set(tokens(word))):
        return [row[0] for row in said]
    rows = connection.execute(
        "SELECT c.root, i.name FROM identity i JOIN customer c ON c.id = i.customer WHERE i.name IS NOT NULL UNION ALL "
        "SELECT c.root, p.value FROM profile p JOIN customer c ON c.id = p.customer WHERE p.field = 'name' AND NOT p.hidden"
    )
    found = dict.fromkeys(root for root, name in rows if wanted <= set(tokens(name or "")))
    return list(found)[:2]
