"""What time alone does: a snooze that has run out wakes its ticket, and so does what was pledged and is due soon."""

from contextlib import suppress

from agentdesk.core.commands import Wake
from agentdesk.core.pledging import RaisePledge
from agentdesk.engine.desk import Desk
from agentdesk.errors import RefusedError
from agentdesk.store import pledge, queries

TICKER = "agentdesk"


def wake(desk: Desk) -> int:
    """Wakes every ticket whose time has come; gives how many."""
    connection = desk.reader()
    try:
        due: list[Wake | RaisePledge] = [Wake(each) for each in queries.snoozed_until(connection, desk.now())]
        due += [RaisePledge(each) for each in pledge.risen(connection, desk.now())]
    finally:
        connection.close()
    for command in due:
        with suppress(RefusedError):
            desk.do(command, actor=TICKER)
    return len(due)
