"""A shop with rules of its own, whose clock is turned by hand."""

import asyncio
from datetime import UTC

from agentdesk.config import Account, Home, Settings
from agentdesk.config import Desk as DeskSettings
from agentdesk.engine.outbox import Postman
from agentdesk.engine.rules import Runner
from agentdesk.policies import load_policy
from agentdesk.store import rules as kept
from desks import SHOP, Bench
from engine.answering import Provider

HOURS = "[week]\n" + "\n".join(
    f'{day} = ["09:00-18:00"]' for day in ("monday", "tuesday", "wednesday", "thursday", "friday")
)


def opening_hours(home: Home):
    """Monday to Friday, nine to six, in UTC."""
    folder = home.config / "calendars"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "shop.toml").write_text(HOURS)
    return lambda: load_policy((home.config,), "guide", "shop", UTC)


class RuledShop:
    """`rules` by name are the shop's own files; all of them are on, and no other."""

    def __init__(self, folder, *, on: tuple[str, ...] = (), own: str = SHOP, **rules: str) -> None:
        self.home = Home.under(folder)
        self.home.make()
        self.home.config.mkdir(parents=True, exist_ok=True)
        for name, text in rules.items():
            self.write(name.replace("_", "-"), text)
        names = (*(name.replace("_", "-") for name in rules), *on)
        self.bench = Bench(self.home.data.parent, policy=opening_hours(self.home), own=own)
        self.provider = Provider(self.bench)
        account = Account("mailbox", "soporte", "email", own)
        self.settings = Settings(DeskSettings("UTC", "es"), accounts=(account,), rules=names)
        self.runner = self.another()
        self.runner.begin()

    def another(self) -> Runner:
        """A runner of another process."""
        return Runner(self.bench.desk, self.home, self.settings, lambda *_: self.provider)

    def write(self, name: str, text: str) -> None:
        folder = self.home.config / "rules"
        folder.mkdir(exist_ok=True)
        (folder / f"{name}.toml").write_text(text)

    def run(self) -> None:
        self.runner.run()

    def mail(self, body: str = "Hola", **given: object):
        """A mail comes in, and the rules run."""
        self.bench.mail(body, **given)
        self.run()

    def go(self, **span: float) -> None:
        """Time goes by, and the rules run."""
        self.bench.clock.go(**span)
        self.run()

    def ticket(self, number: int = 1):
        return self.bench.ticket(number)

    def fired(self, **which: object):
        with self.bench.reading() as connection:
            return kept.fired(connection, **which)

    def failures(self):
        with self.bench.reading() as connection:
            return kept.failures(connection)

    def flush(self) -> None:
        """What waits in the outbox goes."""
        asyncio.run(Postman(self.bench.desk, self.home, "mailbox", self.provider).flush())
