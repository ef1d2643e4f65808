"""Whether a customer has had this very text from us before: a shop that repeats itself word for word did not listen.

Promises: what differs only in spaces and line ends is the same; a greeting or a thanks may be said again. Refuses: stopping
anybody; the console asks and the command line wants `--again`.
"""

from contextlib import closing

from agentdesk.engine.desk import Desk
from agentdesk.store import said
from agentdesk.store.blobs import Blobs
from agentdesk.store.driver import Connection
from agentdesk.values import dataclass

SHORT = 40
"""Characters below which a text may be repeated."""


@dataclass(frozen=True, slots=True)
class Said:
    """Where and when (RFC 3339) it was written."""

    number: int
    at: str


def said_before(desk: Desk, ticket: str, text: str) -> Said | None:
    """The newest answer to the customer of `ticket` that held `text`; None where there is none."""
    with closing(desk.reader()) as connection:
        return said_in(connection, desk.store.blobs, ticket, text)


def said_in(connection: Connection, blobs: Blobs, ticket: str, text: str) -> Said | None:
    """The same over a connection that is open already."""
    wanted = _plain(text)
    if len(wanted) < SHORT:
        return None
    for number, at, before in said.to_customer(connection, blobs, ticket):
        if wanted in _plain(before):
            return Said(number, at)
    return None


def _plain(text: str) -> str:
    return " ".join(text.split())
