"""Wiring only: the desk, the keymap, the one screen that stays, what goes on beside it, and how all of it ends."""

from __future__ import annotations

import asyncio
import gc
import signal
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from textual import events

from agentdesk.actions import BY_ID
from agentdesk.engine import clock
from agentdesk.engine.start import connector
from agentdesk.errors import DeskError
from agentdesk.screens.home import Home
from agentdesk.screens.look import Look
from agentdesk.screens.mishap import Mishaps
from agentdesk.screens.shell import Shell
from agentdesk.screens.sight import COUNTED

if TYPE_CHECKING:
    from agentdesk.config import Account, Settings
    from agentdesk.config import Home as Place
    from agentdesk.engine.desk import Desk
    from agentdesk.keymap import Keymap
    from agentdesk.screens.front import Connect
    from agentdesk.widgets.offer import Offer
    from agentdesk.widgets.status import Header

BEGINS_AGAIN_AFTER = 60.0
"""Seconds after which what receives begins again, where a mistake of ours has ended it."""
ENDS_WITHIN = 1.8
"""Seconds from the wish to leave to the end, sending what is held included."""


class Console(Shell):
    """The console over one open desk. `accounts` are those that it receives and sends for; by default all."""

    CSS_PATH = "console.tcss"
    COLLECTS_EVERY = 30.0

    def __init__(
        self,
        desk: Desk,
        settings: Settings,
        place: Place,
        keymap: Keymap,
        *,
        accounts: tuple[Account, ...] | None = None,
        connect: Connect = connector,
        look: Look | None = None,
        greets: bool = False,
    ) -> None:
        super().__init__(look or Look(settings.ui.theme, ascii=settings.ui.ascii), settings.ui)
        self.desk = desk
        self.home = Home(desk, settings, place, keymap, connect, self.look)
        self._greets = greets
        self._accounts = settings.accounts if accounts is None else accounts
        self._mishaps = Mishaps(self.home, self._receive_again)

    def on_mount(self) -> None:
        for name in (signal.SIGTERM, signal.SIGHUP):
            with suppress(RuntimeError, ValueError):  # not the main thread
                asyncio.get_running_loop().add_signal_handler(name, self._told_to_end)
        self._mishaps.watch()
        self.push_screen(self.home)
        self.call_after_refresh(self._go_on)

    async def _go_on(self) -> None:
        """After the first paint: the other panes, the network, and the collector only when the keyboard rests."""
        await self.home.complete()
        self.show_cursor(on=self.home.panes.speaks)
        self.home.behind.start(self._accounts)
        if self._greets:
            from agentdesk.screens.morning import greet

            self.home.run_worker(greet(self.home), group="greet")
        gc.freeze()
        gc.disable()
        self.set_interval(self.COLLECTS_EVERY, self._collect)

    def _receive_again(self) -> None:
        self.set_timer(BEGINS_AGAIN_AFTER, self.home.behind.begin_again)

    def _collect(self) -> None:
        """A method, since the toolkit cannot call a function that is written in C."""
        gc.collect()

    def _told_to_end(self) -> None:
        """SIGTERM or SIGHUP: what is held stays held, and goes with the next start."""
        from agentdesk.screens.leaving import told_to_end

        told_to_end(self.home, self._driver)

    def exit(self, *said: Any, **named: Any) -> None:
        """Textual's own; from now on no key does anything."""
        self.home.doing.end()
        super().exit(*said, **named)

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.InputEvent | events.Paste):
            if self.home.leaving_at is not None:
                return
            await self.home.complete()
        if isinstance(event, events.Key | events.Paste) and not event.is_forwarded:
            from agentdesk.screens.taking import left

            if (rest := await left(self.home, event)) is None:
                event.stop()
                return
            event = rest
        await super().on_event(event)

    def _fatal_error(self) -> None:
        super()._fatal_error()
        if self.failure is not None and self.report is None:
            self.report = self._mishaps.ended(self.failure)

    def on_header_chosen(self, event: Header.Chosen) -> None:
        self.home.paths.go_to(COUNTED[event.at])

    def on_offer_chosen(self, event: Offer.Chosen) -> None:
        self.home.doing.run(BY_ID[event.act])

    def on_page_shortened(self, event: Any) -> None:
        self.home.tell(event.words, bad=True)

    async def action_quit(self) -> None:
        """Textual's own way out, from a dialog or the composer, is ours too."""
        from agentdesk.screens.leaving import leave

        self.run_worker(leave(self.home))

    def on_unmount(self) -> None:
        with suppress(DeskError):
            self.home.keep()
        spent = clock.ticks() - self.home.leaving_at if self.home.leaving_at else 0.0
        self.home.behind.stop(max(0.2, ENDS_WITHIN - spent))
        self._mishaps.stop()
        self.home.sight.close()
        gc.enable()
        gc.unfreeze()
