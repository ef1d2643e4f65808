"""What somebody wants: every way to change anything, as values. `decide` answers each with one event or a refusal."""

from datetime import datetime
from typing import Literal

from agentdesk.core.derivation import Derive
from agentdesk.core.keeping import Introduce, MoveTicket, Mute, NoteCustomer, SetProfile
from agentdesk.core.later import Amend, ReportUnchanged
from agentdesk.core.model import Acts, Address, Direction, Incoming, Notice, Place, Priority
from agentdesk.core.names import Names
from agentdesk.core.pledging import DropPledge, GivePledge, KeepPledge, RaisePledge
from agentdesk.core.posting import (
    Forward,
    Reply,
    ReportDoubtful,
    ReportFailed,
    ReportSent,
    Resend,
    Withdraw,
    WriteAutomatic,
    WriteFirst,
)
from agentdesk.core.progress import ChoosePlaybook, Describe, TakeStep
from agentdesk.core.quarantine import Dismiss
from agentdesk.core.ruled import FireRule
from agentdesk.core.settling import Excuse, MarkSeen, NoAnswerNeeded, RefuteThanks
from agentdesk.core.surveyed import WantSurveys
from agentdesk.values import dataclass


@dataclass(frozen=True, slots=True)
class OpenAccount:
    """Begin to watch an account: what arrived before `at` is history."""

    account: str
    channel: str
    at: datetime
    waiting_days: int


@dataclass(frozen=True, slots=True)
class Receive:
    """A message that was read. `raw` and `text` are content addresses of blobs already stored.

    `role` is the folder's; `before` and `waits` as the connector says; `answered` is the server's flag. `names` are
    given where they were worked out before. `party`: it is known to be between us and a third party. `rewords`: it edits a
    message, and says something else than that said last.
    """

    account: str
    incoming: Incoming
    raw: str
    text: str
    size: int
    received_at: datetime
    fetched_at: datetime
    place: Place | None = None
    role: Literal["inbox", "sent", "junk", "other"] = "inbox"
    before: bool = False
    waits: bool = False
    seen: bool = False
    answered: bool = False
    imported: bool = False
    party: bool = False
    quarantine: str | None = None
    names: Names | None = None
    rewords: bool = False


@dataclass(frozen=True, slots=True)
class Learn:
    """Something was said of a message that was there before; `mail_id` names it where `notice.of` is not known any more, and `by`
    whoever put a sign to it where `notice.by` is not."""

    account: str
    notice: Notice
    mail_id: str = ""
    by: str | None = None


@dataclass(frozen=True, slots=True)
class AddTranscript:
    """A machine put the voice of `message` into words: `text` is their content address, None where it could not."""

    message: str
    text: str | None


@dataclass(frozen=True, slots=True)
class Quarantine:
    """A raw message that could not be read; `reason` is a short sentence without customer text."""

    account: str
    raw: str
    size: int
    received_at: datetime
    reason: str
    role: Literal["inbox", "sent", "junk", "other"] = "inbox"
    before: bool = False
    waits: bool = False


@dataclass(frozen=True, slots=True)
class AddNote:
    """`text` is the content address of the note's blob."""

    ticket: str
    text: str
    size: int


@dataclass(frozen=True, slots=True)
class NoteCall:
    """A phone call. `text` is the content address of what was said, `seconds` how long it took, `ours` that we called.

    Without `ticket` it opens one for `caller` (a number). `then`: done, open (we owe an answer) or waits (for the customer);
    `until` puts the ticket away until then.
    """

    ticket: str | None
    caller: Address | None
    ours: bool
    seconds: int | None
    text: str
    size: int
    subject: str
    then: Literal["done", "open", "waits"] = "done"
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class BringNote:
    """What somebody wrote down on another desk at `at`, under the id that it has there: history, beside `ticket`.

    A note, or a phone call: `reason` says which kind of one then, `seconds` how long it took.
    """

    ticket: str
    note: str
    text: str
    size: int
    author: str
    at: datetime
    direction: Direction = Direction.NOTE
    reason: str = ""
    seconds: int | None = None


@dataclass(frozen=True, slots=True)
class ReportLies:
    """Where a mail lies on its server: in Junk, or not."""

    message: str
    junk: bool


@dataclass(frozen=True, slots=True)
class Assign:
    ticket: str
    agent: str | None


@dataclass(frozen=True, slots=True)
class Tag:
    ticket: str
    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Prioritise:
    ticket: str
    priority: Priority


@dataclass(frozen=True, slots=True)
class SetLanguage:
    """The customer is answered in `language` (es, ca, en ...), in this ticket and the next ones."""

    ticket: str
    language: str


@dataclass(frozen=True, slots=True)
class Snooze:
    """`quiet`: it sleeps on when the customer writes. `reason` is what the agent typed."""

    ticket: str
    until: datetime
    quiet: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class SnoozeAgain:
    """Back to the time that an early wake cut short."""

    ticket: str


@dataclass(frozen=True, slots=True)
class Wake:
    """The ticker's: a snooze that has run out."""

    ticket: str


@dataclass(frozen=True, slots=True)
class RunMacro:
    """Several acts on one ticket, which read as one; `name` is what the shop calls them."""

    ticket: str
    acts: Acts
    name: str = ""


@dataclass(frozen=True, slots=True)
class Resolve:
    """It is done. `excuse` says why nobody needs an answer who still waits in it; without one they go on waiting."""

    ticket: str
    excuse: Excuse | None = None


@dataclass(frozen=True, slots=True)
class Reopen:
    ticket: str


@dataclass(frozen=True, slots=True)
class MarkRead:
    ticket: str


@dataclass(frozen=True, slots=True)
class Merge:
    """`ticket` goes into `into`: by pointer, so that it can come out again."""

    ticket: str
    into: str


@dataclass(frozen=True, slots=True)
class Split:
    """`message` leaves its ticket and opens one of its own."""

    message: str


@dataclass(frozen=True, slots=True)
class JudgeSender:
    """What an agent says of the sender of a ticket; None takes back whatever was said before."""

    ticket: str
    verdict: Literal["person", "machine"] | None


@dataclass(frozen=True, slots=True)
class Rescue:
    """What of a ticket lies in Junk belongs into the inbox."""

    ticket: str


@dataclass(frozen=True, slots=True)
class OpenCause:
    """Also one that was closed. `words`, with commas between, are what arrivals under it say."""

    name: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class CloseCause:
    name: str


@dataclass(frozen=True, slots=True)
class PutUnder:
    """A ticket under a cause by its name; None takes it out."""

    ticket: str
    cause: str | None


@dataclass(frozen=True, slots=True)
class MergeCustomers:
    customer: str
    into: str


@dataclass(frozen=True, slots=True)
class UnmergeCustomers:
    customer: str


@dataclass(frozen=True, slots=True)
class Erase:
    """Everything personal of a customer, everywhere, for good; `unread` are raw messages in no ticket that go along."""

    customer: str
    unread: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EraseAgain:
    """An erase that was done before this store came back from a backup: `event` is its id then, `messages` and `names` the
    hashes that it left."""

    event: str
    customers: tuple[str, ...]
    messages: tuple[str, ...]
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reclock:
    """What runs on a ticket is counted anew by the policy in force."""

    ticket: str


@dataclass(frozen=True, slots=True)
class Undo:
    """Turns back the last act of this agent, or the one with id `event`."""

    event: str | None = None


Command = (
    OpenAccount
    | Receive
    | Learn
    | AddTranscript
    | Quarantine
    | AddNote
    | NoteCall
    | BringNote
    | Reply
    | Forward
    | WriteFirst
    | WriteAutomatic
    | ReportSent
    | ReportFailed
    | ReportDoubtful
    | Withdraw
    | Amend
    | ReportUnchanged
    | ReportLies
    | Resend
    | Assign
    | Tag
    | Prioritise
    | Reclock
    | SetLanguage
    | Describe
    | ChoosePlaybook
    | TakeStep
    | RunMacro
    | FireRule
    | GivePledge
    | KeepPledge
    | DropPledge
    | RaisePledge
    | Derive
    | Snooze
    | SnoozeAgain
    | Wake
    | Resolve
    | Reopen
    | NoAnswerNeeded
    | RefuteThanks
    | MarkSeen
    | MarkRead
    | Merge
    | Split
    | MoveTicket
    | SetProfile
    | Introduce
    | NoteCustomer
    | Mute
    | WantSurveys
    | JudgeSender
    | Rescue
    | OpenCause
    | CloseCause
    | Dismiss
    | PutUnder
    | MergeCustomers
    | UnmergeCustomers
    | Erase
    | EraseAgain
    | Undo
)
