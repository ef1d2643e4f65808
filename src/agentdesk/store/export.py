"""Everything that a desk holds, as one moment saw it, one thing after another.

Promises: whatever is asked for sees the same moment, while others read and write on; no answer grows with the desk. Refuses:
writing, and deciding which form a reader gets it in (`engine.export`). What was erased before that moment is in no answer.
"""

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from agentdesk.core.instant import plain
from agentdesk.core.quarantine import QuarantineRow
from agentdesk.core.views import MessageView
from agentdesk.store import log, queries, reading

if TYPE_CHECKING:
    from types import TracebackType

    from agentdesk.store import Store

_TICKETS = """
    SELECT t.number, t.id, t.subject, t.status, t.channel, t.account, t.customer, i.name, i.channel, i.address, t.assignee,
    t.priority, t.kind, t.language, t.unread, t.history, t.since_before, t.machine, t.created_at, t.last_message_at,
    t.waiting_since, t.next_due_at, t.snoozed_until, t.resolved_at, t.window_until, t.incident, t.playbook, t.messages, t.erased, r.number
    FROM ticket t JOIN ticket r ON r.id = t.root LEFT JOIN identity i ON i.id = t.identity ORDER BY t.number"""
_LINKED = "SELECT o.number FROM link l JOIN ticket o ON o.id = l.other WHERE l.ticket = ? ORDER BY 1"
_COUNTS = {
    "customers": "customer",
    "tickets": "ticket",
    "messages": "message WHERE direction <> 'note'",
    "notes": "message WHERE direction = 'note'",
    "quarantined": "quarantine",
    "events": "event",
}


class Snapshot:
    """One moment; use it in a `with` block. The store goes on, and what is read stays."""

    def __init__(self, store: "Store") -> None:
        self._store = store
        self._connection = store.reader()
        self._connection.execute("BEGIN")
        self.head = log.head(self._connection)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: "TracebackType | None"
    ) -> None:
        self._connection.close()

    def is_stale(self) -> bool:
        """Whether somebody was forgotten since: what was read of them has to go."""
        with closing(self._store.reader()) as connection:
            later = "SELECT 1 FROM event WHERE seq > ? AND type = 'Erased'"
            return connection.execute(later, (self.head,)).fetchone() is not None

    def counts(self) -> dict[str, int]:
        """How many there are of each kind."""
        one = self._connection.execute
        return {
            name: int(one(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608
            for name, table in _COUNTS.items()
        }

    def unread(self) -> int:
        """Messages that have arrived and are in no ticket yet."""
        return queries.intake_size(self._connection)

    def accounts(self) -> list[str]:
        """The ids of all accounts that something came to or went from; phone calls have none."""
        sql = (
            "SELECT account FROM message WHERE raw IS NOT NULL UNION SELECT account FROM quarantine "
            "UNION SELECT id FROM account ORDER BY 1"
        )
        return [row[0] for row in self._connection.execute(sql)]

    def customers(self) -> Iterator[dict[str, Any]]:
        rows = self._connection.execute(
            "SELECT id, root, language, erased, speaks, form, muted_at, no_surveys_at FROM customer ORDER BY id"
        )
        for id_, root, language, erased, speaks, form, muted_at, no_surveys_at in rows:
            people = self._connection.execute(
                "SELECT channel || ':' || address, name, failing, verdict FROM identity WHERE customer = ? AND address <> '' "
                "ORDER BY channel, address",
                (id_,),
            ).fetchall()
            entries = self._connection.execute(
                "SELECT field, value, author, at FROM profile WHERE customer = ? AND NOT hidden AND value IS NOT NULL ORDER BY at, id",
                (id_,),
            ).fetchall()
            yield {
                "id": id_,
                "name": next((name for _, name, _, _ in people if name), None),
                "identities": [identity for identity, *_ in people],
                "failing": [identity for identity, _, code, _ in people if code],
                "verdicts": [{"identity": who, "verdict": verdict} for who, *_, verdict in people if verdict],
                "language": language,
                "speaks": speaks,
                "form": form,
                "muted_at": plain(muted_at),
                "no_surveys_at": plain(no_surveys_at),
                "profile": [
                    {"field": field, "value": value, "author": author, "at": plain(at)} for field, value, author, at in entries
                ],
                "merged_into": None if root == id_ else root,
                "erased": bool(erased),
            }  # fmt: skip

    def tickets(self) -> Iterator[dict[str, Any]]:
        """By number, also those that were merged into another."""
        for row in self._connection.execute(_TICKETS):
            (number, id_, subject, status, channel, account, customer, name, medium, address, assignee, priority, kind,
             language, unread, history, since_before, machine, created, last, waiting, due, snoozed, resolved, window, incident, playbook, messages,
             erased, root) = row  # fmt: skip
            yield {
                "number": number,
                "id": id_,
                "subject": subject,
                "status": status,
                "channel": channel,
                "account": account,
                "customer": {"id": customer, "name": name, "identity": address and _identity(medium, address)},
                "assignee": assignee,
                "priority": priority,
                "tags": self._column("SELECT tag FROM tag WHERE ticket = ? ORDER BY tag", id_),
                "kind": kind,
                "incident": incident,
                "playbook": playbook,
                "language": language,
                "unread": bool(unread),
                "history": bool(history),
                "since_before": bool(since_before),
                "machine": bool(machine),
                "created_at": plain(created),
                "last_message_at": plain(last),
                "waiting_since": plain(waiting),
                "next_due_at": plain(due),
                "snoozed_until": plain(snoozed),
                "resolved_at": plain(resolved),
                "window_until": plain(window),
                "clocks": list(map(json.loads, self._column(
                    "SELECT data FROM clock WHERE ticket = ? ORDER BY metric, tier", id_
                ))),
                "messages": messages,
                "linked": self._column(_LINKED, id_),
                "merged_into": None if root == number else root,
                "erased": bool(erased),
            }  # fmt: skip

    def messages(self) -> Iterator[tuple[int, MessageView]]:
        """Each with the number of the ticket that shows it, ticket by ticket and there the oldest first."""
        shown = self._connection.execute("SELECT number, id FROM ticket WHERE root = id ORDER BY number")
        for number, ticket in shown:
            for message in reading.all_of(self._connection, self._store.blobs, ticket):
                yield number, message

    def quarantined(self) -> Iterator[QuarantineRow]:
        return queries.quarantine(self._connection, dismissed=True)

    def events(self) -> Iterator[dict[str, Any]]:
        return log.records(self._connection, self.head)

    def raw(self, name: str | None) -> bytes | Path | None:
        """The exact bytes of a message, the file that holds them, or None where there are none (any more)."""
        return self._store.blobs.get(self._connection, name) if name else None

    def _column(self, sql: str, value: str) -> list[Any]:
        return [row[0] for row in self._connection.execute(sql, (value,))]


def _identity(channel: str, address: str) -> str:
    return f"{channel}:{address}"
