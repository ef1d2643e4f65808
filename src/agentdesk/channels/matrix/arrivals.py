"""From a room's event to what the desk takes in: with the files that it names, and what else its meaning hangs on.

Promises: the same event gives the same raw form, whenever it is asked for; an edit or a withdrawal by anybody but the writer
is marked as none or left out; a file that is not to be had is missing and stops nothing. Refuses: the cursor.
"""

import json
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any
from urllib.parse import quote

from agentdesk.channels import Account, Arrival, chat
from agentdesk.channels.chat import File
from agentdesk.channels.matrix import event as codec
from agentdesk.channels.matrix.event import Media
from agentdesk.channels.matrix.mark import Mark
from agentdesk.channels.matrix.members import called, customer_of, others
from agentdesk.channels.matrix.rooms import Event, Item, Room
from agentdesk.channels.matrix.session import Session, path
from agentdesk.channels.web import Reply, UnheardError
from agentdesk.core.model import Place
from agentdesk.errors import ChannelError, LoginError

FILE_IN = 50 << 20
"""Bytes of a file that is fetched."""
VALIDITY = 1
_MEDIA = "_matrix/client/v1/media/download"
_FILE_TRIES = 3
_READ_AROUND = 40
"""Events around the one that was read: half of them lie before it."""


class Arrivals:
    """Makes the arrivals of one account."""

    def __init__(
        self,
        account: Account,
        session: Session,
        clock: Callable[[], datetime],
        pause: Callable[[float], Awaitable[Any]],
    ) -> None:
        self._account = account
        self._session = session
        self._clock = clock
        self._pause = pause
        self._members: dict[str, list[Event]] = {}

    def begin(self) -> None:
        """With another answer of the homeserver's somebody else may be in a room."""
        self._members.clear()

    async def of(self, item: Item, mark: Mark) -> list[Arrival]:
        """What an item becomes: mostly one arrival, none where it means nothing; raises ChannelError."""
        if item.read_by:
            return await self._read(item)
        room, event, us = item.room, item.event, self._session.user
        said: dict[str, Any] = {"us": us, "room": room.id, "event": _kept(event), "names": {}}
        if event["type"] == codec.REDACTION:
            if on := mark.stood_on(codec.related(event), event["sender"]):
                said["sign_on"] = on
            elif not await self._is_by_same(room, event):
                return []
        elif codec.is_edit(event):
            said["edits"] = await self._is_by_same(room, event)
        there = others(await self._who(room), us)
        if len(there) > 1:
            said["several"] = await self._title(room) or called(there)
        if event["sender"] == us:
            customer = customer_of(await self._who(room), us)
            if not customer:
                return []  # a room in which we are alone
            said |= {"customer": customer["id"], "names": {customer["id"]: customer["name"]}}
        elif shown := room.names.get(event["sender"]):
            said["names"] = {event["sender"]: shown}
        media = codec.media_of(event)
        files = [await self._fetched(media)] if media else []
        at = codec.when(event["origin_server_ts"], self._clock())
        if item.is_news and mark.at is not None:
            at = max(at, mark.at)  # the clock of another homeserver may be anything
        raw = chat.received(codec.KIND, said, files)
        return [self._arrival(item, event["event_id"], raw, at)]

    def _arrival(self, item: Item, name: str, raw: bytes, at: datetime) -> Arrival:
        return Arrival(
            Place(self._account.id, item.room.id, VALIDITY, chat.number(name)),
            min(at, self._clock()),
            raw,
            len(raw),
            role="sent" if item.event.get("sender") == self._session.user else "inbox",
            before=item.before,
            waits=item.waits,
        )

    async def _read(self, item: Item) -> list[Arrival]:
        """Our messages up to the one that somebody has read, back to the last one of their own."""
        where = path("rooms", item.room.id, "context", item.event["event_id"])
        only = json.dumps({"types": [codec.MESSAGE]})
        reply = await self._answer("GET", where, params={"limit": _READ_AROUND, "filter": only})
        found: list[str] = []
        for event in (reply.body.get("event"), *reply.body.get("events_before", ())):
            if not isinstance(event, dict) or (found and event["sender"] == item.read_by):
                break
            if event["sender"] == self._session.user:
                found.append(event["event_id"])
        return [self._receipt(item, each) for each in found]

    def _receipt(self, item: Item, name: str) -> Arrival:
        at = codec.when(item.at, self._clock())
        receipt = {"of": name, "by": item.read_by, "at": round(at.timestamp() * 1000)}
        said = {"us": self._session.user, "room": item.room.id, "receipt": receipt}
        raw = chat.received(codec.KIND, said)
        return self._arrival(item, f"read {item.read_by} {name}", raw, at)

    async def _is_by_same(self, room: Room, event: Event) -> bool:
        """Whether what an event speaks of is a message of the same writer's."""
        reply = await self._answer("GET", path("rooms", room.id, "event", codec.related(event)))
        found = reply.body
        is_message = found.get("type") != codec.REACTION and "state_key" not in found
        return reply.status == 200 and is_message and found.get("sender") == event["sender"]

    async def _who(self, room: Room) -> list[Event]:
        """Who is in a room, or was; nobody where the homeserver does not tell us any more."""
        if room.id not in self._members:
            reply = await self._answer("GET", path("rooms", room.id, "members"))
            self._members[room.id] = reply.body["chunk"] if reply.status == 200 else []
        return self._members[room.id]

    async def _title(self, room: Room) -> str:
        """The name that somebody gave a room; empty where nobody did."""
        reply = await self._answer("GET", path("rooms", room.id, "state", "m.room.name"))
        return str(reply.body.get("name") or "") if reply.status == 200 else ""

    async def _fetched(self, media: Media) -> File:
        """A file; without its bytes where the homeserver does not give it."""
        data = await self._downloaded(media) if media.server and media.size <= FILE_IN else None
        return File(media.name, media.media_type, data, media.seconds)

    async def _downloaded(self, media: Media) -> bytes | None:
        where = f"{_MEDIA}/{quote(media.server, safe='')}/{quote(media.number, safe='')}"
        for attempt in range(_FILE_TRIES):
            if attempt:
                await self._pause(attempt)
            try:
                reply = await self._session.ask("GET", where, is_file=True, most=FILE_IN + 1, read=60.0)
            except (UnheardError, LoginError):
                raise  # nothing else would come either
            except ChannelError:
                continue
            if reply.status < 500:
                return reply.data if reply.status == 200 else None
        return None

    async def _answer(self, method: str, where: str, **rest: Any) -> Reply:
        """What the homeserver says of something; raises ChannelError where it may say more another time."""
        reply = await self._session.ask(method, where, **rest)
        if reply.status >= 500 or reply.status == 429 or not reply.is_object:
            raise self._session.error(reply)
        return reply


def _kept(event: Event) -> Event:
    """The event without what changes with the hour at which it is asked for."""
    known = event.get("unsigned", {}).get("transaction_id")
    kept = {name: value for name, value in event.items() if name not in {"unsigned", "age", "user_id"}}
    return {**kept, "unsigned": {"transaction_id": known}} if known else kept
