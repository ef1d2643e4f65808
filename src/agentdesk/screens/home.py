"""The console: queue, conversation and customer side by side, as far as the width goes; the composer below what it answers.

Layout, selection and routing only: what a key does is in the table (`actions`), what it runs in `routes`, the steps of an
act in `flows` and `writing`, what is read in `sight`. Text that customers wrote is drawn by the widgets, never as markup.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from inspect import isawaitable
from typing import Any

from textual import work as worker
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.screen import Screen

from agentdesk import present
from agentdesk.actions import QUEUE, READING, WRITING, Action, Keymap
from agentdesk.config import Home as Place
from agentdesk.config import Settings
from agentdesk.core.views import QueueRow
from agentdesk.engine import marks
from agentdesk.engine.desk import Desk
from agentdesk.engine.reply import Written
from agentdesk.errors import DeskError, RefusedError
from agentdesk.i18n import tr
from agentdesk.screens.front import Writes
from agentdesk.screens.keyboard import Keyboard
from agentdesk.screens.routes import ROUTES, Route
from agentdesk.screens.sight import Sight
from agentdesk.screens.writing import Writing
from agentdesk.widgets.composer import Composer
from agentdesk.widgets.conversation import Conversation
from agentdesk.widgets.customer import Customer
from agentdesk.widgets.queue import Queue
from agentdesk.widgets.status import Header, Hints

LOOK_EVERY = 0.25
TWO, THREE = 100, 160
"""Columns from which two and three panes stand side by side."""


class Home(Screen[None]):
    """The one screen that stays."""

    def __init__(self, desk: Desk, settings: Settings, place: Place, keymap: Keymap) -> None:
        super().__init__()
        self.desk = desk
        self.settings = settings
        self.place = place
        self.sight = Sight(desk, settings)
        self.writing: Writes = Writing(self)
        self.keyboard = Keyboard(keymap, self._chord)
        self.header, self.hints = Header(), Hints()
        self.queue, self.conversation = Queue(), Conversation()
        self.customer, self.composer = Customer(), Composer()
        self._reading = self._aside = False

    def compose(self) -> ComposeResult:
        yield self.header
        with Horizontal(id="panes"):
            yield self.queue
            with Vertical(id="ticket"):
                yield self.conversation
                yield self.composer
            yield self.customer
        yield self.hints

    def on_mount(self) -> None:
        self.go_to("inbox")
        self.queue.focus()
        self.set_interval(LOOK_EVERY, self._look)
        self.set_interval(1.0, self._tick)
        self.lay_out()

    def on_resize(self) -> None:
        self.lay_out()

    # What can be seen.

    @property
    def where(self) -> str:
        """Which keys count: those of the pane that has the focus."""
        if self.writing.active and self.composer.has_focus_within:
            return WRITING
        return READING if self.conversation.has_focus or self.customer.has_focus else QUEUE

    @property
    def row(self) -> QueueRow | None:
        return self.sight.row

    def lay_out(self) -> None:
        """Shows the panes that fit: one under 100 columns, two under 160, else three."""
        width = self.size.width or self.app.size.width
        wide, whole = width >= TWO, width >= THREE
        self.queue.display = wide or not (self._reading or self._aside)
        self.query_one("#ticket").display = wide or (self._reading and not self._aside)
        self.customer.display = whole or self._aside
        if wide and self._aside and not whole:
            self.query_one("#ticket").display = False
        pairs = self.keyboard.keymap.footer(self.where)
        self.hints.keys([(present.key(key), tr(action.title)) for key, action in pairs])

    def _chord(self, following: list[tuple[str, Action]] | None) -> None:
        pairs = [(present.key(key), tr(action.title)) for key, action in following or ()]
        self.hints.chord("…" if following else None, pairs)

    def tell(self, text: str, *, bad: bool = False) -> None:
        """A line in the footer for a few seconds; `bad` says that something was not done."""
        now = self.desk.now()
        self.hints.say(("! " if bad else "") + text, now + timedelta(seconds=8 if bad else 4), now)

    def hold(self, written: Written, who: str) -> None:
        """The undo of an answer that has not left yet, counting down."""
        now = self.desk.now()
        until = now + timedelta(seconds=self.settings.send.hold_email)
        self.hints.say(tr("undo answer to {who}").format(who=who), until, now, key="u", counts=True)

    # What is looked at.

    def go_to(self, view: str, only: str = "") -> None:
        """Another view of the queue."""
        try:
            source = self.sight.show(view, only)
        except DeskError as error:
            self.tell(present.problem(error).detail, bad=True)
            return
        self._reading = self._aside = False
        self.queue.empty = tr("Nothing here.") if self.settings.accounts else present.no_account()
        self.queue.show(source, self.desk.now())
        self.queue.focus()
        self._refresh_header()
        self.lay_out()

    def on_queue_highlighted(self, event: Queue.Highlighted) -> None:
        self.sight.row = event.row
        if self.size.width >= TWO:
            self.refresh_ticket()

    def on_queue_opened(self, event: Queue.Opened) -> None:
        self.open_number(event.row.number)

    def open_number(self, number: int) -> None:
        """A ticket, in place; Esc goes back."""
        if self.sight.open(number) is None:
            self.tell(tr("There is no ticket {name}.").format(name=number), bad=True)
            return
        self._reading, self._aside = True, False
        self.refresh_ticket()
        self.conversation.focus()
        self.lay_out()
        if self.row and self.row.unread:
            self._mark_read(self.row.id)

    def refresh_ticket(self) -> None:
        """Reads the selected ticket again and draws it."""
        row, now, zone = self.row, self.desk.now(), self.settings.desk.tzinfo
        opened = self.sight.open(row.number) if row else None
        if opened is None:
            self.conversation.clear()
            self.customer.show(None, now, zone)
            return
        self.conversation.show(opened.ticket, opened.messages, now, zone, opened.sending)
        self.customer.show(self.sight.card(), now, zone)

    def on_conversation_older_wanted(self, event: Conversation.OlderWanted) -> None:
        self.conversation.prepend(self.sight.older(event.before_id))

    def on_customer_ticket_chosen(self, event: Customer.TicketChosen) -> None:
        self.open_number(event.number)

    def on_composer_changed(self) -> None:
        self._save_soon()

    @worker(exclusive=True, group="draft")
    async def _save_soon(self) -> None:
        await asyncio.sleep(0.5)
        self.writing.save()

    @worker(group="read")
    async def _mark_read(self, ticket: str) -> None:
        row = self.row
        with suppress(DeskError):
            await asyncio.to_thread(marks.read, self.desk, self.settings, row.account if row else "", ticket)

    # What time and others do.

    def _look(self) -> None:
        touched = self.sight.feed.news()
        if touched is None:
            return
        self.queue.reload(self.desk.now())
        if self.row and (not touched or self.row.id in touched):
            self.refresh_ticket()
        self._refresh_header()

    def _tick(self) -> None:
        now = self.desk.now()
        for each in (self.queue, self.conversation, self.header, self.hints):
            each.tick(now)

    def _refresh_header(self) -> None:
        self.header.show(self.sight.header(), self.desk.now())

    # What keys do.

    def press(self, key: str) -> bool:
        """Runs what `key` means here; False where it means nothing."""
        found = self.keyboard.press(self.where, key)
        if isinstance(found, Action):
            self.run(found)
        return found is not None

    def run(self, action: Action) -> None:
        """Runs an action, or says why it cannot be run now."""
        if (
            self.row
            and action.needs
            and (self.sight.opened is None or self.sight.opened.ticket.row.id != self.row.id)
        ):
            self.sight.open(self.row.number)
        if reason := self.sight.why_not(action):
            self.tell(reason, bad=True)
            return
        self._run(ROUTES[action.id])

    @worker(group="act")
    async def _run(self, route: Route) -> None:
        try:
            answer = route(self)
            if isawaitable(answer):
                await answer
        except DeskError as error:
            self.fail(error)

    def fail(self, error: DeskError) -> None:
        """An error raised on purpose, in words."""
        told = present.problem(error)
        self.tell(
            told.detail if isinstance(error, RefusedError) else f"{told.title}: {told.detail}", bad=True
        )

    async def did(self, work: Callable[[], object]) -> bool:
        """Does something at the door, off this thread; False where it was refused or failed, which is said."""
        try:
            await asyncio.to_thread(work)
        except DeskError as error:
            self.fail(error)
            return False
        self._look()
        return True

    async def ask(self, dialog: Screen[Any]) -> Any:
        """Waits for a dialog's answer; None where it was left."""
        return await self.app.push_screen_wait(dialog)

    def local_now(self) -> datetime:
        return self.desk.now().astimezone(self.settings.desk.tzinfo)

    def write(self, kind: str) -> None:
        """Opens the composer on the selected ticket."""
        if self.row:
            self.open_number(self.row.number)
            self.writing.open(kind)

    def back(self) -> None:
        """One step back; in the queue, a filter is taken away."""
        if self._aside or self._reading:
            self._reading, self._aside = self._reading and self._aside, False
            (self.conversation if self._reading else self.queue).focus()
        elif self.sight.filter:
            self.go_to(self.sight.view)
        self.lay_out()

    def next_due(self) -> None:
        """The first ticket of the queue's order that is not the one at hand."""
        number = self.sight.first_other()
        if number is None:
            self.tell(tr("Nothing else waits."))
            return
        if self.sight.view != "inbox":
            self.go_to("inbox")
        self.open_number(number)
        if self.row:
            self.queue.select(self.row.id)

    def move_on(self, done: str) -> None:
        """After an act that ends a ticket's turn: the next one that is due, or back to the queue."""
        self.queue.reload(self.desk.now())
        if self._reading and (number := self.sight.first_other(done)) is not None:
            self.open_number(number)
        elif self._reading:
            self.back()
        self._refresh_header()

    def next_pane(self) -> None:
        """The focus to the next pane that is shown."""
        panes = [pane for pane in (self.queue, self.conversation, self.customer) if self._shown(pane)]
        now = next((at for at, pane in enumerate(panes) if pane.has_focus), -1)
        if panes:
            panes[(now + 1) % len(panes)].focus()
        self.lay_out()

    def _shown(self, pane: Any) -> bool:
        return bool(pane.display) and all(
            parent.display for parent in pane.ancestors if hasattr(parent, "display")
        )

    def toggle_customer(self) -> None:
        """Who is writing, beside or over the rest."""
        if self.size.width >= THREE or not self._aside:
            self._aside = self.size.width < THREE
            self.refresh_ticket()
            self.lay_out()
            self.customer.focus()
        else:
            self.back()

    def leave(self) -> None:
        """Saves what is typed, lets go what is held, and ends."""
        self.writing.save()
        self.app.exit()
