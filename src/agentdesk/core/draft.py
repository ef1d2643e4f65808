"""An event in the making: collects changes, remembers what it has already changed, and closes into one event."""

from dataclasses import replace
from typing import Any

from agentdesk.core.events import (
    Change,
    ClockSet,
    CustomerOpened,
    Event,
    MessageAdded,
    TicketLinked,
    TicketOpened,
    TicketSet,
    TicketTagged,
    TicketTitled,
)
from agentdesk.core.instant import stamp
from agentdesk.core.model import Direction, JoinedBy, MailClass, Priority
from agentdesk.core.refusal import Refusal
from agentdesk.core.state import Given, State, TicketState


class Draft:
    """Changes against `state`, seen through what this draft has changed so far."""

    def __init__(self, state: State, given: Given) -> None:
        self.state = state
        self.given = given
        self.changes: list[Change] = []
        self.personal: dict[str, Any] = {}
        self.among: dict[str, frozenset[str]] = {}
        """By customer: the segments with targets of their own, once they were asked for."""
        self._tickets: dict[str, TicketState] = {}
        self._clocks: dict[str, dict[tuple[str, str], dict[str, Any]]] = {}
        self._touched: dict[str, None] = {}
        self._opened: set[str] = set()
        self._set: dict[tuple[str, str], int] = {}
        self._clock_set: dict[tuple[str, str, str], int] = {}

    @classmethod
    def of(cls, state: State, given: Given, event: Event) -> "Draft":
        """An event that was closed already, for more to follow in it; `again` closes it."""
        draft = cls(state, given)
        draft.personal = event.personal or {}
        for change in event.changes:
            draft._recall(change)
        return draft

    def _recall(self, change: Change) -> None:
        """What was changed before in this very event."""
        place = len(self.changes)
        self.add(change)
        if isinstance(change, TicketOpened):
            self._tickets[change.ticket], self._clocks[change.ticket] = fresh(change), {}
        elif isinstance(change, TicketSet):
            self._set.setdefault((change.ticket, change.field), place)
            self._tickets[change.ticket] = self.ticket(change.ticket).having(change.field, change.now)
        elif isinstance(change, ClockSet):
            key = (change.metric, change.tier)
            self._clock_set.setdefault((change.ticket, *key), place)
            known = self.clocks(change.ticket)
            if change.now is None:
                known.pop(key, None)
            else:
                known[key] = change.now

    def again(self, event: Event) -> Event:
        """The event that was opened again, with what followed."""
        tickets = tuple(dict.fromkeys((*event.tickets, *self._touched)))
        return replace(event, changes=tuple(self.changes), tickets=tickets)

    def add(self, change: Change) -> None:
        self.changes.append(change)

    def touch(self, ticket: str) -> None:
        self._touched[ticket] = None

    def opened(self, change: TicketOpened) -> TicketState:
        """Opens a ticket and makes it known to what follows in this very event."""
        self.add(change)
        self._tickets[change.ticket] = opened = fresh(change)
        self._clocks[change.ticket] = {}
        self._opened.add(change.ticket)
        self.touch(change.ticket)
        return opened

    def ticket(self, ticket: str) -> TicketState:
        """The ticket as this draft leaves it; it is known to exist."""
        known = self._tickets.get(ticket) or self.state.ticket(ticket)
        if known is None:
            raise KeyError(ticket)
        self._tickets[ticket] = known
        return known

    def family(self, root: str) -> tuple[str, ...]:
        """The tickets that are one with `root`: one that this very event opens is alone."""
        return (root,) if root in self._opened else self.state.family(root)

    def said_of_customer(self, customer: str, field: str) -> Any:
        """A field of a customer, None of one whom this very event opens: nothing is asked of the store about them."""
        is_new = any(isinstance(each, CustomerOpened) and each.customer == customer for each in self.changes)
        return None if is_new else self.state.field("customer", customer, field)

    def set(self, ticket: str, field: str, now: Any) -> None:
        """One field of a ticket; nothing where it holds that value already."""
        known = self.ticket(ticket)
        was = getattr(known, field)
        if was == now:
            return
        self._tickets[ticket] = known.having(field, now)
        self.touch(ticket)
        place = self._set.setdefault((ticket, field), len(self.changes))
        if place < len(self.changes):  # set before in this very event: an undo must find one step, not two
            first = self.changes[place]
            assert isinstance(first, TicketSet)
            self.changes[place] = TicketSet(ticket, field, first.was, now)
        else:
            self.changes.append(TicketSet(ticket, field, was, now))

    def clocks(self, ticket: str) -> dict[tuple[str, str], dict[str, Any]]:
        if ticket not in self._clocks:
            self._clocks[ticket] = dict(self.state.clocks(ticket))
        return self._clocks[ticket]

    def set_clock(self, ticket: str, metric: str, tier: str, now: dict[str, Any] | None) -> None:
        known = self.clocks(ticket)
        was = known.get((metric, tier))
        if was == now:
            return
        if now is None:
            known.pop((metric, tier), None)
        else:
            known[metric, tier] = now
        self.touch(ticket)
        place = self._clock_set.setdefault((ticket, metric, tier), len(self.changes))
        if place < len(self.changes):  # as with fields: one step, for an undo to find
            first = self.changes[place]
            assert isinstance(first, ClockSet)
            self.changes[place] = ClockSet(ticket, metric, tier, first.was, now)
        else:
            self.changes.append(ClockSet(ticket, metric, tier, was, now))

    def title(self, ticket: str, subject: str) -> None:
        """What a ticket is about; nothing where that is not said."""
        if subject:
            self.touch(ticket)
            self.changes.append(TicketTitled(ticket))
            self.personal.setdefault("tickets", {})[ticket] = subject

    def tag(self, ticket: str, tag: str, *, on: bool) -> None:
        if (tag in self.state.tags(ticket)) != on:
            self.touch(ticket)
            self.changes.append(TicketTagged(ticket, tag, not on, on))

    def link(self, ticket: str, other: str) -> None:
        """The two belong together; one that this very event opens was linked with none."""
        if ticket in self._opened or other not in self.state.linked(ticket):
            self.touch(ticket)
            self.touch(other)
            self.changes.append(TicketLinked(ticket, other, was=False, now=True))

    def event(
        self, kind: str, ticket: str | None = None, *, event_id: str | None = None, guard: str | None = None
    ) -> Event:
        """Closes the draft. `event_id` is given where two laptops must make the same event."""
        if ticket is not None:
            self.touch(ticket)
        given = self.given
        return Event(
            id=event_id or next(given.ids),
            type=kind,
            at=stamp(given.now),
            actor=given.actor,
            device=given.device,
            changes=tuple(self.changes),
            ticket=ticket,
            tickets=tuple(self._touched),
            personal=self.personal or None,
            guard=guard,
            group=given.group,
            parent=given.parent,
        )


def fresh(change: TicketOpened) -> TicketState:
    """A ticket as it is right after it was opened; its number comes later."""
    return TicketState(
        id=change.ticket,
        number=0,
        account=change.account,
        channel=change.channel,
        customer=change.customer,
        identity=change.identity,
        status=change.status,
        assignee=None,
        priority=Priority.NORMAL.value,
        language=change.language,
        unread=False,
        history=change.history,
        since_before=change.since_before,
        machine=change.machine,
        root=change.ticket,
        waiting_since=None,
        last_customer_at=None,
        last_message_at=change.created_at,
        next_due_at=None,
        recover_at=None,
        snoozed_until=None,
        resolved_at=None,
        kind=None,
        epoch=0,
    )


def on_ticket(state: State, given: Given, ticket: str) -> tuple[Draft, TicketState]:
    """A draft on the ticket that `ticket` is part of by now; raises Refusal where there is none."""
    known = state.ticket(ticket)
    if known is None:
        raise Refusal("no_ticket")
    if known.root != known.id:
        known = state.ticket(known.root) or known
    return Draft(state, given), known


def ours(
    message: str, ticket: TicketState, direction: Direction, text: str, size: int, given: Given
) -> MessageAdded:
    """A message that an agent writes on `ticket` now; `text` is the name of its blob, `size` in bytes."""
    at = stamp(given.now)
    return MessageAdded(
        message=message,
        ticket=ticket.id,
        account=ticket.account,
        direction=direction.value,
        mail_class=MailClass.HUMAN.value,
        class_reason="",
        joined_by=JoinedBy.MANUAL.value,
        author=None,
        sent_at=at,
        received_at=at,
        fetched_at=at,
        text=text,
        size=size,
    )
