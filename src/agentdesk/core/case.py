"""A ticket as reports look at it: who said something when, when it was over and when not any more, and what was promised.

Promises: values that the log makes again, whatever the settings are by then. Refuses: texts, names of customers, and deciding
what any of it is worth (`core.report`).
"""

from datetime import datetime

from agentdesk.core.sla import ANSWERS, Clock
from agentdesk.values import dataclass

NOBODY = ""


@dataclass(frozen=True, slots=True)
class Turn:
    """Something that was said between customer and shop. `agent` wrote it; NOBODY for a customer, and for an answer that was
    written elsewhere."""

    at: datetime
    ours: bool
    agent: str = NOBODY


@dataclass(frozen=True, slots=True)
class Ending:
    """The ticket was over (`over`), or not any more. What was undone, and an end whose answer never went, is none."""

    at: datetime
    over: bool
    agent: str = NOBODY


@dataclass(frozen=True, slots=True)
class Case:
    """One ticket with all that was merged into it. `turns`, `endings` and `clocks` in the order of time. `lost` are answers that
    did not arrive, or were taken back, which are no turns: when they were written. `others` are the tickets of the same person that opened after its
    first end: when, and about which incident."""

    number: int
    channel: str
    opened_at: datetime
    turns: tuple[Turn, ...] = ()
    endings: tuple[Ending, ...] = ()
    clocks: tuple[Clock, ...] = ()
    others: tuple[tuple[datetime, str | None], ...] = ()
    assignee: str | None = None
    priority: str = "normal"
    kind: str | None = None
    incident: str | None = None
    derived: bool = False
    tags: tuple[str, ...] = ()
    lost: tuple[datetime, ...] = ()
    account: str = NOBODY

    @property
    def is_over(self) -> bool:
        return bool(self.endings) and self.endings[-1].over

    @property
    def first_end(self) -> Ending | None:
        return next((each for each in self.endings if each.over), None)

    @property
    def reopened(self) -> datetime | None:
        """When it was over no longer, for the first time."""
        return next((each.at for each in self.endings if not each.over), None)

    @property
    def answers(self) -> int:
        """Public answers of people. What begins a ticket that is ours answers nothing."""
        theirs = next((at for at, each in enumerate(self.turns) if not each.ours), len(self.turns))
        return sum(each.ours for each in self.turns[theirs:])

    @property
    def contacts(self) -> int:
        """How often the customer came: what is written before the next answer of ours is one contact. The last one counts not
        where it needed no answer, as thanks need none."""
        found, waits = 0, False
        for turn in self.turns:
            if not turn.ours and not waits:
                found += 1
            waits = not turn.ours
        return found - 1 if waits and self.is_over and found > 1 else found

    def answered_by(self, at: datetime) -> str:
        """Who had answered last by then."""
        return next((each.agent for each in reversed(self.turns) if each.ours and each.at <= at), NOBODY)

    def kept_by_nothing(self, clock: Clock) -> bool:
        """Whether the only answers that met it did not arrive. What is due since that was known is a promise of its own."""
        if clock.metric not in ANSWERS or clock.met_at is None:
            return False
        since, until = clock.started_at, clock.met_at
        arrived = any(each.ours and since <= each.at <= until for each in self.turns)
        return not arrived and any(since <= at <= until for at in self.lost)

    def ended_by(self, at: datetime) -> str:
        """Who had ended it last by then."""
        return next((each.agent for each in reversed(self.endings) if each.over and each.at <= at), NOBODY)
