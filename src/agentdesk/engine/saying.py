"""A text that goes by itself, filled for one ticket: what a rule says to a customer.

Promises: in the customer's language and form, with the shop's own words where it has any; a text that is not whole does not go.
Refuses: deciding when, and to whom nothing automatic goes (`engine.automatic`, which writes it).
"""

from collections.abc import Mapping
from contextlib import closing
from datetime import datetime

from agentdesk import quick
from agentdesk.config import Home, Settings
from agentdesk.core import replies, until
from agentdesk.core.hours import next_opening
from agentdesk.core.model import is_chat
from agentdesk.core.replies import QuickReply
from agentdesk.core.timetable import Calendar
from agentdesk.engine import automatic
from agentdesk.engine.desk import Desk
from agentdesk.engine.outbox import Connect
from agentdesk.engine.phrase import phrases_in
from agentdesk.engine.reply import Written, answered
from agentdesk.errors import NotFoundError, RefusedError
from agentdesk.store import queue

CHAT = "-chat"


def say(
    desk: Desk,
    home: Home,
    settings: Settings,
    connect: Connect,
    ticket: str,
    name: str,
    *,
    kind: str,
    once: str,
) -> Written:
    """Says the text `name` to the customer of a ticket, once for each `once`; a chat gets the one named NAME-chat where there is
    one. Raises RefusedError, NotFoundError."""
    account, asked = answered(desk, settings, ticket)
    here = (home.config,)
    reply = (quick.spoken(here, name + CHAT) if is_chat(asked.channel) else None) or quick.spoken(here, name)
    if reply is None:
        raise NotFoundError(what="text", name=name)
    text = _filled(desk, settings, reply, asked.ticket)
    return automatic.write(desk, settings, connect(home, account), ticket, text, kind=kind, once=once)


def _filled(desk: Desk, settings: Settings, reply: QuickReply, ticket: str) -> str:
    with closing(desk.reader()) as connection:
        row = queue.find(connection, "all", desk.now(), desk.agent, ticket)
        if row is None:
            raise NotFoundError(what="ticket", name=ticket)
        phrases = phrases_in(connection, desk, settings, row)
    language = replies.text_for(reply, row.language, phrases.form, settings.desk.language)[1]
    filled = phrases.filled(reply, words(desk.policy.calendar, desk.now(), language))
    if filled.missing or not filled.text:
        raise RefusedError(reason="text_incomplete", name=reply.name, blank=", ".join(filled.missing))
    return filled.text


def words(calendar: Calendar, now: datetime, language: str) -> Mapping[str, str]:
    """What the calendar fills in."""
    opens = next_opening(calendar, now).astimezone(calendar.zone)
    return {"shop.opens": until.spoken(opens, now.astimezone(calendar.zone).date(), language)}
