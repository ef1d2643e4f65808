"""What somebody says of messages that have no answer: that none is needed and why, that it was no thanks, that it was looked at."""

from agentdesk.core.posting import NoteText
from agentdesk.values import dataclass


@dataclass(frozen=True, slots=True)
class Excuse:
    """Why no answer is needed: one of `unanswered.REASONS`, or the name of what decided it ("macro:refund"). `note` holds the
    agent's own words, where they typed some."""

    reason: str
    note: NoteText | None = None


@dataclass(frozen=True, slots=True)
class NoAnswerNeeded:
    """Nobody has to answer what waits in a ticket."""

    ticket: str
    excuse: Excuse


@dataclass(frozen=True, slots=True)
class RefuteThanks:
    """What was taken for thanks in a ticket asks for something: it waits since it arrived."""

    ticket: str


@dataclass(frozen=True, slots=True)
class MarkSeen:
    """Somebody has looked at what was written after the end of a ticket."""

    ticket: str
