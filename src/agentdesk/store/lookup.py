"""What this laptop remembers of the shop's own facts, by ticket and lookup.

Local: no event, not in the digest, untouched by a rebuild. An erase of any customer takes all of it. A failure leaves the
former facts as they are.
"""

import json
from collections.abc import Iterable
from datetime import datetime

from agentdesk.core import lookup
from agentdesk.core.card import LookupView
from agentdesk.core.instant import stamp
from agentdesk.core.lookup import Fact, Question
from agentdesk.core.model import Fold
from agentdesk.core.text import visible
from agentdesk.store.blobs import Blobs
from agentdesk.store.driver import Connection

MESSAGES = 20
"""So many of a ticket's newest messages are looked into for order numbers."""


def known(connection: Connection, ticket: str) -> dict[str, tuple[LookupView, str]]:
    """By lookup: what is known for a ticket, and the question that it answers."""
    rows = connection.execute(
        "SELECT name, facts, asked_at, failed_at, failure, reason, asked FROM lookup WHERE ticket = ?",
        (ticket,),
    )
    return {row[0]: (LookupView(row[0], lookup.facts(json.loads(row[1])), *row[2:6]), row[6]) for row in rows}


def answered(
    connection: Connection, ticket: str, name: str, asked: str, facts: Iterable[Fact], at: datetime
) -> None:
    """The shop has answered: its facts take the place of the former ones."""
    said = json.dumps([each.document() for each in facts], ensure_ascii=False)
    connection.execute(
        "INSERT OR REPLACE INTO lookup VALUES (?, ?, ?, ?, ?, NULL, '', '')",
        (ticket, name, asked, said, stamp(at)),
    )


def failed(connection: Connection, ticket: str, name: str, failure: str, reason: str, at: datetime) -> None:
    """The shop has not answered, or not in a way that can be read; the former facts stay, and so does their time."""
    connection.execute(
        "INSERT INTO lookup VALUES (?, ?, '', '[]', NULL, ?, ?, ?) ON CONFLICT (ticket, name) DO UPDATE SET "
        "failed_at = excluded.failed_at, failure = excluded.failure, reason = excluded.reason",
        (ticket, name, stamp(at), failure, reason),
    )


def forget(connection: Connection, ticket: str) -> None:
    """The ticket is another customer's now: what is known of the former one is not shown there."""
    connection.execute("DELETE FROM lookup WHERE ticket = ?", (ticket,))


def people(connection: Connection, ticket: str) -> Question:
    """Whose ticket it is: every address of the customer, those of others merged with them too; nobody where it is erased."""
    rows = connection.execute(
        "SELECT i.channel, i.address FROM ticket t JOIN customer c ON c.id = t.customer JOIN customer x ON x.root = c.root "
        "JOIN identity i ON i.customer = x.id WHERE t.id = ? AND NOT c.erased AND i.address IS NOT NULL "
        "ORDER BY i.id <> t.identity, i.channel, i.address",
        (ticket,),
    )
    return Question(tuple((row[0], row[1]) for row in rows))


def written(connection: Connection, blobs: Blobs, ticket: str) -> tuple[str, ...]:
    """What the customer wrote in a ticket without quotes, the newest first, then its subject."""
    rows = connection.execute(
        "SELECT text, folds, coalesce(subject, '') FROM message WHERE ticket IN (SELECT id FROM ticket WHERE root = ?) "
        "AND direction = 'in' AND NOT hidden AND NOT erased ORDER BY n DESC LIMIT ?",
        (ticket, MESSAGES),
    ).fetchall()
    folds = [tuple(Fold(*each) for each in json.loads(row[1])) if row[1] else () for row in rows]
    texts = [visible(blobs.text(connection, row[0]), each) for row, each in zip(rows, folds, strict=True)]
    return (*texts, *dict.fromkeys(row[2] for row in rows))
