"""The console: queue, conversation and customer side by side, as far as the width goes; the composer below what it answers.

Events only: what a key does is in the table (`actions`), what it runs in `routes`, the steps of an act in `flows` and
`writing`, how they run in `doing`, where one goes in `paths`, what stands where in `panes`, what is read in `sight`.
"""

from __future__ import annotations

import asyncio
import os
from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING

from textual import work as worker
from textual.screen import Screen

from agentdesk.actions import QUEUE, WRITING, Action
from agentdesk.errors import DeskError
from agentdesk.keymap import QUICK
from agentdesk.screens.alert import Alert
from agentdesk.screens.behind import Behind
from agentdesk.screens.doing import Doing
from agentdesk.screens.holding import Holding
from agentdesk.screens.keyboard import Keyboard
from agentdesk.screens.manner import say_mouse, signs
from agentdesk.screens.many import Many
from agentdesk.screens.marking import Marking
from agentdesk.screens.panes import Panes
from agentdesk.screens.passing import Passing
from agentdesk.screens.paths import Paths
from agentdesk.screens.rest import Rest
from agentdesk.screens.sight import Sight
from agentdesk.screens.terminal import is_remote

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from textual.app import ComposeResult

    from agentdesk.config import Home as Place
    from agentdesk.config import Settings
    from agentdesk.core.views import QueueRow
    from agentdesk.engine.desk import Desk
    from agentdesk.keymap import Keymap
    from agentdesk.screens.front import (
        Asks,
        Connect,
        Does,
        DoesMany,
        Follows,
        Front,
        Goes,
        GoesOn,
        Holds,
        MarksTickets,
        Passes,
        Rings,
        Writes,
    )
    from agentdesk.screens.look import Look
    from agentdesk.widgets.composer import Composer
    from agentdesk.widgets.conversation import Conversation
    from agentdesk.widgets.customer import Customer
    from agentdesk.widgets.queue import Queue
    from agentdesk.widgets.status import Hints

LOOK_EVERY = 0.25


class Home(Screen[None]):
    """The one screen that stays."""

    following: Follows

    def __init__(
        self,
        desk: Desk,
        settings: Settings,
        place: Place,
        keymap: Keymap,
        connect: Connect,
        look: Look,
    ) -> None:
        super().__init__()
        self.desk = desk
        self.settings = settings
        self.place = place
        self.connect = connect
        self.wears = look
        self.sight = Sight(desk, settings, place)
        self.panes = Panes(self, keymap, signs(look, settings.ui))
        self.panes.is_steady = settings.ui.reduced_motion or is_remote(os.environ)
        self.keyboard = Keyboard(keymap, self.panes.footer.chord)
        self.paths: Goes = Paths(self)
        self.holding: Holds = Holding(self)
        self.alert: Rings = Alert(self)
        self.passing: Passes = Passing(self)
        self.behind: GoesOn = Behind(self)
        self.doing: Does = Doing(self, _route)
        self.marking: MarksTickets = Marking(self)
        self.many: DoesMany = Many(self)
        self._stamp = place.stamp()
        self.leaving_at: float | None = None
        self.warned = False
        self.wish = ""
        self.rest: Asks = Rest(self)

    # What nobody can have begun before the first paint is loaded after it.

    @cached_property
    def writing(self) -> Writes:
        from agentdesk.screens.writing import Writing

        return Writing(self)

    def compose(self) -> ComposeResult:
        yield from self.panes.compose()

    async def complete(self) -> None:
        """What the first paint of the queue did not wait for; before the first key if that is sooner."""
        if not self.panes.is_complete:
            from agentdesk.screens.following import Following

            self.following = Following(self, self._stamp)
            await self.panes.complete()
            self.doing.tried(lambda: _begin(self))
            self.run_worker(_go_on(self), group="go_on")

    def on_mount(self) -> None:
        self.app.set_keymap(self.keyboard.keymap.in_lists())
        self.paths.go_to("inbox")
        self.set_interval(LOOK_EVERY, self.look)
        self.set_interval(1.0, self._tick)

    def on_resize(self) -> None:
        self.panes.lay_out()

    def on_descendant_focus(self) -> None:
        self.panes.footer.keys(self.panes.where)

    @property
    def row(self) -> QueueRow | None:
        return self.sight.row

    def tell(self, text: str, *, bad: bool = False, undo: bool = False) -> None:
        """A line in the footer for a few seconds; `bad`: it was not done, `undo`: it can be undone."""
        self.panes.footer.tell(text, self.desk.now(), bad=bad, undo=undo)

    # What the panes say.

    def on_queue_highlighted(self, event: Queue.Highlighted) -> None:
        selected = (
            self.panes.queue.selected
        )  # another value for the same ticket where it was read again meanwhile
        if (event.row and event.row.id) == (selected and selected.id):
            self.doing.tried(lambda: self.paths.follow(selected))

    def on_queue_opened(self, event: Queue.Opened) -> None:
        self.doing.tried(lambda: self.paths.open(event.row.number))

    def on_conversation_older_wanted(self, event: Conversation.OlderWanted) -> None:
        self.doing.tried(lambda: self.panes.conversation.prepend(self.sight.older(event.before_id)))

    def on_customer_ticket_chosen(self, event: Customer.TicketChosen) -> None:
        self.doing.tried(lambda: self.paths.open(event.number, deeper=True))

    def on_composer_everybody_toggled(self) -> None:
        self.writing.toggle_everybody()

    def on_hints_chosen(self, event: Hints.Chosen) -> None:
        if action := self.panes.footer.printed(event.key):
            self.keyboard.cancel()
            self.doing.run(action)

    @worker(exclusive=True, group="draft")
    async def on_composer_changed(self, _: Composer.Changed) -> None:
        """Half a second after the last key the draft is kept, and what the text promises is offered."""
        await asyncio.sleep(0.5)
        self.writing.saying.look()
        try:
            self.writing.save()
        except DeskError as error:
            self.doing.fail(error)

    # What time and others do.

    def look(self) -> None:
        if not self.doing.tried(lambda: _look(self), "look"):
            self.sight.feed.again()

    def _tick(self) -> None:
        self.doing.tried(lambda: _tick(self), "tick")

    # What keys do.

    def press(self, key: str) -> bool:
        """Runs what `key` means here; False where it means nothing."""
        where = self.panes.where
        found = self.keyboard.press(where, key)
        if found is None and where != WRITING and self.holding.current:
            send = self.keyboard.keymap.action(WRITING, key)
            found = send if send and send.id == "compose.send" else None
        if isinstance(found, Action):
            self.panes.footer.found()
        if isinstance(found, Action) and where == WRITING:
            self.doing.soon(found)
        elif isinstance(found, Action):
            self.doing.run(found)
        elif found or (found is None and where != WRITING and len(key) == 1):
            self.panes.footer.astray(found or key, self.desk.now())
        return found is not None

    def keep(self) -> None:
        """Saves what is being written, if anything is, and what could not be saved before; raises DeskError."""
        if "writing" in vars(self):
            self.writing.save()


def _begin(home: Home) -> None:
    """What is selected, and what lies there to be said."""
    home.paths.follow(home.panes.queue.selected)
    home.passing.begin()
    home.alert.rules()


def _look(home: Home) -> None:
    """What changed, and what time has brought."""
    before = home.panes.queue.selected
    touched = home.sight.feed.news()
    if touched is not None:
        home.passing.changed()
    home.passing.look()
    if touched is None:
        return
    home.panes.queue.reload(home.desk.now())
    if before and before.id in touched and home.doing.rests and home.many.rests:
        _say_gone(home, before)
    if home.row and (not touched or home.row.id in touched):
        home.paths.refresh_ticket()
    home.paths.refresh_header()
    home.paths.say_faults()
    home.alert.arrived(touched)


def _tick(home: Home) -> None:
    now = home.desk.now()
    if home.panes.is_complete:
        home.following.look()
    home.panes.tick(now)
    home.holding.tick(now)
    home.passing.tick()
    with suppress(DeskError):  # said when it was typed, and kept until it can be saved
        home.keep()


def _say_gone(home: Front, row: QueueRow) -> None:
    """Somebody else's act took the row under the cursor, which is on another now."""
    after = home.panes.queue.selected
    if home.panes.where == QUEUE and (after is None or after.id != row.id):
        from agentdesk.screens import gone

        home.run_worker(gone.tell(home, row), group="gone")


async def _go_on(home: Front) -> None:
    """What is to be said first; what an earlier console began and could not end; on an empty desk, the first mailbox."""
    from agentdesk.screens import circular

    say_mouse(home)
    await circular.go_on(home)
    if not home.settings.accounts and home.row is None:
        from agentdesk.screens import newcomer

        home.doing.begin(newcomer.welcome(home))


def _route(action: str) -> Callable[[Front], Awaitable[None] | None]:
    """What an action runs; loaded with the first key, so that the first paint need not wait for it."""
    from agentdesk.screens.routes import ROUTES

    if action in ROUTES:
        return ROUTES[action]
    from agentdesk.screens import quick, views

    if action.startswith(QUICK):
        return lambda home: quick.take(home, action.removeprefix(QUICK))
    return lambda home: views.show(home, action.removeprefix("view."))
