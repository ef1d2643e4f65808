"""Saying why no answer is needed: a reason from the list, or words that an agent types, which are kept as a note beside it.

Refuses: keeping what was typed where the law refuses the act: both are one transaction, or, on many tickets, the words come first.
"""

from contextlib import closing

from agentdesk.core import afterwards
from agentdesk.core.commands import Resolve
from agentdesk.core.events import Event
from agentdesk.core.posting import NoteText
from agentdesk.core.settling import Excuse, NoAnswerNeeded
from agentdesk.core.text import clean
from agentdesk.core.thanks import is_mere_thanks
from agentdesk.core.unanswered import REASONS, THANKS, waiting
from agentdesk.engine.desk import Desk
from agentdesk.errors import RefusedError
from agentdesk.store import pack, people, reading
from agentdesk.store.state import StoreState

LOOKED_AT = 30
"""Messages of a ticket that are read for a reason."""


def said(word: str) -> tuple[Excuse, bytes | None]:
    """What `word` means: one of REASONS, else the agent's own words and their bytes."""
    if word in REASONS:
        return Excuse(word), None
    typed = clean(word).strip().encode("utf-8", "replace")
    blob = pack(typed)
    return Excuse("other", NoteText(blob.hash, blob.size)), typed


def kept(desk: Desk, word: str) -> Excuse:
    """The same for many tickets: typed words are stored before."""
    excuse, typed = said(word)
    if typed is not None:
        with desk.transaction() as writer:
            writer.blobs.put(writer.connection, (pack(typed),))
    return excuse


def owed(desk: Desk, tickets: tuple[str, ...]) -> bool:
    """Whether somebody waits for an answer in one of them."""
    with closing(desk.reader()) as connection:
        return people.waits_in(connection, tickets)


def said_by_itself(desk: Desk, ticket: str) -> str | None:
    """The reason that what waits in a ticket gives by its own words: mere thanks, by the law of those; None where it asks for more."""
    with closing(desk.reader()) as connection:
        state = StoreState(connection)
        family = state.family(ticket)
        waits = {each.id for each in waiting(state.messages_in(family))}
        was_asked = afterwards.was_asked(state, family)
        lately = reading.messages(connection, desk.store.blobs, ticket, limit=LOOKED_AT)
    said = [each for each in lately if each.id in waits]
    is_thanks = len(said) == len(waits) > 0 and all(
        not each.attachments and is_mere_thanks(each.visible, after_question=was_asked) for each in said
    )
    return THANKS if is_thanks else None


def no_answer(desk: Desk, ticket: str, word: str) -> Event:
    """Nobody has to answer what waits there; raises RefusedError."""
    excuse, typed = said(word)
    return _done(desk, NoAnswerNeeded(ticket, excuse), typed)


def resolve(desk: Desk, ticket: str, word: str | None) -> Event:
    """It is done; `word` says why whoever waits in it needs no answer."""
    excuse, typed = said(word) if word else (None, None)
    return _done(desk, Resolve(ticket, excuse), typed)


def _done(desk: Desk, command: NoAnswerNeeded | Resolve, typed: bytes | None) -> Event:
    with desk.transaction() as writer:
        if typed is not None:
            writer.blobs.put(writer.connection, (pack(typed),))
        answer = desk.decided(writer, command)
    if answer.event is None:
        raise RefusedError(reason="nothing_changes")
    return answer.event
