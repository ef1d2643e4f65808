"""One act on all that is marked: how many is said before, how far it is while it runs, and what could not be done after.

Promises: keys go on meanwhile; another act on many waits for its turn; undo stops what still runs and takes back what it
did. What was done is no longer marked, what was refused stays so. Refuses: knowing any one act.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import TYPE_CHECKING

from agentdesk import deeds, present
from agentdesk.engine import bulk
from agentdesk.errors import DeskError
from agentdesk.i18n import tr, tr_n

if TYPE_CHECKING:
    from collections.abc import Callable

    from agentdesk.core.commands import Command
    from agentdesk.screens.front import Front, Work

SOON = 50
"""As many are done before the next key counts."""


class Many:
    """The act on many tickets of one console."""

    def __init__(self, home: Front) -> None:
        self.home = home
        self._running: Work | None = None
        self._stops = False
        self._warned = False
        self._ended = asyncio.Event()
        self._ended.set()

    @property
    def rests(self) -> bool:
        """Whether nothing runs on many."""
        return self._running is None

    def stop(self) -> bool:
        """The rest stays as it is; False where nothing runs."""
        self._stops = True
        return self._running is not None

    async def do(
        self, tickets: tuple[str, ...], command: Callable[[str], Command], said: Callable[[int], str]
    ) -> None:
        """Does `command` to each ticket; `said` has the words for how many it was done to."""
        commands = {ticket: command(ticket) for ticket in tickets}
        await self.start(bulk.Bulk(self.home.desk, commands), said)

    async def undo(self, before: str | None = None) -> bool:
        """Takes back the last act, or the last one `before` another, where it was on many tickets; False where it was on one."""
        running = self._running
        if running is not None:
            self.stop()
            await self._ended.wait()
        group = running.group if running else None
        whole = await asyncio.to_thread(bulk.undoing, self.home.desk, group, before)
        if whole is None:
            return False

        def said(n: int) -> str:
            return deeds.undone(n, of_people=whole.of_people)

        self.home.holding.drop(whole.act)
        await self.start(whole, said, can_undo=False)
        return True

    def holds_back(self) -> bool:
        """Whether whoever wants to leave is told first that something still runs."""
        if self._running is None or self._warned:
            return False
        self._warned = True
        text = tr("{done} of {total} tickets are done. Once more to leave; the others stay as they are.")
        if self._running.resumes:
            text = tr("{done} of {total} answers are written. Once more to leave; the next start goes on.")
        self.home.tell(text.format(done=self._running.tried, total=self._running.total), bad=True)
        return True

    async def start(
        self,
        work: Work,
        said: Callable[[int], str],
        *,
        can_undo: bool = True,
        after: Callable[[], None] | None = None,
    ) -> None:
        """Goes on until all is done, beside the keys where it takes long; `after` follows what is said of it."""
        if self._running is not None:
            self.home.tell(tr("Another action on many tickets is still running; Esc stops it."), bad=True)
            return
        self._running, self._stops, self._warned = work, False, False
        self._ended.clear()
        running = self._run(work, lambda: self._tell(work, said, can_undo=can_undo), after)
        if work.total <= SOON:
            await running
        else:
            self.home.run_worker(running, group="many")

    async def _run(self, work: Work, tell: Callable[[], None], after: Callable[[], None] | None) -> None:
        home = self.home
        try:
            while await asyncio.to_thread(work.step) and not self._stops:
                home.panes.head.progress(work.tried, work.total)
            if self._stops:
                await asyncio.to_thread(work.stop)
        except DeskError as error:
            home.doing.fail(error)
        else:
            tell()
            if after:
                after()
        finally:
            try:
                home.marking.marks.drop(work.done)
                home.look()  # as long as it runs: what it took out of the view was nobody else's act
            finally:
                self._running = None
                self._ended.set()
                home.panes.head.progress(0, 0)
        home.marking.draw()
        home.paths.follow(home.panes.queue.selected)

    def _tell(self, work: Work, said: Callable[[int], str], *, can_undo: bool) -> None:
        done = len(work.done)
        parts = [said(done).replace("{n}", str(done))] if done or not work.refused else []
        reasons = Counter(present.problem(error).detail for error in work.refused.values())
        for reason, n in reasons.most_common(2):
            parts.append(tr_n("{n} not: {reason}", "{n} not: {reason}", n).format(n=n, reason=reason))
        if rest := work.total - work.tried:
            parts.append(tr("stopped, {n} left as they were").format(n=rest))
        self.home.tell("; ".join(parts), bad=not done, undo=can_undo and bool(done))


def counted(words: str) -> Callable[[int], str]:
    """What is said of all that an act was done to: `words` say what they are now."""
    return lambda n: tr_n("{n} ticket: {acts}", "{n} tickets: {acts}", n).replace("{acts}", words)
