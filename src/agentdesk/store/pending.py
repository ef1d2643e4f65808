"""Rows that are written many at once, each kind with one statement.

Exists because a statement costs more than its row: of the time that storing a mail took, half went into the making of twenty
statements. Promises: what waits is written in the order in which it came, tickets before what lies in them and changes of
rows last; nobody may read what waits before `write`. Refuses: deletions, which cannot wait.
"""

from collections.abc import Iterable, Mapping, Sequence
from enum import IntEnum
from typing import Any

from agentdesk.store.driver import Connection, IntegrityError

Row = tuple[Any, ...]


class Turn(IntEnum):
    """When a kind of row is written, after the tickets: a change wants its row."""

    ROWS = 0
    MESSAGES = 1
    CHANGES = 2


class Pending:
    """What one transaction has yet to write."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rows: dict[tuple[Turn, str], list[Row]] = {}
        self._opened: dict[str, list[dict[str, Any]]] = {}
        self._arrived: dict[str, list[str]] = {}

    def add(self, sql: str, row: Row, turn: Turn = Turn.ROWS) -> None:
        """One row for `sql`; a statement has always the same turn."""
        waiting = self._rows.get((turn, sql))
        if waiting is None:
            self._rows[turn, sql] = [row]
        else:
            waiting.append(row)

    def add_all(self, sql: str, rows: Iterable[Row]) -> None:
        self._rows.setdefault((Turn.ROWS, sql), []).extend(rows)

    def add_ticket(self, sql: str, values: dict[str, Any]) -> None:
        """A ticket, known to be new; it is written with what arrives in it until then."""
        self._opened.setdefault(sql, []).append(values)

    def add_message(self, sql: str, row: Row, ticket: str, received_at: str) -> None:
        """A message of `ticket`, known to be new."""
        self.add(sql, row, Turn.MESSAGES)
        self._arrived.setdefault(ticket, []).append(received_at)

    def write(self) -> None:
        """From here on everything can be read. Raises IntegrityError where a message was there already."""
        if self._rows or self._opened:
            rows, self._rows = self._rows, {}
            opened, self._opened = self._opened, {}
            arrived, self._arrived = self._arrived, {}
            for sql, tickets in opened.items():
                open_tickets(self._connection, sql, [_counted(each, arrived) for each in tickets])
            for (turn, sql), waiting in sorted(rows.items(), key=lambda each: each[0][0]):
                written = self._connection.executemany(sql, waiting).rowcount
                if turn == Turn.MESSAGES and written != len(waiting):
                    raise IntegrityError("constraint failed: a message that was new is there already")
            count(self._connection, arrived)

    def drop(self) -> None:
        """None of it is wanted."""
        self._rows.clear()
        self._opened.clear()
        self._arrived.clear()


_NEWEST = "SELECT coalesce(max(number), 0) FROM ticket"
_TALLIED = (
    "INSERT INTO tally SELECT bucket, coalesce(assignee, ''), count(*) FROM ticket WHERE number > ? GROUP BY 1, 2 "
    "ON CONFLICT DO UPDATE SET n = n + excluded.n"
)
_COUNTED = "UPDATE ticket SET messages = messages + ? WHERE id = ?"
_LATEST = "UPDATE ticket SET last_message_at = ?1 WHERE id = ?2 AND last_message_at < ?1"


def open_tickets(connection: Connection, sql: str, rows: Sequence[Row]) -> None:
    """Writes new tickets, and tallies them by where they are in the queue."""
    (newest,) = connection.execute(_NEWEST).fetchone()
    connection.executemany(sql, rows)
    connection.execute(_TALLIED, (newest,))


def _counted(ticket: dict[str, Any], arrived: dict[str, list[str]]) -> Row:
    """The row of a new ticket with its messages, which need not be counted any more."""
    times = arrived.pop(ticket["id"], ())
    latest = max((ticket["last_message_at"], *times))
    return tuple({**ticket, "messages": len(times), "last_message_at": latest}.values())


def count(connection: Connection, arrived: Mapping[str, Sequence[str]]) -> None:
    """Each ticket counts its new messages by when they arrived. The latest is written where it is one: four indexes hold it."""
    connection.executemany(_COUNTED, [(len(times), ticket) for ticket, times in arrived.items()])
    connection.executemany(_LATEST, [(max(times), ticket) for ticket, times in arrived.items()])
