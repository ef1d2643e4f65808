"""The day as it stands, read at one moment; and whether it was shown today.

Promises: a few short ranges of an index, whatever the size of the desk. Refuses: showing itself twice a day.
"""

from __future__ import annotations

from contextlib import closing, suppress
from datetime import timedelta
from typing import TYPE_CHECKING

from agentdesk.config import write_file
from agentdesk.core.morning import CAP, DAYS, Morning, by_hour, day_begin, day_end, pace
from agentdesk.errors import DiskError
from agentdesk.store import due, people, queries
from agentdesk.store import morning as found

if TYPE_CHECKING:
    from agentdesk.config import Home, Settings
    from agentdesk.engine.desk import Desk

MOST = 10_000
"""Answers of a week that make the pace; with more it is that of the last of them."""


def morning(desk: Desk, settings: Settings) -> Morning:
    """How the day stands now."""
    now, zone = desk.now(), settings.desk.tzinfo
    begin, end = day_begin(now, zone), day_end(now, zone)
    agents = tuple(dict.fromkeys((desk.agent, *(each.name for each in settings.agents))))
    with closing(desk.reader()) as connection:
        since = found.last_act(connection, agents, begin)
        waiting = queries.outbox(connection)
        unanswered = people.unanswered(connection, CAP)
        stuck = sum(row.state in {"failed", "unknown"} for row in waiting)
        answers = found.answered(connection, begin - timedelta(days=DAYS), MOST)
        return Morning(
            now,
            since,
            found.arrived(connection, since or begin),
            by_hour((each.due_at for each in due.promises(connection, now, end)), zone),
            queries.counts(connection, desk.agent, now, CAP).views["overdue"],
            found.back(connection, now, end),
            unanswered,
            found.drafts(connection),
            len(waiting) - stuck,
            stuck,
            pace(answers, unanswered, now, zone),
        )


def first_of_day(desk: Desk, settings: Settings, home: Home) -> Morning | None:
    """The day, where it was not shown yet and there is something to tell; it then was."""
    today = desk.now().astimezone(settings.desk.tzinfo).date().isoformat()
    file = home.state / "morning"
    shown = ""
    with suppress(OSError, UnicodeDecodeError):
        shown = file.read_text("utf-8").strip()
    told = morning(desk, settings) if shown != today else None
    if told is None or not told.is_news:
        return None
    with suppress(DiskError):  # a disk that is full is said elsewhere
        write_file(file, f"{today}\n".encode())
    return told
