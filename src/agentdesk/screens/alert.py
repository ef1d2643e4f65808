"""What rings: new messages and promises that end, for somebody who looks elsewhere.

Promises: what `core.notice` decides is told as `[notify]` says, by bell, terminal, desktop or a command; a command never keeps
a key waiting, and what is wrong with it is said once. Refuses: deciding what is told; anything that stands in the way.
"""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING

from agentdesk import notices
from agentdesk.core.instant import moment
from agentdesk.core.notice import Happening, Notice, Rules, Told, told
from agentdesk.engine import spent
from agentdesk.i18n import tr

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from agentdesk.core.views import QueueRow
    from agentdesk.screens.front import Front


class Alert:
    """Rings for one console."""

    def __init__(self, home: Front) -> None:
        self.home = home
        began = home.desk.now()
        self._told = Told(began, spent=spent.remembered(home.place, began))
        self._wrong: set[str] = set()

    def arrived(self, touched: Collection[str]) -> None:
        """These tickets were touched; those to which a customer wrote may ring."""
        self.home.sight.due.changed()
        rows = (self.home.sight.source_row(each) for each in touched)
        self._tell(_news(row) for row in rows if row and row.unread)

    def tick(self) -> None:
        """What time alone brings."""
        self._tell(self.home.sight.due.passed())

    def _tell(self, happened: Iterable[Happening]) -> None:
        settings, now = self.home.settings.notify, self.home.desk.now()
        kinds = frozenset(settings.bell) | frozenset(settings.show)
        rules = Rules(self.home.desk.agent, kinds, settings.mine_only, settings.budget)
        self._told, notice = told(self._told, rules, happened, now)
        if notice:
            self._ring(notice)
            self.home.run_worker(
                asyncio.to_thread(spent.remember, self.home.place, self._told.spent), group="spent"
            )

    def _ring(self, notice: Notice) -> None:
        settings, app, now = self.home.settings.notify, self.home.app, self.home.desk.now()
        if notice.kinds & set(settings.bell):
            app.bell()
        if not notice.kinds & set(settings.show):
            return
        text = notices.words(notice, now, subject=settings.text)
        if self.home.panes.speaks:
            self.home.tell(text)
        driver = app._driver  # noqa: SLF001 - Textual has no public way to send a sequence
        way = notices.way_of(os.environ, settings.way) if settings.osc else ""
        if way and driver is not None and not app.is_headless:
            driver.write(notices.sequence(way, text, tmux=bool(os.environ.get("TMUX"))))
        if settings.command or settings.desktop:
            self.home.run_worker(self._outside(text, notices.document(notice, text, now)), group="notify")

    async def _outside(self, text: str, document: dict[str, object]) -> None:
        """The command and the desktop, beside the keys."""
        from agentdesk.engine import notify

        settings = self.home.settings.notify
        every = [settings.command] if settings.command else []
        if settings.desktop:
            every.append(notify.desktop(text))
        for command in every:
            wrong = await asyncio.to_thread(notify.run, command, document)
            if wrong and wrong not in self._wrong:
                self._wrong.add(wrong)
                self.home.tell(tr("A notice could not be given: {reason}").format(reason=wrong), bad=True)


def _news(row: QueueRow) -> Happening:
    """The last message of a ticket, as something that happened to it."""
    kind = "new" if row.messages == 1 else "reply"
    due = moment(row.next_due_at) if row.next_due_at else None
    at = row.last_message_at
    return Happening(kind, row.id, row.number, row.channel, at, moment(at), row.assignee, due, row.subject)
