"""Surveys as the log keeps them, as a decision sees them, and what somebody may want of them.

Apart from `core.survey`, the law, so that events and state can name them.
"""

from typing import Protocol

from agentdesk.values import dataclass

RATING, NO_SURVEYS, OPTED_OUT = "rating", "no_surveys", "opted_out"
"""Why a person's message asks for no answer (`class_reason`): it only rates, or only wants no more surveys, or nothing more at all."""
ASKS_NOTHING = (RATING, NO_SURVEYS, OPTED_OUT)


@dataclass(frozen=True, slots=True)
class SurveyAsked:
    """The customer was asked how it was: by `survey`, a message of ours. `agent` is whose work it asks about (who had the
    ticket then, or resolved it where nobody had), and
    `resolution` the end of the ticket that it is about (its `resolved_at`)."""

    survey: str
    ticket: str
    customer: str
    channel: str
    agent: str | None
    resolution: str
    asked_at: str


@dataclass(frozen=True, slots=True)
class Rated:
    """A survey of `ticket` was answered, with 1 to 5, at `at`; `answer` is the message that says so, None for a sign put to the survey. A rating
    that came before (`was`) counts no more; `now` is None where it was taken away."""

    survey: str
    ticket: str
    was: int | None
    now: int | None
    at: str
    answer: str | None = None


@dataclass(frozen=True, slots=True)
class SurveyState:
    """A survey's row as far as a decision needs it."""

    id: str
    ticket: str
    resolution: str
    asked_at: str
    score: int | None
    answer: str | None = None


class Surveys(Protocol):
    """What a decision may ask about surveys; one that did not go is none."""

    def latest(self, tickets: tuple[str, ...]) -> SurveyState | None: ...
    def one(self, message: str) -> SurveyState | None:
        """The survey that `message` is."""

    def ended_by(self, ticket: str, at: str) -> str | None:
        """Which agent resolved a ticket at that moment; None where agentdesk itself did."""

    def last_question(self, tickets: tuple[str, ...]) -> str | None:
        """When agentdesk asked something in them last: how it was, or whether it is solved."""

    def last_to(self, customers: tuple[str, ...]) -> str | None:
        """When one of them was asked last."""


@dataclass(frozen=True, slots=True)
class WantSurveys:
    """The customer is asked how it was, or is not any more."""

    customer: str
    wanted: bool
