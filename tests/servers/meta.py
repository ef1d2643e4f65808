"""Meta's Graph API on loopback, as far as a shop's page and number go; it keeps its own truth of what was taken, and signs its webhooks."""

import hashlib
import hmac
import itertools
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from servers.web import Answer, Request, Service

TOKEN, APP_SECRET = "EAAB-t0ken-0f-the-shop", "4pp-s3cret"
PHONE, BUSINESS, PAGE = "106540352242922", "102290129340398", "210987654321"
OURS = "34900111222"
UPLOADS = {
    "audio/aac", "audio/mp4", "audio/mpeg", "audio/amr", "audio/ogg", "audio/opus", "application/pdf", "text/plain",
    "application/msword", "application/vnd.ms-excel", "application/vnd.ms-powerpoint", "image/jpeg", "image/png",
    "image/webp", "video/mp4", "video/3gpp",
}  # fmt: skip
"""What WhatsApp takes for a file, beside the newer forms of office."""


@dataclass
class Meta(Service):
    """`now` is its clock, turned by hand. It knows who wrote when, whom it may hand what to, and where each file lies for how
    long. `queue` are the webhooks of which nobody has been told yet; those of customers are made by a test."""

    now: datetime = datetime(2026, 11, 23, 9, tzinfo=UTC)
    taken: list[dict[str, Any]] = field(default_factory=list)
    attended: list[dict[str, Any]] = field(default_factory=list)
    media: dict[str, bytes] = field(default_factory=dict)
    links: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    templates: list[dict[str, Any]] = field(default_factory=list)
    talks: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    heard: dict[str, datetime] = field(default_factory=dict)
    queue: list[dict[str, Any]] = field(default_factory=list)
    subscribed: bool = True
    calls: int = 0

    def __post_init__(self) -> None:
        self._numbers = itertools.count(1)
        super().__init__()

    def tells(self, post: Callable[[bytes, dict[str, str]], int]) -> None:
        """Tells of everything in the queue, in its order; what is not answered with 200 stays there."""
        while self.queue and post(*signed(self.queue[0])) == 200:
            self.queue.pop(0)

    # WhatsApp, the customer's side: what a webhook says.

    def whatsapp(
        self, person: str, kind: str = "text", *, echo: bool = False, hidden: str = "", **content: Any
    ) -> dict[str, Any]:
        """A message of a customer, or of ours from the telephone; gives the webhook. `hidden`: an id in place of the number, or
        beside it. `context`: the id of what is answered, or all that WhatsApp says there; `referral`: the ad that led to it."""
        context, referral = content.pop("context", None), content.pop("referral", None)
        message = {
            "id": f"wamid.{next(self._numbers):06}/A=",
            "timestamp": str(int(self.now.timestamp())),
            "type": kind,
            kind: content.pop("whole", None) or content,
        }
        if context:
            message["context"] = {"id": context} if isinstance(context, str) else context
        message |= {"referral": referral} if referral else {}
        side = "to" if echo else "from"
        who = {"profile": {"name": f"Maria {(person or hidden)[-2:]}"}}
        if echo:
            message["from"] = OURS
        if person:
            who["wa_id"] = message[side] = person
        if hidden:
            who["user_id"] = message[f"{side}_user_id"] = hidden
        if not echo:
            self.wrote(person or hidden)
        value = {"contacts": [who], "message_echoes" if echo else "messages": [message]}
        return self.webhook("smb_message_echoes" if echo else "messages", value)

    def status(self, wamid: str, person: str, state: str, **more: Any) -> dict[str, Any]:
        at = str(int(self.now.timestamp()))
        said = {"id": wamid, "status": state, "timestamp": at, **more}
        return self.webhook("messages", {"statuses": [{**said, "recipient_id": person}]})

    def becomes(self, taken: dict[str, Any], state: str, code: int = 0, words: str = "") -> dict[str, Any]:
        """What becomes of a message that was taken, with our own word for it, as Meta does."""
        opaque = {"biz_opaque_callback_data": taken["biz_opaque_callback_data"]}
        errors = (
            {"errors": [{"code": code, "title": words, "error_data": {"details": words}}]} if code else {}
        )
        to = taken.get("to") or taken["recipient"]
        return self.status(taken["_id"], to, state, **opaque, **errors)

    def webhook(self, kind: str, value: dict[str, Any]) -> dict[str, Any]:
        about = {
            "messaging_product": "whatsapp",
            "metadata": {"display_phone_number": OURS, "phone_number_id": PHONE},
        }
        change = {"field": kind, "value": {**about, **value}}
        return {"object": "whatsapp_business_account", "entry": [{"id": BUSINESS, "changes": [change]}]}

    def a_file(self, data: bytes) -> str:
        """The id of a file that a customer sent."""
        with self.lock:
            name = f"{next(self._numbers):015}"
            self.media[name] = data
        return name

    def wrote(self, person: str, at: datetime | None = None) -> None:
        """Somebody wrote to us: what we may send is counted from it."""
        with self.lock:
            self.heard[person] = at or self.now

    # Messenger and Instagram, the customer's side.

    def talks_to(self, person: str, text: str, *, by_us: bool = False, **more: Any) -> dict[str, Any]:
        """A message in the conversation with somebody, as the Conversations API has it; of that it gives what is asked for."""
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
        if not by_us:
            self.wrote(person)
        return message

    def messaging(self, person: str, *, by_us: bool = False, **content: Any) -> dict[str, Any]:
        """A webhook of a page: `message`, `read`, `delivery`, `reaction` ..."""
        sides = ({"id": PAGE}, {"id": person}) if by_us else ({"id": person}, {"id": PAGE})
        at = int(self.now.timestamp() * 1000)
        said = {"sender": sides[0], "recipient": sides[1], "timestamp": at, **content}
        if not by_us:
            self.wrote(person)
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
        if path.startswith("lookaside/"):
            media, until = self.links.get(path, ("", self.now))
            return _file(self.media.get(media) if self.now < until else None)
        if path == PHONE:
            return Answer(
                {"display_phone_number": f"+{OURS}", "verified_name": "Vimet", "quality_rating": "GREEN"}
            )
        if path == PAGE:
            return Answer({"name": "Vimet", "username": "vimet"})
        if path == f"{BUSINESS}/message_templates":
            return Answer(_page(self.templates, request.query))
        if path == f"{BUSINESS}/subscribed_apps":
            return Answer({"data": [{"whatsapp_business_api_data": {"id": "1"}}] if self.subscribed else []})
        if path == f"{PHONE}/media":
            return self._hand(request)
        if path.endswith("/messages") and request.method == "POST":
            return self._take(path.partition("/")[0], request)
        if path == f"{PAGE}/conversations":
            return self._conversations(request.query)
        return self._read(path, request.query)

    def _hand(self, request: Request) -> Answer:
        file = next(each for each in request.parts() if each.file is not None)
        kind = file.media_type
        if kind not in UPLOADS:
            return error(
                100, f"(#100) Param file must be a file with one of the following types. Received '{kind}'."
            )
        if len(file.data) > ({"image": 5, "video": 16, "audio": 16}.get(kind.partition("/")[0], 100) << 20):
            return error(100, "(#100) File size too large")
        return Answer({"id": self.a_file(file.data)})

    def _take(self, who: str, request: Request) -> Answer:
        said = {name: _json(value) for name, value in request.fields().items()}
        if said.get("status") == "read" or "sender_action" in said:
            with self.lock:
                self.attended.append(said)
            return Answer({"success": True})
        files = [each for each in request.parts() if each.file is not None]
        number = f"wamid.out{len(self.taken):04}" if who == PHONE else f"m_out{len(self.taken):04}"
        kept = {**said, "_id": number, "_file": files[0].data if files else None}
        fault = self._no_whatsapp(said) if who == PHONE else self._no_page(said)
        if fault:
            return fault
        with self.lock:
            self.taken.append(kept)
        return self._sent(kept, number) if who == PHONE else self._echoed(kept, number)

    def _age(self, person: str) -> timedelta:
        """How long ago somebody wrote."""
        return self.now - self.heard.get(person, datetime.min.replace(tzinfo=UTC))

    def _no_whatsapp(self, said: dict[str, Any]) -> Answer | None:
        """What is wrong with it at once."""
        if said.get("recipient_type") != "individual" or not (said.get("to") or said.get("recipient")):
            return error(100, "Invalid parameter")
        handed = said.get(said["type"], {}).get("id")
        if handed and handed not in self.media:
            return error(131052, "Media download error")
        if said["type"] != "template":
            return None
        wanted = said["template"]
        found = [each for each in self.templates if each["name"] == wanted["name"]]
        found = [each for each in found if each["language"] == wanted["language"]["code"]]
        if not found or found[0]["status"] != "APPROVED":
            return error(132001, "Template name does not exist in the translation")
        body = next(each["text"] for each in found[0]["components"] if each["type"] == "BODY")
        values = [v for each in wanted.get("components", ()) for v in each["parameters"]]
        places = {each.strip() for each in re.findall(r"\{\{(.*?)\}\}", body)}
        are_named = "1" not in places and bool(places)
        given = {each.get("parameter_name") for each in values} if are_named else set()
        if len(values) != len(places) or (are_named and given != places):
            return error(132000, "Number of parameters does not match the expected number of params")
        return None

    def _sent(self, said: dict[str, Any], number: str) -> Answer:
        """Taken; that the window has closed, Meta says afterwards."""
        person = said.get("to") or said["recipient"]
        if said["type"] != "template" and self._age(person) > timedelta(days=1):
            self.queue.append(self.becomes(said, "failed", 131047, "Re-engagement message"))
        return Answer({"messaging_product": "whatsapp", "messages": [{"id": number}]})

    def _no_page(self, said: dict[str, Any]) -> Answer | None:
        age = self._age(said["recipient"]["id"])
        is_tagged = (said["messaging_type"], said.get("tag")) == ("MESSAGE_TAG", "HUMAN_AGENT")
        if age > (timedelta(days=7) if is_tagged else timedelta(days=1)):
            return error(10, "This message is sent outside of allowed window.", error_subcode=2018278)
        return None

    def _echoed(self, said: dict[str, Any], number: str) -> Answer:
        """It stands in the conversation, and whoever hears of the page hears of it."""
        person, message = said["recipient"]["id"], said["message"]
        text = message.get("text", "")
        self.talks_to(person, text, by_us=True, id=number)
        told = {"mid": number, "is_echo": True, "app_id": 1, "metadata": message.get("metadata")}
        told |= {"text": text} if text else {"attachments": [{"type": message["attachment"]["type"]}]}
        self.queue.append(self.messaging(person, by_us=True, message=told))
        return Answer({"recipient_id": person, "message_id": number})

    def _conversations(self, asked: dict[str, str]) -> Answer:
        rows = [
            {"id": f"t_{person}", "updated_time": messages[-1]["created_time"]}
            for person, messages in self.talks.items()
        ]
        rows.sort(key=lambda each: each["updated_time"], reverse=True)
        return Answer(_page(rows, asked))

    def _read(self, path: str, asked: dict[str, str]) -> Answer:
        if path in self.media:
            with self.lock:
                link = f"lookaside/{next(self._numbers)}"
                self.links[link] = (path, self.now + timedelta(minutes=5))
            return Answer({"id": path, "url": f"{self.base}/{link}", "mime_type": "image/jpeg"})
        if path in self.heard:
            return Answer({"id": path, "name": f"Maria {path[-2:]}"})
        name, _, what = path.partition("/")
        messages = self.talks.get(name.removeprefix("t_"))
        if messages is None:
            return error(100, "Unsupported get request")
        wanted = set(re.split(r"[{},]", asked.get("fields", "")))
        rows = [{name: each[name] for name in each if name in wanted} for each in reversed(messages)]
        page = _page(rows, {**asked, "limit": "25"})
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
