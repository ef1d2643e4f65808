"""Maria writes to the console's shop by WhatsApp too, and a service takes what is answered there."""

from agentdesk.channels import Ability, Arrival, Batch, chat
from agentdesk.config import Account
from agentdesk.core.model import Address, Attachment, Incoming, Outgoing, Place
from agentdesk.core.seal import digest
from agentdesk.engine.intake import Intake
from tui.driver import Shop

MARIA = "34600111222"
ACCOUNT = Account("vimet", "vimet", "demo", "hola@vimet.example")
"""One of the demo's, since it has templates."""


class Service:
    """Takes chats into memory; `ability` is None where it says nothing of what it takes."""

    def __init__(self, ability: Ability | None) -> None:
        self.ability = ability
        self.taken: list[Outgoing] = []

    def compose(self, out):
        self.taken.append(out)
        return chat.sent(out, "whatsapp")


def connected(shop: Shop, ability: Ability | None = None) -> Service:
    """The service of an account for chats that the shop has from now on."""
    shop.with_settings(accounts=(*shop.settings.accounts, ACCOUNT))
    shop.home.make()
    service = shop.others[ACCOUNT.id] = Service(ability)
    return service


def another(shop: Shop) -> Service:
    """A second number of the shop's, `taller`."""
    account = Account("taller", "taller", "demo", "taller@vimet.example")
    shop.with_settings(accounts=(*shop.settings.accounts, account))
    service = shop.others[account.id] = Service(None)
    return service


def chats(shop: Shop, text: str, files: tuple[bytes, ...] = (), account: str = ACCOUNT.id) -> None:
    """Maria writes by WhatsApp, which makes ticket 3."""
    pictures = tuple(
        Attachment(f"foto{n}.png", "image/png", len(data), digest(data), str(n))
        for n, data in enumerate(files, 1)
    )
    said = Incoming(
        "whatsapp", Address("Maria Puig", MARIA), text, text,
        message_id=f"whatsapp:{MARIA}/{account}", language="ca", attachments=pictures,
    )  # fmt: skip
    raw = chat.received(
        "whatsapp",
        {"text": text},
        [chat.File(p.name, "image/png", d) for p, d in zip(pictures, files, strict=True)],
    )
    arrival = Arrival(Place(account, "x", 0, 1), shop.bench.clock.at, raw, len(raw))
    Intake(shop.bench.desk, account, lambda _: said).take(Batch("1", (arrival,)))
