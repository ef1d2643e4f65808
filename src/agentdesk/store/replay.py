"""A part of the log lived through once more, in memory and apart: how everything about some customers stood at each moment.

Promises: the tickets of every customer who had something since a moment, from their beginnings, with their true numbers and all that is in no
ticket; nothing is written to the desk, and nothing to a disk. Refuses: saying what is looked for there.
"""

import json
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from agentdesk.core.automatic import once_of
from agentdesk.core.events import Event, MessageAdded, TicketOpened
from agentdesk.core.instant import stamp
from agentdesk.store import driver, log, schema
from agentdesk.store.blobs import Blob, Blobs, put
from agentdesk.store.rows import Rows
from agentdesk.store.writer import Writer

_CONCERNED = """
WITH near AS (
  SELECT DISTINCT c.root FROM event_ticket e JOIN ticket t ON t.id = e.ticket JOIN customer c ON c.id = t.customer WHERE e.seq > ?),
mine AS (SELECT t.id FROM ticket t JOIN customer c ON c.id = t.customer WHERE c.root IN (SELECT root FROM near))
SELECT seq FROM event e WHERE seq IN (SELECT seq FROM event_ticket WHERE ticket IN (SELECT id FROM mine))
OR NOT EXISTS (SELECT 1 FROM event_ticket x WHERE x.seq = e.seq)
OR e.type IN ('CustomersMerged', 'CustomersUnmerged') OR e.type = 'Undone' AND e.ticket IS NULL ORDER BY seq"""


class Replay:
    """The desk as it was; `step` lets one more event happen."""

    def __init__(self, source: driver.Connection, blobs: Blobs, since: datetime) -> None:
        self._source = source
        self._own = driver.connect(":memory:")
        schema.migrate(self._own)
        borrowed = _Borrowed(blobs.folder, source)
        self._rows = Rows(self._own, borrowed)
        self.writer = Writer(self._own, borrowed, self._rows)
        self.begins = int(
            source.execute(
                "SELECT coalesce(max(seq), 0) FROM event WHERE at < ?", (stamp(since),)
            ).fetchone()[0]
        )

    def close(self) -> None:
        self._own.close()

    def events(self) -> Iterator[tuple[int, Event]]:
        """What happened to those customers, from their beginnings, with its place in the log."""
        for (seq,) in self._source.execute(_CONCERNED, (self.begins,)).fetchall():
            yield from log.read(self._source, seq - 1, 1)

    def said(self) -> dict[str, str]:
        """What went to customers by itself since then: its message by what it was said for once."""
        rows = self._source.execute(
            "SELECT guard, seq FROM event WHERE guard >= 'auto:' AND guard < 'auto;' AND seq > ?",
            (self.begins,),
        ).fetchall()
        found: dict[str, str] = {}
        for guard, seq in rows:
            for _, event in log.read(self._source, seq - 1, 1):
                written = (each.message for each in event.changes if isinstance(each, MessageAdded))
                found |= {once_of(guard): message for message in written}
        return found

    def firings(self, rules: Collection[str]) -> frozenset[str]:
        """The ids of what these rules really did."""
        rows = self._source.execute(
            "SELECT id FROM firing WHERE rule IN (SELECT value FROM json_each(?))",
            (json.dumps(sorted(rules)),),
        )
        return frozenset(row[0] for row in rows)

    def step(self, event: Event) -> None:
        self.writer.append(event)
        for change in event.changes:
            if isinstance(change, TicketOpened):
                number = self._source.execute(
                    "SELECT number FROM ticket WHERE id = ?", (change.ticket,)
                ).fetchone()
                self._own.execute("UPDATE ticket SET number = ? WHERE id = ?", (number[0], change.ticket))
        self._rows.index()


class _Borrowed(Blobs):
    """Texts of the desk, read where they lie; what is said in the rehearsal lies with it, and what is dropped there is the desk's."""

    def __init__(self, folder: Path, source: driver.Connection) -> None:
        super().__init__(folder)
        self._source = source

    def get(self, connection: driver.Connection, name: str) -> bytes | Path | None:
        return super().get(self._source, name) or super().get(connection, name)

    def put(self, connection: driver.Connection, blobs: Iterable[Blob]) -> None:
        for each in blobs:
            connection.execute(*put(each))

    def drop(self, connection: driver.Connection, name: str) -> None:
        connection.execute("DELETE FROM blob WHERE hash = ?", (name,))


@contextmanager
def replay(source: driver.Connection, blobs: Blobs, since: datetime) -> Iterator[Replay]:
    """Over a connection that belongs to whoever asks."""
    found = Replay(source, blobs, since)
    try:
        yield found
    finally:
        found.close()
