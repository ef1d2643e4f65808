"""A Telegram update as a message: the codec, pure.

Promises: a text, a caption, a place, a contact, a poll or a list become text; what is forwarded is marked so, with who wrote it; what is
not known here is kept and marked `unsupported`; an album is one message; that somebody came into a chat, pinned something there or changed it is nobody's message. Refuses: fetching anything; the
files lie in the raw form already.
"""

import mimetypes
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from agentdesk.channels import chat
from agentdesk.channels.shape import inside, mapping
from agentdesk.core.language import language
from agentdesk.core.model import BY_SERVICE, Address, Incoming, MailClass
from agentdesk.core.text import safe, safe_line

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
    "checklist_tasks_done", "checklist_tasks_added",
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
    origin = _origin(first, writer)
    warnings = [f"file_too_large:{_size(each)}:{FILE_IN}" for each in too_large]
    if len(files) + len(too_large) < len(document["files"]):
        warnings.append("file_missing")
    if origin is not None:
        warnings.append("forwarded")
    warnings += _kind(first, reason, is_empty=not text and not document["files"])
    own = language(text) if origin is None else None
    return Incoming(
        channel="telegram",
        sender=_person(writer),
        subject=chat.title(text),
        text=text,
        message_id=f"{name}.{edited}" if edited else name,
        in_reply_to=answers,
        references=answers,
        sent_at=chat.moment(edited or first["date"]),
        language=own or (spoken if spoken in SPOKEN else None),
        mail_class=mail_class,
        class_reason=reason,
        attachments=files,
        warnings=tuple(warnings),
        edits=name if edited else None,
        room=_room(first["chat"]),
        forwarded_from=origin or "",
    )


def _kind(message: Mapping[str, Any], reason: str, *, is_empty: bool) -> list[str]:
    """What is to be said of a message whose words do not say it."""
    if reason == BY_SERVICE:
        return ["pinned" if "pinned_message" in message else "chat_changed"]
    if "story" in message:
        return ["story"]
    return ["unsupported"] if is_empty else []


def _origin(message: Mapping[str, Any], writer: Mapping[str, Any]) -> str | None:
    """What Telegram calls whoever wrote first what is forwarded, "" where it does not say; None where it is whoever sends it."""
    said = message.get("forward_origin")
    if not isinstance(said, dict):
        return None
    user = inside(said, "sender_user")
    if user and user.get("id") == writer.get("id"):
        return None
    where = inside(said, "chat") or inside(said, "sender_chat")
    name = said.get("sender_user_name") or where.get("title") or _called(user)
    return safe_line(name) if isinstance(name, str) else ""


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
    return chat.person(_called(who), int(who["id"]))


def _called(who: Mapping[str, Any]) -> object:
    names = (who.get("first_name"), who.get("last_name"))
    full = " ".join(each for each in names if isinstance(each, str) and each)
    return full or who.get("username") or who.get("title")


def _text(message: Mapping[str, Any]) -> str:
    if "text" in message or "caption" in message:
        return chat.words(message.get("text") or message.get("caption"))
    if where := inside(message, "venue", "location") or inside(message, "location"):
        venue = inside(message, "venue")
        return chat.place(where["latitude"], where["longitude"], venue.get("title"), venue.get("address"))
    if contact := message.get("contact"):
        said = (contact.get("first_name"), contact.get("last_name"), contact.get("phone_number"))
        return " ".join(str(each) for each in said if each)
    return _of_several_lines(message)


def _of_several_lines(message: Mapping[str, Any]) -> str:
    if poll := inside(message, "poll"):
        return chat.choices(poll.get("question"), (each.get("text") for each in _each(poll, "options")))
    if listed := inside(message, "checklist"):
        return chat.choices(listed.get("title"), (each.get("text") for each in _each(listed, "tasks")))
    if story := inside(message, "story"):
        whose = inside(story, "chat")
        link = f"https://t.me/{whose['username']}/s/{story.get('id')}" if whose.get("username") else ""
        return chat.lines(whose.get("title") or _called(whose), link)
    sign = message.get("sticker") or message.get("dice")
    return str(sign.get("emoji", "")) if isinstance(sign, dict) else ""


def _each(thing: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    found = thing.get(key)
    return [mapping(each) for each in found] if isinstance(found, list) else []
