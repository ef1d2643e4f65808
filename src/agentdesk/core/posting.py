"""Commands about what leaves us: written, accepted, refused, taken back.

`raw` and `text` are content addresses of blobs already stored; `letter` is what the raw form was made from.
"""

from dataclasses import dataclass, field
from datetime import datetime

from agentdesk.core.model import Acts, Fold, Outgoing


@dataclass(frozen=True, slots=True)
class NoteText:
    """The content address of a note's text, and its size in bytes."""

    text: str
    size: int


@dataclass(frozen=True, slots=True)
class Reply:
    """A public answer. `raw` and `text` are content addresses; `letter` is what the raw form was made from.

    `resolve` ends the ticket with it; otherwise it waits for the customer. `channel` and `account` are those it goes out by;
    empty ones are the ticket's. `note` is kept beside it where it goes another way than the customer came. `acts` is what a
    macro does with it.
    """

    ticket: str
    message: str
    letter: Outgoing
    raw: str
    text: str
    size: int
    folds: tuple[Fold, ...] = ()
    resolve: bool = False
    channel: str = ""
    account: str = ""
    note: NoteText | None = None
    acts: Acts = field(default_factory=Acts)


@dataclass(frozen=True, slots=True)
class Forward:
    """A message of ours to a third party, on a ticket that waits for it from then on. The fields are those of `Reply`."""

    ticket: str
    message: str
    letter: Outgoing
    raw: str
    text: str
    size: int
    folds: tuple[Fold, ...] = ()
    account: str = ""


@dataclass(frozen=True, slots=True)
class WriteFirst:
    """A new ticket, called `ticket` from now on, that begins with a message of ours to `letter.to` on `channel`. The other fields
    are those of `Reply`."""

    ticket: str
    message: str
    letter: Outgoing
    raw: str
    text: str
    size: int
    folds: tuple[Fold, ...] = ()
    channel: str = ""
    account: str = ""


@dataclass(frozen=True, slots=True)
class ReportSent:
    """The provider accepted a reply at `at`; `names` are its own for it."""

    message: str
    at: datetime
    refused: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReportFailed:
    """A reply surely did not go and will not: `code` and the provider's `reason`."""

    message: str
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class ReportDoubtful:
    """Nobody can say whether a reply went."""

    message: str
    reason: str


@dataclass(frozen=True, slots=True)
class Withdraw:
    """A reply that has not gone need not go any more: the customer was answered elsewhere."""

    message: str


@dataclass(frozen=True, slots=True)
class Resend:
    """The agent wants a failed or doubtful reply sent again."""

    message: str
