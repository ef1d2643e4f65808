"""What `decide` may ask about the desk as it is: a read-only window, answered by the store inside the transaction
that will write the event, and by a dictionary in tests."""

from collections.abc import Iterator, Mapping
from dataclasses import field, fields
from datetime import datetime
from operator import attrgetter
from typing import Any, Protocol

from agentdesk.core.events import Event
from agentdesk.core.model import Span
from agentdesk.core.pledging import OpenPledge
from agentdesk.core.seal import Seal
from agentdesk.core.segment import Facts, Segment
from agentdesk.core.sla import Clock
from agentdesk.core.surveyed import Surveys
from agentdesk.values import dataclass


@dataclass(frozen=True, slots=True)
class TicketState:
    """A ticket's row as far as a decision needs it; field names are those of `TicketSet`."""

    id: str
    number: int
    account: str
    channel: str
    customer: str
    identity: str
    status: str
    assignee: str | None
    priority: str
    language: str | None
    unread: bool
    history: bool
    since_before: bool
    machine: bool
    root: str
    waiting_since: str | None
    last_customer_at: str | None
    last_message_at: str
    next_due_at: str | None
    recover_at: str | None
    snoozed_until: str | None
    resolved_at: str | None
    kind: str | None
    epoch: int
    window_until: str | None = None
    cause: str | None = None
    incident: str | None = None
    playbook: str | None = None
    playbook_since: str | None = None
    unfinished: str | None = None
    moved_from: str | None = None
    accounted: bool = False
    wrote_after: str | None = None
    snooze_quiet: bool = False
    snooze_cut: str | None = None
    muted: bool = False
    pledge_due_at: str | None = None
    pledge_rises_at: str | None = None
    derived_at: str | None = None
    derived_to: str | None = None

    def having(self, field: str, now: Any) -> "TicketState":
        """The same ticket with one field changed; a third of what `replace` takes, and asked for with every message."""
        values = list(_VALUES(self))
        values[_PLACES[field]] = now
        return TicketState(*values)


_PLACES = {each.name: place for place, each in enumerate(fields(TicketState))}
_VALUES = attrgetter(*_PLACES)


@dataclass(frozen=True, slots=True)
class MessageState:
    id: str
    ticket: str
    direction: str
    mail_class: str
    written_here: bool
    received_at: str
    author: str | None
    history: bool
    state: str | None
    hidden: bool
    subject: str | None
    junk: bool = False
    settled: str | None = None
    asks_since: str | None = None
    reworded_at: str | None = None

    @property
    def since(self) -> str:
        """Since when its author waits with it: since other words took the place of those that were answered, else since it came."""
        return self.reworded_at or self.received_at


@dataclass(frozen=True, slots=True)
class Said:
    """A text that goes to a customer by itself: of which kind (one of AUTOMATIC), in which ticket, on which channel, when; and when it
    was to go, where it had a time."""

    kind: str
    ticket: str
    channel: str
    at: datetime
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Exchange:
    """An automatic text of ours at `at`, and the first that came back after it: when, and the name of its text. None: nothing did."""

    at: datetime
    answered_at: datetime | None = None
    text: str | None = None


class Chats(Protocol):
    """What chats have and mail has not."""

    def conversation(self, account: str, identity: str) -> str | None:
        """The newest ticket of somebody on a chat account."""

    def versions(self, message: str) -> tuple[tuple[str, str, str | None], ...]:
        """(kind, time, text) of what became of a message, oldest first."""

    def names(self, message: str) -> tuple[str, ...]:
        """The hashes of what the service calls a message of ours, and each of its parts."""

    def reaction(self, message: str, identity: str | None) -> str | None: ...
    def unread_by(self, identity: str) -> tuple[str, ...]:
        """Messages of ours to somebody that were accepted and not yet read, the newest hundred."""


class People(Protocol):
    """What the shop itself knows of its customers, and how much they write."""

    def entries(self, customer: str) -> tuple[tuple[str, str, str], ...]:
        """(id, field, value) of what was written down of this very customer and still counts."""

    def among(self, customer: str, segments: tuple[Segment, ...]) -> frozenset[str]:
        """The names of those segments in which a customer is, who was merged into nobody."""

    def facts(self, root: str, segments: tuple[Segment, ...]) -> dict[str, Facts]:
        """What those segments can ask of a customer, and of whoever was merged into it, by customer."""

    def promised(self, customer: str) -> tuple[str, ...]:
        """The tickets of this very customer of which a clock runs or stands still."""

    def told(self, customer: str, since: str) -> tuple[Said, ...]:
        """What went by itself to a customer, whoever was merged into them included, since then; not what was taken back."""

    def exchange(self, identity: str, at: datetime) -> Exchange:
        """What came back from `identity` on what was said to it by itself at `at`."""

    def repeats(self, identity: str, text: str, since: str) -> int:
        """How many of its newest messages since then say the text of that name, in a row."""

    def writes_much(self, identity: str, since: str, most: int) -> bool:
        """Whether it wrote at least so many messages since then."""

    def untouched(self, identity: str, since: str, most: int) -> tuple[str, ...]:
        """Its tickets since then with which nobody has begun anything, the newest first."""

    def muted(self, customers: tuple[str, ...]) -> tuple[str, ...]:
        """Their tickets that stand apart, whatever became of them."""


class Pledges(Protocol):
    """What customers were told that we would do."""

    def open(self, tickets: tuple[str, ...]) -> tuple[OpenPledge, ...]:
        """Those given on these very tickets that are neither kept, renewed nor dropped, the soonest due first."""

    def kept(self, tickets: tuple[str, ...], by: str) -> tuple[tuple[str, str], ...]:
        """(id, kept_at) of those given on these tickets before the time `by` and kept since, by what was said then."""

    def one(self, pledge: str) -> OpenPledge | None:
        """The pledge of that id, while it is open."""


class Past(Protocol):
    """What only the log knows."""

    def pauses(self, ticket: str, clock: Clock) -> tuple[Span, ...]:
        """The pauses of a ticket's clock that are over, oldest first."""

    def told_apart(self, ticket: str) -> bool:
        """Whether the customers of a ticket and of the one in which it is shown were said to be two since it was merged into that."""


class State(Protocol):
    chats: Chats
    people: People
    past: Past
    pledges: Pledges
    surveys: Surveys

    def ticket(self, ticket: str) -> TicketState | None: ...
    def ticket_by_token(self, name: str) -> TicketState | None: ...
    def ticket_by_number(self, number: int) -> TicketState | None: ...
    def family(self, root: str) -> tuple[str, ...]:
        """The tickets merged into `root`, itself first."""

    def message(self, message: str) -> MessageState | None: ...
    def message_of_raw(self, raw: str) -> str | None: ...
    def messages_by_mail_id(self, mail_id: str) -> tuple[MessageState, ...]:
        """Those of that name, ours by the service's name for them too."""

    def referring(self, mail_id: str) -> tuple[MessageState, ...]:
        """Messages that name `mail_id` as theirs to answer, oldest first: for a parent that comes late."""

    def takes_part(self, ticket: str, identity: str, *, apart: bool = False) -> bool:
        """In the customer's thread of this very ticket; or `apart`, as a third party, where what was taken back does not count."""

    def customer_of(self, identity: str) -> str | None:
        """The customer an identity belongs to, merges followed."""

    def addresses_named(self, name: str) -> tuple[str, ...]:
        """The addresses of people who go by this very name, some hundred at most."""

    def customer_members(self, root: str) -> tuple[str, ...]: ...
    def customer_root(self, customer: str) -> str | None: ...
    def identities(self, customer: str) -> tuple[str, ...]: ...
    def tickets_of(self, customer: str) -> tuple[str, ...]: ...
    def messages_by(self, identities: tuple[str, ...]) -> tuple[str, ...]: ...
    def open_tickets(self, identity: str) -> tuple[str, ...]:
        """Those that it opened and that are neither history nor over, as they are shown."""

    def messages_in(self, tickets: tuple[str, ...]) -> tuple[MessageState, ...]: ...
    def clocks(self, ticket: str) -> dict[tuple[str, str], dict[str, Any]]: ...
    def tags(self, ticket: str) -> frozenset[str]: ...
    def linked(self, ticket: str) -> frozenset[str]: ...
    def unanswered_since(
        self, tickets: tuple[str, ...], after: str | None, without: str | None = None
    ) -> str | None:
        """Arrival of the oldest human message in `tickets` that nobody said needs no answer, later than `after` and than the last
        public answer, as if the message `without` had never been written."""

    def last_message(self, tickets: tuple[str, ...], direction: str) -> str | None:
        """The newest message of that direction that is not hidden."""

    def last_answer_at(self, tickets: tuple[str, ...]) -> str | None: ...
    def quarantined(self, raw: str) -> tuple[str, int] | None:
        """(id, attempts) of a raw message in quarantine."""

    def event(self, event: str) -> Event | None: ...
    def last_act(self, actor: str) -> Event | None:
        """The last event of `actor` that an undo has not yet taken back and that is not an undo itself."""

    def field(self, table: str, row: str, field: str) -> Any:
        """The present value of a row's field: what an undo compares with."""


@dataclass(frozen=True, slots=True)
class Staff:
    """Whom a forger would be: `names` of agents and of the shop as `lookalike.folded` gives them, `addresses` of agents."""

    names: frozenset[str] = frozenset()
    addresses: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Given:
    """What a decision is given beside the command and the state: nothing is looked up.

    `own` are our own addresses (accounts and aliases), lower-cased; `ids` are fresh UUIDv7 texts. `trusted` is by
    account the server whose word on senders counts.
    """

    now: datetime
    actor: str
    device: str
    seal: Seal
    ids: Iterator[str]
    own: frozenset[str] = frozenset()
    staff: Staff = Staff()
    trusted: Mapping[str, str] = field(default_factory=dict)
    reopen_days: int = 7
    group: str | None = None
    parent: str | None = None

    def server(self, account: str) -> str:
        """The server whose word on senders counts for an account; empty for nobody's."""
        return self.trusted.get(account, "")
