"""Another way to a customer than the one they came last, chosen on purpose for one answer.

Promises: a way is an identity of the customer's and the account of ours to which they wrote, so that it is known from which of two
numbers an answer goes. Refuses: writing; that is `reply`'s.
"""

from collections.abc import Callable
from contextlib import closing

from agentdesk.core.views import QueueRow, Recipients, Way, leaves_by
from agentdesk.engine.desk import Desk
from agentdesk.engine.window import Window
from agentdesk.store import ways
from agentdesk.values import dataclass

By = tuple[str, str]
"""(channel, account) by which an answer goes."""


@dataclass(frozen=True, slots=True)
class Switch:
    """Another `way` than the one the customer came last, and the `note` that says so in the ticket."""

    way: Way
    note: str


def switch_to(window: Window, row: QueueRow, way: Way, note: Callable[[By, By], str]) -> Switch | None:
    """To a way that was chosen for an answer to the ticket of `row`; None where it goes that way anyway. `note` says in words
    that it goes another way (the one it would go, and this one)."""
    usual = window.to_whom(row.id)
    if goes(usual, way):
        return None
    return Switch(way, note(leaves_by(usual, row), (way.channel, way.account)))


def goes(whom: Recipients | None, way: Way) -> bool:
    """Whether what goes to `whom` goes by `way`: to that identity, from that account."""
    return whom is not None and (whom.identity, whom.account) == (way.identity, way.account)


def ways_to(desk: Desk, ticket: str) -> tuple[Way, ...]:
    """By what the customer of a ticket can be answered, the newest first."""
    with closing(desk.reader()) as connection:
        return ways.ways(connection, ticket)
