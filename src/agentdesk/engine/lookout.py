"""What time and others do, seen by a process without a screen: sleepers wake, and what happens is told.

Promises: the same law and the same memory as a console's (`telling`); while a console is open that tells. Refuses: words and
ways; whoever starts it gives what rings.
"""

from __future__ import annotations

from contextlib import closing, contextmanager, suppress
from typing import TYPE_CHECKING

from agentdesk.core.gap import Kind
from agentdesk.core.notice import SETTLES
from agentdesk.engine import ringing
from agentdesk.engine.absence import Away
from agentdesk.engine.chore import Chore
from agentdesk.engine.feed import Feed
from agentdesk.engine.source import Source
from agentdesk.engine.telling import CONSOLE, Teller, news, rules
from agentdesk.engine.ticker import Ticker, wake
from agentdesk.errors import N_, DeskError
from agentdesk.store import lock

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Iterator, Sequence

    from agentdesk.config import Home, Notify
    from agentdesk.core.notice import Happening, Notice
    from agentdesk.engine.desk import Desk

    Ring = Callable[[Notice], Sequence[str] | None]

LOOK_EVERY = 0.25


class Lookout:
    """Belongs to one thread. `settings` None: nothing is told, and sleepers wake all the same."""

    def __init__(self, desk: Desk, home: Home, settings: Notify | None) -> None:
        self._desk, self._settings = desk, settings
        self._connection = desk.reader()
        self._feed = Feed(desk, self._connection)
        self._ticker = Ticker(desk, self._connection)
        self._away = Away(desk, self._connection, home)
        self._inbox = Source(desk, "inbox", connection=self._connection)
        self._teller = Teller(home, desk.now())
        self._console = lock.Waiting(home.state, CONSOLE)
        self._new = True
        self._rung: list[Happening] = []
        """What rules have to tell, until it was told."""

    def close(self) -> None:
        self._console.close()
        self._connection.close()

    def look(self) -> Notice | None:
        """What is to be told now, if anything; raises DeskError where the desk is busy."""
        gap = self._away.passed()
        if gap is not None and gap.kind is Kind.SLEPT:
            self._teller.missed(gap)
        happened: list[Happening] = []
        touched = self._feed.news()
        if touched is not None:
            self._ticker.changed()
            rows = (self._inbox.find(each) for each in touched)
            happened += (news(row) for row in rows if row and row.unread)
        if touched is not None or self._new:
            self._rung = self._ringing()
            happened += self._rung
            self._new = False
        passed = self._ticker.passed()
        if passed is not None:
            happened += passed.happened
            if passed.wakes:
                self._wake()
        notice = self._told(happened)
        self._take()
        return notice

    def _ringing(self) -> list[Happening]:
        """What rules have to tell, where no console does."""
        rung = self._feed.rung()
        if not rung or self._console:
            return []
        if self._settings is None:
            ringing.failed(self._desk, [each.key for each in rung], ringing.nobody())
        return rung

    def _take(self) -> None:
        """Nobody else has to tell what was told here, or what nobody can tell; what waits yet lies there for whoever starts next."""
        if not self._rung or self._teller.waits:
            return
        with suppress(DeskError):  # a desk that is busy is asked with the next look
            ringing.took(self._desk, self._rung)
            self._rung = []

    def failed(self, notice: Notice, wrong: str) -> None:
        """It could not be told, or not in every way."""
        ringing.failed(self._desk, notice.marks, wrong)

    def _wake(self) -> None:
        try:
            wake(self._desk)
        except DeskError:  # a desk that is busy is asked again
            self._ticker.again()

    def _told(self, happened: list[Happening]) -> Notice | None:
        if self._settings is None:
            return None
        wanted, now = rules(self._settings, self._desk.agent), self._desk.now()
        if self._teller.hears(wanted, happened, now) and not self._console:
            return self._teller.tells(wanted, now)
        return None


def once(desk: Desk, home: Home, settings: Notify | None, ring: Ring) -> None:
    """What rules have to tell now, where no console does; what the budget keeps back is left for the next time."""
    rung = ringing.waits(desk)
    if not rung:
        return
    with closing(lock.Waiting(home.state, CONSOLE)) as console:
        if console:
            return
    if settings is None:
        ringing.failed(desk, [each.key for each in rung], ringing.nobody())
        ringing.took(desk, rung)
        return
    wanted, teller = rules(settings, desk.agent), Teller(home, desk.now())
    teller.hears(wanted, rung, desk.now() - SETTLES)
    notice = teller.tells(wanted, desk.now())
    if not teller.waits:
        ringing.took(desk, rung)
    if notice and (wrong := "; ".join(ring(notice) or ())):
        ringing.failed(desk, notice.marks, wrong)


def chore(desk: Desk, home: Home, settings: Notify | None, ring: Ring) -> Chore:
    """Looks again and again. `ring` tells, and says what went wrong with that."""

    @contextmanager
    def begun(_: threading.Event) -> Iterator[Callable[[], None]]:
        with closing(Lookout(desk, home, settings)) as lookout:
            yield lambda: _looked(lookout, ring)

    return Chore(N_("notices"), begun, LOOK_EVERY)


def _looked(lookout: Lookout, ring: Ring) -> None:
    if (notice := lookout.look()) and (wrong := "; ".join(ring(notice) or ())):
        lookout.failed(notice, wrong)
