"""The files of what is being written: beside its draft as places, here as what is in them.

Promises: they come back with the draft, read beside the keys; what can be read no more is said by its name and stays behind; whoever
sends waits for those that are still being read. Refuses: choosing them (`attaching`).
"""

import asyncio
from collections.abc import Sequence

from agentdesk.core.model import OutFile
from agentdesk.core.text import safe_line
from agentdesk.engine import enclosed
from agentdesk.engine.aside import aside
from agentdesk.engine.enclosed import Enclosure
from agentdesk.errors import DeskError
from agentdesk.i18n import tr_n
from agentdesk.screens.front import Front

WAITS = 20.0
"""Seconds for one file; a folder of the network that has gone away never answers."""


class Enclosing:
    """What goes along with the draft of one kind of one ticket; nothing with a note, which has no `draft` of this sort."""

    def __init__(self, home: Front, ticket: str, draft: str) -> None:
        self._home = home
        self._ticket = ticket
        self._draft = draft
        kept = home.writing.drafts.text(ticket, enclosed.KIND)
        self._places = list(enclosed.enclosed(kept, draft) if draft else ())
        self._data: dict[Enclosure, OutFile] = {}
        self._sent: tuple[Enclosure, ...] = ()
        self._read = asyncio.Event()
        if self._places:
            home.run_worker(self._fetch(tuple(self._places)), group="enclosing")
        else:
            self._read.set()

    @property
    def places(self) -> tuple[Enclosure, ...]:
        """What goes along, whether it is read yet or not."""
        return tuple(self._places)

    async def files(self) -> tuple[OutFile, ...]:
        """All that goes along, as soon as it is read, for whoever sends it."""
        await self._read.wait()
        self._sent = self.places
        return tuple(self._data[each] for each in self._sent)

    def went(self) -> None:
        """What was handed out last was sent; what was added since stays. Raises DeskError where that cannot be saved."""
        self.drop(self._sent)

    async def _fetch(self, places: Sequence[Enclosure]) -> None:
        lost: list[Enclosure] = []
        try:
            for each in places:
                try:
                    async with asyncio.timeout(WAITS):
                        self._data[each] = await aside(lambda one=each: enclosed.read(self._home.desk, one))  # type: ignore[misc]
                except (OSError, DeskError):
                    lost.append(each)
        finally:
            self._places = [each for each in self._places if each in self._data]
            self._read.set()
        if lost and self._home.writing.enclosing is self:
            names = ", ".join(safe_line(each.name) for each in lost)
            text = tr_n(
                "{names} can no longer be read: the text goes without it.",
                "{names} can no longer be read: the text goes without them.",
                len(lost),
            )
            self._home.writing.warned.say(text.format(names=names))
        if self._home.writing.enclosing is self:
            self._home.writing.dress()

    def add(self, path: str, file: OutFile) -> None:
        """One more; another reading of the same path takes the place of the one before. Raises DeskError where that cannot be
        saved; it goes along all the same."""
        place = enclosed.at(path, file)
        self._places = [each for each in self._places if each.path != path] + [place]
        self._data[place] = file
        self._keep()

    def drop(self, places: Sequence[Enclosure]) -> None:
        """These do not go along any more; raises DeskError where that cannot be saved."""
        if any(each in places for each in self._places):
            self._places = [each for each in self._places if each not in places]
            self._keep()

    def _keep(self) -> None:
        drafts = self._home.writing.drafts
        kept = drafts.text(self._ticket, enclosed.KIND)
        drafts.keep(self._ticket, enclosed.KIND, enclosed.keeping(kept, self._draft, self._places))
