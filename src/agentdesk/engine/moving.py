"""Gives a ticket to another customer: who that may be, both sides before it is done, and the act.

Promises: what is shown is what is done: the same customer, answered at the same address. Refuses: deciding whose it is.
"""

from contextlib import closing

from agentdesk.core.card import CustomerCard, Moving, Side
from agentdesk.core.events import Event
from agentdesk.core.keeping import MoveTicket
from agentdesk.core.move import reached_on
from agentdesk.core.views import QueueRow
from agentdesk.engine import person
from agentdesk.engine.desk import Desk
from agentdesk.engine.window import Window
from agentdesk.errors import RefusedError
from agentdesk.store import ways

OFFERED = 8
"""So many people are offered for what is typed."""


def offered(desk: Desk, channel: str, words: str) -> list[tuple[str, str, str]]:
    """(channel, address, name) of those whom `words` may mean, to be given a ticket of `channel`."""
    wanted = reached_on(channel)
    with closing(desk.reader()) as connection:
        return [
            (each, address, name)
            for each in ([wanted] if wanted else ["phone", "email", "whatsapp"])
            for address, name in ways.named(connection, each, words, OFFERED)
        ]


def look(desk: Desk, number: int, word: str) -> Moving:
    """Both sides, `word` being an id or an identity of the new customer; raises NotFoundError, and RefusedError for what may not
    move."""
    with Window(desk) as window:
        view = window.ticket(number)
        to = window.customer(word)
    row = view.row
    with closing(desk.reader()) as connection:
        found = ways.reached_by(connection, to, reached_on(row.channel))
        parties = ways.parties(connection, row.id)
    if not found:
        raise RefusedError(reason="erased" if person.card(desk, to).erased else "unreached_there")
    # Of several addresses the one that was named, else the one by which they wrote last.
    named = (
        each for each in found if word.casefold() in {each[2].casefold(), f"{each[1]}:{each[2]}".casefold()}
    )
    identity, channel, address = next(named, found[0])
    desk.check(MoveTicket(row.id, to, identity))
    theirs = _side(person.card(desk, to), row, channel, address)
    here, _, there = row.identity.partition(":")
    former = _side(person.card(desk, row.customer), row, here, there)
    return Moving(
        row.id, row.number, row.subject, row.channel, former, theirs, identity, parties, view.drafts
    )


def _side(card: CustomerCard, row: QueueRow, channel: str, address: str) -> Side:
    others = sum(each.number != row.number for each in card.tickets)
    return Side(card.id, card.name, channel, address, others)


def move(desk: Desk, moving: Moving) -> Event:
    """Does it; raises RefusedError."""
    return desk.do(MoveTicket(moving.ticket, moving.to.customer, moving.identity))
