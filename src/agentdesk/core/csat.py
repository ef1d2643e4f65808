"""How content customers were, as figures: a share is never said without how many it is a share of.

Promises: pure; CSAT is ratings of 4 and 5 among all ratings, the response rate is what was rated among what was delivered, and the
interval is Wilson's at 95 %, which stays honest where few have answered. A survey counts for the agent who was recorded
when it was sent. Refuses: a figure where nobody answered (None, not 0 %). The definitions are product-semantics 2.6.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from agentdesk.core.figures import wilson

CONTENT = 4
"""The least score of somebody who was content."""


@dataclass(frozen=True, slots=True)
class Survey:
    """One that was sent: `ticket` is the number of its ticket, `agent` who was recorded with it, `score` None while nobody answered.
    `delivered`: its provider accepted it and it did not come back. `message` is the one that asks, `answer` the one that rates."""

    ticket: int
    agent: str | None
    channel: str
    asked_at: datetime
    delivered: bool
    score: int | None = None
    rated_at: datetime | None = None
    message: str = ""
    answer: str | None = None


@dataclass(frozen=True, slots=True)
class Csat:
    """Of one agent or channel (`of`), or of all ("")."""

    of: str
    asked: int
    delivered: int
    scores: tuple[int, ...]
    content: tuple[int, ...]
    """Numbers of the tickets whose customer was content."""
    discontent: tuple[int, ...]
    """Those whose customer rated 3 or less."""

    @property
    def n(self) -> int:
        return len(self.scores)

    @property
    def share(self) -> float | None:
        """CSAT: 0 to 1."""
        return len(self.content) / self.n if self.n else None

    @property
    def mean(self) -> float | None:
        return sum(self.scores) / self.n if self.n else None

    @property
    def response_rate(self) -> float | None:
        return self.n / self.delivered if self.delivered else None

    @property
    def interval(self) -> tuple[float, float] | None:
        return wilson(len(self.content), self.n) if self.n else None


def csat(surveys: Iterable[Survey], by: Literal["agent", "channel"] | None = None) -> tuple[Csat, ...]:
    """The figures of all, or of each agent or channel by name; a survey that was rated was delivered, whatever its provider said."""
    groups: dict[str, list[Survey]] = {}
    for each in surveys:
        of = "" if by is None else (each.agent or "") if by == "agent" else each.channel
        groups.setdefault(of, []).append(each)
    if by is None and not groups:
        groups[""] = []
    return tuple(_figures(of, groups[of]) for of in sorted(groups))


def _figures(of: str, surveys: list[Survey]) -> Csat:
    rated = [(each.ticket, each.score) for each in surveys if each.score is not None]
    return Csat(
        of=of,
        asked=len(surveys),
        delivered=sum(each.delivered or each.score is not None for each in surveys),
        scores=tuple(score for _, score in rated),
        content=tuple(ticket for ticket, score in rated if score >= CONTENT),
        discontent=tuple(ticket for ticket, score in rated if score < CONTENT),
    )
