"""Notices to the second that a promise ends or soon will, without reading rows each second.

Promises: what lies ahead is read once for some minutes, and again when somebody says that something changed; a second in
which nothing ends costs a look at a short list. After a sleep of the laptop all that ended meanwhile is told at once.
Refuses: deciding who is told.
"""

from datetime import timedelta

from agentdesk.core.notice import SOON, Happening, Promise, crossed
from agentdesk.engine.desk import Desk
from agentdesk.engine.reader import Reader
from agentdesk.store import due
from agentdesk.store.driver import Connection

AHEAD = timedelta(minutes=5)


class Due(Reader):
    """Belongs to one thread. What ended before it was made is not told."""

    def __init__(self, desk: Desk, connection: Connection | None = None) -> None:
        super().__init__(desk, connection)
        self._after = self._known_until = desk.now()
        self._promises: tuple[Promise, ...] = ()

    def changed(self) -> None:
        """Something was committed: what lies ahead is read again."""
        self._known_until = self._after

    def passed(self) -> list[Happening]:
        """What ended, or came near its end, since it was asked last."""
        now, after = self._desk.now(), self._after
        if now >= self._known_until:
            self._promises = due.promises(self._connection, after, now + AHEAD + SOON)
            self._known_until = now + AHEAD
        self._after = max(now, after)
        return crossed(self._promises, after, now)
