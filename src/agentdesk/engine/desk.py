"""The one door: whatever changes goes through `Desk.do`, in one transaction with everything that belongs to it.

`do` is synchronous and is called by one thread at a time (a lock sees to that). It asks the law (`decide`), appends
the one event, folds it. A refusal becomes a RefusedError with words. Reading goes through `reader`.
"""

from __future__ import annotations

import socket
from contextlib import closing, contextmanager
from functools import cached_property
from typing import TYPE_CHECKING

from agentdesk.engine import clock
from agentdesk.engine.door import Door
from agentdesk.errors import RefusedError
from agentdesk.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from contextlib import AbstractContextManager
    from datetime import datetime

    from agentdesk.core.commands import Command
    from agentdesk.core.events import Event
    from agentdesk.core.refusal import Known
    from agentdesk.core.seal import Seal
    from agentdesk.core.segment import Segment
    from agentdesk.core.sla import Policy
    from agentdesk.core.state import Given, Staff, State
    from agentdesk.store import Store
    from agentdesk.store.driver import Connection
    from agentdesk.store.writer import Writer


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a command: its event, or None with the message that was known already."""

    event: Event | None
    message: str | None = None


class Desk:
    """A desk that is open in this process. `trusted` is by account the server whose word on senders counts, `segments` what
    config.toml says of customers."""

    def __init__(
        self,
        store: Store,
        key: bytes,
        policy: Callable[[], Policy],
        *,
        agent: str,
        device: str | None = None,
        own: frozenset[str] = frozenset(),
        staff: Callable[[], Staff] | None = None,
        trusted: Mapping[str, str] | None = None,
        segments: tuple[Segment, ...] = (),
        now: Callable[[], datetime] = clock.now,
        ids: Iterator[str] | None = None,
    ) -> None:
        self.store = store
        self._key = key
        self._policy = policy
        self._device = device
        self.agent = agent
        self.own = own
        self.trusted = trusted or {}
        self.segments = segments
        self._staff = staff
        self.now = now
        self.ids = ids or clock.fresh_ids()
        self._door = Door()
        self._leaves_traces = False

    # What only acts need is made with the first of them.

    @cached_property
    def seal(self) -> Seal:
        """What the desk's key makes."""
        from agentdesk.core.seal import Seal

        return Seal(self._key)

    @cached_property
    def device(self) -> str:
        """A name for this laptop that tells nobody its host name."""
        return self._device or self.seal.shared_id("device", socket.gethostname())[:8]

    @cached_property
    def staff(self) -> Staff:
        """Whom a forger would be."""
        from agentdesk.core.state import Staff

        return self._staff() if self._staff else Staff()

    @cached_property
    def policy(self) -> Policy:
        """By which clocks run; read when it is first asked for."""
        return self._policy()

    def do(self, command: Command, *, actor: str | None = None) -> Event:
        """One command, one event; raises RefusedError with the reason."""
        with self.transaction() as writer:
            answer = self.decided(writer, command, actor=actor)
        if answer.event is None:
            raise RefusedError(reason="known")
        return answer.event

    def decided(
        self, writer: Writer, command: Command, *, actor: str | None = None, group: str | None = None
    ) -> Answer:
        """The same inside a transaction that is open already; an event that is there already answers as known.

        `group` is the same for the events of one act on many tickets.
        """
        from agentdesk.core.refusal import Known

        found = self._said(writer.state, command, actor, group)
        if isinstance(found, Known):
            return Answer(None, found.message)
        if writer.append(found) != "ok":
            return Answer(None, _message_of(found))
        return Answer(found, _message_of(found))

    def check(self, command: Command) -> None:
        """Raises RefusedError where the law would refuse `command` now; nothing is done."""
        from agentdesk.store.state import StoreState

        with closing(self.reader()) as connection:
            self._said(StoreState(connection), command, None, None)

    def check_in(self, writer: Writer, command: Command) -> None:
        """The same of a desk that is open for writing."""
        self._said(writer.state, command, None, None)

    def foreseen(self, commands: Iterable[Command]) -> Iterator[Event]:
        """What the law would make of each of `commands` now, as far as it would not refuse it; nothing is done."""
        from agentdesk.core.events import Event

        yield from (each for each in self.outcomes(commands) if isinstance(each, Event))

    def outcomes(self, commands: Iterable[Command]) -> Iterator[Event | Known | RefusedError]:
        """The same, with why not."""
        from agentdesk.store.state import StoreState

        with closing(self.reader()) as connection:
            state = StoreState(connection)
            for command in commands:
                try:
                    yield self._said(state, command, None, None)
                except RefusedError as error:
                    yield error

    def _said(self, state: State, command: Command, actor: str | None, group: str | None) -> Event | Known:
        """What the law says; loaded with the first act, not before the first paint."""
        from agentdesk.core.decide import decide
        from agentdesk.core.refusal import Refusal

        try:
            return decide(state, command, self.policy, self._given(actor or self.agent, group))
        except Refusal as refusal:
            raise RefusedError(reason=refusal.reason, **refusal.values) from None

    @contextmanager
    def transaction(self, *, patient: bool = False) -> Iterator[Writer]:
        """The door itself: one thread at a time, one transaction. Whoever is `patient` lets keys pass.

        What was dropped in it leaves the journal, too, now or after a later one: nobody waits for those who read."""
        with self._door.passed(patient=patient):
            with self.store.transaction() as writer:
                yield writer
            if self._leaves_traces or writer.has_dropped:
                self._leaves_traces = not self.store.emptied(within=0)

    def wanted(self, *, elsewhere: bool = True) -> bool:
        """Whether a key waits at the door, or another process (`elsewhere`): whoever holds it long looks, and lets go."""
        return self._door.wanted() or (elsewhere and self.store.wanted())

    def _given(self, actor: str, group: str | None) -> Given:
        from agentdesk.core.state import Given

        return Given(
            now=self.now(),
            actor=actor,
            device=self.device,
            seal=self.seal,
            ids=self.ids,
            own=self.own,
            staff=self.staff,
            trusted=self.trusted,
            group=group,
        )

    def introduce(
        self,
        own: frozenset[str],
        staff: Callable[[], Staff],
        trusted: Mapping[str, str],
        segments: tuple[Segment, ...],
    ) -> None:
        """Who we are and what we say of customers from now on, after the settings changed."""
        self.own, self.trusted, self.segments, self._staff = own, trusted, segments, staff
        vars(self).pop("staff", None)

    def reader(self) -> Connection:
        """A connection that cannot write; the caller closes it. What goes wrong with it later is SQLite's error (`readable`)."""
        return self.store.reader()

    def readable(self) -> AbstractContextManager[None]:
        """Whatever is read inside raises StoreError, BusyError."""
        from agentdesk.store import readable

        return readable(self.store.path)

    def close(self) -> None:
        with self._door.passed():
            self.store.close()


def _message_of(event: Event) -> str | None:
    from agentdesk.core.events import MessageAdded, MessageSet, MessageVersion

    for change in event.changes:
        if isinstance(change, (MessageAdded, MessageVersion, MessageSet)):
            return change.message
    return None
