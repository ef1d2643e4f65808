"""Eight accounts in one desk, every service misbehaving, agents answering meanwhile: run as a program, it says what became of it.

Usage: soak.py FOLDER SEED EVENTS SPEED. The desk's own background engine receives and sends, its waits SPEED times as short
(servers/hurry.py). So many things happen: customers write, the shop answers on the telephone, services say things twice, the
laptop is closed and opened. Each happens as soon as there is room for it. Then the weather ends, and the desk has so many
seconds to be whole. One line of JSON says what was wrong; everything that is logged goes to stderr, nothing redacted.
"""

import asyncio
import json
import logging
import os
import random
import sqlite3
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from agentdesk.config import Desk as DeskSettings
from agentdesk.config import Home, Settings
from agentdesk.core.letter import Wish
from agentdesk.engine import reply
from agentdesk.engine.background import Background
from agentdesk.engine.desk import Desk
from agentdesk.engine.feed import keep_draft
from agentdesk.engine.start import connector
from agentdesk.errors import RefusedError
from agentdesk.store import Store
from desks import always_open
from engine.lines import Line, MatrixLine, TelegramLine, TwilioLine
from engine.meta_lines import CloudLine, PageLine
from servers.hurry import Hurry

ROOM = 6
"""Messages of a line that may be on their way in: then it waits."""
STEP, LOOK = 0.01, 0.05
WHOLE_WITHIN = 120.0
"""Seconds that the desk is given once all services are well."""
HANG = 60.0
"""Seconds, by the services' clock, in which an account may not be without any request at work. A machine that is busy with other
things makes none."""
BUSY = 20.0
AGENTS = ("Joan", "Núria")
STUCK = "SELECT id, account, state FROM message WHERE state IN ('failed', 'unknown') AND NOT hidden"
WAITING = "SELECT id, account FROM ticket WHERE waiting_since IS NOT NULL"
OPEN = (
    f"{WAITING} AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.ticket = ticket.id AND o.state <> 'filing') "
    "AND NOT EXISTS (SELECT 1 FROM message m WHERE m.ticket = ticket.id AND m.state IN ('failed', 'unknown') AND NOT m.hidden)"
)
"""Who waits, and has no answer on its way."""
SAID = "SELECT m.id, m.account, m.direction, m.text, m.state FROM message m WHERE NOT m.hidden"


def lines(seed: int, now: Callable[[], datetime], pace: float, folder: Path) -> list[Line]:
    """All eight, at work."""
    return [
        TelegramLine("telegram1", seed, now, pace),
        TelegramLine("telegram2", seed + 1, now, pace),
        TwilioLine("twiliowa", seed, now, pace, wa=True),
        TwilioLine("twiliosms", seed, now, pace, wa=False),
        PageLine("messenger", seed, now, pace, "messenger"),
        PageLine("instagram", seed, now, pace, "instagram"),
        CloudLine("cloud", seed, now, pace, folder / "relay"),
        MatrixLine("matrix", seed, now, pace),
    ]


class Soak:
    """One run."""

    def __init__(self, folder: Path, seed: int, events: int, speed: float) -> None:
        self.speed, self.events = speed, events
        self.hurry = Hurry(speed)
        asyncio.set_event_loop_policy(self.hurry)
        self.random = random.Random(f"{seed} life")
        self.home = Home.under(folder / "home")
        self.home.make()
        self.lines = {each.name: each for each in lines(seed, self.hurry.now, speed, folder)}
        for each in self.lines.values():
            os.environ[each.account.secret.value] = each.secret
        self.settings = Settings(
            DeskSettings("Europe/Madrid", "es"), accounts=tuple(each.account for each in self.lines.values())
        )
        self.desks = [self.desk(agent) for agent in AGENTS]
        self.written: dict[str, tuple[str, str]] = {}
        self.happened: Counter[str] = Counter()
        self.wrong: list[str] = []
        self.over = threading.Event()
        self.background = self.engine()

    def desk(self, agent: str) -> Desk:
        """An agent's, as in a process of their own."""
        return Desk(
            Store.open(self.home.data, self.home.state),
            b"k" * 32,
            always_open,
            agent=agent,
            now=self.hurry.now,
        )

    def engine(self) -> Background:
        return Background(
            self.desks[0], self.home, self.settings.accounts, self._passed,
            connect=lambda home, account: connector(home, account, clock=self.hurry.now),
        )  # fmt: skip

    def _passed(self, done) -> None:
        for each in done.errors:
            self.happened[f"error {each.code}"] += 1
            logging.getLogger("soak").info("%s: %s", done.account.name, each)

    # What happens.

    def run(self) -> dict[str, object]:
        self.background.start()
        agents = [
            threading.Thread(target=self._answers, args=(desk, number), daemon=True)
            for number, desk in enumerate(self.desks)
        ]
        for each in agents:
            each.start()
        began = time.monotonic()
        for number in range(self.events):
            self._event(number)
        storm = time.monotonic() - began
        for each in self.lines.values():
            for weather in each.weathers:
                weather.heal()
        healed = time.monotonic()
        while not self._is_whole() and time.monotonic() - healed < WHOLE_WITHIN:
            self.over.wait(LOOK)
        whole = time.monotonic() - healed
        self.over.set()
        for each in agents:
            each.join(HANG)
        self._judge()
        self.background.stop(10)
        for each in self.lines.values():
            each.stop()
        return {
            "wrong": self.wrong, "storm": round(storm, 1), "whole_after": round(whole, 1),
            "said": sum(sum(each.said.values()) for each in self.lines.values()), "written": len(self.written),
            "happened": dict(self.happened), "weather": dict(sum((weather.done for each in self.lines.values() for weather in each.weathers), Counter())),
        }  # fmt: skip

    def _event(self, number: int) -> None:
        line = self._with_room()
        kind = self.random.choices(("writes", "phones", "disturbs", "closes"), (80, 10, 8, 0.5))[0]
        if kind == "phones" and not line.phones(f"Mòbil {number} {line.name}"):
            kind = "writes"
        if kind == "writes":
            line.writes(f"Missatge {number} {line.name}")
        elif kind == "disturbs":
            line.disturbs()
        elif kind == "closes":
            self.background.stop(10)
            self.background = self.engine()
            self.background.start()
        self.happened[kind] += 1

    def _with_room(self) -> Line:
        """A line on which not too much is on its way; waits for one."""
        while True:
            stored = Counter(account for _, account, direction, *_ in self._rows(SAID) if direction == "in")
            free = [
                each for each in self.lines.values() if sum(each.said.values()) - stored[each.name] < ROOM
            ]
            if free:
                self.over.wait(STEP)
                return self.random.choice(free)
            self.over.wait(LOOK)

    def _answers(self, desk: Desk, number: int) -> None:
        """An agent: answers whoever waits, looks after what failed, and says of what is in doubt what the customer has."""
        chance = random.Random(f"agent {number}")
        count = 0
        channels = {
            name: connector(self.home, each.account, clock=self.hurry.now)
            for name, each in self.lines.items()
        }
        while not self.over.wait(LOOK):
            for message, account, state in self._rows(STUCK):
                with suppress(RefusedError):
                    self._looks_after(desk, self.lines[account], message, state)
            tickets = self._rows(OPEN)
            chance.shuffle(tickets)
            for ticket, account in tickets[:4]:
                count += 1
                text = f"Resposta {count} de {desk.agent}"
                if chance.random() < 0.3:
                    keep_draft(desk, ticket, "reply", text)
                    continue
                try:
                    done = reply.write(
                        desk,
                        self.settings,
                        channels[account],
                        ticket,
                        Wish(text),
                        hold=chance.choice((0, 0, 2, 20)),
                    )
                except RefusedError as error:
                    self.happened[f"refused {error.values['reason']}"] += 1
                else:
                    self.written[done.message] = (account, text)

    def _looks_after(self, desk: Desk, line: Line, message: str, state: str) -> None:
        if message not in self.written:
            return
        _, text = self.written[message]
        has_it = line.taken()[text]
        if state == "failed" or not has_it:
            reply.retry(desk, message)
            self.happened["sent again"] += 1
        elif not line.tells:
            reply.settle_sent(desk, message)
            self.happened["settled"] += 1

    # What became of it.

    def _rows(self, sql: str) -> list[tuple]:
        connection = self.desks[0].reader()
        try:
            return connection.execute(sql).fetchall()
        finally:
            connection.close()

    def _is_whole(self) -> bool:
        """Everything is in, everything is out, nobody waits, and the health says that all is well."""
        stored = Counter(account for _, account, direction, *_ in self._rows(SAID) if direction == "in")
        left = self._rows("SELECT 1 FROM outbox") or self._rows(STUCK) or self._rows(WAITING)
        ill = self._rows("SELECT account, error FROM health WHERE state <> 'ok'")
        self.state = f"{len(left)} left, ill {ill}"
        return (
            not left
            and not ill
            and all(stored[n] >= sum(each.said.values()) for n, each in self.lines.items())
        )

    def _judge(self) -> None:
        if not self._is_whole():
            self.wrong.append(
                f"not whole in time: {self.state}, {self._rows(STUCK)} {self._rows('SELECT * FROM outbox')}"
            )
        rows = self._rows(SAID)
        connection = self.desks[0].reader()
        texts = {row[0]: self.desks[0].store.blobs.text(connection, row[3]) for row in rows}
        connection.close()
        for name, line in self.lines.items():
            mine = [row for row in rows if row[1] == name]
            heard = Counter(texts[row[0]] for row in mine if row[2] == "in")
            self._compare(f"{name} in", heard, line.said)
            ours = Counter(texts[row[0]].strip() for row in mine if row[2] == "out")
            taken = line.taken()
            self._compare(f"{name} out", ours, taken + line.phoned)
            if doubled := {text: n for text, n in taken.items() if n > 1}:
                self.wrong.append(f"{name}: sent twice: {doubled}")
            if strange := set(taken) - {text for _, text in self.written.values()}:
                self.wrong.append(f"{name}: nobody wrote {strange}")
            states = Counter(row[4] for row in mine if row[2] == "out" and row[0] in self.written)
            if odd := set(states) - {"sent", "delivered", "read"}:
                self.wrong.append(f"{name}: states {odd}")
            longest = line.weathers[-1].outage
            if longest > max(HANG / self.speed, BUSY):
                self.wrong.append(f"{name}: nothing asked for {longest:.1f} s")
        files = sum(each.files for each in self.lines.values())
        (there,) = self._rows("SELECT count(*) FROM attachment")[0]
        if there != files:
            self.wrong.append(f"{there} files came in of {files}")
        if aside := self._rows("SELECT account, reason FROM quarantine"):
            self.wrong.append(f"in quarantine: {aside}")
        self._search_secrets()

    def _compare(self, what: str, found: Counter[str], truth: Counter[str]) -> None:
        if lost := truth - found:
            self.wrong.append(f"{what}: lost {dict(lost)}")
        if doubled := found - truth:
            self.wrong.append(f"{what}: doubled {dict(doubled)}")

    def _search_secrets(self) -> None:
        """In every file of the desk, and in what its blobs hold unpacked."""
        secrets = {secret.encode() for line in self.lines.values() for secret in line.secrets}
        held = {str(path): path.read_bytes() for path in self.home.data.parent.rglob("*") if path.is_file()}
        connection = self.desks[0].reader()
        for (name,) in self._rows("SELECT hash FROM blob"):
            data = self.desks[0].store.blobs.get(connection, name)
            held[name] = data if isinstance(data, bytes) else b""
        connection.close()
        self.wrong += [
            f"a secret lies in {where}" for where, data in held.items() if any(s in data for s in secrets)
        ]


def main(folder: Path, seed: int, events: int, speed: float) -> None:
    logging.basicConfig(level=logging.DEBUG, stream=sys.stderr)
    soak = Soak(folder, seed, events, speed)
    print(
        json.dumps({"secrets": [each for line in soak.lines.values() for each in line.secrets]}), flush=True
    )
    try:
        told = soak.run()
    except sqlite3.Error as error:
        told = {"wrong": [repr(error)]}
    print(json.dumps(told), flush=True)
    sys.stderr.flush()
    os._exit(0)  # whatever hangs was told above


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4]))
