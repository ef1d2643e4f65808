"""What the desk's key makes: ids that two laptops agree on, hashes that nobody can guess, tokens nobody can forge.

Promises: everything is a pure function of the key and the argument. Refuses: keeping anything. A token is
`XXXXXXXX-YYYYYYYYYYYYYYYY` in base32: ten bytes of the ticket's id and eight of an HMAC over the whole id, short enough for a
plus-address; it names a ticket only together with the store, which knows the whole id. A Thread-Index, which Outlook gives back where
it leaves all else out, is a token too: the ten bytes of the id and six of an HMAC over the whole id and the time that stands before them.
"""

import hmac
import re
from base64 import b32encode, b64encode
from dataclasses import field
from datetime import UTC, datetime, timedelta
from hashlib import sha1, sha256
from uuid import UUID

from agentdesk.core.model import Incoming
from agentdesk.values import dataclass

_TOKEN = re.compile(
    r"\+ad-([a-z2-7]{16})-([a-z2-7]{16})@|<ad\.([a-z2-7]{16})\.([a-z2-7]{16})\.", re.IGNORECASE
)
KNOWN_AT_MOST = 50_000
_BEFORE = datetime(1601, 1, 1, tzinfo=UTC)
"""From when Windows counts time."""
_TAG = re.compile(r"\[#(\d{1,9})-([a-z2-7]{4})\]", re.IGNORECASE)


def digest(data: bytes) -> str:
    """The content address of `data`: sha256, hex."""
    return sha256(data).hexdigest()


def ticket_name(ticket: str) -> str:
    """A ticket's id as a token names it: its last ten bytes in base32."""
    return b32encode(UUID(ticket).bytes[6:]).decode().lower()


def _uuid5(namespace: bytes, text: str) -> str:
    """RFC 9562's version 5 as the standard library writes it, without the making of two objects for each."""
    found = bytearray(sha1(namespace + text.encode("utf-8"), usedforsecurity=False).digest()[:16])
    found[6] = found[6] & 0x0F | 0x50
    found[8] = found[8] & 0x3F | 0x80
    name = found.hex()
    return f"{name[:8]}-{name[8:12]}-{name[12:16]}-{name[16:20]}-{name[20:]}"


def content_hash(mail: Incoming) -> str:
    """What a message says, whatever way it came: the same for two copies with different transport headers."""
    parts = (
        mail.sender.email if mail.sender else "",
        mail.sent_at.isoformat() if mail.sent_at else "",
        mail.subject,
        mail.text,
        *(f"{a.name}:{a.sha256}" for a in mail.attachments),
    )
    return digest("\x00".join(parts).encode("utf-8", "surrogatepass"))


@dataclass(frozen=True, slots=True)
class Seal:
    """The desk's key (32 bytes) and what it makes."""

    key: bytes

    _known: dict[tuple[str, str], str] = field(default_factory=dict, repr=False, compare=False)
    """What was worked out before: the people and threads of a day come again and again."""

    def __repr__(self) -> str:
        return "Seal(...)"

    def _named(self, purpose: str, text: str) -> str:
        found = self._known.get((purpose, text))
        if found is None:
            if len(self._known) >= KNOWN_AT_MOST:
                self._known.clear()
            found = self._known[purpose, text] = self._mac(purpose, text).hex()
        return found

    def _mac(self, purpose: str, text: str, size: int = 16) -> bytes:
        data = f"{purpose}\x00{text}".encode("utf-8", "surrogatepass")
        return hmac.digest(self.key, data, "sha256")[:size]

    def identity(self, channel: str, address: str) -> str:
        """The id of (channel, address): 32 hex characters, not guessable from the address."""
        return self._named("identity", f"{channel}:{address.strip().casefold()}")

    def mail_id(self, message_id: str) -> str:
        """A Message-ID as the log may keep it: 32 hex characters."""
        return self._named("mail_id", message_id.strip())

    def shared_id(self, purpose: str, text: str) -> str:
        """A UUIDv5 that every laptop of this desk makes alike."""
        return _uuid5(bytes.fromhex(self._named("namespace", purpose)), text)

    def _signature(self, ticket: str, *, party: bool = False) -> str:
        purpose = "token party" if party else "token"
        return b32encode(self._mac(purpose, ticket, 10)).decode().lower()

    def token(self, ticket: str, *, party: bool = False) -> tuple[str, str]:
        """(name, signature) of a ticket, 16 base32 characters each. A third party's token is another one than the customer's:
        who answers with it is set apart, whoever it is."""
        return ticket_name(ticket), self._signature(ticket, party=party)

    def own_message_id(self, ticket: str, unique: str, domain: str, *, party: bool = False) -> str:
        """A Message-ID of ours that carries the ticket's token; `unique` tells apart the ticket's messages."""
        name, signature = self.token(ticket, party=party)
        return f"<ad.{name}.{signature}.{unique}@{domain}>"

    def thread_index(self, ticket: str, at: datetime, *, party: bool = False) -> str:
        """A Thread-Index that carries the ticket's token: what Outlook takes for a time (MS-OXOMSG 2.2.1.3), and for a name."""
        ticks = (at - _BEFORE) // timedelta(microseconds=1) * 10
        return b64encode(self._thread(ticket, (ticks >> 16).to_bytes(6, "big")[1:], party=party)).decode()

    def _thread(self, ticket: str, time: bytes, *, party: bool) -> bytes:
        purpose = "thread party" if party else "thread"
        signature = self._mac(purpose, f"{ticket}\x00{time.hex()}", 6)
        return b"\x01" + time + UUID(ticket).bytes[6:] + signature

    def threads(self, ticket: str, thread: str, *, party: bool = False) -> bool:
        """True when `thread`, the hex of what a Thread-Index begins with, was made for this very ticket, and for a third party or not."""
        given = bytes.fromhex(thread)
        return hmac.compare_digest(self._thread(ticket, given[1:6], party=party), given)

    def plus_address(self, ticket: str, address: str, *, party: bool = False) -> str:
        """`local+ad-token@domain`, for accounts whose provider delivers plus-addresses."""
        name, signature = self.token(ticket, party=party)
        local, _, domain = address.partition("@")
        return f"{local}+ad-{name}-{signature}@{domain}"

    def vouches(self, ticket: str, signature: str, *, party: bool = False) -> bool:
        """True when `signature` was made for this very ticket, and for a third party or not, under this key."""
        return hmac.compare_digest(self._signature(ticket, party=party), signature.lower())

    def subject_tag(self, number: int) -> str:
        """`[#1042-k7ab]`: a ticket's number with four check characters."""
        return f"[#{number}-{self._tag_check(number)}]"

    def _tag_check(self, number: int) -> str:
        return b32encode(self._mac("tag", str(number), 5)).decode().lower()[:4]

    def tagged_number(self, subject: str) -> int | None:
        """The ticket number of a subject's tag whose check characters are right."""
        for number, check in _TAG.findall(subject):
            if hmac.compare_digest(self._tag_check(int(number)), check.lower()):
                return int(number)
        return None


def ticket_of(thread: str) -> str:
    """The ticket that the hex of what a Thread-Index begins with names as a token does, still to be vouched for."""
    return b32encode(bytes.fromhex(thread)[6:16]).decode().lower()


def tokens_in(text: str) -> tuple[tuple[str, str], ...]:
    """Every (name, signature) in a Message-ID or address, still to be vouched for."""
    found = (m.groups() for m in _TOKEN.finditer(text))
    return tuple((a.lower(), b.lower()) if a else (c.lower(), d.lower()) for a, b, c, d in found)
