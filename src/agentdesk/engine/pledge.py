"""Pledges at the desk: what a text would promise if it went now, what was promised to whom, and how much of it is kept.

Promises: reads on a connection of its own. Refuses: giving, keeping and dropping, which are commands for the door.
"""

from contextlib import closing
from datetime import datetime

from agentdesk.core.instant import moment
from agentdesk.core.pledge import pledges
from agentdesk.core.pledging import Pledge, PledgeView
from agentdesk.core.sentence import sentences
from agentdesk.core.text import safe_line
from agentdesk.engine.desk import Desk
from agentdesk.errors import RefusedError
from agentdesk.store import pledge as stored
from agentdesk.store.state import StoreState

GREETING = 20
"""Characters of "Hola, Maria:" and the like, at most."""


def found(desk: Desk, text: str, at: datetime | None = None) -> tuple[Pledge, ...]:
    """What `text` promises if it goes `at` a time, None: now."""
    return pledges(text, at or desk.now(), desk.policy.calendar)


def meant(desk: Desk, text: str, due_at: datetime) -> Pledge:
    """A pledge whose time somebody said: in the words of `text` that promise something, else in its first sentence that is more
    than a greeting."""
    said = next(iter(found(desk, text)), None)
    if said:
        return Pledge(said.text, due_at)
    all_of_it = list(sentences(text))
    return Pledge(next((each for each in all_of_it if len(each) > GREETING), "".join(all_of_it[:1])), due_at)


def left(desk: Desk, ticket: str, message: str, text: str, at: datetime) -> list[Pledge]:
    """What `message`, an answer of ours that says `text` since `at`, promises to come and nobody has dealt with yet: of several
    promises in it each is taken by itself."""
    said = list(found(desk, text, at))
    for each in of_ticket(desk, ticket):
        like = [one for one in said if each.message == message and safe_line(one.text) == each.text]
        if like:
            said.remove(min(like, key=lambda one: abs(one.due_at - moment(each.due_at))))
    return [each for each in said if each.due_at > desk.now()]


def due_before(desk: Desk, until: datetime) -> list[PledgeView]:
    """What is promised, not kept yet and due before then or late already, the soonest first: for a morning and for closing time."""
    with closing(desk.reader()) as connection:
        return stored.due_before(connection, until)


def of_ticket(desk: Desk, ticket: str) -> list[PledgeView]:
    """Everything promised on a ticket, the soonest due first."""
    with closing(desk.reader()) as connection:
        return stored.of_ticket(connection, ticket)


def one(desk: Desk, pledge: str) -> PledgeView | None:
    with closing(desk.reader()) as connection:
        return stored.one(connection, pledge)


def open_on(desk: Desk, ticket: str) -> list[PledgeView]:
    """What is promised on a ticket and not kept yet, the soonest due first."""
    return [each for each in of_ticket(desk, ticket) if not each.is_over]


def instead(desk: Desk, ticket: str, message: str | None = None) -> list[PledgeView]:
    """What a new promise would take the place of: what is open, and what the answer `message` has kept."""
    with closing(desk.reader()) as connection:
        state = StoreState(connection)
        said = state.message(message) if message else None
        kept = state.pledges.kept(state.family(ticket), said.received_at) if said else ()
        by_answer = {pledge for pledge, _ in kept}
        return [
            each
            for each in stored.of_ticket(connection, ticket)
            if each.id in by_answer or not (each.is_over or each.message == message is not None)
        ]


def soonest(desk: Desk, ticket: str) -> str:
    """The id of what is due first on a ticket; raises RefusedError where nothing is promised."""
    standing = open_on(desk, ticket)
    if not standing:
        raise RefusedError(reason="no_pledge")
    return standing[0].id
