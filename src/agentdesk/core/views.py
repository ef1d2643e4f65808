"""Read models: frozen, complete, ready to draw or to print; texts are terminal-safe, times are stamps in UTC."""

from dataclasses import field
from typing import Any

from agentdesk.core.later import Answered, VersionView
from agentdesk.core.model import OURS, audience, is_room, service_name
from agentdesk.core.progress import Progress
from agentdesk.core.ruled import Done
from agentdesk.values import dataclass

VIEWS = (
    "inbox",
    "mine",
    "unassigned",
    "overdue",
    "waiting",
    "snoozed",
    "machine",
    "muted",
    "resolved",
    "all",
    "unanswered",
    "afterwards",
)
"""`unanswered`: of each customer who waits for an answer the ticket that waits longest; `afterwards`: tickets into which somebody
wrote after their end, or in thanks, without opening them again."""
SORTS = ("order", "waiting", "newest")
WORK = VIEWS[:4]
"""The views of what needs a person: they have an order in which they are best answered."""


def sorts(view: str) -> tuple[str, ...]:
    """In which orders a view can be read, its own first: in order, waiting longest first, newest first.

    `all` holds what waits for nobody too, in the order of its messages alone; who is without an answer is listed by how long, what
    came afterwards by when."""
    if view in WORK:
        return SORTS
    return {"all": ("newest",), "unanswered": ("waiting",), "afterwards": ("newest",)}.get(
        view, ("newest", "waiting")
    )


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One ticket as the queue shows it. `key` is where the next page goes on after this row; `failed` says that a reply in
    it did not arrive, or, where it is `in_doubt`, that nobody knows; `window_until` is when the channel stops taking free answers; `junk` that mail of
    it lies in the mailbox's Junk folder; `drafts` are the agents who have begun something there and not sent it. `owed_since`:
    somebody counts as unanswered in it; `wrote_after`: somebody wrote after its end, and nobody has looked; `snooze_quiet`: it
    sleeps on when the customer writes; `snooze_cut` is the time that an early wake cut short; `soon_at`: when what is due next is due
    soon, where its target says so."""

    id: str
    number: int
    subject: str
    status: str
    channel: str
    account: str
    customer: str
    customer_name: str
    identity: str
    assignee: str | None
    priority: str
    kind: str | None
    language: str | None
    unread: bool
    history: bool
    since_before: bool
    created_at: str
    last_message_at: str
    waiting_since: str | None
    next_due_at: str | None
    recover_at: str | None
    snoozed_until: str | None
    cause: str | None
    messages: int
    erased: bool
    band: str
    reason: str
    key: tuple[int, str, int]
    failed: bool = False
    window_until: str | None = None
    junk: bool = False
    drafts: tuple[str, ...] = ()
    owed_since: str | None = None
    wrote_after: str | None = None
    snooze_reason: str | None = None
    snooze_quiet: bool = False
    snooze_cut: str | None = None
    last_customer_at: str | None = None
    soon_at: str | None = None
    in_doubt: bool = False

    @property
    def room(self) -> str:
        """What the room is called whose ticket it is (`core.model.room`); empty for the ticket of a person."""
        address = self.identity.partition(":")[2]
        return (self.customer_name or service_name(address)) if is_room(address) else ""


@dataclass(frozen=True, slots=True)
class CauseRow:
    """A cause: its name, its words with commas between, and how many of its tickets are open."""

    name: str
    words: str
    opened_at: str
    closed_at: str | None
    open: int


@dataclass(frozen=True, slots=True)
class Before:
    """Another matter of the same person: what became of it, or what is still open in it. `said` is the last that we said or
    noted there, in one line; `until` is when it is to go on."""

    number: int
    channel: str
    status: str
    at: str
    subject: str
    said: str
    until: str | None

    @property
    def is_open(self) -> bool:
        return self.status not in {"resolved", "closed"}


@dataclass(frozen=True, slots=True)
class TicketView:
    """A queue row with what else belongs to the ticket. `before`: what is open and what came out last, where the person
    came by other channels too. `offered` is the cause that it looks like and has not; `progress` is None where it follows no
    playbook. `begun_by` are the other agents who have a draft there, for whoever reads it. `moved_from` is what the customer is called whose it was before. `rules` are what
    rules did there, or could not do, the newest first. `promised_until` is when the first of what was pledged here is due; `derived_to`
    says where the customer was sent at `derived_at`, if elsewhere."""

    row: QueueRow
    tags: tuple[str, ...] = ()
    linked: tuple[int, ...] = ()
    clocks: tuple[dict[str, Any], ...] = ()
    drafts: int = 0
    before: tuple[Before, ...] = ()
    offered: str = ""
    incident: str | None = None
    progress: Progress | None = None
    begun_by: tuple[str, ...] = ()
    moved_from: str = ""
    rules: tuple[Done, ...] = ()
    promised_until: str | None = None
    derived_at: str | None = None
    derived_to: str | None = None


@dataclass(frozen=True, slots=True)
class AttachmentView:
    name: str
    media_type: str
    size: int
    sha256: str
    part: str
    inline: bool
    seconds: int | None = None


@dataclass(frozen=True, slots=True)
class MessageView:
    """One message; `text` is what it says now, `visible` that with quotes and signature folded away; `reason` is what a server said of a reply
    that failed; `reactions` are (who, sign), "" being us; `first` is what it said before an edit; `seconds` is how long a call took.
    `verified`: pass, fail or none, by the word of the server that the account trusts, `vouched_by`; None where nothing can be said (no
    mail, or not from outside). `came` is what it said when it was stored, `hidden` one of ours that was taken back before it went.
    `asking`: a change of it that its service has not made yet, by what was said last of why; `unchanged`: why the service did not make the last one. `bcc` are
    those who got a copy of ours that nobody else knows of. `score` is what a survey was answered with, `settled` why it needs no answer. `crossed_at`: when it came
    in, where an answer had been written by then that is later. `answers`: of a chat what it points at, unless that is what was said right before it.
    `forwarded_from` is who wrote first what is forwarded, where the service says."""

    id: str
    ticket: str
    direction: str
    mail_class: str
    class_reason: str
    joined_by: str
    name: str
    identity: str | None
    to: tuple[str, ...]
    cc: tuple[str, ...]
    subject: str
    remote_id: str | None
    sent_at: str | None
    received_at: str
    fetched_at: str
    text: str
    visible: str
    folds: tuple[tuple[int, int, str], ...]
    attachments: tuple[AttachmentView, ...]
    warnings: tuple[str, ...]
    history: bool
    erased: bool
    raw: str | None
    state: str | None = None
    error: str | None = None
    reason: str | None = None
    places: tuple[tuple[str, str], ...] = ()
    versions: tuple[VersionView, ...] = ()
    reactions: tuple[tuple[str, str], ...] = ()
    first: str | None = None
    seconds: int | None = None
    junk: bool = False
    verified: str | None = None
    vouched_by: str | None = None
    account: str = ""
    hidden: bool = False
    came: str = ""
    asking: str | None = None
    unchanged: str | None = None
    bcc: tuple[str, ...] = ()
    score: int | None = None
    settled: str | None = None
    reworded_at: str | None = None
    crossed_at: str | None = None
    answers: Answered | None = None
    forwarded_from: str = ""

    @property
    def way(self) -> str:
        """in, out or note, whoever it was with."""
        return {"to_party": "out", "auto": "out", "from_party": "in"}.get(self.direction, self.direction)

    @property
    def audience(self) -> str | None:
        """Who sees it beside us."""
        return audience(self.direction)

    @property
    def is_ours(self) -> bool:
        """We wrote it to somebody, to the customer or to a third party."""
        return self.direction in OURS

    @property
    def edited_at(self) -> str | None:
        """When it was last edited."""
        return next((each.at for each in reversed(self.versions) if each.kind == "edited"), None)

    @property
    def withdrawn_at(self) -> str | None:
        """When its author took it back."""
        return next((each.at for each in self.versions if each.kind == "withdrawn"), None)

    @property
    def part_withdrawn_at(self) -> str | None:
        """When a part of it was last taken back, while others are left."""
        parts = (each.at for each in reversed(self.versions) if each.kind == "part_withdrawn")
        return None if self.withdrawn_at else next(parts, None)

    @property
    def transcript(self) -> str | None:
        """What a machine heard in its voice."""
        return next((each.text for each in self.versions if each.kind == "transcript"), None)

    @property
    def has_gone(self) -> bool:
        """Written here, and taken by the service, be it that it is not there any more."""
        return self.direction == "out" and self.state in {"sent", "delivered", "read", "withdrawn"}

    @property
    def elsewhere(self) -> bool:
        """An answer of ours that was given in another program."""
        return self.direction == "out" and self.state is None and not self.is_call

    @property
    def is_call(self) -> bool:
        """A phone call that somebody wrote down."""
        return self.class_reason in {"call_in", "call_out"}


@dataclass(frozen=True, slots=True)
class Recipients:
    """Who gets an answer to a ticket (`to`) and who wrote (`sender`); `elsewhere`: the mail asks for the answer to go to somebody else, and that is to be
    agreed to. It goes by `channel` and `account` to the `identity` of who wrote, into the ticket `number`; `standing` is what the channel takes now
    (`core.window`). `room` is what the room is called in which everybody reads it, `another` what whoever is not its customer is called."""

    to: tuple[str, ...]
    sender: str
    elsewhere: bool = False
    channel: str = ""
    account: str = ""
    identity: str | None = None
    number: int | None = None
    standing: str = "open"
    room: str = ""
    another: str = ""
    newcomer: bool = False
    """Who wrote is not the customer and had no answer here yet: that is to be agreed to."""


def leaves_by(whom: Recipients | None, row: QueueRow) -> tuple[str, str]:
    """(channel, account) by which an answer goes; the ticket's own where there is nobody to answer."""
    return (whom.channel, whom.account) if whom else (row.channel, row.account)


@dataclass(frozen=True, slots=True)
class Way:
    """A way to a customer: the `identity` wrote to our `account` by it, last `at`, in the ticket `number`."""

    identity: str
    channel: str
    address: str
    name: str
    account: str
    at: str
    number: int


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """A reply that is not accepted: held, queued, sending, failed or unknown. `error` is what the server said, `code` ours;
    `goes_at` is a time that was chosen for it, while it waits for that."""

    message: str
    ticket: int
    account: str
    state: str
    attempts: int
    next_at: str | None
    release_at: str | None
    error: str | None
    code: str | None = None
    goes_at: str | None = None


@dataclass(frozen=True, slots=True)
class AccountHealth:
    """`state`: never, ok, live, polling, backoff, needs_login, stopped."""

    account: str
    state: str = "never"
    synced_at: str | None = None
    error: str | None = None
    gap: str | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """One hit of a search. `spans` are the places in `snippet` of what was looked for, [start, end); `key` is where the next page
    goes on; `audience` is the message's; `former`: the snippet is of what the message said before it was edited."""

    ticket: int
    message: str
    at: str
    snippet: str
    spans: tuple[tuple[int, int], ...] = ()
    key: int = 0
    audience: str | None = "customer"
    former: bool = False


@dataclass(frozen=True, slots=True)
class Counts:
    """How many tickets each view holds, and how many people wait for an answer."""

    views: dict[str, int] = field(default_factory=dict)
    unanswered: int = 0


@dataclass(frozen=True, slots=True)
class HeaderView:
    """The one line above everything. `counts` are (title, number) in order of importance; `health`: never, ok, busy or
    trouble; `trouble` is the error's code, `ailing` the account's name; `synced_at` is the oldest of the accounts' last good passes;
    `backup_at` is the last good backup, `backup_late_at` the time from which it is too old, `backup_trouble` why the last
    attempt failed; `shared`: several agents take turns at this laptop; `unreadable` are mails that could not be read and nobody dismissed."""

    desk: str
    view: str
    counts: tuple[tuple[str, int], ...] = ()
    overdue: int = 0
    unanswered: int = 0
    health: str = "never"
    trouble: str = ""
    ailing: str = ""
    synced_at: str | None = None
    outbox: int = 0
    stuck: int = 0
    unreadable: int = 0
    agent: str = ""
    shared: bool = False
    backup_at: str | None = None
    backup_late_at: str | None = None
    backup_trouble: str = ""
