"""Commands about what leaves us: written, accepted, refused, taken back.

`raw` and `text` are content addresses of blobs already stored; `letter` is what the raw form was made from.
"""

from dataclasses import field
from datetime import datetime, timedelta

from agentdesk.core.model import Acts, Fold, Outgoing
from agentdesk.core.pledging import Pledge
from agentdesk.values import dataclass


@dataclass(frozen=True, slots=True)
class NoteText:
    """The content address of a note's text, and its size in bytes."""

    text: str
    size: int


@dataclass(frozen=True, slots=True)
class _Ours:
    """A message of ours on `ticket`. `account` is the one it goes out by; empty, it is the ticket's."""

    ticket: str
    message: str
    letter: Outgoing
    raw: str
    text: str
    size: int
    folds: tuple[Fold, ...] = ()
    account: str = ""


@dataclass(frozen=True, slots=True)
class Reply(_Ours):
    """A public answer.

    `resolve` ends the ticket with it; otherwise it waits for the customer. `channel` is the one it goes out by; empty, it is
    the ticket's. `note` is kept beside it where it goes another way than the customer came. `acts` is what a macro does with it.
    `goes_at` is a time that was chosen for it; None: at once.
    `pledges` are what it tells the customer that we will do. `leaves` are messages that it does not answer: they stood open in the
    conversation in which it goes, before the matter that it is about came into that.
    """

    channel: str = ""
    resolve: bool = False
    note: NoteText | None = None
    acts: Acts = field(default_factory=Acts)
    goes_at: datetime | None = None
    pledges: tuple[Pledge, ...] = ()
    leaves: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Forward(_Ours):
    """To a third party, on a ticket that waits for it from then on."""


@dataclass(frozen=True, slots=True)
class WriteFirst(_Ours):
    """On a new ticket, called `ticket` from now on, to `letter.to` on `channel`."""

    channel: str = ""


@dataclass(frozen=True, slots=True)
class WriteAutomatic(_Ours):
    """What agentdesk itself says to the customer of `ticket` on `channel`: `kind` is one of AUTOMATIC. Of what bears the same
    `once` only the first is ever written. `cooldown`: how long a customer who was asked how it was is not asked again."""

    channel: str = ""
    kind: str = ""
    once: str = ""
    cooldown: timedelta = timedelta(days=14)


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
