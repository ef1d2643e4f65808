"""What was typed and not sent: local, saved as it is typed, one for each ticket, agent and kind."""

from datetime import datetime

from agentdesk.core.instant import stamp
from agentdesk.store.driver import Connection

CHOICES = ("macro", "people", "files", "confirmed")
"""Kinds that are no text: what an answer will do, who gets it, what goes along and what of it was confirmed."""
TYPED = f"kind NOT IN {CHOICES}"
"""What is a text."""
DRAFTED_BY = f"(SELECT group_concat(d.agent, char(10)) FROM draft d WHERE d.ticket = t.id AND d.{TYPED})"  # noqa: S608
"""Who has begun something on the ticket `t`, a name a line, once for each kind."""


def save(connection: Connection, ticket: str, agent: str, kind: str, text: str, at: datetime) -> None:
    """`kind`: reply, note, call, party and the addresses of a third party, edit and the id of a message that is being changed, or macro,
    people, files or confirmed (what an answer will do, who gets it, what goes along, which promises are kept: no drafts of their own).
    An empty text takes the draft away."""
    if text.strip():
        connection.execute(
            "INSERT OR REPLACE INTO draft VALUES (?, ?, ?, ?, ?)", (ticket, agent, kind, text, stamp(at))
        )
    else:
        connection.execute(
            "DELETE FROM draft WHERE ticket = ? AND agent = ? AND kind = ?", (ticket, agent, kind)
        )


def text(connection: Connection, ticket: str, agent: str, kind: str) -> str:
    """The draft's text; empty where there is none."""
    sql = "SELECT text FROM draft WHERE ticket = ? AND agent = ? AND kind = ?"
    row = connection.execute(sql, (ticket, agent, kind)).fetchone()
    return row[0] if row else ""


def count(connection: Connection, ticket: str, agent: str | None = None) -> int:
    """How many there are on a ticket, of everybody or of one agent."""
    sql = f"SELECT count(*) FROM draft WHERE ticket = ? AND {TYPED} AND agent = coalesce(?, agent)"  # noqa: S608
    return int(connection.execute(sql, (ticket, agent)).fetchone()[0])


def being_typed(connection: Connection, account: str, since: datetime) -> list[str]:
    """What somebody is answering: the service's names of the newest messages from customers in those conversations."""
    rows = connection.execute(
        "SELECT (SELECT json_extract(m.headers, '$.message_id') FROM message m WHERE m.ticket = t.id AND m.direction = 'in' "
        "ORDER BY m.n DESC LIMIT 1) FROM draft d JOIN ticket t ON t.id = d.ticket "
        "WHERE d.kind = 'reply' AND d.at > ? AND t.account = ? AND t.is_chat",
        (stamp(since), account),
    )
    return [row[0] for row in rows if row[0]]
