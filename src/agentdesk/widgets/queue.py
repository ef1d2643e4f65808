"""The queue: one line a ticket, over a window of rows, whatever the length of the list.

Promises: a step costs a page at most; what is selected is a ticket, not a place; the line under the cursor stays where it
is when the queue is read again; a selected ticket that is gone gives way to the next one. Refuses: keys, sorting, knowing
what a view is. A line API over pages stays flat where a table of 100,000 rows takes seconds to open.
"""

from datetime import datetime
from typing import Any

from textual import events
from textual.message import Message

from agentdesk.core.views import QueueRow
from agentdesk.widgets.glyphs import UNICODE, Glyphs
from agentdesk.widgets.pages import Pages, Source
from agentdesk.widgets.rows import Rows


class Queue(Rows, can_focus=True):
    """Selects and opens tickets. The screen calls its methods; the mouse selects, opens by a double click and scrolls."""

    class Highlighted(Message):
        """Another ticket is selected, or none: `row`."""

        def __init__(self, row: QueueRow | None) -> None:
            super().__init__()
            self.row = row

    class Opened(Message):
        """Somebody wants to read this ticket."""

        def __init__(self, row: QueueRow) -> None:
            super().__init__()
            self.row = row

    def __init__(self, *, glyphs: Glyphs = UNICODE, **named: Any) -> None:
        super().__init__(glyphs=glyphs, **named)
        self._row: QueueRow | None = None

    @property
    def selected(self) -> QueueRow | None:
        return self._row

    def show(self, source: Source, now: datetime) -> None:
        """Another view: from its beginning, the first ticket selected."""
        self.pages, self.now, self.unseen = Pages(source), now, 0
        self.pages.top()
        self.settle(0)
        self._choose(self.pages.at(0))

    def reload(self, now: datetime) -> None:
        """The same view as it is now; the line under the cursor, else the first one in sight, stays where it is."""
        pages, self.now = self.pages, now
        if pages is None:
            return
        top, row = self.scroll_offset.y, self._row
        was = pages.index(row.id) if row else None
        if row is None or was is None or was not in self.sight:
            row, was = pages.at(top), top
        if row is None:
            pages.top()
            self.settle(0)
            self._choose(pages.at(0))
            return
        index = pages.reread(row, was)
        grown = index - was
        self.unseen += max(0, grown) if pages.first == 0 else 0
        self.settle(max(0, top + grown))
        kept = pages.find(self._row.id) if self._row else None
        self._choose(kept or pages.at(index))

    def move(self, by: int) -> None:
        """The cursor `by` rows down, or up."""
        if self.pages and self._row:
            index = self.pages.index(self._row.id)
            self._to((self.pages.reread(self._row, self.pages.first) if index is None else index) + by)

    def page(self, direction: int, *, half: bool = False) -> None:
        """A page down (1) or up (-1)."""
        height = max(1, self.room.height - 1)
        self.move(direction * (max(1, height // 2) if half else height))

    def top(self) -> None:
        """To the first ticket."""
        if self.pages:
            self.pages.top()
            self.settle(0)
            self._to(0)

    def bottom(self) -> None:
        """To the last ticket."""
        if self.pages:
            self.pages.bottom()
            self.settle(max(0, self.pages.stop - self.room.height))
            self._to(self.pages.stop - 1)

    def select(self, ticket: str) -> bool:
        """Goes to a ticket; False where the view has it not."""
        row = self.pages.find(ticket) if self.pages else None
        if self.pages is None or row is None:
            return False
        index = self.pages.index(ticket)
        if index is None:
            index = self.pages.reread(row, self.pages.first)
            self.settle(max(0, index - self.room.height // 2))
        self._to(index)
        return True

    def open(self) -> None:
        """Says that the selected ticket is to be read."""
        if self._row:
            self.post_message(self.Opened(self._row))

    def on_focus(self, event: events.Focus) -> None:
        self.call_after_refresh(self._show_place)

    def _show_place(self) -> None:
        """The terminal's own cursor to the selected ticket."""
        if self.pages and self._row and (index := self.pages.index(self._row.id)) is not None:
            self.point(index - self.scroll_offset.y)

    def on_click(self, event: events.Click) -> None:
        at = event.get_content_offset(self)
        index = self.scroll_offset.y + at.y if at else -1
        if self.pages and self.pages.at(index):
            self._to(index)
            if event.chain == 2:
                self.open()

    def _to(self, index: int) -> None:
        """The cursor to a row, and the list as little as needed so that it is in sight."""
        if (pages := self.pages) is None or not pages.rows:
            return
        height, top, total = max(1, self.room.height), self.scroll_offset.y, pages.total
        index = min(max(0, index), total - 1)
        shift = pages.reach(index - height, index + height)
        top += shift
        index = min(max(pages.first, index + shift), pages.stop - 1)
        top = min(max(top, index - height + 1), index)
        if top != self.scroll_offset.y or pages.total != total:
            self.settle(top)
        self._choose(pages.at(index))

    def _choose(self, row: QueueRow | None) -> None:
        before, self._row, self.cursor = self.cursor, row, row.id if row else None
        if before != self.cursor:
            self.repaint((before, self.cursor))
        self._show_place()
        if before != self.cursor:
            self.post_message(self.Highlighted(row))
