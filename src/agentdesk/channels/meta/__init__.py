"""Messenger and Instagram: a page's conversations, asked for again and again or told by webhook through a relay.

Promises: what `Channel` asks. Asking keeps to two requests a second, as Meta wants; the newest conversations are read back to
where the last look ended, and an hour beyond. After 24 hours an answer goes with the human-agent tag, only where a person wrote
it and for seven days. Refuses: an automatic text outside the window.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import quote

from agentdesk.channels import (
    Ability,
    Accepted,
    Account,
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
    bookmark,
    chat,
)
from agentdesk.channels.chat import File, Sending
from agentdesk.channels.graph import Graph
from agentdesk.channels.meta import said
from agentdesk.channels.meta.said import Said
from agentdesk.channels.meta.talk import Talk
from agentdesk.channels.pump import Look, Pump
from agentdesk.channels.relayed import AT_ONCE, Hook, Part, Relayed
from agentdesk.channels.retrieval import Patience
from agentdesk.channels.web import Reply
from agentdesk.core.model import Incoming, Notice, Outgoing, Place
from agentdesk.core.window import Standing, standing
from agentdesk.errors import ChannelError
from agentdesk.values import dataclass

BETWEEN = 5.0
"""Seconds from one look to the next."""
OVERLAP = timedelta(hours=1)
PORTION = 50
"""Messages in a batch."""
FILE_MAX = 25 << 20


@dataclass(slots=True)
class _Mark:
    """`since` is the newest message's time, `seen` are (name, time) of those of the overlap."""

    since: datetime
    seen: tuple[tuple[str, str], ...] = ()

    def text(self) -> str:
        return bookmark.write(since=self.since.isoformat(), seen=self.seen)


class Page:
    """One page on Messenger. Options: page_id, instagram_id, base_url; secrets: token."""

    kind = "messenger"
    ability: ClassVar = Ability(
        text_max=2000, file_max=FILE_MAX, files_max=10, receipts=True, typing=True, marks_read=True
    )

    def __init__(
        self,
        account: Account,
        *,
        clock: Callable[[], datetime],
        between: float = BETWEEN,
        pause: Callable[[float], Awaitable[Any]] = asyncio.sleep,
    ) -> None:
        self._account = account
        self._clock = clock
        self._pump = Pump(clock, between=between)
        self._patience = Patience(clock)
        self._graph = Graph(account, str(account.options.get("base_url") or ""))
        self._talk = Talk(self._graph, self.kind, self._page, self._us, pause)
        self._rest: list[Said] = []
        self._issued: str | None = None
        self._ours: dict[str, str] = {}
        """By Meta's name of a part that it took, our name for the message: it may come back before all parts have gone."""

    @property
    def _page(self) -> str:
        return str(self._account.options["page_id"])

    @property
    def _us(self) -> frozenset[str]:
        """What Meta calls us: an Instagram account that is reached through a page has an id beside the page's."""
        return frozenset({self._page, str(self._account.options.get("instagram_id") or self._page)})

    @property
    def trouble(self) -> ChannelError | None:
        """Why nothing comes in now, None while all is well."""
        return self._pump.trouble

    async def check(self) -> Identity:
        """Asks Meta which page this is; raises ChannelError, LoginError."""
        found = await self._graph.get(self._page, fields="name,username")
        return Identity(f"@{found.get('username') or found.get('name') or self._page}", (self.kind,))

    async def receive(self, cursor: str | None, opening: Opening, *, once: bool) -> AsyncIterator[Batch]:
        """Batches from `cursor` on (see `Channel`)."""

        async def look(cursor: str | None, may_wait: bool) -> Look:
            return await self._look(cursor, opening)

        self._patience.once = once
        async for batch in self._pump.batches(cursor, look, once=once):
            yield batch

    def nudge(self) -> None:
        """Asks a running `receive` for a look now; from any thread."""
        self._pump.nudge()

    def read(self, raw: bytes | Path) -> Incoming | Notice:
        """Reads what was said, or a message of ours; raises ValueError with a reason."""
        return said.read(raw)

    def compose(self, out: Outgoing) -> bytes:
        """The raw form of a message of ours."""
        return chat.sent(out, self.kind)

    async def find_sent(self, message_id: str) -> bool | None:
        """Meta does not know our names here; what was sent comes with the next look."""
        return None

    async def close(self) -> None:
        """Ends everything within two seconds."""
        await self._pump.close()
        await self._graph.close()

    # Receiving.

    async def _look(self, cursor: str | None, opening: Opening) -> Look:
        mark, gaps = self._mark(cursor, opening)
        if not self._rest or cursor != self._issued:
            seen = dict(mark.seen)
            said_since = await self._talk.since(mark.since - OVERLAP)
            self._rest = [each for each in said_since if each.event["id"] not in seen]
        portion, self._rest = self._rest[:PORTION], self._rest[PORTION:]
        since = max((each.at for each in portion), default=mark.since)
        times = {**dict(mark.seen), **{each.event["id"]: each.at.isoformat() for each in portion}}
        edge = (since - OVERLAP).isoformat()
        after = _Mark(since, tuple((name, at) for name, at in times.items() if at >= edge))
        self._issued, more = after.text(), bool(self._rest)
        arrivals = [await self._arrival(each, opening) for each in portion]
        total = None if more else len(arrivals)
        batch = Batch(self._issued, tuple(arrivals), gaps=gaps, done=len(arrivals), total=total)
        return Look(batch, more=more, keep=cursor is None)

    def _mark(self, cursor: str | None, opening: Opening) -> tuple[_Mark, tuple[Gap, ...]]:
        first = _Mark(opening.opened_at - timedelta(days=opening.waiting_days))
        if cursor is None:
            return first, ()
        found = bookmark.read(cursor, "since", "seen")
        if found is None:
            return first, (Gap(self._account.id, "", "cursor"),)
        seen = tuple((str(name), str(at)) for name, at in found["seen"])
        return _Mark(datetime.fromisoformat(found["since"]), seen), ()

    async def _arrival(self, each: Said, opening: Opening) -> Arrival:
        raw = await self._raw(each)
        number = chat.number(f"{each.event['person']}/{each.event['id']}")
        before = each.at < opening.opened_at
        place = Place(self._account.id, self.kind, 0, number)
        role: Any = "sent" if each.by_us else "inbox"
        return Arrival(
            place,
            min(each.at, self._clock()),
            raw,
            len(raw),
            role,
            before=before,
            waits=before and not each.by_us,
        )

    async def _raw(self, each: Said) -> bytes:
        files = []
        for name, media_type, url in each.files:
            lasts = partial(self._patience.lasts, str(each.event.get("id")), each.at)
            files.append(File(name, media_type, await self._graph.file(url, FILE_MAX, lasts)))
        copied = self._ours.get(str(each.event.get("id"))) if each.by_us else None
        return chat.received(self.kind, {**each.event, "copies": copied} if copied else each.event, files)

    # Sending.

    async def send(self, raw: bytes, envelope: Envelope, before_data: Callable[[], None]) -> SendResult:
        """Sends text and files, with the human-agent tag where the window has closed."""
        try:
            out = chat.sending(raw)
        except ValueError as error:
            return Refused("unreadable", str(error))
        where = standing(self.kind, out.free_until, self._clock())
        if where is Standing.CLOSED or (where is Standing.HUMAN_ONLY and out.automatic):
            return Refused("window_closed", "the window has closed")
        kind = {"messaging_type": "RESPONSE"}
        if where is Standing.HUMAN_ONLY:
            kind = {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}
        names: list[str] = []
        refused: list[tuple[str, str]] = []
        for number, (message, file) in enumerate(_parts(out)):
            result = await self._one(out.to, kind, message, file, before_data if number == 0 else None)
            if isinstance(result, Reply):
                self._ours |= dict.fromkeys(_named(result), out.message_id)
                names += [chat.name(self.kind, out.to, each) for each in _named(result)]
            elif number == 0:
                return result
            else:
                refused.append((file.name if file else "", result.reason))
        return Accepted(self._clock(), refused=tuple(refused), names=tuple(names))

    async def _one(
        self,
        to: str,
        kind: dict[str, str],
        message: dict[str, Any],
        file: File | None,
        mark: Callable[[], None] | None,
    ) -> Reply | TryLater | Refused | Doubtful:
        document: Mapping[str, Any] = {**kind, "recipient": {"id": to}, "message": message}
        if file is None:
            return await self._graph.send(f"{self._page}/messages", document, mark)
        form = {name: each if isinstance(each, str) else json.dumps(each) for name, each in document.items()}
        files = {"filedata": (file.name, file.data or b"", file.media_type)}
        return await self._graph.send(f"{self._page}/messages", form, mark, files=files)

    async def attend(self, answers: str) -> None:
        """Marks a conversation as read and shows that somebody is writing."""
        person = {"id": chat.conversation_of(answers)}
        for action in ("mark_seen", "typing_on"):
            await self._graph.ask(
                "POST", f"{self._page}/messages", json={"recipient": person, "sender_action": action}
            )


class Instagram(Page):
    """The same for an Instagram account."""

    kind = "instagram"
    ability: ClassVar = Ability(
        text_max=1000, file_max=FILE_MAX, files_max=10, receipts=True, typing=True, marks_read=True
    )


class LivePage(Page):
    """A page on Messenger that is told by webhook. Options: as a page's, and relay; secrets: token, app_secret, relay_token."""

    def __init__(self, account: Account, *, clock: Callable[[], datetime], at_once: int = AT_ONCE) -> None:
        super().__init__(account, clock=clock)
        self._relayed = Relayed(account, clock=clock, at_once=at_once)
        self._people: dict[str, str] = {}

    @property
    def trouble(self) -> ChannelError | None:
        return self._relayed.trouble

    async def check(self) -> Identity:
        seen = await super().check()
        return Identity(seen.address, (*seen.abilities, *await self._relayed.check()))

    async def receive(self, cursor: str | None, opening: Opening, *, once: bool) -> AsyncIterator[Batch]:
        self._patience.once = once
        async for batch in self._relayed.batches(cursor, self._hooked, once=once):
            yield batch

    async def _hooked(self, hook: Hook) -> list[Part]:
        found = []
        for each in said.taken_apart(hook.document(), self._us, hook.at):
            if each.event["kind"] == "message" and not each.by_us:
                each.event["name"] = await self._name_of(each.event["person"])
            raw = await self._raw(each)
            found.append(Part(raw, min(each.at, hook.at), "sent" if each.by_us else "inbox"))
        return found

    async def _name_of(self, person: str) -> str:
        """What Meta calls somebody: no webhook says it. Nobody waits for a name, so without one it is empty."""
        if person and person not in self._people:
            with suppress(ChannelError):
                found = await self._graph.get(quote(person, safe=""), fields="name")
                self._people[person] = str(found.get("name") or "")
        return self._people.setdefault(person, "")

    def nudge(self) -> None:
        self._relayed.nudge()

    async def close(self) -> None:
        await self._relayed.close()
        await super().close()


class LiveInstagram(LivePage):
    """The same for an Instagram account."""

    kind = "instagram"
    ability = Instagram.ability


def _named(reply: Reply) -> list[str]:
    """Meta's id of what it took."""
    return [str(reply.body["message_id"])] if reply.body.get("message_id") else []


def _parts(out: Sending) -> list[tuple[dict[str, Any], File | None]]:
    """(message, file) of each request that a message takes; the text bears our name for it, which an echo brings back."""
    parts: list[tuple[dict[str, Any], File | None]] = []
    if out.text:
        parts.append(({"text": out.text, "metadata": out.message_id}, None))
    for file in out.files:
        kind = file.media_type.partition("/")[0]
        kind = kind if kind in {"image", "video", "audio"} else "file"
        parts.append(({"attachment": {"type": kind, "payload": {}}, "metadata": out.message_id}, file))
    return parts
