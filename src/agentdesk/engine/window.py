"""What the glass may ask: read models over one connection that cannot write.

A window sees the desk as it is when it asks; it belongs to one thread at a time. Everything here is a query of the store
with the desk's clock and agent filled in.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Self

from agentdesk.core import views
from agentdesk.core.text import safe_line
from agentdesk.engine import cause
from agentdesk.engine.reader import Reader
from agentdesk.errors import NotFoundError
from agentdesk.i18n import tr
from agentdesk.store import people, queries, queue, reading, ways

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from pathlib import Path
    from types import TracebackType

    from agentdesk.core.quarantine import QuarantineRow
    from agentdesk.engine import seek

CALLED = 5
"""People of a name that are named where an id or identity is wanted."""
RULED = 20
"""Doings of rules that are shown of a ticket."""


class Window(Reader):
    """Use it in a `with` block, or close it."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def queue(
        self,
        view: str,
        *,
        after: queue.Key | None = None,
        limit: int = 50,
        agent: str | None = None,
        only: queue.Only | None = None,
        sort: str = "",
    ) -> list[views.QueueRow]:
        """A page of a view; `only` is what a search says of tickets (`search(text).only()`)."""
        return queue.queue(
            self._connection,
            view,
            self._desk.now(),
            agent or self._desk.agent,
            after=after,
            limit=limit,
            only=only,
            sort=sort,
        )

    def search(self, text: str, names: seek.Names | None = None, *, prefix_last: bool = False) -> seek.Search:
        """What `text` finds, messages or tickets; raises UsageError that names the nearest right word."""
        from agentdesk.engine import seek

        return seek.Search(
            self._desk, self._connection, text, names or seek.NO_NAMES, prefix_last=prefix_last
        )

    def now(self) -> datetime:
        return self._desk.now()

    def counts(self) -> views.Counts:
        return queries.counts(self._connection, self._desk.agent, self._desk.now())

    def ticket(self, number: int) -> views.TicketView:
        """The ticket of that number, or the one it went into; raises NotFoundError."""
        row = queries.ticket(self._connection, number, self._desk.now())
        if row is None:
            raise NotFoundError(what="ticket", name=f"#{number}")
        from agentdesk.engine import ruling

        whole = queries.with_rest(self._connection, row)
        connection, blobs = self._connection, self._desk.store.blobs
        return replace(
            whole,
            before=people.before(connection, blobs, row.id),
            offered=cause.offered(connection, blobs, whole.row),
            rules=tuple(ruling.done_in(connection, row.id, RULED)),
        )

    def whole(self, rows: Iterable[views.QueueRow]) -> list[views.TicketView]:
        return [queries.with_rest(self._connection, row) for row in rows]

    def messages(self, ticket: str, *, before: int | None = None, limit: int = 30) -> list[views.MessageView]:
        def mail_id(name: str) -> str:
            return self._desk.seal.mail_id(name)  # the seal is made for the first chat that is read

        return reading.messages(
            self._connection,
            self._desk.store.blobs,
            ticket,
            before=before,
            limit=limit,
            trusted=self._desk.trusted,
            mail_id=mail_id,
        )

    def raw(self, message: str) -> bytes | Path:
        """The exact bytes of a message, or the file that holds them; raises NotFoundError."""
        found = reading.raw_of(self._connection, message)
        if found is None:
            raise NotFoundError(what="message", name=message)
        raw = None if found[1] or not found[0] else self._desk.store.blobs.get(self._connection, found[0])
        if raw is None:
            raise NotFoundError(what="raw text of message", name=message)
        return raw

    def blob(self, name: str) -> bytes | Path | None:
        return self._desk.store.blobs.get(self._connection, name)

    def ticket_id(self, number: int) -> str:
        """The id of the ticket of that number itself; raises NotFoundError."""
        found = queries.id_of(self._connection, number)
        if found is None:
            raise NotFoundError(what="ticket", name=f"#{number}")
        return found

    def number(self, ticket: str | None) -> int | None:
        return queries.number_of(self._connection, ticket) if ticket else None

    def to_whom(self, ticket: str, by: views.Way | None = None) -> views.Recipients | None:
        """Who gets an answer to a ticket, and by which way; `by` is another one than the customer came (`reply.ways_to`). None where
        there is nothing to answer."""
        from agentdesk.core.letter import recipients
        from agentdesk.core.model import service_name
        from agentdesk.core.window import standing

        found = ways.to_answer(self._connection, self._desk.store.blobs, ticket, by)
        if found is None:
            return None
        to = tuple(each.email for each in recipients(found.original, self._desk.own))
        room, writer = found.original.room, found.original.name or found.original.address
        is_another = room is None and ways.is_another(self._connection, ticket, found.identity)
        return views.Recipients(
            to,
            found.original.address,
            found.original.elsewhere and bool(to),
            found.channel,
            found.account,
            found.identity,
            self.number(found.ticket),
            standing(found.channel, found.window_until, self._desk.now()),
            room.name or service_name(room.email) if room else "",
            writer if is_another else "",
            found.newcomer and bool(to),
        )

    def verdict(self, ticket: str) -> str | None:
        """What an agent said of the sender of a ticket."""
        return queries.verdict(self._connection, ticket)

    def outbox(self) -> list[views.OutboxRow]:
        return queries.outbox(self._connection)

    def quarantine(self, *, dismissed: bool = False) -> list[QuarantineRow]:
        """What could not be read; with `dismissed` also what nobody is told of any more."""
        return list(queries.quarantine(self._connection, dismissed=dismissed))

    def health(self) -> dict[str, views.AccountHealth]:
        return queries.health(self._connection)

    def customer(self, word: str, *, by_name: bool = False) -> str:
        """The customer of an id, an identity or a ticket (`#1042`); with `by_name`, to look only, also whom one field of the shop's or
        one name means. Raises NotFoundError, which names those who are called so."""
        found = queries.customer_by(self._connection, word)
        if found is None and by_name and len(known := people.known_as(self._connection, word)) == 1:
            return known[0]
        if found is None:
            called = people.called(self._connection, word, CALLED)
            theirs = ", ".join(f"{channel}:{address}" for channel, address, _ in called)
            hint = tr(" (called so: {identities})").format(identities=safe_line(theirs)) if theirs else ""
            raise NotFoundError(what="customer", name=f"{safe_line(word)}{hint}")
        return found

    def place(self, message: str) -> int | None:
        """The row of a message: what `messages(before=...)` takes."""
        return reading.row_of(self._connection, message)
