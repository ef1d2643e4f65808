"""Surveys: what `decide` may ask about them (`core.surveyed.Surveys`), and what a report counts."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from agentdesk.core.csat import Survey
from agentdesk.core.instant import maybe_moment, moment, stamp
from agentdesk.core.surveyed import SurveyState
from agentdesk.store.driver import Connection

_STATE = "s.id, s.ticket, s.resolution, s.asked_at, s.score, s.answer"
_WENT = "m.state <> 'failed' AND NOT m.hidden"
_ARRIVED = frozenset({"sent", "delivered", "read"})


class StoredSurveys:
    """`connection` gives one on which everything written so far can be read."""

    def __init__(self, connection: Callable[[], Connection]) -> None:
        self._connection = connection

    def latest(self, tickets: tuple[str, ...]) -> SurveyState | None:
        return self._one(
            f"s.ticket IN (SELECT value FROM json_each(?)) AND {_WENT} ORDER BY s.asked_at DESC LIMIT 1",  # noqa: S608
            json.dumps(tickets),
        )

    def one(self, message: str) -> SurveyState | None:
        return self._one("s.id = ?", message)

    def _one(self, where: str, value: str) -> SurveyState | None:
        sql = f"SELECT {_STATE} FROM survey s JOIN message m ON m.id = s.id WHERE {where}"  # noqa: S608
        row = self._connection().execute(sql, (value,)).fetchone()
        return None if row is None else SurveyState(*row)

    def ended_by(self, ticket: str, at: str) -> str | None:
        row = (
            self._connection()
            .execute(
                "SELECT e.actor FROM event_ticket t JOIN event e ON e.seq = t.seq WHERE t.ticket = ? AND e.at = ? "
                "AND e.actor <> 'agentdesk' ORDER BY e.seq DESC LIMIT 1",
                (ticket, at),
            )
            .fetchone()
        )
        return row[0] if row else None

    def last_question(self, tickets: tuple[str, ...]) -> str | None:
        row = (
            self._connection()
            .execute(
                "SELECT max(received_at) FROM message WHERE ticket IN (SELECT value FROM json_each(?)) "
                "AND direction = 'auto' AND class_reason IN ('survey', 'follow_up') AND NOT hidden",
                (json.dumps(tickets),),
            )
            .fetchone()
        )
        return row[0] if row else None

    def last_to(self, customers: tuple[str, ...]) -> str | None:
        sql = (
            "SELECT max(s.asked_at) FROM survey s JOIN message m ON m.id = s.id "  # noqa: S608
            f"WHERE s.customer IN (SELECT value FROM json_each(?)) AND {_WENT}"
        )
        row = self._connection().execute(sql, (json.dumps(customers),)).fetchone()
        return row[0] if row else None


def surveys(
    connection: Connection, since: datetime | None = None, until: datetime | None = None
) -> list[Survey]:
    """Those asked from `since` to before `until`, oldest first, each with the number of the ticket that is shown."""
    return _surveys(
        connection,
        "s.asked_at >= ? AND s.asked_at < ? ORDER BY s.asked_at",
        (stamp(since) if since else "", stamp(until) if until else "9"),
    )


def of_ticket(connection: Connection, ticket: str) -> list[Survey]:
    """Those of a ticket and of what was merged into it, oldest first."""
    where = "s.ticket IN (SELECT id FROM ticket WHERE root = ?) ORDER BY s.asked_at"
    return _surveys(connection, where, (ticket,))


def ratings(connection: Connection, customer: str, limit: int) -> tuple[tuple[int, int, str], ...]:
    """(ticket, score, at) of the last ratings of a customer and of who was merged into them, newest first."""
    rows = connection.execute(
        "SELECT shown.number, s.score, s.rated_at FROM survey s JOIN ticket t ON t.id = s.ticket "
        "JOIN ticket shown ON shown.id = t.root WHERE s.customer IN (SELECT id FROM customer WHERE root = ?) "
        "AND s.score IS NOT NULL ORDER BY s.rated_at DESC LIMIT ?",
        (customer, limit),
    )
    return tuple((number, score, at) for number, score, at in rows)


def score_of(connection: Connection, message: str) -> int | None:
    """With what the survey that `message` is was answered."""
    row = connection.execute("SELECT score FROM survey WHERE id = ?", (message,)).fetchone()
    return row[0] if row else None


def _surveys(connection: Connection, where: str, values: tuple[Any, ...]) -> list[Survey]:
    rows = connection.execute(
        "SELECT shown.number, s.agent, s.channel, s.asked_at, m.state, s.score, s.rated_at, s.id, s.answer "  # noqa: S608
        "FROM survey s JOIN message m ON m.id = s.id JOIN ticket t ON t.id = s.ticket "
        f"JOIN ticket shown ON shown.id = t.root WHERE NOT m.hidden AND {where}",
        values,
    )
    return [
        Survey(
            ticket=number,
            agent=agent,
            channel=channel,
            asked_at=moment(asked),
            delivered=state in _ARRIVED,
            score=score,
            rated_at=maybe_moment(rated),
            message=message,
            answer=answer,
        )
        for number, agent, channel, asked, state, score, rated, message, answer in rows
    ]


def ended_at(connection: Connection, ticket: str) -> str | None:
    """When a ticket was resolved; None while it is not."""
    row = connection.execute("SELECT resolved_at FROM ticket WHERE id = ?", (ticket,)).fetchone()
    return row[0] if row else None
