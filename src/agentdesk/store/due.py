"""Which promises end when, along their index."""

from datetime import datetime

from agentdesk.core.instant import moment, stamp
from agentdesk.core.notice import Promise
from agentdesk.store.driver import Connection

MOST = 2000
PROMISES = """SELECT id, number, channel, next_due_at, assignee, coalesce(subject, '') FROM ticket INDEXED BY ticket_due
    WHERE bucket = 'inbox' AND next_due_at > ? AND next_due_at <= ? ORDER BY next_due_at LIMIT ?"""


def promises(connection: Connection, after: datetime, until: datetime) -> tuple[Promise, ...]:
    """Those of what needs a person that end after `after` and up to `until`, soonest first, at most `MOST`."""
    rows = connection.execute(PROMISES, (stamp(after), stamp(until), MOST))
    return tuple(Promise(row[0], row[1], row[2], moment(row[3]), row[4], row[5]) for row in rows)
