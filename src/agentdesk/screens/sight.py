"""What the console looks at: the view, the ticket in it, and everything about it that is read. Knows no widget.

Reads happen on the screen's thread, each far under a millisecond, but for a search, which may take its time elsewhere; what
changed is asked four times a second.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from agentdesk import present
from agentdesk.actions import view_title
from agentdesk.core.text import safe
from agentdesk.core.views import leaves_by
from agentdesk.core.window import has_templates
from agentdesk.engine.absence import Away
from agentdesk.engine.feed import Feed
from agentdesk.engine.source import Source
from agentdesk.engine.ticker import Ticker
from agentdesk.engine.window import Window
from agentdesk.errors import DeskError, NotFoundError
from agentdesk.i18n import tr
from agentdesk.screens.shop import Shop
from agentdesk.values import dataclass

if TYPE_CHECKING:
    from agentdesk.actions import Action
    from agentdesk.config import Home, Settings
    from agentdesk.core.card import CustomerCard
    from agentdesk.core.views import Found, HeaderView, MessageView, OutboxRow, QueueRow, TicketView
    from agentdesk.engine import seek
    from agentdesk.engine.desk import Desk

PAGE = 30
"""Messages that are read at once."""
COUNTED = ("inbox", "mine", "machine", "muted")
"""Views whose number of tickets stands in the header."""
RAW = 200_000
"""Bytes of a raw message that are shown."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A ticket as the conversation shows it; `read_to` is the place in the log up to which that is all."""

    ticket: TicketView
    messages: tuple[MessageView, ...]
    sending: dict[str, OutboxRow]
    read_to: int


class Sight:
    """One agent's view of the desk."""

    def __init__(self, desk: Desk, settings: Settings, place: Home | None = None) -> None:
        self.desk = desk
        self.settings = settings
        self.place = place
        self._reader = desk.reader()
        self.window = Window(desk, self._reader)
        self.feed = Feed(desk, self._reader, place)
        self.ticker = Ticker(desk, self._reader)
        self.away = Away(desk, self._reader, place)
        self._seeker: seek.Seeker | None = None
        self.shop = Shop(desk)
        self.view = "inbox"
        self.filter = ""
        self.row: QueueRow | None = None
        self.opened: Opened | None = None
        self.source = self._inbox = Source(desk, self.view, connection=self._reader)

    def close(self) -> None:
        self.stop_search()
        self.shop.stop()
        self._reader.close()

    def names(self) -> seek.Names:
        from agentdesk.engine import seek

        return seek.names_of(self.settings)

    def show(self, view: str, only: str = "", sort: str = "") -> Source:
        """Another view, narrowed by a search; raises UsageError for a search that cannot be understood."""
        self.source = Source(self.desk, view, self.narrowed(only), self._reader, sort)
        self.view, self.filter = view, only
        return self.source

    def narrowed(self, only: str) -> Any:
        """What a filter says of tickets; raises UsageError where it cannot be understood."""
        return self.window.search(only, self.names()).only() if only else None

    def open(self, number: int) -> Opened | None:
        """The ticket of that number with its newest messages; None where it is gone."""
        read_to = self.feed.read_to()  # before the rest: what is stored meanwhile counts as not read
        try:
            ticket = self.window.ticket(number)
        except NotFoundError:
            return None
        others = tuple(name for name in ticket.row.drafts if name != self.desk.agent)
        ticket = replace(ticket, drafts=self.feed.drafts(ticket.row.id), begun_by=others)
        messages = tuple(self.window.messages(ticket.row.id, limit=PAGE))
        sending = {row.message: row for row in self.window.outbox()}
        self.row, self.opened = ticket.row, Opened(ticket, messages, sending, read_to)
        return self.opened

    def older(self, before: str) -> list[MessageView]:
        """The page of messages before that one."""
        if self.opened is None:
            return []
        row = self.window.place(before)
        return self.window.messages(self.opened.ticket.row.id, before=row, limit=PAGE) if row else []

    def card(self) -> CustomerCard | None:
        """Who is writing, with a line on how the person is used to be served."""
        card = self.feed.card(self.row.customer) if self.row else None
        if card is None or self.row is None:
            return None
        number = self.row.number
        lookups = self.feed.lookups(self.settings, self.row.id)
        tickets = tuple(each for each in card.tickets if each.number != number)
        card = replace(card, tickets=tickets, lookups=lookups)
        progress = self.opened.ticket.progress if self.opened else None
        if progress is not None and self.place is not None:
            from agentdesk import course

            here = self.desk.now().astimezone(self.settings.desk.tzinfo)
            said = course.followed(progress, (self.place.config,), here, self.settings.desk.language)
            card = replace(card, playbook=said)
        last = next((m for m in reversed(self.opened.messages) if m.verified), None) if self.opened else None
        if last is not None:
            card = replace(card, verified=((last.identity or "").partition(":")[2], last.verified or ""))
        if not card.usual_channel:
            return card
        line = tr("usually writes by {channel}").format(channel=present.channel(card.usual_channel))
        return replace(card, preference=line)

    def header(self) -> HeaderView:
        titles = tuple((view, view_title(view)) for view in COUNTED)
        return self.feed.header(self.settings, view_title(self.view), titles)

    async def search(self, words: str) -> list[Found]:
        """What is found while somebody types; nothing where it cannot be understood yet, or where more was typed."""
        if self._seeker is None:
            from agentdesk.engine import seek

            self._seeker = seek.Seeker(self.desk)
        try:
            return await self._seeker.find(words, self.names()) or []
        except DeskError:
            return []

    def stop_search(self) -> None:
        """Nobody waits any more for what is being looked for."""
        if self._seeker is not None:
            self._seeker.stop()

    def raw(self, message: str) -> str:
        """The raw text of a message, safe to show, cut where it is long."""
        try:
            raw = self.window.raw(message)
        except NotFoundError:
            return tr("There is no raw text.")
        if isinstance(raw, bytes):
            data = raw[:RAW]
        else:
            with raw.open("rb") as file:
                data = file.read(RAW)
        return safe(data.decode("utf-8", "replace"))

    def source_row(self, ticket: str) -> QueueRow | None:
        """A ticket as the inbox shows it; None where it needs nobody."""
        return self._inbox.find(ticket)

    def first_other(self, view: str, beside: str | None = None) -> int | None:
        """The number of the view's first ticket that is neither the one at hand nor `beside`."""
        not_these = {beside, self.row.id if self.row else None}
        rows = self.window.queue(view, limit=3, sort=self.source.sort if view == self.view else "")
        return next((row.number for row in rows if row.id not in not_these), None)

    @property
    def tags(self) -> tuple[str, ...]:
        return self.opened.ticket.tags if self.opened else ()

    @property
    def linked(self) -> tuple[int, ...]:
        return self.opened.ticket.linked if self.opened else ()

    def why_not(self, action: Action, message: MessageView | None = None) -> str:
        """Why an action cannot be run now; empty where it can. `message` is the one that is selected."""
        row, over = self.row, {"resolved", "closed"}
        if "ticket" in action.needs and row is None:
            return tr("No ticket is selected.")
        if "message" in action.needs and not (self.opened and self.opened.messages):
            return tr("No message is selected.")
        if "ours" in action.needs and not (message and message.has_gone):
            return tr("Only what was sent from here can be changed.")
        if row is not None:
            if "account" in action.needs and (reason := self._no_account(row)):
                return reason
            if "template" in action.needs and not has_templates(self._channel(row)):
                return tr("This channel has no templates.")
            if "live" in action.needs and row.status in over:
                return tr("The ticket is resolved or closed.")
            if "lookup" in action.needs and not self.settings.lookups:
                return tr("The shop cannot be asked yet: docs/lookups.md says how.")
            if "resolved" in action.needs and row.status not in over:
                return present.refusal("survey_not_over", {})
            if "junk" in action.needs and not row.junk:
                return tr("Nothing of this ticket lies in Junk.")
            if "waits" in action.needs and row.waiting_since is None:
                return tr("Nobody waits for an answer in it.")
            if "wrote" in action.needs and row.wrote_after is None:
                return tr("Nothing was written after its end.")
            if "over" in action.needs and row.status not in over | {"snoozed"}:
                return tr("The ticket is open already.")
        return ""

    def _channel(self, row: QueueRow) -> str:
        return leaves_by(self.window.to_whom(row.id), row)[0]

    def _no_account(self, row: QueueRow) -> str:
        """Why nothing can be sent from a ticket; empty where it can."""
        if row.erased:
            return present.refusal("nobody_there", {})
        whom = self.window.to_whom(row.id)
        if self.settings.account(leaves_by(whom, row)[1]) is not None:
            return ""
        if row.channel == "phone" and whom is None:
            return tr("Nobody is written to by phone: w answers by another channel, g c notes a call.")
        return tr("The account of this ticket is gone.")

    def ticket_id(self, number: int) -> str | None:
        try:
            return self.window.ticket_id(number)
        except NotFoundError:
            return None
