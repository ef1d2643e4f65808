"""What a morning asks: each figure along an index, and no further than `CAP`."""

from datetime import datetime

from agentdesk.core.instant import moment, stamp
from agentdesk.core.morning import CAP
from agentdesk.store.draft import TYPED
from agentdesk.store.driver import Connection
from agentdesk.store.rows import first_row

LAST_ACT = "SELECT at FROM event INDEXED BY event_actor WHERE actor = ? AND at < ? ORDER BY seq DESC LIMIT 1"
ARRIVED = """SELECT t.channel, count(*) FROM (SELECT ticket FROM message WHERE n >= ? AND direction = 'in' AND class = 'human'
    AND NOT history AND NOT hidden LIMIT ?) m CROSS JOIN ticket t ON t.id = m.ticket GROUP BY t.channel ORDER BY 2 DESC, 1"""
BACK = """SELECT count(*) FROM (SELECT 1 FROM ticket INDEXED BY ticket_snoozed WHERE snoozed_until > ? AND snoozed_until <= ?
    LIMIT ?)"""
ANSWERED = """SELECT received_at FROM message WHERE n >= ? AND direction = 'out' AND NOT history AND NOT hidden
    AND state IS NOT 'failed' ORDER BY n DESC LIMIT ?"""
DRAFTS = f"SELECT count(*) FROM (SELECT 1 FROM draft WHERE {TYPED} AND text <> '' LIMIT ?)"  # noqa: S608 - a text of ours


def last_act(connection: Connection, agents: tuple[str, ...], before: datetime) -> datetime | None:
    """When one of them did something last before that time."""
    found = (connection.execute(LAST_ACT, (agent, stamp(before))).fetchone() for agent in agents)
    return max((moment(row[0]) for row in found if row), default=None)


def arrived(connection: Connection, since: datetime) -> tuple[tuple[str, int], ...]:
    """(channel, messages of people) since then, the most first."""
    return tuple((row[0], row[1]) for row in connection.execute(ARRIVED, (first_row(stamp(since)), CAP)))


def back(connection: Connection, now: datetime, until: datetime) -> int:
    """How many sleeping tickets wake up to `until`."""
    return int(connection.execute(BACK, (stamp(now), stamp(until), CAP)).fetchone()[0])


def answered(connection: Connection, since: datetime, most: int) -> list[datetime]:
    """When answers of ours were given since then, the newest first."""
    return [moment(row[0]) for row in connection.execute(ANSWERED, (first_row(stamp(since)), most))]


def drafts(connection: Connection) -> int:
    """How much is typed and not sent."""
    return int(connection.execute(DRAFTS, (CAP,)).fetchone()[0])
