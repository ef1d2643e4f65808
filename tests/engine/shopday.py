"""A day at a desk, step by step, over real sockets: it can meet a disk that fails, die anywhere, and be gone on with.

Run as a program, with `disk.c` loaded, it reads one JSON document a line (`Life`) and forks a child that lives it; the
child tells in lines of JSON what it does, and waits for a word where something went wrong or somebody has to say what
the customer got. Time and ids are those of the step, so that two days that end alike have the same digest.
"""

import asyncio
import ctypes
import errno
import json
import os
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import Any
from uuid import UUID

sys.path.insert(0, str(Path(__file__).parents[1]))

import agentdesk
from agentdesk import present
from agentdesk.channels.email import Email
from agentdesk.config import Account, Home, SecretPlace, Settings
from agentdesk.config import Desk as DeskSettings
from agentdesk.core.commands import Assign, Command, Merge, Prioritise, Resolve, Snooze, Tag, Undo
from agentdesk.core.letter import Wish
from agentdesk.core.model import Endpoint, OutFile, Priority
from agentdesk.engine import clock, marks, note, reply, ticker
from agentdesk.engine.desk import Desk
from agentdesk.engine.feed import keep_draft
from agentdesk.engine.start import channel_account, open_desk
from agentdesk.engine.sync import Poller
from agentdesk.errors import DeskError
from agentdesk.store import queries
from agentdesk.store.digest import digest
from agentdesk.store.schema import SHARED
from desks import MONDAY, SHOP
from servers.program import PASSWORD

KEY = b"k" * 32
DRAFT = "Estimada Ana, ya lo hemos"
IDS_OF_A_STEP = 1000
PATIENCE = 5
"""Failures, each followed by healing, after which something is wrong."""
WRITES, SYNCS = 1, 2
"""Kinds of acts in disk.c."""


@dataclass(frozen=True)
class Life:
    """One life of the program: from which step on to which, and what befalls it at the `at`-th act (0: nothing). `what`:
    "full" (no write succeeds from then on, until somebody was told), "sync" (one fails), "kill"."""

    home: str
    ca_file: str
    imap: int
    smtp: int
    step: int = 0
    last: int = 99
    what: str = ""
    at: int = 0


class InOneProcess(Email):
    """Reads what comes in this process: a second one is no step of this one."""

    codec = ""


class Day:
    """The desk, its agent and what they do."""

    def __init__(self, life: Life, ask: Callable[..., str]) -> None:
        self.home = Home.under(Path(life.home))
        self.ask = ask
        self.step = life.step
        self.account = Account(
            id="mailbox", name="soporte", channel="email", address=SHOP,
            imap=Endpoint("127.0.0.1", life.imap, "plain", "shop"),
            smtp=Endpoint("127.0.0.1", life.smtp, "plain", "shop"), secret=SecretPlace("env", PASSWORD),
            ca_file=Path(life.ca_file),
        )  # fmt: skip
        self.settings = Settings(DeskSettings("Europe/Madrid", "es"), accounts=(self.account,))
        self.desk: Desk | None = None

    # What this agent does all day; a number is that of the ticket.

    def steps(self) -> tuple[Callable[[], object], ...]:
        return (
            self.receive,
            lambda: marks.read(self.door, self.settings, "mailbox", self.id(1)),
            lambda: self.answer(1, "Va en camino.", OutFile("guia.pdf", "application/pdf", b"%PDF" * 9000)),
            lambda: self.act(lambda: note.note(self.door, self.id(2), "Cliente de siempre")),
            lambda: self.do(Tag(self.id(2), ("vip", "envio"))),
            lambda: self.do(Prioritise(self.id(2), Priority.HIGH)),
            lambda: self.do(Snooze(self.id(3), self.now() + timedelta(minutes=60))),
            lambda: self.answer(2, "Resuelto.", resolve=True),
            lambda: self.do(Assign(self.id(4), "Joan")),
            lambda: keep_draft(self.door, self.id(4), "reply", DRAFT),
            self.receive,
            lambda: self.do(Merge(self.id(5), self.id(4))),
            lambda: self.do(Undo()),
            lambda: self.do(Merge(self.id(6), self.id(4))),
            self.receive,
            lambda: ticker.wake(self.door),
            lambda: self.answer(3, "Mañana sale."),
            lambda: self.do(Resolve(self.id(1))),
            self.receive,
            self.receive,
        )

    def receive(self) -> None:
        """One pass, and doubts put to the agent, who asks the customer."""
        while True:
            passed = asyncio.run(Poller(self.door, self.home, self.account, connect=_connected(self)).once())
            if passed.errors:
                raise passed.errors[0]
            with closing(self.door.reader()) as connection:
                doubted = _asked(connection, "SELECT id, json_extract(headers, '$.message_id') FROM message "
                                 "WHERE state = 'unknown'")  # fmt: skip
            for message, name in doubted:
                if self.ask(doubt=name) == "got it":
                    reply.settle_sent(self.door, message)
                else:
                    reply.retry(self.door, message)
            if not doubted:
                return

    def answer(self, number: int, text: str, *files: OutFile, resolve: bool = False) -> None:
        channel = _connected(self)(self.home, self.account)
        wish = Wish(text, files=files)
        self.act(lambda: reply.write(
            self.door, self.settings, channel, self.id(number), wish, resolve=resolve, hold=0
        ))  # fmt: skip

    def do(self, command: Command) -> None:
        self.act(lambda: self.door.do(command))

    def act(self, act: Callable[[], object]) -> None:
        """Does it with the ids of this step, unless they tell that it was done before."""
        first, last = self._id(0), self._id(IDS_OF_A_STEP)
        with closing(self.door.reader()) as connection:
            done = _asked(
                connection, "SELECT 1 FROM event WHERE id >= ? AND id < ? UNION SELECT 1 FROM message WHERE id >= ? AND id < ?",
                first, last, first, last,
            )  # fmt: skip
        if not done:
            self.door.ids = map(self._id, range(IDS_OF_A_STEP))
            act()
            self.door.ids = clock.fresh_ids()

    # Where they are.

    @property
    def door(self) -> Desk:
        """The desk, opened when it is first needed."""
        if self.desk is None:
            self.desk = open_desk(self.home, self.settings, "Joan")
            self.desk.now = self.now
        return self.desk

    def _id(self, n: int) -> str:
        """The n-th id of this step."""
        return str(UUID(int=(1 << 100) + self.step * IDS_OF_A_STEP + n))

    def now(self) -> Any:
        return MONDAY + timedelta(minutes=10 * self.step)

    def id(self, number: int) -> str:
        with closing(self.door.reader()) as connection:
            found = queries.id_of(connection, number)
        assert found is not None, number
        return found

    def facts(self) -> dict[str, Any]:
        """What the store knows that a server may have been told."""
        with closing(self.door.reader()) as connection:
            ours = _asked(connection, "SELECT json_extract(headers, '$.message_id'), m.state, o.state FROM message m "
                          "LEFT JOIN outbox o ON o.message = m.id WHERE direction = 'out'")  # fmt: skip
            lies = "SELECT uid FROM place JOIN message m ON m.id = place.message WHERE folder = 'INBOX' AND EXISTS "
            read = _asked(
                connection, f"{lies} (SELECT 1 FROM event e WHERE e.ticket = m.ticket AND type = 'Read')"
            )
            answered = _asked(
                connection, f"{lies} (SELECT 1 FROM message o WHERE o.ticket = m.ticket AND o.state = 'sent')"
            )
        return {
            "may_have_gone": [name for name, state, box in ours if state in {"sent", "unknown"} or box == "data"],
            "sent": [name for name, state, _ in ours if state == "sent"],
            "\\Seen": [uid for (uid,) in read],
            "\\Answered": [uid for (uid,) in answered],
        }  # fmt: skip

    def end(self) -> dict[str, Any]:
        """What is left of the day."""
        store = self.door.store
        before = digest(store.connection)
        store.rebuild()
        with closing(self.door.reader()) as connection:
            return {
                "rows": {table: _rows(connection, table) for table in SHARED},
                "rebuilt": digest(connection) == before,
                "outbox": _asked(connection, "SELECT message, state FROM outbox"),
                "wishes": _asked(connection, "SELECT uid, flag FROM wish WHERE tries < 5"),
                "drafts": _asked(connection, "SELECT text FROM draft"),
                "arrivals": _asked(connection, "SELECT uid FROM arrival"),
                "intact": _asked(connection, "PRAGMA integrity_check"),
                "journal": _asked(connection, "PRAGMA journal_mode"),
                "spool": [each.name for each in self.home.spool.rglob("*") if each.is_file()],
                "lacking": [
                    name for (name,) in _asked(connection, "SELECT raw FROM message UNION SELECT text FROM message")
                    if name and store.blobs.get(connection, name) is None
                ],
            }  # fmt: skip


def _connected(day: Day) -> Callable[[Home, Account], Any]:
    return lambda home, account: InOneProcess(channel_account(home, account), clock=day.now)


def _asked(connection: Any, sql: str, *values: object) -> list[Any]:
    return list(connection.execute(sql, values).fetchall())


def _rows(connection: Any, table: str) -> list[dict[str, Any]]:
    """Every row as column to value; empty tallies do not count."""
    columns = [row[1] for row in _asked(connection, f"PRAGMA table_info({table})")]
    rows = (
        dict(zip(columns, row, strict=True))
        for row in _asked(connection, f"SELECT {', '.join(columns)} FROM {table}")
    )
    return [row for row in rows if table != "tally" or row["n"]]


def lived(life: Life) -> None:
    """The child's life, told line by line."""
    disk = ctypes.CDLL(None)

    def tell(**what: Any) -> None:
        os.write(1, (json.dumps(what) + "\n").encode())

    def ask(**what: Any) -> str:
        tell(**what)
        return sys.stdin.readline().strip()

    day, below = Day(life, ask), life.home.encode()
    if life.step:
        ask(facts=day.facts())
    if life.what == "kill":
        disk.disk_kills(below, life.at, life.smtp)
    elif life.what == "sync":
        disk.disk_fails(below, SYNCS, life.at, errno.EIO, 0)
    else:
        disk.disk_fails(below, WRITES, life.at, errno.ENOSPC, 1)
    steps, failed = day.steps()[: life.last], 0
    while day.step <= len(steps):
        try:
            tell(began=day.step)
            if day.step < len(steps):
                steps[day.step]()
            else:
                day.door.close()
                day.desk = None
        except DeskError as error:
            failed += 1
            if failed == PATIENCE:
                raise
            told = present.problem(error)
            facts = day.facts() if day.desk else None
            ask(failed=day.step, code=told.code, detail=told.detail, remedy=told.remedy, facts=facts)
            disk.disk_heals()
        else:
            day.step += 1
    seen = disk.disk_seen()
    disk.disk_heals()
    tell(seen=seen, **day.end())


def main() -> None:
    for module in walk_packages(agentdesk.__path__, "agentdesk."):  # once, and not in every life
        if module.name.split(".")[1] in {"core", "store", "channels", "engine", "config"}:
            import_module(module.name)
    while line := sys.stdin.readline():
        child = os.fork()
        if not child:
            try:
                lived(Life(**json.loads(line)))
            except BaseException as error:  # noqa: BLE001 - told to the test
                import traceback

                told = {"mistake": repr(error), "trace": traceback.format_exc()}
                os.write(1, (json.dumps(told) + "\n").encode())
            os._exit(0)
        _, status = os.waitpid(child, 0)
        os.write(1, (json.dumps({"ended": os.waitstatus_to_exitcode(status)}) + "\n").encode())


if __name__ == "__main__":
    main()
