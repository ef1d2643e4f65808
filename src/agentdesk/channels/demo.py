"""The demo's channel: a simulated shop day on every medium, live, in memory and one small file; no network.

Promises: what `Channel` asks, as the reference that the contract's tests begin with; the same script, clock and
replies give the same day. Refuses: chance. A mail is a real mail (`mime` reads it), a chat a JSON document.
"""

import asyncio
import json
import zlib
from base64 import b64encode
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import ClassVar

from agentdesk.channels import (
    ALWAYS,
    Ability,
    Accepted,
    Account,
    Approved,
    Arrival,
    Batch,
    Doubtful,
    Envelope,
    Gap,
    Identity,
    Opening,
    Refused,
    SendResult,
    TryLater,
    chat,
)
from agentdesk.channels.play import Line, Play
from agentdesk.channels.speech import mail
from agentdesk.channels.stage import DOUBTFUL, LATER, LOST, REFUSED, Entry, Stage, message_id
from agentdesk.core.model import CHANNELS, Address, Incoming, OutFile, Outgoing, Place
from agentdesk.core.text import visible
from agentdesk.errors import ChannelError
from agentdesk.values import dataclass

AT_ONCE = 50
LOOK_EVERY = 1.0
"""Seconds after which a running `receive` looks whether another process has sent something."""
ABILITIES = {
    "whatsapp": Ability(text_max=4096, file_max=16 << 20, files_max=10, templates=True),
    "telegram": Ability(text_max=4096, file_max=50 << 20, files_max=10, edits=ALWAYS, deletes=48 * 3600.0),
    "messenger": Ability(text_max=2000, file_max=8 << 20, files_max=10),
    "instagram": Ability(text_max=1000, file_max=8 << 20, files_max=10),
    "x": Ability(text_max=10_000),
    "webchat": Ability(text_max=2000),
}
"""What the real services take, so that the composer shows it."""
TEMPLATES = (
    Approved(
        "order_news",
        "es",
        "Hola {{1}}, tenemos noticias de tu pedido {{2}}: ¿te lo contamos por aquí?",
        ("1", "2"),
    ),
    Approved(
        "order_news",
        "ca",
        "Hola {{1}}, tenim notícies de la teva comanda {{2}}: t'ho expliquem per aquí?",
        ("1", "2"),
    ),
    Approved(
        "order_news",
        "en",
        "Hello {{1}}, there is news about your order {{2}}: shall we tell you here?",
        ("1", "2"),
    ),
)
_WROTE = {
    "es": "El {at}, {name} escribió:",
    "ca": "El {at}, {name} va escriure:",
    "en": "On {at}, {name} wrote:",
}


@dataclass(slots=True)
class _Listener:
    """One `receive` that is running, and how to wake it."""

    loop: asyncio.AbstractEventLoop
    woken: asyncio.Event
    closed: bool = False

    def wake(self) -> None:
        self.loop.call_soon_threadsafe(self.woken.set)


class Demo:
    """One shop's day. `clock` gives the present (aware, UTC). The account needs no secret and no options."""

    kind = "demo"
    abilities: ClassVar = ABILITIES

    def __init__(self, account: Account, *, clock: Callable[[], datetime], at_once: int = AT_ONCE) -> None:
        self._account = account
        self._clock = clock
        self._at_once = at_once
        self.stage = Stage(account.spool, clock)
        self._listeners: list[_Listener] = []

    async def check(self) -> Identity:
        """Says who we are and on which channels; raises ChannelError where the script cannot be read."""
        play = await self._script()
        channels = {line.channel for line in play.lines.values()}
        return Identity(play.shop.address, tuple(sorted(channels)))

    async def receive(self, cursor: str | None, opening: Opening, *, once: bool) -> AsyncIterator[Batch]:
        """What has come until now, then (unless `once`) what comes, as the day goes on."""
        listener = _Listener(asyncio.get_running_loop(), asyncio.Event())
        self._listeners.append(listener)
        try:
            await self._script()
            await asyncio.to_thread(self.stage.opened, opening.opened_at)
            at, gaps = self._place(cursor)
            asked = True
            while not listener.closed:
                listener.woken.clear()
                began, seen = self._clock(), self.stage.mark()
                box = await asyncio.to_thread(self.stage.box)
                if at > len(box):
                    at, gaps = 0, (Gap(self._account.id, "", "cursor"),)
                while not listener.closed and (asked or gaps or at < len(box)):
                    end = min(at + self._at_once, len(box))
                    yield self._batch(box, at, end, gaps, began)
                    at, gaps, asked = end, (), False
                if once:
                    return
                asked = await self._waited(listener, seen)
        finally:
            self._listeners.remove(listener)

    async def _waited(self, listener: _Listener, seen: tuple[int, int]) -> bool:
        """Waits until something may have come; True where a pass was asked for."""
        while not listener.closed:
            left = await asyncio.to_thread(self.stage.wait)
            try:
                seconds = LOOK_EVERY if left is None else min(left, LOOK_EVERY)
                async with asyncio.timeout(seconds):
                    await listener.woken.wait()
            except TimeoutError:
                if (left is not None and left <= LOOK_EVERY) or self.stage.mark() != seen:
                    return False
            else:
                return True
        return False

    def nudge(self) -> None:
        """Asks every running `receive` for a pass; from any thread."""
        for listener in tuple(self._listeners):
            listener.wake()

    async def close(self) -> None:
        """Ends every `receive`."""
        for listener in tuple(self._listeners):
            listener.closed = True
            listener.wake()

    def read(self, raw: bytes | Path) -> Incoming:
        """Reads a mail or a chat; raises ValueError with a reason."""
        if chat.is_chat(raw):
            return chat.read_sent(chat.opened(raw))
        from agentdesk.channels.mime import read_mail

        return read_mail(raw)

    def compose(self, out: Outgoing) -> bytes:
        """A chat where it answers one or goes to somebody's handle, else a mail."""
        channel = self._channel(out)
        return mail(out) if channel == "email" else chat.sent(out, channel)

    async def send(self, raw: bytes, envelope: Envelope, before_data: Callable[[], None]) -> SendResult:
        """The shop's customers get it, and answer in their time."""
        try:
            out = self.read(raw)
        except ValueError as error:
            return Refused("unreadable", str(error))
        if not envelope.recipients:
            return Refused("no_recipient", "nobody to send it to")
        if out.message_id is None:
            return Refused("unreadable", "it has no Message-ID")
        name = out.message_id
        luck = await asyncio.to_thread(self.stage.luck, name)
        if luck == LATER:
            return TryLater("come back in a moment", 5.0)
        if luck == REFUSED:
            return Refused("recipient", "the customer does not take it")
        before_data()
        if luck == LOST:
            return Doubtful("the line went dead")
        said = visible(out.text, out.folds).strip()
        previous = tuple(dict.fromkeys((*out.references, *out.in_reply_to)))
        at = await asyncio.to_thread(self.stage.take, name, previous, said)
        for listener in tuple(self._listeners):
            listener.wake()
        names = () if out.channel == "email" else (chat.name(out.channel, "sent", name),)
        return Doubtful("the line went dead") if luck == DOUBTFUL else Accepted(at, "taken", names=names)

    async def amend(self, names: tuple[str, ...], text: str | None, unique: str) -> SendResult:
        """What the customer has got says something else now, or is gone; see `Amends`."""
        luck = await asyncio.to_thread(self.stage.luck, unique)
        if luck == LATER:
            return TryLater("come back in a moment", 5.0)
        if luck == REFUSED:
            return Refused("refused", "the customer has read it already")
        if luck != LOST:
            await asyncio.to_thread(self.stage.change, chat.number_of(names[0]), text)
        return Doubtful("the line went dead") if luck in {LOST, DOUBTFUL} else Accepted(self._clock())

    async def templates(self) -> tuple[Approved, ...]:
        """Those that WhatsApp would have approved."""
        return TEMPLATES

    async def find_sent(self, message_id: str) -> bool | None:
        """Always known here."""
        return await asyncio.to_thread(self.stage.reply, message_id) is not None

    async def _script(self) -> Play:
        try:
            return await asyncio.to_thread(self.stage.play)
        except ValueError as error:
            raise ChannelError(account=self._account.name, server="demo", reason=str(error)) from error

    def _place(self, cursor: str | None) -> tuple[int, tuple[Gap, ...]]:
        """How many of the box's messages are committed; a cursor that cannot be read begins anew."""
        if cursor is None:
            return 0, ()
        try:
            number, count = json.loads(cursor)["at"]
            if number == self.stage.number() and count >= 0:
                return int(count), ()
        except (ValueError, TypeError, KeyError):
            pass
        return 0, (Gap(self._account.id, "", "cursor"),)

    def _batch(
        self, box: tuple[Entry, ...], at: int, end: int, gaps: tuple[Gap, ...], began: datetime
    ) -> Batch:
        number = self.stage.number()
        play = self.stage.play()
        arrivals = (self._arrival(play, entry, number, uid) for uid, entry in enumerate(box[at:end], at + 1))
        return Batch(
            cursor=json.dumps({"version": 1, "at": [number, end]}),
            arrivals=tuple(each for each in arrivals if each),
            gaps=gaps,
            done=end,
            total=len(box),
            pass_began_at=began if end == len(box) else None,
        )

    def _arrival(self, play: Play, entry: Entry, number: int, uid: int) -> Arrival | None:
        """The message of that entry; None where somebody has cut its line out of the script since."""
        line = play.line(entry.key)
        if line is None:
            return None
        at = datetime.fromisoformat(entry.at)
        raw = self._spoken(play, line, at, entry.to)
        place = Place(self._account.id, line.channel, number, uid)
        return Arrival(
            place,
            at,
            raw,
            len(raw),
            role="sent" if line.own else "inbox",
            before=line.past and not line.lately,
        )

    def _spoken(self, play: Play, line: Line, at: datetime, to: str) -> bytes:
        """The raw form of a line; `to` is the Message-ID of the reply it answers."""
        us = Address(play.shop.name, play.shop.address if line.channel == "email" else "")
        them = Address(line.person.name, line.person.addresses[line.channel])
        previous = tuple(message_id(play, play.lines[key]) for key in _thread(play, line))
        reply = self.stage.reply(to) if to else None
        if reply:
            previous = (*reply["previous"], to)
        out = Outgoing(
            message_id=message_id(play, line),
            sender=us if line.own else them,
            to=() if line.channel != "email" and not line.own else (them if line.own else us,),
            subject=f"Re: {line.subject}" if (line.own or to) and line.subject else line.subject,
            text=line.text,
            at=at,
            in_reply_to=previous[-1] if previous else None,
            references=previous,
            files=tuple(map(_file, line.files)),
        )
        if line.channel != "email":
            return chat.sent(out, line.channel, line.person.language)
        if line.raw:
            values = {
                "{date}": f"{at:%a, %d %b %Y %H:%M:%S +0000}",
                "{id}": out.message_id,
                "{shop}": us.email,
            }
            return _filled(line.raw, values).replace("\n", "\r\n").encode()
        if reply:
            out = replace(out, text=_quoting(line, play.shop.name, reply))
        return mail(out, line.headers, line.html)

    def _channel(self, out: Outgoing) -> str:
        """Which medium a message of ours belongs to: that of what it answers, else that of whom it goes to."""
        head = (out.in_reply_to or "").partition(":")[0]
        if head in CHANNELS:
            return head
        wanted = {a.email for a in out.to}
        people = () if all("@" in a[1:] for a in wanted) else self.stage.play().people.values()
        found = (name for person in people for name, where in person.addresses.items() if where in wanted)
        return next(found, "email")


def _thread(play: Play, line: Line) -> list[str]:
    """The keys of what a line goes on from, oldest first."""
    keys: list[str] = []
    while line.follows and line.follows not in keys:
        keys.append(line.follows)
        line = play.lines[line.follows]
    return keys[::-1]


def _filled(text: str, values: dict[str, str]) -> str:
    for name, value in values.items():
        text = text.replace(name, value)
    return text


def _quoting(line: Line, shop: str, reply: dict[str, str]) -> str:
    """An answer by mail, with what it answers below it, as people's programs do."""
    at = datetime.fromisoformat(reply["at"])
    head = _WROTE[line.person.language].format(at=f"{at:%d/%m/%Y %H:%M}", name=shop)
    quoted = "\n".join(f"> {each}".rstrip() for each in reply["text"].split("\n"))
    return f"{line.text}\n\n{head}\n{quoted}"


def _file(name: str) -> OutFile:
    """A small picture or paper of that name, made of nothing."""
    if name.endswith(".png"):
        return OutFile(name, "image/png", _picture(name))
    text = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\n% " + b64encode(name.encode()) + b"\n%%EOF\n"
    return OutFile(name, "application/pdf", text)


def _picture(name: str) -> bytes:
    """A PNG of 16 x 16 in two greys."""
    side, dark = 16, len(name) * 7 % 128
    rows = b"".join(b"\0" + bytes(dark if (x + y) % 5 else 230 for x in range(side)) for y in range(side))
    chunks = (
        (b"IHDR", side.to_bytes(4) * 2 + b"\x08\0\0\0\0"),
        (b"IDAT", zlib.compress(rows, 9)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        len(data).to_bytes(4) + kind + data + zlib.crc32(kind + data).to_bytes(4) for kind, data in chunks
    )
