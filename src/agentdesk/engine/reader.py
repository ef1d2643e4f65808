"""Reading: a connection that cannot write, of one's own or shared by those who read on one thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from agentdesk.engine.desk import Desk
    from agentdesk.store.driver import Connection


class Reader:
    """Reads a desk. A `connection` that is given stays open: whoever opened it closes it."""

    def __init__(self, desk: Desk, connection: Connection | None = None) -> None:
        self._desk = desk
        self._shared = connection is not None
        self._connection = connection or desk.reader()

    def close(self) -> None:
        if not self._shared:
            self._connection.close()
