"""What became of a message of ours, and by which way it goes, in words: the same in the conversation, in `show` and in the outbox.

Promises: pure; nothing is called sent that has not gone, and what is tried again says when. Refuses: signs and ink, which are
the screen's, and why something failed, which is `undelivered`'s.
"""

from collections.abc import Mapping
from datetime import datetime, tzinfo

from agentdesk import dates, present
from agentdesk.config import Settings
from agentdesk.core.instant import moment
from agentdesk.core.views import MessageView, OutboxRow
from agentdesk.errors import N_
from agentdesk.i18n import tr

GONE = frozenset({"sent", "delivered", "read"})
STUCK = frozenset({"failed", "unknown"})
COUNTED = 90
"""Seconds that are counted down; of what is held for longer it is said when it goes."""

_WRITTEN: Mapping[str, str] = {
    "out": N_("our message"),
    "auto": N_("automatic message"),
    "to_party": N_("to a third party"),
}


def switched(settings: Settings, before: tuple[str, str], after: tuple[str, str]) -> str:
    """The note that an answer goes another way, (channel, account), than the customer came."""
    by, account = after
    if before[0] != by:
        text = tr("Answered by {channel} instead of {before}.")
        return text.format(channel=present.channel(by), before=present.channel(before[0]))
    if before[1] != account:
        now, then = (settings.account(each) for each in (account, before[1]))
        text = tr("Answered by {channel} from {account} instead of {before}.")
        return text.format(
            channel=present.channel(by), account=now.name if now else "-", before=then.name if then else "-"
        )
    return tr("Answered at another {channel} address of the customer's.").format(channel=present.channel(by))


def state(message: MessageView, waiting: OutboxRow | None) -> str:
    """Its state; `waiting` is its row in the outbox, since the log knows of it only that it was written."""
    return waiting.state if waiting else message.state or "sent"


def goes_at(row: OutboxRow, now: datetime) -> datetime | None:
    """When it goes, or is tried again; None where it is due, or nobody tries it."""
    if row.goes_at:
        return moment(row.goes_at)
    at = moment(row.next_at) if row.next_at and row.state in {"held", "queued"} else None
    return at if at and at > now else None


def waits(row: OutboxRow, now: datetime, zone: tzinfo) -> str:
    """What one row of the outbox is, and until when: "held, 8 s left", "held, goes: 12:04", "goes: Monday 9:00"."""
    at = goes_at(row, now)
    going = (
        tr("goes: {time}").format(time=dates.coming(at.astimezone(zone), now.astimezone(zone))) if at else ""
    )
    if row.goes_at:
        return going
    if row.state == "held" and row.release_at:
        left = max(0, -int((now - moment(row.release_at)).total_seconds() // 1))
        if left <= COUNTED or not going:
            return tr("held, {n} s left").format(n=left)
    return ", ".join(filter(None, (present.delivery(row.state), going)))


def label(message: MessageView, waiting: OutboxRow | None, now: datetime, zone: tzinfo) -> str:
    """Which way a message went, or that it has not: "received", "sent, read", "our message, held, 8 s left"."""
    way = present.direction(message.direction, message.mail_class)
    if not message.is_ours or message.is_call:
        return way
    now_is = state(message, waiting)
    if now_is in GONE:
        return way if now_is == "sent" else f"{way}, {present.delivery(now_is)}"
    written = tr(_WRITTEN[message.direction])
    if now_is in STUCK:
        return written
    return f"{written}, {waits(waiting, now, zone) if waiting else present.delivery(now_is)}"
