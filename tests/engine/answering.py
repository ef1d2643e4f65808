"""A shop whose answers go to a provider of our own, which keeps the truth of what it accepted."""

import asyncio

from agentdesk.channels import Accepted, Doubtful, Refused, TryLater
from agentdesk.channels.compose import compose
from agentdesk.config import Account, Home, Settings
from agentdesk.config import Desk as DeskSettings
from agentdesk.core.letter import Wish
from agentdesk.engine import reply
from agentdesk.engine.outbox import Postman
from agentdesk.engine.window import Window
from desks import SHOP, Bench, holds


class Provider:
    """A channel that sends into memory. `plan` says what becomes of each attempt; by default all is accepted."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.accepted: list[bytes] = []
        self.filed: list[str] = []
        self.plan: list[object] = []
        self.knows: bool | None = None

    def compose(self, out):
        return compose(out)

    async def send(self, raw, envelope, before_data):
        step = self.plan.pop(0) if self.plan else "accept"
        if step == "die before":
            raise KeyboardInterrupt
        if isinstance(step, TryLater):
            return step
        before_data()
        if step == "die in data":
            raise KeyboardInterrupt
        if step == "die after":
            self.accepted.append(raw)
            raise KeyboardInterrupt
        if isinstance(step, Doubtful | Refused):
            return step
        self.accepted.append(raw)
        return Accepted(self.bench.clock.at, "250 ok")

    async def find_sent(self, message_id):
        return self.knows

    async def file_sent(self, raw, message_id):
        self.filed.append(message_id)


class Shop:
    """A bench whose answers go to the provider."""

    def __init__(self, folder, **bench) -> None:
        self.bench = Bench(folder, **bench)
        self.home = Home.under(folder / "home")
        self.provider = Provider(self.bench)
        account = Account("mailbox", "soporte", "email", SHOP, ("pedidos@shop.test",))
        self.settings = Settings(DeskSettings("Europe/Madrid", "es"), accounts=(account,))

    def answer(self, text="Ya va en camino", *, ticket=1, hold=0.0, resolve=False, **wish):
        return reply.write(
            self.bench.desk,
            self.settings,
            self.provider,
            self.bench.id(ticket),
            Wish(text, **wish),
            resolve=resolve,
            hold=hold,
        )

    def flush(self):
        return asyncio.run(Postman(self.bench.desk, self.home, "mailbox", self.provider).flush())

    def outbox(self):
        with Window(self.bench.desk) as window:
            return window.outbox()


def asked_in(folder):
    """One that was asked half an hour ago where an order is; what it holds is proved at the end."""
    made = Shop(folder)
    made.bench.mail("¿Dónde está mi pedido?", message_id="<q@x.test>")
    made.bench.clock.go(minutes=30)
    yield made
    holds(made.bench.desk)
    made.bench.close()


def shop_in(folder):
    """One with María's mail, closed after use."""
    made = Shop(folder)
    made.bench.mail(sender="María <maria@x.test>", message_id="<a@x.test>", subject="RE: Pedido 7")
    yield made
    made.bench.close()
