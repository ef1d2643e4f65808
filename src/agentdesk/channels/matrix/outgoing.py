"""A message of ours on its way into a room: its files first, then its text.

Promises: the transaction ids come from our Message-ID, so that a second attempt arrives as the first; nothing is to be seen in
the room before every file lies on the homeserver; what is meant for one person goes into no room that another has come to since.
Refuses: attempts of its own; the outbox decides.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from agentdesk.channels import Accepted, Doubtful, Refused, SendResult, TryLater, chat
from agentdesk.channels.chat import File, Sending
from agentdesk.channels.matrix import event
from agentdesk.channels.matrix.members import others
from agentdesk.channels.matrix.session import Session, path, retry_after
from agentdesk.channels.web import Reply, UnheardError
from agentdesk.core import unsent
from agentdesk.errors import ChannelError, LoginError

_UPLOAD = "_matrix/media/v3/upload"
_UPLOAD_WITHIN = 120.0
_CODES = {
    "M_FORBIDDEN": "blocked",
    "M_NOT_FOUND": "blocked",
    "M_TOO_LARGE": "too_large",
    "M_UNKNOWN_TOKEN": "login",
}


async def send(
    session: Session, clock: Callable[[], datetime], raw: bytes, before_data: Callable[[], None]
) -> SendResult:
    """Hands one message over; see `Channel.send`."""
    try:
        out = chat.sending(raw)
    except ValueError as error:
        return Refused("unreadable", str(error))
    if not out.conversation:
        return Refused("no_conversation", unsent.NO_ROOM)
    if not out.is_room and (refused := await _overheard(session, out.conversation)):
        return refused
    places: list[str] = []
    for file in out.files:
        taken = await tried(session, "POST", _UPLOAD, **_upload(file))
        if not isinstance(taken, Reply):  # nobody has seen it yet
            return TryLater(taken.reason) if isinstance(taken, Doubtful) else taken
        places.append(str(taken.body.get("content_uri")))
    try:
        await session.open()
    except ChannelError as error:
        return _fault(error, heard=False)
    before_data()
    names: list[str] = []
    for number, content in enumerate(_events(out, places)):
        where = path(
            "rooms", out.conversation, "send", event.MESSAGE, event.transaction(out.message_id, number)
        )
        taken = await tried(session, "PUT", where, json=content)
        if isinstance(taken, Reply):
            names.append(event.name_of(out.conversation, str(taken.body.get("event_id"))))
        elif isinstance(taken, Refused) and names:  # what came before has gone, and this will not
            return Accepted(clock(), refused=(("", taken.reason),), names=tuple(names))
        else:
            return taken
    return Accepted(clock(), names=tuple(names))


async def _overheard(session: Session, room: str) -> TryLater | Refused | None:
    """Why what is meant for one person does not go into `room`: somebody else has come to it, or nobody can say."""
    taken = await tried(session, "GET", path("rooms", room, "members"))
    if isinstance(taken, Doubtful):
        return TryLater(taken.reason)
    if not isinstance(taken, Reply):
        return taken
    several = len(others(taken.body["chunk"], session.user)) > 1
    return Refused("overheard", unsent.OVERHEARD) if several else None


async def tried(
    session: Session, method: str, where: str, **rest: Any
) -> Reply | TryLater | Refused | Doubtful:
    """What became of one request."""
    try:
        reply = await session.ask(method, where, patient=False, **rest)
    except ChannelError as error:
        return _fault(error, heard=True)
    if reply.status == 200:
        return reply
    words = session.words(reply)
    if reply.status == 429:
        return TryLater(words, retry_after(reply), too_fast=True)
    if reply.status >= 500:
        return Doubtful(words)
    return Refused(_CODES.get(str(reply.body.get("errcode")), "refused"), words)


def _fault(error: ChannelError, *, heard: bool) -> TryLater | Refused | Doubtful:
    reason = str(error.values["reason"])
    if isinstance(error, LoginError):
        return Refused("login", reason)
    is_unheard = isinstance(error, UnheardError)
    return Doubtful(reason) if heard and not is_unheard else TryLater(reason, reached=not is_unheard)


def _upload(file: File) -> dict[str, Any]:
    return {
        "params": {"filename": file.name},
        "headers": {"Content-Type": file.media_type or "application/octet-stream"},
        "content": file.data or b"",
        "read": _UPLOAD_WITHIN,
    }


def _events(out: Sending, places: list[str]) -> Iterator[dict[str, Any]]:
    """The content of each event. The text is last: once it is there, all of the message is."""
    for file, place in zip(out.files, places, strict=True):
        kind = file.media_type.partition("/")[0]
        yield {
            "msgtype": f"m.{kind}" if kind in {"image", "video", "audio"} else "m.file",
            "body": file.name,
            "filename": file.name,
            "url": place,
            "info": {"mimetype": file.media_type, "size": len(file.data or b"")},
        }
    if out.text or not out.files:
        yield {"msgtype": "m.notice" if out.automatic else "m.text", "body": out.text}
