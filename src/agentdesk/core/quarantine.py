"""A mail that could not be read: as changes, as a command, as it stands.

Promises: frozen values; whatever is decided, the raw mail stays, so that it can be read when the program knows better. A dismissed one is
no fault any more and is listed on demand. Refuses: reasons with a customer's words in them.
"""

from typing import Any

from agentdesk.values import dataclass


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A raw message that could not be read: kept, shown, can be tried again."""

    quarantine: str
    account: str
    raw: str
    size: int
    received_at: str
    reason: str
    attempts: int
    role: str = "inbox"
    before: bool = False
    waits: bool = False


@dataclass(frozen=True, slots=True)
class QuarantineLeft:
    """It was read after all."""

    quarantine: str
    message: str


@dataclass(frozen=True, slots=True)
class QuarantineSet:
    """`field`: dismissed_at, None where it still asks to be looked at."""

    quarantine: str
    field: str
    was: Any
    now: Any


@dataclass(frozen=True, slots=True)
class Dismiss:
    """Somebody looked at one that could not be read, and nothing is to be done about it; `quarantine` is its id."""

    quarantine: str


@dataclass(frozen=True, slots=True)
class QuarantineRow:
    """One that could not be read. `dismissed_at`: since when nobody is told of it."""

    id: str
    account: str
    reason: str
    received_at: str
    attempts: int
    size: int
    raw: str
    role: str
    before: bool
    waits: bool
    dismissed_at: str | None = None
