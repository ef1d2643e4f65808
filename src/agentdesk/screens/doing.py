"""Doing things: an action runs or says why not, the door is asked off the screen's thread, a dialog answers.

Promises: while an act is under way, keys wait for it, so that what is typed fast means what it would mean typed slowly; an
error raised on purpose becomes a line of the footer. Refuses: knowing any one act.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from inspect import isawaitable
from typing import Any

from textual.events import Key
from textual.screen import Screen

from agentdesk import present
from agentdesk.actions import FILES, QUEUE, WRITING, Action
from agentdesk.engine import clock
from agentdesk.errors import DeskError, RefusedError
from agentdesk.i18n import tr, tr_n
from agentdesk.screens.front import Front

WAITS = 2.0
"""Seconds that a key waits at most for the act before it."""

LATELY = 20
"""Acts that are remembered by their ids, for the report of a mistake of ours."""

Routes = Callable[[str], Callable[[Front], Awaitable[None] | None]]


class Doing:
    """The acts of one console; `route` gives the function of an action's id."""

    def __init__(self, home: Front, route: Routes) -> None:
        self.home = home
        self._route = route
        self._free = asyncio.Event()
        self._free.set()
        self._acts = 0
        self._left: dict[str, str] = {}
        self._unread: dict[str, str] = {}
        self.lately: deque[str] = deque(maxlen=LATELY)
        self.again: Callable[[], Awaitable[None]] | None = None
        """Does the last act that can be repeated once more; None where this agent has done none."""

    async def settled(self) -> None:
        """Waits until all that came of the keys before has happened, or an act of theirs asks something, at most `WAITS` seconds."""
        home = self.home
        try:
            async with asyncio.timeout(WAITS):
                await self._until_free()
                screen = home.app.screen
                # Where one writes, each key is taken after the one before it anyhow.
                if screen is not home.panes.queue.screen or home.panes.where != WRITING:
                    await self._reached(screen)
                    await self._until_free()
        except TimeoutError:
            self._free.set()

    async def _until_free(self) -> None:
        while not self._free.is_set():  # whoever is woken looks again: the next act may have begun
            await self._free.wait()

    async def answers(self, dialog: Screen[Any], key: Key) -> bool:
        """Whether a dialog has a use for a key that is no letter of a text; if so, all that comes of it there has happened.

        The toolkit does what a dialog's key is bound to only when all keys that were typed after it have gone their way.
        Whoever types a name, Enter and the next answer at one go would find all of it in the first dialog.
        """
        from textual.widgets import Input, TextArea

        from agentdesk.screens.who import Blank

        if key.key in self.home.keyboard.keymap.keys["program.blank"] and not isinstance(dialog, Blank):
            await self.home.app.push_screen(Blank())  # the dialog goes on beneath it
            return True
        if isinstance(dialog.focused, TextArea) or (key.is_printable and isinstance(dialog.focused, Input)):
            return False
        check = dialog.app._check_bindings  # noqa: SLF001 - Textual has no public way to run what a key is bound to
        if not (await check(key.key, priority=True) or await check(key.key)):
            return False
        await self._reached(dialog)
        await asyncio.sleep(0)  # whoever waits for the dialog's answer goes on first
        return True

    async def edits(self, screen: Screen[Any], key: Key) -> bool:
        """Whether a key is one of those that move in a text or take something out of it; if so, that has happened. The toolkit does it
        when the letters that were typed behind it are in the text already: of "ab", Backspace, "c" at one go "ab" was left."""
        from textual.widgets import Input, TextArea

        text = screen.focused
        if key.is_printable or not isinstance(text, TextArea | Input):
            return False
        if key.key not in text._bindings.key_to_bindings:  # noqa: SLF001 - as in `answers`
            return False
        typed = asyncio.Event()
        text.call_later(typed.set)
        with suppress(TimeoutError):
            await asyncio.wait_for(typed.wait(), WAITS)
        check = screen.app._check_bindings  # noqa: SLF001 - as in `answers`
        return await check(key.key, priority=True) or await check(key.key)

    async def _reached(self, screen: Screen[Any]) -> None:
        """Waits until all that was typed has reached the screen: messages climb to it through the queue of each widget."""
        reached = asyncio.Event()
        focused = screen.focused or screen
        way = [focused, *(each for each in focused.ancestors_with_self if each is not screen.app)]

        def climb(at: int) -> None:
            if at == len(way) or not way[at].call_later(climb, at + 1):
                reached.set()

        climb(0)
        with suppress(TimeoutError):
            await asyncio.wait_for(reached.wait(), WAITS)

    def soon(self, action: Action) -> None:
        """Runs an action once what was typed before has reached the text."""
        self._free.clear()
        self.home.panes.focused.call_later(self.run, action)

    def run(self, action: Action) -> None:
        """Runs an action, or says why it cannot be run now. One of several steps goes on beside."""
        if self.home.leaving_at is not None:
            return  # it was meant before, and its turn never came
        self.lately.append(action.id)
        if not self._acts:
            self._free.set()
        self.tried(lambda: self._run(action))

    def _run(self, action: Action) -> None:
        home = self.home
        row, opened = home.row, home.sight.opened
        if row and action.needs and (opened is None or opened.ticket.row.id != row.id):
            home.sight.open(row.number)
        if reason := self.why_not(action):
            home.tell(reason, bad=True)
            return
        marked = len(home.marking.marks) if home.panes.where == QUEUE else 0
        if marked and row is not None and "alone" in action.needs:
            text = tr_n(
                "Only #{number}: this is done one by one, {n} stays marked.",
                "Only #{number}: this is done one by one, {n} stay marked.",
                marked,
            )
            home.tell(text.format(number=row.number, n=marked))
        answer = self._route(action.id)(home)
        if isawaitable(answer):
            self.begin(answer)

    def begin(self, act: Awaitable[None]) -> None:
        """One of several steps: keys wait for each of them, and go on when it ends."""
        self._acts += 1
        self._free.clear()
        self.home.run_worker(self._finish(act), group="act")

    def why_not(self, action: Action) -> str:
        """Why an action cannot be run here and now; empty where it can."""
        home = self.home
        if action.where in {WRITING, FILES} and action.id != "compose.send" and not home.writing.active:
            said = tr("Nothing is being written: {key} begins an answer, or goes on with its draft.")
            return said.format(key=home.panes.footer.key_of("ticket.reply"))
        marked = len(home.marking.marks) if home.panes.where == QUEUE else 0
        return (
            ""
            if marked and "marked" in action.needs
            else home.sight.why_not(action, home.panes.conversation.selected())
        )

    async def _finish(self, answer: Awaitable[None]) -> None:
        try:
            with self.home.desk.readable():
                await answer
        except DeskError as error:
            self.fail(error)
        finally:
            self._acts -= 1
            if not self._acts:
                self._free.set()

    def tried(self, work: Callable[[], object], again: str = "") -> bool:
        """Does what a key or time asks of this screen; False where that was refused or the store cannot be read, which is said: of what
        is done `again` by itself, under that name, once."""
        try:
            with self.home.desk.readable():
                work()
        except DeskError as error:
            if self._unread.get(again) != error.code:
                self.fail(error)
            self._unread |= {again: error.code} if again else {}
            return False
        self._unread.pop(again, None)
        return True

    def fail(self, error: DeskError) -> None:
        """An error raised on purpose, in words."""
        told = present.problem(error)
        refused = isinstance(error, RefusedError)
        self.home.tell(told.detail if refused else f"{told.title}: {told.detail}", bad=True)

    @property
    def rests(self) -> bool:
        """Whether no act of this console is under way: what changes now was done by somebody else."""
        return not self._acts

    def hold(self, on: bool) -> None:
        """Keys wait, at most `WAITS` seconds, or go on."""
        (self._free.clear if on else self._free.set)()

    def end(self) -> None:
        """The console ends: nothing more begins, and no key waits for what has begun."""
        self.home.leaving_at = self.home.leaving_at or clock.ticks()
        self._free.set()

    async def did(self, work: Callable[[], object]) -> bool:
        """Does something at the door, off this thread; False where it was refused or failed, which is said."""
        try:
            await asyncio.to_thread(work)
        except DeskError as error:
            self.fail(error)
            return False
        self.home.look()
        return True

    async def ask(self, dialog: Screen[Any]) -> Any:
        """Waits for a dialog's answer; None where it was left, and then it begins with what was typed the next time. Keys go
        on as soon as it can take them."""
        from agentdesk.screens.dialogs import Kept

        if self.home.leaving_at is not None:
            return None  # the end waits for no answer
        kept = dialog if isinstance(dialog, Kept) and dialog.topic else None
        if kept and (words := self._left.pop(kept.topic, "")):
            kept.resume(words)
        answer = self.home.app.push_screen(dialog, wait_for_dismiss=True)
        dialog.call_after_refresh(self._free.set)
        try:
            said = await answer
        finally:
            if self._acts:  # else nobody would let the keys go on again
                self._free.clear()
        if kept and said is None and kept.typed.strip():
            self._left[kept.topic] = kept.typed
        return said
