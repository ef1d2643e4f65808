"""What time alone does: a snooze that has run out wakes its ticket."""

from contextlib import suppress

from agentdesk.core.commands import Wake
from agentdesk.engine.desk import Desk
from agentdesk.errors import RefusedError
from agentdesk.store import queries

TICKER = "agentdesk"


def wake(desk: Desk) -> int:
    """Wakes every ticket whose time has come; gives how many."""
    connection = desk.reader()
    try:
        due = queries.snoozed_until(connection, desk.now())
    finally:
        connection.close()
    for ticket in due:
        with suppress(RefusedError):
            desk.do(Wake(ticket), actor=TICKER)
    return len(due)
