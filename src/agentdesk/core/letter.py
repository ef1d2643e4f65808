"""Our answer as a letter: from the address the customer wrote to, to whoever should get it, under the newest subject,
with the references that keep the thread together and the original quoted below.

Pure; what a customer reads (the line above a quote) is in the customer's language, not the agent's.
"""

import re
from dataclasses import field
from datetime import datetime, tzinfo

from agentdesk.core.form import name_in
from agentdesk.core.model import Acts, Address, OutFile, Outgoing, Template
from agentdesk.core.pledging import Pledge
from agentdesk.core.seal import Seal
from agentdesk.core.text import clean, clean_line, safe, safe_line
from agentdesk.core.vouching import NO_ADDRESS
from agentdesk.values import dataclass

REFERENCES = 20
"""The newest so many Message-IDs go along, and always the first."""
_PREFIX = re.compile(r"^\s*(?:re|rv|aw|antw|sv|res|resp|odp)\s*(?:\[\d+\])?\s*:\s*", re.IGNORECASE)
_WROTE = {
    "es": "El {day} a las {time}, {name} escribió:",
    "ca": "El {day} a les {time}, {name} va escriure:",
    "en": "On {day} at {time}, {name} wrote:",
}
_DAYS = {"en": "%d %b %Y"}


@dataclass(frozen=True, slots=True)
class Original:
    """The message that is answered, as the store has it. Addresses are [name, address] pairs.

    `elsewhere`: it asks for the answer to go to somebody else than who wrote, and nobody has agreed to that yet. `room` is where
    several people read what was said (`core.model.room`).
    """

    message_id: str | None
    references: tuple[str, ...]
    name: str
    address: str
    reply_to: tuple[Address, ...]
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    delivered_to: tuple[str, ...]
    subject: str
    text: str
    received_at: datetime
    by_form: bool = False
    elsewhere: bool = False
    room: Address | None = None


@dataclass(frozen=True, slots=True)
class Sender:
    """Who we are on this account: `addresses` are all of ours, the account's own first; `plus` says that its provider
    delivers plus-addresses. A `chat` has neither signature nor quoted original."""

    name: str
    address: str
    addresses: tuple[str, ...]
    plus: bool = False
    signature: str = ""
    quote: str = "below"
    chat: bool = False


@dataclass(frozen=True, slots=True)
class Wish:
    """What the agent asked for. `everybody` answers all; `to`, `cc` and `bcc` replace or add where given. `template` is an
    approved text that `text` spells out. `acts` happen to the ticket with it. It goes `at` a time, None: at once.
    `pledges` are what it tells the customer that we will do. `read_to` is the place in the log up to which its author has read the
    matter, None where nobody says."""

    text: str
    everybody: bool = False
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    bcc: tuple[Address, ...] = ()
    files: tuple[OutFile, ...] = field(default=())
    template: Template | None = None
    acts: Acts = field(default_factory=Acts)
    at: datetime | None = None
    pledges: tuple[Pledge, ...] = ()
    read_to: int | None = None


def answer(
    original: Original,
    sender: Sender,
    wish: Wish,
    *,
    ticket: str,
    unique: str,
    seal: Seal,
    language: str | None,
    zone: tzinfo,
    at: datetime,
    party: bool = False,
    automatic: bool = False,
) -> Outgoing:
    """The letter; raises ValueError("no_recipient" or "form_without_address") where nobody can get it. `party`: it goes on with a third party.
    `automatic`: a machine writes it, to whoever wrote and nobody else."""
    own = frozenset(address.lower() for address in sender.addresses)
    to = wish.to or recipients(original, own)
    if not to:
        raise ValueError(NO_ADDRESS if original.by_form else "no_recipient")
    taken = {a.email for a in to} | own
    others = tuple(a for a in (*original.to, *original.cc) if wish.everybody and a.email not in taken)
    cc = tuple(a for a in dict.fromkeys((*others, *wish.cc)) if a.email not in taken)
    seen = taken | {a.email for a in cc}
    from_address = written_to(original, sender)
    domain = from_address.rpartition("@")[2]
    return Outgoing(
        message_id=seal.own_message_id(ticket, unique, domain, party=party),
        sender=Address(safe_line(sender.name), from_address),
        to=to,
        cc=cc,
        bcc=tuple(a for a in wish.bcc if a.email not in seen),
        subject=re_subject(original.subject),
        text=body(original, sender, wish.text, language=language, zone=zone),
        at=at,
        reply_to=_back_to(sender, seal.plus_address(ticket, from_address, party=party)),
        in_reply_to=original.message_id,
        references=chain(original),
        thread=seal.thread_index(ticket, at, party=party),
        files=wish.files,
        automatic=automatic,
    )


def first(
    sender: Sender,
    wish: Wish,
    subject: str,
    *,
    ticket: str,
    unique: str,
    seal: Seal,
    at: datetime,
    passed_on: tuple[str, ...] = (),
    party: bool = False,
    begun: str | None = None,
    free_until: datetime | None = None,
) -> Outgoing:
    """A letter that answers none: to a customer, or with `passed_on` (messages, as `quoted` has them) to a third party. It
    names no message before it, so that a third party learns of none, and holds no token of the customer's; but a chat goes on in
    the conversation in which a message was `begun`."""
    domain = sender.address.rpartition("@")[2]
    parts = [clean(wish.text).rstrip()]
    if sender.signature.strip() and not sender.chat:
        parts.append("-- \n" + clean(sender.signature).strip())
    text = "\n\n".join((*filter(None, parts), *passed_on))
    return Outgoing(
        message_id=seal.own_message_id(ticket, unique, domain, party=party),
        sender=Address(safe_line(sender.name), sender.address),
        to=wish.to,
        cc=wish.cc,
        bcc=wish.bcc,
        subject=clean_line(subject),
        text=text if sender.chat else text + "\n",
        at=at,
        reply_to=_back_to(sender, seal.plus_address(ticket, sender.address, party=party)),
        in_reply_to=begun,
        thread=seal.thread_index(ticket, at, party=party),
        files=wish.files,
        free_until=free_until,
    )


def _back_to(sender: Sender, address: str) -> Address | None:
    """Where the answer is to go, on an account whose provider delivers plus-addresses."""
    return Address(safe_line(sender.name), address) if sender.plus else None


def recipients(original: Original, own: frozenset[str]) -> tuple[Address, ...]:
    """The room in which it was said; Reply-To where it names somebody, else who wrote; of a message of ours, whom it went to."""
    if original.room:
        return (original.room,)
    wanted = tuple(a for a in original.reply_to if a.email not in own)
    if wanted:
        return wanted
    if original.address and original.address not in own:
        return (Address(original.name, original.address),)
    return tuple(a for a in original.to if a.email not in own)


def written_to(original: Original, sender: Sender) -> str:
    """The configured address that the customer wrote to: Delivered-To, X-Original-To, To, Cc, else the account's."""
    known = {address.lower(): address for address in sender.addresses}
    for address in (*original.delivered_to, *(a.email for a in (*original.to, *original.cc))):
        local, _, domain = address.lower().partition("@")
        found = known.get(address.lower()) or known.get(f"{local.partition('+')[0]}@{domain}")
        if found:
            return found
    return sender.address


def re_subject(subject: str) -> str:
    """`Re: ` once, whatever prefixes stood there."""
    return f"Re: {bare(subject)}".rstrip()


def fwd_subject(subject: str) -> str:
    """`Fwd: ` alone, whatever prefixes stood there."""
    return f"Fwd: {bare(subject)}".rstrip()


def bare(subject: str) -> str:
    """A subject without the prefixes of answers."""
    left = subject
    while (shorter := _PREFIX.sub("", left, count=1)) != left:
        left = shorter
    return left.strip()


def chain(original: Original) -> tuple[str, ...]:
    """The References of an answer: the original's and the original, the first and the newest where they are many."""
    names = tuple(dict.fromkeys((*original.references, *filter(None, (original.message_id,)))))
    return names if len(names) <= REFERENCES else (names[0], *names[1 - REFERENCES :])


def body(original: Original, sender: Sender, text: str, *, language: str | None, zone: tzinfo) -> str:
    """Text, signature, and the original below where it is wanted."""
    parts = [clean(text).rstrip()]
    if sender.chat:
        return parts[0]
    if sender.signature.strip():
        parts.append("-- \n" + clean(sender.signature).strip())
    if sender.quote == "below" and original.text.strip():
        parts.append(
            quoted(_writer(original), original.text, original.received_at, language=language, zone=zone)
        )
    return "\n\n".join(parts) + "\n"


def _writer(original: Original) -> str:
    """What the writer of a message is called, or their address: of a form whoever filled it in, and not the program."""
    person = next(iter(original.reply_to), None) if original.by_form else None
    if person is None:
        return original.name or original.address
    return person.name or name_in(original.text, person.email) or person.email


def quoted(who: str, text: str, at: datetime, *, language: str | None, zone: tzinfo) -> str:
    """What `who` wrote `at` some time behind `> `, under a line in the reader's language."""
    speaks = language if language in _WROTE else "en"
    local = at.astimezone(zone)
    day = local.strftime(_DAYS.get(speaks, "%d/%m/%Y"))
    head = _WROTE[speaks].format(day=day, time=f"{local:%H:%M}", name=safe_line(who))
    lines = safe(text).strip("\n").split("\n")
    return head + "\n" + "\n".join(f"> {line}".rstrip() if line else ">" for line in lines)
