"""The calls that a message of ours takes at Telegram.

Promises: a short text goes along with the first file; what Telegram does not take for a photo goes as a document, which shows the
customer the same. Refuses: measuring pictures: what is too wide or too long for a photo Telegram itself says.
"""

from collections.abc import Awaitable, Callable, Iterator
from typing import Any

from agentdesk.channels import Refused
from agentdesk.channels.chat import File, Sending
from agentdesk.channels.web import Reply

CAPTION = 1024
PHOTO_MAX = 10 << 20
"""Bytes of what `sendPhoto` takes; width and height may be 10,000 together, and one 20 times the other."""
_PHOTOS = frozenset({"image/jpeg", "image/png", "image/webp"})
"""What Telegram makes photos of: no SVG, no TIFF, and a GIF would stand still."""
_WAYS = {"video": ("sendVideo", "video"), "audio": ("sendAudio", "audio")}
_PHOTO, _DOCUMENT = ("sendPhoto", "photo"), ("sendDocument", "document")
_NO_PHOTO = ("photo_invalid_dimensions", "image_process_failed", "too big for a photo")

Call = tuple[str, dict[str, Any], File | None]
"""(method, fields, file)"""


def calls(out: Sending) -> Iterator[Call]:
    """All calls of a message, in order."""
    to = {"chat_id": out.to}  # and not where the last word fell: a person may write in a group too
    caption = out.text if out.files and len(out.text) <= CAPTION else ""
    if out.text and not caption:
        yield "sendMessage", {**to, "text": out.text}, None
    for number, file in enumerate(out.files):
        method, field = _way(file)
        extra = {"caption": caption} if caption and number == 0 else {}
        yield method, {**to, **extra, "_field": field}, file


def otherwise(call: Call, result: object) -> Call | None:
    """The call to make instead, where Telegram took a picture for no photo; None where there is none."""
    method, fields, file = call
    is_no_photo = isinstance(result, Refused) and any(each in result.reason.lower() for each in _NO_PHOTO)
    if method != _PHOTO[0] or not is_no_photo:
        return None
    return _DOCUMENT[0], {**fields, "_field": _DOCUMENT[1]}, file


async def asked(
    ask: Callable[..., Awaitable[Reply]], method: str, fields: dict[str, Any], file: File | None
) -> Reply:
    """What Telegram answers; a group that has become another one is followed to where it is now."""
    reply = await ask(method, **form(fields, file))
    moved = (reply.body.get("parameters") or {}).get("migrate_to_chat_id")
    if moved is None:
        return reply
    return await ask(method, **form({**fields, "chat_id": moved}, file))


def form(fields: dict[str, Any], file: File | None) -> dict[str, Any]:
    """The same as a request."""
    if file is None:
        return {"json": fields}
    data = {name: value for name, value in fields.items() if name != "_field"}
    return {
        "data": data,
        "files": {fields["_field"]: (file.name, file.data or b"", file.media_type)},
        "read": 120.0,
    }


def _way(file: File) -> tuple[str, str]:
    if file.media_type in _PHOTOS and len(file.data or b"") <= PHOTO_MAX:
        return _PHOTO
    return _WAYS.get(file.media_type.partition("/")[0], _DOCUMENT)
