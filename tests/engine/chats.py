"""A desk with one chat account, and a service that says what a test wants: texts, edits, receipts, answers from a phone."""

import asyncio
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from agentdesk.channels import Ability, Accepted, Arrival, Batch, Doubtful, TryLater, chat
from agentdesk.config import Account, Home, Settings
from agentdesk.config import Desk as DeskSettings
from agentdesk.core.letter import Wish
from agentdesk.core.model import Address, Incoming, Notice, Place, Reaction, Receipt, Withdrawal
from agentdesk.engine import reply
from agentdesk.engine.outbox import Postman
from agentdesk.engine.receiving import Tally
from desks import Bench, always_open

MARIA = "34600111222"


class Chats:
    """`kind` is the channel. What the service says is numbered and looked up, so that a test can say any value."""

    ability = Ability(text_max=1000, receipts=True)

    def __init__(self, folder: Path, kind: str = "whatsapp", policy=always_open) -> None:
        self.kind = kind
        self.said: list[Incoming | Notice] = []
        self.bench = Bench(folder, read=lambda raw: self.said[int(bytes(raw))], policy=policy)
        self.bench.intake.account = "shop"
        self.home = Home.under(folder / "home")
        self.settings = Settings(
            DeskSettings("Europe/Madrid", "es"), accounts=(Account("shop", "vimet", kind, "+34900"),)
        )
        self.sent: list[chat.Sending] = []
        self.plan: list[object] = []
        self.numbers = 500

    # What the service says.

    def comes(self, what: Incoming | Notice, role: str = "inbox", at: datetime | None = None) -> Tally:
        self.said.append(what)
        number = len(self.said) - 1
        raw = b"%06d" % number
        arrival = Arrival(Place("shop", "x", 0, number), at or self.bench.clock.at, raw, len(raw), role=role)  # type: ignore[arg-type]
        return self.bench.intake.take(Batch(f"cursor {number}", (arrival,)))

    def name(self, number: object, person: str = MARIA) -> str:
        return chat.name(self.kind, person, number)

    def text(self, text: str, number: object = 1, *, person: str = MARIA, **more: Any) -> Incoming:
        at = more.pop("at", self.bench.clock.at)
        return Incoming(
            self.kind,
            Address("Maria", person),
            chat.title(text),
            text,
            message_id=self.name(number, person),
            sent_at=at,
            **more,
        )

    def writes(self, text: str, number: object = 1, *, person: str = MARIA, **more: Any) -> Tally:
        """A customer writes."""
        return self.comes(self.text(text, number, person=person, **more))

    def edits(self, text: str, number: object = 1) -> Tally:
        one = self.text(text, f"{number}.{len(self.said)}", edits=self.name(number))
        return self.comes(one)

    def phone(self, text: str, number: object, *, person: str = MARIA) -> Tally:
        """We answer in the service's own app, or our own message comes back."""
        at = self.bench.clock.at
        one = Incoming(
            self.kind,
            Address("", "+34900"),
            chat.title(text),
            text,
            message_id=self.name(number, person),
            to=(Address("", person),),
            sent_at=at,
        )
        return self.comes(one, "sent")

    def receipt(self, of: str, state: str, **more: Any) -> Tally:
        return self.comes(Receipt(self.kind, of, state, self.bench.clock.at, **more))  # type: ignore[arg-type]

    def withdraws(self, number: object = 1) -> Tally:
        return self.comes(Withdrawal(self.kind, self.name(number), self.bench.clock.at))

    def reacts(self, sign: str, number: object = 1) -> Tally:
        return self.comes(
            Reaction(self.kind, self.name(number), Address("Maria", MARIA), sign, self.bench.clock.at)
        )

    # What the service takes.

    def compose(self, out: Any) -> bytes:
        return chat.sent(out, self.kind)

    async def send(self, raw: bytes, envelope: Any, before_data: Any) -> object:
        step = self.plan.pop(0) if self.plan else None
        before_data()
        if callable(step):
            step()
            step = None
        if isinstance(step, Doubtful | TryLater):
            return step
        self.sent.append(chat.sending(raw))
        self.numbers += 1
        return step or Accepted(self.bench.clock.at, names=(self.name(self.numbers, self.sent[-1].to),))

    async def find_sent(self, message_id: str) -> None:
        return None

    # What the agent does and sees.

    def answer(self, text: str = "Ja ve", *, ticket: int = 1, hold: float = 0.0) -> reply.Written:
        return reply.write(
            self.bench.desk,
            self.settings,
            self,
            self.bench.id(ticket),
            Wish(text),
            hold=hold,  # type: ignore[arg-type]
        )

    def flush(self) -> object:
        return asyncio.run(Postman(self.bench.desk, self.home, "shop", self).flush())  # type: ignore[arg-type]

    def states(self, ticket: int = 1) -> list[tuple[str, str | None]]:
        """(text, state) of what we said."""
        return [(m.text, m.state) for m in self.bench.messages(ticket) if m.direction == "out"]

    def go(self, **span: float) -> datetime:
        return self.bench.clock.go(**span)


HOUR = timedelta(hours=1)


def chats_in(folder: Path, kind: str = "whatsapp") -> Iterator[Chats]:
    """A desk like that, closed after use."""
    made = Chats(folder, kind)
    yield made
    made.bench.close()
