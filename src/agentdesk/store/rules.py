"""What the rules have looked at, what waits for them, what they did and could not do.

Promises: the place in the log, what waits and what was done move in the transaction that does it, so that whoever is killed goes on
where it ended. Local but for `firing`, which the fold writes. Refuses: judging.
"""

import json
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from agentdesk.core.instant import moment, stamp
from agentdesk.core.rules import BY_CLOCK, Deed
from agentdesk.store import log
from agentdesk.store.driver import Connection
from agentdesk.values import dataclass

_OF_TICKET = "WHERE f.ticket IN (SELECT id FROM ticket WHERE root = :ticket)"
_OF_RULE = "WHERE (:rule IS NULL OR f.rule = :rule)"


@dataclass(frozen=True, slots=True)
class Wait:
    """Something that a rule has to judge at `due_at`: `kind` of event `cause`, on `ticket`; `message` came in or went out with it.
    `key` is the cause's id for what is judged at once, empty for what waits, and the clock's for what a clock sets off."""

    n: int
    rule: str
    ticket: str
    kind: str
    key: str
    cause: str
    message: str | None
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Fired:
    """What a rule did on a ticket: `kind` of event `cause` set it off; `taken_back`: an undo has turned it round."""

    id: str
    rule: str
    ticket: str
    number: int
    kind: str
    cause: str | None
    did: tuple[str, ...]
    at: str
    taken_back: bool


@dataclass(frozen=True, slots=True)
class Failure:
    """What a rule could not do on a ticket: `did` is that part of it, empty for all; `code` says why, with its `values`."""

    rule: str
    ticket: str
    number: int
    did: str
    code: str
    values: Mapping[str, object]
    at: str


@dataclass(frozen=True, slots=True)
class ToDo:
    """A deed beside a ticket that is still to be done; `begun`: somebody began, and nobody knows whether it was done."""

    id: int
    firing: str
    rule: str
    ticket: str
    deed: Deed
    begun: bool


@dataclass(frozen=True, slots=True)
class ToTell:
    """A firing that somebody is to hear of, with its ticket as it is now."""

    firing: str
    rule: str
    ticket: str
    number: int
    channel: str
    assignee: str | None
    at: str


# Up to where, and since when.


def watched(connection: Connection) -> dict[str, int]:
    """By rule the number of the event after which it looks."""
    return dict(connection.execute("SELECT rule, since FROM rule_watch").fetchall())


def watch(connection: Connection, names: Collection[str]) -> None:
    """These rules look from now on, those that did before since before, and no others."""
    since, before = log.head(connection), watched(connection)
    connection.executemany(
        "INSERT INTO rule_watch VALUES (?, ?) ON CONFLICT DO NOTHING", [(name, since) for name in names]
    )
    for name in set(before) - set(names):
        connection.execute("DELETE FROM rule_watch WHERE rule = ?", (name,))
        connection.execute("DELETE FROM rule_wait WHERE rule = ?", (name,))
    if not before or not names:
        put_place(connection, since)


def place(connection: Connection) -> int | None:
    """The number of the last event that was looked at; None where none was yet."""
    row = connection.execute("SELECT seq FROM rule_place").fetchone()
    return int(row[0]) if row else None


def put_place(connection: Connection, seq: int) -> None:
    connection.execute(
        "INSERT INTO rule_place VALUES (1, ?) ON CONFLICT DO UPDATE SET seq = excluded.seq", (seq,)
    )


# What waits.


def wait(
    connection: Connection, rule: str, ticket: str, kind: str, cause: str, due_at: datetime, *,
    key: str = "", message: str | None = None,
) -> None:  # fmt: skip
    """One that waits already goes on waiting."""
    connection.execute(
        "INSERT INTO rule_wait (rule, ticket, kind, key, cause, message, due_at) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (rule, ticket, kind, key, cause, message, stamp(due_at)),
    )


def due(connection: Connection, now: datetime, after: int = 0, limit: int = 50) -> list[Wait]:
    """What is to be judged now, in order. What a customer's word would have ended does not come before the ticket's account was looked
    at once after its time."""
    rows = connection.execute(
        "SELECT w.n, w.rule, w.ticket, w.kind, w.key, w.cause, w.message, w.due_at FROM rule_wait w JOIN ticket t ON t.id = w.ticket "
        "LEFT JOIN health h ON h.account = t.account WHERE w.due_at <= ? AND (w.key = w.cause OR h.account IS NULL "
        "OR h.synced_at BETWEEN w.due_at AND ?) ORDER BY w.due_at, w.n LIMIT ?",
        (stamp(now), stamp(now), limit),
    )
    return [_wait(row) for row in rows]


def held_back(connection: Connection, now: datetime) -> list[str]:
    """The accounts that have to be looked at before something that is due is judged."""
    rows = connection.execute(
        "SELECT DISTINCT h.account FROM rule_wait w JOIN ticket t ON t.id = w.ticket JOIN health h ON h.account = t.account "
        "WHERE w.due_at <= ? AND w.key <> w.cause AND NOT coalesce(h.synced_at BETWEEN w.due_at AND ?, 0)",
        (stamp(now), stamp(now)),
    )
    return [row[0] for row in rows]


def next_due(connection: Connection, after: datetime | None = None) -> datetime | None:
    """When something is to be judged next, of what falls due later than `after`; None where nothing waits."""
    since = stamp(after) if after else ""
    row = connection.execute("SELECT min(due_at) FROM rule_wait WHERE due_at > ?", (since,)).fetchone()
    return moment(row[0]) if row[0] else None


def still(connection: Connection, n: int) -> Wait | None:
    """The one of that number; None where it is gone."""
    row = connection.execute(
        "SELECT n, rule, ticket, kind, key, cause, message, due_at FROM rule_wait WHERE n = ?", (n,)
    ).fetchone()
    return _wait(row) if row else None


def waiting(connection: Connection, ticket: str, rules: Collection[str]) -> list[Wait]:
    """What of these rules waits on a ticket for its time."""
    rows = connection.execute(
        "SELECT n, rule, ticket, kind, key, cause, message, due_at FROM rule_wait WHERE ticket = ? AND key <> cause "
        "AND rule IN (SELECT value FROM json_each(?)) ORDER BY n",
        (ticket, json.dumps(sorted(rules))),
    )
    return [_wait(row) for row in rows]


def put_off(connection: Connection, wait: Wait, until: datetime) -> None:
    """It is judged later."""
    connection.execute("UPDATE rule_wait SET due_at = ? WHERE n = ?", (stamp(until), wait.n))


def drop(connection: Connection, waits: Iterable[Wait]) -> None:
    connection.executemany("DELETE FROM rule_wait WHERE n = ?", [(each.n,) for each in waits])


def by_clock(connection: Connection, ticket: str, rule: str) -> list[Wait]:
    """What of a rule waits for a clock of a ticket."""
    return [each for each in waiting(connection, ticket, (rule,)) if each.kind in BY_CLOCK]


def counts(connection: Connection) -> dict[str, int]:
    """By rule how many tickets it waits on."""
    return dict(connection.execute("SELECT rule, count(*) FROM rule_wait GROUP BY rule").fetchall())


def _wait(row: Any) -> Wait:
    n, rule, ticket, kind, key, cause, message, due_at = row
    return Wait(n, rule, ticket, kind, key, cause, message, moment(due_at))


def is_taken_back(connection: Connection, event: str) -> bool:
    """Whether an undo has turned an event round."""
    return connection.execute("SELECT 1 FROM taken_back WHERE event = ?", (event,)).fetchone() is not None


# What was done.


def fired(
    connection: Connection, *, limit: int = -1, ticket: str | None = None, rule: str | None = None
) -> list[Fired]:
    """The newest firings first: all, of a ticket with those merged into it, or of a rule."""
    rows = connection.execute(
        "SELECT f.id, f.rule, r.id, r.number, f.kind, f.cause, f.did, f.at, "  # noqa: S608 - a text of ours
        "EXISTS (SELECT 1 FROM taken_back b WHERE b.event = f.id) FROM firing f JOIN ticket t ON t.id = f.ticket "
        f"JOIN ticket r ON r.id = t.root {_OF_TICKET if ticket else _OF_RULE} ORDER BY f.at DESC, f.id LIMIT :limit",
        {"ticket": ticket, "rule": rule, "limit": limit},
    )
    return [_fired(row) for row in rows]


def _fired(row: Any) -> Fired:
    id_, rule, ticket, number, kind, cause, did, at, taken_back = row
    return Fired(id_, rule, ticket, number, kind, cause, tuple(json.loads(did)), at, bool(taken_back))


def times_fired(connection: Connection) -> dict[str, tuple[int, str]]:
    """By rule how often it acted, and when last."""
    rows = connection.execute("SELECT rule, count(*), max(at) FROM firing GROUP BY rule")
    return {rule: (n, at) for rule, n, at in rows}


def to_do(connection: Connection, firing: str, rule: str, ticket: str, deeds: Iterable[Deed]) -> None:
    """Keeps what is to be done beside the ticket after the transaction."""
    connection.executemany(
        "INSERT INTO rule_deed (firing, rule, ticket, kind, words) VALUES (?, ?, ?, ?, ?)",
        [(firing, rule, ticket, each.kind, json.dumps(each.words)) for each in deeds],
    )


def left_to_do(connection: Connection) -> list[ToDo]:
    """What somebody who runs rules does; what is to be told waits for whoever tells."""
    rows = connection.execute(
        "SELECT id, firing, rule, ticket, kind, words, begun FROM rule_deed WHERE kind <> 'notify' ORDER BY id"
    )
    return [_to_do(row) for row in rows]


def _to_do(row: Any) -> ToDo:
    id_, firing, rule, ticket, kind, words, begun = row
    return ToDo(id_, firing, rule, ticket, Deed(kind, tuple(json.loads(words))), bool(begun))


def to_tell(connection: Connection) -> list[ToTell]:
    rows = connection.execute(
        "SELECT d.firing, d.rule, r.id, r.number, r.channel, r.assignee, f.at FROM rule_deed d JOIN firing f ON f.id = d.firing "
        "JOIN ticket t ON t.id = d.ticket JOIN ticket r ON r.id = t.root WHERE d.kind = 'notify' ORDER BY d.id"
    )
    return [ToTell(*row) for row in rows]


def told(connection: Connection, firing: str) -> None:
    """What a firing had to tell is told."""
    connection.execute("DELETE FROM rule_deed WHERE firing = ? AND kind = 'notify'", (firing,))


def rule_of(connection: Connection, firing: str) -> str | None:
    """Which rule acted."""
    row = connection.execute("SELECT rule FROM firing WHERE id = ?", (firing,)).fetchone()
    return str(row[0]) if row else None


def begin(connection: Connection, deed: int) -> None:
    """From here on nobody knows whether it was done, until it is `done`."""
    connection.execute("UPDATE rule_deed SET begun = 1 WHERE id = ?", (deed,))


def done(connection: Connection, deed: int) -> None:
    connection.execute("DELETE FROM rule_deed WHERE id = ?", (deed,))


def fail(
    connection: Connection,
    rule: str,
    ticket: str,
    at: datetime,
    *,
    code: str,
    values: Mapping[str, object],
    did: str = "",
) -> None:
    """Keeps what could not be done."""
    connection.execute(
        "INSERT INTO rule_failure (rule, ticket, did, code, said, at) VALUES (?, ?, ?, ?, ?, ?)",
        (rule, ticket, did, code, json.dumps(values, default=str), stamp(at)),
    )


def newest_failure(connection: Connection) -> int:
    """The number of the last thing that could not be done."""
    return int(connection.execute("SELECT coalesce(max(id), 0) FROM rule_failure").fetchone()[0])


def failures(
    connection: Connection,
    *,
    limit: int = -1,
    ticket: str | None = None,
    rule: str | None = None,
    after: int = 0,
) -> list[Failure]:
    """The newest first, of those `after` a number: all, of a ticket with those merged into it, or of a rule."""
    rows = connection.execute(
        "SELECT f.rule, r.id, r.number, f.did, f.code, f.said, f.at FROM rule_failure f JOIN ticket t ON t.id = f.ticket "  # noqa: S608 - ours
        f"JOIN ticket r ON r.id = t.root {_OF_TICKET if ticket else _OF_RULE} AND f.id > :after ORDER BY f.id DESC LIMIT :limit",
        {"ticket": ticket, "rule": rule, "after": after, "limit": limit},
    )
    return [_failure(row) for row in rows]


def _failure(row: Any) -> Failure:
    rule, ticket, number, did, code, said, at = row
    return Failure(rule, ticket, number, did, code, json.loads(said), at)
