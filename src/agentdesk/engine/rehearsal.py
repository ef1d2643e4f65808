"""What rules would have done: the log since a day lived through once more, with the very code that runs them, and nothing written.

Promises: the same firings as if the rules had been on since that day, on a laptop that never slept; of what did not fire the reasons, with
those that missed by least. Whether a text may go is asked of the law that asks it otherwise, of the past as it was then. What
these rules really did and said is left out, so that it is not counted twice. Refuses: saying anything to anybody.
"""

from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from dataclasses import field
from datetime import datetime

from agentdesk.config import Home, Settings
from agentdesk.core.automatic import once_of
from agentdesk.core.events import Event, RuleFired
from agentdesk.core.firing import firing_id
from agentdesk.core.instant import moment
from agentdesk.core.ruled import FireRule
from agentdesk.core.rules import Deed, Rule
from agentdesk.engine.deeds import said_of
from agentdesk.engine.desk import Desk
from agentdesk.engine.judging import ACTOR, Judge, Missed
from agentdesk.engine.outbox import Connect
from agentdesk.engine.saying import Speaker
from agentdesk.engine.start import connector
from agentdesk.errors import DeskError
from agentdesk.store import rules as kept
from agentdesk.store.replay import Replay, replay
from agentdesk.store.rules import Wait
from agentdesk.values import dataclass

NEAREST = 5
"""Near misses that are kept for each rule."""


@dataclass(frozen=True, slots=True)
class Would:
    """A rule would have acted `at` on the ticket `number`, set off by `kind` of event `cause`; `refused` is why the law would not have
    it, with its `values`."""

    rule: str
    number: int
    ticket: str
    kind: str
    cause: str
    at: datetime
    did: tuple[str, ...]
    refused: str = ""
    values: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Near:
    """A rule did not act on a ticket, and why."""

    rule: str
    number: int
    at: datetime
    missed: Missed


@dataclass(slots=True)
class Rehearsed:
    """`fired` in order; `missed` counts by rule and reason; `nearest` are by rule those that missed by least."""

    fired: list[Would] = field(default_factory=list)
    missed: dict[str, Counter[str]] = field(default_factory=dict)
    nearest: dict[str, list[Near]] = field(default_factory=dict)
    tickets: int = 0


def rehearse(
    desk: Desk,
    home: Home,
    settings: Settings,
    rules: Sequence[Rule],
    since: datetime,
    connect: Connect = connector,
) -> Rehearsed:
    """What `rules` would have done from `since` to now; reads only."""
    with closing(desk.reader()) as connection:
        connection.execute("BEGIN")  # one moment of the store, whatever comes in meanwhile
        with replay(connection, desk.store.blobs, since) as past:
            return _Rehearsal(desk, home, settings, rules, past, connect).run()


class _Rehearsal:
    def __init__(
        self,
        desk: Desk,
        home: Home,
        settings: Settings,
        rules: Sequence[Rule],
        past: Replay,
        connect: Connect,
    ) -> None:
        self._now = desk.now()
        self._ends = self._now
        self._past = past
        self._names = {rule.name for rule in rules}
        apart = Desk(
            desk.store,
            desk.seal.key,
            lambda: desk.policy,
            agent=desk.agent,
            device="rehearsal",
            own=desk.own,
            segments=desk.segments,
            now=lambda: self._now,
        )
        self._home = home
        self._connect = connect
        self._said = past.said()
        self._firings = past.firings(self._names)
        self._judge = Judge(apart, settings, rules, dict.fromkeys(self._names, past.begins))
        self._done = Rehearsed()

    def run(self) -> Rehearsed:
        """Event by event, and between them whatever is due."""
        for seq, event in self._past.events():
            if self._is_ours(event):
                continue
            at = moment(event.at)
            self._until(at)
            self._now = at
            self._happens(seq, event)
        self._until(self._ends)
        self._done.fired.sort(key=lambda each: (each.at, each.number))
        return self._done

    def _is_ours(self, event: Event) -> bool:
        """What one of these rules really did or said."""
        if event.guard and (once := once_of(event.guard)):
            return once in self._firings
        return any(isinstance(each, RuleFired) and each.rule in self._names for each in event.changes)

    def _happens(self, seq: int, event: Event) -> None:
        self._past.step(event)
        for wait in self._judge.look(self._past.writer, seq, event):
            self._miss(wait, Missed("ended", (wait.kind,)))
        self._act(seq)

    def _until(self, at: datetime) -> None:
        """Time goes on to `at`, from one thing that is due to the next."""
        while (due_at := kept.next_due(self._past.writer.connection)) is not None and due_at <= at:
            self._now = max(self._now, due_at)
            self._act(self._past.begins + 1)
        self._now = max(self._now, at)

    def _act(self, seq: int) -> None:
        """All that is due, and what comes of it."""
        connection = self._past.writer.connection
        while due := kept.due(connection, self._now):
            for wait in due:
                text = self._judge.text_of(wait)
                until = self._judge.put_off(wait, text) if text else None
                if until is not None:
                    kept.put_off(connection, wait, until)
                    continue
                kept.drop(connection, (wait,))
                found = self._judge.judged(connection, wait)
                if isinstance(found, Missed):
                    self._miss(wait, found)
                else:
                    self._fire(wait, found, seq, text)

    def _fire(self, wait: Wait, command: FireRule, seq: int, text: Deed | None) -> None:
        writer = self._past.writer
        try:
            if text is not None:
                self._say(command, text, wait.due_at)
            done = self._judge.act(writer, command)
        except DeskError as error:
            self._done.fired.append(self._would(command, *said_of(error)))
            return
        if isinstance(done, Missed):
            self._miss(wait, done)
            return
        self._done.fired.append(self._would(command))
        self._judge.look(writer, seq, done)

    def _say(self, command: FireRule, text: Deed, due_at: datetime) -> None:
        """Says it in the past, where it lies with what others said; raises DeskError where it could not go."""
        writer, desk = self._past.writer, self._judge.desk
        desk.check_in(writer, command)
        (name, kind), once = text.words, firing_id(desk.seal, command)
        speaker = Speaker(desk, self._home, self._judge.settings, self._connect)
        ready = speaker.made(
            writer.connection, writer.blobs, command.ticket, name,
            kind=kind, once=once, due_at=due_at, message=self._said.get(once),
        )  # fmt: skip
        writer.blobs.put(writer.connection, ready.blobs)
        desk.decided(writer, ready.command, actor=ACTOR)

    def _would(self, command: FireRule, refused: str = "", values: dict[str, object] | None = None) -> Would:
        number = self._number(command.ticket)
        return Would(
            command.rule,
            number,
            command.ticket,
            command.on,
            command.cause,
            self._now,
            command.did,
            refused,
            values or {},
        )

    def _miss(self, wait: Wait, missed: Missed) -> None:
        self._done.missed.setdefault(wait.rule, Counter())[missed.reason] += 1
        near = self._done.nearest.setdefault(wait.rule, [])
        near.append(Near(wait.rule, self._number(wait.ticket), self._now, missed))
        near.sort(key=lambda each: (_distance(each.missed), -each.at.timestamp()))
        del near[NEAREST:]

    def _number(self, ticket: str) -> int:
        known = self._past.writer.state.ticket(ticket)
        return known.number if known else 0


def _distance(missed: Missed) -> tuple[int, int]:
    """How far from acting: by reasons that could be otherwise, and of a query by how much of it does not hold."""
    order = ("when", "ended", "where")
    place = order.index(missed.reason) if missed.reason in order else len(order)
    return place, len(missed.words) if missed.reason == "where" else 0
