"""The Cloud API of WhatsApp: what is asked of it and sent by it. Receiving is the webhook's.

Promises: outside the window nothing is asked of Meta that it would refuse; a file is handed over before the message that shows
it, so that a message is one request; each carries our own name for it, which comes back with every status.
"""

import mimetypes
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import quote

from agentdesk.channels import (
    PLACE,
    Accepted,
    Account,
    Approved,
    Doubtful,
    Identity,
    Refused,
    SendResult,
    TryLater,
    chat,
)
from agentdesk.channels.chat import File, Sending
from agentdesk.channels.graph import Graph, following
from agentdesk.channels.retrieval import Lasts, Patience
from agentdesk.channels.web import Reply, UnheardError
from agentdesk.core.window import Standing, standing
from agentdesk.errors import ChannelError

FILE_MAX = 100 << 20
TYPE_MAX = (("image", 5 << 20), ("video", 16 << 20), ("audio", 16 << 20))
TEXT_MAX = 4096
_CAPTION = 1024
_PLAIN = {
    "image/jpeg",
    "image/png",
    "video/mp4",
    "video/3gpp",
    "audio/aac",
    "audio/mp4",
    "audio/mpeg",
    "audio/amr",
    "audio/ogg",
}
"""What WhatsApp shows as a picture, film or sound; all else goes as a document."""
_OFFICE = "application/vnd.openxmlformats-officedocument"
TYPES = frozenset({
    *_PLAIN, "audio/opus", "image/webp", "application/pdf", "text/plain", "application/msword", "application/vnd.ms-excel",
    "application/vnd.ms-powerpoint", f"{_OFFICE}.wordprocessingml.document", f"{_OFFICE}.spreadsheetml.sheet",
    f"{_OFFICE}.presentationml.presentation",
})  # fmt: skip
"""What Meta takes in at all, and at most how many bytes of it."""
_NAME = re.compile(r"[a-z_][a-z0-9_]*")
_SIMPLE = {"HEADER", "FOOTER", "BUTTONS"}


class Cloud:
    """One business number. Options: phone_id, business_id, base_url."""

    def __init__(self, account: Account, clock: Callable[[], datetime]) -> None:
        self._account = account
        self._clock = clock
        self.patience = Patience(clock)
        self._graph = Graph(account, str(account.options.get("base_url") or ""))

    @property
    def _phone(self) -> str:
        return str(self._account.options["phone_id"])

    async def check(self) -> Identity:
        """Asks Meta which number this is; raises ChannelError, LoginError."""
        found = await self._graph.get(self._phone, fields="display_phone_number,verified_name,quality_rating")
        quality = str(found.get("quality_rating") or "unknown").lower()
        words = (f"quality:{quality}", *await self._subscribed())
        return Identity(str(found.get("display_phone_number") or self._phone), words)

    async def _subscribed(self) -> tuple[str, ...]:
        """Whether Meta tells any app of what comes in for this account; nothing where it does not say."""
        business = str(self._account.options["business_id"])
        reply = await self._graph.ask("GET", f"{business}/subscribed_apps")
        if reply.status != 200 or not isinstance(reply.body.get("data"), list):
            return ()
        return ("subscribed" if reply.body["data"] else "not_subscribed",)

    async def fetched(self, content: Mapping[str, Any], kind: str, at: datetime) -> File:
        """The file of a message that came at `at`; without its bytes where it cannot be had any more. Raises ChannelError
        where it is worth asking again."""
        media_type = str(content.get("mime_type") or "application/octet-stream").partition(";")[0]
        name = str(content.get("filename") or f"{kind}{mimetypes.guess_extension(media_type) or ''}")
        media = str(content.get("id") or "")
        return File(name, media_type, await self._bytes(media, partial(self.patience.lasts, media, at)))

    async def _bytes(self, media: str, lasts: Lasts) -> bytes | None:
        """Meta's address for a file is good for five minutes: it is asked for, and used at once."""
        if not media:
            return None
        found = await self._graph.ask("GET", quote(media, safe=""))
        if found.status != 200 or not found.body:
            self._graph.lost(found, lasts)
            return None
        return await self._graph.file(str(found.body.get("url")), FILE_MAX, lasts, ours=True)

    async def send(self, out: Sending, before_data: Callable[[], None]) -> SendResult:
        """Sends text and files, or a template where the window is closed, or was never open."""
        is_open = standing("whatsapp", out.free_until, self._clock()) is Standing.OPEN
        if not is_open and out.template is None:
            return Refused("window_closed", "24 hours have passed since the customer wrote")
        documents = [self._template(out)] if out.template and not is_open else await self._parts(out)
        if not isinstance(documents, list):
            return documents
        names: list[str] = []
        refused: list[tuple[str, str]] = []
        for number, document in enumerate(documents):
            mark = before_data if number == 0 else None
            result = await self._graph.send(f"{self._phone}/messages", document, mark)
            if isinstance(result, Reply):
                names += [chat.name("whatsapp", out.to, each) for each in _named(result)]
            elif number == 0:
                return result
            else:
                refused.append((str(document["type"]), result.reason))
        return Accepted(self._clock(), refused=tuple(refused), names=tuple(names))

    def _to(self, out: Sending) -> dict[str, Any]:
        """Who gets it: a number, or the id that WhatsApp gives to somebody without one."""
        who = {"to": out.to} if out.to.isdigit() else {"recipient": out.to.upper()}
        return {
            "messaging_product": "whatsapp",
            "recipient_type": "individual",
            **who,
            "biz_opaque_callback_data": out.message_id,
        }

    def _template(self, out: Sending) -> dict[str, Any]:
        assert out.template is not None
        values = [{"type": "text", "text": each} for each in out.template.values]
        for value, place in zip(values, out.template.places, strict=False):
            value["parameter_name"] = place
        template: dict[str, Any] = {"name": out.template.name, "language": {"code": out.template.language}}
        if values:
            template["components"] = [{"type": "body", "parameters": values}]
        return {**self._to(out), "type": "template", "template": template}

    async def _parts(self, out: Sending) -> list[dict[str, Any]] | TryLater | Refused | Doubtful:
        """One document for each message that it takes; files are handed over here, when nothing has gone yet."""
        caption = (
            out.text if out.files and len(out.text) <= _CAPTION and _kind(out.files[0]) != "audio" else ""
        )
        documents: list[dict[str, Any]] = []
        if out.text and not caption:
            documents.append({**self._to(out), "type": "text", "text": {"body": out.text}})
        for number, file in enumerate(out.files):
            handed = await self._handed(file)
            if not isinstance(handed, str):
                return handed
            kind = _kind(file)
            content: dict[str, Any] = {"id": handed}
            if kind == "document":
                content["filename"] = file.name
            if caption and number == 0:
                content["caption"] = caption
            documents.append({**self._to(out), "type": kind, kind: content})
        return documents

    async def _handed(self, file: File) -> str | TryLater | Refused | Doubtful:
        """Meta's id of a file that it was given."""
        form = {"messaging_product": "whatsapp", "type": file.media_type}
        files = {"file": (file.name, file.data or b"", file.media_type)}
        try:
            reply = await self._graph.ask("POST", f"{self._phone}/media", data=form, files=files, read=120.0)
        except ChannelError as error:
            heard = not isinstance(error, UnheardError)
            return TryLater(error.values["reason"], reached=heard)  # a file alone is nothing anybody sees
        if reply.status == 200 and reply.body.get("id"):
            return str(reply.body["id"])
        fate = self._graph.fate(reply)
        if isinstance(fate, Doubtful) or reply.status == 200:
            return TryLater(fate.reason)
        # Of what kind or size it may be, only the words say.
        return replace(fate, code="file") if isinstance(fate, Refused) and fate.code == "refused" else fate

    async def attend(self, answers: str) -> None:
        """Marks what was written as read, and shows that somebody is writing."""
        document = {
            "messaging_product": "whatsapp",
            "status": "read",
            "message_id": chat.number_of(answers),
            "typing_indicator": {"type": "text"},
        }
        await self._graph.ask("POST", f"{self._phone}/messages", json=document)

    async def templates(self) -> tuple[Approved, ...]:
        """The texts that Meta approved; raises ChannelError."""
        business = str(self._account.options["business_id"])
        asked = {"fields": "name,language,status,components", "limit": "100"}
        found: list[Approved] = []
        while True:
            page = await self._graph.get(f"{business}/message_templates", **asked)
            made = (_approved(each) for each in page.get("data", ()) if each.get("status") == "APPROVED")
            found += [each for each in made if each]
            after = following(page)
            if not after or not page.get("data"):
                return tuple(found)
            asked["after"] = after

    async def close(self) -> None:
        await self._graph.close()


def _named(reply: Reply) -> list[str]:
    """Meta's ids of what it took."""
    found = reply.body.get("messages")
    return [str(each["id"]) for each in found if each.get("id")] if isinstance(found, list) else []


def _kind(file: File) -> str:
    return file.media_type.partition("/")[0] if file.media_type in _PLAIN else "document"


def _approved(template: Mapping[str, Any]) -> Approved | None:
    """A template whose only places are in its body; others ask for what a text cannot give."""
    parts: dict[str, Any] = {str(each.get("type")): each for each in template.get("components", ())}
    body = str(parts.pop("BODY", {}).get("text") or "")
    is_plain = parts.get("HEADER", {}).get("format", "TEXT") == "TEXT" and "{{" not in str(parts)
    places = tuple(dict.fromkeys(each.strip() for each in PLACE.findall(body)))
    numbered = tuple(str(number) for number in range(1, len(places) + 1))
    are_known = set(places) == set(numbered) or all(map(_NAME.fullmatch, places))
    if not body or not is_plain or parts.keys() - _SIMPLE or not are_known:
        return None
    in_order = numbered if set(places) == set(numbered) else places
    return Approved(str(template["name"]), str(template["language"]), body, in_order)
