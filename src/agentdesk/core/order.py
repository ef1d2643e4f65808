"""The order of the queue, as one pure function of a ticket and the time.

Four bands: chats whose customer wrote less than half an hour ago, longest waiting first; what can still be met, soonest
first, the end of a channel's window (`core.window`) being a deadline as well; what is late, by a recovery deadline (five times the target, once); the rest, longest waiting first. With the
earliest deadline alone, a shop that comes back to 900 unread mails would answer new ones late for weeks.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from agentdesk.core.instant import stamp
from agentdesk.values import dataclass

FRESH = timedelta(minutes=30)


class Band(StrEnum):
    CHAT = "chat"
    CAN_MEET = "can_meet"
    LATE = "late"
    REST = "rest"


@dataclass(frozen=True, slots=True)
class Place:
    """`key` orders within the band, ascending; `reason` is a code that `present` puts into words."""

    band: Band
    key: str
    reason: str


def place(
    *,
    is_chat: bool,
    waiting_since: str | None,
    last_customer_at: str | None,
    next_due_at: str | None,
    recover_at: str | None,
    created_at: str,
    now: datetime,
    since_before: bool = False,
    window_until: str | None = None,
) -> Place:
    """Where a ticket that needs a person stands in the queue; times as stamps."""
    instant = stamp(now)
    if is_chat and waiting_since and last_customer_at and last_customer_at > stamp(now - FRESH):
        return Place(Band.CHAT, waiting_since, "chat_fresh")
    is_open = waiting_since and window_until and window_until >= instant
    if is_open and (not next_due_at or next_due_at < instant or str(window_until) < next_due_at):
        return Place(Band.CAN_MEET, str(window_until), "window")
    if next_due_at and next_due_at >= instant:
        return Place(Band.CAN_MEET, next_due_at, "due")
    if next_due_at and recover_at and recover_at >= instant:
        return Place(Band.LATE, recover_at, "late")
    waits = waiting_since or created_at
    if since_before:
        return Place(Band.REST, waits, "since_before")
    return Place(Band.REST, waits, "very_late" if next_due_at else "no_promise")
