"""What a mailbox holds of our own mail: whether a message is there, a copy filed, a flag set.

Promises: a copy is filed once, looked for by its Message-ID before; flags go only to the very message they were
meant for, in a folder that is still numbered as it was. Refuses: touching a text, a folder or any other flag, and
calling something not sent because it is not filed: only where the provider files what it sent does a missing copy
say anything. Everything here belongs to one thread.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Literal, cast

from agentdesk.channels.folder import sent_folder
from agentdesk.channels.imap import Mailbox
from agentdesk.channels.wire import Wire
from agentdesk.core.model import Place
from agentdesk.errors import ChannelError

SentCopy = Literal["auto", "always", "never"]

_SEEN, _ANSWERED = "\\Seen", "\\Answered"
_SETTABLE = frozenset({_SEEN, _ANSWERED})
# They put into Sent what they sent, under the Message-ID that it was given.
_FILES_ITSELF = re.compile(
    r"(?:^|\.)(?:gmail\.com|googlemail\.com|outlook\.office365\.com|smtp\.office365\.com|smtp-mail\.outlook\.com)$"
)
_ID = re.compile(r"<[\x21-\x3b=\x3f-\x7e]+>")
_AT_ONCE = 500
_SLOWEST = 20_000  # octets a second


def files_itself(*hosts: str) -> bool:
    """Whether a provider behind one of these servers files what it sent by itself."""
    return any(_FILES_ITSELF.search(host.lower().rstrip(".")) for host in hosts)


class Sent:
    """Our own mail behind a connection; raises ChannelError and its kind."""

    def __init__(self, wire: Wire, *, filed_for_us: bool = False) -> None:
        """`filed_for_us`: the provider files by itself (`files_itself`)."""
        self._wire = wire
        self._box = Mailbox(wire)
        self._filed_for_us = filed_for_us

    def find(self, message_id: str) -> bool | None:
        """Whether the message was sent; None where that cannot be told: nobody knows a Sent folder, or the message
        is not in it but the provider would not have put it there."""
        sent, everything = self._folders()
        looked = [folder for folder in (sent, everything) if folder is not None]
        if not looked or not _ID.fullmatch(message_id):
            return None
        if any(holds(self._wire, self._box, folder, message_id) for folder in looked):
            return True
        return False if self._filed_for_us else None

    def file(self, raw: bytes, message_id: str, copy: SentCopy = "auto") -> bool:
        """Files a copy, read, where it is wanted and none is; whether one lies there then."""
        if copy == "never" or (copy == "auto" and self._filed_for_us):
            return False
        sent, everything = self._folders()
        if sent is None or not _ID.fullmatch(message_id):
            return False
        if holds(self._wire, self._box, sent, message_id) or (
            everything is not None and holds(self._wire, self._box, everything, message_id)
        ):
            return True
        with self._wire.translated():
            line = self._wire.client.socket()
            before = line.gettimeout()
            # The limit is for all of it, and a line that is slow takes minutes for a large attachment.
            line.settimeout(before + len(raw) / _SLOWEST)
            self._wire.client.append(sent, raw, flags=[_SEEN])
            line.settimeout(before)
        return True

    def flag(self, places: Iterable[Place], add: frozenset[str]) -> tuple[Place, ...]:
        """Adds \\Seen and \\Answered; the places that were reached: the others' folder is gone, numbered anew,
        or not ours to write in."""
        if not add or not add <= _SETTABLE:
            raise ValueError(f"no flags to set: {sorted(add)}")
        folders: dict[tuple[str, int], list[Place]] = defaultdict(list)
        for place in places:
            folders[place.folder, place.validity].append(place)
        reached: list[Place] = []
        for (folder, validity), there in folders.items():
            if not writable(self._wire, folder, validity):
                continue
            for start in range(0, len(there), _AT_ONCE):
                few = there[start : start + _AT_ONCE]
                with self._wire.translated():
                    self._wire.client.add_flags([place.uid for place in few], sorted(add), silent=True)
                reached += few
        return tuple(reached)

    def close(self) -> None:
        """Hangs up."""
        self._box.close()

    def _folders(self) -> tuple[str | None, str | None]:
        """The folder of what was sent, and the one of everything where there is one (RFC 6154)."""
        listed = self._box.folders()
        everything = next((name for flags, name in listed if "\\all" in flags), None)
        return sent_folder(listed), everything


def holds(wire: Wire, box: Mailbox, folder: str, message_id: str) -> bool:
    """Whether a message of that id lies in a folder, which is open then."""
    box.open(folder)
    # imapclient quotes what needs it; HEADER looks for a part of the field, the brackets make it the whole id.
    with wire.translated():
        return bool(wire.client.search(["HEADER", "Message-ID", message_id]))


def writable(wire: Wire, folder: str, validity: int) -> bool:
    """Opens a folder for writing; False where it is gone, numbered anew, or not ours to write in."""
    try:
        with wire.translated():
            told = wire.client.select_folder(folder)
    except ChannelError as error:
        if error.is_no:
            return False
        raise
    numbered = cast("int | None", told.get(b"UIDVALIDITY"))
    return numbered == validity
