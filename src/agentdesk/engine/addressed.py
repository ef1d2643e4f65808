"""To, Cc and Bcc as somebody types them, for a mail.

Promises: whatever is no address is refused by name, and so is one of ours, which would come back as a ticket; nobody gets a mail
twice; who was chosen for an answer is kept beside its draft. Refuses: a channel that has no such thing.
"""

import json
from collections.abc import Iterable
from contextlib import closing
from dataclasses import asdict
from email.utils import parseaddr
from typing import TYPE_CHECKING

from agentdesk.config.checks import mail_address
from agentdesk.core.letter import Wish
from agentdesk.core.model import Address, is_chat
from agentdesk.core.text import safe_line
from agentdesk.errors import RefusedError
from agentdesk.store import people
from agentdesk.values import dataclass

if TYPE_CHECKING:
    from agentdesk.engine.desk import Desk

Failing = tuple[str, str, str]
"""(channel, address, status code) of whom mail comes back from."""
PARTY = "party"
MOST = 50
"""Addresses of one kind; more is a mailing list, and providers take such a mail for one."""


@dataclass(frozen=True, slots=True)
class People:
    """Who gets a mail, as an agent chose them."""

    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    bcc: tuple[Address, ...] = ()

    def kept(self) -> str:
        """As the draft remembers them."""
        return json.dumps(asdict(self), ensure_ascii=False)


def party_draft(to: Iterable[str]) -> str:
    """The kind of draft that a mail to these addresses of third parties is."""
    return f"{PARTY} {' '.join(to)}"


def remembered(kept: str) -> People | None:
    """What `People.kept` gave; None for anything else."""
    try:
        found = json.loads(kept or "{}")
        fields = {
            field: tuple(Address(str(each["name"]), str(each["email"])) for each in found[field])
            for field in ("to", "cc", "bcc")
        }
    except (ValueError, LookupError, TypeError):
        return None
    return People(**fields)


def failing(desk: "Desk", channel: str, to: Iterable[str]) -> list[Failing]:
    """Of those whom a message goes to, those from whom the last one came back, each with the status code that said so."""
    named = dict.fromkeys(each.lower() if channel == "email" else each for each in to)
    with closing(desk.reader()) as connection:
        found = ((each, people.failing(connection, channel, each)) for each in named)
        return [(channel, each, code) for each, code in found if code]


def addresses(text: str, own: frozenset[str] = frozenset()) -> tuple[Address, ...]:
    """What was typed, apart by commas, semicolons, spaces or lines; a name may stand before an address in <>. Raises
    RefusedError, also for one of `own`."""
    found = [_address(word, own) for word in _words(text)]
    if len(found) > MOST:
        raise RefusedError(reason="too_many", most=MOST)
    return tuple({each.email: each for each in reversed(found)}.values())[::-1]


def _words(text: str) -> list[str]:
    """Each address, with the name before it where it stands in <>."""
    words: list[str] = []
    for part in text.replace(";", ",").replace("\n", ",").split(","):
        if "<" in part:
            words.append(part.strip())
        else:
            words += part.split()
    return words


def _address(word: str, own: frozenset[str]) -> Address:
    name, email = parseaddr(word) if "<" in word else ("", word)
    try:
        email = mail_address(email).lower()
    except ValueError:
        raise RefusedError(reason="no_address", address=safe_line(word)) from None
    if email in own:
        raise RefusedError(reason="to_ourselves", address=email)
    return Address(safe_line(name), email)


def may_have(wish: Wish, channel: str, own: frozenset[str]) -> None:
    """Raises RefusedError for people that `channel` cannot have, and for us among them."""
    people = (*wish.to, *wish.cc, *wish.bcc)
    if (wish.cc or wish.bcc) and is_chat(channel):
        raise RefusedError(reason="no_copies", channel=channel)
    if ours := next((each.email for each in people if each.email in own), None):
        raise RefusedError(reason="to_ourselves", address=ours)
