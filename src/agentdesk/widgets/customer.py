"""Who is writing: names and addresses, what they prefer, what was before.

Promises: an earlier ticket is one line that can be chosen; what is not known is said in words; a forgotten customer shows
nothing but that. Refuses: looking anything up.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, tzinfo
from typing import Any

from rich.cells import cell_len
from textual import events
from textual.message import Message

from agentdesk import dates, facts, present, profile, rated, trust, undelivered
from agentdesk.core.card import Alike, CustomerCard, CustomerTicket
from agentdesk.core.instant import moment
from agentdesk.core.lookup import Fact
from agentdesk.core.text import safe, safe_line, safe_name
from agentdesk.i18n import tr
from agentdesk.widgets.cells import cut, wrapped
from agentdesk.widgets.glyphs import UNICODE, Glyphs
from agentdesk.widgets.heading import trust_badge
from agentdesk.widgets.pane import Line, Lines
from agentdesk.widgets.rows import NEVER


class Customer(Lines, can_focus=True):
    """Shows a card. The screen calls its methods; a click chooses a ticket."""

    class TicketChosen(Message):
        """Somebody wants to read an earlier ticket."""

        def __init__(self, number: int) -> None:
            super().__init__()
            self.number = number

    def __init__(self, *, glyphs: Glyphs = UNICODE, **named: Any) -> None:
        super().__init__(glyphs=glyphs, **named)
        self._card: CustomerCard | None = None
        self._now: datetime = NEVER
        self._zone: tzinfo = UTC
        self._at = 0
        self._first = 0

    def show(self, card: CustomerCard | None, now: datetime, zone: tzinfo) -> None:
        """A customer, or nobody; the chosen line stays where it is if it is the same one again."""
        if card is None or self._card is None or card.id != self._card.id:
            self._at = 0
        self._card, self._now, self._zone = card, now, zone
        self._lay()

    def suggest(self, alike: tuple[Alike, ...]) -> None:
        """Says who may be the same person as whoever is shown."""
        if self._card is not None and alike != self._card.alike:
            self._card = replace(self._card, alike=alike)
            self._lay()

    def move(self, by: int) -> None:
        """To the next earlier ticket (1) or the one before (-1)."""
        if self._card is None or not self._card.tickets:
            self.go(self.scroll_offset.y + by)
            return
        self._at = min(max(0, self._at + by), len(self._card.tickets) - 1)
        y = self._first + self._at
        self.reveal(0 if self._at == 0 else y, y + 1)
        self.point(y - self.scroll_offset.y)
        self.refresh()

    def choose(self) -> None:
        """Says that the ticket under the cursor is to be read."""
        if (ticket := self.chosen) is not None:
            self.post_message(self.TicketChosen(ticket.number))

    @property
    def chosen(self) -> CustomerTicket | None:
        tickets = self._card.tickets if self._card else ()
        return tickets[self._at] if self._at < len(tickets) else None

    def edge(self, index: int) -> tuple[str, str, str]:
        if not self.has_focus or self.chosen is None or index != self._first + self._at:
            return " ", "", ""
        return self.glyphs.cursor, "mark", "cursor"

    def on_resize(self, event: events.Resize) -> None:
        self._lay()

    def on_click(self, event: events.Click) -> None:
        at = event.get_content_offset(self)
        index = at.y + self.scroll_offset.y - self._first if at else -1
        if self._card and 0 <= index < len(self._card.tickets):
            self._at = index
            self.choose()
            self.refresh()

    def _lay(self) -> None:
        width = self.room.width - 1
        if width < 2:
            return
        card = self._card
        if card is None:
            self.put((), [((line, "dim"),) for line in wrapped(tr("Nobody is selected."), width)])
        elif card.erased:
            self.put((), [((present.erased(), "dim"),)])
        else:
            lines = [
                *self._person(card, width),
                *self._about(card, width),
                *self._lookups(card, width),
                *self._alike(card, width),
                *self._notes(card, width),
                *self._caption(tr("Earlier tickets"), width),
            ]
            self._first = len(lines)
            digits = max((len(str(each.number)) for each in card.tickets), default=0)
            lines += [self._ticket(each, width, digits) for each in card.tickets]
            if not card.tickets:
                lines.append(((cut(tr("None: it is the first time."), width, self.glyphs.more), "dim"),))
            self.put((), lines)

    def _caption(self, text: str, width: int) -> list[Line]:
        rest = self.glyphs.rule * max(0, width - cell_len(text) - 1)
        return [(), ((cut(text, width, self.glyphs.more), "bold"), (f" {rest}", "rule"))]

    def _person(self, card: CustomerCard, width: int) -> Iterator[Line]:
        yield ((cut(safe_name(card.name or "") or tr("(no name)"), width, self.glyphs.more), "title"),)
        failing = {(channel, address): code for channel, address, code in card.failing}
        verdicts = {(channel, address): said for channel, address, said in card.verdicts}
        for channel, address in card.identities:
            text = cut(safe_line(address), max(2, width - 3), self.glyphs.more)
            code = failing.get((channel, address))
            yield ((f"{present.letters(channel):<2} ", "dim"), (text, "bad" if code else ""))
            if code:
                told = wrapped(undelivered.failing(code), max(4, width - 5))
                signs = (f"   {self.glyphs.bad} ", *(" " * 5 for _ in told))
                yield from (((sign + line, "bad"),) for sign, line in zip(signs, told, strict=False))
            if card.verified[0] == address and channel == "email":
                sign, ink = trust_badge(card.verified[1], self.glyphs)
                yield ((f"   {cut(sign, max(4, width - 3), self.glyphs.more)}", ink),)
            if said := verdicts.get((channel, address)):
                yield from (
                    ((f"   {line}", "dim"),) for line in wrapped(trust.verdict(said), max(4, width - 3))
                )
        facts = [tr("language: {code}").format(code=safe_line(card.language))] if card.language else []
        if card.first_at:
            facts.append(tr("since {day}").format(day=self._day(card.first_at)))
        if card.last_at:
            facts.append(tr("last wrote {day}").format(day=self._day(card.last_at)))
        for line in wrapped(f" {self.glyphs.dot} ".join(facts), width) if facts else []:
            yield ((line, "dim"),)
        for line in wrapped(safe(card.preference), width) if card.preference else []:
            yield ((line, "note"),)
        for line in wrapped(safe(card.playbook), width) if card.playbook else []:
            yield ((line, "mark"),)

    def _about(self, card: CustomerCard, width: int) -> Iterator[Line]:
        """What the shop itself wrote down."""
        for text in (*profile.told(card), *rated.told(card)):
            yield from (((line, ""),) for line in wrapped(safe(text), width))
        if card.about:
            yield from self._caption(profile.about(), width)
        for each in card.about:
            head = f"{self.glyphs.note} {self._day(each.at)} {self.glyphs.dot} {safe_line(each.author)}"
            yield ((cut(head, width, self.glyphs.more), "dim"),)
            yield from (((f"  {line}", "note"),) for line in wrapped(safe(each.text), width - 2))

    def _lookups(self, card: CustomerCard, width: int) -> Iterator[Line]:
        """What the shop itself knows, and how old that is."""
        own = facts.mails(card.identities)
        for view in card.lookups:
            yield from self._caption(facts.title(safe_line(view.name)), width)
            told = facts.age(view, self._now, self._zone)
            ink = "warn" if view.failed_at else "dim"
            sign = f"{self.glyphs.bad} " if view.failed_at else ""
            yield from (((line, ink),) for line in wrapped(f"{sign}{told}", width))
            if view.failed_at and view.reason:
                yield from (((f"  {line}", "dim"),) for line in wrapped(safe(view.reason), max(4, width - 2)))
            if view.asked_at and not view.facts:
                yield ((cut(tr("Nothing is known of this customer."), width, self.glyphs.more), "dim"),)
            for fact in view.facts:
                yield from self._fact(fact, own, width)

    def _fact(self, fact: Fact, own: frozenset[str], width: int) -> Iterator[Line]:
        head = wrapped(safe_line(facts.heading(fact, self._now, self._zone)), max(4, width - 2))
        for at, line in enumerate(head):
            sign = "  " if at else f"{self.glyphs.dot} "
            yield ((sign, "dim"), (line, "bold" if fact.going else ""))
        for text, warns in facts.details(fact, own):
            lines = wrapped(safe_line(text), max(4, width - 2))
            yield from (((f"  {line}", "warn" if warns else "dim"),) for line in lines)

    def _alike(self, card: CustomerCard, width: int) -> Iterator[Line]:
        """Who may be the same person; a key makes them one."""
        if not card.alike:
            return
        yield from self._caption(tr("The same person? (L)"), width)
        for each in card.alike:
            name = safe_name(each.name or each.address)
            yield (
                (f"{present.letters(each.channel):<2} ", "dim"),
                (cut(name, max(2, width - 3), self.glyphs.more), ""),
            )
            why = trust.alike(each.reason, safe_line(each.word))
            yield ((f"   {cut(why, max(2, width - 3), self.glyphs.more)}", "mark"),)

    def _notes(self, card: CustomerCard, width: int) -> Iterator[Line]:
        if not card.notes:
            return
        yield from self._caption(tr("Notes"), width)
        for at, author, text in card.notes:
            yield (
                (
                    cut(
                        f"{self.glyphs.note} {self._day(at)} {self.glyphs.dot} {safe_line(author)}",
                        width,
                        self.glyphs.more,
                    ),
                    "dim",
                ),
            )
            for line in wrapped(safe(text), width - 2):
                yield ((f"  {line}", "note"),)

    def _ticket(self, ticket: CustomerTicket, width: int, digits: int) -> Line:
        """Number, state, day; then subject and outcome as far as there is room."""
        sign = self.glyphs.status.get(ticket.status, self.glyphs.alive)
        head = f"#{ticket.number} ".ljust(digits + 2) + f"{sign} "
        head += f"{present.letters(ticket.channel):<2} " if ticket.channel else ""
        day = self._day(ticket.at)
        room = max(0, width - cell_len(head) - cell_len(day) - 1)
        words = [safe_line(ticket.subject), safe_line(ticket.outcome)]
        if ticket.status not in {"resolved", "closed"}:
            words.insert(0, present.short_status(ticket.status) or present.status(ticket.status))
        text = cut(f" {self.glyphs.dot} ".join(each for each in words if each), room, self.glyphs.more)
        space = " " * (room - cell_len(text) + 1)
        return ((head, "dim"), (text, "dim" if ticket.history else ""), (space + day, "dim"))

    def _day(self, at: str) -> str:
        today = self._now.astimezone(self._zone).date()
        return dates.short_day(moment(at).astimezone(self._zone).date(), today)
