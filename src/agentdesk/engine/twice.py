"""Whether a customer has had this very text from us before: a shop that repeats itself word for word did not listen.

Promises: what differs only in spaces and line ends is the same; a greeting or a thanks may be said again, but not in the same ticket at
the same moment, where several commands that run at once are one that was meant. Refuses: stopping anybody; the console asks and the
command line wants `--again`.
"""

from contextlib import closing
from datetime import datetime, timedelta

from agentdesk.engine.desk import Desk
from agentdesk.errors import RefusedError
from agentdesk.store import said
from agentdesk.store.blobs import Blobs
from agentdesk.store.driver import Connection
from agentdesk.store.writer import Writer
from agentdesk.values import dataclass

SHORT = 40
"""Characters below which a text may be repeated."""
AT_ONCE = timedelta(seconds=10)
"""Within which nobody means to say the same twice, be it a word."""


@dataclass(frozen=True, slots=True)
class Said:
    """Where and when (RFC 3339) it was written."""

    number: int
    at: str


def said_before(desk: Desk, ticket: str, text: str) -> Said | None:
    """The newest answer to the customer of `ticket` that held `text`; None where there is none."""
    with closing(desk.reader()) as connection:
        return said_in(connection, desk.store.blobs, ticket, text, desk.now())


def said_in(connection: Connection, blobs: Blobs, ticket: str, text: str, now: datetime) -> Said | None:
    """The same over a connection that is open already."""
    wanted = _plain(text)
    if len(wanted) < SHORT:
        return _at_once(connection, blobs, ticket, text, now)
    for number, at, before in said.to_customer(connection, blobs, ticket):
        if wanted in _plain(before):
            return Said(number, at)
    return None


def refuse_again(desk: Desk, writer: Writer, ticket: str, text: str) -> None:
    """Raises RefusedError where the customer of `ticket` has had `text`: asked in the transaction that writes it."""
    if known := said_in(writer.connection, writer.blobs, ticket, text, desk.now()):
        raise RefusedError(reason="said_before", day=known.at[:10], number=known.number)


def _at_once(connection: Connection, blobs: Blobs, ticket: str, text: str, now: datetime) -> Said | None:
    """What said `text` there at the same moment, and no more before its signature or quote."""
    wanted = _paragraphs(text)
    for number, at, before in said.since(connection, blobs, ticket, now - AT_ONCE):
        if _paragraphs(before).startswith(wanted):
            return Said(number, at)
    return None


def _paragraphs(text: str) -> str:
    """Its lines without what differs in spaces alone; each paragraph has an end."""
    return "\n".join(" ".join(line.split()) for line in text.strip().splitlines()) + "\n\n"


def _plain(text: str) -> str:
    return " ".join(text.split())
