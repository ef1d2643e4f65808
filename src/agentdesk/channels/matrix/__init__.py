"""Matrix: an account on a homeserver whom customers invite into rooms. What is encrypted cannot be read and is said to be so.

Promises: what `Channel` asks. Invitations are accepted, and whoever invited us is the customer of the room; an answer sent
twice arrives once, since its transaction id comes from our Message-ID; what we wrote elsewhere is told from what we wrote here.
Refuses: encryption, with all that belongs to it; showing us as present because a program looks.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from agentdesk.channels import ALWAYS, Ability, Account, Batch, Envelope, Identity, Opening, SendResult, chat
from agentdesk.channels.matrix import amending, event, outgoing
from agentdesk.channels.matrix.session import Session, path
from agentdesk.channels.matrix.sync import Sync
from agentdesk.channels.pump import Pump
from agentdesk.core.model import Incoming, Notice, Outgoing, Place
from agentdesk.errors import ChannelError

TEXT_OUT = 16_000
"""Characters of a text: an event holds 64 KiB, and a character may take four bytes."""
FILE_OUT = 50 << 20
_TYPES_FOR = 10_000
_LOOKED_BACK = 100
"""Events of a room among which the last one that was read is looked for."""


class Matrix:
    """One user. The secret is the password, or a JSON object with a `token`. Options: `homeserver`, `user`."""

    kind = "matrix"
    ability: ClassVar = Ability(
        text_max=TEXT_OUT,
        file_max=FILE_OUT,
        files_max=10,
        edits=ALWAYS,
        deletes=ALWAYS,
        same_again=True,
        receipts=True,
        typing=True,
        marks_read=True,
    )

    def __init__(
        self,
        account: Account,
        *,
        clock: Callable[[], datetime],
        pause: Callable[[float], Awaitable[Any]] = asyncio.sleep,
        **limits: int,
    ) -> None:
        """`limits` as `Sync` has them."""
        self._clock = clock
        self._session = Session(account, pause)
        self._sync = Sync(account, self._session, clock, pause, **limits)
        self._pump = Pump(clock, pause=pause)

    @property
    def trouble(self) -> ChannelError | None:
        """Why a `receive` that goes on has no connection now, None while all is well."""
        return self._pump.trouble

    async def check(self) -> Identity:
        """Logs in and asks who we are; raises ChannelError with the homeserver's own words."""
        await self._session.open()
        await self._session.result("GET", path("account", "whoami"))
        versions = await self._session.result("GET", "_matrix/client/versions")
        return Identity(self._session.user, tuple(versions.get("versions", ())[-1:]))

    async def receive(self, cursor: str | None, opening: Opening, *, once: bool) -> AsyncIterator[Batch]:
        """Batches from `cursor` on (see `Channel`)."""
        async for batch in self._pump.batches(cursor, partial(self._sync.look, opening), once=once):
            yield batch

    def nudge(self) -> None:
        """Asks a running `receive` for a look now; from any thread."""
        self._pump.nudge()

    def read(self, raw: bytes | Path) -> Incoming | Notice:
        """Reads an event, a receipt or a message of ours; raises ValueError with a reason."""
        return event.read(raw)

    def compose(self, out: Outgoing) -> bytes:
        """The raw form of a message of ours."""
        return chat.sent(out, self.kind)

    async def send(self, raw: bytes, envelope: Envelope, before_data: Callable[[], None]) -> SendResult:
        """Sends files and text into the room that is answered."""
        return await outgoing.send(self._session, self._clock, raw, before_data)

    async def amend(self, names: tuple[str, ...], text: str | None, unique: str) -> SendResult:
        """Puts another text in place of the one that was sent, or redacts all of a message; see `Amends`."""
        return await amending.amend(self._session, self._clock, names, text, unique)

    async def find_sent(self, message_id: str) -> bool | None:
        """What is in doubt is sent again, and arrives once."""
        return None

    async def attend(self, answers: str) -> None:
        """Shows the people of a room for a few seconds that somebody is writing."""
        await self._session.open()
        where = path("rooms", chat.conversation_of(answers), "typing", self._session.user)
        await self._session.result("PUT", where, json={"typing": True, "timeout": _TYPES_FOR})

    async def mark_read(self, message: str) -> None:
        """Says in its room that everything up to a message, by its name, was read."""
        where = path(
            "rooms", chat.conversation_of(message), "receipt", "m.read", event.id_of(chat.number_of(message))
        )
        await self._session.result("POST", where, json={})

    async def flag(self, places: tuple[Place, ...], flags: frozenset[str]) -> tuple[Place, ...]:
        """What was read here is read there; gives the places where that is so. A room knows no other flag."""
        if "\\Seen" not in flags:
            return places
        done: list[Place] = []
        for room in dict.fromkeys(place.folder for place in places):
            there = tuple(place for place in places if place.folder == room)
            if await self._read_until(room, {place.uid for place in there}):
                done += there
        return tuple(done)

    async def _read_until(self, room: str, numbers: set[int]) -> bool:
        """Marks the newest of these as read; False where none of them is near."""
        where = path("rooms", room, "messages")
        said = await self._session.result("GET", where, params={"dir": "b", "limit": _LOOKED_BACK})
        for each in said.get("chunk", ()):
            if chat.number(each["event_id"]) in numbers:
                await self.mark_read(event.name_of(room, each["event_id"]))
                return True
        return False

    async def close(self) -> None:
        """Ends every look within two seconds."""
        await self._pump.close()
        await self._session.close()
