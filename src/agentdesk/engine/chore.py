"""What goes on beside the mailboxes: rules, voices that are put into words, promises that are counted anew, the daily backup, notices.

Promises: what one of them meets, whatever it is, is logged and told once, and it is tried again in a moment; neither what is received
and sent nor another of them hears of it. Each has a thread of its own, which is told to end and dies with the process, so that whoever
leaves waits for none. Refuses: knowing what any of them does.
"""

from __future__ import annotations

import logging
import threading
from contextlib import AbstractContextManager, ExitStack, suppress
from typing import TYPE_CHECKING

from agentdesk.channels.handover import Ended, Handover
from agentdesk.engine import trouble
from agentdesk.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable

    from agentdesk.engine.desk import Desk
    from agentdesk.errors import DeskError

    Begin = Callable[[threading.Event], AbstractContextManager[Callable[[], object]]]
    Told = Callable[[str, DeskError | None], object]
    """Told, in the chore's own thread, what a chore could not do, by its name, and with None that it can again."""

AGAIN_AFTER = 5.0
"""Seconds after a failure before it is tried again."""
ENDS_WITHIN = 1.0
"""Seconds that one which is at work may take at the end; what takes longer dies with the process."""


@dataclass(frozen=True, slots=True)
class Chore:
    """`name` is for people. `begin` opens what is needed and gives what is to be done, again and again: the first time `after` so many
    seconds, then `every` so many, or once where that is None. It is given what is set at the end, for whatever takes long to look at."""

    name: str
    begin: Begin
    every: float | None
    after: float = 0.0


async def keep(desk: Desk, chore: Chore, told: Told) -> None:
    """Does a chore until it is done or this is cancelled."""
    over, handover = threading.Event(), Handover[None](1)
    handover.start(chore.name, _Kept(desk, chore, told, over).run)
    try:
        with suppress(Ended):
            await handover.get()
    finally:
        over.set()
        await handover.end(ENDS_WITHIN)


class _Kept:
    """One chore, in its thread."""

    def __init__(self, desk: Desk, chore: Chore, told: Told, over: threading.Event) -> None:
        self._desk = desk
        self._chore = chore
        self._told = told
        self._over = over
        self._wrong = ""
        """What was told last."""

    def run(self) -> None:
        """What was begun goes on after a failure, with all that it remembers."""
        look: Callable[[], object] | None = None
        pause = self._chore.after
        with ExitStack() as begun:
            while not self._over.wait(pause):
                try:
                    look = look or begun.enter_context(self._chore.begin(self._over))
                    look()
                except Exception as error:  # noqa: BLE001 - whatever it is, it is tried again, and all else goes on
                    self._failed(error)
                    pause = AGAIN_AFTER
                    continue
                self._went_well()
                if self._chore.every is None:
                    return
                pause = self._chore.every

    def _failed(self, error: Exception) -> None:
        wrong = repr(error)
        if self._over.is_set() or wrong == self._wrong:
            return
        self._wrong, known = wrong, trouble.known(error, self._desk)
        logging.getLogger(__name__).warning("%s could not go on: %s", self._chore.name, known.code)
        self._tell(known)

    def _went_well(self) -> None:
        if self._wrong:
            self._wrong = ""
            self._tell(None)

    def _tell(self, error: DeskError | None) -> None:
        try:
            self._told(self._chore.name, error)
        except Exception:  # whoever was to be told cannot be: the log has it
            logging.getLogger(__name__).exception("nobody could be told of %s", self._chore.name)
