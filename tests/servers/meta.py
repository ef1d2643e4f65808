"""Meta's Graph API on loopback, as far as a shop's page and number go; it keeps its own truth of what was taken, and signs its webhooks."""

import hashlib
import hmac
import itertools
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from servers.web import Answer, Request, Service

TOKEN, APP_SECRET = "EAAB-t0ken-0f-the-shop", "4pp-s3cret"
PHONE, BUSINESS, PAGE = "106540352242922", "102290129340398", "210987654321"
OURS = "34900111222"


@dataclass
class Meta(Service):
    """`now` is its clock, turned by hand. `hooks` are webhooks that nobody has been told of: `signed` makes one."""

    now: datetime = datetime(2026, 11, 23, 9, tzinfo=UTC)
    taken: list[dict[str, Any]] = field(default_factory=list)
    media: dict[str, bytes] = field(default_factory=dict)
    templates: list[dict[str, Any]] = field(default_factory=list)
    talks: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    calls: int = 0

    def __post_init__(self) -> None:
        self._numbers = itertools.count(1)
        super().__init__()

    # WhatsApp, the customer's side: what a webhook says.

    def whatsapp(
        self, person: str, kind: str = "text", *, echo: bool = False, hidden: str = "", **content: Any
    ) -> dict[str, Any]:
        """A message of a customer, or of ours from the telephone; gives the webhook. `hidden`: an id in place of the number."""
        number = next(self._numbers)
        message = {
            "id": f"wamid.{number:06}/A=",
            "timestamp": str(int(self.now.timestamp())),
            "type": kind,
            kind: content,
        }
        if echo:
            value = {"message_echoes": [{**message, "from": OURS, "to": person}]}
        else:
            who = {"profile": {"name": f"Maria {person[-2:]}"}, **({"user_id": hidden} if hidden else {})}
            if person:
                who["wa_id"] = person
                message["from"] = person
            if hidden:
                message["from_user_id"] = hidden
            value = {"contacts": [who], "messages": [message]}
        return self.webhook("smb_message_echoes" if echo else "messages", value)

    def status(self, wamid: str, person: str, state: str, **more: Any) -> dict[str, Any]:
        at = str(int(self.now.timestamp()))
        return self.webhook(
            "messages",
            {"statuses": [{"id": wamid, "status": state, "timestamp": at, "recipient_id": person, **more}]},
        )

    def webhook(self, kind: str, value: dict[str, Any]) -> dict[str, Any]:
        about = {
            "messaging_product": "whatsapp",
            "metadata": {"display_phone_number": OURS, "phone_number_id": PHONE},
        }
        change = {"field": kind, "value": {**about, **value}}
        return {"object": "whatsapp_business_account", "entry": [{"id": BUSINESS, "changes": [change]}]}

    # Messenger and Instagram, the customer's side.

    def talks_to(self, person: str, text: str, *, by_us: bool = False, **more: Any) -> dict[str, Any]:
        """A message in the conversation with somebody, as the Conversations API has it."""
        us, them = {"id": PAGE, "name": "Vimet"}, {"id": person, "name": f"Maria {person[-2:]}"}
        message = {
            "id": f"m_{next(self._numbers):06}",
            "created_time": f"{self.now:%Y-%m-%dT%H:%M:%S}+0000",
            "from": us if by_us else them,
            "to": {"data": [them if by_us else us]},
            "message": text,
            **more,
        }
        with self.lock:
            self.talks.setdefault(person, []).append(message)
        return message

    def messaging(self, person: str, *, by_us: bool = False, **content: Any) -> dict[str, Any]:
        """A webhook of a page: `message`, `read`, `delivery`, `reaction` ..."""
        sides = ({"id": PAGE}, {"id": person}) if by_us else ({"id": person}, {"id": PAGE})
        at = int(self.now.timestamp() * 1000)
        said = {"sender": sides[0], "recipient": sides[1], "timestamp": at, **content}
        return {"object": "page", "entry": [{"id": PAGE, "time": at, "messaging": [said]}]}

    # The shop's side.

    def handle(self, request: Request) -> Answer:
        path = request.path.lstrip("/")
        if path.startswith("cdn/"):
            return _file(self.media.get(path[4:]))
        with self.lock:
            self.calls += 1
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return error(190, "Invalid OAuth access token", 401)
        if path == PHONE:
            return Answer(
                {"display_phone_number": f"+{OURS}", "verified_name": "Vimet", "quality_rating": "GREEN"}
            )
        if path == PAGE:
            return Answer({"name": "Vimet", "username": "vimet"})
        if path == f"{BUSINESS}/message_templates":
            return Answer({"data": self.templates})
        if path == f"{PHONE}/media":
            return self._hand(request)
        if path.endswith("/messages") and request.method == "POST":
            return self._take(path.partition("/")[0], request)
        if path == f"{PAGE}/conversations":
            return self._conversations(request.query)
        return self._read(path, request.query)

    def _hand(self, request: Request) -> Answer:
        file = next(each for each in request.parts() if each.file is not None)
        name = f"media{len(self.media) + 1}"
        with self.lock:
            self.media[name] = file.data
        return Answer({"id": name})

    def _take(self, who: str, request: Request) -> Answer:
        said = request.fields()
        said = {name: _json(value) for name, value in said.items()}
        if said.get("status") == "read" or "sender_action" in said:
            return Answer({"success": True})
        files = [each for each in request.parts() if each.file is not None]
        number = f"wamid.out{len(self.taken):04}" if who == PHONE else f"m_out{len(self.taken):04}"
        with self.lock:
            self.taken.append({**said, "_id": number, "_file": files[0].data if files else None})
        if who == PHONE:
            return Answer({"messaging_product": "whatsapp", "messages": [{"id": number}]})
        return Answer({"recipient_id": said["recipient"]["id"], "message_id": number})

    def _conversations(self, asked: dict[str, str]) -> Answer:
        rows = [
            {"id": f"t_{person}", "updated_time": messages[-1]["created_time"]}
            for person, messages in self.talks.items()
        ]
        rows.sort(key=lambda each: each["updated_time"], reverse=True)
        return Answer(_page(rows, asked))

    def _read(self, path: str, asked: dict[str, str]) -> Answer:
        if path in self.media:
            return Answer({"id": path, "url": f"{self.base}/cdn/{path}", "mime_type": "image/jpeg"})
        name, _, what = path.partition("/")
        messages = self.talks.get(name.removeprefix("t_"))
        if messages is None:
            return error(100, "Unsupported get request")
        page = _page(list(reversed(messages)), {**asked, "limit": "25"})
        return Answer(page if what else {"messages": page, "id": name})


def signed(document: object, secret: str = APP_SECRET) -> tuple[bytes, dict[str, str]]:
    """(body, headers) of a webhook as Meta sends it."""
    body = json.dumps(document, ensure_ascii=False).encode()
    proof = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return body, {"X-Hub-Signature-256": f"sha256={proof}", "Content-Type": "application/json"}


def error(code: int, words: str, status: int = 400, **more: Any) -> Answer:
    return Answer({"error": {"message": words, "type": "OAuthException", "code": code, **more}}, status)


def _page(rows: list[dict[str, Any]], asked: dict[str, str]) -> dict[str, Any]:
    at, size = int(asked.get("after", 0)), int(asked["limit"])
    found: dict[str, Any] = {"data": rows[at : at + size]}
    if at + size < len(rows):
        found["paging"] = {"cursors": {"after": str(at + size)}}
    return found


def _file(data: bytes | None) -> Answer:
    return (
        Answer(data, headers={"Content-Type": "image/jpeg"}) if data is not None else error(100, "gone", 404)
    )


def _json(value: Any) -> Any:
    try:
        return json.loads(value) if isinstance(value, str) and value[:1] in "{[" else value
    except ValueError:
        return value
