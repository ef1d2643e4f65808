"""That nobody is left without an answer, shown: the store's list beside a count from the log, both of one moment."""

from contextlib import closing

from agentdesk.core.proof import Owed, counted
from agentdesk.engine.desk import Desk
from agentdesk.store import log, people
from agentdesk.values import dataclass


@dataclass(frozen=True, slots=True)
class Proof:
    """What was counted from `events` events, `messages` messages and `customers` customers, and whether the store says the same."""

    owed: tuple[Owed, ...]
    events: int
    messages: int
    customers: int
    agrees: bool


def unanswered(desk: Desk) -> list[Owed]:
    """Every ticket in which somebody waits, longest first, as the store keeps it."""
    with closing(desk.reader()) as connection:
        return people.owed(connection)


def prove(desk: Desk) -> Proof:
    """Reads the whole log: seconds on a large desk."""
    with closing(desk.reader()) as connection:
        connection.execute("BEGIN")
        said = people.owed(connection)
        count = counted(event for _, event in log.read(connection))
        found = count.owed()
        return Proof(
            found,
            count.events,
            len(count.messages),
            count.customers,
            sorted(said, key=_by) == sorted(found, key=_by),
        )


def _by(one: Owed) -> tuple[str, str]:
    return one.since, one.ticket
