"""Twilio's list of messages on loopback: pages, days, states that change later, and its own truth of what it took."""

import itertools
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from servers.web import Answer, Request, Service

SID, TOKEN = "AC00000000000000000000000000000001", "t0k3n-0f-tw1l10"
OURS = "+34900111222"


@dataclass
class Twilio(Service):
    """`now` is its clock, turned by hand. `wa`: our number is with WhatsApp."""

    wa: bool = False
    page: int = 20
    now: datetime = datetime(2026, 11, 23, 9, tzinfo=UTC)
    messages: list[dict[str, Any]] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    stopped: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._numbers = itertools.count(1)
        super().__init__()

    def _as(self, number: str) -> str:
        return f"whatsapp:{number}" if self.wa else number

    def _new(
        self, sender: str, to: str, body: str, direction: str, status: str, **more: Any
    ) -> dict[str, Any]:
        message = {
            "sid": f"SM{next(self._numbers):032x}",
            "from": self._as(sender),
            "to": self._as(to),
            "body": body,
            "direction": direction,
            "status": status,
            "date_sent": f"{self.now:%a, %d %b %Y %H:%M:%S +0000}",
            "date_created": f"{self.now:%a, %d %b %Y %H:%M:%S +0000}",
            "num_media": "0",
            "error_code": None,
            "error_message": None,
            **more,
        }
        with self.lock:
            self.messages.append(message)
        return message

    def writes(self, person: str, body: str, *files: bytes) -> dict[str, Any]:
        """Somebody writes to us, with pictures."""
        message = self._new(person, OURS, body, "inbound", "received", num_media=str(len(files)))
        for number, data in enumerate(files):
            self.files[f"{message['sid']}/ME{number}"] = data
        return message

    def console(self, person: str, body: str) -> dict[str, Any]:
        """Somebody else sends by our number."""
        return self._new(OURS, person, body, "outbound-api", "sent")

    def becomes(self, message: dict[str, Any], status: str, **more: Any) -> None:
        with self.lock:
            message.update(status=status, **more)

    @property
    def taken(self) -> list[dict[str, Any]]:
        """What we sent."""
        return [each for each in self.messages if each["direction"] != "inbound"]

    def handle(self, request: Request) -> Answer:
        if not request.headers.get("authorization", "").startswith("Basic "):
            return _wrong(401, 20003, "Authenticate")
        path = request.path.removeprefix(f"/2010-04-01/Accounts/{SID}")
        if path == ".json":
            return Answer({"sid": SID, "status": "active"})
        if path == "/Messages.json":
            return self._send(request.fields()) if request.method == "POST" else self._list(request.query)
        return self._media(path)

    def _list(self, asked: dict[str, str]) -> Answer:
        day = asked.get("DateSent>", "")
        with self.lock:
            found = [
                dict(each)
                for each in reversed(self.messages)
                if each["to"] == asked.get("To", each["to"])
                and each["from"] == asked.get("From", each["from"])
                and datetime.strptime(each["date_sent"], "%a, %d %b %Y %H:%M:%S %z").date().isoformat() >= day
            ]
        at = int(asked.get("Page", 0))
        page = found[at * self.page : (at + 1) * self.page]
        more = len(found) > (at + 1) * self.page
        following = f"/2010-04-01/Accounts/{SID}/Messages.json?" + urlencode({**asked, "Page": str(at + 1)})
        return Answer({"messages": page, "next_page_uri": following if more else None})

    def _send(self, said: dict[str, str]) -> Answer:
        if said["To"] in self.stopped:
            return _wrong(400, 21610, "Attempt to send to unsubscribed recipient")
        plain = said["To"].removeprefix("whatsapp:")
        message = self._new(OURS, plain, said["Body"], "outbound-api", "queued")
        return Answer(message, 201)

    def _media(self, path: str) -> Answer:
        message, _, name = path.removeprefix("/Messages/").partition("/Media")
        if name == ".json":
            uris = [key for key in self.files if key.startswith(message)]
            base = f"/2010-04-01/Accounts/{SID}/Messages"
            listed = [
                {
                    "sid": key.partition("/")[2],
                    "content_type": "image/jpeg",
                    "uri": f"{base}/{message}/Media/{key.partition('/')[2]}.json",
                }
                for key in uris
            ]
            return Answer({"media_list": listed})
        data = self.files.get(f"{message}{name}")
        return Answer(data) if data is not None else _wrong(404, 20404, "not found")


def _wrong(status: int, code: int, words: str) -> Answer:
    return Answer({"code": code, "message": words, "status": status}, status)
