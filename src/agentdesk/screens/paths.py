"""Where one goes: a view, a ticket, one back, the next one.

Promises: what is drawn and what an act is about are always the same ticket; Esc undoes one step, also out of a ticket
that was opened from another; after an act that ends a ticket's turn there is a next ticket or the queue, never nothing.
"""

import asyncio
from contextlib import suppress

from agentdesk import ailing, present, vacant
from agentdesk.actions import QUEUE, view_title
from agentdesk.core.views import WORK, QueueRow, sorts
from agentdesk.engine import person
from agentdesk.errors import DeskError
from agentdesk.i18n import tr
from agentdesk.screens.front import Front
from agentdesk.screens.panes import THREE, TWO
from agentdesk.widgets import spoken


class Paths:
    """The ways of one console."""

    def __init__(self, home: Front) -> None:
        self.home = home
        self._trail: list[int] = []
        self._title = ""
        self._backup_trouble: str | None = None
        self._faults: dict[tuple[str, str], str] = {}
        self._gaps: dict[str, str] | None = None

    def go_to(self, view: str, only: str = "", sort: str = "", title: str = "") -> None:
        """Another view of the queue, under a `title` of its own; raises UsageError for a filter that cannot be understood."""
        home, panes = self.home, self.home.panes
        source = home.sight.show(view, only, sort)
        home.marking.clear()
        if panes.composing:
            home.writing.close()
        panes.reading = panes.aside = False
        self._trail = []
        panes.queue.empty, panes.queue.agent = self._nothing(view, only), home.desk.agent
        panes.queue.show(source, home.desk.now())
        self._title = title or view_title(view)
        panes.head.view(self._title, only, source.sort)
        panes.head.own(
            [(panes.footer.key_of(f"view.{each.name}"), each.name) for each in home.settings.views]
        )
        panes.focus(panes.queue)
        panes.lay_out()
        self.follow(panes.queue.selected)
        self.refresh_header()

    def sort(self) -> None:
        """The same view in its next order, from the beginning; marks stay."""
        home, panes = self.home, self.home.panes
        view, orders = home.sight.view, sorts(home.sight.view)
        if len(orders) == 1:
            home.tell(tr("Everything is shown newest first, in no other order."), bad=True)
            return
        after = orders[(orders.index(home.sight.source.sort) + 1) % len(orders)]
        panes.queue.show(home.sight.show(view, home.sight.filter, after), home.desk.now())
        panes.head.view(self._title, home.sight.filter, after)
        self.follow(panes.queue.selected)

    def _nothing(self, view: str, only: str) -> str:
        if not self.home.settings.accounts:
            return present.no_account(self.home.panes.footer.key_of("account.add"))
        return (
            tr("Nothing matches {filter}; Esc shows all.").format(filter=only)
            if only
            else vacant.words(view, self.home.panes.footer.key_of)
        )

    def follow(self, row: QueueRow | None) -> None:
        """The queue's cursor moved: what is looked at goes along, unless a ticket is being read."""
        home, panes = self.home, self.home.panes
        if panes.where != QUEUE:
            return
        changed = (row.id if row else None) != (home.row.id if home.row else None)
        home.sight.row = row
        home.marking.follow()
        if not panes.is_complete:
            return
        if panes.width >= TWO or (changed and home.sight.opened is not None):
            self.refresh_ticket()

    def open(self, number: int, *, deeper: bool = False) -> None:
        """A ticket, in place. `deeper`: Esc comes back to the one that is being read, else to the queue."""
        home, panes = self.home, self.home.panes
        before = home.row.number if home.row and panes.reading else None
        if home.sight.open(number) is None:
            home.tell(tr("There is no ticket {name}.").format(name=number), bad=True)
            return
        row = home.row
        assert row is not None
        if not deeper:
            self._trail = []
        elif before is not None and before != row.number:
            self._trail.append(before)
        panes.reading, panes.aside = True, False
        panes.lay_out()
        panes.focus(panes.conversation)
        self.draw()
        if panes.speaks and home.sight.opened is not None:
            home.tell(spoken.opened(row, row.messages, home.desk.now()))
        panes.queue.select(row.id)
        if row.unread:
            home.run_worker(self._mark_read(row.account, row.id), group="read")

    async def _mark_read(self, account: str, ticket: str) -> None:
        with suppress(DeskError):
            await asyncio.to_thread(self._read, account, ticket)

    def _read(self, account: str, ticket: str) -> None:
        from agentdesk.engine import marks

        marks.read(self.home.desk, self.home.settings, account, ticket)

    def refresh_ticket(self) -> None:
        """Reads the selected ticket again and draws it."""
        if self.home.row:
            self.home.sight.open(self.home.row.number)
        else:
            self.home.sight.opened = None
        self.draw()

    def draw(self) -> None:
        """Draws what is opened; an answer to another ticket is put away as a draft."""
        home, panes = self.home, self.home.panes
        if not panes.is_complete:
            return
        now, zone, opened = home.desk.now(), home.settings.desk.tzinfo, home.sight.opened
        if home.panes.composing and (opened is None or home.writing.ticket != opened.ticket.row.id):
            home.writing.close()
        if opened is None:
            panes.conversation.clear()
            panes.customer.show(None, now, zone)
            return
        panes.conversation.own = home.desk.own
        panes.conversation.account = home.settings.apart(opened.ticket.row.account)
        panes.conversation.show(opened.ticket, opened.messages, now, zone, opened.sending)
        card = home.sight.card()
        panes.customer.show(card, now, zone)
        home.sight.shop.look(home.settings, home.row)
        if card is not None and panes.customer.display:
            home.app.run_worker(self._suggest(card.id), group="alike", exclusive=True)

    async def _suggest(self, customer: str) -> None:
        """Looks beside the keys for others who may be the same person."""
        found = await asyncio.to_thread(person.alike, self.home.desk, customer)
        if self.home.row is not None and self.home.row.customer == customer:
            self.home.panes.customer.suggest(found)

    def refresh_header(self) -> None:
        view, now = self.home.sight.header(), self.home.desk.now()
        self.home.panes.header.show(view, now)
        self.home.panes.causes(self.home.sight.feed.causes(), now)
        if view.backup_trouble and self._backup_trouble not in {None, view.backup_trouble}:
            text = tr("The daily backup failed: {reason}. What helps: agentdesk doctor")
            self.home.tell(text.format(reason=tr(view.backup_trouble)), bad=True)
        self._backup_trouble = view.backup_trouble

    def say_faults(self) -> None:
        """What the background cannot do, once: until it can, the header says so."""
        feed = self.home.sight.feed
        faults = {("", account): error for account, error in feed.faults().items()}
        faults |= {(f"{tr(chore)}: ", chore): error for chore, error in feed.ailing().items()}
        for (whose, name), error in faults.items():
            if self._faults.get((whose, name)) != error.code:
                told = present.problem(error)
                self.home.tell(f"{whose}{told.title}. {told.remedy}", bad=True)
        self._faults = {each: error.code for each, error in faults.items()}
        self._say_gaps()

    def _say_gaps(self) -> None:
        """What may be missing of an account's messages, once and when it is found out."""
        home, gaps = self.home, self.home.sight.feed.gaps()
        for each in home.settings.accounts:
            gap = gaps.get(each.id)
            if gap and self._gaps is not None and self._gaps.get(each.id) != gap:
                home.tell(f"{each.name}: {ailing.gap(gap)}", bad=True)
        self._gaps = gaps

    def write(self, kind: str) -> None:
        """Opens the composer on the selected ticket."""
        home = self.home
        if home.row is None:
            return
        if home.sight.opened is None or not home.panes.reading or home.panes.aside:
            self.open(home.row.number)
        home.writing.open(kind)

    def back(self) -> None:
        """One step back; in the queue, what runs on many is stopped, else marks, a filter or the line above it are taken away."""
        home, panes = self.home, self.home.panes
        if home.panes.composing:
            home.writing.close()
        elif panes.aside:
            panes.aside = False
            panes.lay_out()
            panes.focus(panes.conversation if panes.reading else panes.queue)
        elif panes.reading and self._trail:
            trail = self._trail[:-1]
            self.open(self._trail[-1])
            self._trail = trail
        elif panes.where != QUEUE:
            self._to_queue()
        elif home.many.stop() or home.marking.clear():
            return
        elif home.sight.filter:
            self.go_to(home.sight.view)
        else:
            home.passing.hush()

    def _to_queue(self) -> None:
        panes = self.home.panes
        panes.reading = panes.aside = False
        self._trail = []
        panes.queue.display = True
        panes.focus(panes.queue)
        panes.lay_out()
        self.follow(panes.queue.selected)

    def next_due(self) -> None:
        """The first ticket of the queue's order that is not the one at hand."""
        home = self.home
        number = home.sight.first_other("inbox")
        if number is None:
            home.tell(tr("Nothing else waits."))
            return
        if home.sight.view != "inbox" or home.sight.filter:
            self.go_to("inbox")
        self.open(number)

    def move_on(self, done: str) -> None:
        """After an act that ends a ticket's turn: the next one of this view, or back to the queue."""
        home, panes = self.home, self.home.panes
        panes.queue.reload(home.desk.now())
        reading, view = panes.where != QUEUE, home.sight.view
        number = home.sight.first_other(view, done) if view in WORK and not home.sight.filter else None
        if reading and number is not None:
            self.open(number)
        elif reading:
            self._to_queue()
        else:
            self.follow(panes.queue.selected)
        self.refresh_header()

    def customer(self) -> None:
        """Who is writing, beside or over the rest; the same key again goes back."""
        panes = self.home.panes
        if panes.aside:
            self.back()
            return
        panes.aside = panes.width < THREE
        self.refresh_ticket()
        panes.lay_out()
        panes.focus(panes.customer)
