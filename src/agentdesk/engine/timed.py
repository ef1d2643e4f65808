"""Answers that wait for a time which an agent chose, and what takes any answer out of the outbox before it has gone.

Promises: a message from the customer stops what waits on that ticket, in the transaction that stores the message; its text is its
author's draft again and a note says why. Refuses: stopping what may have gone already.
"""

import json

from agentdesk.core.commands import AddNote
from agentdesk.core.events import Change, Event, MessageAdded, MessageSet
from agentdesk.core.model import Address, Direction, MailClass
from agentdesk.core.posting import Withdraw
from agentdesk.core.quotes import folds
from agentdesk.core.sending import replied
from agentdesk.core.text import visible
from agentdesk.engine import enclosed
from agentdesk.engine.addressed import People, party_draft
from agentdesk.engine.desk import Desk
from agentdesk.engine.enclosed import Enclosure
from agentdesk.i18n import tr
from agentdesk.store import draft, outbox, pack
from agentdesk.store.outbox import Waiting
from agentdesk.store.writer import Writer

ACTOR = "agentdesk"
REPLIED = "Replied"
DRAFTED = frozenset({REPLIED, "Forwarded"})
"""What is its author's draft again when it is taken back, by the events that wrote it."""


def withdrawn(desk: Desk, writer: Writer, row: Waiting, actor: str = ACTOR) -> Event | None:
    """Takes an answer that has surely not gone out of the outbox; its text is its author's draft again, after what they have
    begun since."""
    written = writer.state.event(replied(desk.seal, row.message))
    done = desk.decided(writer, Withdraw(row.message), actor=actor)
    outbox.Outbox(writer.connection).remove(row.message)
    if written is not None:
        keep_text(desk, writer, row.message, written)
    return done.event


def keep_text(desk: Desk, writer: Writer, message: str, written: Event) -> None:
    """What was typed of an answer, or of a mail to a third party, that is taken back is its author's draft; what a mail quotes, and
    how it is signed, comes with the next one. `written` is the event that wrote it."""
    known = writer.state.message(message)
    home = writer.state.ticket(known.ticket) if known else None
    if home is None or written.type not in DRAFTED:
        return
    headers = json.loads(writer.state.field("message", message, "headers") or "{}")
    chosen = People(
        *(tuple(Address(*pair) for pair in headers.get(each, ())) for each in ("to", "cc", "bcc"))
    )
    is_reply = written.type == REPLIED
    kind = "reply" if is_reply else party_draft(each.email for each in chosen.to)
    if is_reply and (chosen.cc or chosen.bcc):
        draft.save(writer.connection, home.root, written.actor, "people", chosen.kept(), desk.now())
    copies = enclosed.copies(writer.connection, message)
    if not is_reply:
        copies = enclosed.own(copies, enclosed.came(writer.connection, home.root))
    _keep_files(desk, writer, home.root, written.actor, kind, copies)
    whole = desk.store.blobs.text(writer.connection, writer.state.field("message", message, "text"))
    text = visible(whole, folds(whole)).strip()
    if not is_reply and text == whole.strip() and "\n> " in text:
        return  # nothing was typed: all of it is what was passed on
    kept = draft.text(writer.connection, home.root, written.actor, kind)
    if text not in kept:
        both = f"{kept}\n\n{text}" if kept.strip() else text
        draft.save(writer.connection, home.root, written.actor, kind, both, desk.now())


def _keep_files(
    desk: Desk, writer: Writer, ticket: str, agent: str, kind: str, copies: tuple[Enclosure, ...]
) -> None:
    """What went along comes back with the text, from the answer's own copy: the file may be gone by now."""
    if not copies:
        return
    kept = draft.text(writer.connection, ticket, agent, enclosed.KIND)
    files = dict.fromkeys((*enclosed.enclosed(kept, kind), *copies))
    text = enclosed.keeping(kept, kind, files)
    draft.save(writer.connection, ticket, agent, enclosed.KIND, text, desk.now())


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
