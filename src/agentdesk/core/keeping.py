"""What somebody wants to be kept of a customer: whose a ticket is, what the shop writes down of them,
and whether they are muted."""

from agentdesk.values import dataclass


@dataclass(frozen=True, slots=True)
class MoveTicket:
    """The ticket is `customer`'s from now on, who is answered at `identity`."""

    ticket: str
    customer: str
    identity: str


@dataclass(frozen=True, slots=True)
class SetProfile:
    """(field, value) of what the shop knows of a customer; an empty value takes the field away."""

    customer: str
    fields: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Introduce:
    """What a list of the shop's says of somebody who is reached by these (channel, address): fields as in `SetProfile`, the name
    among them, and a note. Whoever is not known yet is known from then on."""

    people: tuple[tuple[str, str], ...]
    fields: tuple[tuple[str, str], ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class NoteCustomer:
    """A note about a customer, `instead` of an earlier one of that id; an empty text only takes that away."""

    customer: str
    text: str
    instead: str | None = None


@dataclass(frozen=True, slots=True)
class Mute:
    """What the customer writes is kept and asks for nothing; `muted` False ends it."""

    customer: str
    muted: bool = True
