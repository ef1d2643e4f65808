"""An open transaction: everything that writing needs, loaded with the first of them and not before the first paint."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Literal

from agentdesk.core.events import Erased, Event
from agentdesk.store import driver, log
from agentdesk.store.blobs import Blobs
from agentdesk.store.erasure import drop_unused, erase
from agentdesk.store.intake import Intake
from agentdesk.store.rows import Rows
from agentdesk.store.state import StoreState


class Writer:
    """What `decide` sees, and the one way to add what it says."""

    def __init__(self, connection: driver.Connection, blobs: Blobs, rows: Rows) -> None:
        self.connection = connection
        self.blobs = blobs
        self.rows = rows
        self.state = StoreState(connection)
        self.intake = Intake(connection)

    def append(self, event: Event) -> Literal["ok", "dup", "taken"]:
        """The event into the log and, if it is new, its fold into the rows."""
        answer = log.append(self.connection, event)
        if answer == "ok":
            self.rows.apply(event)
            if any(isinstance(change, Erased) for change in event.changes):
                self.rows.index()
                erase(self.connection, self.blobs, event)
        return answer

    def take_over(self, record: Mapping[str, Any]) -> None:
        """An event of another desk's log, as it is there, and its fold; raises ValueError for what is none.

        What it says was erased is erased there already: nothing is looked for here.
        """
        try:
            self.rows.apply(log.take_over(self.connection, record))
        except (KeyError, TypeError, AttributeError, OverflowError, RecursionError) as error:
            raise ValueError(f"not an event: {type(error).__name__}") from error
        except driver.Error as error:
            if not driver.is_refused(error):
                raise
            raise ValueError(str(error)) from error

    def forget_again(self, message: str | None, blobs: tuple[str, ...]) -> None:
        """A message that was erased came once more: what it brought goes again."""
        row = self.connection.execute("SELECT erased FROM message WHERE id = ?", (message,)).fetchone()
        if row and row[0]:
            drop_unused(self.connection, self.blobs, blobs)

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """What is inside happens whole or not at all, without ending the transaction."""
        self.connection.execute("SAVEPOINT one")
        indexed = len(self.rows.unindexed)
        try:
            yield
        except BaseException:
            del self.rows.unindexed[indexed:]
            self.connection.execute("ROLLBACK TO one")
            self.connection.execute("RELEASE one")
            raise
        self.connection.execute("RELEASE one")
