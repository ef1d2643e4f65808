"""What is asked about causes: which are open, which one a ticket looks like, which tickets are still open under one."""

from collections.abc import Iterator
from contextlib import closing

from agentdesk.core.views import CauseRow, QueueRow
from agentdesk.engine.desk import Desk
from agentdesk.errors import NotFoundError
from agentdesk.store import cause
from agentdesk.store.blobs import Blobs
from agentdesk.store.driver import Connection


def causes(desk: Desk, *, closed: bool = False) -> list[CauseRow]:
    """Those that are open, the oldest first; with `closed` also the others."""
    with closing(desk.reader()) as connection:
        return cause.causes(connection, closed=closed)


def known(desk: Desk, name: str) -> CauseRow:
    """The cause of that name, open or not; raises NotFoundError."""
    from agentdesk.core.cause import named

    found = next((each for each in causes(desk, closed=True) if each.name == named(name)), None)
    if found is None:
        raise NotFoundError(what="cause", name=name)
    return found


def open_tickets(desk: Desk, name: str) -> list[tuple[str, int]]:
    """(id, number) of its tickets that are not resolved, the oldest first."""
    with closing(desk.reader()) as connection:
        return cause.open_tickets(connection, name)


def offered(connection: Connection, blobs: Blobs, row: QueueRow) -> str:
    """The open cause whose words the customer of a ticket uses; empty where it has one already, or none fits."""
    if row.cause or row.history or row.status in {"resolved", "closed"}:
        return ""
    found = [(each.name, each.words) for each in cause.causes(connection) if each.words]
    if not found:
        return ""
    from agentdesk.core.cause import looks_like  # with the law, which nobody needs to see a queue

    return looks_like(_said(connection, blobs, row), found)


def _said(connection: Connection, blobs: Blobs, row: QueueRow) -> Iterator[str]:
    yield row.subject
    for subject, text in cause.said_by(connection, row.id):
        yield subject
        yield blobs.text(connection, text)
