"""Answers that wait for a time which an agent chose, and what takes any answer out of the outbox before it has gone.

Promises: a message from the customer stops what waits on that ticket, in the transaction that stores the message; its text is its
author's draft again and a note says why. Refuses: stopping what may have gone already.
"""

from agentdesk.core.commands import AddNote
from agentdesk.core.events import Change, Event, MessageAdded, MessageSet, TicketSet
from agentdesk.core.model import Direction, MailClass
from agentdesk.core.posting import Withdraw
from agentdesk.core.sending import replied
from agentdesk.engine import drafted
from agentdesk.engine.desk import Desk
from agentdesk.i18n import tr
from agentdesk.store import outbox, pack
from agentdesk.store.outbox import Waiting
from agentdesk.store.writer import Writer

ACTOR = "agentdesk"


def withdrawn(desk: Desk, writer: Writer, row: Waiting, actor: str = ACTOR) -> Event | None:
    """Takes an answer that has surely not gone out of the outbox; its text is its author's draft again, after what they have
    begun since."""
    written = writer.state.event(replied(desk.seal, row.message))
    done = desk.decided(writer, Withdraw(row.message), actor=actor)
    outbox.Outbox(writer.connection).remove(row.message)
    if written is not None:
        drafted.keep(desk, writer, row.message, written)
    return done.event


def overtaken(desk: Desk, writer: Writer, event: Event) -> None:
    """After a message came in: where a customer wrote it, what waits for its time on that ticket stops."""
    wrote = any(map(_wrote, event.changes))
    box = outbox.Outbox(writer.connection)
    if not wrote or event.ticket is None or not box.has_timed():
        return
    ticket = writer.state.ticket(event.ticket)
    waiting = box.timed(writer.state.family(ticket.root)) if ticket else []
    for row in waiting:
        withdrawn(desk, writer, row)
    if ticket and waiting:
        _say_why(desk, writer, ticket.root)


def _wrote(change: Change) -> bool:
    """A customer wrote a message, or put other words into one that was answered."""
    if isinstance(change, MessageSet):
        return change.field == "asks_since"
    if isinstance(change, TicketSet):  # by a message that a file had brought before its server
        return change.field == "last_customer_at"
    return (
        isinstance(change, MessageAdded)
        and change.direction == Direction.IN
        and change.mail_class == MailClass.HUMAN
        and not change.history
    )


def _say_why(desk: Desk, writer: Writer, ticket: str) -> None:
    """A note of ours, in the agents' language."""
    why = tr(
        "The customer wrote first: the answer that waited for its time did not go, and is the draft again."
    )
    blob = pack(why.encode())
    writer.blobs.put(writer.connection, (blob,))
    desk.decided(writer, AddNote(ticket, blob.hash, blob.size), actor=ACTOR)
