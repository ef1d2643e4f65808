"""Whether anything was committed since it was asked last, by any process: what lets those who work in the background rest.

Promises: asking opens nothing but the first time, and reads no row. Refuses: saying what was committed (`feed` does that).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentdesk.store import queries

if TYPE_CHECKING:
    from agentdesk.engine.desk import Desk
    from agentdesk.store.driver import Connection


class Stir:
    """To be asked before one looks, so that what is committed meanwhile is seen next; by one thread at a time."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._connection: Connection | None = None
        self._version: int | None = None

    def moved(self) -> bool:
        """The first time always."""
        if self._connection is None:
            self._connection = self._desk.reader()
        before, self._version = self._version, queries.data_version(self._connection)
        return before != self._version

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
