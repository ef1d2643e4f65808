"""What the shop knows of its own customers: the question, the answer, and which order of several is meant.

Promises: whatever a shop's program answers is a stranger's text: it is bounded in bytes, depth and number, made safe where it
comes in, and an address that is no web address is left out. Refuses: reading anything, and deciding when to ask.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from agentdesk.core.text import safe_line
from agentdesk.errors import N_
from agentdesk.values import dataclass

VERSION = 1
_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?!\d)", re.ASCII)
BYTES = 256 << 10
"""Of an answer."""
DEPTH, FACTS, ITEMS, MORE, LINE, URL = 6, 20, 20, 12, 200, 500
"""How deep an answer may be, how much of it is kept, and how many characters of one line."""
DONE = (
    "completed", "delivered", "cancelled", "canceled", "refunded", "returned", "failed", "trash",
    "entregado", "cancelado", "devuelto", "reembolsado", "completado",
    "lliurada", "entregada", "cancel·lada", "anul·lada", "retornada", "completada",
)  # fmt: skip
"""A status with which an order is over, where the shop does not say so itself."""
NAMES = ("number", "status", "placed_at", "total", "carrier", "tracking_url", "items")
PLACES = tuple(f"order.{name}" for name in NAMES)
"""What a quick reply may ask of the order that is meant."""


@dataclass(frozen=True, slots=True)
class Question:
    """Who asks, as (channel, address), and which order numbers stand in what they wrote, the newest first."""

    identities: tuple[tuple[str, str], ...]
    orders: tuple[str, ...] = ()

    def document(self) -> dict[str, Any]:
        """The form in which the shop's program gets it."""
        people = [{"channel": channel, "address": address} for channel, address in self.identities]
        return {"version": VERSION, "identities": people, "orders": list(self.orders)}


@dataclass(frozen=True, slots=True)
class Fact:
    """One order. Every text is safe; `email` is whose it is, `more` what else the shop says, as it comes. `is_open` is
    None where nobody says."""

    number: str = ""
    status: str = ""
    placed_at: str = ""
    total: str = ""
    carrier: str = ""
    tracking_url: str = ""
    items: tuple[str, ...] = ()
    email: str = ""
    is_open: bool | None = None
    more: tuple[tuple[str, str], ...] = ()

    @property
    def going(self) -> bool:
        """Whether the order is still on its way, as far as can be told."""
        return self.status.casefold() not in DONE if self.is_open is None else self.is_open

    def values(self) -> dict[str, str]:
        """By the names in PLACES, empty where it is not known; a day as people here write it."""
        known = {name: getattr(self, name) for name in NAMES}
        known["items"] = ", ".join(self.items)
        if day := _DAY.match(self.placed_at):
            known["placed_at"] = f"{day[3]}/{day[2]}/{day[1]}"
        return {f"order.{name}": value for name, value in known.items()}

    def document(self) -> dict[str, Any]:
        """The form in which `facts` reads it."""
        known = {name: getattr(self, name) for name in (*NAMES, "email")}
        given = {name: list(value) if name == "items" else value for name, value in known.items() if value}
        return {**given, **({} if self.is_open is None else {"open": self.is_open}), **dict(self.more)}


def read(data: bytes) -> tuple[Fact, ...]:
    """An answer `{"facts": [{...}, ...]}`; raises ValueError with a reason for people that is still to be translated."""
    if len(data) > BYTES:
        raise ValueError(N_("the answer is too long"))
    try:
        document = json.loads(data)
    except (ValueError, RecursionError):
        raise ValueError(N_("the answer is no JSON")) from None
    if _is_deeper(document, DEPTH):
        raise ValueError(N_("the answer is nested too deep"))
    found = document.get("facts") if isinstance(document, dict) else None
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise ValueError(N_('the answer is not of the form {"facts": [{"number": "..."}]}'))
    return facts(found)


def facts(found: Iterable[Mapping[str, Any]]) -> tuple[Fact, ...]:
    """What is kept of an answer, made safe; one that says nothing is left out."""
    read_ = (fact(each) for each, _ in zip(found, range(FACTS), strict=False))
    return tuple(each for each in read_ if each != Fact())


def fact(given: Mapping[str, Any]) -> Fact:
    """One order of an answer."""
    items = given.get("items")
    lines = [_line(each) for each in items[:ITEMS]] if isinstance(items, list) else [_line(items)]
    is_open = given.get("open")
    known = {*NAMES, "email", "open"}
    more = [(_line(name), _line(value)) for name, value in given.items() if name not in known]
    return Fact(
        **{name: _line(given.get(name)) for name in ("number", "status", "placed_at", "total", "carrier")},
        tracking_url=web_address(given.get("tracking_url")),
        items=tuple(filter(None, lines)),
        email=_line(given.get("email")),
        is_open=is_open if isinstance(is_open, bool) else None,
        more=tuple(each for each in more if all(each))[:MORE],
    )


def _line(value: Any) -> str:
    """One line of a value that can be one; an object or a list says nothing."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return safe_line(str(value)[: 4 * LINE])[:LINE].strip()


def over(found: Iterable[Fact], done: Iterable[str]) -> tuple[Fact, ...]:
    """The same, with those closed whose status is one of `done`, by what the shop calls it."""
    words = {each.casefold() for each in done}
    return tuple(
        replace(each, is_open=False) if each.is_open is None and each.status.casefold() in words else each
        for each in found
    )


def web_address(value: Any) -> str:
    """An address that a browser may be given: http or https, a host, nobody's name or password in it; else ""."""
    text = value.strip() if isinstance(value, str) else ""
    if len(text) > URL or not text.isprintable() or any(letter.isspace() for letter in text):
        return ""
    return text if host(text) else ""


def host(address: str) -> str:
    """Where a web address leads, as the network writes it, so that no letter only looks like another; "" for any other text."""
    try:
        parts = urlsplit(address)
        name = (parts.hostname or "").encode("idna").decode("ascii")
        wrong = parts.scheme not in {"http", "https"} or parts.username is not None or parts.port == 0
    except (ValueError, UnicodeError):
        return ""
    return "" if wrong else safe_line(name)


def _is_deeper(value: Any, levels: int) -> bool:
    if not isinstance(value, dict | list):
        return False
    inner = value.values() if isinstance(value, dict) else value
    return levels == 0 or any(_is_deeper(each, levels - 1) for each in inner)


def same_number(one: str, other: str) -> bool:
    """Whether two people write the same order number: case, spaces and a # in front do not count."""
    return _bare(one) == _bare(other)


def _bare(number: str) -> str:
    return "".join(number.split()).lstrip("#").casefold()


def numbered(known: Iterable[Fact], number: str) -> Fact | None:
    """The order of that number."""
    return next((each for each in known if each.number and same_number(each.number, number)), None)


def meant(known: Iterable[Fact], named: Iterable[str], remembered: str = "") -> Fact | None:
    """The order that counts: the one that is named, else what an agent chose before (`remembered`), else the only one that is
    still on its way; None where nobody can tell."""
    orders = {_bare(each.number): each for each in known if each.number}
    said = {_bare(number) for number in named} & orders.keys()
    if len(said) == 1:
        return orders[said.pop()]
    if remembered:
        return orders.get(_bare(remembered))
    going = [each for each in orders.values() if each.going]
    return going[0] if not said and len(going) == 1 else None
