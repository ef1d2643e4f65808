"""What somebody who comes back has to know: one query each, over index ranges, none longer than a page."""

import re

from agentdesk.core.folding import folded
from agentdesk.core.handover import Came, LeftOpen, Mention
from agentdesk.store.blobs import Blobs
from agentdesk.store.draft import TYPED
from agentdesk.store.driver import Connection
from agentdesk.store.rows import first_row

LOOKS_AT = 500
"""Notes that are looked through for a name."""


def last_act(connection: Connection, agent: str) -> str | None:
    """When this agent did something last; None for somebody who never did."""
    row = connection.execute(
        "SELECT at FROM event INDEXED BY event_actor WHERE actor = ? ORDER BY seq DESC LIMIT 1", (agent,)
    ).fetchone()
    return row[0] if row else None


def came(connection: Connection, since: str, limit: int) -> list[Came]:
    """The tickets to which people wrote since then, the newest first."""
    rows = connection.execute(
        "SELECT r.number, coalesce(i.name, ''), coalesce(i.address, ''), coalesce(r.subject, ''), count(*) "
        "FROM message m JOIN ticket t ON t.id = m.ticket JOIN ticket r ON r.id = t.root "
        "LEFT JOIN identity i ON i.id = r.identity WHERE m.n >= ? AND m.direction IN ('in', 'from_party') AND m.class = 'human' "
        "AND NOT m.history GROUP BY r.id ORDER BY max(m.n) DESC LIMIT ?",
        (first_row(since), limit),
    )
    return [Came(number, name or address, subject, count) for number, name, address, subject, count in rows]


def drafts(connection: Connection, limit: int) -> list[LeftOpen]:
    """What is typed and not sent, whoever typed it, the newest first."""
    rows = connection.execute(
        "SELECT r.number, d.agent, d.kind, d.at FROM draft d JOIN ticket t ON t.id = d.ticket JOIN ticket r ON r.id = t.root "  # noqa: S608
        f"WHERE d.text <> '' AND d.{TYPED} ORDER BY d.at DESC LIMIT ?",
        (limit,),
    )
    return [LeftOpen(*row) for row in rows]


def mentions(connection: Connection, blobs: Blobs, agent: str, since: str, limit: int) -> list[Mention]:
    """Notes of others since then with `@agent` in them, in whatever case and with or without accents, the newest first."""
    rows = connection.execute(
        "SELECT r.number, coalesce(m.name, ''), m.received_at, m.text FROM message m JOIN ticket t ON t.id = m.ticket "
        "JOIN ticket r ON r.id = t.root WHERE m.n >= ? AND m.direction = 'note' AND NOT m.hidden AND NOT m.erased "
        "ORDER BY m.n DESC LIMIT ?",
        (first_row(since), LOOKS_AT),
    ).fetchall()
    found: list[Mention] = []
    named = re.compile(rf"{re.escape(folded(f'@{agent}'))}(?!\w)")
    for number, name, at, text in rows:
        words = blobs.text(connection, text)
        if name != agent and named.search(folded(words)):
            found.append(Mention(number, name, at, words))
        if len(found) == limit:
            break
    return found
