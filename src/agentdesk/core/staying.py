"""What stays with the providers when a person is forgotten here, and which of their mails may be deleted there.

Promises: only what concerns that person alone is deleted: their own mails, and what we wrote to nobody else. Refuses: a mail in
which another customer of ours takes part, and a mail that somebody else wrote; it stays, and that is said.
"""

from collections.abc import Callable, Iterable

from agentdesk.core.model import OURS, Place
from agentdesk.values import dataclass


@dataclass(frozen=True, slots=True)
class Lying:
    """A mail of a person's matter where it lies on a server. `is_theirs`: the person wrote it; `people` are the other
    addresses in it, in lower case."""

    place: Place
    message: str
    direction: str
    is_theirs: bool
    people: frozenset[str]


@dataclass(frozen=True, slots=True)
class InFolder:
    """How many mails of a person lie in one folder, and how many of them can be deleted there."""

    account: str
    folder: str
    mails: int
    deletable: int


@dataclass(frozen=True, slots=True)
class InChat:
    """How many messages stay with a chat service; nobody but the service can delete them."""

    account: str
    channel: str
    messages: int


@dataclass(frozen=True, slots=True)
class Staying:
    """What an erase does not reach by itself; `named` are mails of others, kept here, that name the person."""

    folders: tuple[InFolder, ...]
    chats: tuple[InChat, ...]
    named: int

    @property
    def deletable(self) -> int:
        return sum(each.deletable for each in self.folders)


@dataclass(frozen=True, slots=True)
class Extent:
    """How much there is of a customer; `notes` are among the messages, `about` are those on the customer, which are none."""

    tickets: int
    messages: int
    attachments: int
    notes: int
    drafts: int
    about: int = 0


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What an erase would take here, and what would stay with the providers."""

    extent: Extent
    staying: Staying


def may_go(mail: Lying, own: frozenset[str], is_customer: Callable[[str], bool]) -> bool:
    """Whether a mail concerns the person alone; `own` are the shop's addresses, `is_customer` knows everybody else's."""
    others = mail.people - own
    if mail.direction in OURS:
        return not others
    return mail.is_theirs and not any(map(is_customer, others))


def by_folder(mails: Iterable[Lying], free: frozenset[str]) -> tuple[InFolder, ...]:
    """The mails counted by account and folder; `free` are the messages that may go."""
    found: dict[tuple[str, str], list[bool]] = {}
    for mail in mails:
        found.setdefault((mail.place.account, mail.place.folder), []).append(mail.message in free)
    return tuple(
        InFolder(account, folder, len(each), sum(each)) for (account, folder), each in sorted(found.items())
    )
