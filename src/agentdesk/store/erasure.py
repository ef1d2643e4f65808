"""Forgetting a person: the one change that the log allows.

Empties the `personal` column of every event of the person's tickets and messages, cuts their addresses and names out of the
personal column of events that merely mention them, writes the rows anew from what is left, and drops the blobs
that nobody else refers to and the search entries. `compact` afterwards leaves no byte in the files.
"""

import json
from collections.abc import Iterable
from typing import Any

from agentdesk.core.events import EntryAdded, Erased, Event
from agentdesk.core.fold import KEYS, PERSONAL, Insert, fold
from agentdesk.store import amendment, log
from agentdesk.store.blobs import Blobs
from agentdesk.store.driver import Connection
from agentdesk.store.rows import reindex

GONE = ""


def erase(connection: Connection, blobs: Blobs, event: Event) -> None:
    """Does what an `Erased` event says, in its own transaction; nothing for any other event."""
    for change in event.changes:
        if isinstance(change, Erased):
            _Erasure(connection, blobs, change).run()


class _Erasure:
    def __init__(self, connection: Connection, blobs: Blobs, change: Erased) -> None:
        self.connection = connection
        self.blobs = blobs
        self.change = change

    def run(self) -> None:
        marks = self._words()
        blobs = self._blobs()
        events = self._events(self.change.tickets) | self._events(self._tickets_shared()) | self._entries()
        for seq in sorted(events):
            self._scrub(seq, marks)
        for message in self.change.messages:
            reindex(self.connection, self.blobs, message)
            self.connection.execute("DELETE FROM outbox WHERE message = ?", (message,))
            amendment.forget(self.connection, message)
        for ticket in self.change.tickets:
            self.connection.execute("DELETE FROM draft WHERE ticket = ?", (ticket,))
            self.connection.execute("DELETE FROM quick_value WHERE ticket = ?", (ticket,))
            self.connection.execute("DELETE FROM circular_letter WHERE ticket = ?", (ticket,))
        # All of it: somebody else may have asked about an order of theirs, and the shop says it again when it is asked.
        self.connection.execute("DELETE FROM lookup")
        drop_unused(self.connection, self.blobs, blobs)

    def _words(self) -> frozenset[str]:
        rows = self._in("SELECT address, name FROM identity WHERE id IN ({})", self.change.identities)
        return frozenset(word.casefold() for row in rows for word in row if word)

    def _blobs(self) -> set[str]:
        rows = self._in("SELECT text, raw FROM message WHERE id IN ({})", self.change.messages)
        more = self._in("SELECT raw, raw FROM place WHERE message IN ({})", self.change.messages)
        texts = self._in("SELECT text FROM version WHERE message IN ({})", self.change.messages)
        return {name for row in (*rows, *more, *texts) for name in row if name}

    def _tickets_shared(self) -> tuple[str, ...]:
        rows = self._in("SELECT ticket FROM participant WHERE identity IN ({})", self.change.identities)
        rows += self._in("SELECT ticket FROM party WHERE identity IN ({})", self.change.identities)
        return tuple(dict.fromkeys(row[0] for row in rows))

    def _events(self, tickets: tuple[str, ...]) -> set[int]:
        return {row[0] for row in self._in("SELECT seq FROM event_ticket WHERE ticket IN ({})", tickets)}

    def _entries(self) -> set[int]:
        """The events by which something was written down of them."""
        sql = "SELECT e.seq FROM profile p JOIN event e ON e.id = substr(p.id, 1, instr(p.id, '/') - 1) WHERE p.customer IN ({})"
        return {row[0] for row in self._in(sql, self.change.customers)}

    def _in(self, sql: str, values: tuple[str, ...]) -> list[Any]:
        found: list[Any] = []
        for start in range(0, len(values), 500):
            some = values[start : start + 500]
            found += self.connection.execute(sql.format(", ".join("?" * len(some))), some).fetchall()
        return found

    def _scrub(self, seq: int, marks: frozenset[str]) -> None:
        event = next(log.read(self.connection, seq - 1, 1))[1]
        if event.personal is None:
            return
        theirs = event.ticket in self.change.tickets or any(
            getattr(c, "message", None) in self.change.messages
            or (isinstance(c, EntryAdded) and c.customer in self.change.customers)
            for c in event.changes
        )
        self._rewrite(seq, None if theirs else _without(event.personal, marks))

    def _rewrite(self, seq: int, personal: Any) -> None:
        text = None if personal is None else json.dumps(personal, ensure_ascii=False, separators=(",", ":"))
        self.connection.execute("UPDATE event SET personal = ? WHERE seq = ?", (text, seq))
        event = next(log.read(self.connection, seq - 1, 1))[1]
        for op in fold(event):
            columns = PERSONAL.get(op.table, ()) if isinstance(op, Insert) else ()
            if isinstance(op, Insert) and columns:
                self._empty(op, columns)
                if op.table == "message":
                    reindex(self.connection, self.blobs, op.values["id"])

    def _empty(self, op: Insert, columns: tuple[str, ...]) -> None:
        keys = KEYS.get(op.table, ("id",))
        names = ", ".join(f"{c} = ?" for c in columns)
        where = " AND ".join(f"{k} = ?" for k in keys)
        values = (*(op.values[c] for c in columns), *(op.values[k] for k in keys))
        self.connection.execute(f"UPDATE {op.table} SET {names} WHERE {where}", values)  # noqa: S608


def drop_unused(connection: Connection, blobs: Blobs, names: Iterable[str]) -> None:
    """Drops those blobs that no message but erased ones refers to."""
    for name in names:
        used = connection.execute(
            "SELECT 1 FROM message WHERE (text = ? OR raw = ?) AND NOT erased UNION ALL SELECT 1 FROM version v "
            "JOIN message m ON m.id = v.message WHERE v.text = ? AND NOT m.erased LIMIT 1",
            (name, name, name),
        ).fetchone()
        if not used:
            blobs.drop(connection, name)


def _without(value: Any, marks: frozenset[str]) -> Any:
    """`value` with every text that holds one of `marks` emptied."""
    if isinstance(value, str):
        return GONE if any(mark in value.casefold() for mark in marks) else value
    if isinstance(value, list):
        return [_without(v, marks) for v in value]
    if isinstance(value, dict):
        return {k: _without(v, marks) for k, v in value.items()}
    return value


def compact(connection: Connection) -> None:
    """After an erase, outside a transaction: no byte of what was erased stays in the file, its WAL or the index."""
    connection.execute("INSERT INTO search (search) VALUES ('optimize')")
    connection.execute("VACUUM")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
