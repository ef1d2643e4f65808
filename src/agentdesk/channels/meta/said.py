"""What Messenger and Instagram say of a conversation, polled or by webhook, as one kind of raw form: the codec, pure.

Promises: the same message has the same name whichever way it came; an echo of what we sent is known by the name that we gave it; a
kind that is not known here is kept and marked `unsupported`. Refuses: fetching files.
"""

import mimetypes
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from agentdesk.channels import chat
from agentdesk.core.language import language
from agentdesk.core.model import Address, Incoming, Notice, Reaction, Receipt, Withdrawal
from agentdesk.core.text import safe

_OURS = "<ad."
"""How a name that we gave to a message begins."""


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that was said. `files` are (name, media type, address) of what is to be fetched."""

    event: dict[str, Any]
    at: datetime
    by_us: bool = False

    @property
    def files(self) -> list[tuple[str, str, str]]:
        return [_file(each) for each in self.event.get("attachments", ()) if _address(each)]


def polled(message: Mapping[str, Any], page: str) -> Said:
    """A message of the Conversations API; raises ValueError for one that has no shape."""
    try:
        by_us = str(message["from"]["id"]) == page
        other = next(iter((message.get("to") or {}).get("data", ())), {}) if by_us else message["from"]
        at = datetime.fromisoformat(str(message["created_time"]).replace("+0000", "+00:00")).astimezone(UTC)
        event = {
            "kind": "message",
            "by_us": by_us,
            "person": str(other["id"]),
            "name": str(other.get("name") or other.get("username") or ""),
            "id": str(message["id"]),
            "text": str(message.get("message") or ""),
            "at": at.isoformat(),
            "attachments": list((message.get("attachments") or {}).get("data", ())),
            "source": dict(message),
        }
    except (KeyError, TypeError, AttributeError):
        raise ValueError("it has not the shape of a conversation's message") from None
    return Said(event, at, by_us)


def taken_apart(body: Mapping[str, Any], page: str) -> Iterator[Said]:
    """Everything in one webhook that is about this page."""
    for entry in _list(body.get("entry")):
        if str(entry.get("id")) != page:
            continue
        for each in _list(entry.get("messaging")):
            found = _of_webhook(each, page)
            if found:
                yield found


def _list(value: object) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _of_webhook(said: Mapping[str, Any], page: str) -> Said | None:
    sender, recipient = (str((said.get(key) or {}).get("id", "")) for key in ("sender", "recipient"))
    at = chat.moment(int(said.get("timestamp") or 0) / 1000)
    message: dict[str, Any] = said.get("message") or {}
    by_us = sender == page or bool(message.get("is_echo"))
    base = {
        "by_us": by_us,
        "person": recipient if by_us else sender,
        "at": at.isoformat(),
        "source": dict(said),
    }
    if message.get("is_deleted"):
        return Said({**base, "kind": "withdrawn", "id": message["mid"]}, at, by_us)
    if message:
        event = {
            **base,
            "kind": "message",
            "name": "",
            "id": str(message["mid"]),
            "text": str(message.get("text") or ""),
            "answers": (message.get("reply_to") or {}).get("mid"),
            "ours": message.get("metadata") if by_us else None,
            "attachments": _list(message.get("attachments")),
        }
        return Said(event, at, by_us)
    if edit := said.get("message_edit"):
        event = {
            **base,
            "kind": "message",
            "name": "",
            "id": str(edit["mid"]),
            "text": str(edit.get("text") or ""),
        }
        return Said({**event, "edit": int(edit.get("num_edit") or 1), "attachments": []}, at, by_us)
    for kind in ("reaction", "read", "delivery", "postback"):
        if isinstance(said.get(kind), dict):
            return Said({**base, "kind": kind, kind: said[kind]}, at, by_us)
    return Said({**base, "kind": "unknown"}, at, by_us)


def _address(attachment: Mapping[str, Any]) -> str:
    places = (
        attachment.get("payload"),
        attachment.get("image_data"),
        attachment.get("video_data"),
        attachment,
    )
    for each in places:
        url = (each.get("url") or each.get("file_url")) if isinstance(each, dict) else None
        if isinstance(url, str) and url:
            return url
    return ""


def _file(attachment: Mapping[str, Any]) -> tuple[str, str, str]:
    kind = str(attachment.get("type") or "file")
    plain = {"image": "image/jpeg", "video": "video/mp4", "audio": "audio/mp4"}.get(
        kind, "application/octet-stream"
    )
    media_type = str(attachment.get("mime_type") or plain)
    name = str(attachment.get("name") or f"{kind}{mimetypes.guess_extension(media_type) or ''}")
    return name, media_type, _address(attachment)


def read(raw: bytes | Path) -> Incoming | Notice:
    """Reads a raw form; raises ValueError with a reason."""
    document = chat.opened(raw)
    if "event" not in document:
        return chat.read_sent(document)
    try:
        return _read(document, document["channel"], document["event"])
    except KeyError as error:
        raise ValueError(f"{error.args[0]} is missing") from None
    except (TypeError, AttributeError):
        raise ValueError("it has not the shape of a conversation's event") from None


def _read(document: Mapping[str, Any], channel: str, event: Mapping[str, Any]) -> Incoming | Notice:
    kind, at, person = event["kind"], datetime.fromisoformat(event["at"]), str(event["person"])
    if kind == "withdrawn":
        return Withdrawal(channel, chat.name(channel, person, event["id"]), at)
    if kind == "read":
        until = event["read"].get("watermark")
        return Receipt(
            channel, "", "read", at, reader=person, upto=chat.moment(int(until) / 1000) if until else at
        )
    if kind == "delivery":
        until = chat.moment(int(event["delivery"]["watermark"]) / 1000)
        return Receipt(channel, "", "delivered", at, reader=person, upto=until)
    if kind == "reaction":
        said = event["reaction"]
        sign = str(said.get("emoji") or said.get("reaction") or "") if said.get("action") != "unreact" else ""
        return Reaction(channel, chat.name(channel, person, said["mid"]), chat.person("", person), sign, at)
    if str(event.get("ours") or "").startswith(_OURS):
        return Receipt(channel, str(event["ours"]), "sent", at)
    return _message(document, channel, event, at, person)


def _message(
    document: Mapping[str, Any], channel: str, event: Mapping[str, Any], at: datetime, person: str
) -> Incoming:
    pressed = event.get("postback") or {}
    text, files = (
        safe(chat.words(event.get("text") or pressed.get("title") or "")),
        chat.attachments(document),
    )
    number = str(event.get("id") or pressed.get("mid") or f"{event['kind']}.{event['at']}")
    name = chat.name(channel, person, number)
    customer = chat.person(event.get("name"), person)
    answered = event.get("answers")
    names = (chat.name(channel, person, answered),) if answered else ()
    warnings = ["file_missing"] if len(files) < len(document["files"]) else []
    if not text and not document["files"]:
        warnings.append("unsupported")
    return Incoming(
        channel=channel,
        sender=Address("", "") if event["by_us"] else customer,
        to=(customer,) if event["by_us"] else (),
        subject=chat.title(text),
        text=text,
        message_id=f"{name}.{event['edit']}" if event.get("edit") else name,
        in_reply_to=names,
        references=names,
        sent_at=at,
        language=language(text),
        attachments=files,
        warnings=tuple(warnings),
        edits=name if event.get("edit") else None,
    )
