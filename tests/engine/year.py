"""A year of a shop in a time of its own, lived by a program that may be killed at any moment.

What customers do, what the agent does and when the laptop is awake follow from a seed alone (`Plan`), so that whoever judges the year
needs nothing of what the program noted down. Nights, weekends and August are slept through; now and then the clock is wrong for a
while. Run as a program it goes on where the last one was killed, and prints a line after each look.
"""

import asyncio
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

sys.path.insert(0, str(Path(__file__).parents[1]))

from agentdesk.channels import Accepted, Arrival, Batch
from agentdesk.channels.compose import compose
from agentdesk.channels.mime import read_mail
from agentdesk.config import Account, Home, Settings
from agentdesk.config import Desk as DeskSettings
from agentdesk.core.commands import Snooze
from agentdesk.core.letter import Wish
from agentdesk.core.model import Place
from agentdesk.engine import reply
from agentdesk.engine.desk import Desk
from agentdesk.engine.intake import Intake
from agentdesk.engine.outbox import Postman
from agentdesk.engine.rules import Runner
from agentdesk.engine.ticker import wake
from agentdesk.policies import load_policy
from desks import SHOP, store_in

BEGINS, DAYS = datetime(2026, 1, 1, tzinfo=UTC), 365
AWAY = timedelta(days=3)
"""What the agent puts away comes back after so long."""
ON = ("acknowledge", "overnight", "silent-seven-days")
HOURS = "[week]\n" + "\n".join(
    f'{day} = ["09:00-14:00", "16:00-19:00"]'
    for day in ("monday", "tuesday", "wednesday", "thursday", "friday")
)
CLOSED = '\n[holidays]\n"08-01..08-31" = "Summer"\n"12-25" = "Christmas"\n'


@dataclass(frozen=True)
class Deed:
    """What is done about matter `n` once it is `at`: the customer writes, and writes again; the agent puts it away, answers, and gives
    another answer."""

    at: datetime
    n: int
    kind: str


@dataclass(frozen=True)
class Look:
    """The laptop is awake `at` a time, and its clock says `clock`."""

    at: datetime
    clock: datetime


def deeds(seed: int, matters: int) -> tuple[Deed, ...]:
    """By when they are done, the customer's and the agent's."""
    found, awake = [], [each for each in looks(seed) if each.at < BEGINS + timedelta(days=DAYS)]
    for n in range(matters):
        pick = Random(f"{seed}:{n}")
        at = BEGINS + timedelta(minutes=pick.randrange(DAYS * 1440))
        if pick.random() < 0.3:  # right before somebody looks
            at = pick.choice(awake).at - timedelta(minutes=pick.randrange(1, 20))
        found.append(Deed(at, n, "writes"))
        if pick.random() < 0.2:
            found.append(Deed(at + timedelta(hours=1), n, "snooze"))
            at += timedelta(hours=pick.randrange(20, 90))
        if pick.random() < 0.85:
            at += timedelta(hours=pick.randrange(1, 60))
            found.append(Deed(at, n, "answer"))
            if pick.random() < 0.4:
                at += timedelta(hours=pick.randrange(2, 420))
                found.append(Deed(at, n, "again"))
                found.append(Deed(at + timedelta(hours=pick.randrange(1, 60)), n, "another"))
    return tuple(sorted(found, key=lambda each: (each.at, each.n)))


def looks(seed: int) -> tuple[Look, ...]:
    """In their order, some time beyond the year's end."""
    pick, found, wrong = Random(seed), [], timedelta(0)
    for day in range(DAYS + 40):
        begins = BEGINS + timedelta(days=day)
        if begins.month == 8 or pick.random() < (0.7 if begins.weekday() > 4 else 0.15):
            continue
        at = begins + timedelta(minutes=pick.randrange(300, 540))
        ends = begins + timedelta(minutes=pick.randrange(1000, 1400))
        wrong = pick.choice(
            [timedelta(0)] * 30 + [timedelta(hours=-1), timedelta(days=1), timedelta(days=-2)]
        )
        while at < ends:
            found.append(Look(at, at + wrong))
            wrong = wrong if pick.random() < 0.6 else timedelta(0)
            at += timedelta(minutes=pick.choice((7, 200, 300)))
    return tuple(found)


class Shop:
    """The desk in `folder`, and a provider whose truth is a file of what it accepted."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.now = folder, BEGINS
        home = self.home = Home.under(folder / "home")
        home.make()
        (home.config / "calendars").mkdir(parents=True, exist_ok=True)
        (home.config / "calendars" / "shop.toml").write_text(HOURS + CLOSED)
        account = Account("mailbox", "soporte", "email", SHOP)
        self.settings = Settings(DeskSettings("Europe/Madrid", "es"), accounts=(account,), rules=ON)
        self.desk = Desk(
            store_in(home.data, home.state), b"k" * 32,
            lambda: load_policy((home.config,), "guide", "shop", ZoneInfo("Europe/Madrid")),
            device="test", agent="Joan", own=frozenset({SHOP}), now=lambda: self.now,
        )  # fmt: skip
        self.intake = Intake(self.desk, "mailbox", read_mail)
        self.runner = Runner(self.desk, home, self.settings, lambda *_: self)
        self.runner.begin()

    def compose(self, out):
        return compose(out)

    async def send(self, raw, envelope, before_data):
        before_data()
        with (self.folder / "accepted").open("ab") as file:
            file.write(raw + b"\0")
        return Accepted(self.now, "250 ok")

    async def find_sent(self, message_id):
        return message_id.encode() in (self.folder / "accepted").read_bytes()

    async def file_sent(self, raw, message_id):
        """Nobody looks for it there."""

    def look(self, clock: datetime, due: list[Deed]) -> None:
        """Once more does nothing that was done."""
        self.now = clock
        wake(self.desk)
        for deed in due:
            if deed.kind in {"writes", "again"}:
                self._comes(deed)
        self.runner.run()
        for deed in due:
            if deed.kind in {"snooze", "answer", "another"}:
                self._acts(deed)
        self.runner.run()
        asyncio.run(Postman(self.desk, self.home, "mailbox", self).flush())

    def _comes(self, deed: Deed) -> None:
        again = deed.kind == "again"
        name = f"<{deed.n}@x.test>"
        head = f"From: c{deed.n}@x.test\r\nTo: {SHOP}\r\nSubject: Pedido {deed.n}\r\n"
        head += (
            f"Message-ID: <{deed.n}b@x.test>\r\nIn-Reply-To: {name}\r\n"
            if again
            else f"Message-ID: {name}\r\n"
        )
        data = f"{head}\r\nNo me ha llegado el pedido {deed.n}, segunda vez: {again}\r\n".encode()
        place = Place("mailbox", "INBOX", 1, deed.n * 2 + again + 1)
        self.intake.take(Batch(f"{deed.at:%s}", (Arrival(place, deed.at, data, len(data)),)))

    def _acts(self, deed: Deed) -> None:
        ticket, status = self._one("t.id, t.status", deed.n, "1 ORDER BY t.number DESC")
        if deed.kind == "snooze":
            if status in {"new", "open"}:
                self.desk.do(Snooze(ticket, self.now + AWAY))
            return
        (given,) = self._one("count(*)", deed.n, "m.direction = 'out'")
        if given < (2 if deed.kind == "another" else 1):
            reply.write(self.desk, self.settings, self, ticket, Wish(f"Respuesta a {deed.n}"), hold=0.0)

    def _one(self, columns: str, n: int, where: str) -> tuple:
        sql = f"SELECT {columns} FROM identity i JOIN ticket t ON t.identity = i.id JOIN message m ON m.ticket = t.id "
        found = self.desk.store.connection.execute(
            f"{sql} WHERE i.address = ? AND {where} LIMIT 1", (f"c{n}@x.test",)
        )
        return found.fetchone()


def live(folder: Path, seed: int, matters: int) -> None:
    shop, every, progress = Shop(folder), deeds(seed, matters), folder / "progress"
    begun = int(progress.read_text()) if progress.exists() else 0
    done = 0
    for number, look in enumerate(looks(seed)):
        upto = done
        while upto < len(every) and every[upto].at <= look.at:
            upto += 1
        if number >= begun:
            shop.look(look.clock, list(every[done:upto]))
            (folder / "progress.new").write_text(str(number + 1))
            (folder / "progress.new").replace(progress)
            print(number, flush=True)
        done = upto
    (folder / "done").touch()


if __name__ == "__main__":
    live(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
