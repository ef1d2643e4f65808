"""Which promises end when, and what time does next: each one step along its index."""

# ruff: noqa: S608 - the only things put into the SQL here are the texts below

from datetime import datetime

from agentdesk.core.instant import maybe_moment, moment, stamp
from agentdesk.core.notice import SOON, Promise
from agentdesk.store.driver import Connection

MOST = 2000
OWN_SOON = """(SELECT c.data ->> '$.soon_at' FROM clock c INDEXED BY clock_own_soon WHERE c.ticket = {ticket}.id
    AND c.data ->> '$.soon' IS NOT NULL AND c.data ->> '$.state' = 'running' AND c.data ->> '$.due_at' = {ticket}.next_due_at LIMIT 1)"""
"""When the promise of a ticket that ends next is due soon, where its target says so; `ticket` is what the row is called."""
_TOLD = "id, number, channel, {due_at}, assignee, coalesce(subject, ''), {soon_at}"
ENDING = f"""SELECT {_TOLD.format(due_at="next_due_at", soon_at=OWN_SOON.format(ticket="ticket"))} FROM ticket INDEXED BY ticket_due
    WHERE bucket = 'inbox' AND next_due_at > ? AND next_due_at <= ? ORDER BY next_due_at LIMIT ?"""
_SOON = """FROM clock c INDEXED BY clock_soon CROSS JOIN ticket ON id = c.ticket
    WHERE c.data ->> '$.soon' IS NOT NULL AND c.data ->> '$.state' = 'running' AND bucket = 'inbox' AND c.data ->> '$.soon_at' > ?"""
NEARING = f"""SELECT {_TOLD.format(due_at="c.data ->> '$.due_at'", soon_at="c.data ->> '$.soon_at'")} {_SOON}
    AND c.data ->> '$.soon_at' <= ? ORDER BY c.data ->> '$.soon_at' LIMIT ?"""
NEXT_SOON = f"SELECT c.data ->> '$.soon_at' {_SOON} ORDER BY c.data ->> '$.soon_at' LIMIT 1"
NEXT_END = """SELECT next_due_at FROM ticket INDEXED BY ticket_due WHERE bucket = 'inbox' AND next_due_at > ?
    ORDER BY next_due_at LIMIT 1"""
NEXT_WINDOW = """SELECT window_until FROM ticket INDEXED BY ticket_window WHERE bucket = 'inbox' AND window_until > ?
    ORDER BY window_until LIMIT 1"""
NEXT_WAKING = "SELECT min(snoozed_until) FROM ticket INDEXED BY ticket_snoozed WHERE snoozed_until > ?"
NEXT_RISING = "SELECT min(pledge_rises_at) FROM ticket INDEXED BY ticket_pledge WHERE pledge_rises_at > ?"


def promises(connection: Connection, after: datetime, until: datetime) -> tuple[Promise, ...]:
    """Those of what needs a person that end, or are due soon, after `after` and up to `until`; at most `MOST` of each."""
    rows = connection.execute(NEARING, (stamp(after), stamp(until), MOST)).fetchall()
    rows += connection.execute(ENDING, (stamp(after), stamp(until + SOON), MOST)).fetchall()
    known = {(row[0], row[3]): row for row in rows}
    return tuple(
        Promise(row[0], row[1], row[2], moment(row[3]), row[4], row[5], maybe_moment(row[6]))
        for row in known.values()
    )


def next_end(connection: Connection, after: datetime) -> datetime | None:
    """When the next promise ends after `after`."""
    return _one(connection, NEXT_END, after)


def next_soon(connection: Connection, after: datetime) -> datetime | None:
    """When the next promise is due soon whose target says so itself."""
    return _one(connection, NEXT_SOON, after)


def next_window(connection: Connection, after: datetime) -> datetime | None:
    """When the next channel's window ends of what needs a person."""
    return _one(connection, NEXT_WINDOW, after)


def next_waking(connection: Connection, after: datetime) -> datetime | None:
    """When the next ticket is to wake: one that sleeps, or one in which something was pledged."""
    found = (_one(connection, sql, after) for sql in (NEXT_WAKING, NEXT_RISING))
    return min(filter(None, found), default=None)


def _one(connection: Connection, sql: str, after: datetime) -> datetime | None:
    row = connection.execute(sql, (stamp(after),)).fetchone()
    return moment(row[0]) if row and row[0] else None
