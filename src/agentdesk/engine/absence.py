"""When nobody could look, and what came meanwhile.

Promises: two comparisons a look; a sleep, a clock that was set and a console that was closed are each said once. When a console was
open last is the time of an empty file beside the locks, set once a minute. Refuses: words; counting beyond a cap.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from agentdesk.core.gap import Came, Gap, Kind, Look, between
from agentdesk.engine import clock
from agentdesk.engine.reader import Reader
from agentdesk.store import evening

if TYPE_CHECKING:
    from agentdesk.config import Home
    from agentdesk.engine.desk import Desk
    from agentdesk.store.driver import Connection

CLOSED = timedelta(minutes=15)
"""A console that was closed for less is nobody's business."""
NOTED_EVERY = timedelta(minutes=1)
PRESSES = timedelta(hours=4)
"""Windows that end so soon are named to whoever comes back."""
NAME = "seen"


class Away(Reader):
    """Belongs to one thread. `look` gives all clocks at once; `home` is where consoles note that they are open."""

    def __init__(
        self,
        desk: Desk,
        connection: Connection | None = None,
        home: Home | None = None,
        look: Callable[[datetime], Look] = clock.look,
    ) -> None:
        super().__init__(desk, connection)
        self._look, self._home = look, home
        self.last = look(desk.now())
        self._noted_at: datetime | None = None

    def passed(self) -> Gap | None:
        """What happened to time since it was asked last; None for nothing."""
        now = self._look(self._desk.now())
        before, self.last = self.last, now
        return between(before, now)

    def closed(self) -> Gap | None:
        """How long no console was open before this one, where that is worth a word; this one is, from now on."""
        now, last = self._desk.now(), self._seen()
        self.note()
        return Gap(Kind.CLOSED, last, now) if last is not None and now - last >= CLOSED else None

    def note(self) -> None:
        """A console is open."""
        now = self._desk.now()
        if self._home is None or (self._noted_at and timedelta() <= now - self._noted_at < NOTED_EVERY):
            return
        self._noted_at = now
        file = self._home.state / NAME
        with suppress(OSError):
            file.touch(0o600)
            os.utime(file, (now.timestamp(), now.timestamp()))

    def _seen(self) -> datetime | None:
        if self._home is None:
            return None
        with suppress(OSError):
            return datetime.fromtimestamp((self._home.state / NAME).stat().st_mtime, UTC)
        return None

    def came(self, gap: Gap) -> Came:
        """What came in a gap, as far as it is here by now."""
        connection, now = self._connection, self._desk.now()
        messages, customers = evening.came(connection, gap.began, gap.ended)
        windows = evening.endings(connection, now, now + PRESSES)
        missed = evening.missed(connection, gap.began, gap.ended)
        return Came(messages, customers, missed, len(windows), windows[0].at if windows else None)
