"""Writes what the fold says, plus the three things only a database can say: a ticket's number (the next one), a
message's row id (its arrival in milliseconds, so that row order is time order) and the search index."""

import json
from datetime import UTC, datetime
from operator import itemgetter
from typing import Any, TypeGuard

from agentdesk.core.events import Event
from agentdesk.core.fold import fold
from agentdesk.core.folding import letters
from agentdesk.core.instant import moment
from agentdesk.core.rowchange import Insert, Op, Update
from agentdesk.core.seal import ticket_name
from agentdesk.store.blobs import Blobs
from agentdesk.store.driver import Connection
from agentdesk.store.pending import Pending, Turn, count, open_tickets

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

    `unindexed` are the search entries that `index` has yet to write, at the latest before the transaction ends. With
    `pending`, rows of messages known to be new wait there.
    """

    def __init__(self, connection: Connection, blobs: Blobs) -> None:
        self.connection = connection
        self.blobs = blobs
        self.texts: dict[str, str] = {}
        self.unindexed: list[tuple[str, str, str, str, str]] = []
        self.pending: Pending | None = None
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
        if isinstance(op, Insert) and op.table == "ticket":
            self._ticket({**op.values, "token": ticket_name(op.values["id"]), "messages": 0})
        elif isinstance(op, Insert):
            sql = self._insert(op.table, tuple(op.values), op.replace)
            self._put(sql, tuple(op.values.values()), Turn.ROWS)
        elif isinstance(op, Update):
            sql = self._sql("U", op.table, (tuple(op.values), tuple(op.key)))
            self._put(sql, (*op.values.values(), *op.key.values()), Turn.CHANGES)
        else:
            if self.pending is not None:
                self.pending.write()
            self.connection.execute(self._sql("D", op.table, (tuple(op.key),)), tuple(op.key.values()))

    def _put(self, sql: str, row: tuple[Any, ...], turn: Turn) -> None:
        if self.pending is None:
            self.connection.execute(sql, row)
        else:
            self.pending.add(sql, row, turn)

    def _ticket(self, ticket: dict[str, Any]) -> None:
        sql = self._insert("ticket", tuple(ticket), replace=False)
        if self.pending is None:
            open_tickets(self.connection, sql, [tuple(ticket.values())])
        else:
            self.pending.add_ticket(sql, ticket)

    def _message(self, message: dict[str, Any], files: str) -> None:
        columns = ", ".join(message)
        key = ("message", columns)
        sql = self._statements.get(key) or self._statements.setdefault(
            key, _message_statement(tuple(message))
        )
        first = first_row(message["received_at"])
        row = (first, first + ROWS_A_MOMENT - 1, first, *message.values())
        ticket, received_at = message["ticket"], message["received_at"]
        if self.pending is not None:
            self.pending.add_message(sql, row, ticket, received_at)
        elif self.connection.execute(sql, row).rowcount:
            count(self.connection, {ticket: [received_at]})
        else:
            return
        text = self.texts.get(message["text"])
        if text is None:
            text = self.blobs.text(self.connection, message["text"])
        people = " ".join(filter(None, (message["name"], message["address"])))
        self.unindexed.append((message["id"], message["subject"] or "", text, people, files))

    def index(self) -> None:
        """Writes the search entries of what was folded: many at once and by row, since FTS5 writes a segment of its own
        for each savepoint that ends and each step back."""
        if not self.unindexed:
            return
        wanted = json.dumps([message for message, *_ in self.unindexed])
        found = self.connection.execute(
            "SELECT id, n FROM message WHERE id IN (SELECT value FROM json_each(?))", (wanted,)
        )
        row_ids = dict(found.fetchall())
        entries = [(row_ids[message], *map(letters, parts)) for message, *parts in self.unindexed]
        self.connection.executemany(_INDEX, sorted(entries, key=itemgetter(0)))
        self.unindexed.clear()

    def _insert(self, table: str, columns: tuple[str, ...], replace: bool) -> str:
        return self._sql("R" if replace else "I", table, (columns,))

    def _sql(self, verb: str, table: str, parts: tuple[tuple[str, ...], ...]) -> str:
        key = (verb, table, parts)
        known = self._statements.get(key)
        if known is None:
            known = self._statements[key] = _statement(verb, table, parts)
        return known


_INDEX = "INSERT INTO search (rowid, subject, body, people, files) VALUES (?, ?, ?, ?, ?)"


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
    people = " ".join(filter(None, row[3:5]))
    connection.execute(_INDEX, (row[0], *map(letters, (row[1] or "", "\n".join(texts), people, files))))


def _names_a_file(op: Op) -> TypeGuard[Insert]:
    return isinstance(op, Insert) and op.table == "attachment" and bool(op.values["name"])


def _message_statement(columns: tuple[str, ...]) -> str:
    """The first three values say which row ids a message of its moment can have: it gets the next one that is free."""
    return (
        f"INSERT INTO message (n, {', '.join(columns)}) VALUES "  # noqa: S608
        f"(coalesce((SELECT max(n) + 1 FROM message WHERE n BETWEEN ? AND ?), ?), {', '.join('?' * len(columns))}) "
        "ON CONFLICT DO NOTHING"
    )


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
