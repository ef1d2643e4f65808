"""What a console does four times a second, without a screen."""

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from agentdesk import briefing
from agentdesk.config import Home, Notify
from agentdesk.core.gap import Look
from agentdesk.engine import telling
from agentdesk.engine.absence import Away
from agentdesk.engine.feed import Feed
from agentdesk.engine.source import Source
from agentdesk.engine.telling import Teller
from agentdesk.engine.ticker import Ticker
from desks import MONDAY, Bench

MADRID = ZoneInfo("Europe/Madrid")
EVERYTHING = telling.rules(Notify(), "Joan")


class Console:
    """Its laptop can sleep."""

    def __init__(self, bench: Bench, home: Home, look: Callable[[datetime], Look] | None = None) -> None:
        """`look` gives the clocks; without it they go by the desk's, but for its sleep."""
        self.bench, self.slept, self.notices = bench, timedelta(), []
        self.connection = bench.desk.reader()
        self.feed, self.ticker = Feed(bench.desk, self.connection), Ticker(bench.desk, self.connection)
        self.away = Away(bench.desk, self.connection, home, look or self.clocks)
        self.inbox, self.teller = (
            Source(bench.desk, "inbox", connection=self.connection),
            Teller(home, bench.clock.at),
        )
        self.gap = self.away.closed()

    def clocks(self, at: datetime) -> Look:
        elapsed = (at - MONDAY).total_seconds()
        return Look(at, elapsed - self.slept.total_seconds(), elapsed)

    def sleeps(self, **span) -> None:
        self.slept += timedelta(**span)
        self.bench.clock.go(**span)

    def look(self) -> None:
        gap = self.away.passed()
        if gap:
            self.gap = gap
            self.teller.missed(gap)
        touched = self.feed.news() or ()
        if touched:
            self.ticker.changed()
        rows = [self.inbox.find(each) for each in touched]
        passed = self.ticker.passed()
        happened = [telling.news(row) for row in rows if row] + list(passed.happened if passed else ())
        now = self.bench.clock.at
        if self.teller.hears(EVERYTHING, happened, now) and (notice := self.teller.tells(EVERYTHING, now)):
            self.notices.append(dict(notice.counts))

    def looks(self, seconds: float) -> None:
        for _ in range(int(seconds * 4)):
            self.bench.clock.go(seconds=0.25)
            self.look()

    @property
    def line(self) -> str:
        return briefing.gap(self.gap, self.away.came(self.gap), MADRID) if self.gap else ""

    def close(self) -> None:
        self.connection.close()
