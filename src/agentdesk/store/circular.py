"""What is still to be written of an answer to many, and which messages are held until all of it is.

Promises: everything is here before the first letter is written, and each letter is ticked off in the transaction that
writes it: whoever is killed goes on where it ended, and two processes do not write one letter twice. Local: no event, not in
the digest. An erase takes the letter with its ticket.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime, timedelta

from agentdesk.core.circular import Addressee
from agentdesk.core.instant import maybe_moment, stamp
from agentdesk.core.model import Acts, Status
from agentdesk.store.driver import Connection
from agentdesk.store.outbox import NOT_YET
from agentdesk.values import dataclass


@dataclass(frozen=True, slots=True)
class Left:
    """A circular that was begun: who wrote it, what a macro does with each answer, how many letters are still to be written."""

    id: str
    agent: str
    acts: Acts
    to_write: int


@dataclass(frozen=True, slots=True)
class Letter:
    """One that is still to be written. `answered` was the newest answer in its ticket when it was decided on."""

    ticket: str
    text: str
    answered: str | None


def begin(
    connection: Connection,
    circular: str,
    agent: str,
    gets: Iterable[Addressee],
    *,
    acts: Acts,
    hold: float,
    at: datetime,
) -> None:
    """Stores what is to be written."""
    connection.execute(
        "INSERT INTO circular VALUES (?, ?, ?, ?, ?)", (circular, agent, hold, _packed(acts), stamp(at))
    )
    connection.executemany(
        "INSERT INTO circular_letter VALUES (?, ?, ?, ?, ?, NULL)",
        [(circular, each.ticket, n, each.text, each.answered) for n, each in enumerate(gets)],
    )


def left(connection: Connection, circular: str | None = None) -> Left | None:
    """The circular of that id, else the oldest that is not whole; None where there is none."""
    row = connection.execute(
        "SELECT id, agent, acts, (SELECT count(*) FROM circular_letter WHERE circular = id AND message IS NULL) "
        "FROM circular WHERE ? IS NULL OR id = ? ORDER BY at LIMIT 1",
        (circular, circular),
    ).fetchone()
    return Left(row[0], row[1], _unpacked(row[2]), row[3]) if row else None


def letters(connection: Connection, circular: str, limit: int) -> list[Letter]:
    """The next ones to write."""
    rows = connection.execute(
        "SELECT ticket, text, answered FROM circular_letter WHERE circular = ? AND message IS NULL ORDER BY n LIMIT ?",
        (circular, limit),
    )
    return [Letter(*row) for row in rows]


def is_to_write(connection: Connection, circular: str, ticket: str) -> bool:
    """Whether it is still to be written: another process may have done it, or somebody wants no more of it."""
    sql = "SELECT 1 FROM circular_letter WHERE circular = ? AND ticket = ? AND message IS NULL"
    return connection.execute(sql, (circular, ticket)).fetchone() is not None


def written(connection: Connection, circular: str, ticket: str, message: str) -> None:
    """It became this message, in the same transaction."""
    sql = "UPDATE circular_letter SET message = ? WHERE circular = ? AND ticket = ?"
    connection.execute(sql, (message, circular, ticket))


def leave_out(connection: Connection, circular: str, ticket: str | None = None) -> None:
    """It is not to be written; without `ticket` whatever is not written yet."""
    connection.execute(
        "DELETE FROM circular_letter WHERE circular = ? AND message IS NULL AND (? IS NULL OR ticket = ?)",
        (circular, ticket, ticket),
    )


def close(connection: Connection, circular: str, now: datetime) -> tuple[str, ...]:
    """Where nothing is left to write: from now on its answers (given here) are held together, and go when that is over."""
    row = connection.execute(
        "SELECT hold FROM circular WHERE id = ? AND NOT EXISTS "
        "(SELECT 1 FROM circular_letter WHERE circular = id AND message IS NULL)",
        (circular,),
    ).fetchone()
    if row is None:
        return ()
    messages = connection.execute(
        "SELECT message FROM circular_letter WHERE circular = ?", (circular,)
    ).fetchall()
    goes = stamp(now + timedelta(seconds=row[0]))
    connection.execute(
        "UPDATE outbox SET release_at = ?, next_at = ? WHERE state = 'held' AND release_at = ? "
        "AND message IN (SELECT message FROM circular_letter WHERE circular = ?)",
        (goes, goes, stamp(NOT_YET), circular),
    )
    connection.execute("DELETE FROM circular_letter WHERE circular = ?", (circular,))
    connection.execute("DELETE FROM circular WHERE id = ?", (circular,))
    return tuple(message for (message,) in messages)


def _packed(acts: Acts) -> str:
    return json.dumps({**asdict(acts), "until": stamp(acts.until) if acts.until else None})


def _unpacked(text: str) -> Acts:
    found = json.loads(text)
    return Acts(
        tag=tuple(found["tag"]),
        untag=tuple(found["untag"]),
        priority=found["priority"],
        assign=found["assign"],
        until=maybe_moment(found["until"]),
        status=Status(found["status"]) if found["status"] else None,
        derives=found.get("derives"),
    )
