"""Which promises end when, and what time does next: each one step along its index."""

from datetime import datetime

from agentdesk.core.instant import moment, stamp
from agentdesk.core.notice import Promise
from agentdesk.store.driver import Connection

MOST = 2000
PROMISES = """SELECT id, number, channel, next_due_at, assignee, coalesce(subject, '') FROM ticket INDEXED BY ticket_due
    WHERE bucket = 'inbox' AND next_due_at > ? AND next_due_at <= ? ORDER BY next_due_at LIMIT ?"""
NEXT_END = """SELECT next_due_at FROM ticket INDEXED BY ticket_due WHERE bucket = 'inbox' AND next_due_at > ?
    ORDER BY next_due_at LIMIT 1"""
NEXT_WINDOW = """SELECT window_until FROM ticket INDEXED BY ticket_window WHERE bucket = 'inbox' AND window_until > ?
    ORDER BY window_until LIMIT 1"""
NEXT_WAKING = "SELECT min(snoozed_until) FROM ticket INDEXED BY ticket_snoozed WHERE snoozed_until > ?"
NEXT_RISING = "SELECT min(pledge_rises_at) FROM ticket INDEXED BY ticket_pledge WHERE pledge_rises_at > ?"


def promises(connection: Connection, after: datetime, until: datetime) -> tuple[Promise, ...]:
    """Those of what needs a person that end after `after` and up to `until`, soonest first, at most `MOST`."""
    rows = connection.execute(PROMISES, (stamp(after), stamp(until), MOST))
    return tuple(Promise(row[0], row[1], row[2], moment(row[3]), row[4], row[5]) for row in rows)


def next_end(connection: Connection, after: datetime) -> datetime | None:
    """When the next promise ends after `after`."""
    return _one(connection, NEXT_END, after)


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
