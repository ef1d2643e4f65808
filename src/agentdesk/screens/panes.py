"""The panes of the console: which stand side by side, and which has the keys.

Promises: one pane under 100 columns, two under 160, else three; whatever is hidden never keeps the keys; the focus moves at
once, so that what is typed next goes where it was meant. Refuses: knowing what a key does, reading, acting.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from textual.containers import Horizontal, Vertical
from textual.widget import Widget

from agentdesk.actions import CUSTOMER, QUEUE, READING, WRITING
from agentdesk.screens.footer import Footer
from agentdesk.widgets.banner import Banner
from agentdesk.widgets.head import QueueHead
from agentdesk.widgets.offer import Offer
from agentdesk.widgets.queue import Queue
from agentdesk.widgets.rows import NEVER
from agentdesk.widgets.status import Header, OneLine

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from textual.app import ComposeResult
    from textual.screen import Screen

    from agentdesk.core.views import CauseRow
    from agentdesk.keymap import Keymap
    from agentdesk.widgets.composer import Composer
    from agentdesk.widgets.conversation import Conversation
    from agentdesk.widgets.customer import Customer
    from agentdesk.widgets.glyphs import Glyphs

TWO, THREE = 100, 160
"""Columns from which two and three panes stand side by side."""
STEADY = timedelta(seconds=5)
"""How often time is drawn where nothing is to move much: over a remote line, or because somebody wants it so."""


class Panes:
    """`reading`: somebody opened a ticket; `aside`: the customer stands over the rest; `is_steady`: time is drawn every
    five seconds instead of each second."""

    def __init__(self, screen: Screen[None], keymap: Keymap, glyphs: Glyphs) -> None:
        self._screen = screen
        self.header, self.footer = Header(glyphs=glyphs), Footer(keymap, glyphs)
        self.queue, self.head = Queue(glyphs=glyphs), QueueHead(glyphs=glyphs)
        self.banner, self.offered = Banner(glyphs=glyphs), Offer(glyphs=glyphs)
        self._ticket = Vertical(id="ticket")
        self._side_by_side = Horizontal(self.queue, self._ticket, id="panes")
        self._beside: tuple[Conversation, Composer, Customer] | None = None
        self._completes = asyncio.Lock()
        self.reading = self.aside = self.is_steady = False
        self._ticked = NEVER

    def compose(self) -> ComposeResult:
        yield self.header
        yield self.offered
        yield self.banner
        yield self.head
        yield self._side_by_side
        yield self.footer.hints

    async def complete(self) -> None:
        """Adds what stands beside the queue: nobody has looked there before the first paint."""
        async with self._completes:
            if self._beside is not None:
                return
            from agentdesk.widgets.composer import Composer
            from agentdesk.widgets.conversation import Conversation
            from agentdesk.widgets.customer import Customer

            glyphs = self.queue.glyphs
            key = self.footer.key_of("ticket.cause")
            conversation, composer = Conversation(glyphs=glyphs, key=key), Composer(glyphs=glyphs)
            customer = Customer(glyphs=glyphs)
            customer.display = False
            await self._ticket.mount(conversation, composer)
            await self._side_by_side.mount(customer)
            self._beside = (conversation, composer, customer)
            self.lay_out()

    @property
    def is_complete(self) -> bool:
        return self._beside is not None

    @property
    def conversation(self) -> Conversation:
        """The ticket; like composer and customer it is there once the panes are complete."""
        assert self._beside is not None
        return self._beside[0]

    @property
    def composer(self) -> Composer:
        """Where one writes."""
        assert self._beside is not None
        return self._beside[1]

    @property
    def customer(self) -> Customer:
        """Who is writing."""
        assert self._beside is not None
        return self._beside[2]

    @property
    def composing(self) -> bool:
        """Whether something is being written."""
        return self.is_complete and self.composer.is_open

    @property
    def width(self) -> int:
        """The columns there are; who hears the screen has one pane at a time, however many."""
        width = self._screen.size.width or self._screen.app.size.width
        return min(width, TWO - 1) if self.speaks else width

    @property
    def speaks(self) -> bool:
        """Whether lines are made to be heard."""
        return self.queue.glyphs.speaks

    def wear(self, glyphs: Glyphs) -> None:
        """Draws with these signs from now on."""
        panes: list[Any] = [self.header, self.footer.hints, self.queue, self.head, self.banner, self.offered]
        if self.is_complete:
            panes += [self.conversation, self.composer, *self.composer.query(OneLine), self.customer]
        for each in panes:
            each.glyphs = glyphs
        self.head.redraw()
        self._screen.app.set_class(glyphs.speaks, "-spoken")
        self.lay_out()

    @property
    def where(self) -> str:
        """Which keys count: those of the pane that has the focus."""
        if self.composing and self.composer.has_focus_within:
            return WRITING
        focused = self._screen.focused
        if not self.is_complete or focused not in {self.conversation, self.customer}:
            return QUEUE
        return CUSTOMER if focused is self.customer else READING

    @property
    def focused(self) -> Widget:
        """What has the keys."""
        return self._screen.focused or self.queue

    def focus(self, pane: Widget) -> None:
        """The keys go to `pane` from now on; Textual's own `focus` would let those pass that are under way."""
        typing = self.is_complete and pane is self.composer
        self._screen.set_focus(self.composer.pad if typing else pane)
        self.footer.keys(self.where)

    def lay_out(self) -> None:
        """Shows the panes that fit, and gives the keys to one of them."""
        wide, whole = self.width >= TWO, self.width >= THREE
        self.queue.display = self.head.display = wide or not (self.reading or self.aside)
        self.banner.display = self.queue.display and self.banner.is_wanted
        self.offered.display = self.queue.display and self.offered.is_wanted
        self._ticket.display = (wide and not (self.aside and not whole)) or (self.reading and not self.aside)
        if self.is_complete:
            self.customer.display = whole or self.aside
        focused, shown = self._screen.focused, self.shown()
        hidden = focused is None or not all(
            node.display for node in (focused, *focused.ancestors) if isinstance(node, Widget)
        )
        if hidden and shown:  # nothing is, where the console is closed before it is complete
            self.focus(shown[-1] if self.reading or self.aside else shown[0])
        self.footer.keys(self.where)

    def causes(self, open_: Sequence[CauseRow], now: datetime) -> None:
        """What is behind many tickets; its line is there only where something is."""
        before = self.banner.is_wanted
        self.banner.show(open_, now)
        if self.banner.is_wanted != before:
            self.lay_out()

    def offer(self, text: str, act: str) -> None:
        """What is offered above the queue, and the act that leads there; its line is there only where something is."""
        before = self.offered.is_wanted
        self.offered.show(text, act, self.footer.key_of(act) if act else "")
        if self.offered.is_wanted != before:
            self.lay_out()

    def shown(self) -> list[Widget]:
        """The panes in sight that can have the keys, left to right."""
        panes: list[tuple[Widget, bool]] = [(self.queue, self.queue.display)]
        if self.is_complete:
            panes += [
                (self.conversation, self._ticket.display),
                (self.composer, self._ticket.display and self.composing),
                (self.customer, self.customer.display),
            ]
        return [pane for pane, display in panes if display]

    def next(self) -> None:
        """The keys to the next pane in sight."""
        panes = self.shown()
        now = next((at for at, pane in enumerate(panes) if pane.has_focus or pane.has_focus_within), -1)
        self.focus(panes[(now + 1) % len(panes)])

    def tick(self, now: datetime, *, at_once: bool = False) -> None:
        """Time went on, or something ended and is drawn `at_once`. What was just done is counted down each second all the same:
        it can be taken back."""
        reading = (self.conversation,) if self.is_complete else ()
        timed = (self.queue, *reading, self.header, self.banner)
        self.footer.hints.tick(now)
        if self.is_steady and not at_once and timedelta() <= now - self._ticked < STEADY:
            return
        self._ticked = now
        for each in timed:
            if each.size.width:
                each.tick(now)
