"""The raw forms in which the demo's messages travel: real mails (`compose` writes them), and chats as JSON documents.

Promises: the same value gives the same bytes; what `chat` writes `read_chat` reads, and anything else is a ValueError
with a reason. Every text of a chat is made safe for a terminal here, as `mime` does for mail.
"""

import base64
import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from agentdesk.channels.compose import compose
from agentdesk.core.model import CHANNELS, Address, Attachment, Incoming, Outgoing
from agentdesk.core.seal import digest
from agentdesk.core.text import language, safe, safe_line

LANGUAGES = ("es", "ca", "en")
AT_MOST = 1 << 20
"""Bytes of a chat message; no service has longer ones."""


def mail(out: Outgoing, headers: Iterable[tuple[str, str]] = (), html: str = "") -> bytes:
    """A whole mail with headers of its own before the others; `html` is what it says instead of `out.text`."""
    raw = compose(replace(out, text=html) if html else out)
    if html:
        raw = raw.replace(b"text/plain", b"text/html", 1)
    return "".join(f"{name}: {value}\r\n" for name, value in headers).encode() + raw


def chat(out: Outgoing, channel: str, spoken: str | None = None) -> bytes:
    """A chat message; `spoken` is the language that the platform says its writer uses."""
    document = {
        "channel": channel,
        "id": out.message_id,
        "from": {"name": out.sender.name, "address": out.sender.email},
        "to": [{"name": a.name, "address": a.email} for a in out.to],
        "at": out.at.isoformat(),
        "text": out.text,
        "previous": list(dict.fromkeys((*out.references, *filter(None, (out.in_reply_to,))))),
        "language": spoken,
        "files": [
            {"name": f.name, "media_type": f.media_type, "data": base64.b64encode(f.data).decode()}
            for f in out.files
        ],
    }
    return json.dumps(document, ensure_ascii=True, separators=(",", ":")).encode()


def read_chat(raw: bytes | Path) -> Incoming:
    """Reads what `chat` wrote; raises ValueError with a reason."""
    data = raw if isinstance(raw, bytes) else raw.read_bytes()
    if len(data) > AT_MOST:
        raise ValueError("the message is too long for a chat")
    try:
        document = json.loads(data)
    except (ValueError, RecursionError):
        raise ValueError("it is no JSON document") from None
    if not isinstance(document, dict):
        raise ValueError("it is no JSON object")  # noqa: TRY004 - a reader raises one kind
    try:
        return _incoming(document)
    except KeyError as error:
        raise ValueError(f"{error.args[0]} is missing") from None
    except (TypeError, AttributeError):
        raise ValueError("it has not the shape of a chat message") from None


def _incoming(document: dict[str, Any]) -> Incoming:
    channel, text = document["channel"], safe(_text(document["text"]))
    if channel not in CHANNELS or channel == "email":
        raise ValueError("it is of no chat that is known")
    previous = tuple(safe_line(_text(each)) for each in document["previous"])
    spoken = document["language"]
    return Incoming(
        channel=channel,
        sender=_address(document["from"]),
        subject=_title(text),
        text=text,
        message_id=safe_line(_text(document["id"])) or None,
        in_reply_to=previous[-1:],
        references=previous,
        to=tuple(map(_address, document["to"])),
        sent_at=_time(_text(document["at"])),
        language=language(text) or (spoken if spoken in LANGUAGES else None),
        attachments=tuple(_attachment(n, file) for n, file in enumerate(document["files"], 1)),
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("a text is missing")  # noqa: TRY004 - a reader raises one kind
    return value


def _time(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError("its time cannot be read") from None


def _title(text: str) -> str:
    """What a chat is about, since nobody writes a subject there: how it begins."""
    line = safe_line(text)
    return line if len(line) <= 60 else line[:60].rpartition(" ")[0] + "…"


def _address(value: Mapping[str, object]) -> Address:
    return Address(safe_line(_text(value["name"])), safe_line(_text(value["address"])).lower())


def _attachment(number: int, file: Mapping[str, object]) -> Attachment:
    data = base64.b64decode(_text(file["data"]), validate=True)
    media_type = safe_line(_text(file["media_type"]))
    return Attachment(safe_line(_text(file["name"])), media_type, len(data), digest(data), str(number))
