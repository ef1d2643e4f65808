"""Deleting mails for good, of somebody who is to be forgotten.

Promises: exactly the mails that were meant, by their numbers in a folder that is still numbered as it was, and nothing else that
somebody marked as deleted there (UIDPLUS); what is not there any more counts as deleted. Without UIDPLUS a mail goes into the
bin, from which the provider or its owner takes it. Gmail only takes a label away where others delete, so there a mail goes into
the bin first and is deleted in it. Refuses: a server that can do neither; nothing is touched then.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Literal, cast

from agentdesk.channels.folder import bin_folder
from agentdesk.channels.imap import Mailbox
from agentdesk.channels.wire import Wire, text
from agentdesk.core.model import Place
from agentdesk.errors import ChannelError

_AT_ONCE = 500
_GMAIL = "X-GM-EXT-1"
_DELETED = "\\Deleted"


class Deleting:
    """Deletes over a connection; raises ChannelError and its kind where the line breaks."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        listed = Mailbox(wire).folders()
        self._names = frozenset(name for _, name in listed)
        self._bin = bin_folder(listed)

    def delete(self, places: Iterable[Place]) -> tuple[Place, ...]:
        """Those that lie in their place no more."""
        folders: dict[tuple[str, int], list[Place]] = defaultdict(list)
        for place in places:
            folders[place.folder, place.validity].append(place)
        gone: list[Place] = []
        for (folder, validity), there in folders.items():
            opened = self._opened(folder, validity)
            if opened == "gone":
                gone += there
            elif opened == "open":
                for start in range(0, len(there), _AT_ONCE):
                    gone += self._some(folder, there[start : start + _AT_ONCE])
        return tuple(gone)

    def _opened(self, folder: str, validity: int) -> Literal["open", "gone", "closed"]:
        """`gone`: there is no such folder, or its mails have other numbers; then they come again as what they are."""
        if folder not in self._names and folder.upper() != "INBOX":
            return "gone"
        try:
            with self._wire.translated():
                told = self._wire.client.select_folder(folder)
        except ChannelError as error:
            if error.is_no:
                return "closed"
            raise
        return "open" if cast("int | None", told.get(b"UIDVALIDITY")) == validity else "gone"

    def _some(self, folder: str, places: Sequence[Place]) -> list[Place]:
        uids = [place.uid for place in places]
        try:
            if self._goes_by_the_bin(folder):
                self._binned(uids)
                self._opened(folder, places[0].validity)
            elif "UIDPLUS" in self._wire.abilities:
                self._expunged(uids)
        except ChannelError as error:
            if not error.is_no:
                raise
            self._opened(folder, places[0].validity)
        with self._wire.translated():
            left = set(self._wire.client.search(["UID", ",".join(map(str, uids))]))
        return [place for place in places if place.uid not in left]

    def _goes_by_the_bin(self, folder: str) -> bool:
        if self._bin is None or folder == self._bin or "MOVE" not in self._wire.abilities:
            return False
        return _GMAIL in self._wire.abilities or "UIDPLUS" not in self._wire.abilities

    def _binned(self, uids: list[int]) -> None:
        """Moves them into the bin and, where the server says which they are there, deletes them in it."""
        self._wire.take("COPYUID")
        with self._wire.translated():
            self._wire.client.move(uids, self._bin)
        told = text(b" ".join(self._wire.take("COPYUID"))).split()
        if len(told) == len(("validity", "from", "to")) and "UIDPLUS" in self._wire.abilities:
            validity, _, now = told
            if self._opened(str(self._bin), int(validity)) == "open":
                self._expunged(now)

    def _expunged(self, uids: list[int] | str) -> None:
        with self._wire.translated():
            self._wire.client.add_flags(uids, [_DELETED], silent=True)
            self._wire.client.uid_expunge(uids)
