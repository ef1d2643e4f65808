"""Telegram: a bot that people write to, by long poll.

Promises: what `Channel` asks. An update is confirmed by asking for the next one, and never before it is committed; the number
of an update is only ever handed back, not compared, since it starts anew after a quiet week; more than a day without a
look is said as a gap, for Telegram keeps no longer. Refuses: taking away a webhook that another program has set.
"""

from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any, ClassVar

from agentdesk.channels import (
    ALWAYS,
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
from agentdesk.channels.chat import File
from agentdesk.channels.pump import Look, Pump
from agentdesk.channels.retrieval import Lasts, Patience, retrieved
from agentdesk.channels.telegram import amending, outgoing, update
from agentdesk.channels.web import Reply, UnheardError, Web
from agentdesk.core.model import Incoming, Notice, Outgoing, Place
from agentdesk.errors import ChannelError, UnreachableError

BASE = "https://api.telegram.org"
KINDS = ("message", "edited_message")
AT_ONCE = 100
LONG = 50
"""Seconds that one look may wait; Telegram's own limit."""
KEPT = timedelta(hours=24)
KEEP_EVERY = timedelta(hours=1)
"""How often the time of the last look is kept although nothing came."""
FILE_OUT = 50 << 20
"""Bytes of a file that a bot may send."""
DELETED_WITHIN = 48 * 3600.0
"""Seconds after sending within which a bot may take its message back; it may change one at any time."""


class Telegram:
    """One bot. Its secret is the token that BotFather gave. Options: `base_url`."""

    kind = "telegram"
    ability: ClassVar = Ability(
        text_max=4096, file_max=FILE_OUT, files_max=10, edits=ALWAYS, deletes=DELETED_WITHIN, typing=True
    )

    def __init__(self, account: Account, *, clock: Callable[[], datetime], long: int = LONG) -> None:
        self._account = account
        self._clock = clock
        self._long = long
        self._pump = Pump(clock)
        self._patience = Patience(clock)
        self._web: Web | None = None
        self._token = ""

    @property
    def trouble(self) -> ChannelError | None:
        """Why a `receive` that goes on has no connection now, None while all is well."""
        return self._pump.trouble

    async def check(self) -> Identity:
        """Asks who the bot is; raises ChannelError with Telegram's own words."""
        me = await self._result("getMe")
        hook = (await self._result("getWebhookInfo")).get("url")
        if hook:
            raise self._web_of().error("another program has set a webhook for this bot")
        return Identity(f"@{me.get('username', '')}", ("bot",))

    async def receive(self, cursor: str | None, opening: Opening, *, once: bool) -> AsyncIterator[Batch]:
        """Batches from `cursor` on (see `Channel`)."""
        self._patience.once = once
        async for batch in self._pump.batches(cursor, self._look, once=once):
            yield batch

    def nudge(self) -> None:
        """Asks a running `receive` for a look now; from any thread."""
        self._pump.nudge()

    def read(self, raw: bytes | Path) -> Incoming | Notice:
        """Reads an update or a message of ours; raises ValueError with a reason."""
        return update.read(raw)

    def compose(self, out: Outgoing) -> bytes:
        """The raw form of a message of ours."""
        return chat.sent(out, self.kind)

    async def close(self) -> None:
        """Ends every look within two seconds."""
        await self._pump.close()
        if self._web is not None:
            await self._web.close()

    # Receiving.

    async def _look(self, cursor: str | None, may_wait: bool) -> Look:
        offset, seen_at, gaps = _place(cursor, self._account.id)
        now = self._clock()
        if seen_at is not None and now - seen_at > KEPT:
            gaps = (*gaps, Gap(self._account.id, "", "too_old"))
        wait = self._long if may_wait else 0
        asked = {"timeout": wait, "limit": AT_ONCE, "allowed_updates": list(KINDS)}
        if offset is not None:
            asked["offset"] = offset
        updates = await self._result("getUpdates", read=wait + 15.0, json=asked)
        arrivals = [await self._arrival(each) for each in _albums(updates)]
        if updates:
            offset = int(updates[-1]["update_id"]) + 1
        more = len(updates) >= AT_ONCE
        keep = seen_at is None or now - seen_at > KEEP_EVERY
        kept_at = self._clock()
        batch = Batch(
            cursor=bookmark.write(offset=offset, at=kept_at.isoformat()),
            arrivals=tuple(arrivals),
            gaps=gaps,
            done=len(updates),
            total=None if more else len(updates),
        )
        return Look(batch, more=more, keep=keep)

    async def _arrival(self, updates: list[dict[str, Any]]) -> Arrival:
        """What updates about one message become. Where they are not as Telegram says that they are, their codec gives the reason later,
        and what follows them comes in."""
        number = int(updates[0]["update_id"])
        where, at, files = "", self._clock(), list[File]()
        with suppress(AttributeError, KeyError, TypeError, ValueError):
            messages = [update.message_of(each) for each in updates]
            first = messages[0]
            said_at, said_in = chat.moment(first.get("edit_date") or first["date"]), str(first["chat"]["id"])
            lasts = partial(self._patience.lasts, str(number), said_at)
            files = [await self._fetched(file, lasts) for each in messages for file in update.files_of(each)]
            where, at = said_in, min(said_at, self._clock())
        raw = chat.received(self.kind, {"bot": update.bot_of(self._token), "updates": updates}, files)
        return Arrival(Place(self._account.id, where, 0, number), at, raw, len(raw))

    async def _fetched(self, file: Mapping[str, Any], lasts: Lasts) -> File:
        """One file; without its bytes where Telegram does not give it. Raises ChannelError while it may yet."""
        kind, size = str(file["kind"]), int(file.get("file_size") or 0)
        media_type = update.media_type(file)
        name = update.file_name(file)
        seconds = file.get("duration") if kind in {"voice", "audio", "video", "video_note"} else None

        async def ask() -> Reply | None:
            reply = await self._ask("getFile", json={"file_id": file["file_id"]})
            path = (reply.body.get("result") or {}).get("file_path")
            if reply.status in {400, 404} or (reply.body.get("ok") and not path):
                return None
            if not path:
                raise self._error(reply)
            return await self._web_of().ask(
                "GET", f"file/bot{self._token}/{path}", most=update.FILE_IN + 1, read=60.0
            )

        data = await retrieved(ask, lasts, self._web_of().error) if size <= update.FILE_IN else None
        return File(name, media_type, data, seconds)

    # Sending.

    async def send(self, raw: bytes, envelope: Envelope, before_data: Callable[[], None]) -> SendResult:
        """Sends text and files; where the text has gone and a file has not, says which."""
        try:
            out = chat.sending(raw)
        except ValueError as error:
            return Refused("unreadable", str(error))
        names: list[str] = []
        refused: list[tuple[str, str]] = []
        marked = False

        def mark() -> None:
            nonlocal marked
            if not marked:
                before_data()
                marked = True

        for number, call in enumerate(outgoing.calls(out)):
            result = await self._sent(*call, mark)
            if another := outgoing.otherwise(call, result):
                result = await self._sent(*another, mark)
            if isinstance(result, Reply):
                names.append(update.name_of(result.body["result"], update.bot_of(self._token)))
            elif number == 0:
                return result
            else:  # what came before has gone: the whole can neither be tried again nor called refused
                refused.append((call[2].name if call[2] else "", result.reason))
        return Accepted(self._clock(), refused=tuple(refused), names=tuple(names))

    async def _sent(
        self, method: str, fields: dict[str, Any], file: File | None, mark: Callable[[], None]
    ) -> Reply | TryLater | Refused | Doubtful:
        try:
            self._web_of()
            mark()
            reply = await outgoing.asked(self._ask, method, fields, file)
        except UnheardError as error:
            return TryLater(error.values["reason"], reached=False)
        except UnreachableError as error:
            return Doubtful(error.values["reason"])
        except ChannelError as error:
            return Doubtful(error.values["reason"])
        if reply.status == 200 and reply.body.get("ok"):
            return reply
        words = self._web_of().said(reply.body.get("description") or f"HTTP {reply.status}")
        if reply.status == 429 or (reply.status >= 500 and reply.body):
            return TryLater(words, _retry_after(reply), too_fast=reply.status == 429)
        if reply.status >= 500 or reply.status < 400:  # a yes that is not Telegram's says nothing
            return Doubtful(words)
        return Refused({401: "login", 403: "blocked"}.get(reply.status, "refused"), words)

    async def amend(self, names: tuple[str, ...], text: str | None, unique: str) -> SendResult:
        """Changes the text or the caption of a message of the bot's, or deletes it with its files; see `Amends`."""

        async def call(method: str, **fields: Any) -> SendResult:
            result = await self._sent(method, fields, None, _no_mark)
            if isinstance(result, Reply) or amending.is_so(result):
                return Accepted(self._clock())
            return result

        return await amending.amend(call, names, text)

    async def find_sent(self, message_id: str) -> bool | None:
        """Telegram does not tell a bot what it sent."""
        return None

    async def attend(self, answers: str) -> None:
        """Shows the customer for a few seconds that somebody is writing."""
        person = chat.conversation_of(answers)
        await self._ask("sendChatAction", json={"chat_id": person, "action": "typing"})

    # Asking.

    def _web_of(self) -> Web:
        if self._web is None:
            self._token = self._account.secrets().get("token", "")
            base = str(self._account.options.get("base_url") or BASE)
            self._web = Web(self._account, base, (self._token,))
        return self._web

    async def _ask(self, method: str, **rest: Any) -> Reply:
        web = self._web_of()
        return await web.ask("POST", f"bot{self._token}/{method}", **rest)

    async def _result(self, method: str, **rest: Any) -> Any:
        """What Telegram answers; raises ChannelError with its words."""
        reply = await self._ask(method, **rest)
        if reply.status == 200 and reply.body.get("ok"):
            return reply.body["result"]
        raise self._error(reply)

    def _error(self, reply: Reply) -> ChannelError:
        words = str(reply.body.get("description") or f"HTTP {reply.status}")
        return self._web_of().error(words, login=reply.status in {401, 404}, after=_retry_after(reply))


def _place(cursor: str | None, account: str) -> tuple[int | None, datetime | None, tuple[Gap, ...]]:
    """The next update to ask for, and when Telegram was last asked."""
    if cursor is None:
        return None, None, ()
    found = bookmark.read(cursor, "offset", "at")
    if found is None:
        return None, None, (Gap(account, "", "cursor"),)
    return found["offset"], datetime.fromisoformat(found["at"]), ()


def _no_mark() -> None:
    """A change may be asked for again: nothing has to be marked before."""


def _albums(updates: list[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """The updates that are about a message, those of one album together."""
    known = [each for each in updates if any(kind in each for kind in KINDS)]

    def album(numbered: tuple[int, dict[str, Any]]) -> object:
        number, one = numbered
        message = one.get("message")
        return (isinstance(message, dict) and message.get("media_group_id")) or number

    for _, group in groupby(enumerate(known), album):
        yield [each for _, each in group]


def _retry_after(reply: Reply) -> float | None:
    said = (reply.body.get("parameters") or {}).get("retry_after")
    return float(said) if isinstance(said, int | float) else reply.retry_after
