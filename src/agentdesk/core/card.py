"""Who is writing, as it is shown: the person, what was before, who may be the same, what the shop itself knows."""

from agentdesk.core.lookup import Fact
from agentdesk.values import dataclass


@dataclass(frozen=True, slots=True)
class CustomerTicket:
    """A ticket of a customer. `outcome`: a short line on how it ended, "" where nobody said."""

    number: int
    subject: str
    status: str
    at: str
    outcome: str = ""
    history: bool = False
    channel: str = ""


@dataclass(frozen=True, slots=True)
class Alike:
    """Another customer who may be the same person. `reason`: phone, mail, order, number or name; `word` is what both have."""

    customer: str
    name: str
    channel: str
    address: str
    reason: str
    word: str


@dataclass(frozen=True, slots=True)
class LookupView:
    """What the shop knew of a ticket's customer. `asked_at` is when it answered last, None for never; `failed_at` and
    `failure` (unreachable, unreadable) are set where it did not since, `reason` says why in the words of whoever failed."""

    name: str
    facts: tuple[Fact, ...] = ()
    asked_at: str | None = None
    failed_at: str | None = None
    failure: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Side:
    """A customer on one side of a move, by the identity that counts there. `tickets` are those beside the one that moves."""

    customer: str
    name: str
    channel: str
    address: str
    tickets: int


@dataclass(frozen=True, slots=True)
class Moving:
    """A ticket before it is another customer's. `identity` is where that one is answered from then on, `parties` are the addresses
    of its third parties, `drafts` how many unfinished answers there are."""

    ticket: str
    number: int
    subject: str
    channel: str
    former: Side
    to: Side
    identity: str
    parties: tuple[str, ...] = ()
    drafts: int = 0


@dataclass(frozen=True, slots=True)
class About:
    """A note about a customer, by its id."""

    id: str
    at: str
    author: str
    text: str


@dataclass(frozen=True, slots=True)
class CustomerCard:
    """Who is writing. `identities` are (channel, address), `notes` (at, author, text), newest first; `tickets` too.
    `failing` are (channel, address, status code) of those identities that mail comes back from, `verdicts` (channel, address,
    person or machine) of those of which an agent said who they are. `verified` is (address, pass, fail or none) of whoever wrote last.
    `lookups` is what the shop itself says, by the ticket that is open, `playbook` how far that is along its own, in words.

    `fields` are (field, value) of what the shop wrote down, `about` its notes, newest first; `name` is the shop's own where there
    is one, `called` what mails say. `speaks` and `form` are how it said that they are addressed, `muted_at` since
    when they are muted, `no_surveys_at` since when they are asked no more; `ratings` are (ticket, score, at), newest first; `segments` are those in which they are.

    `usual_channel` is the one that most tickets came by; `preference` says in words how the person likes to be served.
    """

    id: str
    name: str
    identities: tuple[tuple[str, str], ...] = ()
    language: str | None = None
    usual_channel: str = ""
    preference: str = ""
    first_at: str | None = None
    last_at: str | None = None
    tickets: tuple[CustomerTicket, ...] = ()
    notes: tuple[tuple[str, str, str], ...] = ()
    erased: bool = False
    failing: tuple[tuple[str, str, str], ...] = ()
    alike: tuple[Alike, ...] = ()
    verdicts: tuple[tuple[str, str, str], ...] = ()
    verified: tuple[str, str] = ("", "")
    lookups: tuple[LookupView, ...] = ()
    playbook: str = ""
    fields: tuple[tuple[str, str], ...] = ()
    about: tuple[About, ...] = ()
    called: tuple[str, ...] = ()
    speaks: str | None = None
    form: str | None = None
    muted_at: str | None = None
    no_surveys_at: str | None = None
    ratings: tuple[tuple[int, int, str], ...] = ()
    segments: tuple[str, ...] = ()
