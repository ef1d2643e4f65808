"""When nobody could look, and what came meanwhile.

Promises: two comparisons a look; a sleep, a clock that was set and a console that was closed are each said once. When a console was
open last is the time of an empty file beside the locks, set once a minute, and so is when anybody looked at time; the last gaps are
a file as well, for whoever asks later (`doctor`). Refuses: words; counting beyond a cap.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from agentdesk.config import write_file
from agentdesk.core.gap import Came, Gap, Kind, Look, between
from agentdesk.core.instant import moment, stamp
from agentdesk.engine import clock
from agentdesk.engine.reader import Reader
from agentdesk.errors import DeskError
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
NAME, LOOKED, GAPS = "seen", "looked", "gaps"
KEPT = 20
"""So many of the last gaps are remembered."""


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
        self._noted_at: dict[str, datetime] = {}

    def passed(self) -> Gap | None:
        """What happened to time since it was asked last; None for nothing."""
        now = self._look(self._desk.now())
        before, self.last = self.last, now
        gap = between(before, now)
        self._touch(LOOKED)
        if gap is not None and self._home is not None:
            _record(self._home, gap)
        return gap

    def closed(self) -> Gap | None:
        """How long no console was open before this one, where that is worth a word; this one is, from now on."""
        now, last = self._desk.now(), self._seen()
        self.note()
        return Gap(Kind.CLOSED, last, now) if last is not None and now - last >= CLOSED else None

    def note(self) -> None:
        """A console is open."""
        self._touch(NAME)

    def _touch(self, name: str) -> None:
        now, noted_at = self._desk.now(), self._noted_at.get(name)
        if self._home is None or (noted_at and timedelta() <= now - noted_at < NOTED_EVERY):
            return
        self._noted_at[name] = now
        file = self._home.state / name
        with suppress(OSError):
            file.touch(0o600)
            os.utime(file, (now.timestamp(), now.timestamp()))

    def _seen(self) -> datetime | None:
        return None if self._home is None else _touched(self._home, NAME)

    def came(self, gap: Gap) -> Came:
        """What came in a gap, as far as it is here by now."""
        connection, now = self._connection, self._desk.now()
        messages, customers = evening.came(connection, gap.began, gap.ended)
        windows = evening.endings(connection, now, now + PRESSES)
        missed = evening.missed(connection, gap.began, gap.ended)
        return Came(messages, customers, missed, len(windows), windows[0].at if windows else None)


def looked_at(home: Home) -> datetime | None:
    """When a console or a daemon looked at time last, to the minute; None for never."""
    return _touched(home, LOOKED)


def recorded(home: Home) -> tuple[Gap, ...]:
    """The last gaps that anybody saw, the newest last."""
    found = []
    with suppress(OSError, ValueError):
        for line in (home.state / GAPS).read_text("ascii").splitlines():
            kind, began, ended = line.split(" ")
            found.append(Gap(Kind(kind), moment(began), moment(ended)))
    return tuple(found)


def _record(home: Home, gap: Gap) -> None:
    gaps = (*recorded(home), gap)[-KEPT:]
    lines = (f"{each.kind} {stamp(each.began)} {stamp(each.ended)}\n" for each in gaps)
    with suppress(DeskError):
        write_file(home.state / GAPS, "".join(lines).encode())


def _touched(home: Home, name: str) -> datetime | None:
    with suppress(OSError):
        return datetime.fromtimestamp((home.state / name).stat().st_mtime, UTC)
    return None
