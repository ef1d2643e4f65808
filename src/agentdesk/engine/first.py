"""Writing first: a ticket that begins with a message of ours, where the channel lets a shop begin.

Promises: what a channel does not allow is refused before anything is written, with what to do instead; who is not known yet is
known from then on. Refuses: finding out whether an address exists.
"""

import re
from collections.abc import Mapping
from contextlib import closing
from datetime import datetime

from agentdesk.channels import Channel
from agentdesk.config import Account, Settings
from agentdesk.config.checks import mail_address
from agentdesk.core import letter
from agentdesk.core.letter import Wish
from agentdesk.core.model import CHANNELS, Address, OutFile, is_chat
from agentdesk.core.posting import WriteFirst
from agentdesk.core.text import clean, safe_line
from agentdesk.core.window import Standing, closes_at, standing
from agentdesk.engine.call import dialled
from agentdesk.engine.desk import Desk
from agentdesk.engine.fit import fits, takes
from agentdesk.engine.forward import DEMO
from agentdesk.engine.reply import Written, keep, packed, sender
from agentdesk.errors import RefusedError
from agentdesk.store import ways
from agentdesk.values import dataclass

_ANYBODY = frozenset({"email", "sms"})
_KNOWN = frozenset({"telegram", "matrix"})
"""Where whoever wrote once can be written to at any time."""
_SUBJECT = 60
AT_ONCE = 3
"""Of so many people is told while somebody types."""
_NUMBER = re.compile(r"\+?[\d\s()./-]+")
_MATRIX = re.compile(r"@[^\s:]+:\S+")
_SERVICE = re.compile(r"-?\d+")
"""By which a service that gives its people numbers knows them; their names there may change."""
EXAMPLES: Mapping[str, str] = {
    "email": "maria@example.com",
    "whatsapp": "+34 600 123 456",
    "sms": "+34 600 123 456",
    "telegram": "123456789",
    "messenger": "123456789",
    "instagram": "123456789",
    "matrix": "@maria:example.com",
}
"""What an address that is `reachable` looks like, by channel."""
WITH_COUNTRY = 11
"""Digits: a Spanish number with its 34, an American one with its 1."""


@dataclass(frozen=True, slots=True)
class Whom:
    """Somebody to write to on `channel`. In a chat `began` is the service's name of the last that they wrote, and `free_until` when the
    channel's window closes."""

    channel: str
    person: Address
    began: str | None = None
    free_until: datetime | None = None


def can_begin(account: Account) -> bool:
    """Whether a shop may write first on this kind of channel, to anybody or to whoever wrote before."""
    return account.channel in _ANYBODY | _KNOWN | {"whatsapp", DEMO}


def whom(desk: Desk, account: Account, typed: str) -> Whom:
    """Who is meant by `maria@x.cat`, `telegram:123` or a customer's name, to be written to by `account`; raises RefusedError."""
    channel, word = account.channel, typed.strip()
    prefix, _, rest = word.partition(":")
    if prefix in CHANNELS:
        channel, word = prefix if channel == DEMO else channel, rest.strip()
        if prefix != channel:
            raise RefusedError(reason="other_channel", account=account.name, channel=channel, wanted=prefix)
    channel = "email" if channel == DEMO else channel
    if channel not in _ANYBODY | _KNOWN | {"whatsapp"}:
        raise RefusedError(reason="only_answers", channel=channel)
    address = reachable(channel, word)
    with closing(desk.reader()) as connection:
        if address is None:
            found = ways.named(connection, channel, word)
            if len(found) != 1:
                known = ", ".join(safe_line(each) for each, _ in found) or "-"
                raise RefusedError(reason="who_is_meant", name=safe_line(word), known=known)
            address = found[0][0]
        came = ways.began(connection, account.id, desk.seal.identity(channel, address))
    return _allowed(desk, channel, address, came)


def known(desk: Desk, account: Account, words: str) -> list[tuple[str, str]]:
    """(address, name) of a few people whom `words` may mean on the channel of `account`."""
    channel = "email" if account.channel == DEMO else account.channel
    with closing(desk.reader()) as connection:
        return ways.named(connection, channel, words, AT_ONCE)


def reachable(channel: str, word: str) -> str | None:
    """An address of the channel as it is kept; None for what can only be a name."""
    if channel == "email":
        try:
            return mail_address(word).lower()
        except ValueError:
            return None
    if channel in {"sms", "whatsapp"}:
        if not _NUMBER.fullmatch(word):
            return None
        try:
            return dialled(word).lstrip("+")
        except ValueError:
            return None
    return word if (_MATRIX if channel == "matrix" else _SERVICE).fullmatch(word) else None


def has_country(word: str) -> bool:
    """Whether a telephone number is whole: services write with the country, so that `600123456` would be nobody of whom they ever
    tell. Without + or 00 only so many digits can hold a country too."""
    number = dialled(word)
    return number.startswith("+") or len(number) >= WITH_COUNTRY


def _allowed(desk: Desk, channel: str, address: str, came: ways.Began | None) -> Whom:
    """Raises RefusedError where the channel or the customer would not take it."""
    if came is None:
        if channel == "whatsapp":
            raise RefusedError(reason="template_first")
        if channel not in _ANYBODY:
            raise RefusedError(reason=f"begins_{channel}", address=safe_line(address))
        return Whom(channel, Address("", address))
    if came.opted_out:
        raise RefusedError(reason="opted_out")
    closes = closes_at(channel, came.at)
    if standing(channel, closes, desk.now()) is not Standing.OPEN:
        raise RefusedError(reason="template_first")
    return Whom(
        channel, Address(safe_line(came.name), address), came.message if is_chat(channel) else None, closes
    )


def write_first(
    desk: Desk,
    settings: Settings,
    channel: Channel,
    account: Account,
    to: Whom,
    subject: str,
    text: str,
    *,
    files: tuple[OutFile, ...] = (),
    hold: float | None = None,
) -> Written:
    """Opens a ticket with `text` by `account`, whose connector `channel` is; raises RefusedError. A chat's ticket is called by the
    first line where no `subject` is given."""
    if not clean(text).strip():
        raise RefusedError(reason="nothing_written")
    kind = to.channel
    if kind == "email" and not subject.strip():
        raise RefusedError(reason="no_subject")
    ticket, unique = next(desk.ids), next(desk.ids)
    made = letter.first(
        sender(settings, account, desk.agent, chat=is_chat(kind)),
        Wish(text, to=(to.person,), files=files),
        subject.strip() or _shortened(text),
        ticket=ticket,
        unique=unique.replace("-", "")[-16:],
        seal=desk.seal,
        at=desk.now(),
        begun=to.began,
        free_until=to.free_until,
    )
    fits(made.text, files, takes(channel, kind))
    whole = packed(channel, made)
    command = WriteFirst(ticket, unique, made, channel=kind, account=account.id, **whole.values)
    return keep(desk, settings, whole.made(ticket, kind, command), hold)


def _shortened(text: str) -> str:
    line = safe_line(text.strip().partition("\n")[0])
    return line if len(line) <= _SUBJECT else line[:_SUBJECT].rpartition(" ")[0] + "…"
