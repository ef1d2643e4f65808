"""Who is owed an answer, told by brute force from the log's messages alone: nothing of the law, nothing of the store's rows."""

from collections import defaultdict
from types import SimpleNamespace as Row

from agentdesk.core import events


class Truth:
    """Told event after event, so that it can be asked often."""

    def __init__(self) -> None:
        self.messages: dict[str, Row] = {}
        self.tickets: dict[str, Row] = {}
        self.customers: dict[str, str] = {}

    def take(self, event) -> None:
        for change in event.changes:
            _happens(change, self.messages, self.tickets, self.customers)

    def owed(self) -> set[tuple[str, str]]:
        """(customer, ticket) of everybody whose last words have neither a public answer nor a reason why none is needed."""
        matters = defaultdict(list)
        for message in self.messages.values():
            matters[self.tickets[message.ticket].root].append(message)
        found = set()
        for ticket, said in matters.items():
            known = self.tickets[ticket]
            answered = max((m.at for m in said if _answers(m)), default="")
            waits = any(_asks(m) and max(m.at, m.asks_since or "") > answered for m in said)
            if waits and not (known.history or known.muted or known.erased):
                found.add((self.customers[known.customer], ticket))
        return found


def _answers(m: Row) -> bool:
    return m.direction == "out" and not m.hidden and m.state in {None, "sent", "delivered", "read"}


def _asks(m: Row) -> bool:
    is_theirs = m.direction == "in" and m.mail_class == "human"
    return is_theirs and not (m.history or m.hidden or m.settled)


def _happens(change, messages, tickets, customers) -> None:
    if isinstance(change, events.MessageAdded):
        row = Row(
            ticket=change.ticket, direction=change.direction, mail_class=change.mail_class, at=change.received_at,
            history=change.history, state=change.state, settled=change.settled, asks_since=None, hidden=False,
        )  # fmt: skip
        messages.setdefault(change.message, row)
    elif isinstance(change, events.MessageSet):
        setattr(messages[change.message], {"class": "mail_class"}.get(change.field, change.field), change.now)
    elif isinstance(change, events.TicketOpened):
        row = Row(
            root=change.ticket, customer=change.customer, history=change.history, muted=False, erased=False
        )
        tickets.setdefault(change.ticket, row)
    elif isinstance(change, events.TicketSet):
        setattr(tickets[change.ticket], change.field, change.now)
    elif isinstance(change, events.CustomerOpened):
        customers[change.customer] = change.customer
    elif isinstance(change, events.CustomerSet) and change.field == "root":
        customers[change.customer] = change.now
    elif isinstance(change, events.Erased):
        for ticket in change.tickets:
            tickets[ticket].erased = True
