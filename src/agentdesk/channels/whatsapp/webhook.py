"""What WhatsApp says, taken apart and read: the codec, pure.

Promises: one raw form for each message, status and echo of a webhook, in Meta's own words; a kind that is not known here is kept
and marked `unsupported`; the words of the ad or the product that led to a message stand above its own, and what is forwarded is marked so; a person without a number is known by the id that WhatsApp gives; what WhatsApp itself says of somebody is
nobody's message, and a number that it says is theirs now is the same person's. Refuses: fetching files.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from agentdesk.channels import chat, graph
from agentdesk.channels.shape import entries, inside, mapping
from agentdesk.core.language import language
from agentdesk.core.model import (
    BY_SERVICE,
    Address,
    Incoming,
    MailClass,
    Notice,
    Reaction,
    Receipt,
    Withdrawal,
)
from agentdesk.core.text import safe
from agentdesk.values import dataclass

FILES = ("image", "audio", "video", "document", "sticker")
_NUMBER_CHANGED = frozenset({"user_changed_number", "customer_changed_number"})
_STATES = {"sent": "sent", "delivered": "delivered", "read": "read", "played": "read", "failed": "failed"}


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that a webhook says. `kind`: message, echo, status or other; `by_us`: from the shop's own telephone."""

    kind: str
    event: dict[str, Any]

    @property
    def by_us(self) -> bool:
        return self.kind == "echo"

    @property
    def at(self) -> datetime | None:
        """When it happened, as WhatsApp dates it; None where it does not."""
        said = self.event.get("message") or self.event.get("status")
        try:
            return chat.moment(said["timestamp"])  # type: ignore[index]  # what is nothing raises
        except (KeyError, TypeError, ValueError):
            return None

    @property
    def files(self) -> list[tuple[str, dict[str, Any]]]:
        """(kind, content) of what is to be fetched for it."""
        message = inside(self.event, "message")
        content = inside(message, "edit", "message") or message
        return [(kind, content[kind]) for kind in FILES if isinstance(content.get(kind), dict)]


def taken_apart(body: Mapping[str, Any], phone: str) -> Iterator[Said]:
    """Everything in one webhook, in its order: it may hold several entries, changes and messages. What is about another number
    than the one with the id `phone`, or has not the shape of a webhook, is `other`: signed, it is kept."""
    for entry in entries(body, "entry"):
        for change in entries(entry, "changes"):
            yield from _of_change(change, phone)


def _of_change(change: object, phone: str) -> Iterator[Said]:
    value = inside(change, "value")
    number = inside(value, "metadata").get("phone_number_id", phone)
    found = list(_of_value(value)) if number == phone else []
    field = mapping(change).get("field")
    what = {"field": str(field), "number": str(number), "ours": number == phone, "value": value or change}
    yield from found or [Said("other", {"kind": "other", **what})]


def _of_value(value: Mapping[str, Any]) -> Iterator[Said]:
    contacts = [each for each in _list(value.get("contacts")) if isinstance(each, dict)]
    people = {str(each[key]): each for each in contacts for key in ("wa_id", "user_id") if each.get(key)}
    for key, kind, side in (("messages", "message", "from"), ("message_echoes", "echo", "to")):
        for message in _list(value.get(key)):
            said = mapping(message)
            ids = (str(said.get(each)) for each in (side, f"{side}_user_id"))
            who = next((people[each] for each in ids if each in people), {})
            yield Said(kind, {"kind": kind, "contact": who, "message": message})
    for status in _list(value.get("statuses")):
        yield Said("status", {"kind": "status", "status": status})


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else [value] if value is not None else []


def read(raw: bytes | Path) -> Incoming | Notice:
    """Reads a raw form; raises ValueError with a reason."""
    document = chat.opened(raw)
    if "event" not in document:
        return chat.read_sent(document)
    try:
        event = document["event"]
        if event["kind"] == "status":
            return _receipt(event["status"])
        if event["kind"] == "other":
            raise ValueError(_why_not(event))
        return _message(document, event)
    except KeyError as error:
        raise ValueError(f"{error.args[0]} is missing") from None
    except (TypeError, AttributeError):
        raise ValueError("it has not the shape of a WhatsApp webhook") from None


def _why_not(event: Mapping[str, Any]) -> str:
    if not event["ours"]:
        return f"it is about the number {_short(event['number'])}, not about this account's"
    return f"WhatsApp said {_short(event['field'])}, which is no message: it is kept, and not supported"


def _short(word: object) -> str:
    return str(word)[:40]


def _receipt(status: Mapping[str, Any]) -> Receipt:
    state = _STATES.get(chat.words(status["status"]))
    if state is None:
        raise ValueError(f"WhatsApp said a status of {_short(status['status'])}, which is not known")
    errors = _list(status.get("errors"))
    code, words = graph.meaning(errors[0]) if errors else ("", "")
    # Our own name for it comes back, and is known before WhatsApp's.
    to = status.get("recipient_id") or status.get("recipient_user_id")
    name = status.get("biz_opaque_callback_data") or _name(str(to), status["id"])
    return Receipt("whatsapp", str(name), state, chat.moment(status["timestamp"]), code, words)  # type: ignore[arg-type]


def _message(document: Mapping[str, Any], event: Mapping[str, Any]) -> Incoming | Notice:
    message, who = event["message"], event["contact"]
    kind, at = chat.words(message["type"]), chat.moment(message["timestamp"])
    by_us = event["kind"] == "echo"
    number = message.get("to") if by_us else message.get("from") or who.get("wa_id")
    other = message.get("to_user_id") if by_us else message.get("from_user_id") or who.get("user_id")
    person = chat.words(number or other)
    named = chat.person((who.get("profile") or {}).get("name"), person)
    if kind == "revoke":
        return Withdrawal("whatsapp", _name(person, message["revoke"]["original_message_id"]), at)
    if kind == "reaction":
        said = message["reaction"]
        by = None if by_us else named
        return Reaction("whatsapp", _name(person, said["message_id"]), by, str(said.get("emoji") or ""), at)
    if kind == "system":
        return _said_itself(message, named, _name(person, message["id"]), at)
    content = message
    if kind == "edit":
        content = message["edit"].get("message") or message["edit"]
        kind = str(content.get("type") or "text")
    own, files = safe(_text(kind, content)), chat.attachments(document)
    text = chat.beside(safe(_above(message)), own)
    answered = inside(message, "context").get("id")
    names = (_name(person, answered),) if answered else ()
    marks = _marks(message)
    us = Address("", chat.person("", message.get("from") or "").email)
    return Incoming(
        channel="whatsapp",
        sender=us if by_us else named,
        to=(named,) if by_us else (),
        subject=chat.title(own or text),
        text=text,
        message_id=_name(person, message["id"]),
        in_reply_to=names,
        references=names,
        sent_at=at,
        language=None if _is_forwarded(message) else language(own),
        attachments=files,
        warnings=(*marks, *_warnings(document, files, own)),
        edits=_name(person, message["edit"]["original_message_id"]) if message["type"] == "edit" else None,
        same_person=(chat.person("", other).email,) if other and other != person else (),
    )


def _said_itself(message: Mapping[str, Any], person: Address, name: str, at: datetime) -> Incoming:
    """What WhatsApp says of somebody: of a change of their number the new one, of all else its own words."""
    said = mapping(message["system"])
    new = str(said.get("wa_id") or said.get("new_wa_id") or "") if said.get("type") in _NUMBER_CHANGED else ""
    number = chat.person("", new.lstrip("+")).email
    text = safe(f"+{number}" if number else str(said.get("body") or ""))
    return Incoming(
        channel="whatsapp",
        sender=person,
        subject="",
        text=text,
        message_id=name,
        sent_at=at,
        mail_class=MailClass.AUTO_REPLY,
        class_reason=BY_SERVICE,
        warnings=("number_changed" if number else BY_SERVICE,),
        same_person=(number,) if number and number != person.email else (),
    )


def _name(person: str, message: object) -> str:
    return chat.name("whatsapp", chat.person("", person).email, message)


def _warnings(document: Mapping[str, Any], files: tuple[object, ...], text: str) -> tuple[str, ...]:
    if len(files) < len(document["files"]):
        return ("file_missing",)
    return ("unsupported",) if not text and not files else ()


def _marks(message: Mapping[str, Any]) -> tuple[str, ...]:
    """What is to be known of a message beside its words."""
    context = inside(message, "context")
    is_often = context.get("frequently_forwarded") is True
    marks = (
        ("forwarded_often", is_often),
        ("forwarded", _is_forwarded(message) and not is_often),
        ("from_ad", bool(inside(message, "referral"))),
        ("about_product", bool(inside(context, "referred_product"))),
    )
    return tuple(code for code, is_so in marks if is_so)


def _is_forwarded(message: Mapping[str, Any]) -> bool:
    context = inside(message, "context")
    return context.get("forwarded") is True or context.get("frequently_forwarded") is True


def _above(message: Mapping[str, Any]) -> str:
    """The words of the ad that led to a message, and the number of the product that it is about."""
    ad, product = inside(message, "referral"), inside(message, "context", "referred_product")
    said = (ad.get("headline"), ad.get("body"), ad.get("source_url"))
    return chat.lines(*said, product.get("product_retailer_id"), product.get("catalog_id"))


def _text(kind: str, content: Mapping[str, Any]) -> str:
    """The words of a message of that kind; what is no text is told in words."""
    own = content.get(kind)
    said = mapping(own)
    if kind in {"text", "button"}:
        return str(said.get("body") or said.get("text") or "")
    if kind == "location":
        return chat.place(said["latitude"], said["longitude"], said.get("name"), said.get("address"))
    if kind == "interactive":
        chosen: Any = next((said[each] for each in ("button_reply", "list_reply") if each in said), {})
        return str(chosen.get("title") or "")
    if kind == "contacts" and isinstance(own, list):
        return "\n".join(_contact(each) for each in _list(own))
    if kind == "order":
        lines = (
            f"{e.get('quantity')} x {e.get('product_retailer_id')}" for e in _list(said.get("product_items"))
        )
        return "\n".join((str(said.get("text") or ""), *lines)).strip()
    return str(said.get("caption") or "")


def _contact(card: Mapping[str, Any]) -> str:
    name: Mapping[str, Any] = card.get("name") or {}
    numbers = (str(each.get("phone") or "") for each in _list(card.get("phones")))
    return " ".join((str(name.get("formatted_name") or ""), *numbers)).strip()
