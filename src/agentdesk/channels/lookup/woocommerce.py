"""Orders of a WooCommerce shop, by its REST API (wc/v3): https://woocommerce.github.io/woocommerce-rest-api-docs/#orders

Promises: nothing but GET; only orders of one of the customer's own addresses, or whose number was named. The service has no
question for a number or an address but `search`, which finds far more, so what it finds is compared here. The secret is
consumer key and secret as `ck_...:cs_...`, best of a key that may only read. Refuses: http, but on this machine.
"""

import asyncio
import json
from collections.abc import Iterator
from typing import Any

from agentdesk.channels.lookup.address import Service
from agentdesk.core import lookup
from agentdesk.core.lookup import Fact, Question
from agentdesk.i18n import tr

PATH = "wp-json/wc/v3/orders"
NUMBERS, ADDRESSES, PAGE = 3, 2, 10
FIELDS = "id,number,status,currency,total,date_created_gmt,billing,line_items,shipping_lines,meta_data"
_TRACKING = "_wc_shipment_tracking_items"
"""Where the plugins that everybody uses keep it: WooCommerce itself knows no tracking."""


class WooCommerce(Service):
    """One shop; its address is that of its front page."""

    async def found(self, question: Question) -> tuple[Fact, ...]:
        key, colon, value = self.secret.partition(":")
        if not colon:
            raise self.unreachable(tr("the secret must be consumer key and secret: ck_...:cs_..."))
        self.web.hide(key, value)
        addresses = [each.casefold() for channel, each in question.identities if channel == "email"]
        words = [*question.orders[:NUMBERS], *addresses[:ADDRESSES]]
        pages = await asyncio.gather(*(self._page(word, (key, value)) for word in words))
        orders = {str(each.get("id")): each for page in pages for each in page}
        mine = [each for each in orders.values() if _is_meant(each, question.orders, addresses)]
        mine.sort(key=lambda each: str(each.get("date_created_gmt")), reverse=True)
        return lookup.facts(_fact(each) for each in mine)

    async def _page(self, word: str, auth: tuple[str, str]) -> list[dict[str, Any]]:
        params = {"search": word, "per_page": PAGE, "_fields": FIELDS}
        reply = await self.ask("GET", PATH, params=params, auth=auth)
        try:
            page = json.loads(reply.data)
        except (ValueError, RecursionError):
            raise ValueError(tr("the answer is no JSON")) from None
        if not isinstance(page, list) or not all(isinstance(each, dict) for each in page):
            raise ValueError(tr("the answer is no list of orders: is this the address of the shop?"))
        return page


def _is_meant(order: dict[str, Any], numbers: tuple[str, ...], addresses: list[str]) -> bool:
    number = str(order.get("number") or order.get("id") or "")
    named = any(lookup.same_number(number, each) for each in numbers)
    return named or _of(order, "billing").get("email", "").casefold() in addresses


def _fact(order: dict[str, Any]) -> dict[str, Any]:
    tracking = next(_tracking(order), {})
    by = tracking.get("custom_tracking_provider") or tracking.get("tracking_provider")
    ways = [way for each in _list(order, "shipping_lines") if (way := _text(each, "method_title"))]
    more = {"shipping": ", ".join(ways), "tracking_number": tracking.get("tracking_number")}
    created = _text(order, "date_created_gmt")
    return {
        "number": str(order.get("number") or order.get("id") or ""),
        "status": order.get("status"),
        "placed_at": f"{created}Z" if created and not created.endswith("Z") else created,
        "total": " ".join(filter(None, (_text(order, "total"), _text(order, "currency")))),
        "carrier": by,
        "tracking_url": tracking.get("custom_tracking_link") or tracking.get("tracking_link"),
        "items": [_item(each) for each in _list(order, "line_items")],
        "email": _of(order, "billing").get("email"),
        **more,
    }


def _item(line: dict[str, Any]) -> str:
    count = line.get("quantity")
    return f"{count} x {_text(line, 'name')}" if count not in {None, 1} else _text(line, "name")


def _tracking(order: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The shipments that a plugin has noted, the newest first."""
    for each in _list(order, "meta_data"):
        value = each.get("value")
        if each.get("key") == _TRACKING and isinstance(value, list):
            yield from (one for one in reversed(value) if isinstance(one, dict))


def _list(order: dict[str, Any], name: str) -> list[dict[str, Any]]:
    found = order.get(name)
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def _of(order: dict[str, Any], name: str) -> dict[str, str]:
    found = order.get(name)
    return {k: v for k, v in found.items() if isinstance(v, str)} if isinstance(found, dict) else {}


def _text(table: dict[str, Any], name: str) -> str:
    found = table.get(name)
    return found if isinstance(found, str) else ""
