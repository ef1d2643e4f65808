"""A Telegram update as a message: the codec, pure.

Promises: a text, a caption, a place or a contact become text; what is not known here is kept and marked `unsupported`; an album is
one message; that somebody came into a chat, pinned something there or changed it is nobody's message. Refuses: fetching anything; the
files lie in the raw form already.
"""

import mimetypes
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from agentdesk.channels import chat
from agentdesk.core.language import language
from agentdesk.core.model import BY_SERVICE, Address, Incoming, MailClass
from agentdesk.core.text import safe

SPOKEN = ("es", "ca", "en")
FILE_IN = 20 << 20
"""Bytes of a file that a bot may fetch."""
_OF_THE_CHAT = frozenset((
    "new_chat_members", "new_chat_member", "new_chat_participant", "left_chat_member", "left_chat_participant", "pinned_message",
    "new_chat_title", "new_chat_photo", "delete_chat_photo", "group_chat_created", "supergroup_chat_created", "channel_chat_created",
    "migrate_to_chat_id", "migrate_from_chat_id", "message_auto_delete_timer_changed", "connected_website", "write_access_allowed",
    "proximity_alert_triggered", "boost_added", "chat_background_set", "forum_topic_created", "forum_topic_edited",
    "forum_topic_closed", "forum_topic_reopened", "general_forum_topic_hidden", "general_forum_topic_unhidden",
    "video_chat_scheduled", "video_chat_started", "video_chat_ended", "video_chat_participants_invited",
))  # fmt: skip
"""What Telegram says of a chat in the form of a message."""
_FILES = ("document", "voice", "audio", "video", "video_note", "animation", "sticker")


def read(raw: bytes | Path) -> Incoming:
    """Reads a raw form; raises ValueError with a reason."""
    document = chat.opened(raw)
    if "event" not in document:
        return chat.read_sent(document)
    try:
        event = document["event"]
        return _incoming(document, [message_of(each) for each in event["updates"]], str(event.get("bot", "")))
    except (KeyError, IndexError) as error:
        raise ValueError(f"{error.args[0]} is missing") from None
    except (TypeError, AttributeError):
        raise ValueError("it has not the shape of a Telegram update") from None


def message_of(update: Mapping[str, Any]) -> dict[str, Any]:
    """The message that an update is about; raises KeyError where it is about none."""
    found = update.get("message") or update.get("edited_message")
    if not isinstance(found, dict):
        raise KeyError("message")
    return found


def bot_of(token: str) -> str:
    """A bot's own number, which its token begins with and which is no secret."""
    number, _, secret = token.partition(":")
    return number if secret and number.isdigit() else ""


def name_of(message: Mapping[str, Any], bot: str) -> str:
    """What a message is called within all of Telegram: each bot counts its messages with a person by itself."""
    number = message["message_id"]
    return chat.name("telegram", message["chat"]["id"], f"{number}@{bot}" if bot else number)


def number_of(name: str) -> int:
    """A message's own number with a person, from its name."""
    return int(chat.number_of(name).partition("@")[0])


def files_of(message: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """What is to be fetched: of a photo the largest size only."""
    if photo := message.get("photo"):
        largest: dict[str, Any] = max(photo, key=_size)
        yield {**largest, "kind": "photo"}
    for kind in _FILES:
        if kind in message and not (kind == "document" and "animation" in message):
            yield {**message[kind], "kind": kind}


def media_type(file: Mapping[str, Any]) -> str:
    """A file's type; Telegram says none of its photos."""
    other = "image/jpeg" if file["kind"] == "photo" else "application/octet-stream"
    return str(file.get("mime_type") or other)


def file_name(file: Mapping[str, Any]) -> str:
    """What a file is called, also where Telegram gives it no name."""
    return str(file.get("file_name") or f"{file['kind']}{mimetypes.guess_extension(media_type(file)) or ''}")


def _too_large(messages: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The files that no bot is given."""
    for each in messages:
        yield from (file for file in files_of(each) if _size(file) > FILE_IN)


def _size(photo: Mapping[str, Any]) -> int:
    return int(photo.get("file_size") or 0)


def _incoming(document: Mapping[str, Any], messages: list[dict[str, Any]], bot: str) -> Incoming:
    first: Mapping[str, Any] = messages[0]
    too_large = list(_too_large(messages))
    # What nobody can open here is at least called by its name.
    names = map(file_name, too_large)
    text = safe("\n".join(filter(None, (*(_text(each) for each in messages), *names))))
    answered = first.get("reply_to_message")
    name = name_of(first, bot)
    answers = (name_of(answered, bot),) if answered else ()
    edited = first.get("edit_date")
    files = chat.attachments(document)
    writer: Mapping[str, Any] = first["from"] if "from" in first else first["chat"]
    spoken = str(writer.get("language_code", ""))[:2]
    mail_class, reason = _class(first, writer)
    warnings = [f"file_too_large:{_size(each)}:{FILE_IN}" for each in too_large]
    if len(files) + len(too_large) < len(document["files"]):
        warnings.append("file_missing")
    if reason == BY_SERVICE:
        warnings.append("pinned" if "pinned_message" in first else "chat_changed")
    elif not text and not document["files"]:
        warnings.append("unsupported")
    return Incoming(
        channel="telegram",
        sender=_person(writer),
        subject=chat.title(text),
        text=text,
        message_id=f"{name}.{edited}" if edited else name,
        in_reply_to=answers,
        references=answers,
        sent_at=chat.moment(edited or first["date"]),
        language=language(text) or (spoken if spoken in SPOKEN else None),
        mail_class=mail_class,
        class_reason=reason,
        attachments=files,
        warnings=tuple(warnings),
        edits=name if edited else None,
        room=_room(first["chat"]),
    )


def _room(where: Mapping[str, Any]) -> Address | None:
    """A group, be it one of the large ones; what a bot and a person write to one another is none."""
    return chat.room(where.get("title"), where["id"]) if where.get("type", "private") != "private" else None


def _class(message: Mapping[str, Any], writer: Mapping[str, Any]) -> tuple[MailClass, str]:
    """Who says it: a person, a bot, or Telegram itself of what was done in the chat."""
    if not _OF_THE_CHAT.isdisjoint(message):
        return MailClass.AUTO_REPLY, BY_SERVICE
    is_bot = writer.get("is_bot") is True
    return (MailClass.AUTO_REPLY, "is_bot") if is_bot else (MailClass.HUMAN, "")


def _person(who: Mapping[str, Any]) -> Address:
    names = (who.get("first_name"), who.get("last_name"))
    full = " ".join(each for each in names if isinstance(each, str) and each)
    return chat.person(full or who.get("username") or who.get("title"), int(who["id"]))


def _text(message: Mapping[str, Any]) -> str:
    if "text" in message or "caption" in message:
        return chat.words(message.get("text") or message.get("caption"))
    if place := message.get("location"):
        return f"geo:{float(place['latitude'])},{float(place['longitude'])}"
    if contact := message.get("contact"):
        said = (contact.get("first_name"), contact.get("last_name"), contact.get("phone_number"))
        return " ".join(str(each) for each in said if each)
    sign = message.get("sticker") or message.get("dice")
    return str(sign.get("emoji", "")) if isinstance(sign, dict) else ""
