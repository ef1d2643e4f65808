"""What happened: one immutable event for one command, whose changes say what became of every row.

`data` (here: `changes`) holds ids, hashes, enums, times and sizes; what a person is called, wrote or typed travels in
`personal`, which an erase empties and nothing ever branches on. Each change names what was and what is, so that an undo is
the changes turned round and refused where something else is there now. A type or a change of a newer version is kept and
skipped, never a crash.
"""

from typing import Any

from agentdesk.core.pledging import PledgeGiven, PledgeSet
from agentdesk.core.quarantine import Quarantined, QuarantineLeft, QuarantineSet
from agentdesk.core.surveyed import Rated, SurveyAsked
from agentdesk.values import dataclass

VERSION = 1


@dataclass(frozen=True, slots=True)
class AccountOpened:
    account: str
    channel: str
    opened_at: str
    waiting_days: int


@dataclass(frozen=True, slots=True)
class CustomerOpened:
    customer: str
    language: str | None


@dataclass(frozen=True, slots=True)
class CustomerSet:
    """`field`: language (of what they wrote first), root (the customer this one was merged into, or itself), speaks and form (in
    which language, and how, the shop said that they are addressed), muted_at, no_surveys_at (since when they want to be asked no more)."""

    customer: str
    field: str
    was: Any
    now: Any


@dataclass(frozen=True, slots=True)
class EntryAdded:
    """Something the shop wrote down of a customer; `entry` begins with the id of its event. The text is personal."""

    entry: str
    customer: str
    field: str


@dataclass(frozen=True, slots=True)
class EntrySet:
    """`field`: hidden (it does not count any more)."""

    entry: str
    field: str
    was: Any
    now: Any


@dataclass(frozen=True, slots=True)
class IdentityAdded:
    """`same_as` is another identity that the service itself says is the same account of the same person."""

    identity: str
    customer: str
    channel: str
    same_as: str | None = None


@dataclass(frozen=True, slots=True)
class IdentityNamed:
    """Somebody of whom only the address was known says what they are called; the name is in the event's personal part."""

    identity: str


@dataclass(frozen=True, slots=True)
class IdentitySet:
    """`field`: failing (the status code with which mail to it came back, None while it works), verdict (person or machine, as said)."""

    identity: str
    field: str
    was: Any
    now: Any


@dataclass(frozen=True, slots=True)
class TicketOpened:
    ticket: str
    customer: str
    identity: str
    account: str
    channel: str
    status: str
    language: str | None
    history: bool
    since_before: bool
    machine: bool
    created_at: str
    split_from: str | None = None


@dataclass(frozen=True, slots=True)
class TicketTitled:
    """A chat's ticket is about something else by its words, or has some only now: its subject is personal."""

    ticket: str


@dataclass(frozen=True, slots=True)
class TicketSet:
    """`field`: one of TICKET_FIELDS."""

    ticket: str
    field: str
    was: Any
    now: Any


TICKET_FIELDS = frozenset(
    {
        "status", "assignee", "priority", "kind", "cause", "language", "unread", "history", "since_before",
        "machine", "root", "waiting_since", "last_customer_at", "window_until", "next_due_at", "recover_at",
        "snoozed_until", "resolved_at", "customer", "identity", "moved_from", "muted", "epoch", "incident",
        "playbook", "playbook_since", "unfinished", "pledge_due_at", "pledge_rises_at", "derived_at", "derived_to",
        "accounted", "wrote_after", "snooze_quiet", "snooze_cut",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class TicketTagged:
    ticket: str
    tag: str
    was: bool
    now: bool


@dataclass(frozen=True, slots=True)
class StepTaken:
    """A step of a playbook on a ticket: the choice that was taken, "done" where there was none, None while it is not taken."""

    ticket: str
    playbook: str
    step: str
    was: str | None
    now: str | None

    @property
    def id(self) -> str:
        """The key of its row."""
        return f"{self.ticket}/{self.playbook}/{self.step}"


@dataclass(frozen=True, slots=True)
class TicketLinked:
    ticket: str
    other: str
    was: bool
    now: bool


@dataclass(frozen=True, slots=True)
class CauseOpened:
    """`cause` is its name; `words` with commas between."""

    cause: str
    words: str
    opened_at: str


@dataclass(frozen=True, slots=True)
class CauseSet:
    """`field`: words, closed_at."""

    cause: str
    field: str
    was: Any
    now: Any


@dataclass(frozen=True, slots=True)
class ClockSet:
    """`was` and `now` are whole clocks (see `core.sla`) or None where there is none."""

    ticket: str
    metric: str
    tier: str
    was: dict[str, Any] | None
    now: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class MessageAdded:
    """`raw` and `text` are content addresses; `attachments` hold everything but their names; `people` are the identities that take part (author
    and recipients, ours left out), as third parties where `direction` says so. `bounce` is what a delivery report says: for_good, status and
    the identities that failed. `seconds` is how long a call took. `junk`: its mail lies in the mailbox's Junk folder. `timed` is what an answer
    does that goes at a chosen time (`core.timed`). `settled` is why it needs no answer, `asks` whether one of ours asks something. `imported`:
    a file brought it, and not its server."""

    message: str
    ticket: str
    account: str
    direction: str
    mail_class: str
    class_reason: str
    joined_by: str
    author: str | None
    sent_at: str | None
    received_at: str
    fetched_at: str
    text: str
    raw: str | None = None
    size: int = 0
    mail_id: str | None = None
    references: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    folds: tuple[tuple[int, int, str], ...] = ()
    attachments: tuple[dict[str, Any], ...] = ()
    warnings: tuple[str, ...] = ()
    language: str | None = None
    history: bool = False
    state: str | None = None
    bounce: dict[str, Any] | None = None
    seconds: int | None = None
    junk: bool = False
    timed: dict[str, Any] | None = None
    settled: str | None = None
    asks: bool | None = None
    imported: bool = False


@dataclass(frozen=True, slots=True)
class MessageSet:
    """`field`: ticket (split and its undo), hidden (a note taken back), state and error (of a reply), class and class_reason
    (an agent said who wrote), junk, settled, asks_since, history."""

    message: str
    field: str
    was: Any
    now: Any


@dataclass(frozen=True, slots=True)
class MessageNamed:
    """The service has a name of its own for a message of ours; `mail_id` is that name's hash."""

    message: str
    mail_id: str


@dataclass(frozen=True, slots=True)
class MessageUnnamed:
    """What the service called by that name is not there any more: one part of several of a message of ours."""

    message: str
    mail_id: str


@dataclass(frozen=True, slots=True)
class MessageVersion:
    """`kind`: edited (with its new `text`), original (the first text, of which only a later one was known), withdrawn, or transcript (what
    a machine heard in its voice). Of ours also part_withdrawn (of several), edit_refused and withdrawal_refused: its service made no change."""

    message: str
    number: int
    kind: str
    at: str
    text: str | None = None


@dataclass(frozen=True, slots=True)
class VersionSet:
    """A version of a message is of another `kind` by now: a change of ours that its service did not make."""

    message: str
    number: int
    kind: str


@dataclass(frozen=True, slots=True)
class Reacted:
    """`identity` put a sign to a message, or took it away; None is us. The sign itself is personal."""

    message: str
    identity: str | None
    taken_away: bool = False


@dataclass(frozen=True, slots=True)
class Erased:
    """Everything personal of these went: the log's `personal` columns, rows, blobs, search, everywhere."""

    customers: tuple[str, ...]
    identities: tuple[str, ...]
    tickets: tuple[str, ...]
    messages: tuple[str, ...]
    names: tuple[str, ...] = ()
    """Hashes of what is to be known should it come again though no message here says so: of messages forgotten elsewhere, of mails never read."""
    pledges_stay: bool = False
    """Other changes of the event say which pledges are withdrawn, the rest still counts; an erase from before that withdrew all."""


@dataclass(frozen=True, slots=True)
class RuleFired:
    """A rule did what the other changes of this event say. `on` is the kind of event that set it off, which the event's parent is;
    `did` all that it does, in words of the shop's own."""

    ticket: str
    rule: str
    on: str
    did: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TakenBack:
    """An earlier event that this one turned round: it cannot be turned round twice."""

    event: str


Change = (
    AccountOpened
    | CustomerOpened
    | CustomerSet
    | EntryAdded
    | EntrySet
    | IdentityAdded
    | IdentityNamed
    | IdentitySet
    | TicketOpened
    | TicketSet
    | TicketTagged
    | TicketTitled
    | StepTaken
    | SurveyAsked
    | Rated
    | PledgeGiven
    | PledgeSet
    | TicketLinked
    | CauseOpened
    | CauseSet
    | ClockSet
    | MessageAdded
    | MessageSet
    | MessageNamed
    | MessageUnnamed
    | MessageVersion
    | VersionSet
    | Reacted
    | Quarantined
    | QuarantineLeft
    | QuarantineSet
    | Erased
    | RuleFired
    | TakenBack
)


@dataclass(frozen=True, slots=True)
class Event:
    """One act. `ticket` is the one it is mainly about; `tickets` all that it touches."""

    id: str
    type: str
    at: str
    actor: str
    device: str
    changes: tuple[Change, ...]
    ticket: str | None = None
    tickets: tuple[str, ...] = ()
    personal: dict[str, Any] | None = None
    guard: str | None = None
    group: str | None = None
    parent: str | None = None
    v: int = VERSION
    extra: dict[str, Any] | None = None
