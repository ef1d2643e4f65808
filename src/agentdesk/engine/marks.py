"""Keeps the server's \\Seen and \\Answered in step with what happens here, as the account's `mark_seen` wants it."""

from contextlib import suppress

from agentdesk.config import Settings
from agentdesk.core.commands import MarkRead
from agentdesk.core.model import Direction
from agentdesk.engine.desk import Desk
from agentdesk.errors import RefusedError
from agentdesk.store import wish
from agentdesk.store.writer import Writer

OPENED, ANSWERED, NEVER = "opened", "answered", "never"


def read(desk: Desk, settings: Settings, account: str, ticket: str) -> None:
    """The agent has opened a ticket: it is no longer unread here nor, where the account wants that, on the server."""
    found = settings.account(account)
    with desk.transaction() as writer:
        with suppress(RefusedError):
            desk.decided(writer, MarkRead(ticket))
        if found is not None and found.mark_seen == OPENED:
            wish.add(writer.connection, ticket, wish.SEEN)


def answered(writer: Writer, ticket: str, answer: str, mark_seen: str) -> None:
    """The message `answer` was accepted; what goes to a third party answers nobody's mail."""
    known = writer.state.message(answer)
    if known is not None and known.direction != Direction.OUT:
        return
    wish.add(writer.connection, ticket, wish.ANSWERED, answer=answer)
    if mark_seen == ANSWERED:
        wish.add(writer.connection, ticket, wish.SEEN)
