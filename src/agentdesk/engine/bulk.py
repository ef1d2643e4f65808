"""One act on many tickets: an event each, tied by their `group`, so that one undo takes the whole back.

Promises: what the law refuses for one ticket is counted with its reason and the others are done; the lock is held `HOLD`
seconds at a time at most, no longer once somebody waits, and keys go first; an undo takes back what its own agent did,
and nothing where another has changed it since. Refuses: one transaction for all: 5,000 tickets would lock the desk for seconds.
"""

from __future__ import annotations

from collections import deque
from contextlib import closing
from typing import TYPE_CHECKING

from agentdesk.engine import clock
from agentdesk.errors import RefusedError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from agentdesk.core.commands import Command
    from agentdesk.engine.desk import Desk

HOLD = 0.05


class Bulk:
    """`commands` by what each is about. `step` does the next ones; whoever stops calling it leaves the rest as it was."""

    def __init__(self, desk: Desk, commands: Mapping[str, Command], group: str | None = None) -> None:
        self.group = group or next(desk.ids)
        self.total = len(commands)
        self.done: list[str] = []
        self.refused: dict[str, RefusedError] = {}
        self._desk = desk
        self._actor = desk.agent
        self._left = deque(commands.items())

    @property
    def tried(self) -> int:
        return len(self.done) + len(self.refused)

    def step(self) -> bool:
        """Some more in one transaction; False where none was left. Raises DeskError; what that would have done is not."""
        done: list[str] = []
        refused: dict[str, RefusedError] = {}
        with self._desk.transaction(patient=True) as writer:
            ends = clock.ticks() + HOLD
            for key, command in self._left:
                try:
                    answer = self._desk.decided(writer, command, actor=self._actor, group=self.group)
                except RefusedError as error:
                    refused[key] = error
                else:
                    if answer.event is None:
                        refused[key] = RefusedError(reason="nothing_changes")
                    else:
                        done.append(key)
                if clock.ticks() >= ends or self._desk.wanted():
                    break
        for _ in range(len(done) + len(refused)):
            self._left.popleft()
        self.done += done
        self.refused |= refused
        return bool(self._left)


def undoing(desk: Desk, group: str | None = None) -> Bulk | None:
    """What takes back an act on many tickets: the one of that `group`, else the last act of this agent, None where that one was
    on a single ticket."""
    from agentdesk.core.commands import Undo
    from agentdesk.core.undo import UNDOABLE
    from agentdesk.store import log

    with closing(desk.reader()) as connection:
        if group is None:
            last = log.last_of(connection, desk.agent, tuple(sorted(UNDOABLE)))
            if last is None or last.group is None:
                return None
            group = last.group
        return Bulk(desk, {event: Undo(event) for event in log.not_taken_back(connection, desk.agent, group)})
