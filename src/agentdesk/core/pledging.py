"""A pledge: what an agent told a customer that we would do, and by when. As a value, as changes, as commands, as it stands.

Promises: frozen values. Refuses: finding pledges in a text (`core.pledge`) and deciding anything (`core.pledged`). To people it is
called a promise; in the code that word is taken by the clocks, which the shop promises to everybody.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any

from agentdesk.values import dataclass


@dataclass(frozen=True, slots=True)
class Pledge:
    """`text` are the words it was given in, one line. `renews`: it takes the place of what was open on its ticket."""

    text: str
    due_at: datetime
    renews: bool = False


@dataclass(frozen=True, slots=True)
class PledgeGiven:
    """A change: something was pledged (its text is personal) by `message`, or by word of mouth. At `rises_at` its ticket comes
    into the queue."""

    pledge: str
    ticket: str
    message: str | None
    given_at: str
    due_at: str
    rises_at: str
    renews: bool = False


@dataclass(frozen=True, slots=True)
class PledgeSet:
    """A change. `field`: kept_at, renewed_at (another one took its place), dropped (it does not count any more)."""

    pledge: str
    field: str
    was: Any
    now: Any


@dataclass(frozen=True, slots=True)
class GivePledge:
    """`message`: an answer of ours says so that was written already."""

    ticket: str
    pledge: Pledge
    message: str | None = None


@dataclass(frozen=True, slots=True)
class KeepPledge:
    """What was pledged is done; `pledge` is its id."""

    pledge: str


@dataclass(frozen=True, slots=True)
class DropPledge:
    """It was no pledge, or counts no more."""

    pledge: str


@dataclass(frozen=True, slots=True)
class RaisePledge:
    """The ticker's: something that was pledged on this ticket is due soon."""

    ticket: str


@dataclass(frozen=True, slots=True)
class OpenPledge:
    """One that is neither kept, renewed nor dropped; times are stamps."""

    id: str
    ticket: str
    message: str | None
    given_at: str
    due_at: str
    rises_at: str
    renews: bool = False


class Outcome(StrEnum):
    """`late` was kept after its time, `broken` passed it and was not kept by then, `renewed` was replaced before it."""

    OPEN = "open"
    KEPT = "kept"
    LATE = "late"
    BROKEN = "broken"
    RENEWED = "renewed"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class PledgeView:
    """One pledge as it is shown; times are stamps. `text` is empty once its customer was forgotten."""

    id: str
    ticket: int
    message: str | None
    given_at: str
    due_at: str
    text: str
    author: str
    kept_at: str | None
    dropped: bool
    renewed_at: str | None = None

    @property
    def is_over(self) -> bool:
        """Nothing is to be done about it any more."""
        return self.dropped or self.kept_at is not None or self.renewed_at is not None

    def outcome(self, now: str) -> Outcome:
        """What became of it by `now`, a stamp. One that is renewed before its time is replaced by the new one, and that one alone
        counts; renewed after its time, it was broken."""
        if self.dropped:
            return Outcome.DROPPED
        if self.renewed_at is not None:
            return Outcome.RENEWED if self.renewed_at <= self.due_at else Outcome.BROKEN
        if self.kept_at is not None:
            return Outcome.KEPT if self.kept_at <= self.due_at else Outcome.LATE
        return Outcome.BROKEN if self.due_at < now else Outcome.OPEN
