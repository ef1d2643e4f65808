"""An account that goes: what waits to be sent by it is not left behind.

Promises: an answer that has surely not gone is its author's draft again, and its ticket where it was before; one that may have gone is
put to the agent. Refuses: doing so while another process is sending.
"""

from contextlib import closing

from agentdesk.config import Home
from agentdesk.core import unsent
from agentdesk.core.commands import Undo
from agentdesk.core.posting import ReportDoubtful, Withdraw
from agentdesk.core.sending import WRITTEN, replied
from agentdesk.engine import drafted, reply, timed
from agentdesk.engine.desk import Desk
from agentdesk.engine.wishes import SENDER
from agentdesk.errors import RefusedError
from agentdesk.store import lock, outbox
from agentdesk.store.outbox import Waiting
from agentdesk.store.writer import Writer


def waiting(desk: Desk, account: str) -> list[Waiting]:
    """What is not accepted yet."""
    with closing(desk.reader()) as connection:
        return [row for row in outbox.Outbox(connection).all(account) if row.state != outbox.FILING]


def give_back(desk: Desk, home: Home, account: str) -> tuple[int, int]:
    """How many became drafts, and of how many nobody knows; raises BusyError."""
    drafts = doubtful = 0
    with lock.held(home.state, f"send-{account}"), desk.transaction() as writer:
        for row in outbox.Outbox(writer.connection).all(account):
            if row.state == outbox.DATA:
                desk.decided(writer, ReportDoubtful(row.message, unsent.REMOVED), actor=SENDER)
                outbox.Outbox(writer.connection).remove(row.message)
                doubtful += 1
            elif row.state != outbox.FILING:
                drafts += _withdrawn(desk, writer, row)
    return drafts, doubtful


def _withdrawn(desk: Desk, writer: Writer, row: Waiting) -> bool:
    """Whether it is somebody's draft now; what a rule or agentdesk itself says is nobody's."""
    box = outbox.Outbox(writer.connection)
    mailing, act = box.mailing(row.message), replied(desk.seal, row.message)
    if mailing is None or mailing.state != WRITTEN:
        box.remove(row.message)
        return False
    if mailing.automatic:
        desk.decided(writer, Withdraw(row.message), actor=SENDER)
        box.remove(row.message)
        return False
    box.set(row.message, outbox.QUEUED)  # whoever was sending it has ended
    try:
        reply.taken_back(desk, writer, Undo(act))
    except RefusedError:  # the ticket has been changed since: the answer alone is taken back
        timed.withdrawn(desk, writer, row, desk.agent)
    event = writer.state.event(act)
    return event is not None and event.type in drafted.DRAFTED
