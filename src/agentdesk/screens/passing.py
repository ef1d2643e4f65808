"""What time does to a console: tickets wake, promises end, the day comes to its end, the laptop slept.

Promises: what ended is drawn and told at the next look, a quarter of a second later at most, also where time is drawn every five
seconds; a look at which nothing ended asks the store nothing. What came while nobody could look is one line above the queue; the
end of the day is offered on that line, never over it, and so are the rules, once. Refuses: deciding what is told (`alert`).
"""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

from agentdesk.core.closing import comes_in_sight, in_sight
from agentdesk.core.gap import Came, Gap, Kind
from agentdesk.errors import DeskError
from agentdesk.i18n import tr

if TYPE_CHECKING:
    from datetime import datetime

    from agentdesk.engine.ticker import Passed
    from agentdesk.screens.front import Front

STANDS = timedelta(minutes=30)
"""The line on what came goes by itself after that."""


class Passing:
    """Belongs to one console."""

    def __init__(self, home: Front) -> None:
        self.home = home
        self._gap: Gap | None = None
        self._came = Came()
        self._gap_said_at: datetime | None = None
        self._closes_at: datetime | None = None
        self._rules = 0
        self._waking = False

    def begin(self) -> None:
        """The console is open: how long none was, and whether the day ends soon."""
        home = self.home
        self._said(home.sight.away.closed())
        if home.settings.desk.calendar is not None:
            calendar = home.desk.policy.calendar
            home.sight.ticker.watch(lambda after: comes_in_sight(calendar, after))
            self._closes_at = in_sight(calendar, home.desk.now())
        self.offer()

    def look(self) -> None:
        """Four times a second."""
        sight = self.home.sight
        gap = sight.away.passed()
        if gap is not None:
            if gap.kind is Kind.SLEPT:
                self.home.alert.missed(gap)
            self._said(gap)
        passed = sight.ticker.passed()
        if passed is not None:
            self._draw(passed)
        if gap is not None or passed is not None:
            self.offer()
        self.home.alert.tick(passed.happened if passed else ())

    def _draw(self, passed: Passed) -> None:
        home, now = self.home, self.home.desk.now()
        if passed.wakes:
            self._wake()
        if passed.ends:
            self._closes_at = in_sight(home.desk.policy.calendar, now)
        home.panes.queue.reload(now)
        home.panes.tick(now, at_once=True)
        if home.row:
            home.paths.refresh_ticket()
        home.paths.refresh_header()

    def _wake(self) -> None:
        if not self._waking:
            self._waking = True
            self.home.run_worker(self._wakes(), group="wake")

    async def _wakes(self) -> None:
        from agentdesk.engine.ticker import wake

        try:
            await asyncio.to_thread(wake, self.home.desk)
        except DeskError:  # a desk that is busy is asked again
            self.home.sight.ticker.again()
        finally:
            self._waking = False

    def tick(self) -> None:
        """Once a second: the line counts down, and goes when its time is over."""
        self.home.sight.away.note()
        if self._gap or self._closes_at:
            self.offer()

    def changed(self) -> None:
        """Something was committed."""
        self.home.sight.ticker.changed()
        if self._gap is not None:
            self._came = self.home.sight.away.came(self._gap)
            self.offer()

    # The line above the queue.

    def _said(self, gap: Gap | None) -> None:
        """A gap; where the line on an absence stands still, this is a part of it."""
        if gap is None:
            return
        if self._gap and {gap.kind, self._gap.kind} <= {Kind.SLEPT, Kind.CLOSED}:
            gap = Gap(self._gap.kind, self._gap.began, gap.ended)
        self._gap, self._gap_said_at = gap, self.home.desk.now()
        self._came = self.home.sight.away.came(gap)

    def offer(self) -> None:
        """What is offered now: what came goes before what is coming."""
        home, now = self.home, self.home.desk.now()
        if self._gap_said_at and not timedelta() <= now - self._gap_said_at < STANDS:
            self._gap = None
        if self._closes_at and self._closes_at <= now:
            self._closes_at = None
        offered = self._gap is not None or self._closes_at is not None or self._rules
        home.panes.offer(*(self._offered(now) if offered else ("", "")))

    def _offered(self, now: datetime) -> tuple[str, str]:
        from agentdesk import briefing

        text, act = "", ""
        if self._gap is not None:
            text, act = briefing.gap(self._gap, self._came, self.home.settings.desk.tzinfo), "go.came"
        if not text and self._closes_at is not None:
            text, act = briefing.offer(self._closes_at, now), "go.closing"
        if not text and self._rules:
            text, act = briefing.rules(self._rules), "rules.show"
        return text, act

    def hush(self) -> bool:
        """Takes the line away; False where there is none."""
        if not self.home.panes.offered.is_wanted:
            return False
        act = self.home.panes.offered.act
        if act == "go.came":
            self._gap = None
        elif act == "go.closing":
            self._closes_at = None
        else:
            self._rules = 0
        self.offer()
        return True

    def rules(self, count: int) -> None:
        """So many rules are offered; none once they were looked at."""
        self._rules = count
        self.offer()

    def came(self) -> None:
        """To what came while nobody looked."""
        if self._gap is None:
            self.home.tell(tr("Nobody was away, so nothing came meanwhile: the inbox, newest first."))
        self._gap = None
        self.home.paths.go_to("inbox", sort="newest")
        self.offer()

    def seen(self) -> None:
        """The end of the day was looked at, and needs no offer any more."""
        self._closes_at = None
        self.offer()
