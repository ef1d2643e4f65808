"""A desk in a temporary folder whose clock is turned by hand, and mails for it."""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from agentdesk.channels import Arrival, Batch
from agentdesk.core.model import Place
from agentdesk.core.sla import Policy
from agentdesk.core.views import MessageView, QueueRow, TicketView
from agentdesk.engine import proof
from agentdesk.engine.desk import Desk
from agentdesk.engine.intake import Intake
from agentdesk.engine.receiving import Tally
from agentdesk.store import Store, queries, queue, reading
from agentdesk.store.digest import digest

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SHOP = "soporte@shop.test"
KEY = b"k" * 32
FOLDERS = {"sent": "Sent", "junk": "Junk"}


def holds(desk: Desk) -> None:
    """The log and the rows say the same of who is owed an answer, and rows that are made anew are the same."""
    assert proof.prove(desk).agrees
    before = digest(desk.store.connection)
    desk.store.rebuild()
    assert digest(desk.store.connection) == before


class HandClock:
    def __init__(self, at: datetime = MONDAY) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def go(self, **span: float) -> datetime:
        self.at += timedelta(**span)
        return self.at


def plain_ids() -> Iterator[str]:
    number = 1 << 100
    while True:
        number += 1
        yield str(UUID(int=number))


def of_last_week(key: Path) -> None:
    """A desk that began a week ago: its key is as old."""
    began = key.stat().st_mtime - 7 * 86_400
    os.utime(key, (began, began))


def always_open() -> Policy:
    from agentdesk.policies import load_policy

    return load_policy((), "guide", None, UTC)


@cache
def _empty() -> bytes:
    """The file of a store in which nothing has happened, made once for each process of the tests."""
    with TemporaryDirectory() as folder:
        Store.open(Path(folder), Path(folder)).close()
        return (Path(folder) / "desk.db").read_bytes()


def store_in(data: Path, state: Path) -> Store:
    """Opened there; where there is none yet, a copy of an empty one, which is what opening would make."""
    if not (file := data / "desk.db").exists():
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        file.touch(mode=0o600)
        file.write_bytes(_empty())
    return Store.open(data, state)


def key_in(data: Path) -> None:
    """Lies there as it does beside every store in which something has happened."""
    if not (file := data / "desk.key").exists():
        file.touch(mode=0o600)
        file.write_bytes(KEY)


class Bench:
    """An open desk with one mailbox."""

    def __init__(
        self,
        folder: Path,
        read=None,
        agent: str = "Joan",
        staff=None,
        trusted: dict[str, str] | None = None,
        policy: Callable[[], Policy] = always_open,
        own: str = SHOP,
    ) -> None:
        if read is None:
            from agentdesk.channels.mime import read_mail as read

        self.folder = folder
        self.clock = HandClock()
        self.store = store_in(folder / "data", folder / "state")
        key_in(folder / "data")
        self.desk = Desk(
            self.store,
            KEY,
            policy,
            device="test",
            agent=agent,
            own=frozenset({own}),
            staff=staff,
            trusted=trusted,
            now=self.clock,
            ids=plain_ids(),
        )
        self.intake = Intake(self.desk, "mailbox", read)
        self.uid = 0
        self._reading = threading.local()

    def mail(
        self,
        body: str = "Hola",
        *,
        sender: str = "maria@x.test",
        subject: str = "Pedido",
        message_id: str | None = None,
        reply_to: str = "",
        to: str = SHOP,
        role: str = "inbox",
        at: datetime | None = None,
        extra: str = "",
        raw: bytes | None = None,
        **arrival: object,
    ) -> Tally:
        """One mail comes in, read and decided at once."""
        self.uid += 1
        at = at or self.clock.at
        name = message_id if message_id is not None else f"<m{self.uid}@x.test>"
        head = (
            f"From: {sender}\r\nTo: {to}\r\nSubject: {subject}\r\nDate: {at:%a, %d %b %Y %H:%M:%S +0000}\r\n"
        )
        head += f"Message-ID: {name}\r\n" if name else ""
        head += f"In-Reply-To: {reply_to}\r\nReferences: {reply_to}\r\n" if reply_to else ""
        data = raw if raw is not None else (head + extra + f"\r\n{body}\r\n").encode()
        place = Place("mailbox", FOLDERS.get(role, "INBOX"), 1, self.uid)
        one = Arrival(place, at, data, len(data), role=role, **arrival)  # type: ignore[arg-type]
        return self.intake.take(Batch(f"cursor {self.uid}", (one,)))

    def queue(self, view: str = "inbox", limit: int = 50) -> list[QueueRow]:
        with self.reading() as connection:
            return queue.queue(connection, view, self.clock.at, self.desk.agent, limit=limit)

    def ticket(self, number: int) -> TicketView:
        with self.reading() as connection:
            row = queries.ticket(connection, number, self.clock.at)
            assert row is not None, number
            return queries.with_rest(connection, row)

    def id(self, number: int) -> str:
        with self.reading() as connection:
            found = queries.id_of(connection, number)
        assert found is not None, number
        return found

    def messages(self, number: int, limit: int = 100) -> list[MessageView]:
        with self.reading() as connection:
            ticket = self.ticket(number).row.id
            return reading.messages(
                connection,
                self.store.blobs,
                ticket,
                limit=limit,
                trusted=self.desk.trusted,
                mail_id=self.desk.seal.mail_id,
            )

    @contextmanager
    def reading(self):
        """A connection for reading; inside of another one of this thread the same, since opening one is what costs."""
        if (outer := getattr(self._reading, "connection", None)) is not None:
            yield outer
            return
        self._reading.connection = connection = self.desk.reader()
        try:
            yield connection
        finally:
            self._reading.connection = None
            connection.close()

    def close(self) -> None:
        self.desk.close()
