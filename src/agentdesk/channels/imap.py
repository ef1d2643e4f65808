"""What can be asked of a mailbox over IMAP.

Promises: folders are opened read-only and bodies are peeked at, so that reading changes nothing on the
server; what the server can do (QRESYNC, CONDSTORE, ESEARCH) is used and nothing of it is needed. Refuses:
deciding, retrying, remembering more than which folder is open. Everything here belongs to one thread.
"""

import re
from collections.abc import Callable
from dataclasses import field
from datetime import UTC, date, datetime
from typing import Any

from imapclient.imap_utf7 import encode as utf7

from agentdesk.channels.cursor import Uids
from agentdesk.channels.fetched import fetched
from agentdesk.channels.wire import Wire, text
from agentdesk.values import dataclass

HEADS = (
    "From To Cc Reply-To Subject Message-ID In-Reply-To References Date Auto-Submitted Precedence List-Id"
    " List-Unsubscribe List-Post Return-Path X-Autoreply X-Autorespond X-Auto-Response-Suppress"
    " X-Failed-Recipients Content-Type"
)
# imaplib refuses a line over 1 MB, which a list of UIDs reaches at about 120,000 mails.
_SEARCHED_AT_ONCE = 100_000
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_NO_UIDS = Uids()


@dataclass(frozen=True, slots=True)
class View:
    """A folder as the server shows it now. `changed` (UID to flags) and `vanished` are what it tells of the
    time since the modseq that it was asked about; `modseq` is None where it counts no changes, `exists` and
    `next_uid` where they are not known."""

    validity: int
    exists: int | None
    next_uid: int | None
    modseq: int | None
    changed: dict[int, frozenset[str]] = field(default_factory=dict)
    vanished: Uids = _NO_UIDS


@dataclass(frozen=True, slots=True)
class Mail:
    """One fetched message or its head; `received_at` is None where the server's date cannot be read."""

    uid: int
    body: bytes
    flags: frozenset[str]
    received_at: datetime | None


class Mailbox:
    """The folders behind a wire and the one that is open; raises ChannelError and its kind."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self.abilities = wire.abilities
        self.folder: str | None = None

    def folders(self) -> list[tuple[frozenset[str], str]]:
        """Flags (lower case) and name of every folder that can be opened."""
        with self._wire.translated():
            listed = self._wire.client.list_folders()
        found = [(frozenset(text(flag).lower() for flag in flags), name) for flags, _, name in listed]
        return [(flags, name) for flags, name in found if not flags & {"\\noselect", "\\nonexistent"}]

    def open(self, folder: str, since: tuple[int, int] | None = None) -> View:
        """Opens a folder, reading only. `since`, a (validity, modseq) of before, asks what happened then."""
        extra = []
        if since and "QRESYNC" in self.abilities:
            extra.append(f"(QRESYNC ({since[0]} {since[1]}))")
        elif "CONDSTORE" in self.abilities:
            extra.append("(CONDSTORE)")
        self.folder = None
        with self._wire.translated():
            self._wire.ask("EXAMINE", _quoted(folder), *extra)
            validity = _number(self._wire, "UIDVALIDITY")
            if validity is None:
                raise ValueError(f"{folder} was opened without UIDVALIDITY")
            changed = _told(self._wire)
            view = View(
                validity=validity,
                exists=_number(self._wire, "EXISTS") or 0,
                next_uid=_number(self._wire, "UIDNEXT"),
                modseq=_number(self._wire, "HIGHESTMODSEQ") or None,
                changed={uid: _flags(item) for uid, item in changed.items() if b"FLAGS" in item},
                vanished=_vanished(self._wire),
            )
        self.folder = folder
        return view

    def status(self, folder: str) -> View:
        """The numbers of a folder that is not open, in one round trip and without opening it."""
        wanted = ["MESSAGES", "UIDNEXT", "UIDVALIDITY"]
        wanted += ["HIGHESTMODSEQ"] if "CONDSTORE" in self.abilities else []
        with self._wire.translated():
            told = self._wire.client.folder_status(folder, wanted)
            return View(
                validity=int(told[b"UIDVALIDITY"]),
                exists=int(told[b"MESSAGES"]),
                next_uid=told.get(b"UIDNEXT"),
                modseq=told.get(b"HIGHESTMODSEQ") or None,
            )

    def changes(self, modseq: int) -> tuple[dict[int, frozenset[str]], Uids, int]:
        """Of the open folder since `modseq`: UID to flags of what is new or changed, what vanished (known
        with QRESYNC only), and the modseq reached. One round trip."""
        modifier = f"(CHANGEDSINCE {modseq}{' VANISHED' if 'QRESYNC' in self.abilities else ''})"
        with self._wire.translated():
            self._wire.ask("UID", "FETCH", "1:*", "(FLAGS)", modifier)
            found = _told(self._wire)
            vanished = _vanished(self._wire)
            reached = max((item[b"MODSEQ"][0] for item in found.values() if b"MODSEQ" in item), default=0)
        return {uid: _flags(item) for uid, item in found.items()}, vanished, max(modseq, reached)

    def uids(self, *, after: int = 0, since: date | None = None, up_to: int | None = None) -> Uids:
        """The UIDs above `after`, of mails that came on `since` or later. `up_to` is the highest there can
        be, where it is known."""
        found = Uids()
        low = after + 1
        while up_to is None or low <= up_to:
            high = None if up_to is None else min(up_to, low + _SEARCHED_AT_ONCE - 1)
            found |= self._search(f"UID {low}:{high or '*'}", since)
            if high is None:
                break
            low = high + 1
        # "n:*" always names the last message, whatever n: what is too low is dropped.
        return found - Uids(((0, after),))

    def sizes(self, uids: Uids) -> dict[int, int]:
        """UID to octets; what is gone is missing."""
        found = self._fetched(uids, "RFC822.SIZE")
        return {uid: int(item[b"RFC822.SIZE"]) for uid, item in found.items() if b"RFC822.SIZE" in item}

    def flags(self, uids: Uids) -> dict[int, frozenset[str]]:
        """UID to flags."""
        return {uid: _flags(item) for uid, item in self._fetched(uids, "FLAGS").items() if b"FLAGS" in item}

    def heads(self, uids: Uids) -> list[Mail]:
        """The header fields that tell who wrote to whom, of each mail."""
        return self._mails(uids, f"BODY.PEEK[HEADER.FIELDS ({HEADS})]", b"BODY[HEADER")

    def mails(self, uids: Uids) -> list[Mail]:
        """Whole messages, in UID order; what is gone is missing."""
        return self._mails(uids, "BODY.PEEK[]", b"BODY[]")

    def about(self, uid: int) -> Mail | None:
        """Flags and time of one message, no body."""
        return next(iter(self._mails(Uids.of((uid,)), "RFC822.SIZE", b"RFC822.SIZE")), None)

    def piece(self, uid: int, offset: int, length: int) -> bytes | None:
        """`length` octets of a message from `offset` on, fewer at its end; None when it is gone."""
        item = self._fetched(Uids.of((uid,)), f"BODY.PEEK[]<{offset}.{length}>").get(uid, {})
        body = next((value for name, value in item.items() if name.startswith(b"BODY[]")), None)
        return body if isinstance(body, bytes) else None

    def noop(self) -> frozenset[str]:
        """Asks for news of the open folder (see `Wire.news`)."""
        with self._wire.translated(), self._wire.at_once():
            self._wire.ask("NOOP")
        return self._wire.news()

    def news(self) -> frozenset[str]:
        """What the server said of the open folder by the way (see `Wire.news`)."""
        return self._wire.news()

    def idle(self, seconds: float, go_on: Callable[[], bool]) -> frozenset[str]:
        """Waits for news of the open folder (see `Wire.idle`)."""
        return self._wire.idle(seconds, go_on)

    def close(self) -> None:
        """Hangs up."""
        self._wire.close()

    def _search(self, criteria: str, since: date | None) -> Uids:
        if since is not None:
            criteria += f" SINCE {since.day}-{_MONTHS[since.month - 1]}-{since.year}"
        with self._wire.translated():
            if "ESEARCH" in self.abilities:
                self._wire.ask("UID", "SEARCH", f"RETURN (ALL) {criteria}")
                listed = re.search(rb"\bALL ([\d:,]+)", b" ".join(self._wire.take("ESEARCH")))
                return Uids.parse(text(listed[1])) if listed else Uids()
            self._wire.ask("UID", "SEARCH", criteria)
            told = b" ".join(self._wire.take("SEARCH"))
            return Uids.of(int(number) for number in re.sub(rb"\(.*\)", b"", told).split())

    def _mails(self, uids: Uids, item: str, name: bytes) -> list[Mail]:
        mails = []
        for uid, found in sorted(self._fetched(uids, f"FLAGS INTERNALDATE {item}").items()):
            body = next((value for key, value in found.items() if key.startswith(name)), None)
            if body is not None:
                raw = body if isinstance(body, bytes) else b""
                mails.append(Mail(uid, raw, _flags(found), _utc(found.get(b"INTERNALDATE"))))
        return mails

    def _fetched(self, uids: Uids, items: str) -> dict[int, dict[bytes, Any]]:
        with self._wire.translated():
            self._wire.take("FETCH")
            self._wire.ask("UID", "FETCH", str(uids), f"(UID {items})")
            return {uid: item for uid, item in _told(self._wire).items() if uid in uids}


def _told(wire: Wire) -> dict[int, dict[bytes, Any]]:
    return fetched(wire.take("FETCH"))


def _number(wire: Wire, name: str) -> int | None:
    told = wire.take(name)
    return int(told[-1]) if told else None


def _vanished(wire: Wire) -> Uids:
    gone = Uids()
    for told in wire.take("VANISHED"):
        gone |= Uids.parse(text(told).rpartition(" ")[2])
    return gone


def _flags(item: dict[bytes, Any]) -> frozenset[str]:
    return frozenset(text(flag) for flag in item.get(b"FLAGS") or ()) - {"\\Recent"}


def _utc(moment: datetime | None) -> datetime | None:
    try:
        return moment.astimezone(UTC) if moment is not None and moment.tzinfo else None
    except (ValueError, OverflowError):  # a zone a day away, or a time before the year 1
        return None


def _quoted(folder: str) -> str:
    name = text(utf7(folder)).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{name}"'
