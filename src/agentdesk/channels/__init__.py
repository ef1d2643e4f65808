"""What a channel is: a translator between one service and the values of `core`.

A connector has four verbs (check, receive, send, close) and declares the rest as capabilities. It
promises at-least-once delivery from any committed cursor; the engine makes that exactly-once. It asks the
server to forget only after the batch was committed, which the engine says by asking for the next batch.
It never opens the store, never decides what a message means, and never prints or logs a secret.
"""

import json
import re
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import field
from datetime import datetime
from pathlib import Path
from typing import Literal, Protocol

from agentdesk.core.model import Incoming, MailFacts, Notice, Outgoing, Place
from agentdesk.values import dataclass

Role = Literal["inbox", "sent", "junk", "other"]


@dataclass(frozen=True, slots=True)
class Arrival:
    """One raw message and what the server says of it.

    `raw` is the exact bytes, or for a body over 1 MiB a file (already complete and synced, in the spool
    folder that the connector was given; whoever takes the arrival owns the file). `received_at` is the
    provider's own arrival time. `before`: it was there before this folder was watched, so it is history
    unless `waits`, which says that a person in it still has no answer of ours.
    """

    place: Place
    received_at: datetime
    raw: bytes | Path
    size: int
    role: Role = "inbox"
    flags: frozenset[str] = frozenset()
    before: bool = False
    waits: bool = False


@dataclass(frozen=True, slots=True)
class Flagged:
    """The server's flags of a message that we already have changed."""

    place: Place
    flags: frozenset[str]


@dataclass(frozen=True, slots=True)
class Gone:
    """A message left this place on the server (moved or expunged); what we stored stays."""

    place: Place


@dataclass(frozen=True, slots=True)
class Gap:
    """Something may be missing or was looked at anew. `reason` is a code: uidvalidity, too_old, ..."""

    account: str
    folder: str
    reason: str


@dataclass(frozen=True, slots=True)
class Batch:
    """What is committed together with `cursor` (opaque text of the connector, never compared by others).

    `done` and `total` (messages) are for progress; total is None when unknown. `pass_began_at` is given with the
    batch that ends a pass over everything: when that pass began.
    """

    cursor: str
    arrivals: tuple[Arrival, ...] = ()
    flagged: tuple[Flagged, ...] = ()
    gone: tuple[Gone, ...] = ()
    gaps: tuple[Gap, ...] = ()
    done: int = 0
    total: int | None = None
    pass_began_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the service says we are, and what it can do (words of the protocol, for `account check`)."""

    address: str
    abilities: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outlook:
    """What the headers say before anything is fetched: for `account add`.

    `waiting` maps days (7, 14, 30) to how many people still wait; `total` is all messages.
    """

    total: int
    waiting: dict[int, int]


@dataclass(frozen=True, slots=True)
class Envelope:
    """Who a raw message is from and goes to, whatever its headers say; addresses only. An empty `sender` asks for no report where
    it cannot be delivered; `otherwise` is who it is from where a server takes none."""

    sender: str
    recipients: tuple[str, ...]
    otherwise: str = ""


@dataclass(frozen=True, slots=True)
class Accepted:
    """The provider took it at `at`. `words` are its own. `refused` are recipients (or files) it did not take, with its words.
    `names` are its own for the message, as `Incoming.message_id` would have them."""

    at: datetime
    words: str = ""
    refused: tuple[tuple[str, str], ...] = ()
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TryLater:
    """It surely did not go, and may another time: `reason` in the server's words, `after` seconds where it said.
    `reached` False: no server answered at all, so that trying again soon bothers nobody. `too_fast`: the service wants
    nothing at all of this account before that, not just this message later."""

    reason: str
    after: float | None = None
    reached: bool = True
    too_fast: bool = False


@dataclass(frozen=True, slots=True)
class Refused:
    """It surely did not go and will not as it is: `code` is for `present`, `reason` the server's words. The code `login` says that the
    service refuses who we are: that is the account's fault, and the message waits until it is cured."""

    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class Doubtful:
    """Nobody can say whether it went: to be looked up, else to be put to the agent, never sent again silently."""

    reason: str


class UnwritableError(ValueError):
    """Nobody can be written to at `address`: it is none, whoever wrote it."""

    def __init__(self, address: str) -> None:
        super().__init__(f"no address: {address[:80]!a}")
        self.address = address


class Stopped(Exception):  # noqa: N818 - not an error: what `before_data` says to a send that is not wanted any more
    """The message is not to go after all; nothing has gone. A connector lets it through."""


SendResult = Accepted | TryLater | Refused | Doubtful


class Acquaintance(Protocol):
    """Whom the desk knows: what a connector asks before it takes in what the service holds for junk; from any thread."""

    def expected(self, facts: Iterable[MailFacts]) -> frozenset[tuple[str, int]]:
        """The keys of those mails that are a known customer's, or answer one of ours."""

    def has(self, cursor: str) -> bool:
        """Whether everything up to this cursor is committed, and read."""


ALWAYS = float("inf")
"""Seconds of an ability that has no end."""


@dataclass(frozen=True, slots=True)
class Ability:
    """What a channel takes and tells; a connector's class declares it as `ability`. Lengths in characters, sizes in bytes.

    `text_max` 0 is without end. `file_max` 0: no files. `type_max` says of some kinds of files (image, video) that less is taken;
    `types` are the media types of files that are taken, empty for all. `format` is how a text is sent. `same_again`: the same message sent
    twice arrives once, so that a send in doubt is simply tried again. `edits` and `deletes` are the seconds after sending within
    which a message of ours can be changed, or taken back: 0 never, else the connector is one that `Amends`.
    """

    text_max: int = 0
    file_max: int = 0
    files_max: int = 0
    type_max: tuple[tuple[str, int], ...] = ()
    types: frozenset[str] = frozenset()
    format: Literal["plain"] = "plain"
    edits: float = 0
    deletes: float = 0
    same_again: bool = False
    receipts: bool = False
    typing: bool = False
    marks_read: bool = False
    templates: bool = False


MAIL = Ability(file_max=25 << 20, files_max=100)


def ability_on(connector: object, channel: str) -> Ability | None:
    """What a connector declares; one that speaks for several channels has `abilities` by channel. None: nothing is said."""
    several: dict[str, Ability] = getattr(connector, "abilities", {})
    return several.get(channel) or getattr(connector, "ability", None)


PLACE = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
"""Where a value stands in the text of a template; what it is called there may be anything, with space around it."""


@dataclass(frozen=True, slots=True)
class Approved:
    """A template that Meta approved: `body` has {{1}} or {{name}} where values stand; `places` are those, in order."""

    name: str
    language: str
    body: str
    places: tuple[str, ...] = ()

    @property
    def values(self) -> int:
        """How many it takes."""
        return len(self.places)


@dataclass(frozen=True, slots=True)
class Opening:
    """When watching began and how old an unanswered message may be (days) to become work. `known`: whom the desk knows; without
    it nothing that the service holds for junk is looked at."""

    opened_at: datetime
    waiting_days: int
    known: Acquaintance | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """What a connector needs to know of one configured account.

    `secret` is called when needed, from the connector's own thread, and may raise SecretError; where a channel needs
    several it is one JSON object, which `secrets` reads. `options` are the channel's own settings, already checked by config.
    """

    id: str
    name: str
    address: str
    secret: Callable[[], str]
    spool: Path
    aliases: tuple[str, ...] = ()
    options: dict[str, object] = field(default_factory=dict)

    def secrets(self, alone: str = "token") -> dict[str, str]:
        """The secrets by name; one that is no JSON object is called `alone`."""
        said = self.secret()
        if not said.startswith("{"):
            return {alone: said}
        try:
            found = json.loads(said)
        except ValueError:
            return {alone: said}
        return {str(name): str(value) for name, value in found.items()}


class Channel(Protocol):
    """One configured account of one service."""

    kind: str

    async def check(self) -> Identity:
        """Logs in and says who we are; raises ChannelError with the server's own words."""

    def receive(self, cursor: str | None, opening: Opening, *, once: bool) -> AsyncIterator[Batch]:
        """Everything since `cursor`, then (unless `once`) whatever comes, for ever, reconnecting by itself.

        Raises ChannelError; with `once` False only for what trying again cannot cure.
        """

    def nudge(self) -> None:
        """Asks a running `receive` for a pass now; from any thread, without effect where none runs."""

    def read(self, raw: bytes | Path) -> Incoming | Notice:
        """Reads a raw message, or what is said of one; pure; raises ValueError with a reason where it cannot be read."""

    def compose(self, out: Outgoing) -> bytes:
        """The raw form of a message of ours: pure, the same bytes for the same value."""

    async def send(self, raw: bytes, envelope: Envelope, before_data: Callable[[], None]) -> SendResult:
        """Hands one message over. `before_data` is called (and makes its mark durable) at the last moment at which
        it is still sure that nothing went, and may raise Stopped; never raises for what the service says."""

    async def find_sent(self, message_id: str) -> bool | None:
        """Whether the service knows that it sent this; None where that cannot be told."""

    async def close(self) -> None:
        """Ends every connection and thread within two seconds; may be called at any time, twice too."""


class Amends(Protocol):
    """What a connector can do besides whose `Ability` says that a message of ours may be changed later, or taken back."""

    async def amend(self, names: tuple[str, ...], text: str | None, unique: str) -> SendResult:
        """Puts `text` in place of what a message of ours says, or with None takes all of it back, for everybody.

        `names` are the service's own for the message and its files, as `Accepted.names` gave them, in any order; `unique` stands
        for this very change. It may be asked again at any time, whatever was said: a change that was made counts as made.
        Never raises for what the service says.
        """
