"""What rings: new messages and promises that end, for somebody who looks elsewhere.

Promises: what `core.notice` decides is told as `[notify]` says, by bell, terminal, desktop or a command; neither a file nor a
command ever keeps a key waiting, and what is wrong with a command is said once. Refuses: deciding what is told; anything that
stands in the way.
"""

from __future__ import annotations

import asyncio
import os
from contextlib import suppress
from typing import TYPE_CHECKING

from agentdesk import notices, rulewords
from agentdesk.core.notice import RULE
from agentdesk.engine import telling
from agentdesk.engine.aside import aside
from agentdesk.errors import DeskError
from agentdesk.i18n import tr

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from agentdesk.core.gap import Gap
    from agentdesk.core.notice import Happening, Notice, Rules
    from agentdesk.screens.front import Front


class Alert:
    """Rings for one console."""

    def __init__(self, home: Front) -> None:
        self.home = home
        self._teller = telling.Teller(home.place, home.desk.now())
        self._heard: list[Happening] = []
        self._rung: list[Happening] = []
        self._telling = False
        self._wrong: set[str] = set()

    @property
    def asks(self) -> bool:
        """Whether it is being found out if another process has told it."""
        return self._telling

    @property
    def waits(self) -> bool:
        """Whether something is yet to be told."""
        return bool(self._heard) or self._telling or self._teller.waits

    def missed(self, gap: Gap) -> None:
        """Nobody could look for a while."""
        self._teller.missed(gap)

    def arrived(self, touched: Collection[str]) -> None:
        """These tickets were touched; those to which a customer wrote may ring."""
        rows = (self.home.sight.source_row(each) for each in touched)
        self._tell(telling.news(row) for row in rows if row and row.unread)
        self.rules()

    def rules(self) -> None:
        """What rules have to tell is told here, while this console is open; what they could not do is one line."""
        for each in self.home.sight.feed.faulted():
            text = tr("rule {rule}: #{number} {text}")
            line = rulewords.line(each).removeprefix("! ")
            self.home.tell(text.format(rule=each.rule, number=each.number, text=line), bad=True)
        if rung := self.home.sight.feed.rung():
            self._rung = rung
            self._tell(rung)

    def _take(self) -> None:
        """Nobody else has to tell what a rule wanted told and this console did; until then it lies there for whoever starts next."""
        if self._rung and not self.waits:
            rung, self._rung = self._rung, []
            self.home.run_worker(self._took(rung), group="rung")

    async def _took(self, rung: list[Happening]) -> None:
        from agentdesk.engine import ringing

        with suppress(DeskError):  # a desk that is busy has it read again, and it is known
            await aside(lambda: ringing.took(self.home.desk, rung))

    def tick(self, happened: Iterable[Happening] = ()) -> None:
        """What time alone brings, and what waited."""
        self._tell(happened)
        self._take()

    def _tell(self, happened: Iterable[Happening]) -> None:
        self._heard += happened
        if self._telling:  # the teller is asked by one thread at a time
            return
        heard, self._heard = self._heard, []
        settings, now = self.home.settings.notify, self.home.desk.now()
        wanted = telling.rules(settings, self.home.desk.agent)
        if self._teller.hears(wanted, heard, now):
            self._telling = True
            self.home.run_worker(self._ask_and_ring(wanted), group="notice")

    async def _ask_and_ring(self, wanted: Rules) -> None:
        """Another process may have told it a moment ago."""
        try:
            notice = await asyncio.to_thread(self._teller.tells, wanted, self.home.desk.now())
        finally:
            self._telling = False
        if notice:
            self._ring(notice)

    def _ring(self, notice: Notice) -> None:
        settings, app, now = self.home.settings.notify, self.home.app, self.home.desk.now()
        if settings.rings(notice.kinds):
            app.bell()
        text = notices.words(notice, now, subject=settings.text)
        if self.home.panes.speaks or RULE in notice.kinds:
            self.home.tell(text)
        if not settings.shows(notice.kinds):
            return
        driver = app._driver  # noqa: SLF001 - Textual has no public way to send a sequence
        way = notices.way_of(os.environ, settings.way) if settings.osc else ""
        if way and driver is not None and not app.is_headless:
            driver.write(notices.sequence(way, text, tmux=bool(os.environ.get("TMUX"))))
        if settings.command or settings.desktop:
            self.home.run_worker(self._outside(notice, text), group="notify")

    async def _outside(self, notice: Notice, text: str) -> None:
        """The command and the desktop, beside the keys."""
        from agentdesk.engine import notify, ringing

        home = self.home
        document = notices.document(notice, text, home.desk.now())
        hidden = home.settings.secret_variables
        found = await asyncio.to_thread(notify.outside, home.settings.notify, text, document, hidden=hidden)
        if found and RULE in notice.kinds:
            await aside(lambda: ringing.failed(home.desk, notice.marks, "; ".join(found)))
        for wrong in found:
            if wrong not in self._wrong:
                self._wrong.add(wrong)
                home.tell(tr("A notice could not be given: {reason}").format(reason=wrong), bad=True)
