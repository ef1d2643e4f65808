"""Rows that are written many at once, each kind with one statement.

Exists because a statement costs more than its row: of the time that storing a mail took, half went into the making of twenty
statements. Promises: what waits is written in the order in which it came, tickets before what lies in them and changes of
rows last; nobody may read what waits before `write`. Refuses: deletions, which cannot wait.
"""

from collections.abc import Iterable
from enum import IntEnum
from typing import Any

from agentdesk.store.driver import Connection

Row = tuple[Any, ...]


class Turn(IntEnum):
    """When a kind of row is written: a message's trigger wants the message's ticket, a change wants its row."""

    TICKETS = 0
    ROWS = 1
    CHANGES = 2


class Pending:
    """What one transaction has yet to write."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rows: dict[tuple[Turn, str], list[Row]] = {}

    def add(self, sql: str, row: Row, turn: Turn = Turn.ROWS) -> None:
        """One row for `sql`; a statement has always the same turn."""
        waiting = self._rows.get((turn, sql))
        if waiting is None:
            self._rows[turn, sql] = [row]
        else:
            waiting.append(row)

    def add_all(self, sql: str, rows: Iterable[Row]) -> None:
        self._rows.setdefault((Turn.ROWS, sql), []).extend(rows)

    def write(self) -> None:
        """From here on everything can be read."""
        if self._rows:
            rows, self._rows = self._rows, {}
            for (_, sql), waiting in sorted(rows.items(), key=lambda each: each[0][0]):
                self._connection.executemany(sql, waiting)

    def drop(self) -> None:
        """None of it is wanted."""
        self._rows.clear()
