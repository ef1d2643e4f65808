"""The end of a day, read at one moment: what must not wait until the desk opens again.

Promises: a few short ranges of an index, whatever the size of the desk; and which text tells those who write until then, as the files of
the shop stand now. Refuses: saying when it is shown.
"""

from __future__ import annotations

from contextlib import closing as closed
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from agentdesk.core.afterhours import Heard, heard
from agentdesk.core.closing import AHEAD, CAP, Closing, night
from agentdesk.store import due, evening, morning, people, queries

if TYPE_CHECKING:
    from datetime import tzinfo

    from agentdesk.config import Settings
    from agentdesk.engine.desk import Desk
    from agentdesk.rulebook import Loaded


def closing(desk: Desk) -> Closing:
    """How the day ends, as it is now."""
    now, calendar = desk.now(), desk.policy.calendar
    ahead = night(calendar, now)
    until = ahead.opens_at or now + AHEAD
    with closed(desk.reader()) as connection:
        states = [row.state for row in queries.outbox(connection)]
        windows = evening.endings(connection, now, ahead.again_at or until)
        return Closing(
            now,
            ahead,
            until,
            tuple(each for each in windows if each.at < until),
            tuple(each for each in windows if each.at >= until),
            len(due.promises(connection, now, until)),
            queries.counts(connection, desk.agent, now, CAP).views["overdue"],
            people.unanswered(connection, CAP),
            morning.drafts(connection),
            sum(state not in {"failed", "unknown"} for state in states),
            states.count("failed"),
            states.count("unknown"),
            morning.back(connection, now, until),
            _shift(now, until, calendar.zone),
        )


def hearing(desk: Desk, settings: Settings, loaded: Loaded) -> tuple[Heard, ...]:
    """What whoever writes while the desk is closed hears at once; for one that never closes, at any time."""
    channels = (each.channel for each in settings.accounts)
    closed = not desk.policy.calendar.never_closes
    return heard(channels, loaded.on(settings.rules), settings.away, closed=closed)


def _shift(now: datetime, until: datetime, zone: tzinfo) -> timedelta:
    before, after = (at.astimezone(zone).utcoffset() or timedelta() for at in (now, until))
    return after - before
