"""A cause: one event behind many tickets, such as a courier's strike. It has a name, and words by which arrivals are known.

Promises: a ticket has one cause or none; nothing is put under a cause by its words, they only offer it; opening, closing and
putting can be undone. A cause that was closed can be opened again, under the same name. Refuses: putting a ticket under a
cause that is closed. Name and words are the shop's own, as tags are.
"""

import re
from collections.abc import Iterable

from agentdesk.core.commands import CloseCause, OpenCause, PutUnder
from agentdesk.core.draft import Draft, on_ticket
from agentdesk.core.events import CauseOpened, CauseSet, Event
from agentdesk.core.folding import finder, folded
from agentdesk.core.instant import stamp
from agentdesk.core.refusal import Refusal
from agentdesk.core.sla import Policy
from agentdesk.core.state import Given, State
from agentdesk.core.text import safe_line

GOES_ON = 5
"""Letters from which a word may go on: "huelga" finds "huelgas", "vaga" does not find "vagament"."""


def named(text: str) -> str:
    """A name as a cause has it: one word in small letters, so that a filter can say it."""
    return re.sub(r"[\s:\"()]+", "-", safe_line(text).strip().lower()).strip("-")


def terms(words: str) -> tuple[str, ...]:
    """The words of a cause, a comma between them; each may be several that follow one another."""
    return tuple(dict.fromkeys(filter(None, (safe_line(each).strip() for each in words.split(",")))))


def open_cause(state: State, command: OpenCause, policy: Policy, given: Given) -> Event:
    """Opens it, also one that was closed; of one that is open the words become these."""
    name, words = named(command.name), ", ".join(terms(command.words))
    if not name:
        raise Refusal("no_name")
    draft = Draft(state, given)
    if state.field("cause", name, "opened_at") is None:
        draft.add(CauseOpened(name, words, stamp(given.now)))
        return draft.event("CauseOpened")
    for field, now in (("words", words), ("closed_at", None)):
        was = state.field("cause", name, field)
        if was != now and (now or field == "closed_at"):
            draft.add(CauseSet(name, field, was, now))
    if not draft.changes:
        raise Refusal("nothing_changes")
    return draft.event("CauseOpened")


def close_cause(state: State, command: CloseCause, policy: Policy, given: Given) -> Event:
    """Its tickets keep it; nothing is put under it any more."""
    name = _known(state, command.name)
    if state.field("cause", name, "closed_at") is not None:
        raise Refusal("nothing_changes")
    draft = Draft(state, given)
    draft.add(CauseSet(name, "closed_at", None, stamp(given.now)))
    return draft.event("CauseClosed")


def put_under(state: State, command: PutUnder, policy: Policy, given: Given) -> Event:
    draft, ticket = on_ticket(state, given, command.ticket)
    name = None if command.cause is None else _known(state, command.cause)
    if name is not None and state.field("cause", name, "closed_at") is not None:
        raise Refusal("cause_closed", name=name)
    draft.set(ticket.id, "cause", name)
    if not draft.changes:
        raise Refusal("nothing_changes")
    return draft.event("PutUnderCause", ticket.id)


def _known(state: State, name: str) -> str:
    name = named(name)
    if state.field("cause", name, "opened_at") is None:
        raise Refusal("no_cause", name=name)
    return name


def looks_like(texts: Iterable[str], causes: Iterable[tuple[str, str]]) -> str:
    """The first of `causes` (name, words) that one of `texts` speaks of; empty where none does."""
    said = [folded(text) for text in texts]
    for name, words in causes:
        pattern = finder([[(term, len(term) >= GOES_ON)] for term in terms(words)])
        if pattern is not None and any(map(pattern.search, said)):
            return name
    return ""
