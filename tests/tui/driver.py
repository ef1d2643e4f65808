"""Drives the real console over a desk whose clock is turned by hand: acts by their ids, the screen as lines of text.

No network: nothing is received, and answers go to a provider in memory. Whatever is waited for has a deadline.
"""

import asyncio
import inspect
import time
from collections.abc import Callable
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from textual.events import Key, Paste
from textual.keys import _character_to_key

from agentdesk.actions import BY_ID
from agentdesk.app import Console
from agentdesk.channels import Accepted, Place
from agentdesk.channels.compose import compose
from agentdesk.config import Account, Agent, Home, Settings
from agentdesk.config import Desk as DeskSettings
from agentdesk.engine.outbox import Postman
from agentdesk.engine.window import Window
from agentdesk.keymap import Keymap
from agentdesk.store.wish import SEEN
from desks import SHOP, Bench, always_open
from tui.glass import shown

SMALL, WIDE, HUGE = (80, 24), (120, 40), (200, 60)
WITHIN = 5.0


class Provider:
    """A channel that accepts everything into memory; `slow` seconds a piece."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.accepted: list[bytes] = []
        self.seen: list[Place] = []
        self.slow = 0.0

    def compose(self, out):
        return compose(out)

    async def send(self, raw, envelope, before_data):
        await asyncio.sleep(self.slow)
        before_data()
        self.accepted.append(raw)
        return Accepted(self.bench.clock.at, "250 ok")

    async def find_sent(self, message_id):
        return None

    async def flag(self, places, flags):
        if SEEN in flags:
            self.seen.extend(places)
        return places

    async def close(self):
        """Nothing is open."""


class Shop:
    """A desk with one mailbox and a few mails, and the consoles that are opened on it one after another."""

    def __init__(self, folder, *, accounts: bool = True, policy=always_open) -> None:
        self.bench = Bench(folder, policy=policy)
        self.home = Home.under(folder / "home")
        self.provider = Provider(self.bench)
        self.others: dict[str, object] = {}
        account = Account("mailbox", "La Botiga", "email", SHOP)
        self.settings = Settings(
            DeskSettings("Europe/Madrid", "es"),
            agents=(Agent("Joan"), Agent("Núria")),
            accounts=(account,) if accounts else (),
        )
        self.keys: dict[str, object] = {}

    def write(self, name: str, subject: str, body: str, **mail) -> int:
        """A customer writes; gives the number of the newest ticket."""
        sender = f"{name} <{name.split(maxsplit=1)[0].lower()}@x.test>"
        self.bench.mail(body, sender=sender, subject=subject, **mail)
        return max((row.number for row in self.bench.queue("all")), default=0)

    def with_settings(self, **values) -> None:
        self.settings = replace(self.settings, **values)

    @asynccontextmanager
    async def console(self, size=WIDE, **given):
        """The console, painted once."""
        app = Console(
            self.bench.desk, self.settings, self.home, Keymap(self.keys),
            accounts=(), connect=lambda _, account: self.others.get(account.id, self.provider), **given,
        )  # fmt: skip
        async with app.run_test(size=size) as pilot:
            glass = Glass(app, pilot)
            await glass.until(lambda: "inbox" in glass.text)
            yield glass

    async def flush(self) -> None:
        """Whoever sends, sends."""
        await Postman(self.bench.desk, self.home, "mailbox", self.provider).flush()

    def outbox(self):
        with Window(self.bench.desk) as window:
            return window.outbox()

    def draft(self, number: int, kind: str = "reply") -> str:
        from agentdesk.engine.feed import Feed

        feed = Feed(self.bench.desk)
        try:
            return feed.draft(self.bench.id(number), kind)
        finally:
            feed.close()

    def close(self) -> None:
        self.bench.close()


def framed(text: str) -> str:
    """What a dialog says, without its frame, what stands beside it, and the ends of its lines."""
    inside = (line.split("│")[1] for line in text.splitlines() if line.count("│") > 1)
    return " ".join(" ".join(inside).split())


class Glass:
    """Somebody at the console."""

    def __init__(self, app: Console, pilot) -> None:
        self.app = app
        self.pilot = pilot

    async def do(self, *actions: str) -> None:
        """Each act by its key, looked up in the keymap."""
        for action in actions:
            assert action in BY_ID, action
            keys = self.app.home.keyboard.keymap.keys[action]
            assert keys, f"{action} has no key"
            await self.press(*keys[0].split())

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def type(self, text: str) -> None:
        """Letter by letter, as fast as it goes."""
        await self.send(*text)

    async def send(self, *keys: str) -> None:
        """Keys that do not wait for one another."""
        self.post(*keys)
        await self.pilot.pause()

    def post(self, *keys: str) -> None:
        """Keys that nobody waits for."""
        for key in keys:
            name = _character_to_key(key) if len(key) == 1 else key
            event = Key("enter" if key == "\n" else name, key if len(key) == 1 else None)
            event.set_sender(self.app)
            self.app.post_message(event)

    async def paste(self, text: str) -> None:
        """As a terminal gives it, in one piece."""
        self.app.post_message(Paste(text))
        await self.pilot.pause()

    async def answer(self, text: str) -> None:
        """What a dialog asks."""
        await self.until(lambda: self.app.screen is not self.app.home)
        await self.press("end", "ctrl+u")
        await self.type(text)
        await self.press("enter")

    async def goes_to(self, number: int) -> None:
        """Calls a ticket by its number."""
        await self.do("help.command")
        await self.answer(str(number))
        await self.until(lambda: self.ticket == number)

    async def resize(self, size: tuple[int, int]) -> None:
        await self.pilot.resize_terminal(*size)
        await self.pilot.pause()

    @property
    def lines(self) -> list[str]:
        return shown(self.app)

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    @property
    def footer(self) -> str:
        return self.lines[-1]

    @property
    def where(self) -> str:
        return self.app.home.panes.where

    @property
    def ticket(self) -> int:
        """The ticket that an act would be about."""
        row = self.app.home.row
        return row.number if row else 0

    async def until(self, told: Callable[[], object], within: float = WITHIN) -> None:
        """Waits for `told` to say something true; else fails with what stands on the screen."""
        deadline = time.monotonic() + within
        while not told():
            assert time.monotonic() < deadline, f"not within {within} s:\n{self.text}"
            await self.pilot.pause(0.01)

    async def sees(self, *words: str) -> None:
        """Waits until all of these are painted."""
        for word in words:
            try:
                await self.until(lambda word=word: word in self.text)
            except AssertionError as error:
                raise AssertionError(f"{word!r} is not there: {error}") from None

    async def loses(self, *words: str) -> None:
        """Waits until none of these is painted."""
        await self.until(lambda: not any(word in self.text for word in words))


SIZES = pytest.mark.parametrize("size", [SMALL, WIDE], ids=["80x24", "120x40"])


def plays(story) -> Callable[..., None]:
    """A story told in one event loop."""

    def test(**given):
        asyncio.run(story(**given))

    test.__name__, test.__doc__ = story.__name__, story.__doc__
    test.__signature__ = inspect.signature(story)
    return test
