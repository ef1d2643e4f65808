"""Days in bad weather, a mailbox each, side by side over one desk: run as a program, it says what became of each.

Usage: schedules.py SERVERS FOLDER SEED...; SERVERS is the JSON of a `Servers`. A schedule is its seed. In front of a real
Dovecot and of an SMTP server that keeps its own truth stand proxies; mails arrive and answers are written while the
storm lasts; when it is over, the desk has so many seconds to be whole again. One line of JSON for each schedule.
"""

import asyncio
import json
import os
import random
import re
import smtplib
import ssl
import sys
import time
from collections import Counter, defaultdict
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from imapclient import IMAPClient

from agentdesk.channels.email import Email
from agentdesk.channels.submission import Patience
from agentdesk.channels.watch import Pace
from agentdesk.config import Account, Home, SecretPlace, Settings
from agentdesk.config import Desk as DeskSettings
from agentdesk.core.letter import Wish
from agentdesk.core.model import Endpoint
from agentdesk.engine import clock, reply
from agentdesk.engine.desk import Desk
from agentdesk.engine.start import channel_account
from agentdesk.engine.sync import Pass, watch
from agentdesk.store import Store
from desks import always_open
from servers.faults import Fates, Proxy
from servers.inbox import letter
from servers.smtp import Smtp, Taken

PACE = Pace(connect=2.0, read=2.0, sweep=5.0, unreached=1.0, longest=1.0)
PATIENCE = Patience(connect=2.0, answer=2.0, block=2.0, final=2.0, goodbye=0.2)
FASTER = 60
"""How much faster the desk's clock goes: what waits half a minute to be sent again waits half a second."""
EARLY, MEANWHILE = 2, 3
"""Mails that are there before the storm, and that arrive in it."""
ATTEMPTS, STORM_AT_MOST = 4, 8.0
"""A storm goes on until so many attempts to send have met it, or for so long."""
BACK_WITHIN, WHOLE_WITHIN, EVER = 30.0, 60.0, 120.0
ENDS_WITHIN = 10.0
LOOK_EVERY = 0.1
PASSWORD, VARIABLE = "secreto", "AGENTDESK_TEST_PASSWORD"


@dataclass(frozen=True)
class Servers:
    """A Dovecot and users of it; `folder` holds its certificate."""

    folder: str
    imap: int
    imaps: int
    lmtp: int
    users: list[str]


class Provider(Smtp):
    """Keeps what it took; `files` puts a copy into Sent as well, before it says yes, as large providers do."""

    def __init__(self, servers: Servers, user: str, security: str, *, files: bool) -> None:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(f"{servers.folder}/cert.pem", f"{servers.folder}/key.pem")
        offers = ("SIZE 1000000", "8BITMIME")
        inside = (*offers, "AUTH PLAIN LOGIN")
        outside = (*offers, "STARTTLS") if security == "starttls" else inside
        super().__init__(outside, tls=tls, implicit=security == "tls", abilities_inside=inside)
        self._mailbox = servers.imap, user
        self._files = files

    def take(self, mail: Taken) -> None:
        super().take(mail)
        if self._files:
            with mailbox(*self._mailbox) as client:
                client.append("Sent", mail.raw, flags=["\\Seen"])


class InOneProcess(Email):
    """A first connection costs a second process to read in, a third of a second: four schedules of five do without."""

    codec = ""


def mailbox(port: int, user: str) -> IMAPClient:
    client = IMAPClient("127.0.0.1", port, ssl=False, timeout=20)
    client.login(user, PASSWORD)
    return client


@dataclass
class Told:
    """What became of a schedule: `wrong` and `late` are empty where all is well. Seconds from the end of the storm."""

    seed: int
    wrong: list[str] = field(default_factory=list)
    late: list[str] = field(default_factory=list)
    back_after: float = 0.0
    whole_after: float = 0.0
    connections: int = 0
    errors: dict[str, int] = field(default_factory=dict)
    answers: dict[str, int] = field(default_factory=dict)


class Schedule:
    """One mailbox of the desk and its weather."""

    def __init__(self, servers: Servers, user: str, seed: int) -> None:
        draw = random.Random(seed)
        self.servers, self.user, self.told = servers, user, Told(seed)
        self.storm_lasts = draw.uniform(0.8, 2.5)
        fates = {side: Fates(seed, side) for side in ("imap", "smtp")}
        # Whoever cuts behind the dot has to see it.
        plain = fates["smtp"].kind.startswith("lost")
        secure = draw.choice(("tls", "tls", "starttls", "plain"))
        sends = "plain" if plain else draw.choice(("tls", "starttls", "plain"))
        self.begins_in_storm = draw.random() < 0.25
        self.provider = Provider(servers, user, sends, files=draw.random() < 0.5)
        self.imap = Proxy(servers.imaps if secure == "tls" else servers.imap, fates["imap"])
        self.smtp = Proxy(self.provider.port, fates["smtp"])
        self.account = Account(
            id=f"box{seed}", name=f"box{seed}", channel="email", address=user,
            imap=Endpoint("localhost", self.imap.port, secure, user),  # type: ignore[arg-type]
            smtp=Endpoint("localhost", self.smtp.port, sends, user),  # type: ignore[arg-type]
            ca_file=Path(servers.folder) / "ca.pem", secret=SecretPlace("env", VARIABLE),
        )  # fmt: skip
        self.delivered: set[str] = set()
        self.written: dict[str, str] = {}

    def connect(self, home: Home, account: Account) -> Email:
        kind = Email if self.told.seed % 5 == 0 else InOneProcess
        return kind(channel_account(home, account), clock=clock.now, pace=PACE, patience=PATIENCE)

    def rage(self) -> None:
        self.imap.rage()
        self.smtp.rage()

    def heal(self) -> None:
        self.imap.heal()
        self.smtp.heal()

    def stop(self) -> None:
        self.imap.stop()
        self.smtp.stop()
        self.provider.stop()

    def deliver(self, number: int) -> None:
        """A mail arrives at the server; a large one now and then."""
        name = f"{self.told.seed}-{number}"
        raw = letter(name, sender=f"Ana {number} <c{name}@cliente.test>", to=self.user, subject=f"Pedido {name}",
                     body="Hola\r\n" * (1 if number % 4 else 700))  # fmt: skip
        with smtplib.LMTP("127.0.0.1", self.servers.lmtp) as lmtp:
            lmtp.sendmail("ana@cliente.test", [self.user], raw)
        self.delivered.add(f"<{name}@cliente.test>")

    def filed(self) -> Counter[str]:
        """The Message-IDs in Sent."""
        with mailbox(self.servers.imap, self.user) as client:
            client.select_folder("Sent", readonly=True)
            found = client.fetch(client.search("ALL"), ["ENVELOPE"])
        return Counter(each[b"ENVELOPE"].message_id.decode() for each in found.values())

    def accepted(self) -> Counter[str]:
        """The Message-IDs that the provider took."""
        return Counter(
            re.findall(r"(?m)^Message-ID: (\S+)", mail.raw.decode())[0] for mail in self.provider.taken
        )


class Shop:
    """One desk, several schedules."""

    def __init__(self, folder: Path, schedules: list[Schedule]) -> None:
        self.home = Home.under(folder)
        self.home.make()
        self.schedules = schedules
        self.settings = Settings(
            DeskSettings("Europe/Madrid", "es"), accounts=tuple(each.account for each in schedules)
        )
        begun, base = time.monotonic(), datetime.now(UTC)  # noqa: TID251 - the servers' clock is the machine's

        def now() -> datetime:
            return base + timedelta(seconds=(time.monotonic() - begun) * FASTER)

        self.desk = Desk(
            Store.open(self.home.data, self.home.state), b"k" * 32, always_open, agent="Joan",
            own=frozenset(each.user for each in schedules), now=now,
        )  # fmt: skip
        self.passes: list[Pass] = []
        self._reader = self.desk.reader()
        self._seen: dict[tuple[str, str], list[tuple[str, str, str]]] = {}
        self._seen_at = float("-inf")

    async def run(self) -> None:
        by_id = {each.account.id: each for each in self.schedules}
        engine = asyncio.ensure_future(
            watch(
                self.desk, self.home, self.settings.accounts, self.passes.append,
                connect=lambda home, account: by_id[account.id].connect(home, account),
            )
        )  # fmt: skip
        await asyncio.gather(*(self._lived(each) for each in self.schedules))
        trouble = f"the engine ended: {engine.exception()!r}" if engine.done() else ""
        engine.cancel()
        if (await asyncio.wait({engine}, timeout=ENDS_WITHIN))[1]:
            trouble = "the engine does not end"
        for each in self.schedules:
            each.told.wrong += [trouble] if trouble else []
            each.stop()

    async def _lived(self, each: Schedule) -> None:
        for number in range(EARLY):
            await asyncio.to_thread(each.deliver, number)
        if each.begins_in_storm:
            each.rage()
        elif not await self._until(lambda: self._stored(each) == each.delivered, WHOLE_WITHIN):
            each.told.late.append("not even received before the storm")
        each.rage()
        await self._storm(each)
        each.heal()
        healed = time.monotonic()
        await asyncio.to_thread(each.deliver, EARLY + MEANWHILE)
        each.told.back_after = await self._since(healed, lambda: self._stored(each) == each.delivered)
        if each.told.back_after > BACK_WITHIN:
            each.told.late.append(f"received {each.told.back_after:.0f} s after the storm")
        self._answer(each)
        each.told.whole_after = await self._since(healed, lambda: self._whole(each))
        if each.told.whole_after > WHOLE_WITHIN:
            each.told.late.append(f"whole {each.told.whole_after:.0f} s after the storm")
        each.told.errors = dict(Counter(
            str(error) for done in self.passes if done.account is each.account for error in done.errors
        ))  # fmt: skip
        each.told.connections = each.imap.connections + each.smtp.connections
        self._judge(each, await asyncio.to_thread(each.filed))

    async def _storm(self, each: Schedule) -> None:
        """Mails arrive, and whatever is there is answered, until the storm is over."""
        ends, before = time.monotonic() + each.storm_lasts, each.smtp.connections
        for number in range(EARLY, EARLY + MEANWHILE):
            self._answer(each, 1)
            await asyncio.to_thread(each.deliver, number)
            await asyncio.sleep(each.storm_lasts / MEANWHILE / 2)
        self._answer(each)
        await asyncio.sleep(max(0.0, ends - time.monotonic()))
        await self._until(lambda: each.smtp.connections - before >= ATTEMPTS, STORM_AT_MOST)

    async def _since(self, begun: float, told) -> float:
        """Seconds from `begun` until it is told; what is not by `EVER` is judged as it is."""
        await self._until(told, EVER)
        return time.monotonic() - begun

    async def _until(self, told, within: float) -> bool:
        ends = time.monotonic() + within
        while not told():
            if time.monotonic() > ends:
                return False
            await asyncio.sleep(LOOK_EVERY)
        return True

    def _asked(self, sql: str, *values: object) -> list[tuple]:
        return self._reader.execute(sql, values).fetchall()

    def _rows(
        self, each: Schedule, direction: str, no_older: float = LOOK_EVERY
    ) -> list[tuple[str, str, str]]:
        """(Message-ID, state, ticket) of the messages of an account, as they were `no_older` seconds ago."""
        if time.monotonic() - self._seen_at >= no_older:
            self._seen = defaultdict(list)
            for *key, name, state, ticket in self._asked(
                "SELECT t.account, m.direction, json_extract(m.headers, '$.message_id'), m.state, m.ticket "
                "FROM message m JOIN ticket t ON t.id = m.ticket"
            ):
                self._seen[*key].append((name, state, ticket))
            self._seen_at = time.monotonic()
        return self._seen[each.account.id, direction]

    def _stored(self, each: Schedule) -> set[str]:
        return {name for name, _, _ in self._rows(each, "in")}

    def _answer(self, each: Schedule, at_most: int = 100) -> None:
        """Answers tickets that have no answer."""
        tickets = [ticket for _, _, ticket in self._rows(each, "in") if ticket not in each.written]
        for ticket in tickets[:at_most]:
            channel = each.connect(self.home, each.account)
            done = reply.write(self.desk, self.settings, channel, ticket, Wish(f"Respuesta {ticket}"), hold=0)
            each.written[ticket] = done.message

    def _whole(self, each: Schedule) -> bool:
        """Nothing is left to do, and the health says that all is well."""
        left = self._asked("SELECT 1 FROM outbox WHERE account = ?", each.account.id)
        ill = self._asked("SELECT 1 FROM health WHERE account = ? AND state <> 'ok'", each.account.id)
        files = each.provider._files and each.accepted()
        doubted = {name for name, state, _ in self._rows(each, "out") if state == "unknown"}
        return not left and not ill and not (files and doubted & files.keys())

    def _judge(self, each: Schedule, filed: Counter[str]) -> None:
        wrong, accepted = each.told.wrong, each.accepted()
        self._rows(each, "in", no_older=0.0)
        came = Counter(name for name, _, _ in self._rows(each, "in"))
        if came != Counter(each.delivered):
            wrong.append(
                f"lost or doubled: {came - Counter(each.delivered)} {Counter(each.delivered) - came}"
            )
        if self._asked("SELECT 1 FROM quarantine"):
            wrong.append("in quarantine")
        if len(each.written) != len(each.delivered):
            wrong.append("left unanswered")
        if twice := [name for name, n in accepted.items() if n > 1]:
            wrong.append(f"sent twice: {twice}")
        answers = self._rows(each, "out")
        if len(answers) != len(each.written):
            wrong.append(f"{len(answers)} answers are stored, {len(each.written)} were written")
        for name, state, _ in answers:
            if state not in {"sent", "unknown"}:
                why = self._asked("SELECT personal FROM event WHERE type = 'SendFailed'")
                wrong.append(f"{name} is {state}: {why}")
            if state == "sent" and not accepted[name]:
                wrong.append(f"{name} is called sent, and nobody took it")
            if state == "unknown" and filed[name]:
                wrong.append(f"{name} lies in Sent, and the agent is asked")
            if state == "sent" and filed[name] != 1:
                wrong.append(f"{name} lies {filed[name]} times in Sent")
        each.told.answers = dict(Counter(state for _, state, _ in answers))


def main(servers: Servers, folder: Path, seeds: list[int]) -> None:
    os.environ[VARIABLE] = PASSWORD
    schedules = [Schedule(servers, servers.users[n], seed) for n, seed in enumerate(seeds)]
    asyncio.run(Shop(folder, schedules).run())
    for each in schedules:
        print(json.dumps(asdict(each.told)), flush=True)
    os._exit(0)  # whatever hangs was told above


if __name__ == "__main__":
    main(Servers(**json.loads(sys.argv[1])), Path(sys.argv[2]), list(map(int, sys.argv[3:])))
