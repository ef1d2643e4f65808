"""What came while nobody looked, and what a day leaves behind: each figure along an index, and no further than `CAP`."""

from datetime import datetime

from agentdesk.core.closing import CAP, Ending
from agentdesk.core.instant import moment, stamp
from agentdesk.store.driver import Connection
from agentdesk.store.queue import NAME
from agentdesk.store.rows import first_row

CAME = """SELECT count(*), count(DISTINCT t.customer) FROM (SELECT ticket FROM message WHERE n >= ? AND n < ? AND direction = 'in'
    AND class = 'human' AND NOT history AND NOT hidden LIMIT ?) m CROSS JOIN ticket t ON t.id = m.ticket"""
ENDED = """SELECT count(*) FROM (SELECT 1 FROM ticket INDEXED BY ticket_due WHERE bucket = 'inbox' AND next_due_at > ?
    AND next_due_at <= ? LIMIT ?)"""
ENDING = f"""SELECT t.number, t.channel, coalesce({NAME}, i.address, ''), t.window_until
    FROM ticket t INDEXED BY ticket_window LEFT JOIN identity i ON i.id = t.identity
    WHERE t.bucket = ? AND t.window_until > ? AND t.window_until < ? AND t.waiting_since IS NOT NULL
    ORDER BY t.window_until LIMIT ?"""  # noqa: S608 - the only thing put in is a text of ours


def came(connection: Connection, began: datetime, ended: datetime) -> tuple[int, int]:
    """(messages, customers) of what people wrote from `began` to `ended`, whenever it was fetched."""
    values = (first_row(stamp(began)), first_row(stamp(ended)), CAP)
    row = connection.execute(CAME, values).fetchone()
    return int(row[0]), int(row[1])


def missed(connection: Connection, began: datetime, ended: datetime) -> int:
    """How many promises ended after `began` and up to `ended` of what needs a person still."""
    return int(connection.execute(ENDED, (stamp(began), stamp(ended), CAP)).fetchone()[0])


def endings(connection: Connection, now: datetime, until: datetime) -> tuple[Ending, ...]:
    """Windows that end before `until` of customers who wait, also where the ticket sleeps; the soonest first."""
    rows = [
        row
        for bucket in ("inbox", "snoozed")
        for row in connection.execute(ENDING, (bucket, stamp(now), stamp(until), CAP))
    ]
    found = (Ending(row[0], row[1], row[2], moment(row[3])) for row in rows)
    return tuple(sorted(found, key=lambda each: (each.at, each.number)))
