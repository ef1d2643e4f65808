"""A shop that was worked at for two years: customers who wrote, were answered, asked again, and what was resolved and opened again.

Each step is a command through decide, log and fold at its own time, in the order of time, a thousand to a transaction. That takes
milliseconds a step, so a big store is a smaller one, each of whose rows is there many times under ids of its own; what is read
by a report is copied, the index of words is not. The same number of tickets gives the same course, whatever the day.
"""

import heapq
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from agentdesk import config
from agentdesk.config import Home
from agentdesk.core.commands import Command, OpenAccount, Receive, Resolve
from agentdesk.core.model import Address, Incoming, Outgoing
from agentdesk.core.posting import Reply, ReportSent
from agentdesk.core.progress import Describe
from agentdesk.engine.desk import Desk
from agentdesk.engine.start import open_desk
from agentdesk.errors import RefusedError
from agentdesk.store import pack
from agentdesk.store.driver import Connection
from agentdesk.store.writer import Writer

AT_ONCE = 1000
SPAN = timedelta(days=730)
SHOP = Address("Tienda", "soporte@shop.test")
AGENTS = ("Joan", "Núria", "Pau")
_CHANNELS = (("email", 55), ("whatsapp", 25), ("messenger", 10), ("telegram", 10))
_INCIDENTS = ("logistics", "returns", "payment", "product", None, None)
_KINDS = ("question", "complaint", "claim", None)
_TEXT = "Hola, ¿dónde está mi pedido? Lo espero desde el lunes. Gracias."
_HOURS = (0, 0, 0, 0, 0, 0, 1, 2, 4, 8, 12, 12, 10, 6, 5, 7, 9, 10, 9, 7, 5, 3, 2, 1)
"""How much comes in each hour of the day."""
_COPIED = ("customer", "identity", "ticket", "message", "clock", "participant", "event", "event_ticket")
_NAMED = re.compile(r"\b((?:[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{9})|[0-9a-f]{29})[0-9a-f]{3}\b")
"""What a row is called by, but for the last three signs: ids and what identities and mails are hashed to."""


@dataclass(slots=True)
class Course:
    """One ticket to be: who, by which channel, and what comes next, step by step; the first letter makes it."""

    number: int
    person: int
    channel: str
    agent: str
    steps: list[str]
    ticket: str = ""
    last: str = ""


Step = tuple[datetime, str, Course]


def build(folder: Path, tickets: int, times: int = 1) -> Home:
    """A home with so many tickets, each `times` times, that end at this moment, opening hours, and no account, so that nothing is
    fetched."""
    home = Home.under(folder)
    config.ensure(home)
    text = re.sub(
        r'(?m)^zone = "[^"]*"', 'zone = "Europe/Madrid"', home.config_file.read_text(encoding="utf-8")
    )
    home.config_file.write_text(text.replace('calendar = "none"', 'calendar = "shop"'), encoding="utf-8")
    settings = config.load(home)
    desk = open_desk(home, settings, AGENTS[0])
    now = datetime.now(UTC)  # noqa: TID251 - the console reads the machine's clock
    try:
        desk.now = lambda: now - SPAN
        for channel, _ in _CHANNELS:
            desk.do(OpenAccount(channel, channel, now - SPAN, 14))
        steps = _steps(tickets, now)
        while some := list(islice(steps, AT_ONCE)):
            with desk.transaction() as writer:
                for step in some:
                    _take(desk, writer, step)
        if times > 1:
            with desk.transaction() as writer:
                _copy(writer.connection, times)
    finally:
        desk.close()
    return home


def _copy(connection: Connection, times: int) -> None:
    """Every row of a ticket `times` times, in the order of the log, under names of its own."""
    triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for name, _ in triggers:
        connection.execute(f"DROP TRIGGER {name}")
    for table in _COPIED:
        columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
        rows = connection.execute(f"SELECT {', '.join(columns)} FROM {table} ORDER BY 1").fetchall()
        connection.execute(f"DELETE FROM {table}")
        connection.executemany(
            f"INSERT INTO {table} VALUES ({', '.join('?' * len(columns))})".replace(
                table, f"{table} ({', '.join(columns)})", 1
            ),
            (
                [_other(column, value, at, times) for column, value in zip(columns, row, strict=True)]
                for row in rows
                for at in range(times)
            ),
        )
    connection.execute("DELETE FROM tally")
    connection.execute(
        "INSERT INTO tally SELECT bucket, coalesce(assignee, ''), count(*) FROM ticket GROUP BY 1, 2"
    )
    for _, sql in triggers:
        connection.execute(sql)


def _other(column: str, value: Any, at: int, times: int) -> Any:
    """A cell of the copy `at`."""
    match column:
        case "number" | "seq":
            return value * times + at
        case "n":
            return value + at
        case "text" | "raw":
            return value
    return _NAMED.sub(rf"\g<1>{at:03x}", value) if isinstance(value, str) else value


def _steps(tickets: int, now: datetime) -> Iterator[Step]:
    """Every step of every ticket, in the order of time."""
    pick = random.Random(7)
    waiting: list[tuple[datetime, int, Course]] = []
    names, weights = zip(*_CHANNELS, strict=True)
    for number, begun in enumerate(_beginnings(pick, tickets, now)):
        while waiting and waiting[0][0] <= begun:
            yield from _next(pick, waiting)
        steps = ["receive", "answer"]
        while pick.random() < 0.3:
            steps += ["receive", "answer"]
        steps.append("resolve")
        if pick.random() < 0.05:
            steps += ["receive", "answer", "resolve"]
        if pick.random() < 0.02:
            del steps[1:]
        course = Course(
            number, pick.randrange(tickets), pick.choices(names, weights)[0], pick.choice(AGENTS), steps
        )
        heapq.heappush(waiting, (begun, number, course))
    while waiting and waiting[0][0] <= now:
        yield from _next(pick, waiting)


def _beginnings(pick: random.Random, tickets: int, now: datetime) -> list[datetime]:
    days = [now - timedelta(days=back) for back in range(SPAN.days - 1, 0, -1)]
    hours = pick.choices(range(24), _HOURS, k=tickets)
    return sorted(
        pick.choice(days).replace(
            hour=hour, minute=pick.randrange(60), second=pick.randrange(60), microsecond=0
        )
        for hour in hours
    )


def _next(pick: random.Random, waiting: list[tuple[datetime, int, Course]]) -> Iterator[Step]:
    at, number, course = heapq.heappop(waiting)
    if course.steps:
        yield at, course.steps.pop(0), course
    if course.steps:
        ahead = timedelta(minutes=1 + pick.lognormvariate(3.5, 1.5))
        heapq.heappush(waiting, (at + ahead, number, course))


def _take(desk: Desk, writer: Writer, step: Step) -> None:
    """A step, as far as the law lets it: who was told all may have written in another ticket meanwhile."""
    at, kind, course = step
    desk.now = lambda: at
    for command in _commands(desk, writer, kind, at, course):
        try:
            answer = desk.decided(
                writer,
                command,
                actor="agentdesk" if isinstance(command, Receive | ReportSent) else course.agent,
            )
        except RefusedError:
            course.steps.clear()
            return
        if isinstance(command, Receive) and answer.message:
            row = writer.connection.execute(
                "SELECT t.root, m.mail_id FROM message m JOIN ticket t ON t.id = m.ticket WHERE m.id = ?",
                (answer.message,),
            ).fetchone()
            course.ticket = row[0]


def _commands(desk: Desk, writer: Writer, kind: str, at: datetime, course: Course) -> Iterator[Command]:
    unique = next(desk.ids)
    text = pack(_TEXT.encode())
    raw = pack(f"raw {unique}".encode())
    address = Address(f"Client{course.person}", f"c{course.person}@x.test")
    if course.channel == "email":
        name = f"<{unique}@x.test>"
    else:
        address = Address(address.name, f"{34600000000 + course.person}")
        name = f"{course.channel}:{address.email}/{unique}"
    match kind:
        case "receive":
            writer.blobs.put(writer.connection, (text, raw))
            known = (course.last,) if course.last else ()
            incoming = Incoming(
                course.channel, address, f"Pedido {course.number}", _TEXT, name, in_reply_to=known, references=known,
                to=(SHOP,), sent_at=at, language="es",
            )  # fmt: skip
            yield Receive(course.channel, incoming, raw.hash, text.hash, len(_TEXT), at, at)
            pick = random.Random(course.number)
            if not course.last:
                yield Describe(course.ticket, pick.choice(_KINDS) or "", pick.choice(_INCIDENTS) or "")
        case "answer":
            writer.blobs.put(writer.connection, (text, raw))
            course.last = f"<{unique}@shop.test>" if course.channel == "email" else name
            letter = Outgoing(course.last, SHOP, (address,), f"Re: Pedido {course.number}", _TEXT, at)
            yield Reply(
                course.ticket, unique, letter, raw.hash, text.hash, len(_TEXT), channel=course.channel
            )
            yield ReportSent(unique, at + timedelta(seconds=5))
        case _:
            yield Resolve(course.ticket)
