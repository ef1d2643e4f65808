"""Webhooks in the shape that WhatsApp gives them, signed as Meta signs, and a small connector that reads them off a relay."""

import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from agentdesk.channels import Account, Batch, Opening, chat
from agentdesk.channels.relayed import Hook, Part, Relayed
from agentdesk.core.model import Address, Incoming, Notice, Receipt

SECRET = "appsecret"
MARIA = "34600111222"
AT = 1_795_424_400
"""Monday 2026-11-23, 9:00 UTC, in seconds."""


def signature(body: bytes, secret: str = SECRET) -> dict[str, str]:
    return {"X-Hub-Signature-256": "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}


def text(number: int, words: str, person: str = MARIA) -> dict[str, Any]:
    body = {"type": "text", "text": {"body": words}}
    return {"from": person, "id": f"wamid.{number}", "timestamp": str(AT + number), **body}


def status(number: int, state: str = "delivered", person: str = MARIA) -> dict[str, Any]:
    return {"id": f"wamid.{number}", "status": state, "timestamp": str(AT), "recipient_id": person}


def webhook(*messages: dict[str, Any], statuses: tuple[dict[str, Any], ...] = ()) -> bytes:
    """One body; each message is an entry of its own, as Meta may bundle them."""
    values = [{"messages": [each]} for each in messages] + (
        [{"statuses": list(statuses)}] if statuses else []
    )
    entry = [{"id": "1", "changes": [{"field": "messages", "value": value}]} for value in values]
    return json.dumps({"object": "whatsapp_business_account", "entry": entry}).encode()


def account(box: Any, folder: Path, secret: str = SECRET, token: str | None = None) -> Account:
    secrets = {"relay_token": box.pull_token if token is None else token, "app_secret": secret}
    said = json.dumps({name: value for name, value in secrets.items() if value})
    return Account(
        "shop",
        "vimet",
        "+34900",
        lambda: said,
        folder,
        options={"relay": box.url, "phone_id": "106540352242922"},
    )


class Connector:
    """Reads texts and receipts. `on_hook` is called with each hook before it is read, and may raise."""

    kind = "whatsapp"

    def __init__(
        self, of: Account, clock: Callable[[], datetime], on_hook: Callable[[Hook], Any] = id
    ) -> None:
        self.relayed = Relayed(of, clock=clock, long=20)
        self._on_hook = on_hook

    def receive(self, cursor: str | None, opening: Opening, *, once: bool) -> AsyncIterator[Batch]:
        return self.relayed.batches(cursor, self._parts, once=once)

    async def _parts(self, hook: Hook) -> list[Part]:
        self._on_hook(hook)
        values = [change["value"] for entry in hook.document()["entry"] for change in entry["changes"]]
        found = [
            each for value in values for each in (*value.get("messages", ()), *value.get("statuses", ()))
        ]
        return [Part(chat.received(self.kind, each), chat.moment(each["timestamp"])) for each in found]

    async def close(self) -> None:
        await self.relayed.close()

    @staticmethod
    def read(raw: bytes | Path) -> Incoming | Notice:
        document = chat.opened(raw)
        if "event" not in document:
            raise ValueError("event is missing")
        event = document["event"]
        at = chat.moment(event["timestamp"])
        if "status" in event:
            return Receipt(
                "whatsapp", chat.name("whatsapp", event["recipient_id"], event["id"]), event["status"], at
            )
        words, person = event["text"]["body"], event["from"]
        name = chat.name("whatsapp", person, event["id"])
        return Incoming("whatsapp", Address("Maria", person), words, words, message_id=name, sent_at=at)


def now() -> datetime:
    return datetime.fromtimestamp(AT + 100_000, UTC)
