"""What was written and taken back before it went is its author's draft again: an answer, or a mail to a third party.

Promises: what was typed, who was chosen to get it and the files that the agent put there, after what has been begun since. Refuses: what a
mail quotes or passes on, and how it is signed; that comes with the next one.
"""

import json

from agentdesk.core.events import Event
from agentdesk.core.model import Address
from agentdesk.core.quotes import folds
from agentdesk.core.text import visible
from agentdesk.engine import enclosed
from agentdesk.engine.addressed import People, party_draft
from agentdesk.engine.desk import Desk
from agentdesk.engine.enclosed import Enclosure
from agentdesk.store import draft
from agentdesk.store.writer import Writer

_REPLIED, _FORWARDED = "Replied", "Forwarded"
DRAFTED = frozenset({_REPLIED, _FORWARDED})
"""The events that wrote it."""


def keep(desk: Desk, writer: Writer, message: str, written: Event) -> None:
    """`message` is taken back; `written` is the event that wrote it."""
    known = writer.state.message(message)
    home = writer.state.ticket(known.ticket) if known else None
    if home is None or written.type not in DRAFTED:
        return
    whole = desk.store.blobs.text(writer.connection, writer.state.field("message", message, "text"))
    typed, chosen = visible(whole, folds(whole)).strip(), _people(writer, message)
    if written.type == _REPLIED:
        kind, files = "reply", enclosed.copies(writer.connection, message)
        if chosen.cc or chosen.bcc:
            draft.save(writer.connection, home.root, written.actor, "people", chosen.kept(), desk.now())
    else:
        kind = party_draft(each.email for each in chosen.to)
        files = enclosed.put_there(writer.connection, home.root, message)
        typed = "" if typed == whole.strip() and "\n> " in typed else typed  # all of it is what was passed on
    _keep_files(desk, writer, home.root, written.actor, kind, files)
    kept = draft.text(writer.connection, home.root, written.actor, kind)
    if typed not in kept:
        both = f"{kept}\n\n{typed}" if kept.strip() else typed
        draft.save(writer.connection, home.root, written.actor, kind, both, desk.now())


def _people(writer: Writer, message: str) -> People:
    headers = json.loads(writer.state.field("message", message, "headers") or "{}")
    groups = (tuple(Address(*pair) for pair in headers.get(each, ())) for each in ("to", "cc", "bcc"))
    return People(*groups)


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
