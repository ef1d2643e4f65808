"""The panes of the console: which stand side by side, which has the keys, what the footer says.

Promises: one pane under 100 columns, two under 160, else three; whatever is hidden never keeps the keys; the focus moves at
once, so that what is typed next goes where it was meant. Refuses: knowing what a key does, reading, acting.
"""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from textual.containers import Horizontal, Vertical
from textual.widget import Widget

from agentdesk import present
from agentdesk.actions import BY_ID, CUSTOMER, PREFIXES, QUEUE, READING, WRITING
from agentdesk.i18n import tr
from agentdesk.widgets.conversation import Conversation
from agentdesk.widgets.customer import Customer
from agentdesk.widgets.queue import Queue
from agentdesk.widgets.status import Header, Hints

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult
    from textual.screen import Screen

    from agentdesk.actions import Action, Keymap
    from agentdesk.widgets.composer import Composer
    from agentdesk.widgets.glyphs import Glyphs

TWO, THREE = 100, 160
"""Columns from which two and three panes stand side by side."""


class Panes:
    """`reading`: somebody opened a ticket; `aside`: the customer stands over the rest."""

    def __init__(self, screen: Screen[None], keymap: Keymap, glyphs: Glyphs) -> None:
        self._screen = screen
        self._keymap = keymap
        self.header, self.hints = Header(glyphs=glyphs), Hints(glyphs=glyphs)
        self.queue, self.conversation = Queue(glyphs=glyphs), Conversation(glyphs=glyphs)
        self.customer = Customer(glyphs=glyphs)
        self._composer: Composer | None = None
        self._completes = asyncio.Lock()
        self._ticket = Vertical(self.conversation, id="ticket")
        self.reading = self.aside = False
        self._said_until: datetime | None = None
        self._printed: dict[str, Action] = {}

    def compose(self) -> ComposeResult:
        yield self.header
        yield Horizontal(self.queue, self._ticket, self.customer, id="panes")
        yield self.hints

    async def complete(self) -> None:
        """Adds the composer: after the first paint, or before the first key if that is sooner."""
        async with self._completes:
            if self._composer is None:
                from agentdesk.widgets.composer import Composer

                composer = Composer(glyphs=self.queue.glyphs)
                await self._ticket.mount(composer)
                self._composer = composer

    @property
    def composer(self) -> Composer:
        """Where one writes; there once the panes are complete."""
        assert self._composer is not None
        return self._composer

    @property
    def composing(self) -> bool:
        """Whether something is being written."""
        return self._composer is not None and self._composer.is_open

    @property
    def width(self) -> int:
        return self._screen.size.width or self._screen.app.size.width

    @property
    def where(self) -> str:
        """Which keys count: those of the pane that has the focus."""
        if self.composing and self.composer.has_focus_within:
            return WRITING
        focused = self._screen.focused
        if focused is self.customer:
            return CUSTOMER
        return READING if focused is self.conversation else QUEUE

    @property
    def focused(self) -> Widget:
        """What has the keys."""
        return self._screen.focused or self.queue

    def focus(self, pane: Widget) -> None:
        """The keys go to `pane` from now on; Textual's own `focus` would let those pass that are under way."""
        self._screen.set_focus(self.composer.pad if pane is self._composer else pane)
        self.show_keys()

    def lay_out(self) -> None:
        """Shows the panes that fit, and gives the keys to one of them."""
        wide, whole = self.width >= TWO, self.width >= THREE
        self.queue.display = wide or not (self.reading or self.aside)
        self._ticket.display = (wide and not (self.aside and not whole)) or (self.reading and not self.aside)
        self.customer.display = whole or self.aside
        focused = self._screen.focused
        if focused is None or not all(
            node.display for node in (focused, *focused.ancestors) if isinstance(node, Widget)
        ):
            self.focus(self.shown()[-1] if self.reading or self.aside else self.shown()[0])
        self.show_keys()

    def shown(self) -> list[Widget]:
        """The panes in sight that can have the keys, left to right."""
        panes: list[tuple[Widget, bool]] = [
            (self.queue, self.queue.display),
            (self.conversation, self._ticket.display),
            (self.customer, self.customer.display),
        ]
        if self._composer is not None:
            panes.insert(2, (self._composer, self._ticket.display and self.composing))
        return [pane for pane, display in panes if display]

    def next(self) -> None:
        """The keys to the next pane in sight."""
        panes = self.shown()
        now = next((at for at, pane in enumerate(panes) if pane.has_focus or pane.has_focus_within), -1)
        self.focus(panes[(now + 1) % len(panes)])

    # The footer.

    def show_keys(self) -> None:
        """The keys of the pane that has the focus."""
        pairs = self._keymap.footer(self.where)
        self._printed = {present.key(key): action for key, action in pairs}
        self.hints.keys([(present.key(key), tr(action.title)) for key, action in pairs])

    def show_chord(self, prefix: str, following: Sequence[tuple[str, Action]]) -> None:
        """What may follow the first key of a chord; nothing: it is over."""
        if not following:
            self.hints.chord(None)
            self.show_keys()
            return
        self._printed = {present.key(key): action for key, action in following}
        title = f"{present.key(prefix)} {tr(PREFIXES[prefix])}" if prefix in PREFIXES else present.key(prefix)
        self.hints.chord(title, [(present.key(key), tr(action.title)) for key, action in following])

    def printed(self, key: str) -> Action | None:
        """The action behind a key that stands in the footer."""
        return BY_ID["act.undo"] if key == self.key_of("act.undo") else self._printed.get(key)

    def tell(self, text: str, now: datetime, *, bad: bool = False, undo: bool = False) -> None:
        """A line in the footer for a few seconds; `bad` says that something was not done, `undo` that it can be undone."""
        self._said_until = now + timedelta(seconds=8 if bad or undo else 4)
        key = self.key_of("act.undo") if undo else ""
        self.hints.say(("! " if bad else "") + text, self._said_until, now, key=key)

    def key_of(self, action: str) -> str:
        """The first key of an action as it is printed; "" where it has none."""
        keys = self._keymap.keys[action]
        return present.key(keys[0]) if keys else ""

    def silent(self, now: datetime) -> bool:
        """Whether nothing is being told."""
        return self._said_until is None or now >= self._said_until

    def tick(self, now: datetime) -> None:
        for each in (self.queue, self.conversation, self.header, self.hints):
            if each.size.width:
                each.tick(now)
