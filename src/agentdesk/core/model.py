"""The words of the trade as frozen values.

Promises: no behaviour beyond what a value can say of itself, times aware and in UTC, texts safe for
a terminal (made so where they come in: `core.text.safe`). Refuses: knowing a database, a protocol or a
clock. Everything above this floor speaks in these types.
"""

from dataclasses import field
from datetime import datetime
from enum import StrEnum
from typing import Literal

from agentdesk.values import dataclass


class Status(StrEnum):
    NEW = "new"
    OPEN = "open"
    WAITING_CUSTOMER = "waiting_customer"
    WAITING_THIRD_PARTY = "waiting_third_party"
    SNOOZED = "snoozed"
    RESOLVED = "resolved"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Acts:
    """What a macro does to a ticket. `assign`: an agent, "" for nobody, None leaves it. `until` snoozes, and goes before
    `status`. `derives`: with it the customer is sent to another channel, one of DERIVED."""

    tag: tuple[str, ...] = ()
    untag: tuple[str, ...] = ()
    priority: str | None = None
    assign: str | None = None
    until: datetime | None = None
    status: Status | None = None
    derives: str | None = None


class Direction(StrEnum):
    """Which way a message went, and who else sees it. `in` and `out` are between the customer and us; what goes between us
    and a third party has directions of its own, so that whoever asks what a customer said or was told never finds it. So has
    what agentdesk itself sends to a customer (`auto`): it answers nothing."""

    IN = "in"
    OUT = "out"
    AUTO = "auto"
    NOTE = "note"
    TO_PARTY = "to_party"
    FROM_PARTY = "from_party"


PARTY = frozenset({Direction.TO_PARTY, Direction.FROM_PARTY})
OURS = frozenset({Direction.OUT, Direction.AUTO, Direction.TO_PARTY})
THEIRS = frozenset({Direction.IN, Direction.FROM_PARTY})


def audience(direction: str) -> str | None:
    """Who sees a message beside us: the customer, a third party (`party`), or of a note nobody."""
    if direction == Direction.NOTE:
        return None
    return "party" if direction in PARTY else "customer"


class MailClass(StrEnum):
    """Who wrote: only `human` starts clocks, reopens, rings or is acknowledged (product-semantics 2.4)."""

    HUMAN = "human"
    AUTO_REPLY = "auto_reply"
    BOUNCE = "bounce"
    BULK = "bulk"
    OWN_LOOP = "own_loop"


AT_ONCE, SAME, REPEATS = "answers_at_once", "answers_the_same", "repeats"
BY_SERVICE = "by_service"
"""The reason of a class, and a warning: the service itself says it, and nobody wrote anything."""
NOT_OWN = frozenset({"forwarded", "forwarded_often", "from_ad", "about_product"})
BY_DEED = frozenset({AT_ONCE, SAME, REPEATS})
"""Reasons of a class that was decided by what somebody does (`core.responder`), and not by what a message says of itself."""


class JoinedBy(StrEnum):
    """The rule that chose a message's ticket."""

    TOKEN = "token"  # noqa: S105 - the rule, no secret
    REFERENCES = "references"
    SENT_FOLDER = "sent_folder"
    SUBJECT_TAG = "subject_tag"
    BODY_MARKER = "body_marker"
    LINKED = "linked"
    MANUAL = "manual"
    HISTORY = "history"
    CONVERSATION = "conversation"
    NEW = "new"


class Priority(StrEnum):
    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    URGENT = "urgent"


AUTOMATIC = ("ack", "away", "thanks", "progress", "follow_up", "survey")
"""What agentdesk itself may say to a customer: that a message came, that the shop is closed, thanks to somebody new, that a
matter is still worked on, whether it was solved, and how it was."""
KINDS = ("question", "complaint", "claim", "suggestion")
"""What a customer's matter is: PQRS, as shops in Spain and Latin America count them."""
INCIDENTS = ("product", "purchase", "logistics", "returns", "service", "content", "payment", "channels")
"""What goes wrong in a shop: unclear descriptions, unclear steps to buy, delivery, returns, poor service, a website
badly laid out, payment, and channels that do not know of one another (product-semantics 4.3)."""
DERIVED = ("phone", "email", "shop", "chat", "form", "elsewhere")
"""Where a customer is sent who has to go on by another channel."""
FORMS = ("tu", "usted")
"""How a customer is addressed."""
SPOKEN = ("es", "ca", "en")
"""In which languages a customer can be answered."""
CHANNELS = (
    "email",
    "telegram",
    "whatsapp",
    "messenger",
    "instagram",
    "x",
    "slack",
    "matrix",
    "webchat",
    "sms",
    "phone",
    "form",
)
CHATS = frozenset(
    {"telegram", "whatsapp", "messenger", "instagram", "x", "slack", "matrix", "webchat", "sms"}
)
NO_CHATS = frozenset({"email", "form", "phone"})


def is_chat(channel: str) -> bool:
    """Whether messages of a channel make one conversation: all but mail, forms and the phone, somebody else's channel too."""
    return channel not in NO_CHATS


@dataclass(frozen=True, slots=True)
class Address:
    """A mail address as a header gave it: `name` may be empty, `email` is lower-cased."""

    name: str
    email: str


ROOM = "room:"
"""How the address of a room begins: of a chat in which several people read what is said, as a group on Telegram is. A room has an
address on its channel as a person has one, and no person's looks like it; so a ticket of a room belongs to no member of it."""


def room(name: str, conversation: str) -> Address:
    """The address of the room that the service calls `conversation`, and people `name`."""
    return Address(name, f"{ROOM}{conversation.lower()}")


def is_room(address: str | None) -> bool:
    """Whether an address is a room's."""
    return address is not None and address.startswith(ROOM)


def service_name(address: str) -> str:
    """What the service calls a room, or a person, by their address."""
    return address.removeprefix(ROOM)


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that came with a message; its bytes stay in the raw message at `part`.

    `size` in bytes and `sha256` (hex) are of the decoded content. `part` is the path of the MIME leaf,
    counted from 1 and joined by dots ("2", "1.3"). `content_id` without angle brackets. `seconds` is how long a sound or
    a film plays, where the service says.
    """

    name: str
    media_type: str
    size: int
    sha256: str
    part: str
    content_id: str | None = None
    inline: bool = False
    seconds: int | None = None


@dataclass(frozen=True, slots=True)
class Fold:
    """A span of a text that a reader has seen before: [start, end) in characters of the full text."""

    start: int
    end: int
    kind: Literal["quote", "signature"]


@dataclass(frozen=True, slots=True)
class Bounce:
    """What a delivery report says of a mail: whom it did not reach, and why.

    `recipients` are lower-cased addresses, as far as they are named. `for_good` is False for a delay. `status` is an
    enhanced status code ("5.1.1") or empty, `words` the server's own, one line. `originals` are Message-IDs that the
    reported mail may have, the likeliest first; whether one of them is ours is for the desk to say.
    """

    recipients: tuple[str, ...]
    for_good: bool
    status: str
    words: str
    originals: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Incoming:
    """A message as a connector read it, before anything is decided about it.

    `sender` is None when the message names nobody. `sent_at` is what the sender's clock said (never used
    for a clock of ours). `language` is es, ca, en, ... or None when unsure. `class_reason` names the header
    or rule that decided `mail_class`. `warnings` are codes (`charset`, `truncated`, `reply_to_elsewhere`,
    ...) that `present` puts into words. `delivered_to` are addresses from Delivered-To and X-Original-To.
    `body_marker` is a token of ours found in the quoted text, `thread` what a Thread-Index begins with (hex), both unverified. `bounce` is what a delivery report says.
    `vouched` is (the server that says so, pass, fail, disowned or none), what the topmost Authentication-Results says of the sender;
    whether that server is to be believed is not said.
    `edits` names the message whose place this one takes. `same_person` are other ids that the service itself says are the
    sender's. `room` is where several people read what is said (`core.model.room`), None where only we do. `by_list` names the mailing list that it came through, empty where it came through none. `copy_of` is our Message-ID where the service says that this is its copy of that message. `forwarded_from` is what the service calls whoever wrote first what is forwarded here.

    Of a chat, `message_id` names the message within all of the channel ("telegram:CONVERSATION/NUMBER"), and the
    customer's `email` is the opaque id that the service gives.
    """

    channel: str
    sender: Address | None
    subject: str
    text: str
    message_id: str | None = None
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    reply_to: tuple[Address, ...] = ()
    delivered_to: tuple[str, ...] = ()
    sent_at: datetime | None = None
    folds: tuple[Fold, ...] = ()
    language: str | None = None
    mail_class: MailClass = MailClass.HUMAN
    class_reason: str = ""
    attachments: tuple[Attachment, ...] = ()
    warnings: tuple[str, ...] = ()
    body_marker: str | None = None
    thread: str = ""
    bounce: Bounce | None = None
    vouched: tuple[str, str] = ("", "")
    edits: str | None = None
    same_person: tuple[str, ...] = ()
    copy_of: str | None = None
    by_list: str = ""
    room: Address | None = None
    forwarded_from: str = ""

    @property
    def is_own(self) -> bool:
        """Whoever sends it wrote all of it; what is forwarded, or led to it, says nothing of them: no rating and no thanks."""
        return NOT_OWN.isdisjoint(self.warnings)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a service says of a message of ours later. `of` names it, by our Message-ID or by the service's name for it.

    With `upto` it speaks of everything of ours to `reader` (an opaque id) until then, and `of` is empty. `code` is for `present`, `words` the service's.
    """

    channel: str
    of: str
    state: Literal["sent", "delivered", "read", "failed"]
    at: datetime
    code: str = ""
    words: str = ""
    reader: str = ""
    upto: datetime | None = None


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """Whoever wrote the message named `of` has taken it back."""

    channel: str
    of: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Reaction:
    """A sign put to the message named `of`, one for each person; an empty `sign` takes it away. `by` is None for us."""

    channel: str
    of: str
    by: Address | None
    sign: str
    at: datetime


Notice = Receipt | Withdrawal | Reaction
"""What a service says of a message that was there before."""


@dataclass(frozen=True, slots=True)
class Template:
    """A text that the provider approved before, with what its places are filled with; `places` are their names, none for numbers."""

    name: str
    language: str
    values: tuple[str, ...] = ()
    places: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OutFile:
    """A file that goes out with a message; `data` are its bytes."""

    name: str
    media_type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message of ours, whole: everything its raw form is made from, so that every attempt sends the same bytes.

    `message_id` (with angle brackets) was fixed before the first attempt. `text` holds signature and quoted original already. `references` are
    oldest first; `thread` is a Thread-Index. `automatic` adds the headers that keep machines from answering. Of a chat, `free_until` is when its
    window closes and `template` what may go after that.
    """

    message_id: str
    sender: Address
    to: tuple[Address, ...]
    subject: str
    text: str
    at: datetime
    cc: tuple[Address, ...] = ()
    bcc: tuple[Address, ...] = ()
    reply_to: Address | None = None
    in_reply_to: str | None = None
    references: tuple[str, ...] = ()
    thread: str = ""
    files: tuple[OutFile, ...] = ()
    automatic: bool = False
    free_until: datetime | None = None
    template: Template | None = None


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a server is and how to speak to it. `security`: tls (from the first byte), starttls (required,
    never fallen back from) or plain (said aloud)."""

    host: str
    port: int
    security: Literal["tls", "starttls", "plain"]
    user: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where a message lies on a server: unique for ever within one (account, folder, validity)."""

    account: str
    folder: str
    validity: int
    uid: int


@dataclass(frozen=True, slots=True)
class MailFacts:
    """What the headers alone tell of one mail, enough to say whether it still waits for an answer. `key` is the caller's own handle. `own` is
    True for what we sent. `answered` is the server's flag."""

    key: tuple[str, int]
    sender: str
    recipients: tuple[str, ...]
    message_id: str | None
    references: tuple[str, ...]
    received_at: datetime
    own: bool
    human: bool
    answered: bool
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """[start, end) in UTC."""

    start: datetime
    end: datetime = field()
