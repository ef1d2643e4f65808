"""An open transaction: everything that writing needs, loaded with the first of them and not before the first paint."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Literal

from agentdesk.core.events import Erased, Event, TicketSet
from agentdesk.core.names import Names
from agentdesk.store import driver, log, lookup, wish
from agentdesk.store.ahead import Ahead
from agentdesk.store.blobs import Blob, Blobs, put
from agentdesk.store.erasure import Erasure, drop_unused
from agentdesk.store.intake import Arrived, Intake, lies
from agentdesk.store.pending import Pending
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
        self._pending = Pending(connection)
        self._ahead: Ahead | None = None
        self._seq: int | None = None
        self._is_saved = False
        self.is_torn = False
        self.has_dropped = False
        """Whether something was dropped that nobody may find in the store's files any more."""

    def append(self, event: Event) -> Literal["ok", "dup", "taken"]:
        """The event into the log and, if it is new, its fold into the rows."""
        if self._ahead is not None and self._ahead.found.can_wait(event):
            self._seq = (log.head(self.connection) if self._seq is None else self._seq) + 1
            log.append_later(self._pending, event, self._seq)
            self.rows.apply(event)
            self._ahead.found.happened(event)
            return "ok"
        self.settle()
        answer = log.append(self.connection, event)
        if answer == "ok":
            self._at_once(event)
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

    def _at_once(self, event: Event) -> None:
        waiting, self.rows.pending = self.rows.pending, None
        erasures = [
            Erasure(self.connection, self.blobs, each) for each in event.changes if isinstance(each, Erased)
        ]
        self.rows.apply(event)
        self.rows.pending = waiting
        for erasure in erasures:
            self.rows.index()
            erasure.run()
        for change in event.changes:
            if isinstance(change, TicketSet) and change.field == "customer":
                lookup.forget(self.connection, change.ticket)
        if self._ahead is not None:
            self._ahead.found.happened(event)

    def remember(self, texts: Mapping[str, str]) -> None:
        """What text blobs of this transaction say, by their names: where many are written at once, those that wait cannot be read
        back for the search index."""
        self.rows.texts.update(texts)

    def add_text(self, text: Blob) -> None:
        """A text blob; one that is there already stays."""
        if self._ahead is None or text.is_large:
            self.blobs.put(self.connection, (text,))
        else:
            self._pending.add(*put(text))

    def lies(self, arrived: Arrived, message: str | None) -> None:
        """Where on the server the message lies, None for one in quarantine."""
        if self._ahead is None:
            self.intake.lies(arrived, message)
        else:
            self._pending.add(*lies(arrived, message))
            self._ahead.found.lies(arrived.raw, message)

    def settle(self) -> None:
        """Writes what waits: from here on the tables can be read."""
        if self._ahead is not None and not self._is_saved:
            self.connection.execute("SAVEPOINT one")
            self._is_saved = True
        self._pending.write()
        self._seq = None

    def forget_again(self, message: str | None, blobs: tuple[str, ...]) -> None:
        """A message that was erased came once more, or one that was forgotten before it was here (no `message`): what it
        brought goes again, and where it was to be deleted on the server, it is once more."""
        self.settle()
        row = self.connection.execute("SELECT erased FROM message WHERE id = ?", (message,)).fetchone()
        if not message or (row and row[0]):
            drop_unused(self.connection, self.blobs, blobs)
            self.has_dropped = True
        if message and row and row[0]:
            wish.lies_again(self.connection, message)

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

    @contextmanager
    def together(self, names: Iterable[Names]) -> Iterator[None]:
        """Inside, messages of these `names` are looked up at once and their rows written at once, at the end.

        Mostly nothing is written before that, so that a step back needs no savepoint: in one SQLite keeps a copy of every
        page, a quarter of what storing takes. Where what was decided cannot be written, `is_torn` says that some of it is.
        """
        indexed = len(self.rows.unindexed)
        before, self._ahead = self.state, Ahead(self.connection, self.settle, tuple(names))
        self.state, self.rows.pending = self._ahead, self._pending
        try:
            yield
            self.is_torn = True
            self._pending.write()
            self.is_torn = False
        except BaseException:
            self._pending.drop()
            del self.rows.unindexed[indexed:]
            if self._is_saved and self.connection.in_transaction:
                self.connection.execute("ROLLBACK TO one")
            raise
        finally:
            if self._is_saved and self.connection.in_transaction:
                self.connection.execute("RELEASE one")
            self.state, self._ahead, self.rows.pending, self._is_saved = before, None, None, False
            self._seq = None
