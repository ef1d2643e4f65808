"""Moving a mail between the inbox and the Junk folder, for the agent who rescued it.

Promises: exactly the mails that were meant are moved, in a folder that is still numbered as it was; what was begun and broke off
is ended the next time without a second copy; what is gone from its place counts as moved. Refuses: other folders, and
expunging anything but the mail itself: where the server offers neither MOVE nor UIDPLUS nothing is moved.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Literal

from agentdesk.channels.cursor import Uids
from agentdesk.channels.folder import junk_folder
from agentdesk.channels.imap import Mailbox
from agentdesk.channels.sent import holds, writable
from agentdesk.channels.wire import Wire, text
from agentdesk.core.model import Place
from agentdesk.errors import ChannelError

_INBOX = "INBOX"
_MESSAGE_ID = re.compile(rb"(?im)^message-id:\s*(<[\x21-\x3b=\x3f-\x7e]+>)")
_COPIED = re.compile(r"(\d+) (\d+) (\d+)")


class Moving:
    """Moves over a connection; raises ChannelError and its kind."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._box = Mailbox(wire)

    def move(self, places: Iterable[Place], role: Literal["inbox", "junk"]) -> dict[Place, Place | None]:
        """Those that lie in the folder of that role now, each with its new place where the server told it."""
        target = _INBOX if role == "inbox" else junk_folder(self._box.folders())
        if target is None or not self._wire.abilities & {"MOVE", "UIDPLUS"}:
            return {}
        found: dict[Place, Place | None] = {}
        folders: dict[tuple[str, int], list[Place]] = defaultdict(list)
        for place in places:
            folders[place.folder, place.validity].append(place)
        for (folder, validity), there in folders.items():
            if folder == target:
                found |= {place: place for place in there}
            elif writable(self._wire, folder, validity):
                for place in there:
                    try:
                        found[place] = self._moved(place, target)
                    except ChannelError as error:
                        if not error.is_no:
                            raise
        return found

    def _moved(self, place: Place, target: str) -> Place | None:
        head = next(iter(self._box.heads(Uids.of((place.uid,)))), None)
        if head is None:
            return None
        self._wire.take("COPYUID")
        if "MOVE" in self._wire.abilities:
            with self._wire.translated():
                self._wire.client.move([place.uid], target)
        else:
            self._copied(place, target, head.body)
        return self._told(place, target)

    def _copied(self, place: Place, target: str, head: bytes) -> None:
        """Copies and then takes away; a copy that an attempt before this one made is enough."""
        name = _MESSAGE_ID.search(head)
        if name is None or not holds(self._wire, self._box, target, text(name[1])):
            writable(self._wire, place.folder, place.validity)
            with self._wire.translated():
                self._wire.client.copy([place.uid], target)
        elif not writable(self._wire, place.folder, place.validity):
            return
        with self._wire.translated():
            self._wire.client.add_flags([place.uid], ["\\Deleted"], silent=True)
            self._wire.client.uid_expunge([place.uid])

    def _told(self, place: Place, target: str) -> Place | None:
        """Where the server says that it put the mail (RFC 4315)."""
        told = _COPIED.search(text(b" ".join(self._wire.take("COPYUID"))))
        return Place(place.account, target, int(told[1]), int(told[3])) if told else None
