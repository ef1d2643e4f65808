"""Writes what the fold says, plus the three things only a database can say: a ticket's number (the next one), a
message's row id (its arrival in milliseconds, so that row order is time order) and the search index."""

from datetime import UTC, datetime
from typing import Any, TypeGuard

from agentdesk.core.events import Event
from agentdesk.core.fold import Insert, Op, Update, fold
from agentdesk.core.folding import letters
from agentdesk.core.instant import moment
from agentdesk.core.seal import ticket_name
from agentdesk.store.blobs import Blobs
from agentdesk.store.driver import Connection

_SHIFT = 20
ROWS_A_MOMENT = 1 << _SHIFT
"""How many messages can arrive within one millisecond."""


def first_row(received_at: str) -> int:
    """The least row id of a message that arrived at this moment."""
    return max(0, int(moment(received_at).timestamp() * 1000)) << _SHIFT


def arrived_at(row: int) -> datetime:
    """When the message of this row id arrived, to the second."""
    return datetime.fromtimestamp((row >> _SHIFT) // 1000, UTC)


class Rows:
    """The fold writer of one connection. `texts` spares reading back a text blob written a moment ago.

    `unindexed` are the search entries that `index` has yet to write, at the latest before the transaction ends.
    """

    def __init__(self, connection: Connection, blobs: Blobs) -> None:
        self.connection = connection
        self.blobs = blobs
        self.texts: dict[str, str] = {}
        self.unindexed: list[tuple[int, str | None, str, tuple[str | None, ...], str]] = []
        self._statements: dict[tuple[Any, ...], str] = {}

    def apply(self, event: Event) -> None:
        """Folds `event` into the rows, in the open transaction."""
        ops = list(fold(event))
        files = " ".join(op.values["name"] for op in ops if _names_a_file(op))
        for op in ops:
            if isinstance(op, Insert) and op.table == "message":
                self._message(op.values, files)
            else:
                self._write(op)
                if isinstance(op, Insert) and op.table == "version":
                    self.index()
                    reindex(self.connection, self.blobs, str(op.values["message"]))

    def _write(self, op: Op) -> None:
        if isinstance(op, Insert):
            values = op.values
            if op.table == "ticket":
                values = {**values, "token": ticket_name(values["id"])}
            self.connection.execute(self._insert(op.table, tuple(values), op.replace), tuple(values.values()))
        elif isinstance(op, Update):
            sql = self._sql("U", op.table, (tuple(op.values), tuple(op.key)))
            self.connection.execute(sql, (*op.values.values(), *op.key.values()))
        else:
            self.connection.execute(self._sql("D", op.table, (tuple(op.key),)), tuple(op.key.values()))

    def _message(self, message: dict[str, Any], files: str) -> None:
        values = {"n": self._row_id(message["received_at"]), **message}
        cursor = self.connection.execute(
            self._insert("message", tuple(values), replace=False), tuple(values.values())
        )
        if cursor.rowcount:
            self._index(values["n"], message, files)

    def _index(self, n: int, message: dict[str, Any], files: str) -> None:
        text = self.texts.get(message["text"])
        if text is None:
            text = self.blobs.text(self.connection, message["text"])
        people = (message["name"], message["address"])
        self.unindexed.append((n, message["subject"], text, people, files))

    def index(self) -> None:
        """Writes the search entries of what was folded: many at once and by row, since FTS5 writes a segment of its own
        for each savepoint that ends and each step back."""
        for entry in sorted(self.unindexed, key=lambda each: each[0]):
            _index(self.connection, *entry)
        self.unindexed.clear()

    def _row_id(self, received_at: str) -> int:
        base = first_row(received_at)
        last = self.connection.execute(
            "SELECT max(n) FROM message WHERE n BETWEEN ? AND ?", (base, base + ROWS_A_MOMENT - 1)
        ).fetchone()[0]
        return base if last is None else int(last) + 1

    def _insert(self, table: str, columns: tuple[str, ...], replace: bool) -> str:
        return self._sql("R" if replace else "I", table, (columns,))

    def _sql(self, verb: str, table: str, parts: tuple[tuple[str, ...], ...]) -> str:
        key = (verb, table, parts)
        known = self._statements.get(key)
        if known is None:
            known = self._statements[key] = _statement(verb, table, parts)
        return known


def _index(
    connection: Connection, n: int, subject: str | None, text: str, people: tuple[str | None, ...], files: str
) -> None:
    parts = (subject or "", text, " ".join(filter(None, people)), files)
    connection.execute(
        "INSERT INTO search (rowid, subject, body, people, files) VALUES (?, ?, ?, ?, ?)",
        (n, *map(letters, parts)),
    )


def reindex(connection: Connection, blobs: Blobs, message: str) -> None:
    """Writes the search entry of a message anew from what its rows say now; an erased one has none."""
    row = connection.execute(
        "SELECT n, subject, text, name, address, erased FROM message WHERE id = ?", (message,)
    ).fetchone()
    if row is None:
        return
    connection.execute("DELETE FROM search WHERE rowid = ?", (row[0],))
    if row[5]:
        return
    names = connection.execute("SELECT name FROM attachment WHERE message = ? ORDER BY position", (message,))
    files = " ".join(name for (name,) in names if name)
    later = connection.execute(
        "SELECT text FROM version WHERE message = ? AND text IS NOT NULL ORDER BY number", (message,)
    )
    texts = (blobs.text(connection, text) for text in (row[2], *(each for (each,) in later)))
    _index(connection, row[0], row[1], "\n".join(texts), (row[3], row[4]), files)


def _names_a_file(op: Op) -> TypeGuard[Insert]:
    return isinstance(op, Insert) and op.table == "attachment" and bool(op.values["name"])


def _statement(verb: str, table: str, parts: tuple[tuple[str, ...], ...]) -> str:
    """Table and column names are the fold's own words, or those of an event that another program wrote: plain names only."""
    odd = [name for part in parts for name in part if not (name.isascii() and name.isidentifier())]
    if odd:
        raise ValueError(f"not the name of a field: {odd[0]!r}")
    if verb in "IR":
        columns = parts[0]
        start = "INSERT OR REPLACE" if verb == "R" else "INSERT"
        end = "" if verb == "R" else " ON CONFLICT DO NOTHING"
        return f"{start} INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))}){end}"
    where = " AND ".join(f"{name} = ?" for name in parts[-1])
    if verb == "D":
        return f"DELETE FROM {table} WHERE {where}"  # noqa: S608
    return f"UPDATE {table} SET {', '.join(f'{name} = ?' for name in parts[0])} WHERE {where}"  # noqa: S608
