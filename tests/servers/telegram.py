"""Telegram's Bot API on loopback, with the queue's rules as its own server has them.

An update is there until it is confirmed by an offset beyond it; an offset that is not in the queue means its head; a look waits
until something comes; a second look ends the first with 409; after 24 hours an update is gone; after a quiet week numbers
begin anew, anywhere. What the bot sent, typed and read is kept here and nowhere else.
"""

import itertools
import random
import struct
import time
from dataclasses import dataclass, field
from typing import Any

from servers.web import Answer, Request, Service

TOKEN = "4839574812:AAFD39kkdpWt3ywyRZergyOLMaJhac60qcK"
KEPT = 86_400
DELETED_WITHIN = 2 * 86_400
PHOTO_MAX = 10 << 20
UNMODIFIED = "specified new message content and reply markup are exactly the same as a current content and reply markup of the message"
ME = {"id": 4839574812, "is_bot": True, "first_name": "Vimet", "username": "vimet_bot"}


@dataclass
class Sent:
    """A message of the bot; `text` is its caption where it is a file's."""

    chat: int
    number: int
    text: str
    file: str = ""
    data: bytes = b""
    method: str = ""
    at: float = 0.0
    edits: int = 0


@dataclass
class _Queued:
    update: dict[str, Any]
    at: float = field(default=0.0)


class Telegram(Service):
    """`now` is the service's clock in seconds, turned by hand."""

    def __init__(self, seed: int = 1, token: str = TOKEN) -> None:
        self.token = token
        self.now = 1_795_000_000.0
        self.sent: list[Sent] = []
        self.deleted: list[Sent] = []
        self.typing: list[int] = []
        self.hook = ""
        self.files: dict[str, bytes] = {}
        self._queue: list[_Queued] = []
        self._ever: list[_Queued] = []
        self._chance = random.Random(seed)
        self._next = self._chance.randrange(1 << 20, 1 << 30)
        self._numbers = itertools.count(100)
        self._look = 0
        super().__init__()

    # The customer's side.

    def writes(self, person: int, text: str = "", **more: Any) -> dict[str, Any]:
        """Somebody writes to the bot; gives the message."""
        names = {"id": person, "is_bot": False, "first_name": f"Maria {person}", "language_code": "ca"}
        message = {
            "message_id": next(self._numbers),
            "from": names,
            "chat": {"id": person, "type": "private", "first_name": names["first_name"]},
            "date": int(self.now),
            **({"text": text} if text else {}),
            **more,
        }
        self.puts({"message": message})
        return message

    def edits(self, message: dict[str, Any], text: str) -> None:
        self.puts({"edited_message": {**message, "text": text, "edit_date": int(self.now)}})

    def a_file(self, data: bytes, **more: Any) -> dict[str, Any]:
        """What a message says of a file that can be fetched."""
        name = f"file{len(self.files) + 1}"
        with self.lock:
            self.files[name] = data
        return {"file_id": name, "file_unique_id": name, "file_size": len(data), **more}

    def begins_anew(self) -> None:
        """A quiet week is over: the next number may be any."""
        with self.lock:
            self._next = self._chance.randrange(1, 1 << 20)

    def rewind(self) -> None:
        """As if nothing had ever been confirmed."""
        with self.changed:
            self._queue = list(self._ever)
            self.changed.notify_all()

    def puts(self, content: dict[str, Any]) -> None:
        with self.changed:
            self._queue.append(_Queued({"update_id": self._next, **content}, self.now))
            self._ever.append(self._queue[-1])
            self._next += 1
            self.changed.notify_all()

    # The bot's side.

    def handle(self, request: Request) -> Answer:
        if request.path.startswith(f"/file/bot{self.token}/"):
            data = self.files.get(request.path.rpartition("/")[2])
            return Answer(data) if data is not None else _wrong(404, "Not Found")
        token, _, method = request.path.removeprefix("/bot").rpartition("/")
        if token != self.token:
            return _wrong(401, "Unauthorized")
        answer = METHODS.get(method)
        return answer(self, request) if answer else _wrong(404, "Not Found")

    def _me(self, request: Request) -> Answer:
        return _right(ME)

    def _webhook(self, request: Request) -> Answer:
        return _right({"url": self.hook, "pending_update_count": len(self._queue)})

    def _updates(self, request: Request) -> Answer:
        said = {**request.query, **request.fields()}
        if self.hook:
            return _wrong(409, "Conflict: can't use getUpdates method while webhook is active")
        with self.changed:
            self._look += 1
            mine = self._look
            self.changed.notify_all()
            self._queue = [each for each in self._queue if self.now - each.at < KEPT]
            self._confirm(said.get("offset"))
            ends = time.monotonic() + min(50, float(said.get("timeout") or 0)) / self.pace
            while not self._queue and self._look == mine and not self.stopping.is_set():
                left = ends - time.monotonic()
                if left <= 0 or not self.changed.wait(left):
                    break
            if self._look != mine:
                return _wrong(409, "Conflict: terminated by other getUpdates request")
            most = min(100, int(said.get("limit") or 100))
            return _right([each.update for each in self._queue[:most]])

    def _confirm(self, offset: Any) -> None:
        """An offset in the queue, or right behind it, drops what is before it; any other means the head."""
        numbers = [each.update["update_id"] for each in self._queue]
        if offset is None or not numbers:
            return
        wanted = int(offset)
        if wanted in numbers or wanted == numbers[-1] + 1:
            self._queue = [each for each in self._queue if each.update["update_id"] >= wanted]

    def _file_of(self, request: Request) -> Answer:
        name = request.fields()["file_id"]
        if name not in self.files:
            return _wrong(400, "Bad Request: wrong file_id")
        return _right({"file_id": name, "file_path": f"docs/{name}"})

    def _message(self, request: Request) -> Answer:
        said = request.fields()
        if len(said["text"]) > 4096:
            return _wrong(400, "Bad Request: message is too long")
        return self._take(Sent(int(said["chat_id"]), next(self._numbers), said["text"], method="sendMessage"))

    def _file_sent(self, request: Request) -> Answer:
        said = request.fields()
        file = next(each for each in request.parts() if each.file is not None)
        method = request.path.rpartition("/")[2]
        if method == "sendPhoto" and (no := _no_photo(file.data)):
            return _wrong(400, f"Bad Request: {no}")
        sent = Sent(
            int(said["chat_id"]), next(self._numbers), said.get("caption", ""), file.file, file.data, method
        )
        return self._take(sent)

    def _action(self, request: Request) -> Answer:
        self.typing.append(int(request.fields()["chat_id"]))
        return _right(result=True)

    def _edited(self, request: Request) -> Answer:
        """A text is edited by one method, a caption by the other; the same text again is an error."""
        said = request.fields()
        field = "text" if request.path.endswith("editMessageText") else "caption"
        with self.lock:
            found = self._sent_as(said)
            if found is None:
                return _wrong(400, "Bad Request: message to edit not found")
            if (found.method == "sendMessage") != (field == "text"):
                return _wrong(400, f"Bad Request: there is no {field} in the message to edit")
            if said[field] == found.text:
                return _wrong(400, f"Bad Request: message is not modified: {UNMODIFIED}")
            found.text, found.edits = said[field], found.edits + 1
        return _right({"message_id": found.number, "chat": {"id": found.chat}, "date": int(found.at)})

    def _deleted(self, request: Request) -> Answer:
        with self.lock:
            found = self._sent_as(request.fields())
            if found is None:
                return _wrong(400, "Bad Request: message to delete not found")
            if self.now - found.at > DELETED_WITHIN:
                return _wrong(400, "Bad Request: message can't be deleted for everyone")
            self.sent.remove(found)
            self.deleted.append(found)
        return _right(result=True)

    def _sent_as(self, said: dict[str, Any]) -> Sent | None:
        which = int(said["chat_id"]), int(said["message_id"])
        return next((each for each in self.sent if (each.chat, each.number) == which), None)

    def _take(self, sent: Sent) -> Answer:
        sent.at = self.now
        with self.lock:
            self.sent.append(sent)
        message = {"message_id": sent.number, "chat": {"id": sent.chat}, "date": int(self.now), "from": ME}
        return _right({**message, "text": sent.text})


def origin(kind: str, **more: Any) -> dict[str, Any]:
    """What a message says of where it comes from first: from a user, a hidden_user, a chat or a channel."""
    return {"forward_origin": {"type": kind, "date": 1_700_000_000, **more}}


METHODS = {
    "getMe": Telegram._me,
    "getWebhookInfo": Telegram._webhook,
    "getUpdates": Telegram._updates,
    "getFile": Telegram._file_of,
    "sendMessage": Telegram._message,
    "sendChatAction": Telegram._action,
    "editMessageText": Telegram._edited,
    "editMessageCaption": Telegram._edited,
    "deleteMessage": Telegram._deleted,
    **dict.fromkeys(("sendDocument", "sendPhoto", "sendVideo", "sendAudio"), Telegram._file_sent),
}


def _no_photo(data: bytes) -> str:
    """Why Telegram makes no photo of it; of a picture's size only a PNG is asked."""
    if len(data) > PHOTO_MAX:
        return f"file of size {len(data)} bytes is too big for a photo; maximum is {PHOTO_MAX} bytes"
    if data.startswith(b"<svg") or data[:4] in {b"II*\0", b"MM\0*"}:
        return "IMAGE_PROCESS_FAILED"
    if data.startswith(b"\x89PNG"):
        width, height = struct.unpack(">II", data[16:24])
        if width + height > 10_000 or max(width, height) > 20 * min(width, height):
            return "PHOTO_INVALID_DIMENSIONS"
    return ""


def _right(result: Any) -> Answer:
    return Answer({"ok": True, "result": result})


def _wrong(status: int, words: str, **parameters: Any) -> Answer:
    body = {"ok": False, "error_code": status, "description": words}
    return Answer({**body, "parameters": parameters} if parameters else body, status)


def moved(to: int) -> Answer:
    """What Telegram says of a group that has become a supergroup, which has another number."""
    words = "Bad Request: group chat was upgraded to a supergroup chat"
    return _wrong(400, words, migrate_to_chat_id=to)


def too_many(seconds: int) -> Answer:
    """What Telegram says to whoever sends too fast."""
    return _wrong(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
