"""One ticket, read: its heading stays, its messages scroll, one of them is selected.

Promises: a ticket opens at its newest message; what arrives while somebody reads moves nothing, it is announced on the last
line; what came in later or is older is laid out around what is in sight. Refuses: keys, fetching, writing. Lines instead of
a widget a message: another ticket is there in a few milliseconds, so a queue can be walked with the conversation open.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from typing import Any

from rich.cells import cell_len
from textual import events
from textual.geometry import Region
from textual.message import Message

from agentdesk.core.model import is_chat
from agentdesk.core.views import MessageView, OutboxRow, TicketView
from agentdesk.i18n import tr_n
from agentdesk.widgets.glyphs import UNICODE, Glyphs
from agentdesk.widgets.heading import heading
from agentdesk.widgets.pane import Line, Lines
from agentdesk.widgets.rows import NEVER
from agentdesk.widgets.thread import Laid, Look, block, lay, ruled

NARROWEST = 10
"""Columns for which is laid out what has no place on the screen yet."""


class Conversation(Lines, can_focus=True):
    """Shows a ticket. The screen calls its methods; the mouse selects a message, marks text and scrolls."""

    class OlderWanted(Message):
        """Somebody scrolled to the top: the messages before this one are wanted (`prepend`)."""

        def __init__(self, before_id: str) -> None:
            super().__init__()
            self.before_id = before_id

    def __init__(self, *, glyphs: Glyphs = UNICODE, key: str = "", **named: Any) -> None:
        """`key` puts a ticket under the cause that it looks like."""
        super().__init__(glyphs=glyphs, **named)
        self._key = key
        self.own: frozenset[str] = frozenset()
        """Our addresses, which are not named among those who got a message."""
        self.account = ""
        """What the account of the ticket is called, where its channel has several."""
        self.messages: list[MessageView] = []
        self.ticket: TicketView | None = None
        self.unseen = 0
        self._now: datetime = NEVER
        self._zone: tzinfo = UTC
        self._sending: Mapping[str, OutboxRow] = {}
        self._laid = Laid([], [])
        self._at = -1
        self._ended = True
        self._unfolded: frozenset[str] = frozenset()
        self._new_since: str | None = None
        self._asked: str | None = None

    def show(
        self,
        ticket: TicketView,
        messages: Sequence[MessageView],
        now: datetime,
        zone: tzinfo,
        sending: Mapping[str, OutboxRow] | None = None,
    ) -> None:
        """A ticket with its newest messages, oldest first; `sending` are the outbox's rows by message. The ticket that
        is shown already is brought up to date in place, any other one opens at its end."""
        same = self.ticket is not None and self.ticket.row.id == ticket.row.id
        was_on = self._now.astimezone(zone).date()
        drawn = self.ticket, self.messages[-len(messages) :], self._sending, was_on
        self.ticket, self._now, self._zone, self._sending = ticket, now, zone, sending or {}
        if same:
            if drawn != (ticket, list(messages), self._sending, now.astimezone(zone).date()):
                self._update(messages)
            return
        self.messages, self._at = list(messages), len(messages) - 1
        self._unfolded, self._new_since, self._asked, self.unseen = frozenset(), None, None, 0
        self._lay()
        self.go(len(self._laid.lines))
        self._ended = True

    def _update(self, messages: Sequence[MessageView]) -> None:
        """The same ticket, read again: what was older stays, what is new is shown only if that moves nothing."""
        known = [each.id for each in self.messages]
        chosen = self.selected()
        older = known.index(messages[0].id) if messages and messages[0].id in known else 0
        self.messages = [*self.messages[:older], *messages]
        ids = [each.id for each in self.messages]
        self._at = ids.index(chosen.id) if chosen and chosen.id in ids else len(ids) - 1
        self._lay()
        fresh = [each for each in messages if each.id not in known]
        if any(each.way != "in" for each in fresh):
            self._at = len(ids) - 1
            self.go(len(self._laid.lines))
        elif fresh and self.seen.stop < len(self._laid.lines):
            self.unseen += len(fresh)

    def clear(self) -> None:
        """No ticket: an empty pane."""
        self.ticket, self.messages, self._at, self.unseen = None, [], -1, 0
        self._lay()

    def prepend(self, messages: Sequence[MessageView]) -> None:
        """Older messages, oldest first; what is in sight stays where it is. None at all: there are no older ones."""
        before = len(self._laid.lines)
        self.messages = [*messages, *self.messages]
        self._at += len(messages)
        self._lay()
        self.go(self.scroll_offset.y + len(self._laid.lines) - before)

    def tick(self, now: datetime) -> None:
        """Time went on: the clock of the heading and what is held are drawn again, if they read otherwise."""
        self._now = now
        if self.ticket is None:
            return
        head = self._heading()
        for y, (old, new) in enumerate(zip(self.head, head, strict=False)):
            if old != new:
                self.refresh(Region(0, y, self.size.width, 1))
        self.head = head
        for message, (start, _) in zip(self.messages, self._laid.spans, strict=True):
            if message.id in self._sending:
                first = self._block(message)[0]
                if self._laid.lines[start] != first:
                    self._laid.lines[start] = first
                    self.refresh_line(start + len(head))

    def new_since(self, at: str | None) -> None:
        """Draws a line before the first message that arrived after this stamp; None takes it away."""
        self._new_since = at
        self._lay()

    def toggle_quotes(self, *, every: bool = False) -> None:
        """Unfolds or folds quotes and signatures of the selected message, or of all."""
        chosen = self.selected()
        some = frozenset(each.id for each in self.messages if every or each is chosen)
        self._unfolded = self._unfolded - some if some & self._unfolded else self._unfolded | some
        top = self.scroll_offset.y
        before = self._laid.spans[self._at][0] if chosen else 0
        self._lay()
        self.go(top + (self._laid.spans[self._at][0] - before if chosen else 0))

    def selected(self) -> MessageView | None:
        """The message that the keys are about."""
        return self.messages[self._at] if 0 <= self._at < len(self.messages) else None

    def move(self, by: int) -> None:
        """To the next message (1) or the one before (-1); one that is taller than the pane is scrolled through first."""
        if not self.messages:
            return
        start, stop = self._laid.spans[self._at]
        half = max(1, (self.room.height - len(self.head)) // 2)
        if by > 0 and stop > self.seen.stop and start <= self.seen.stop:
            self.go(self.scroll_offset.y + half)
        elif by < 0 and start < self.seen.start <= stop:
            self.go(self.scroll_offset.y - half)
        else:
            self._select(self._at + by)

    def page(self, direction: int) -> None:
        """A page down (1) or up (-1); the selection comes along."""
        self.go(self.scroll_offset.y + direction * max(1, self.room.height - len(self.head) - 2))
        seen = self.seen
        inside = [
            n for n, (start, stop) in enumerate(self._laid.spans) if start < seen.stop and stop > seen.start
        ]
        if inside and self._at not in inside:
            self._at = inside[0] if direction > 0 else inside[-1]
            self.refresh()

    def _select(self, index: int) -> None:
        self._at = min(max(0, index), len(self.messages) - 1)
        start, stop = self._laid.spans[self._at]
        self.reveal(0 if self._at == 0 else start, stop)
        self.point_at(start)
        self.refresh()

    def _block(self, message: MessageView) -> list[Line]:
        look = Look(_width(self), self._now, self._zone, self.glyphs, _channel(self.ticket), self.own)
        lines = block(
            message, look, unfolded=message.id in self._unfolded, sending=self._sending.get(message.id)
        )
        done = self.ticket.rules if self.ticket else ()
        return [*lines, *ruled(done, message, self.messages, look)]

    def _heading(self) -> list[Line]:
        if self.ticket is None:
            return []
        return heading(
            self.ticket,
            self.messages,
            self._now,
            _width(self),
            self.glyphs,
            self._zone,
            self._key,
            self.account,
        )

    def _lay(self) -> None:
        """All lines anew, for the width there is; what was never shown is laid out all the same, so that keys and time find it."""
        look = Look(_width(self), self._now, self._zone, self.glyphs, _channel(self.ticket), self.own)
        blocks = [self._block(each) for each in self.messages]
        dense = self.ticket is not None and is_chat(self.ticket.row.channel)
        self._laid = lay(self.messages, blocks, look, new_since=self._new_since, dense=dense)
        self.put(self._heading(), self._laid.lines)
        if self.messages:
            self.point_at(self._laid.spans[self._at][0])

    def edge(self, index: int) -> tuple[str, str, str]:
        start, stop = self._laid.spans[self._at] if self.messages else (0, 0)
        inside = start <= index < stop
        return (self.glyphs.cursor if inside else " ", "mark" if self.has_focus else "rule", "")

    def over(self, y: int) -> Line | None:
        if not self.unseen or y != self.room.height - 1:
            return None
        text = tr_n("{n} new", "{n} new", self.unseen).format(n=self.unseen)
        text = f" {self.glyphs.down} {text} "
        return ((self.glyphs.rule * max(0, (self.room.width - cell_len(text)) // 2), "rule"), (text, "mark"))

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        self._ended = self.seen.stop >= len(self._laid.lines)
        if self._ended and self.unseen:
            self.unseen = 0
            self.refresh()
        if new_value < old_value and round(new_value) == 0 and self.messages:
            first = self.messages[0].id
            if first != self._asked:
                self._asked = first
                self.post_message(self.OlderWanted(first))

    def on_resize(self, event: events.Resize) -> None:
        ended = self._ended
        self._lay()
        if self.messages and ended:
            self.go(len(self._laid.lines))

    def on_click(self, event: events.Click) -> None:
        at = event.get_content_offset(self)
        if at is None or at.y < len(self.head):
            return
        index = at.y - len(self.head) + self.scroll_offset.y
        for n, (start, stop) in enumerate(self._laid.spans):
            if start <= index < stop and n != self._at:
                self._at = n
                self.refresh()


def _width(pane: Lines) -> int:
    """The columns that lines are laid out for."""
    return max(NARROWEST, pane.room.width - 1)


def _channel(ticket: TicketView | None) -> str:
    return ticket.row.channel if ticket else ""
