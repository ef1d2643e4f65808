"""What Messenger and Instagram say of a conversation, polled or by webhook, as one kind of raw form: the codec, pure.

Promises: the same message has the same name whichever way it came; an echo of what we sent is known by the name that we gave it; a
place and what somebody shares become text, and what an ad or a link says stands above the words that it led to; a kind that is not known
here is kept and marked `unsupported`. Refuses: fetching files, and following what is shared.
"""

import mimetypes
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from agentdesk.channels import chat
from agentdesk.channels.shape import entries, inside
from agentdesk.core.language import language
from agentdesk.core.model import (
    BY_SERVICE,
    Address,
    Incoming,
    MailClass,
    Notice,
    Reaction,
    Receipt,
    Withdrawal,
)
from agentdesk.core.text import safe
from agentdesk.values import dataclass

_OURS = "<ad."
"""How a name that we gave to a message begins."""
_LINK = "fallback"
"""What the service makes of a link in a text: it says nothing that the text does not."""
_SHARED = frozenset({_LINK, "share", "post", "ig_post", "reel", "ig_reel"})
"""What somebody shared: its address leads anywhere, and is shown instead of fetched."""
_PLACE = "location"


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that was said. `files` are (name, media type, address) of what is to be fetched."""

    event: dict[str, Any]
    at: datetime
    by_us: bool = False

    @property
    def files(self) -> list[tuple[str, str, str]]:
        found = self.event.get("attachments", ())
        no_file = {*_SHARED, _PLACE}
        return [_file(each) for each in found if _type(each) not in no_file and _address(each)]


def instant(text: object) -> datetime:
    """A time as the Conversations API writes it; 1970 for what is none."""
    try:
        return datetime.fromisoformat(str(text).replace("+0000", "+00:00")).astimezone(UTC)
    except ValueError:
        return datetime(1970, 1, 1, tzinfo=UTC)


def polled(message: Mapping[str, Any], us: frozenset[str]) -> Said:
    """A message of the Conversations API; one that has not the shape of any is `other`."""
    at, by_us = instant(message.get("created_time")), _id(message, "from") in us
    base = {"by_us": by_us, "at": at.isoformat(), "id": str(message.get("id")), "source": dict(message)}
    to = _list(inside(message, "to").get("data"))
    other = next((each for each in to if str(each.get("id")) not in us), {}) if by_us else message.get("from")
    if not isinstance(other, dict) or not other.get("id") or not message.get("id"):
        return Said({**base, "kind": "other", "person": ""}, at, by_us)
    event = {
        **base,
        "kind": "message",
        "person": str(other["id"]),
        "name": str(other.get("name") or other.get("username") or ""),
        "text": str(message.get("message") or ""),
        "attachments": [
            *_list(inside(message, "attachments").get("data")),
            *map(_share, _list(inside(message, "shares").get("data"))),
        ],
    }
    return Said(event, at, by_us)


def _share(said: Mapping[str, Any]) -> dict[str, Any]:
    """What the Conversations API says that somebody shared, as a webhook says it."""
    return {"type": "share", "title": said.get("name"), "payload": {"url": said.get("link")}}


def taken_apart(body: Mapping[str, Any], us: frozenset[str], came_at: datetime) -> Iterator[Said]:
    """Everything in one webhook. What is about another page than ours, or is nothing of a conversation, is `other`: signed, it
    is kept. `came_at` is when it came, for what bears no time. Where another app has the floor, it comes as `standby`."""
    for entry in entries(body, "entry"):
        ours = isinstance(entry, dict) and str(entry.get("id")) in us
        events = [
            each for key in ("messaging", "standby") if ours and key in entry for each in entries(entry, key)
        ]
        for each in events:
            yield _of_webhook(each, us, came_at) if isinstance(each, dict) else _other(each, came_at)
        if not events:
            yield _other(entry, came_at, ours=ours)


def _other(what: object, at: datetime, *, ours: bool = True) -> Said:
    event = {
        "kind": "other",
        "ours": ours,
        "person": "",
        "by_us": False,
        "at": at.isoformat(),
        "source": what,
    }
    return Said(event, at)


def _list(value: object) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _id(thing: Mapping[str, Any], key: str) -> str:
    found = inside(thing, key).get("id")
    return found if isinstance(found, str) else ""


def _millis(value: object) -> datetime:
    """A time that a webhook gives in thousandths of a second; raises ValueError."""
    return chat.moment(value / 1000 if isinstance(value, int | float) else None)


def _of_webhook(said: dict[str, Any], us: frozenset[str], came_at: datetime) -> Said:
    sender, recipient = _id(said, "sender"), _id(said, "recipient")
    message, edit = inside(said, "message"), inside(said, "message_edit")
    by_us = sender in us or bool(message.get("is_echo"))
    try:
        at = _millis(said.get("timestamp"))
    except ValueError:
        at = came_at
    base = {
        "by_us": by_us,
        "person": recipient if by_us else sender,
        "at": at.isoformat(),
        "source": said,
    }
    if message.get("is_deleted"):
        return Said({**base, "kind": "withdrawn", "id": message.get("mid")}, at, by_us)
    if message:
        event = {
            "text": str(message.get("text") or ""),
            "answers": inside(message, "reply_to").get("mid"),
            "referral": inside(message, "referral"),
            "ours": message.get("metadata") if by_us else None,
            "attachments": _list(message.get("attachments")),
        }
        return Said({**base, "kind": "message", "name": "", "id": message.get("mid"), **event}, at, by_us)
    if edit:
        event = {"text": str(edit.get("text") or ""), "edit": edit.get("num_edit") or 1, "attachments": []}
        return Said({**base, "kind": "message", "name": "", "id": edit.get("mid"), **event}, at, by_us)
    for kind in ("reaction", "read", "delivery", "postback", "referral"):
        if isinstance(said.get(kind), dict):
            more = {"referral": inside(said, kind, "referral")} if kind == "postback" else {}
            return Said({**base, "kind": kind, **more, kind: said[kind]}, at, by_us)
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


def _type(attachment: Mapping[str, Any]) -> str:
    return str(attachment.get("type") or "file")


def _file(attachment: Mapping[str, Any]) -> tuple[str, str, str]:
    kind = _type(attachment)
    plain = {"image": "image/jpeg", "video": "video/mp4", "audio": "audio/mp4"}.get(
        kind, "application/octet-stream"
    )
    media_type = str(attachment.get("mime_type") or plain)
    name = str(attachment.get("name") or f"{kind}{mimetypes.guess_extension(media_type) or ''}")
    return name, media_type, _address(attachment)


def _words(event: Mapping[str, Any]) -> str:
    """What somebody said, with the places and whatever else they shared beside."""
    own = _typed(event)
    shared = [each for each in event.get("attachments", ()) if not (own and _type(each) == _LINK)]
    return chat.lines(own, *map(_shown, shared))


def _typed(event: Mapping[str, Any]) -> str:
    return chat.words(event.get("text") or inside(event, "postback").get("title") or "")


def _shown(attachment: Mapping[str, Any]) -> str:
    """A place or something that was shared, in words; empty for a file."""
    title = attachment.get("title") or inside(attachment, "payload").get("title")
    if _type(attachment) in _SHARED:
        return chat.lines(title, _address(attachment))
    where = inside(attachment, "payload", "coordinates") if _type(attachment) == _PLACE else {}
    return chat.place(where.get("lat"), where.get("long"), title) if where else ""


def _above(event: Mapping[str, Any]) -> tuple[str, tuple[str, ...]]:
    """(words, marks) of the ad, the link or the product that led to a message."""
    led = inside(event, "referral")
    ad, product = inside(led, "ads_context_data"), inside(led, "product").get("id")
    said = chat.lines(ad.get("ad_title"), led.get("ref"), led.get("referer_uri"))
    number = product or ad.get("product_id")
    told = said or ("" if number else chat.lines(led.get("ad_id"), led.get("source")))
    marks = (("from_ad", bool(told)), ("about_product", bool(number)))
    return chat.lines(told, number), tuple(code for code, is_so in marks if is_so)


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
    if kind == "other" or not person:
        ours = event.get("ours", True)
        raise ValueError(
            "it is no message: it is kept, and not supported"
            if ours
            else "it is about another page than ours"
        )
    if kind == "withdrawn":
        return Withdrawal(channel, chat.name(channel, person, event["id"]), at)
    if kind == "read":
        until = event["read"].get("watermark")
        return Receipt(channel, "", "read", at, reader=person, upto=_millis(until) if until else at)
    if kind == "delivery":
        until = _millis(event["delivery"]["watermark"])
        return Receipt(channel, "", "delivered", at, reader=person, upto=until)
    if kind == "reaction":
        said = event["reaction"]
        sign = str(said.get("emoji") or said.get("reaction") or "") if said.get("action") != "unreact" else ""
        by = None if event["by_us"] else chat.person("", person)
        return Reaction(channel, chat.name(channel, person, said["mid"]), by, sign, at)
    if str(event.get("ours") or "").startswith(_OURS):
        return Receipt(channel, str(event["ours"]), "sent", at)
    return _message(document, channel, event, at, person)


def _message(
    document: Mapping[str, Any], channel: str, event: Mapping[str, Any], at: datetime, person: str
) -> Incoming:
    own, (above, marks) = safe(_words(event)), _above(event)
    text = chat.beside(safe(above), own)
    files = chat.attachments(document)
    number = str(event.get("id") or inside(event, "postback").get("mid") or f"{event['kind']}.{event['at']}")
    name = chat.name(channel, person, number)
    customer = chat.person(event.get("name"), person)
    answered = event.get("answers")
    names = (chat.name(channel, person, answered),) if answered else ()
    warnings = [*marks, "file_missing"] if len(files) < len(document["files"]) else [*marks]
    by_service = event["kind"] == "referral"  # whoever came by a link and has said nothing yet does not wait
    if by_service or not (own or document["files"]):
        warnings.append(BY_SERVICE if by_service else "unsupported")
    return Incoming(
        channel=channel,
        sender=Address("", "") if event["by_us"] else customer,
        to=(customer,) if event["by_us"] else (),
        subject=chat.title(own or text),
        text=text,
        message_id=f"{name}.{event['edit']}" if event.get("edit") else name,
        in_reply_to=names,
        references=names,
        sent_at=at,
        language=language(_typed(event)),
        mail_class=MailClass.AUTO_REPLY if by_service else MailClass.HUMAN,
        class_reason=BY_SERVICE if by_service else "",
        attachments=files,
        warnings=tuple(warnings),
        edits=name if event.get("edit") else None,
        copy_of=event.get("copies"),
    )
