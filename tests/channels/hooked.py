"""A shop that hears by webhooks: a real relay between the fake of Meta and the connector, for the contract and for stories."""

import asyncio
import itertools
import json
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from agentdesk import config
from agentdesk.channels import Account, Batch, Channel, Opening
from agentdesk.channels.meta import LiveInstagram, LivePage
from agentdesk.channels.whatsapp import WhatsApp
from agentdesk.config import Home, Settings
from agentdesk.core.letter import Wish
from agentdesk.core.model import Incoming, Notice, Outgoing
from agentdesk.core.views import MessageView
from agentdesk.engine import reply
from agentdesk.engine.outbox import Postman, Sent
from agentdesk.engine.receiving import Tally
from agentdesk.engine.window import Window
from channels.contract import a_letter, in_chat
from desks import Bench
from servers.meta import APP_SECRET, BUSINESS, OURS, PAGE, PHONE, TOKEN, Meta, error, signed
from servers.relay import Box, Relay
from servers.web import CUT_AFTER, CUT_BEFORE

MARIA = {"whatsapp": "34600111222", "messenger": "7654321000", "instagram": "7654321000"}
BEGAN = datetime(2024, 11, 25, 9, tzinfo=UTC)
"""A Monday. Long ago, since a relay dates what comes by the real clock, and a message is never younger than that."""
KINDS: dict[str, type[Any]] = {
    "whatsapp": WhatsApp, "messenger": LivePage, "instagram": LiveInstagram,
}  # fmt: skip
_boxes = itertools.count(1)


class Line:
    """Meta, a relay's box and an account that knows both."""

    at_once = 50

    def __init__(self, folder: Path, relay: Relay, kind: str) -> None:
        self.kind = kind
        self.relay = relay
        self.server = Meta(now=BEGAN)
        self.box = self._new_box()
        self.opening = Opening(BEGAN - timedelta(hours=1), 14)
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.account = self.with_secrets()

    def _new_box(self) -> Box:
        return self.relay.box(f"{self.kind}{next(_boxes)}")

    def with_secrets(self, **more: str) -> Account:
        """The account as it would be with other secrets."""
        said = {"token": TOKEN, "app_secret": APP_SECRET, "relay_token": self.box.pull_token, **more}
        ids = {"phone_id": PHONE, "business_id": BUSINESS} if self.kind == "whatsapp" else {"page_id": PAGE}
        options: dict[str, object] = {"relay": self.box.url, "base_url": self.server.base, **ids}
        address = f"+{OURS}" if self.kind == "whatsapp" else "@vimet"
        secret = json.dumps(said)
        return Account("shop", "vimet", address, lambda: secret, self.folder, options=options)

    def make(self, clock: Callable[[], datetime] | None = None) -> Channel:
        made: Channel = KINDS[self.kind](
            self.account, clock=clock or (lambda: self.server.now), at_once=self.at_once
        )
        return made

    def says(self, person: str, text: str) -> dict[str, Any]:
        """The webhook of a customer's text."""
        if self.kind == "whatsapp":
            return self.server.whatsapp(person, body=text)
        number = f"m_{next(_boxes):06}"
        return self.server.messaging(person, message={"mid": number, "text": text})

    def posts(self, body: bytes, headers: dict[str, str]) -> int:
        return self.relay.post(self.box, body, **headers).status_code

    def hook(self, *documents: object) -> None:
        """Meta tells of these, as it signs them."""
        for document in documents:
            assert self.posts(*signed(document)) == 200

    def close(self) -> None:
        self.server.stop()


class HookHarness(Line):
    """For the contract: two looks' worth of webhooks, each with several messages."""

    wire: ClassVar[str]
    at_once = 5
    deaths = 2
    cancels = range(0, 90, 18)
    forgets = True
    garbage = (
        b"",
        b"{",
        b"[1]",
        b"{}",
        b'{"event": {}}',
        b'{"channel": "whatsapp", "files": [], "event": {"kind": "message", "message": 7, "contact": {}}}',
        b'{"channel": "messenger", "event": {"kind": 7}}',
    )

    def __init__(self, folder: Path, request: Any) -> None:
        super().__init__(folder / "spool", request.getfixturevalue("relay"), self.wire)
        request.addfinalizer(self.close)
        self.bodies: list[dict[str, Any]] = []
        self.people = 0
        for _ in range(8):
            self.grow(9)

    def grow(self, count: int = 3) -> None:
        told: list[Any] = []
        for _ in range(count):
            self.people += 1
            self.server.now += timedelta(seconds=1)
            said = self.says(f"3460011{self.people // 9:04}", f"Bon dia, sóc la {self.people}")
            told += said["entry"]
        self.bodies.append({**said, "entry": told})
        self.hook(self.bodies[-1])

    def rewind(self) -> None:
        """What the relay let go comes again, in another box: another desk begins with the same."""
        self.box = self._new_box()
        self.account = self.with_secrets()
        self.hook(*self.bodies)

    def letter(self, number: int = 1) -> Outgoing:
        person = "34600110000"
        out = in_chat(a_letter(number, person, "", self.server.now), f"{self.kind}:{person}/m_1")
        return replace(out, free_until=self.server.now + timedelta(hours=2))

    def troubles(self) -> dict[str, Callable[[], None]]:
        on = partial(self.server.on, "/messages")
        return {
            "Accepted": lambda: None,
            "TryLater": partial(on, error(131056 if self.kind == "whatsapp" else 613, "rate limit")),
            "Refused": partial(on, error(131026 if self.kind == "whatsapp" else 551, "not available")),
            "Doubtful": partial(on, CUT_BEFORE),
            "Doubtful, but gone": partial(on, CUT_AFTER),
        }


class WhatsAppHarness(HookHarness):
    wire = "whatsapp"


class LivePageHarness(HookHarness):
    wire = "messenger"


class LiveInstagramHarness(HookHarness):
    wire = "instagram"


class Shop(Line):
    """A desk at the end of the line: what comes lies in tickets, what is answered goes out by the outbox."""

    def __init__(self, folder: Path, relay: Relay, kind: str = "whatsapp") -> None:
        super().__init__(folder / "spool", relay, kind)
        self.maria = MARIA[kind]
        self.bench = Bench(folder, read=self.make().read)
        self.bench.clock.at = BEGAN
        self.bench.intake.account = "shop"
        self.home = Home.under(folder / "home")
        account = config.Account("shop", "vimet", kind, self.account.address)
        self.settings = Settings(config.Desk("Europe/Madrid", "es"), accounts=(account,))
        self.cursor: str | None = None
        self.batches: list[Batch] = []

    def go(self, **span: float) -> datetime:
        """Time passes here and at Meta."""
        self.server.now = self.bench.clock.go(**span)
        return self.server.now

    def close(self) -> None:
        self.bench.close()
        super().close()

    def news(self) -> Tally:
        """One pass of a connector that was just made: what waits at the relay is stored and read, batch by batch."""
        tally = Tally()
        asyncio.run(self._with_new(lambda channel: self.hears(channel, tally)))
        return tally

    async def hears(self, channel: Channel, tally: Tally) -> None:
        """One pass of this connector."""
        self.server.tells(self.posts)
        await self._looks(channel, lambda batch: tally.add(self.bench.intake.take(batch)))

    async def _looks(self, channel: Channel, take: Callable[[Batch], None]) -> None:
        """The next batch is asked for when one is taken."""
        self.batches = []
        async for batch in channel.receive(self.cursor, self.opening, once=True):
            take(batch)
            self.batches.append(batch)
            self.cursor = batch.cursor

    async def _with_new(self, work: Callable[[Channel], Awaitable[Any]]) -> Any:
        channel = self.make()
        try:
            return await work(channel)
        finally:
            await channel.close()

    def read(self) -> list[Incoming | Notice]:
        """What comes now, read and not stored."""
        asyncio.run(self._with_new(lambda channel: self._looks(channel, id)))
        return [self.make().read(each.raw) for batch in self.batches for each in batch.arrivals]

    def comes(self, *documents: object) -> Tally:
        """Meta tells of these, and they are fetched."""
        self.hook(*documents)
        return self.news()

    def writes(self, text: str) -> Tally:
        return self.comes(self.says(self.maria, text))

    def answer(
        self, text: str = "Ja ve", *, ticket: int = 1, hold: float = 0.0, **wish: Any
    ) -> reply.Written:
        return reply.write(
            self.bench.desk, self.settings, self.make(), self.bench.id(ticket), Wish(text, **wish), hold=hold
        )

    def flush(self) -> Sent:
        sent: Sent = asyncio.run(self._with_new(self.sends))
        return sent

    async def sends(self, channel: Channel) -> Sent:
        """What is due goes out by this connector."""
        return await Postman(self.bench.desk, self.home, "shop", channel).flush()

    @property
    def messages(self) -> list[MessageView]:
        return self.bench.messages(1)

    def states(self, ticket: int = 1) -> list[tuple[str, str | None]]:
        """(text, state) of what we said."""
        return [(m.text, m.state) for m in self.bench.messages(ticket) if m.direction == "out"]

    def waiting(self) -> list[str]:
        """The states of what is in the outbox."""
        with Window(self.bench.desk) as window:
            return [row.state for row in window.outbox()]


def shop_in(folder: Path, relay: Relay, kind: str = "whatsapp") -> Iterator[Shop]:
    """One, closed after use."""
    made = Shop(folder, relay, kind)
    yield made
    made.close()
