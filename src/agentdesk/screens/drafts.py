"""Drafts on their way to the disk.

Promises: what was typed and cannot be saved, because the disk is full for one, stays here as long as the console runs, is
what the composer opens with, and is saved as soon as that can be done. Refuses: saying so; whoever saves gets the error.
"""

from agentdesk.engine.desk import Desk
from agentdesk.engine.feed import Feed, keep_draft


class Drafts:
    """The drafts of whoever sits here."""

    def __init__(self, desk: Desk, feed: Feed) -> None:
        self._desk = desk
        self._feed = feed
        self._unsaved: dict[tuple[str, str, str], str] = {}

    def text(self, ticket: str, kind: str) -> str:
        """What was typed last, wherever it is; empty where there is nothing."""
        unsaved = self._unsaved.get((self._desk.agent, ticket, kind))
        return self._feed.draft(ticket, kind) if unsaved is None else unsaved

    def keep(self, ticket: str, kind: str, text: str) -> None:
        """Saves a draft, or takes it away where it is empty; raises DeskError, and then it stays here."""
        self._unsaved[self._desk.agent, ticket, kind] = text
        self.save()

    def save(self) -> None:
        """Saves whatever is not; raises DeskError."""
        for (agent, ticket, kind), text in tuple(self._unsaved.items()):
            if agent == self._desk.agent:
                keep_draft(self._desk, ticket, kind, text)
                del self._unsaved[agent, ticket, kind]
