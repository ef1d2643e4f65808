"""The demo's desk: a home of its own with one account, and the shop's day going on in it.

Promises: a home that belongs to a real desk is refused and stays as it is; the desk itself is the one of every day,
clock included: `speed` says how fast customers write, not how fast deadlines pass. Refuses: a second way in; what
comes is received as from any channel.
"""

import asyncio
import csv
import io
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal

from agentdesk import config
from agentdesk.channels import scene
from agentdesk.config import Home, Settings
from agentdesk.core.views import QueueRow
from agentdesk.engine import clock
from agentdesk.engine.desk import Desk
from agentdesk.engine.start import connector
from agentdesk.engine.sync import watch
from agentdesk.engine.window import Window
from agentdesk.errors import ConfigError, UsageError
from agentdesk.i18n import tr
from agentdesk.store import log
from agentdesk.values import dataclass

CHANNEL = "demo"
LOOK_EVERY = 0.25
"""Seconds between looks at what has become of the queue."""
NEWEST = 100


@dataclass(frozen=True, slots=True)
class News:
    """What happened on one ticket: a customer wrote, or a deadline passed."""

    kind: Literal["arrived", "late"]
    row: QueueRow


def prepare(home: Home, speed: float) -> Settings:
    """Makes `home` the demo's, written first where there is none, and sets how fast its day goes (1 is as in life).

    A folder `demo` beside its config.toml wins over the play that is shipped. Raises UsageError for the home of a real
    desk, ConfigError for a play that cannot be read."""
    if speed <= 0:
        raise UsageError(reason=tr("--speed must be more than 0"))
    settings = config.load(home)
    real = [account.name for account in settings.accounts if account.channel != CHANNEL]
    if real or (home.store.exists() and not settings.accounts):
        reason = tr("{home} is the home of a real desk; choose another one for the demo with --home")
        raise UsageError(reason=reason.format(home=home.config))
    config.ensure(home)
    home.make()
    own = home.config / CHANNEL
    account = next(iter(settings.accounts), None) or config.Account(CHANNEL, CHANNEL, CHANNEL)
    stage = connector(home, account).stage
    try:
        stage.begin(speed, own if own.is_dir() else None)
        shop = stage.play().shop
    except ValueError as error:
        raise ConfigError(file=own, key=CHANNEL, reason=str(error)) from error
    if not settings.accounts:
        fields = {"id": CHANNEL, "name": shop.account, "channel": CHANNEL, "address": shop.address}
        config.add_account(home, {**fields, "shop": shop.name})
        _shop_orders(home, own if own.is_dir() else scene.shipped())
    return config.load(home)


def _shop_orders(home: Home, folder: Path) -> None:
    """The shop's own list of orders, with days counted back from today, and where the desk finds it."""
    try:
        with (folder / "orders.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
    except FileNotFoundError:  # a play of somebody's own need not have one
        return
    today = clock.now().date()
    text = io.StringIO(newline="")
    sheet = csv.writer(text)
    sheet.writerow(["placed_at" if name == "days_ago" else name for name in rows[0]])
    for row in rows:
        row["days_ago"] = (today - timedelta(days=int(row["days_ago"]))).isoformat()
        sheet.writerow(row.values())
    config.write_file(home.config / "orders.csv", text.getvalue().encode())
    done = ["lliurada", "lliurada a la bústia"]
    config.add_lookup(home, "orders", {"csv": "orders.csv", "pattern": r"\b(VM-\d{5})\b", "done": done})


async def live(desk: Desk, home: Home, settings: Settings, seconds: float | None, on_news: Any) -> None:
    """Lets the day go on for so many seconds (None: until cancelled); `on_news` is told of each News."""
    watching = asyncio.create_task(watch(desk, home, settings.accounts, lambda _: None))
    seen = _Seen(desk)
    try:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while not watching.done():
                    await asyncio.wait((watching,), timeout=LOOK_EVERY)
                    for news in seen.news():
                        on_news(news)
                await watching
    finally:
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching
        for news in seen.news():
            on_news(news)


class _Seen:
    """What of the queue has been told already."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._messages: dict[str, int] = {}
        self._late: set[str] = set()
        self._head = -1
        for _ in self.news():
            pass

    def news(self) -> Iterator[News]:
        changed = self._changed()
        with Window(self._desk) as window:
            if changed:
                for row in reversed(window.queue("all", limit=NEWEST)):
                    if row.messages > self._messages.get(row.id, 0) and row.waiting_since:
                        yield News("arrived", row)
                    self._messages[row.id] = row.messages
            late = {row.id: row for row in window.queue("overdue", limit=NEWEST * 10)}
        yield from (News("late", row) for name, row in late.items() if name not in self._late)
        self._late = set(late)

    def _changed(self) -> bool:
        """Whether anything was written since it was asked last."""
        with closing(self._desk.reader()) as connection:
            head = log.head(connection)
        changed, self._head = head != self._head, head
        return changed
