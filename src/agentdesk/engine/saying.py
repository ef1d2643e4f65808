"""A text that goes by itself, filled for one ticket: that a message is here, that the shop is closed and when it opens, and whatever
else a rule says to a customer.

Promises: in the customer's language and form, with the shop's own words where it has any; what it promises is what sla.toml promises,
and the hours are the calendar's. An acknowledgement or out-of-hours text never goes where the provider answered by itself. What does
not go is said with its reason. Refuses: deciding on which event it is called (rules do), and the limits (`core.restraint`).
"""

from contextlib import closing
from datetime import datetime

from agentdesk import quick
from agentdesk.calendars import load_calendar
from agentdesk.config import Home, Settings
from agentdesk.core import hourwords, replies, sla, until
from agentdesk.core.automatic import guard
from agentdesk.core.hours import next_opening
from agentdesk.core.instant import stamp
from agentdesk.core.model import is_chat
from agentdesk.core.replies import QuickReply
from agentdesk.core.restraint import ACK, AWAY, ONCE_IN, Covered, provider_spoke, why_not
from agentdesk.core.sla import ANSWERS, ClockState, Tier
from agentdesk.core.state import Said
from agentdesk.core.timetable import Calendar
from agentdesk.core.views import QueueRow
from agentdesk.engine import automatic
from agentdesk.engine.desk import Desk
from agentdesk.engine.outbox import Connect
from agentdesk.engine.phrase import phrases_in
from agentdesk.engine.reply import Made, Written, answered_in
from agentdesk.errors import NotFoundError, RefusedError
from agentdesk.store import log, people, queue
from agentdesk.store.blobs import Blobs
from agentdesk.store.driver import Connection
from agentdesk.store.state import StoreState
from agentdesk.values import dataclass

TEXTS = {ACK: "acknowledge", AWAY: "out-of-hours"}
"""The texts about the shop as it is, of which the provider may have one of its own."""
CHAT = "-chat"
LAPTOP = "laptop"
"""The calendar of the hours in which the laptop is open."""


@dataclass(frozen=True, slots=True)
class Speaker:
    """What the desk says by itself: a text by its name, to the customer of a ticket, once for each `once`; a chat gets the one named
    NAME-chat where there is one. `kind` is one of `model.AUTOMATIC`."""

    desk: Desk
    home: Home
    settings: Settings
    connect: Connect

    def say(self, ticket: str, name: str, *, kind: str, once: str, due_at: datetime | None = None) -> Written:
        """Raises RefusedError with the reason, NotFoundError, ConfigError. What was said already is told by that reason alone:
        whoever was killed right after it goes on. `due_at` is when it was to be said, where it had a time."""
        with closing(self.desk.reader()) as connection:
            if log.has(connection, guard(kind, once)):
                raise RefusedError(reason="said_already")
            blobs = self.desk.store.blobs
            ready = self.made(connection, blobs, ticket, name, kind=kind, once=once, due_at=due_at)
        return automatic.say(self.desk, ready)

    def made(
        self,
        connection: Connection,
        blobs: Blobs,
        ticket: str,
        name: str,
        *,
        kind: str,
        once: str,
        due_at: datetime | None = None,
        message: str | None = None,
    ) -> Made:
        """The same, ready to be said; nothing is written. `message` is the id that it gets."""
        desk, settings = self.desk, self.settings
        to = answered_in(connection, blobs, settings, ticket)
        account, asked = to
        row = queue.find(connection, "all", desk.now(), desk.agent, asked.ticket)
        if row is None:
            raise NotFoundError(what="ticket", name=ticket)
        _may_go(desk, connection, Said(kind, row.id, asked.channel, desk.now(), due_at))
        if kind in TEXTS:
            _leave_it_to_provider(desk, self.home, settings, connection, row, asked.channel)
        reply = text_of(self.home, name, chat=is_chat(asked.channel))
        text = _filled(desk, settings, connection, row, reply)
        channel = self.connect(self.home, account)
        return automatic.made(desk, settings, channel, to, text, kind=kind, once=once, message=message)


def _may_go(desk: Desk, connection: Connection, said: Said) -> None:
    """Raises RefusedError where the law will say no, before any text is made."""
    state = StoreState(connection)
    ticket = state.ticket(said.ticket)
    reason = why_not(state, said, ticket, desk.policy.calendar) if ticket else "no_ticket"
    if reason:
        raise RefusedError(reason=reason)


def _leave_it_to_provider(
    desk: Desk, home: Home, settings: Settings, connection: Connection, row: QueueRow, channel: str
) -> None:
    """Raises RefusedError where a text of the provider's went to the customer within a day."""
    covered, now = covered_by(settings, home, desk.policy.calendar, channel), desk.now()
    if covered and provider_spoke(
        covered, people.wrote_at(connection, row.customer, stamp(now - ONCE_IN)), now
    ):
        raise RefusedError(reason="provider_spoke")


def covered_by(settings: Settings, home: Home, shop: Calendar, channel: str) -> Covered | None:
    """The hours in which the provider of `channel` answers by itself, as config.toml says; None where it never does. Raises
    ConfigError."""
    wanted = settings.away.get("email" if channel == "form" else channel, "none")
    if wanted == "none":
        return None
    zone = settings.desk.tzinfo
    return Covered(shop, load_calendar((home.config,), LAPTOP, zone) if wanted == LAPTOP else None)


def _filled(desk: Desk, settings: Settings, connection: Connection, row: QueueRow, reply: QuickReply) -> str:
    """The text as it goes; raises RefusedError for one that is not whole."""
    known = phrases_in(connection, desk, settings, row)
    language = replies.text_for(reply, row.language, known.form, settings.desk.language)[1]
    filled = known.filled(reply, words(desk.policy.calendar, desk.now(), language, _due(connection, row)))
    if filled.missing or not filled.text:
        raise RefusedError(reason="text_incomplete", name=reply.name, blank=", ".join(filled.missing))
    return filled.text


def text_of(home: Home, name: str, *, chat: bool) -> QuickReply:
    """What is said, the shop's own words before the shipped ones; raises NotFoundError."""
    here = (home.config,)
    reply = (quick.spoken(here, name + CHAT) if chat else None) or quick.spoken(here, name)
    if reply is None:
        raise NotFoundError(what="text", name=name)
    return reply


def words(calendar: Calendar, now: datetime, language: str, due: datetime | None = None) -> dict[str, str]:
    """What the calendar and the promise fill in (`replies.BY_CALENDAR`)."""
    here = now.astimezone(calendar.zone)
    opens = next_opening(calendar, now).astimezone(calendar.zone)
    by = until.within(due.astimezone(calendar.zone), here, language) if due else ""
    return {
        "answer.by": by,
        "shop.opens": until.opening(opens, here.date(), language),
        "shop.hours": hourwords.weekly(calendar, language),
    }


def _due(connection: Connection, row: QueueRow) -> datetime | None:
    """When an answer is promised for; None where nothing is."""
    clocks = (sla.from_data(data) for data in StoreState(connection).clocks(row.id).values())
    running = (
        each.due_at
        for each in clocks
        if each.metric in ANSWERS and each.tier is Tier.STANDARD and each.state is ClockState.RUNNING
    )
    return min(running, default=None)
