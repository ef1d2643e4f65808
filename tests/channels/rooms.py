"""A shop on a real homeserver: for the contract, and for the stories about Matrix seen from both sides."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar

from agentdesk.channels import Account, Opening, chat
from agentdesk.channels.matrix import Matrix, event
from agentdesk.core.model import Address, Outgoing
from channels.contract import a_letter, envelope, in_chat
from servers import inbox
from servers.synapse import PASSWORD

PNG = bytes(range(256)) * 40


class MatrixHarness:
    """A user on a real Synapse, the same for all tests: the rooms only grow. Its first answer takes several pieces."""

    kind = "matrix"
    deaths = 3
    cancels = range(0, 200, 40)
    garbage = (
        b"",
        b"{",
        b"[1]",
        b"{}",
        b'{"event": []}',
        b'{"event": {"event": {}}, "files": []}',
        b'{"event": {"event": {"type": "m.room.message"}}, "files": []}',
        b'{"event": {"receipt": 7, "room": "!x"}, "files": []}',
    )
    shops: ClassVar[dict[object, tuple[str, list[tuple[Any, str]]]]] = {}
    count = 0

    def __init__(self, folder: Path, request: Any) -> None:
        server = request.getfixturevalue("synapse")
        self.opening = Opening(inbox.now() - timedelta(hours=1), 14)
        if server not in self.shops:
            self.shops[server] = self._begun(server)
        self.user, self.rooms = self.shops[server]
        options = {"homeserver": server.base, "user": self.user}
        spool = folder / "spool"
        spool.mkdir(exist_ok=True)
        self.account = Account("chat", "vimet", self.user, lambda: PASSWORD, spool, options=options)
        self.grow(60 if self.count < 60 else 3)

    def _begun(self, server: Any) -> tuple[str, list[tuple[Any, str]]]:
        shop, people = server.person(), [server.person() for _ in range(3)]
        rooms = [(person, person.room(shop.user)) for person in people]
        for _, room in rooms:
            shop.joins(room)
        return shop.user, rooms

    def make(self) -> Matrix:
        return Matrix(self.account, clock=inbox.now, long=1, at_once=9)

    def grow(self, count: int = 3) -> None:
        for _ in range(count):
            MatrixHarness.count += 1
            person, room = self.rooms[self.count % len(self.rooms)]
            person.says(room, f"Bon dia, és la {self.count}")

    def letter(self, number: int = 1) -> Outgoing:
        person, room = self.rooms[0]
        out = a_letter(1000 * self.count + number, person.user, self.user, inbox.now())
        return in_chat(out, f"matrix:{room}/$question")

    chat_letter = letter

    def shown(self, name: str) -> str | None:
        person, room = self.rooms[0]
        return shown(person, room, name)[-1]

    def troubles(self) -> dict[str, Callable[[], None]]:
        return {"Accepted": lambda: None}


def shown(person: Any, room: str, name: str) -> list[str | None]:
    """What a client shows of one of our messages, one after another; None where it was redacted."""
    own = event.id_of(chat.number_of(name))
    (first, *edits) = (each for each in person.sees(room) if own in {each["event_id"], event.related(each)})
    if not first["content"]:
        return [None]
    return [first["content"]["body"], *(each["content"]["m.new_content"]["body"] for each in edits)]


class Shop:
    """Our user, seen from both sides: `us` is another client of ours, `ana` a customer in `room`."""

    kind = "matrix"

    def __init__(self, server, folder, base=""):
        self.server = server
        self.us = server.person(shown="Vímet")
        self.ana = server.person(shown="Ana Puig")
        self.folder = folder
        self.opening = Opening(inbox.now() - timedelta(hours=1), 14)
        self.account = self.named(base or server.base)
        self.cursor = None
        self.batches = []

    def named(self, base, secret=PASSWORD):
        options = {"homeserver": base, "user": self.us.user}
        return Account("chat", "vimet", self.us.user, lambda: secret, self.folder, options=options)

    def make(self, **more):
        more = {"long": 1, "at_once": 4, **more}
        return Matrix(self.account, clock=inbox.now, **more)

    def together(self):
        """Ana invites us, and we are there."""
        room = self.ana.room(self.us.user)
        self.us.joins(room)
        self.news()
        return room

    def news(self, **more):
        """What a pass brings, read; its cursor is committed."""

        async def looked():
            channel = self.make(**more)
            try:
                return [b async for b in channel.receive(self.cursor, self.opening, once=True)]
            finally:
                await channel.close()

        self.batches = asyncio.run(looked())
        self.cursor = self.batches[-1].cursor
        return [self.make().read(each.raw) for each in self.arrivals]

    @property
    def arrivals(self):
        return [each for batch in self.batches for each in batch.arrivals]

    @property
    def gaps(self):
        return [gap.reason for batch in self.batches for gap in batch.gaps]

    def does(self, act, **more):
        async def done():
            channel = self.make(**more)
            try:
                return await act(channel)
            finally:
                await channel.close()

        return asyncio.run(done())

    def sends(self, out):
        return self.does(lambda each: each.send(each.compose(out), envelope(out), lambda: None))

    def letter(self, room, text="Bon dia", *files, message_id="<a1@shop.test>"):
        return Outgoing(
            message_id,
            Address("Núria", self.us.user),
            (Address("Ana", self.ana.user),),
            "",
            text,
            inbox.now(),
            in_reply_to=f"matrix:{room}/$asked",
            references=(f"matrix:{room}/$asked",),
            files=files,
        )
