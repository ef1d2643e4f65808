"""What was typed and not sent: local, saved as it is typed, one for each ticket, agent and kind.

Promises: what was typed in a ticket that went into another one stands in that, after what was typed there, and goes back with it where
the two are taken apart; once somebody has gone on writing it is one text, and stays where it is. Nothing of either is lost.
"""

import json
from collections.abc import Sequence
from datetime import datetime

from agentdesk.core.instant import stamp
from agentdesk.store.driver import Connection

CHOICES = ("macro", "people", "files", "confirmed")
"""Kinds that are no text: what an answer will do, who gets it, what goes along and what of it was confirmed."""
TYPED = f"kind NOT IN {CHOICES}"
"""What is a text."""
_LIES_IN = "(SELECT f.id FROM ticket f WHERE f.root = t.id)"
DRAFTED_BY = (
    f"(SELECT group_concat(d.agent, char(10)) FROM draft d WHERE d.ticket IN {_LIES_IN} AND d.{TYPED})"  # noqa: S608
)
"""Who has begun something on the ticket `t`, a name a line, once for each kind."""

_SHOWN = "coalesce((SELECT root FROM ticket WHERE id = :ticket), :ticket)"
_MEANT = (
    f"ticket IN (SELECT id FROM ticket WHERE root = {_SHOWN} UNION SELECT :ticket) "  # noqa: S608
    "AND agent = :agent AND kind = :kind"
)


def save(connection: Connection, ticket: str, agent: str, kind: str, text: str, at: datetime) -> None:
    """`kind`: reply, note, call, party and the addresses of a third party, edit and the id of a message that is being changed, or macro,
    people, files or confirmed (what an answer will do, who gets it, what goes along, which promises are kept: no drafts of their own).
    An empty text takes the draft away."""
    values = {"ticket": ticket, "agent": agent, "kind": kind, "text": text, "at": stamp(at)}
    connection.execute(f"DELETE FROM draft WHERE {_MEANT}", values)  # noqa: S608
    if text.strip():
        connection.execute(f"INSERT INTO draft VALUES ({_SHOWN}, :agent, :kind, :text, :at)", values)  # noqa: S608


def text(connection: Connection, ticket: str, agent: str, kind: str) -> str:
    """The draft's text; empty where there is none."""
    rows = connection.execute(
        f"SELECT text FROM draft WHERE {_MEANT} ORDER BY ticket <> {_SHOWN}, at, ticket",  # noqa: S608
        {"ticket": ticket, "agent": agent, "kind": kind},
    )
    return _joined(kind, [text for (text,) in rows])


def _joined(kind: str, some: Sequence[str]) -> str:
    """Several of a kind as one: texts and macros one after the other, all that goes along; of another choice the first counts."""
    if len(some) < 2:
        return "".join(some)
    if kind == "files":
        whole: dict[str, list[object]] = {}
        for each in some:
            for draft, files in json.loads(each).items():
                whole.setdefault(draft, []).extend(files)
        return json.dumps(whole)
    if kind == "macro":
        return "\n".join(some)
    return some[0] if kind in CHOICES else "\n\n".join(some)


def count(connection: Connection, ticket: str, agent: str | None = None) -> int:
    """How many there are on a ticket, of everybody or of one agent."""
    sql = (
        f"SELECT count(*) FROM ticket t JOIN draft d ON d.ticket IN {_LIES_IN} "  # noqa: S608
        f"WHERE t.id = ? AND d.{TYPED} AND d.agent = coalesce(?, d.agent)"
    )
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
