"""Asking a colleague, and telling the customer by when they will hear: a note and an answer that are one act.

Promises: both are one event, so that one undo takes both back; the ticket stays open, since somebody owes an answer, and
the time is kept as a promise (`core.pledged`). Refuses: words
of its own to the customer; they are the quick reply `need-until`'s, which the shop may have written anew.
"""

from dataclasses import replace
from datetime import datetime

from agentdesk import quick
from agentdesk.channels import Channel
from agentdesk.config import Home, Settings
from agentdesk.core import replies
from agentdesk.core.letter import Wish
from agentdesk.core.model import Acts, Address, Status
from agentdesk.core.until import spoken
from agentdesk.core.views import QueueRow
from agentdesk.engine import pledge
from agentdesk.engine.desk import Desk
from agentdesk.engine.phrase import phrases
from agentdesk.engine.reply import Written, write
from agentdesk.errors import NotFoundError, RefusedError
from agentdesk.values import dataclass

NAME = "need-until"
UNTIL = "until"


@dataclass(frozen=True, slots=True)
class Promised:
    """What the customer is told, and by `when` (in the agent's words) that is."""

    text: str
    until: datetime


def promised(desk: Desk, settings: Settings, home: Home, row: QueueRow, until: datetime) -> Promised:
    """The text for the customer of `row`; raises RefusedError for a time that has passed, or a text that asks for more."""
    now, zone = desk.now(), settings.desk.tzinfo
    if until <= now:
        raise RefusedError(reason="past")
    reply = replies.find(quick.load((home.config,)).replies, NAME)
    if reply is None:
        raise NotFoundError(what="quick reply", name=NAME)
    text, language = replies.text_for(reply, row.language, settings.desk.form, settings.desk.language)
    when = spoken(until.astimezone(zone), now.astimezone(zone).date(), language)
    filled = phrases(desk, settings, row).filled(reply, {UNTIL: when})
    if filled.missing or not text:
        raise RefusedError(reason="need_until_open", blank=", ".join(filled.missing))
    return Promised(filled.text, until)


def ask(
    desk: Desk,
    settings: Settings,
    channel: Channel,
    row: QueueRow,
    note: str,
    told: Promised,
    *,
    to: tuple[Address, ...] = (),
    hold: float | None = None,
) -> Written:
    """The note and the answer; raises RefusedError as an answer does."""
    said = replace(pledge.meant(desk, told.text, told.until), renews=True)
    wish = Wish(told.text, to=to, acts=Acts(status=Status.OPEN), pledges=(said,))
    return write(desk, settings, channel, row.id, wish, hold=hold, note=note)
