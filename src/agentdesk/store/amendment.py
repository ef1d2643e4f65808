"""Changes of messages of ours that a service has yet to make: local, in the transaction of the change.

One for each message, since only the newest counts: another change takes its place, and stands for those before it too. It is
asked of the service until that has said yes or no; the same change asked twice is one, so nothing has to be marked before.
"""

from datetime import datetime

from agentdesk.core.instant import maybe_moment, maybe_stamp, moment, stamp
from agentdesk.store.driver import Connection
from agentdesk.values import dataclass


@dataclass(frozen=True, slots=True)
class Amendment:
    """`event` is that of the change, `text` the content address of what is to stand there, None where the message is taken
    back; `first` to `last` are the message's versions that it stands for; `reached_at` is when the service first answered."""

    message: str
    event: str
    text: str | None
    first: int
    last: int
    asked_at: datetime
    attempts: int = 0
    reached_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """A message as far as somebody needs it who wants to change it: `state` is None where it was not written here, `is_withdrawn`
    one that was taken back, `names` are the service's for it."""

    direction: str
    state: str | None
    written_at: datetime
    account: str
    channel: str
    is_withdrawn: bool
    names: tuple[str, ...]


def sent(connection: Connection, message: str) -> Sent | None:
    """What is known of a message; None where there is none."""
    row = connection.execute(
        "SELECT m.direction, m.state, m.received_at, m.account, t.channel, EXISTS (SELECT 1 FROM version v WHERE v.message = m.id "
        "AND v.kind = 'withdrawn') FROM message m JOIN ticket t ON t.id = m.ticket WHERE m.id = ? AND NOT m.hidden",
        (message,),
    ).fetchone()
    if row is None:
        return None
    names = names_of(connection, message)
    channel = (
        names[0].partition(":")[0] if names else row[4]
    )  # an answer may have gone another way than its ticket's
    return Sent(row[0], row[1], moment(row[2]), row[3], channel, bool(row[5]), names)


def names_of(connection: Connection, message: str) -> tuple[str, ...]:
    """What the service calls a message of ours and its files; empty for one that was erased."""
    sql = "SELECT name FROM alias WHERE message = ? AND name IS NOT NULL"
    return tuple(name for (name,) in connection.execute(sql, (message,)))


def add(connection: Connection, account: str, amendment: Amendment) -> None:
    """To be asked from now on, in place of what was still to be asked of that message."""
    at = stamp(amendment.asked_at)
    connection.execute(
        "INSERT INTO amendment (message, account, event, text, first, last, asked_at, next_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (message) DO UPDATE SET event = excluded.event, text = excluded.text, last = excluded.last, "
        "asked_at = excluded.asked_at, next_at = excluded.next_at, attempts = 0, reached_at = NULL, error = NULL",
        (
            amendment.message,
            account,
            amendment.event,
            amendment.text,
            amendment.first,
            amendment.last,
            at,
            at,
        ),
    )


def due(connection: Connection, account: str, now: datetime) -> Amendment | None:
    """The one that has waited longest of those that may be asked now."""
    row = connection.execute(
        "SELECT message, event, text, first, last, asked_at, attempts, reached_at FROM amendment WHERE account = ? AND next_at <= ? "
        "ORDER BY next_at, asked_at LIMIT 1",
        (account, stamp(now)),
    ).fetchone()
    if row is None:
        return None
    message, event, text, first, last, asked_at, attempts, reached_at = row
    return Amendment(message, event, text, first, last, moment(asked_at), attempts, maybe_moment(reached_at))


def has_any(connection: Connection, account: str) -> bool:
    sql = "SELECT 1 FROM amendment WHERE account = ? LIMIT 1"
    return connection.execute(sql, (account,)).fetchone() is not None


def later(
    connection: Connection, amendment: Amendment, next_at: datetime, reached_at: datetime | None, error: str
) -> None:
    """Nothing before `next_at`; one that another has taken the place of meanwhile is left alone."""
    connection.execute(
        "UPDATE amendment SET next_at = ?, reached_at = ?, error = ?, attempts = attempts + 1 WHERE message = ? AND event = ?",
        (stamp(next_at), maybe_stamp(reached_at), error, amendment.message, amendment.event),
    )


def wait(connection: Connection, account: str, next_at: datetime) -> None:
    """Nothing of the account is asked before `next_at`."""
    sql = "UPDATE amendment SET next_at = max(next_at, ?) WHERE account = ?"
    connection.execute(sql, (stamp(next_at), account))


def wait_no_more(connection: Connection, account: str, until: datetime, now: datetime) -> None:
    """What was to be asked again by `until` is asked now."""
    sql = "UPDATE amendment SET next_at = ?1 WHERE account = ?2 AND next_at > ?1 AND next_at <= ?3"
    connection.execute(sql, (stamp(now), account, stamp(until)))


def done(connection: Connection, amendment: Amendment) -> bool:
    """It need not be asked any more; False where another has taken its place."""
    sql = "DELETE FROM amendment WHERE message = ? AND event = ?"
    return bool(connection.execute(sql, (amendment.message, amendment.event)).rowcount)


def forget(connection: Connection, message: str) -> None:
    connection.execute("DELETE FROM amendment WHERE message = ?", (message,))


def said_of(connection: Connection, message: str) -> str | None:
    """What was said last of a change that is still to be made, "" where nothing was; None where none is."""
    row = connection.execute(
        "SELECT coalesce(error, '') FROM amendment WHERE message = ?", (message,)
    ).fetchone()
    return row[0] if row else None
