"""The life of a ticket, read from the log of this desk: its own events and those of what went into it."""

from collections.abc import Mapping
from contextlib import closing

from agentdesk.core.life import Turn, life
from agentdesk.engine.desk import Desk
from agentdesk.engine.ticker import TICKER
from agentdesk.store import past, queries
from agentdesk.store.state import StoreState
from agentdesk.values import dataclass


@dataclass(frozen=True, slots=True)
class Life:
    """`numbers` are those of all tickets that the turns name, by id."""

    turns: tuple[Turn, ...]
    numbers: Mapping[str, int | None]


def of_ticket(desk: Desk, ticket: str) -> Life:
    """From its first message on, in the order of the log."""
    with closing(desk.reader()) as connection:
        family = StoreState(connection).family(ticket)
        turns = tuple(life(past.events(connection, ticket), family, TICKER))
        named = {name for each in turns for name in (each.ticket, each.other) if name}
        return Life(turns, {name: queries.number_of(connection, name) for name in named})
