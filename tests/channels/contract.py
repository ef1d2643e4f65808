"""What the contract's tests need of a connector: a harness for each, and the desk that takes what it gives.

A harness makes new instances on one account (as restarts do), lets messages come, and says what it can. A new
connector adds its harness to `HARNESSES`, here or in `rooms`, and has passed when every test of `test_contract.py` has.
"""

import asyncio
import shutil
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from agentdesk.channels import Account, Arrival, Batch, Channel, Envelope, Opening, chat, scene
from agentdesk.channels.demo import Demo
from agentdesk.channels.email import Email
from agentdesk.channels.meta import Page
from agentdesk.channels.stage import DOUBTFUL, LATER, LOST, REFUSED, Stage
from agentdesk.channels.telegram import Telegram as BotChannel
from agentdesk.channels.twilio import Twilio as Sms
from agentdesk.core.model import Address, Endpoint, Outgoing, Place
from agentdesk.engine.intake import Intake
from agentdesk.store import queries
from desks import MONDAY, Bench, HandClock
from servers import inbox
from servers.meta import PAGE, Meta, error
from servers.meta import TOKEN as META_TOKEN
from servers.telegram import TOKEN, Telegram, too_many
from servers.twilio import OURS, SID, Twilio
from servers.twilio import TOKEN as TWILIO_TOKEN
from servers.web import CUT_AFTER, CUT_BEFORE, Answer

SECRET = "k3yt0the-shop"


class DemoHarness:
    """The reference: a short play without a past, in small batches."""

    kind = "demo"
    deaths = 6
    cancels = range(0, 36, 3)
    garbage = (b"", b"{}", b"{", b"[1]", b'{"channel": "whatsapp"}', b"{" * 100_000, b"\xff\xfe\x00")

    def __init__(self, folder: Path, request: Any) -> None:
        self.clock = HandClock()
        self.opening = Opening(self.clock.at, 14)
        self.asked: list[int] = []
        self.account = Account("demo", "vimet", "hola@vimet.example", self._secret, folder / "spool")
        script = folder / "script"
        shutil.copytree(scene.shipped(), script)
        shop = script / "shop.toml"
        shop.write_text(shop.read_text("utf-8").replace("past = 150", "past = 3"), "utf-8")
        self.stage = Stage(self.account.spool, self.clock)
        self.stage.begin(1.0, script)

    def _secret(self) -> str:
        self.asked.append(1)
        return SECRET

    def make(self) -> Demo:
        return Demo(self.account, clock=self.clock, at_once=9)

    def grow(self) -> None:
        """The day goes on until new messages are there."""
        self.clock.go(minutes=4)

    def letter(self, number: int = 1) -> Outgoing:
        """An answer to a customer who will answer."""
        return a_letter(number, "camilla.serrat@bustia.example", self.account.address, self.clock.at)

    def chat_letter(self) -> Outgoing:
        """An answer on a channel where it can be changed later."""
        return in_chat(self.letter(), "telegram:x")

    def shown(self, name: str) -> str | None:
        """What a customer sees of a message of ours by now; None where it is gone."""
        known = self.stage.reply(chat.number_of(name))
        assert known is not None
        return str(known["text"]) if known["text"] is not None else None

    def troubles(self) -> dict[str, Callable[[], None]]:
        """The kinds of result that can be brought about, and how."""
        return {
            "Accepted": self.stage.make_trouble,
            "TryLater": partial(self.stage.make_trouble, **{LATER: 100}),
            "Refused": partial(self.stage.make_trouble, **{REFUSED: 100}),
            "Doubtful": partial(self.stage.make_trouble, **{LOST: 100}),
            "Doubtful, but gone": partial(self.stage.make_trouble, **{DOUBTFUL: 100}),
        }


class EmailHarness:
    """A mailbox on a real Dovecot with a real SMTP server behind it, the same for all tests: it only grows."""

    kind = "email"
    deaths = 2
    cancels = range(0, 60, 20)
    garbage = (b"", b" \r\n", b"no header at all")
    mailboxes: ClassVar[dict[object, tuple[str, str]]] = {}
    """By server, the shop's mailbox and one of a customer: what nobody takes would come back, some time later."""
    count = 0

    def __init__(self, folder: Path, request: Any) -> None:
        self.server = request.getfixturevalue("dovecot")
        request.getfixturevalue("smtpd")
        old = inbox.now() - timedelta(days=40)
        if self.server not in self.mailboxes:
            user = self.server.user(password=SECRET)
            self.mailboxes[self.server] = user, self.server.user()
            self.server.fill(user, [inbox.letter(f"old{n}") for n in range(130)], at=old)
        self.user, self.customer = self.mailboxes[self.server]
        self.opening = Opening(inbox.now() - timedelta(hours=1), 14)
        smtp = Endpoint("localhost", self.server.submission_port, "plain", self.user)
        self.account = inbox.account(
            folder / "spool", self.server.port, self.user, secret=lambda: SECRET, smtp=smtp
        )
        self.grow()

    def make(self) -> Email:
        return Email(self.account, clock=inbox.now)

    def grow(self) -> None:
        for _ in range(3):
            EmailHarness.count += 1
            self.server.append(self.user, inbox.letter(f"new{self.count}"))

    def letter(self, number: int = 1) -> Outgoing:
        return a_letter(1000 * self.count + number, self.customer, self.user, inbox.now())

    def troubles(self) -> dict[str, Callable[[], None]]:
        return {"Accepted": lambda: None}


class TelegramHarness:
    """A bot on the fake with the real queue's rules; its first look sees a hundred updates, its second the rest."""

    kind = "telegram"
    forgets = True
    deaths = 2
    cancels = range(0, 60, 12)
    garbage = (
        b"",
        b"{",
        b"[1]",
        b"{}",
        b'{"event": {"updates": []}}',
        b'{"event": {"updates": [7]}, "files": []}',
    )

    def __init__(self, folder: Path, request: Any) -> None:
        self.server = Telegram()
        request.addfinalizer(self.server.stop)
        self.opening = Opening(self._now() - timedelta(hours=1), 14)
        options = {"base_url": self.server.base}
        self.account = Account("bot", "vimet", "@vimet_bot", lambda: TOKEN, folder / "spool", options=options)
        self.people = 0
        self.grow(130)

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self.server.now, UTC)

    def make(self) -> Channel:
        return BotChannel(self.account, clock=self._now, long=1)

    def rewind(self) -> None:
        """What was confirmed comes again: another desk begins with the same."""
        self.server.rewind()

    def grow(self, count: int = 3) -> None:
        for _ in range(count):
            self.people += 1
            self.server.now += 1
            self.server.writes(7000 + self.people // 2, f"Bon dia, sóc la {self.people}")

    def letter(self, number: int = 1) -> Outgoing:
        out = a_letter(number, "7001", "", self._now())
        return in_chat(out, "telegram:7001/100")

    chat_letter = letter

    def shown(self, name: str) -> str | None:
        return next((each.text for each in self.server.sent if f"/{each.number}@" in name), None)

    def troubles(self) -> dict[str, Callable[[], None]]:
        on = partial(self.server.on, "sendMessage")
        return {
            "Accepted": lambda: None,
            "TryLater": partial(on, too_many(7)),
            "Refused": partial(on, Answer({"ok": False, "description": "Forbidden: bot was blocked"}, 403)),
            "Doubtful": partial(on, CUT_BEFORE),
            "Doubtful, but gone": partial(on, CUT_AFTER),
        }


class TwilioHarness:
    """A number with Twilio, its list in pages."""

    kind = "sms"
    deaths = 2
    cancels = range(0, 60, 12)
    garbage = (
        b"",
        b"{",
        b"[1]",
        b"{}",
        b'{"event": {}, "files": []}',
        b'{"event": {"kind": "state", "message": 7}}',
    )

    def __init__(self, folder: Path, request: Any) -> None:
        self.server = Twilio()
        request.addfinalizer(self.server.stop)
        self.opening = Opening(self.server.now - timedelta(hours=1), 14)
        options = {"base_url": self.server.base, "account_sid": SID, "number": OURS}
        self.account = Account("tw", "vimet", OURS, lambda: TWILIO_TOKEN, folder / "spool", options=options)
        self.people = 0
        self.grow(130)

    def make(self) -> Channel:
        return Sms(self.account, clock=lambda: self.server.now, between=0.05)

    def grow(self, count: int = 3) -> None:
        for _ in range(count):
            self.people += 1
            self.server.now += timedelta(seconds=1)
            self.server.writes(f"+3460011{self.people // 2:04}", f"Bon dia, sóc la {self.people}")

    def letter(self, number: int = 1) -> Outgoing:
        return in_chat(a_letter(number, "34600110001", "", self.server.now), "sms:34600110001/SM1")

    def troubles(self) -> dict[str, Callable[[], None]]:
        on = partial(self.server.on, "Messages.json")
        return {
            "Accepted": lambda: None,
            "TryLater": partial(on, Answer({"code": 20429, "message": "Too many requests"}, 429)),
            "Refused": partial(on, Answer({"code": 21211, "message": "Invalid number"}, 400)),
            "Doubtful": partial(on, CUT_BEFORE),
            "Doubtful, but gone": partial(on, CUT_AFTER),
        }


class PageHarness:
    """A page on Messenger, its conversations read back."""

    kind = "messenger"
    deaths = 2
    cancels = range(0, 60, 12)
    garbage = (b"", b"{", b"[1]", b"{}", b'{"event": {}}', b'{"channel": "messenger", "event": {"kind": 7}}')

    def __init__(self, folder: Path, request: Any) -> None:
        self.server = Meta()
        request.addfinalizer(self.server.stop)
        self.opening = Opening(self.server.now - timedelta(hours=1), 14)
        options = {"base_url": self.server.base, "page_id": PAGE}
        self.account = Account("fb", "vimet", "@vimet", lambda: META_TOKEN, folder / "spool", options=options)
        self.people = 0
        self.grow(130)

    def make(self) -> Channel:
        return Page(self.account, clock=lambda: self.server.now, between=0.05, pause=_at_once)

    def grow(self, count: int = 3) -> None:
        for _ in range(count):
            self.people += 1
            self.server.now += timedelta(seconds=1)
            self.server.talks_to(f"70{self.people // 9:05}", f"Bon dia, sóc la {self.people}")

    def letter(self, number: int = 1) -> Outgoing:
        out = in_chat(a_letter(number, "7000001", "", self.server.now), "messenger:7000001/m_1")
        return replace(out, free_until=self.server.now + timedelta(hours=2))

    def troubles(self) -> dict[str, Callable[[], None]]:
        on = partial(self.server.on, f"{PAGE}/messages")
        return {
            "Accepted": lambda: None,
            "TryLater": partial(on, error(613, "rate limit")),
            "Refused": partial(on, error(551, "not available")),
            "Doubtful": partial(on, CUT_BEFORE),
            "Doubtful, but gone": partial(on, CUT_AFTER),
        }


async def _at_once(seconds: float) -> None:
    await asyncio.sleep(0)


def in_chat(out: Outgoing, answers: str) -> Outgoing:
    return replace(out, in_reply_to=answers, references=(answers,))


HARNESSES = {
    harness.kind: harness
    for harness in (DemoHarness, EmailHarness, TelegramHarness, TwilioHarness, PageHarness)
}


def a_letter(number: int, to: str, sender: str, at: datetime) -> Outgoing:
    return Outgoing(
        message_id=f"<answer{number}@shop.test>",
        sender=Address("Núria", sender),
        to=(Address("Camil·la", to),),
        subject="Re: Devolució",
        text="Bon dia,\n\nja ho tenim. Gràcies!\n",
        at=at.astimezone(UTC).replace(microsecond=0),
        in_reply_to="<question@cliente.test>",
        references=("<first@cliente.test>", "<question@cliente.test>"),
    )


def asked(channel: Any, question: Callable[[], Any]) -> Any:
    """What `question` of a channel answers; the channel is closed afterwards."""

    async def ask() -> Any:
        try:
            return await question()
        finally:
            await channel.close()

    return asyncio.run(ask())


def envelope(out: Outgoing) -> Envelope:
    return Envelope(out.sender.email, tuple(a.email for a in out.to))


async def some(harness: Any, cursor: str | None, most: int | None = None) -> list[Batch]:
    """The batches of one pass, or its first `most`: then the consumer goes away."""
    channel, found = harness.make(), []
    try:
        async with aclosing(channel.receive(cursor, harness.opening, once=True)) as stream:
            async for batch in stream:
                found.append(batch)
                if len(found) == most:
                    break
    finally:
        await channel.close()
    return found


def arrivals(batches: list[Batch]) -> list[Arrival]:
    return [arrival for batch in batches for arrival in batch.arrivals]


def places(batches: list[Batch]) -> list[Place]:
    return [arrival.place for arrival in arrivals(batches)]


class Taker:
    """A desk that takes what the connector gives, commits it with its cursor, and may die at any time."""

    def __init__(self, folder: Path, harness: Any) -> None:
        folder.mkdir()
        if hasattr(harness, "rewind"):
            harness.rewind()
        self.bench = Bench(folder)
        self.bench.clock.at = max(MONDAY, harness.opening.opened_at) + timedelta(days=1)
        self.harness = harness
        self.account = harness.account.id

    def cursor(self) -> str | None:
        with self.bench.reading() as connection:
            return queries.cursor(connection, self.account)

    async def take(self, dies_at: int | None = None, *, after_commit: bool = True) -> bool:
        """Takes batch after batch; True when everything was taken, False when it died at that batch."""
        channel, number = self.harness.make(), 0
        intake = Intake(self.bench.desk, self.account, channel.read)
        intake.left_over()
        try:
            stream = channel.receive(self.cursor(), self.harness.opening, once=True)
            async with aclosing(stream):
                async for batch in stream:
                    number += 1
                    if number == dies_at and not after_commit:
                        return False
                    await asyncio.to_thread(intake.take, batch)
                    if number == dies_at:
                        return False
        finally:
            await channel.close()
        return True

    def rows(self) -> list[tuple[int, str, tuple[tuple[str | None, str], ...]]]:
        """Every ticket: number, subject, and (Message-ID, text) of its messages."""
        bench = self.bench
        with bench.reading():
            return [
                (row.number, row.subject, tuple((m.remote_id, m.text) for m in bench.messages(row.number)))
                for row in sorted(bench.queue("all", limit=10_000), key=lambda row: row.number)
            ]

    def close(self) -> None:
        self.bench.close()
