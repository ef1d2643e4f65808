"""A pledge: what an agent told a customer that we would do, and by when. As a value, as changes, as commands, as it stands.

Promises: frozen values. Refuses: finding pledges in a text (`core.pledge`) and deciding anything (`core.pledged`). To people it is
called a promise; in the code that word is taken by the clocks, which the shop promises to everybody.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any


@dataclass(frozen=True, slots=True)
class Pledge:
    """`text` are the words it was given in, one line."""

    text: str
    due_at: datetime


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


@dataclass(frozen=True, slots=True)
class PledgeSet:
    """A change. `field`: kept_at, dropped (it does not count any more)."""

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
    """One that is neither kept nor dropped; times are stamps."""

    id: str
    ticket: str
    message: str | None
    given_at: str
    due_at: str
    rises_at: str


class Outcome(StrEnum):
    """`late` was kept after its time, `broken` passed it and is not kept yet."""

    OPEN = "open"
    KEPT = "kept"
    LATE = "late"
    BROKEN = "broken"
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

    def outcome(self, now: str) -> Outcome:
        """What became of it by `now`, a stamp."""
        if self.dropped:
            return Outcome.DROPPED
        if self.kept_at is not None:
            return Outcome.KEPT if self.kept_at <= self.due_at else Outcome.LATE
        return Outcome.BROKEN if self.due_at < now else Outcome.OPEN
