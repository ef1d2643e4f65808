"""Twilio: SMS, and WhatsApp without a relay, by asking for the list of messages again and again.

Promises: what `Channel` asks. The list is asked for from an hour before the newest message that was committed, since Twilio orders
by when it sent and not by when it was told; what was seen is not given again. What somebody else sent by the same number
comes in as ours. Refuses: files out, which Twilio fetches only from a public address; a message to whoever said STOP, which asks for nothing.
"""

import re
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

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
from agentdesk.channels.chat import File
from agentdesk.channels.pump import Look, Pump
from agentdesk.channels.retrieval import Lasts, Patience, retrieved
from agentdesk.channels.web import Reply, UnheardError, Web
from agentdesk.core.language import language
from agentdesk.core.model import Address, Incoming, Notice, Outgoing, Place, Receipt
from agentdesk.core.surveyed import OPTED_OUT
from agentdesk.core.text import safe
from agentdesk.errors import ChannelError, UnreachableError
from agentdesk.values import dataclass

BASE = "https://api.twilio.com"
BETWEEN = 5.0
"""Seconds from one look to the next."""
OVERLAP = timedelta(hours=1)
OUT_KEPT = timedelta(days=2)
"""How long a message of ours is looked after: its delivery is said within that."""
PAGE, PAGES = 100, 50
AT_ONCE = 50
"""Messages in a batch."""
FILE_MAX = 16 << 20
_STOP = re.compile(r"(?i)\s*(stop|stopall|unsubscribe|cancel|end|quit|baja|alto|parar|baixa)[\s.!]*")
"""What Twilio itself takes for a farewell, and the same in Spanish and Catalan."""
_CODES = {21610: "opted_out", 21211: "undeliverable", 21614: "undeliverable", 30003: "undeliverable", 30005: "undeliverable",
          30006: "undeliverable", 63003: "undeliverable", 63016: "window_closed", 21408: "permission", 30007: "policy"}  # fmt: skip
_STATES = {
    "sent": "sent",
    "delivered": "delivered",
    "read": "read",
    "failed": "failed",
    "undelivered": "failed",
}


@dataclass(slots=True)
class _Mark:
    """`since` is the newest message's time; `seen` are those of the overlap, ours with their last state."""

    since: datetime
    seen: dict[str, str]

    def text(self) -> str:
        return bookmark.write(since=self.since.isoformat(), seen=self.seen)


class _Api:
    """What is asked of Twilio for one account."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._web: Web | None = None
        self._login = ("", "")

    @property
    def server(self) -> str:
        return str(self._account.options.get("base_url") or BASE)

    @property
    def web(self) -> Web:
        if self._web is None:
            secrets = self._account.secrets()
            sid = str(self._account.options["account_sid"])
            self._login = (secrets.get("key", sid), secrets.get("token", ""))
            self._web = Web(self._account, self.server, tuple(secrets.values()))
        return self._web

    def path(self, path: str) -> str:
        return f"/2010-04-01/Accounts/{self._account.options['account_sid']}{path}"

    async def ask(self, method: str, path: str, **rest: Any) -> Reply:
        web = self.web
        return await web.ask(method, path, auth=self._login, **rest)

    async def got(self, path: str, **params: str) -> dict[str, Any]:
        """What Twilio answers; raises ChannelError with its words."""
        whole = path if path.startswith("http") else self.path(path)
        reply = await self.ask("GET", whole, **({"params": params} if params else {}))
        if reply.status == 200 and reply.body:
            return reply.body
        words = str(reply.body.get("message") or f"HTTP {reply.status}")
        raise self.web.error(words, login=reply.status in {401, 403}, after=reply.retry_after)

    async def listed(self, **asked: str) -> list[dict[str, Any]]:
        """The messages of all pages."""
        found: list[dict[str, Any]] = []
        page = await self.got("/Messages.json", **asked, PageSize=str(PAGE))
        for _ in range(PAGES):
            if "messages" not in page:
                raise self.web.error("this is not how Twilio lists messages")
            found += [each for each in page["messages"] if each.get("sid")]
            following = page.get("next_page_uri")
            if not following:
                break
            page = await self.got(f"{self.server}{following}")
        return found

    async def files(self, message: Mapping[str, Any], lasts: Lasts) -> list[File]:
        """The pictures of a message; without their bytes where Twilio does not give them. Raises ChannelError while it may yet."""
        found = []
        listed = await self.got(f"/Messages/{message['sid']}/Media.json")
        if "media_list" not in listed:
            raise self.web.error("this is not how Twilio lists pictures")
        for each in listed["media_list"]:
            path = str(each["uri"]).removesuffix(".json")
            data = await retrieved(partial(self._picture, path), lasts, self.web.error)
            media_type = str(each.get("content_type") or "application/octet-stream")
            name = f"{each['sid']}.{media_type.rpartition('/')[2]}"
            found.append(File(name, media_type, data))
        return found

    async def _picture(self, path: str) -> Reply:
        """What lies there, or where Twilio sends us for it, without our login."""
        reply = await self.ask("GET", f"{self.server}{path}", most=FILE_MAX, read=60.0)
        where = reply.headers.get("location", "")
        if reply.status in {302, 307} and where.startswith("https://"):
            return await self.web.ask("GET", where, most=FILE_MAX, read=60.0)
        return reply

    async def close(self) -> None:
        if self._web is not None:
            await self._web.close()


class Twilio:
    """One number. Options: number, account_sid, base_url; the secret is the auth token, or {"key": ..., "token": ...}."""

    kind = "sms"
    ability: ClassVar = Ability(text_max=1600, receipts=True)

    def __init__(self, account: Account, *, clock: Callable[[], datetime], between: float = BETWEEN) -> None:
        self._account = account
        self._clock = clock
        self._pump = Pump(clock, between=between)
        self._patience = Patience(clock)
        self._api = _Api(account)
        self._rest: list[dict[str, Any]] = []
        self._issued: str | None = None
        self._listed_now: frozenset[str] = frozenset()

    @property
    def trouble(self) -> ChannelError | None:
        """Why nothing comes in now, None while all is well."""
        return self._pump.trouble

    @property
    def _number(self) -> str:
        """Our number as Twilio writes it on this channel."""
        number = str(self._account.options["number"])
        return f"whatsapp:{number}" if self.kind == "whatsapp" else number

    async def check(self) -> Identity:
        """Asks Twilio for the account; raises ChannelError, LoginError."""
        found = await self._api.got(".json")
        return Identity(str(self._account.options["number"]), (str(found.get("status") or "active"),))

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
        """Reads a message of the list, a state of one of ours, or what we sent; raises ValueError with a reason."""
        return read(raw, self.kind)

    def compose(self, out: Outgoing) -> bytes:
        """The raw form of a message of ours."""
        return chat.sent(out, self.kind)

    async def close(self) -> None:
        """Ends every look within two seconds."""
        await self._pump.close()
        await self._api.close()

    # Receiving.

    async def _look(self, cursor: str | None, opening: Opening) -> Look:
        mark, gaps = self._mark(cursor, opening)
        if not self._rest or cursor != self._issued:
            self._rest = await self._news(mark)
        portion, self._rest = self._rest[:AT_ONCE], self._rest[AT_ONCE:]
        arrivals: list[Arrival] = []
        seen, since = dict(mark.seen), mark.since
        for message in portion:
            state = _state(message)
            arrivals += await self._arrivals(message, mark.seen.get(message["sid"]), state, opening)
            seen[message["sid"]] = state
            since = max(since, _sent_at(message)) if not state else since
        if not self._rest:
            seen = {sid: state for sid, state in seen.items() if sid in self._listed_now}
        after = _Mark(since, seen)
        self._issued, more = after.text(), bool(self._rest)
        total = None if more else len(arrivals)
        batch = Batch(self._issued, tuple(arrivals), gaps=gaps, done=len(arrivals), total=total)
        return Look(batch, more=more, keep=after != mark)

    async def _news(self, mark: _Mark) -> list[dict[str, Any]]:
        """What is new or in another state, oldest first; turned round, since the list is newest first and times are whole seconds."""
        edge = mark.since - OVERLAP
        back = min(edge, self._clock() - OUT_KEPT)
        came = await self._api.listed(To=self._number, **{"DateSent>": edge.date().isoformat()})
        went = await self._api.listed(From=self._number, **{"DateSent>": back.date().isoformat()})
        known = [*(e for e in came if _sent_at(e) >= edge), *(e for e in went if _sent_at(e) >= back)]
        self._listed_now = frozenset(str(each["sid"]) for each in known)
        return sorted((e for e in reversed(known) if mark.seen.get(e["sid"]) != _state(e)), key=_sent_at)

    def _mark(self, cursor: str | None, opening: Opening) -> tuple[_Mark, tuple[Gap, ...]]:
        first = _Mark(opening.opened_at - timedelta(days=opening.waiting_days), {})
        if cursor is None:
            return first, ()
        found = bookmark.read(cursor, "since", "seen")
        if found is None:
            return first, (Gap(self._account.id, "", "cursor"),)
        return _Mark(datetime.fromisoformat(found["since"]), found["seen"]), ()

    async def _arrivals(
        self, message: Mapping[str, Any], was: str | None, state: str, opening: Opening
    ) -> list[Arrival]:
        """What is new of a message: itself, and for one of ours what became of it since."""
        found = []
        at = min(_sent_at(message), self._clock())
        if was is None:
            pictures = int(message.get("num_media") or 0)
            lasts = partial(self._patience.lasts, str(message["sid"]), at)
            files = await self._api.files(message, lasts) if pictures else []
            raw = chat.received(self.kind, {"kind": "message", "message": message}, files)
            found.append(self._arrival(raw, message, at, opening, "sent" if state else "inbox"))
        if state in _STATES and was != state:
            raw = chat.received(
                self.kind, {"kind": "state", "message": message, "at": self._clock().isoformat()}
            )
            found.append(self._arrival(raw, message, at, opening, "sent", f"{state}/"))
        return found

    def _arrival(
        self,
        raw: bytes,
        message: Mapping[str, Any],
        at: datetime,
        opening: Opening,
        role: Any,
        prefix: str = "",
    ) -> Arrival:
        number = chat.number(f"{prefix}{message['sid']}")
        before = at < opening.opened_at
        place = Place(self._account.id, self.kind, 0, number)
        return Arrival(place, at, raw, len(raw), role=role, before=before, waits=before and role == "inbox")

    # Sending.

    async def send(self, raw: bytes, envelope: Envelope, before_data: Callable[[], None]) -> SendResult:
        """Sends one text."""
        try:
            out = chat.sending(raw)
        except ValueError as error:
            return Refused("unreadable", str(error))
        to = f"+{out.to.lstrip('+')}"
        data = {
            "From": self._number,
            "To": f"whatsapp:{to}" if self.kind == "whatsapp" else to,
            "Body": out.text,
        }
        web = self._api.web
        before_data()
        try:
            reply = await self._api.ask("POST", self._api.path("/Messages.json"), data=data)
        except UnheardError as error:
            return TryLater(error.values["reason"], reached=False)
        except UnreachableError as error:
            return Doubtful(error.values["reason"])
        words = web.said(reply.body.get("message") or f"HTTP {reply.status}")
        if reply.status in {200, 201} and reply.body.get("sid"):
            return Accepted(self._clock(), names=(chat.name(self.kind, out.to, reply.body["sid"]),))
        if reply.status == 429 or reply.body.get("code") in {20429, 14107}:
            return TryLater(words, reply.retry_after or 1.0, too_fast=True)
        if reply.status >= 500 or reply.status < 400:  # a yes that is not Twilio's says nothing
            return Doubtful(words)
        return Refused(
            "login" if reply.status == 401 else _CODES.get(reply.body.get("code") or 0, "refused"), words
        )

    async def find_sent(self, message_id: str) -> bool | None:
        """The list does not know our names; what was sent comes with the next look."""
        return None


class WhatsAppByTwilio(Twilio):
    """The same for a number that Twilio has with WhatsApp."""

    kind = "whatsapp"


def read(raw: bytes | Path, channel: str) -> Incoming | Notice:
    """Reads a raw form; raises ValueError with a reason."""
    document = chat.opened(raw)
    if "event" not in document:
        return chat.read_sent(document)
    try:
        event = document["event"]
        message = event["message"]
        by_us = str(message["direction"]).startswith("outbound")
        person = _person(message["to" if by_us else "from"])
        name = chat.name(channel, person.email, message["sid"])
        if event["kind"] == "state":
            code = _CODES.get(message.get("error_code") or 0, "refused" if message.get("error_code") else "")
            words = str(message.get("error_message") or "")
            at = datetime.fromisoformat(event["at"])
            return Receipt(channel, name, _STATES[message["status"]], at, code, words)  # type: ignore[arg-type]
        return _incoming(document, message, channel, name, person, by_us=by_us)
    except KeyError as error:
        raise ValueError(f"{error.args[0]} is missing") from None
    except (TypeError, AttributeError):
        raise ValueError("it has not the shape of a Twilio message") from None


def _incoming(
    document: Mapping[str, Any],
    message: Mapping[str, Any],
    channel: str,
    name: str,
    person: Address,
    *,
    by_us: bool,
) -> Incoming:
    text, files = safe(chat.words(message.get("body") or "")), chat.attachments(document)
    missing = ("file_missing",) if len(files) < len(document["files"]) else ()
    stops = channel == "sms" and not by_us and _STOP.fullmatch(text) is not None
    return Incoming(
        channel=channel,
        sender=_person(message["from"]),
        to=(person,) if by_us else (),
        subject=chat.title(text),
        text=text,
        message_id=name,
        sent_at=_sent_at(message),
        language=language(text),
        class_reason=OPTED_OUT if stops and not files else "",
        attachments=files,
        warnings=(*missing, OPTED_OUT) if stops else missing,
    )


def _state(message: Mapping[str, Any]) -> str:
    """The state of one of ours; empty for what came in."""
    return str(message.get("status")) if str(message.get("direction")).startswith("outbound") else ""


def _person(address: object) -> Address:
    """`whatsapp:+34600111222` and `+34600111222` as the id that WhatsApp itself uses."""
    return chat.person("", chat.words(address).rpartition(":")[2].lstrip("+"))


def _sent_at(message: Mapping[str, Any]) -> datetime:
    """When it was sent; a message that waits has only a time of its making."""
    said = message.get("date_sent") or message.get("date_created")
    try:
        return parsedate_to_datetime(str(said)).astimezone(UTC)
    except ValueError:
        raise ValueError("its time cannot be read") from None
