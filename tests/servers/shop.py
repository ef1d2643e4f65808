"""A shop on loopback with orders of its own: asked in our own form, and in WooCommerce's as its documentation says."""

import base64
from typing import Any

from servers.web import Answer, Request, Service

SECRET = "ck_0123456789:cs_ultrasecret"
ORDERS: tuple[dict[str, Any], ...] = (
    {
        "number": "VM-48190",
        "status": "shipped",
        "placed_at": "2026-11-20",
        "total": "34,50 EUR",
        "carrier": "Correos",
        "tracking_url": "https://track.example/48190",
        "items": ["Basket", "2 x Cushion"],
        "email": "maria@x.test",
        "gift": "wrapped",
    },
    {"number": "VM-48191", "status": "delivered", "email": "maria@x.test"},
    {"number": "VM-50000", "status": "shipped", "email": "pau@x.test"},
)


WAITS = """import json, sys, time, pathlib
called, go = map(pathlib.Path, sys.argv[1:])
called.touch()
while not go.exists():  # a shop that hangs until a test lets it go
    time.sleep(0.01)
print(json.dumps({"facts": [{"number": "VM-1", "status": "shipped"}]}))
"""


class Shop(Service):
    """`orders` is its truth; `keys` are those that may ask."""

    def __init__(self) -> None:
        self.orders = list(ORDERS)
        super().__init__()

    def handle(self, request: Request) -> Answer:
        if request.path.startswith("/wp-json/wc/v3/orders"):
            return self._woocommerce(request)
        if request.headers.get("authorization") != SECRET:
            return Answer({"message": "who are you?"}, 401)
        question = request.json()
        addresses = {each["address"] for each in question["identities"]}
        found = [o for o in self.orders if o["email"] in addresses or o["number"] in question["orders"]]
        return Answer({"facts": found})

    def _woocommerce(self, request: Request) -> Answer:
        """`search` finds whatever holds the word anywhere, as WooCommerce does."""
        told = base64.b64encode(SECRET.encode()).decode()
        if request.method != "GET" or request.headers.get("authorization") != f"Basic {told}":
            error = {"code": "woocommerce_rest_cannot_view", "message": "Sorry", "data": {"status": 401}}
            return Answer(error, 401)
        word = request.query["search"]
        pages = [_as_woocommerce(n, order) for n, order in enumerate(self.orders)]
        return Answer([each for each in pages if word in str(each)])


def _as_woocommerce(n: int, order: dict[str, Any]) -> dict[str, Any]:
    shipment = {
        "tracking_provider": "",
        "custom_tracking_provider": order.get("carrier", ""),
        "custom_tracking_link": order.get("tracking_url", ""),
        "tracking_number": f"T{n}",
        "date_shipped": "1763596800",
    }
    return {
        "id": 700 + n,
        "number": order["number"],
        "status": "completed" if order["status"] == "delivered" else "processing",
        "currency": "EUR",
        "date_created_gmt": f"2026-11-2{n}T10:00:00",
        "total": "34.50",
        "billing": {"first_name": "Maria", "email": order["email"], "phone": ""},
        "shipping_lines": [{"id": 1, "method_title": "Flat rate", "total": "3.00"}],
        "line_items": [
            {"id": 1, "name": "Basket", "quantity": 1},
            {"id": 2, "name": "Cushion", "quantity": 2},
        ],
        "meta_data": [{"id": 9, "key": "_wc_shipment_tracking_items", "value": [shipment]}],
    }
