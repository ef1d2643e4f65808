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

    from agentdesk.core.commands import Command, Undo
    from agentdesk.engine.desk import Desk
    from agentdesk.store.writer import Writer

HOLD = 0.05


class Bulk:
    """`commands` by what each is about. `step` does the next ones; whoever stops calling it leaves the rest as it was."""

    resumes = False

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
                    self._do(writer, command)
                except RefusedError as error:
                    refused[key] = error
                else:
                    done.append(key)
                if clock.ticks() >= ends or self._desk.wanted():
                    break
        for _ in range(len(done) + len(refused)):
            self._left.popleft()
        self.done += done
        self.refused |= refused
        return bool(self._left)

    def stop(self) -> None:
        """What was not done stays as it was."""
        self._left.clear()

    def _do(self, writer: Writer, command: Command) -> None:
        """Raises RefusedError, and then has done nothing."""
        if self._desk.decided(writer, command, actor=self._actor, group=self.group).event is None:
            raise RefusedError(reason="nothing_changes")


class Undoing(Bulk):
    """Takes back an act on many tickets; of answers those that have not gone, and whatever of them is still to be written."""

    def __init__(self, desk: Desk, events: Mapping[str, Undo], act: str, *, of_people: bool = False) -> None:
        """`of_people`: the act was on customers, not on tickets."""
        super().__init__(desk, events)
        self.act, self.of_people = act, of_people

    def step(self) -> bool:
        from agentdesk.store import circular

        if not self.tried:
            with self._desk.transaction() as writer:
                circular.leave_out(writer.connection, self.act)
                circular.close(writer.connection, self.act, self._desk.now())
        return super().step()

    def _do(self, writer: Writer, command: Command) -> None:
        from agentdesk.core.commands import Undo
        from agentdesk.engine import reply

        assert isinstance(command, Undo)
        reply.taken_back(self._desk, writer, command, actor=self._actor, group=self.group)


def undoing(desk: Desk, group: str | None = None, before: str | None = None) -> Undoing | None:
    """What takes back an act on many tickets: the one of that `group`, else the last act of this agent (`before` another one, where
    that is given), None where that one was on a single ticket."""
    from agentdesk.core.commands import Undo
    from agentdesk.engine import back
    from agentdesk.store import log

    of_people = False
    if group is None:
        last = back.last(desk, before)
        if last is None or last.group is None:
            return None
        group, of_people = last.group, last.type == "ProfileChanged"
    with closing(desk.reader()) as connection:
        events = log.not_taken_back(connection, desk.agent, group)
        return Undoing(desk, {event: Undo(event) for event in events}, group, of_people=of_people)


def knows(desk: Desk, event: str) -> bool:
    """Whether there was an event of that id."""
    with desk.transaction() as writer:
        return writer.state.event(event) is not None
