"""What was written and is not done with: local to the laptop that sends it, in the transaction of the reply.

States: `held` (can be taken back until `release_at`), `queued`, `sending` (nothing has gone: safe to try again), `data` (it may
have gone: again only where the same message arrives once, and never taken back), `filing` (accepted; only the copy in Sent is missing).
"""

import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from agentdesk.core.gap import JUMP
from agentdesk.core.instant import maybe_moment, maybe_stamp, moment, stamp
from agentdesk.store import failure
from agentdesk.store.driver import Connection
from agentdesk.values import dataclass

HELD, QUEUED, SENDING, DATA, FILING = "held", "queued", "sending", "data", "filing"
NOT_YET = datetime(9999, 12, 31, tzinfo=UTC)
"""When an answer goes that waits for others to be written (`store.circular`)."""
_MAILING = (
    "SELECT m.raw, m.address, m.headers, m.received_at, m.state, iif(m.direction = 'auto', m.class_reason, ''), "
    "iif(m.direction = 'auto', (SELECT h.received_at FROM message h WHERE h.ticket = m.ticket AND h.direction = 'in' "
    "AND h.class = 'human' AND NOT h.history AND h.n < m.n ORDER BY h.n DESC LIMIT 1), NULL) "
    "FROM message m WHERE m.id = ? AND NOT m.erased AND NOT m.hidden"
)
_COLUMNS = "message, account, ticket, state, release_at, next_at, attempts, error, goes_at, reached_at"


@dataclass(frozen=True, slots=True)
class Waiting:
    """One row; times aware in UTC. `goes_at` is a time that an agent chose for it, until it is told to go at once; `reached_at` is
    when a server answered for the first time and did not take it."""

    message: str
    account: str
    ticket: str
    state: str
    release_at: datetime
    next_at: datetime
    attempts: int
    error: str | None
    goes_at: datetime | None = None
    reached_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Mailing:
    """What a reply is made of when it goes: the raw form's address in the blobs, and who gets it. `automatic` is the kind of
    what agentdesk itself says, empty for what a person wrote; `heard_at` is when the message arrived that it speaks to."""

    raw: str
    message_id: str
    sender: str
    recipients: tuple[str, ...]
    written_at: datetime
    state: str | None
    automatic: str = ""
    heard_at: datetime | None = None


class Outbox:
    """The table, over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(
        self,
        message: str,
        account: str,
        ticket: str,
        *,
        release_at: datetime,
        now: datetime,
        goes_at: datetime | None = None,
    ) -> str:
        """Puts a reply in; gives its state. `goes_at`: the agent chose that it goes then."""
        released = goes_at or release_at
        state = HELD if released > now else QUEUED
        self._connection.execute(
            f"INSERT INTO outbox ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, 0, NULL, ?, NULL)",  # noqa: S608
            (message, account, ticket, state, stamp(released), stamp(released), maybe_stamp(goes_at)),
        )
        return state

    def went(self, message: str, account: str, ticket: str, now: datetime) -> None:
        """It was accepted: what is left is its copy in Sent."""
        self.remove(message)
        self._connection.execute(
            f"INSERT INTO outbox ({_COLUMNS}) VALUES (?, ?, ?, 'filing', ?, ?, 0, NULL, NULL, NULL)",  # noqa: S608
            (message, account, ticket, stamp(now), stamp(now)),
        )

    def remove(self, message: str) -> None:
        self._connection.execute("DELETE FROM outbox WHERE message = ?", (message,))

    def set(
        self,
        message: str,
        state: str,
        *,
        next_at: datetime | None = None,
        said_at: datetime | None = None,
        reached_at: datetime | None = None,
        error: str | None = None,
    ) -> None:
        """`sending` counts as an attempt; `said_at` is when `next_at` was said; the last error stays until another takes its place."""
        self._connection.execute(
            "UPDATE outbox SET state = ?, next_at = coalesce(?, next_at), said_at = coalesce(?, said_at), "
            "reached_at = coalesce(?, reached_at), error = coalesce(?, error), "
            "attempts = CASE ? WHEN 'sending' THEN attempts + 1 ELSE attempts END WHERE message = ?",
            (
                state,
                maybe_stamp(next_at),
                maybe_stamp(said_at),
                maybe_stamp(reached_at),
                error,
                state,
                message,
            ),
        )

    def wait(self, account: str, next_at: datetime, now: datetime) -> None:
        """Nothing of the account goes before `next_at`."""
        sql = "UPDATE outbox SET next_at = ?, said_at = ? WHERE account = ? AND state IN ('queued', 'held') AND next_at < ?"
        self._connection.execute(sql, (stamp(next_at), stamp(now), account, stamp(next_at)))

    def file_later(self, message: str, next_at: datetime, now: datetime) -> None:
        sql = "UPDATE outbox SET next_at = ?, said_at = ?, attempts = attempts + 1 WHERE message = ?"
        self._connection.execute(sql, (stamp(next_at), stamp(now), message))

    def release(self, message: str, now: datetime) -> bool:
        """Lets a held reply go now; False where it is not held."""
        done = self._connection.execute(
            "UPDATE outbox SET state = 'queued', release_at = ?, next_at = ?, goes_at = NULL WHERE message = ? AND state = 'held'",
            (stamp(now), stamp(now), message),
        )
        return bool(done.rowcount)

    def one(self, message: str) -> Waiting | None:
        found = self._rows("WHERE message = ?", message)
        return found[0] if found else None

    def all(self, account: str | None = None) -> list[Waiting]:
        """Everything, oldest first."""
        return self._rows("WHERE ? IS NULL OR account = ? ORDER BY n", account, account)

    def held_in(self, tickets: Iterable[str]) -> list[Waiting]:
        """What waits in these tickets and has surely not gone yet."""
        return [
            row
            for ticket in tickets
            for row in self._rows(
                "WHERE ticket = ? AND state IN ('held', 'queued', 'sending') ORDER BY n", ticket
            )
        ]

    def has_timed(self) -> bool:
        """Whether anything waits for a chosen time."""
        sql = "SELECT 1 FROM outbox WHERE goes_at IS NOT NULL LIMIT 1"
        return self._connection.execute(sql).fetchone() is not None

    def timed(self, tickets: Iterable[str]) -> list[Waiting]:
        """What waits in these tickets for a chosen time, or has waited and surely not gone yet."""
        return [row for row in self.held_in(tickets) if row.goes_at is not None]

    def on_its_way(self, account: str, identity: str, text: str) -> str | None:
        """The oldest message with this text to this person that may have gone and of which nobody has said so yet."""
        row = self._connection.execute(
            "SELECT m.id FROM message m JOIN ticket t ON t.id = m.ticket LEFT JOIN outbox o ON o.message = m.id "
            "WHERE m.text = ? AND m.account = ? AND t.identity = ? AND m.direction IN ('out', 'auto') AND NOT m.hidden "
            "AND (o.state = 'data' OR m.state = 'unknown') ORDER BY m.n LIMIT 1",
            (text, account, identity),
        ).fetchone()
        return str(row[0]) if row else None

    def due(self, account: str, now: datetime, *, again: bool = False) -> Waiting | None:
        """The oldest that may go now and whose ticket has nothing older that has yet to go; with `again` also one that may have
        gone before.

        What goes at a chosen time keeps nobody waiting until then, and waits itself until the account was looked at after
        it: what the customer wrote meanwhile goes first.
        """
        found = self._rows(
            "AS o WHERE account = ? AND next_at <= ? AND (state = 'queued' OR state = 'held' AND release_at <= ? "
            "OR state = 'data' AND ?) "
            "AND (goes_at IS NULL OR EXISTS (SELECT 1 FROM health h WHERE h.account = o.account "
            "AND h.synced_at BETWEEN o.goes_at AND ?)) "  # a look that is yet to come was a wrong clock's
            "AND NOT EXISTS (SELECT 1 FROM outbox e WHERE e.ticket = o.ticket AND e.n < o.n AND e.state <> 'filing' "
            "AND (e.goes_at IS NULL OR e.state <> 'held')) "
            "ORDER BY n LIMIT 1",
            account,
            stamp(now),
            stamp(now),
            again,
            stamp(now),
        )
        return found[0] if found else None

    def waits_for_a_look(self, account: str, now: datetime) -> bool:
        """Whether the time of an answer has come, and the account was not looked at since."""
        sql = (
            "SELECT 1 FROM outbox o LEFT JOIN health h ON h.account = o.account WHERE o.account = ? AND o.goes_at <= ? "
            "AND o.state IN ('held', 'queued') AND NOT coalesce(h.synced_at BETWEEN o.goes_at AND ?, 0) LIMIT 1"
        )
        return self._connection.execute(sql, (account, stamp(now), stamp(now))).fetchone() is not None

    def to_file(self, account: str, now: datetime) -> Waiting | None:
        """The oldest accepted one whose copy is still to be filed."""
        sql = "WHERE account = ? AND state = 'filing' AND next_at <= ? ORDER BY n LIMIT 1"
        found = self._rows(sql, account, stamp(now))
        return found[0] if found else None

    def mailing(self, message: str) -> Mailing | None:
        """What goes; None for a message that was erased or taken back."""
        row = self._connection.execute(_MAILING, (message,)).fetchone()
        if row is None:
            return None
        headers: dict[str, Any] = json.loads(row[2] or "{}")
        people = (address for field in ("to", "cc", "bcc") for _, address in headers.get(field, ()))
        to = failure.still_to_reach(self._connection, message, tuple(dict.fromkeys(people)))
        heard_at = maybe_moment(row[6])
        return Mailing(row[0], headers["message_id"], row[1], to, moment(row[3]), row[4], row[5], heard_at)

    def is_on_server(self, message: str) -> bool:
        """Whether a copy of it was seen there: then it went."""
        sql = "SELECT 1 FROM place WHERE message = ? LIMIT 1"
        return self._connection.execute(sql, (message,)).fetchone() is not None

    def _rows(self, where: str, *values: Any) -> list[Waiting]:
        rows: Iterable[Any] = self._connection.execute(f"SELECT {_COLUMNS} FROM outbox {where}", values)  # noqa: S608
        return [
            Waiting(
                message,
                account,
                ticket,
                state,
                moment(release_at),
                moment(next_at),
                attempts,
                error,
                maybe_moment(goes_at),
                maybe_moment(reached_at),
            )
            for message, account, ticket, state, release_at, next_at, attempts, error, goes_at, reached_at in rows
        ]


def wait_no_more(connection: Connection, account: str, until: datetime, now: datetime) -> int:
    """What was to be tried again by `until` is tried now, what is held at the end of its hold; gives how many."""
    sql = (
        "UPDATE outbox SET next_at = max(?1, release_at), said_at = ?1 WHERE account = ?2 AND state IN ('queued', 'held') "
        "AND next_at > max(?1, release_at) AND next_at <= max(?3, release_at)"
    )
    return connection.execute(sql, (stamp(now), account, stamp(until))).rowcount


def ahead(connection: Connection, account: str, now: datetime) -> list[tuple[str, datetime, datetime]]:
    """What waits for a time that only a clock ahead of `now` can have said: (message, when it may go then, when it is tried then).

    A hold lasts as long as was meant, from now on; what was to be tried again is tried now. A time that an agent chose stays.
    """
    rows = connection.execute(
        "SELECT o.message, o.state, o.release_at, o.next_at, o.goes_at, m.received_at, o.said_at FROM outbox o "
        "JOIN message m ON m.id = o.message WHERE o.account = ?1 AND o.release_at <> ?2 AND o.next_at > ?3 "
        "AND max(iif(o.goes_at IS NULL, m.received_at, ''), coalesce(o.said_at, '')) > ?4",
        (account, stamp(NOT_YET), stamp(now), stamp(now + JUMP)),
    )
    found = []
    for message, state, release, following, goes, written, said in rows:
        release_at, next_at, written_at, goes_at = (
            moment(release), moment(following), moment(written), maybe_moment(goes),
        )  # fmt: skip
        changed = release_at, next_at
        if goes_at is None and written_at > now + JUMP:
            release_at = min(release_at, now + max(release_at - written_at, timedelta()))
        if (maybe_moment(said) or written_at) > now + JUMP:
            next_at = min(next_at, max(now, goes_at or (release_at if state == HELD else now)))
        if changed != (release_at, next_at):
            found.append((message, release_at, next_at))
    return found


def bring_back(
    connection: Connection, found: Iterable[tuple[str, datetime, datetime]], now: datetime
) -> None:
    """Gives what was found `ahead` the times that were meant."""
    connection.executemany(
        "UPDATE outbox SET release_at = ?, next_at = ?, said_at = ? WHERE message = ?",
        [(stamp(release_at), stamp(next_at), stamp(now), message) for message, release_at, next_at in found],
    )
