"""A Matrix event as a message, or as what is said of one: the codec, pure.

Promises: text, caption, place and poll become text; what is not known here is kept and marked `unsupported`, what is encrypted
is marked so; an edit and a withdrawal count only from whoever wrote the message. Refuses: fetching anything; files, and
what an event speaks of, lie in the raw form already. Kinds and shapes are those of the client-server API, version 1.15.
"""

import base64
import binascii
import mimetypes
import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from agentdesk.channels import chat
from agentdesk.channels.shape import inside, mapping
from agentdesk.core.language import language
from agentdesk.core.model import Address, Incoming, MailClass, Notice, Reaction, Receipt, Withdrawal
from agentdesk.core.text import safe, safe_line
from agentdesk.values import dataclass

KIND = "matrix"
MESSAGE, ENCRYPTED, STICKER = "m.room.message", "m.room.encrypted", "m.sticker"
REACTION, REDACTION = "m.reaction", "m.room.redaction"
POLLS = {"m.poll.start": "m.poll", "org.matrix.msc3381.poll.start": "org.matrix.msc3381.poll.start"}
"""By the kind of a poll the key under which it lies; clients send the second kind, too."""
SPOKEN = frozenset({MESSAGE, ENCRYPTED, STICKER, *POLLS})
"""What people say."""
_TEXT_KEYS = ("m.text", "org.matrix.msc1767.text", "body")
_MEDIA = {"m.image": "image/jpeg", "m.video": "video/mp4", "m.audio": "audio/ogg", "m.file": ""}
_TEXTS = frozenset({"m.text", "m.notice", "m.emote", "m.location"})
_RINGS = "m.call.invite"
_MACHINES = ("m.call.", "m.key.", "org.matrix.call.")
"""What clients say to one another while they call or compare keys."""
_SIGN_AT_MOST = 32
_MXC = re.compile(r"mxc://([A-Za-z0-9.:\[\]-]+)/([A-Za-z0-9_-]+)")
_QUOTED = re.compile(r"> (?:\* ?)?<@[^>\n]+>")
_TRANSACTION = re.compile(r"ad\.([A-Za-z0-9_-]+)\.\d+")


@dataclass(frozen=True, slots=True)
class Media:
    """A file that a message names: where it lies (empty: nowhere that can be read) and what is said of it."""

    server: str
    number: str
    name: str
    media_type: str
    size: int
    seconds: int | None


def transaction(message_id: str, number: int) -> str:
    """The transaction id of one event of a message of ours: the same for each attempt."""
    coded = base64.urlsafe_b64encode(message_id.encode()).decode().rstrip("=")
    return f"ad.{coded}.{number}"


def message_of(transaction_id: object) -> str | None:
    """The Message-ID in a transaction id of ours; None in any other."""
    found = _TRANSACTION.fullmatch(transaction_id) if isinstance(transaction_id, str) else None
    if found is None:
        return None
    coded = found[1]
    try:
        return base64.urlsafe_b64decode(coded + "=" * (-len(coded) % 4)).decode()
    except (binascii.Error, ValueError):
        return None


def name_of(room: str, event: str) -> str:
    """What a message is called; ids of old rooms may hold a slash."""
    return chat.name(KIND, room, quote(event, safe="$:+="))


def id_of(number: str) -> str:
    """An event's own id, from its number in a name."""
    return unquote(number)


def related(event: Mapping[str, Any]) -> str:
    """The event that this one speaks of: edits, reacts to or takes back; empty where it speaks of none."""
    content = inside(event, "content")
    if event.get("type") == REDACTION:
        return _text(event.get("redacts")) or _text(content.get("redacts"))
    relation = inside(content, "m.relates_to")
    speaks = relation.get("rel_type") in {"m.replace", "m.annotation"}
    return _text(relation.get("event_id")) if speaks else ""


def is_edit(event: Mapping[str, Any]) -> bool:
    """Whether an event says that it takes another's place."""
    relation = inside(event, "content", "m.relates_to")
    return event.get("type") == MESSAGE and relation.get("rel_type") == "m.replace"


def sign_of(event: Mapping[str, Any]) -> str:
    """The sign of a reaction."""
    relation = inside(event, "content", "m.relates_to")
    return safe_line(_text(relation.get("key")))[:_SIGN_AT_MOST]


def concerns(event: Mapping[str, Any]) -> bool:
    """Whether an event is for people: no state of the room, nothing between machines, nothing that is empty by now since it
    was taken back."""
    kind = _text(event.get("type"))
    if "state_key" in event or (kind.startswith(_MACHINES) and kind != _RINGS):
        return False
    if kind == REACTION:
        return bool(related(event) and sign_of(event))
    return kind == REDACTION or bool(inside(event, "content"))


def media_of(event: Mapping[str, Any]) -> Media | None:
    """The file that a message names."""
    content = inside(event, "content")
    kind = "m.image" if event.get("type") == STICKER else _text(content.get("msgtype"))
    if kind not in _MEDIA or event.get("type") not in {MESSAGE, STICKER}:
        return None
    info = inside(content, "info")
    media_type = _text(info.get("mimetype")) or _MEDIA[kind] or "application/octet-stream"
    said = _text(content.get("filename")) or _text(content.get("body"))
    name = said if event.get("type") == MESSAGE and said else _named(kind, media_type)
    where = _MXC.fullmatch(_text(content.get("url")))
    length = _number(info.get("duration"))
    return Media(
        server=where[1] if where else "",
        number=where[2] if where else "",
        name=name,
        media_type=media_type,
        size=_number(info.get("size")) or 0,
        seconds=None if length is None or kind not in {"m.audio", "m.video"} else round(length / 1000),
    )


def _named(kind: str, media_type: str) -> str:
    return f"{kind.removeprefix('m.')}{mimetypes.guess_extension(media_type) or ''}"


def read(raw: bytes | Path) -> Incoming | Notice:
    """Reads a raw form; raises ValueError with a reason."""
    document = chat.opened(raw)
    if "event" not in document:
        return chat.read_sent(document)
    said = document["event"]
    try:
        if "receipt" in said:
            return _receipt(said)
        kind = said["event"]["type"]
        if kind == REACTION:
            return _reaction(said)
        return _taken_back(said) if kind == REDACTION else _incoming(document, said)
    except KeyError as error:
        raise ValueError(f"{error.args[0]} is missing") from None
    except (TypeError, AttributeError):
        raise ValueError("it has not the shape of a Matrix event") from None


def _receipt(said: Mapping[str, Any]) -> Receipt:
    """Somebody has read a message of ours."""
    receipt = said["receipt"]
    return Receipt(KIND, name_of(said["room"], receipt["of"]), "read", moment(receipt["at"]))


def _reaction(said: Mapping[str, Any]) -> Reaction:
    event = said["event"]
    by = None if event["sender"] == said["us"] else _person(said, event["sender"])
    return Reaction(
        KIND, name_of(said["room"], related(event)), by, sign_of(event), moment(event["origin_server_ts"])
    )


def _taken_back(said: Mapping[str, Any]) -> Reaction | Withdrawal:
    """A message that its writer took back, or a sign: then `sign_on` is what it was put to."""
    event = said["event"]
    at = moment(event["origin_server_ts"])
    if on := said.get("sign_on"):
        by = None if event["sender"] == said["us"] else _person(said, event["sender"])
        return Reaction(KIND, name_of(said["room"], on), by, "", at)
    return Withdrawal(KIND, name_of(said["room"], related(event)), at)


def _incoming(document: Mapping[str, Any], said: Mapping[str, Any]) -> Incoming:
    event, room = said["event"], said["room"]
    own = event["sender"] == said["us"]
    content = mapping(event["content"])
    edited = name_of(room, related(event)) if said.get("edits") else None
    shown = (inside(content, "m.new_content") or content) if edited else content
    answered = _text(inside(content, "m.relates_to", "m.in_reply_to").get("event_id"))
    previous = (name_of(room, answered),) if answered else ()
    text = safe(_words(event["type"], shown, is_reply=bool(answered)))
    files = chat.attachments(document)
    several = chat.room(said["several"], room) if "several" in said else None
    is_notice = shown.get("msgtype") == "m.notice"
    return Incoming(
        channel=KIND,
        sender=_person(said, event["sender"]),
        subject=chat.title(text),
        text=text,
        message_id=name_of(room, event["event_id"]),
        in_reply_to=previous,
        references=previous,
        to=(several or _person(said, said["customer"]),) if own else (),
        sent_at=moment(event["origin_server_ts"]),
        language=language(text),
        mail_class=MailClass.AUTO_REPLY if is_notice else MailClass.HUMAN,
        class_reason="m.notice" if is_notice else "",
        attachments=files,
        warnings=_warnings(event["type"], shown, missing=len(files) < len(document["files"])),
        edits=edited,
        copy_of=message_of(inside(event, "unsigned").get("transaction_id")) if own else None,
        room=several,
    )


def _words(kind: str, content: Mapping[str, Any], *, is_reply: bool) -> str:
    body, said = _text(content.get("body")), content.get("msgtype")
    if kind in POLLS:
        return _poll(kind, content)
    if kind == STICKER:
        return body
    if said in _MEDIA and _text(content.get("filename")) in {"", body}:
        return ""  # the body is the file's name, and no caption
    if said == "m.location":
        place = _text(content.get("geo_uri"))
        return "\n".join(each for each in (body, place if place.startswith("geo:") else "") if each)
    text = _without_quote(body) if is_reply else body
    return f"* {text}" if said == "m.emote" else text


def _poll(kind: str, content: Mapping[str, Any]) -> str:
    """A question and its answers, in words; a draft of the specification had them under the kind's own name."""
    poll = inside(content, POLLS[kind]) or inside(content, kind)
    answers = poll.get("answers")
    said = map(_told, answers) if isinstance(answers, list) else ()
    return chat.choices(_told(poll.get("question")), said)


def _told(thing: object) -> str:
    """The plain words of what may be said in several forms."""
    found = next((each for key in _TEXT_KEYS if (each := mapping(thing).get(key))), "")
    forms = found if isinstance(found, list) else [{"body": found}]
    plain = (each for each in map(mapping, forms) if each.get("mimetype", "text/plain") == "text/plain")
    return _text(next(plain, {}).get("body"))


def _without_quote(body: str) -> str:
    """An answer without the quotation that older clients put before it, for others that show no answers."""
    if not _QUOTED.match(body):
        return body
    lines = body.split("\n")
    first = next((n for n, line in enumerate(lines) if not line.startswith(">")), len(lines))
    return "\n".join(lines[first:]).lstrip("\n")


def _warnings(kind: str, content: Mapping[str, Any], *, missing: bool) -> tuple[str, ...]:
    found = ["file_missing"] if missing else []
    if kind == ENCRYPTED:
        found.append("encrypted")
    elif kind in POLLS:
        found += [] if _poll(kind, content) else ["unsupported"]
    elif kind != STICKER and not (kind == MESSAGE and content.get("msgtype") in {*_TEXTS, *_MEDIA}):
        found.append("unsupported")
    return tuple(found)


def _person(said: Mapping[str, Any], user: str) -> Address:
    """Somebody by the name that the room shows, else by the first part of the id."""
    return chat.person(said["names"].get(user) or user[1:].partition(":")[0], user)


def moment(milliseconds: object) -> datetime:
    """A time as Matrix writes it; raises ValueError."""
    number = _number(milliseconds)
    return chat.moment(None if number is None else number / 1000)


def when(milliseconds: object, otherwise: datetime) -> datetime:
    """The same, for what may hold anything."""
    try:
        return moment(milliseconds)
    except ValueError:
        return otherwise


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _number(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None
