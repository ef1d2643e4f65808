"""A small homeserver on loopback for what a real one does not do on demand; what it says is shaped as Synapse's answers.

Its truth: one room after another with their events in one stream, who has logged in, what was put, uploaded and accepted.
A look from a place in the stream gives what came after it, an invitation once, and waits where there is nothing. It knows no
rights.
"""

import itertools
import time
from typing import Any
from urllib.parse import unquote

from servers.web import Answer, Request, Service

PASSWORD = "k3yt0the-shop"
US, ANA = "@vimet:shop.test", "@ana:shop.test"
ROOM = "!room:shop.test"


class Homeserver(Service):
    """`now` is its clock in milliseconds, turned by hand. `echoes`: what we send comes with the next look too, as it does."""

    def __init__(self) -> None:
        self.now = 1_795_000_000_000
        self.logins: list[dict[str, Any]] = []
        self.tokens: set[str] = set()
        self.joined: list[str] = []
        self.put: dict[str, dict[str, Any]] = {}
        self.files: dict[str, bytes] = {}
        self.stream: list[tuple[str, dict[str, Any] | None]] = []  # None: we are invited
        self.echoes = False
        self._numbers = itertools.count(1)
        super().__init__()

    # The customer's side.

    def says(self, text: str = "Hola", room: str = ROOM, **more: Any) -> str:
        return self.happens("m.room.message", {"msgtype": "m.text", "body": text, **more}, room)

    def happens(self, kind: str, content: dict[str, Any], room: str = ROOM, **more: Any) -> str:
        """Any event of Ana's; gives its id."""
        with self.changed:
            self.now += 1000
            event = {
                "type": kind,
                "event_id": f"${next(self._numbers)}",
                "sender": ANA,
                "origin_server_ts": self.now,
                "content": content,
                **more,
            }
            self.stream.append((room, event))
            self.changed.notify_all()
        return event["event_id"]

    def invites(self, room: str) -> None:
        with self.changed:
            self.stream.append((room, None))
            self.changed.notify_all()

    def forget_logins(self) -> None:
        with self.lock:
            self.tokens.clear()

    # Our side.

    def handle(self, request: Request) -> Answer:
        path = [unquote(part) for part in request.path.split("/")]
        if path[-1] == "login":
            return self._login(request)
        if request.headers.get("authorization", "").removeprefix("Bearer ") not in self.tokens:
            return wrong(401, "M_UNKNOWN_TOKEN", "Invalid access token passed.")
        last = path[-1]
        if last == "whoami":
            return Answer({"user_id": US})
        if last == "versions":
            return Answer({"versions": ["v1.15"]})
        if last == "sync":
            return self._sync(request)
        if last == "join":
            return self._join(path[-2])
        if last == "members":
            return Answer({"chunk": self._members(path[-2])})
        if last == "upload":
            name = f"file{next(self._numbers)}"
            self.files[name] = request.body
            return Answer({"content_uri": f"mxc://shop.test/{name}"})
        if "download" in path:
            data = self.files.get(last)
            return Answer(data) if data is not None else wrong(404, "M_NOT_FOUND", "Not found")
        if request.method == "PUT" and "send" in path:
            return self._sent(path[-4], last, request.json())
        if "event" in path or "context" in path:
            found = next((each for _, each in self.stream if each and each["event_id"] == last), None)
            return Answer(found) if found else wrong(404, "M_NOT_FOUND", "Event not found.")
        return wrong(404, "M_UNRECOGNIZED", "Unrecognized request")

    def _sent(self, room: str, transaction: str, content: dict[str, Any]) -> Answer:
        name = f"$own{transaction}"
        with self.lock:
            is_new = transaction not in self.put
            self.put.setdefault(transaction, {"event_id": name, **content})
            if is_new and self.echoes:
                more = {"event_id": name, "unsigned": {"transaction_id": transaction}}
                self.happens("m.room.message", content, room, sender=US, **more)
        return Answer({"event_id": name})

    def _members(self, room: str) -> list[dict[str, Any]]:
        """We, and whoever has spoken there; Ana where nobody has."""
        people = {event["sender"] for where, event in self.stream if event and where == room} - {US} or {ANA}
        return [
            {"type": "m.room.member", "state_key": user, "sender": user, "origin_server_ts": self.now,
             "content": {"membership": "join"}}
            for user in (US, *sorted(people))
        ]  # fmt: skip

    def _login(self, request: Request) -> Answer:
        said = request.json()
        if said["password"] != PASSWORD:
            return wrong(403, "M_FORBIDDEN", "Invalid username or password")
        token = f"syt_secret_{next(self._numbers)}"
        with self.lock:
            self.logins.append(said)
            self.tokens.add(token)
        return Answer({"user_id": US, "access_token": token, "device_id": said["device_id"]})

    def _join(self, room: str) -> Answer:
        with self.lock:
            self.joined.append(room)
        content = {"membership": "join"}
        was = {"prev_content": {"membership": "invite"}, "prev_sender": ANA}
        self.happens("m.room.member", content, room, sender=US, state_key=US, unsigned=was)
        return Answer({"room_id": room})

    def _sync(self, request: Request) -> Answer:
        since = int(request.query.get("since", "s0")[1:])
        ends = time.monotonic() + int(request.query.get("timeout") or 0) / 1000 / self.pace
        with self.changed:
            while since >= len(self.stream) and not self.stopping.is_set():
                left = ends - time.monotonic()
                if left <= 0 or not self.changed.wait(left):
                    break
            rooms: dict[str, Any] = {}
            invite: dict[str, Any] = {}
            for room, event in self.stream[since:]:
                if event is None:
                    invite[room] = {"invite_state": {"events": []}}
                    continue
                said = rooms.setdefault(room, {"timeline": {"events": [], "limited": False}})
                said["timeline"]["events"].append(event)
            return Answer({"next_batch": f"s{len(self.stream)}", "rooms": {"join": rooms, "invite": invite}})


def wrong(status: int, code: str, words: str, **more: Any) -> Answer:
    return Answer({"errcode": code, "error": words, **more}, status)


def too_many(milliseconds: int) -> Answer:
    """What a homeserver says to whoever asks too often."""
    return wrong(429, "M_LIMIT_EXCEEDED", "Too Many Requests", retry_after_ms=milliseconds)
