"""What time alone does, at the second at which it does it: promises come near and end, windows close, snoozes run out, what was pledged
rises, the day ends.

Promises: the next such instant is looked up once along indexes, and again when something was committed; until then a look
costs one comparison and asks the store nothing, however long that is. What a sleeping laptop or a clock that was put forward
has missed comes together, with the next look; a clock that was set back brings nothing twice to whoever knows what was told
(`core.notice`). Refuses: timers, which count the time that a laptop is awake; deciding who is told.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing, suppress
from datetime import datetime
from typing import TYPE_CHECKING

from agentdesk.core.commands import Wake
from agentdesk.core.instant import FLOOR
from agentdesk.core.notice import SOON, Happening, crossed
from agentdesk.core.pledging import RaisePledge
from agentdesk.engine.reader import Reader
from agentdesk.errors import RefusedError
from agentdesk.store import due, pledge, queries
from agentdesk.values import dataclass

if TYPE_CHECKING:
    from agentdesk.engine.desk import Desk
    from agentdesk.store.driver import Connection

TICKER = "agentdesk"

Evening = Callable[[datetime], datetime | None]
"""When, after a given time, the end of the day comes into sight; None: it never does."""


@dataclass(frozen=True, slots=True)
class Passed:
    """What time did since the last look. `wakes`: a snooze has run out; `ends`: the day comes to its end."""

    happened: tuple[Happening, ...] = ()
    wakes: bool = False
    ends: bool = False


class Ticker(Reader):
    """Belongs to one thread. What ended before it was made is not told; what was to wake before wakes at the first look."""

    def __init__(self, desk: Desk, connection: Connection | None = None) -> None:
        super().__init__(desk, connection)
        self._evening: Evening = lambda _: None
        self._after = desk.now()
        self._woken = FLOOR
        self._ends_at: datetime | None = None
        self._next_at: datetime | None = None
        self._wakes_at: datetime | None = None
        self._stale = True

    def watch(self, evening: Evening) -> None:
        """The end of the day is said too, from now on."""
        self._evening, self._ends_at, self._stale = evening, evening(self._after), True

    def changed(self) -> None:
        """Something was committed: what is next is looked up again."""
        self._stale = True

    def again(self) -> None:
        """What was to wake could not be woken: the next look says so once more."""
        self._woken, self._stale = FLOOR, True

    def passed(self) -> Passed | None:
        """What time did since it was asked last; None for nothing."""
        now, after = self._desk.now(), self._after
        self._after = now
        if now < after:  # the clock was set back
            self._woken, self._ends_at, self._stale = min(self._woken, now), self._evening(now), True
            return None
        if self._stale:
            self._look_ahead(after)
        if self._next_at is None or now < self._next_at:
            return None
        promises = due.promises(self._connection, after, now)
        wakes, ends = _is_over(self._wakes_at, now), _is_over(self._ends_at, now)
        if wakes and self._wakes_at:
            self._woken = self._wakes_at
        if ends:
            self._ends_at = self._evening(now)
        self._look_ahead(now)
        return Passed(tuple(crossed(promises, after, now)), wakes, ends)

    def _look_ahead(self, after: datetime) -> None:
        """When something happens next, as far as is known now."""
        connection, self._stale = self._connection, False
        self._wakes_at = due.next_waking(connection, self._woken)
        near, end = due.next_end(connection, after + SOON), due.next_end(connection, after)
        soon, window = due.next_soon(connection, after), due.next_window(connection, after)
        at = (near and near - SOON, end, soon, window, self._wakes_at, self._ends_at)
        self._next_at = min(filter(None, at), default=None)


def _is_over(at: datetime | None, now: datetime) -> bool:
    return at is not None and at <= now


def wake(desk: Desk) -> int:
    """Wakes every ticket whose time has come; gives how many."""
    with closing(desk.reader()) as connection:
        over: list[Wake | RaisePledge] = [
            Wake(each) for each in queries.snoozed_until(connection, desk.now())
        ]
        over += [RaisePledge(each) for each in pledge.risen(connection, desk.now())]
    for command in over:
        with suppress(RefusedError):
            desk.do(command, actor=TICKER)
    return len(over)
