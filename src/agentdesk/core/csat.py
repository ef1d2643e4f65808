"""A survey as a report counts it.

Promises: a survey counts for the agent who was recorded when it was sent, and who was content is said in one place. The figures
(CSAT is ratings of 4 and 5 among all ratings; the definitions are product-semantics 2.6) are `core.report.content`.
"""

from datetime import datetime

from agentdesk.values import dataclass

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
