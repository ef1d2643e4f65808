"""What the rows say of clocks: what is due next, what runs, and by which policy all of it was counted last.

Refuses: arithmetic with opening hours, which is `core.sla`'s; what was before, which is `past`'s.
"""

from datetime import datetime

from agentdesk.core.instant import stamp
from agentdesk.core.views import QueueRow
from agentdesk.store.driver import Connection
from agentdesk.store.queue import FROM, ROW, drawn


def running(connection: Connection) -> dict[str, int]:
    """The number of every ticket of which a clock runs or stands still, by its id."""
    rows = connection.execute(
        "SELECT DISTINCT t.id, t.number FROM clock c JOIN ticket t ON t.id = c.ticket "
        "WHERE t.root = t.id AND c.data ->> '$.state' IN ('running', 'paused') ORDER BY t.number"
    )
    return dict(rows.fetchall())


def promised(connection: Connection, customer: str) -> tuple[str, ...]:
    """The tickets of this very customer of which a clock runs or stands still."""
    rows = connection.execute(
        "SELECT t.id FROM ticket t WHERE t.customer = ? AND t.root = t.id AND EXISTS (SELECT 1 FROM clock c "
        "WHERE c.ticket = t.id AND c.data ->> '$.state' IN ('running', 'paused')) ORDER BY t.number",
        (customer,),
    )
    return tuple(row[0] for row in rows)


def reckoned(connection: Connection) -> str | None:
    """The fingerprint of the policy by which all clocks were counted last; None where nobody has."""
    row = connection.execute("SELECT policy FROM reckoned").fetchone()
    return row[0] if row else None


def set_reckoned(connection: Connection, policy: str, at: datetime) -> None:
    connection.execute("INSERT OR REPLACE INTO reckoned VALUES (1, ?, ?)", (policy, stamp(at)))


def due(connection: Connection, now: datetime, limit: int, *, late: bool) -> list[QueueRow]:
    """Tickets of the inbox by their next deadline: the nearest to come, or the latest that has passed first."""
    where, way = ("<", "DESC") if late else (">=", "ASC")
    rows = connection.execute(
        f"SELECT {ROW} {FROM.format(index='INDEXED BY ticket_due')} WHERE t.bucket = 'inbox' "
        f"AND t.next_due_at {where} ? ORDER BY t.next_due_at {way}, t.number LIMIT ?",
        (stamp(now), limit),
    ).fetchall()
    return [drawn(row, now, 0, row[19]) for row in rows]
