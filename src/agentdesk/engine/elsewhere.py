"""What happens outside this program to messages that are ours: receipts, signs, a service's own copy of what we sent, and
answers that somebody gave on the phone.

Promises: the copy of what we sent is recognised, be it before the send has returned; an answer given elsewhere stops what is
still held for the same customer, and its text goes back to its author as a draft; what is said of a message that is not
there yet waits for it. All in the caller's transaction.
"""

from dataclasses import replace

from agentdesk.core.aftermath import EDITED
from agentdesk.core.commands import Learn, Receive
from agentdesk.core.events import Event, MessageAdded, MessageNamed
from agentdesk.core.model import Direction, Notice, Reaction, Receipt, Withdrawal, is_chat
from agentdesk.core.posting import ReportSent
from agentdesk.core.rewording import says_otherwise
from agentdesk.engine import timed
from agentdesk.engine.desk import Answer, Desk
from agentdesk.errors import RefusedError
from agentdesk.store import early, outbox
from agentdesk.store.early import SIGN, Early
from agentdesk.store.writer import Writer

ACTOR = "agentdesk"


def learn(desk: Desk, writer: Writer, account: str, notice: Notice) -> bool:
    """Takes in what a service says of a message; True where that was news."""
    try:
        return desk.decided(writer, Learn(account, notice), actor=ACTOR).event is not None
    except RefusedError as error:
        if error.values.get("reason") != "no_message":
            raise
    if notice.of:
        early.keep(writer.connection, _kept(desk, notice))
        early.drop_old(writer.connection, desk.now())
    return False


def _kept(desk: Desk, notice: Notice) -> Early:
    name = desk.seal.mail_id(notice.of)
    if isinstance(notice, Receipt):
        return Early(name, notice.state, notice.code, notice.at)
    if isinstance(notice, Withdrawal):
        return Early(name, "withdrawn", "", notice.at)
    by = desk.seal.identity(notice.channel, notice.by.email) if notice.by else ""
    return Early(name, f"{SIGN} {by}", notice.sign, notice.at)


def catch_up(desk: Desk, writer: Writer, answer: Answer) -> None:
    """What was said of a chat's message before this event made it known."""
    if answer.event is None:
        return
    names = tuple(
        c.mail_id for c in answer.event.changes if isinstance(c, MessageNamed | MessageAdded) and c.mail_id
    )
    for each in early.take(writer.connection, names):
        desk.decided(writer, Learn("", _notice(each), each.mail_id, each.by), actor=ACTOR)


def _notice(each: Early) -> Notice:
    if each.kind == "withdrawn":
        return Withdrawal("", "", each.at)
    if each.is_sign:
        return Reaction("", "", None, each.code, each.at)
    return Receipt("", "", each.kind, each.at, each.code)  # type: ignore[arg-type]  # kept as it came


def went(desk: Desk, writer: Writer, command: ReportSent, actor: str = ACTOR) -> Event | None:
    """A reply was accepted, whoever found that out: the event, and what is left to do for it at the server."""
    answer = desk.decided(writer, command, actor=actor)
    catch_up(desk, writer, answer)
    known = writer.state.message(command.message)
    if known is not None:
        account = writer.state.field("message", command.message, "account") or ""
        outbox.Outbox(writer.connection).went(command.message, account, known.ticket, desk.now())
    return answer.event


def own_copy(desk: Desk, writer: Writer, command: Receive) -> Answer | None:
    """A chat message of ours that comes back: the service says of which it is the copy, or else one with this text is on its
    way to the same person; then that has arrived, and this is the service's name for it. None for everything else."""
    mail = command.incoming
    original = writer.state.messages_by_mail_id(desk.seal.mail_id(mail.copy_of)) if mail.copy_of else ()
    if original and original[0].written_here:
        return Answer(None, original[0].id)  # what becomes of it, and its names, the send itself will say
    if command.role != "sent" or not is_chat(mail.channel) or not mail.to or not mail.message_id:
        return None
    if writer.state.messages_by_mail_id(desk.seal.mail_id(mail.message_id)):
        return None  # it is known by that name
    person = desk.seal.identity(mail.channel, mail.to[0].email)
    box = outbox.Outbox(writer.connection)
    message = box.on_its_way(command.account, person, command.text)
    if message is None:
        return None
    answer = desk.decided(
        writer, ReportSent(message, command.received_at, names=(mail.message_id,)), actor=ACTOR
    )
    box.remove(message)
    catch_up(desk, writer, answer)
    return Answer(None, message)


def compared(desk: Desk, writer: Writer, command: Receive) -> Receive:
    """With whether it puts other words into a message that is there."""
    name = command.incoming.edits
    found = writer.state.messages_by_mail_id(desk.seal.mail_id(name)) if name else ()
    if not found or not is_chat(command.incoming.channel):
        return command
    edits = [(at, text) for kind, at, text in writer.state.chats.versions(found[0].id) if kind == EDITED]
    last = max(edits, default=("", None))[1] or writer.state.field("message", found[0].id, "text")
    was = writer.blobs.text(writer.connection, last)
    return replace(command, rewords=says_otherwise(was, command.incoming.text))


def answered(desk: Desk, writer: Writer, answer: Answer) -> None:
    """After an answer from elsewhere: where nobody waits in its ticket any more, what is still held there stops."""
    event = answer.event
    if event is None or event.ticket is None:
        return
    ticket = writer.state.ticket(event.ticket)
    if ticket is None or ticket.waiting_since is not None:
        return
    box = outbox.Outbox(writer.connection)
    for row in box.held_in(writer.state.family(ticket.root)):
        known = writer.state.message(row.message)
        if known is None or known.direction != Direction.OUT:
            continue  # what a third party gets is no answer
        timed.withdrawn(desk, writer, row)
