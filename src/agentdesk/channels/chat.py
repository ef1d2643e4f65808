"""The raw forms of chats, as JSON: what a service said, whole, with the files it led to; and a message of ours.

Promises: the same value gives the same bytes; what is written here is read here, and anything else is a ValueError with a
reason; every text is made safe for a terminal, as `mime` does for mail. A file's bytes stay in the raw form, since a
service's address for them may be dead in five minutes. Refuses: knowing any service.
"""

import base64
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path
from typing import Any

from agentdesk.core import model
from agentdesk.core.language import language
from agentdesk.core.model import Address, Attachment, Incoming, Outgoing, Template
from agentdesk.core.seal import digest
from agentdesk.core.text import safe, safe_line
from agentdesk.values import dataclass

LANGUAGES = ("es", "ca", "en")
AT_MOST = 160 << 20
"""Bytes of a raw form: a file of a hundred megabytes, in base64."""
TITLE = 60
"""Characters of a title."""
_CHUNK = 3 << 18


@dataclass(frozen=True, slots=True)
class File:
    """A file of a message; `data` is None where the service did not give it. `seconds` is how long it plays."""

    name: str
    media_type: str
    data: bytes | None
    seconds: int | None = None


def name(channel: str, conversation: object, number: object) -> str:
    """What a message is called within all of the channel; no service has a stroke in a conversation's own name."""
    return f"{channel}:{conversation}/{number}"


def conversation_of(message: str) -> str:
    """The conversation of a name; empty where it is none of a chat."""
    return message.partition(":")[2].partition("/")[0]


def room(name: object, number: object) -> Address:
    """Where several people read what is said, by what a service says of it."""
    return model.room(safe_line(name if isinstance(name, str) else ""), safe_line(str(number)))


def number_of(message: str) -> str:
    """A message's own number in its conversation."""
    return message.partition(":")[2].partition("/")[2]


def number(text: str) -> int:
    """A number that stands for a name of a service, for a place: the same text gives the same of 2^56."""
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=7).digest())


def received(channel: str, event: Mapping[str, Any], files: Iterable[File] = ()) -> bytes:
    """The raw form of what a service said: its own words and the files that belong to them."""
    return _bytes({"channel": channel, "event": event, "files": [_packed(each) for each in files]})


def sent(out: Outgoing, channel: str, spoken: str | None = None) -> bytes:
    """The raw form of a message of ours; `spoken` is the language that a platform says its writer uses."""
    document: dict[str, Any] = {
        "channel": channel,
        "id": out.message_id,
        "from": {"name": out.sender.name, "address": out.sender.email},
        "to": [{"name": a.name, "address": a.email} for a in out.to],
        "at": out.at.isoformat(),
        "text": out.text,
        "previous": list(dict.fromkeys((*out.references, *filter(None, (out.in_reply_to,))))),
        "language": spoken,
        "files": [_packed(File(f.name, f.media_type, f.data)) for f in out.files],
    }
    if out.free_until:
        document["free_until"] = out.free_until.isoformat()
    if out.template:
        named = [list(out.template.places)] if out.template.places else []
        document["template"] = [out.template.name, out.template.language, list(out.template.values), *named]
    if out.automatic:
        document["automatic"] = True
    return _bytes(document)


@dataclass(frozen=True, slots=True)
class Sending:
    """A message of ours as a connector sends it: `message_id` is ours, `conversation` the service's where one was answered,
    `to` the customer's opaque id, or the service's name for a room (`is_room`)."""

    message_id: str
    to: str
    conversation: str
    answers: str
    text: str
    files: tuple[File, ...]
    free_until: datetime | None
    template: Template | None
    automatic: bool
    is_room: bool = False


def sending(raw: bytes) -> Sending:
    """Reads a message of ours for the one that sends it; raises ValueError."""
    document = opened(raw)
    try:
        previous, template = document["previous"], document.get("template")
        to = document["to"][0]["address"]
        until = document.get("free_until")
        return Sending(
            message_id=document["id"],
            to=model.service_name(to),
            conversation=conversation_of(previous[-1]) if previous else "",
            answers=previous[-1] if previous else "",
            text=document["text"].strip(),
            files=tuple(_unpacked(each) for each in document["files"]),
            free_until=datetime.fromisoformat(until) if until else None,
            template=Template(template[0], template[1], *map(tuple, template[2:])) if template else None,
            automatic=bool(document.get("automatic")),
            is_room=model.is_room(to),
        )
    except (KeyError, IndexError, TypeError) as error:
        raise ValueError("it has not the shape of a chat message") from error


def opened(raw: bytes | Path) -> dict[str, Any]:
    """The document of a raw form; raises ValueError with a reason."""
    data = raw if isinstance(raw, bytes) else raw.read_bytes()
    if len(data) > AT_MOST:
        raise ValueError("the message is too long for a chat")
    try:
        document = json.loads(data)
    except (ValueError, RecursionError):
        raise ValueError("it is no JSON document") from None
    if not isinstance(document, dict):
        raise ValueError("it is no JSON object")  # noqa: TRY004 - a reader raises one kind
    return document


def read_sent(document: Mapping[str, Any]) -> Incoming:
    """Reads what `sent` wrote; raises ValueError with a reason."""
    try:
        return _incoming(document)
    except KeyError as error:
        raise ValueError(f"{error.args[0]} is missing") from None
    except (TypeError, AttributeError):
        raise ValueError("it has not the shape of a chat message") from None


def _incoming(document: Mapping[str, Any]) -> Incoming:
    channel, text = document["channel"], safe(words(document["text"]))
    if not isinstance(channel, str) or not channel.isidentifier() or channel == "email":
        raise ValueError("it is of no chat")
    previous = tuple(safe_line(words(each)) for each in document["previous"])
    spoken = document["language"]
    return Incoming(
        channel=channel,
        sender=_address(document["from"]),
        subject=title(text),
        text=text,
        message_id=safe_line(words(document["id"])) or None,
        in_reply_to=previous[-1:],
        references=previous,
        to=tuple(map(_address, document["to"])),
        sent_at=_time(words(document["at"])),
        language=language(text) or (spoken if spoken in LANGUAGES else None),
        attachments=attachments(document),
    )


def words(value: object) -> str:
    """A text; raises ValueError for anything else."""
    if not isinstance(value, str):
        raise ValueError("a text is missing")  # noqa: TRY004 - a reader raises one kind
    return value


def moment(seconds: object) -> datetime:
    """A time that a service gives in seconds since 1970, as a number or in digits; raises ValueError."""
    try:
        return datetime.fromtimestamp(float(seconds), UTC)  # type: ignore[arg-type]  # what is no number raises
    except (TypeError, ValueError, OverflowError, OSError):
        raise ValueError("its time cannot be read") from None


def _time(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError("its time cannot be read") from None


def title(text: str) -> str:
    """What a chat is about, since nobody writes a subject there: how it begins, whole words where there are some."""
    line = safe_line(text)
    if len(line) <= TITLE:
        return line
    words = line[:TITLE].rpartition(" ")[0]
    return (words if len(words) > TITLE // 2 else line[: TITLE - 1].rstrip()) + "…"


def place(latitude: object, longitude: object, *said: object) -> str:
    """A place in words: what it is called, where that is said, and where it is; raises ValueError."""
    try:
        where = f"geo:{float(latitude)},{float(longitude)}"  # type: ignore[arg-type]  # what is no number raises
    except (TypeError, ValueError):
        raise ValueError("its place cannot be read") from None
    return lines(*said, where)


def lines(*said: object) -> str:
    """What is said, a line each; what is no text, or empty, is none."""
    return "\n".join(each for each in said if isinstance(each, str) and each)


def choices(question: object, options: Iterable[object]) -> str:
    """A question, or the head of a list, and what there is to choose from, in words."""
    return lines(question, *(f"- {each}" for each in options if isinstance(each, str) and each))


def beside(above: str, own: str) -> str:
    """What belongs to a message and its own words, told apart by a blank line."""
    return "\n\n".join(filter(None, (above, own)))


def person(name: object, address: object) -> Address:
    """Somebody by what a service says: the name for people, the opaque id for us."""
    said = name if isinstance(name, str) else ""
    return Address(safe_line(said), safe_line(str(address)).lower())


def attachments(document: Mapping[str, Any]) -> tuple[Attachment, ...]:
    """The files of a raw form that are there."""
    found = (_unpacked(each) for each in document["files"])
    return tuple(
        Attachment(
            safe_line(file.name),
            safe_line(file.media_type),
            len(file.data),
            digest(file.data),
            str(number),
            seconds=file.seconds,
        )
        for number, file in enumerate(found, 1)
        if file.data is not None
    )


def is_chat(raw: bytes | Path) -> bool:
    """Whether a raw form is one of these: a mail never begins so."""
    if isinstance(raw, bytes):
        return raw[:1] == b"{"
    with raw.open("rb") as file:
        return file.read(1) == b"{"


def file_bytes(raw: bytes | Path, part: str) -> Iterator[bytes]:
    """The bytes of one file, in pieces; raises KeyError where it is not there."""
    try:
        data = _unpacked(opened(raw)["files"][int(part) - 1]).data
    except (ValueError, IndexError, TypeError) as error:
        raise KeyError(part) from error
    if data is None:
        raise KeyError(part)
    yield from (data[at : at + _CHUNK] for at in range(0, len(data), _CHUNK))


def _address(value: Mapping[str, object]) -> Address:
    return person(words(value["name"]), words(value["address"]))


def _packed(file: File) -> dict[str, Any]:
    data = None if file.data is None else base64.b64encode(file.data).decode()
    document: dict[str, Any] = {"name": file.name, "media_type": file.media_type, "data": data}
    return document if file.seconds is None else {**document, "seconds": file.seconds}


def _unpacked(value: Mapping[str, Any]) -> File:
    data, seconds = value["data"], value.get("seconds")
    return File(
        words(value["name"]),
        words(value["media_type"]),
        None if data is None else base64.b64decode(words(data), validate=True),
        seconds if isinstance(seconds, int) else None,
    )


def _bytes(document: Mapping[str, Any]) -> bytes:
    return json.dumps(document, ensure_ascii=True, separators=(",", ":")).encode()
