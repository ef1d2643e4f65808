"""Marking tickets in the queue: one by one, and from here to the cursor.

Promises: no key waits for what a range has to read: a leap over more than the window holds is read beside, ids only, and
whoever acts then waits for it. Refuses: marking more than `MOST` at once.
"""

from __future__ import annotations

import asyncio
from contextlib import closing
from typing import TYPE_CHECKING

from agentdesk.actions import QUEUE
from agentdesk.i18n import tr
from agentdesk.screens.marks import Marks

if TYPE_CHECKING:
    from agentdesk.core.views import QueueRow
    from agentdesk.screens.front import Front

MOST = 5000


class Marking:
    """The marks of one console, and what draws them. `_followed` is the ticket to which the range was led last."""

    def __init__(self, home: Front) -> None:
        self.home = home
        self.marks = Marks()
        self._wanted: QueueRow | None = None
        self._followed = ""
        self._read = asyncio.Event()
        self._read.set()

    def toggle(self) -> None:
        """Marks the ticket at the cursor, or not any more, and goes on to the next; ends a range that is being made."""
        row = self.home.panes.queue.selected
        if self.marks.anchor is not None:
            self.marks.end()
        elif row is not None:
            self.marks.toggle(row)
            self.home.panes.queue.move(1)
        self.draw()

    def range(self) -> None:
        """Begins a range at the cursor; ends the one that is being made."""
        row = self.home.panes.queue.selected
        if self.marks.anchor is not None:
            self.marks.end()
        elif row is not None:
            self.marks.begin(row)
            self._followed = row.id
        self.draw()

    async def everything(self) -> None:
        """Marks all that the view holds, as it is narrowed now."""
        tickets = await asyncio.to_thread(self._all)
        if len(tickets) == MOST:
            self.home.tell(tr("At most {n} tickets are marked at once.").format(n=MOST), bad=True)
        self.marks.add(tickets)
        self.draw()

    def _all(self) -> list[str]:
        with closing(self.home.sight.source.apart()) as source:
            first, last = source.after(None, 1), source.before(None, 1)
            return source.span(first[0], last[0], MOST) if first and last else []

    def follow(self) -> None:
        """The cursor moved: the range goes along; but where its ticket left the queue and the cursor with it, nobody chose
        the ticket that it stands on now, and the range ends."""
        queue, anchor = self.home.panes.queue, self.marks.anchor
        if anchor is None or queue.selected is None or queue.pages is None:
            return
        followed, self._followed = self._followed, queue.selected.id
        if followed != queue.selected.id and queue.pages.find(followed) is None:
            self.marks.end()
            self.draw()
            return
        if self.marks.follow(queue.selected.id, queue.pages.between):
            self._wanted = None
        else:
            self._wanted = queue.selected
            if self._read.is_set():
                self._read.clear()
                self.home.run_worker(self._catch_up(), group="range")
        self.draw()

    async def _catch_up(self) -> None:
        try:
            while (row := self._wanted) is not None and (anchor := self.marks.anchor) is not None:
                tickets = await asyncio.to_thread(self._between, anchor, row)
                if self._wanted is row and self.marks.anchor is anchor:
                    self._wanted = None
                    self.marks.span(tickets)
                    if len(tickets) == MOST:
                        self.home.tell(tr("At most {n} tickets are marked at once.").format(n=MOST), bad=True)
                    self.draw()
        finally:
            self._read.set()

    def _between(self, one: QueueRow, other: QueueRow) -> list[str]:
        with closing(self.home.sight.source.apart()) as source:
            return source.span(one, other, MOST)

    async def chosen(self) -> tuple[str, ...]:
        """What an act is done to instead of the ticket at hand: what is marked, where the queue has the keys."""
        if self.home.panes.where != QUEUE:
            return ()
        self.follow()
        await self._read.wait()
        return self.marks.tickets

    def clear(self) -> bool:
        """Takes all marks away; False where there was none."""
        any_there = bool(len(self.marks)) or self.marks.anchor is not None
        self.marks.clear()
        self._wanted = None
        self.draw()
        return any_there

    def draw(self) -> None:
        tickets = self.marks.tickets
        self.home.panes.queue.mark(tickets)
        self.home.panes.head.marked(len(tickets), in_range=self.marks.anchor is not None)
