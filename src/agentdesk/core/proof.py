"""Who is owed an answer, counted afresh from the events of the log: the store's rows and what the law kept beside them are not asked.

Promises: the definition of `core.unanswered`, worked out from what messages and tickets became, event by event, so that a zero
there is a zero here. Refuses: being quick; it reads the whole log.
"""

from collections.abc import Iterable
from dataclasses import field, replace

from agentdesk.core.events import (
    CustomerOpened,
    CustomerSet,
    Erased,
    Event,
    MessageAdded,
    MessageSet,
    MessageVersion,
    TicketOpened,
    TicketSet,
)
from agentdesk.core.state import MessageState
from agentdesk.core.unanswered import added, waiting
from agentdesk.values import dataclass

_OVER = frozenset({"resolved", "closed"})
_SHOWN = {"class": "mail_class"}


@dataclass(frozen=True, slots=True)
class Owed:
    """The oldest message that waits in a ticket."""

    customer: str
    ticket: str
    message: str
    since: str


@dataclass(slots=True)
class _Ticket:
    root: str
    customer: str
    status: str
    history: bool
    muted: bool = False
    accounted: bool = False

    @property
    def counts(self) -> bool:
        return not self.history and not self.muted and (self.accounted or self.status not in _OVER)


@dataclass(slots=True)
class Count:
    """Takes event after event; `owed` says who waits by now."""

    events: int = 0
    messages: dict[str, MessageState] = field(default_factory=dict)
    _tickets: dict[str, _Ticket] = field(default_factory=dict)
    _customers: dict[str, str] = field(default_factory=dict)
    _forgotten: set[str] = field(default_factory=set)
    _edited: set[tuple[str, str]] = field(default_factory=set)

    def take(self, event: Event) -> None:
        self.events += 1
        for change in event.changes:
            if isinstance(change, MessageAdded):
                self.messages.setdefault(change.message, added(change))
            elif isinstance(change, MessageSet) and change.message in self.messages:
                self._message_set(change)
            elif isinstance(change, MessageVersion):
                self._edited.add((change.message, change.at))
            elif isinstance(change, TicketOpened):
                opened = _Ticket(change.ticket, change.customer, change.status, change.history)
                self._tickets.setdefault(change.ticket, opened)
            elif isinstance(change, TicketSet) and hasattr(self._tickets[change.ticket], change.field):
                setattr(self._tickets[change.ticket], change.field, change.now)
            elif isinstance(change, CustomerOpened):
                self._customers[change.customer] = change.customer
            elif isinstance(change, CustomerSet) and change.field == "root":
                self._customers[change.customer] = change.now
            elif isinstance(change, Erased):
                self._forgotten.update(change.tickets)

    def _message_set(self, change: MessageSet) -> None:
        name = _SHOWN.get(change.field, change.field)
        was = self.messages[change.message]
        if hasattr(was, name):
            was = replace(was, **{name: change.now})
        if name == "asks_since":
            was = replace(was, reworded_at=change.now if (was.id, change.now) in self._edited else None)
        self.messages[change.message] = was

    def owed(self) -> tuple[Owed, ...]:
        """Of each ticket the message that waits longest; the longest first."""
        matters: dict[str, list[MessageState]] = {}
        for message in self.messages.values():
            matters.setdefault(self._tickets[message.ticket].root, []).append(message)
        found = []
        for ticket, said in matters.items():
            known = self._tickets[ticket]
            first = next(iter(waiting(said)), None)
            if first is not None and known.counts and ticket not in self._forgotten:
                found.append(
                    Owed(self._customers[known.customer], ticket, first.id, first.since),
                )
        return tuple(sorted(found, key=lambda each: (each.since, each.ticket)))

    @property
    def customers(self) -> int:
        """How many there are, those that became one counted once."""
        return len(set(self._customers.values()))


def counted(events: Iterable[Event]) -> Count:
    """All of them."""
    count = Count()
    for event in events:
        count.take(event)
    return count
