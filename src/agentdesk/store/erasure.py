"""Forgetting a person: the one change that the log allows.

Empties the `personal` column of every event of the person's tickets and messages, cuts their addresses and names out of the
personal column of events that merely mention them, writes the rows anew from what is left, and drops the blobs
that nobody else refers to and the search entries. `STEPS` afterwards leave no byte in the files. What becomes of each
table is said in `TREATED`, and a test fails for a table that is not in it. Mails that others wrote stay as they wrote them.
"""

import json
from collections.abc import Iterable
from typing import Any

from agentdesk.core.commands import EraseAgain
from agentdesk.core.events import EntryAdded, Erased
from agentdesk.core.fold import fold
from agentdesk.core.rowchange import KEYS, PERSONAL, Delete, Insert, Update
from agentdesk.core.traces import Traces
from agentdesk.store import amendment, log
from agentdesk.store.blobs import Blobs
from agentdesk.store.driver import Connection
from agentdesk.store.rows import reindex

TREATED = {
    "event": "`personal` is emptied, or the person is cut out of it",
    "customer message ticket profile pledge": "marked as erased or emptied; what is personal in a row goes with its event",
    "identity": "goes",
    "alias attachment reaction": "what is personal in a row is emptied with its event",
    "blob": "goes, unless somebody else's message has the very same content",
    "search": "the entries of their messages go",
    "version": "its texts are blobs, and go as such",
    "amendment circular_letter draft outbox quick_value rule_failure": "what is of their tickets and messages goes",
    "lookup request": "what the shop or a server said goes whole",
    "arrival quarantine": "a mail that nobody could read goes where it names an address of theirs",
    "forgotten unwanted": "hashes, written by an erase",
    "account cause circular clock cursor early event_ticket firing health link participant party place quick_use reckoned reference "
    "rule_deed rule_place rule_wait rule_watch step survey tag taken_back tally wish": "ids, hashes, times, places and the shop's own words: nothing of a person",
    "_sqlite_migrations sqlite_sequence": "of this program and of SQLite",
}
"""Every table, and what an erase does with it."""
STEPS = ("INSERT INTO search (search) VALUES ('optimize')", "VACUUM")
"""What leaves no byte of what was erased in the file and in the index, outside a transaction."""


class Erasure:
    """What one `Erased` change says, in its own transaction: made before the change is folded into the rows, run after that."""

    def __init__(self, connection: Connection, blobs: Blobs, change: Erased) -> None:
        self.connection = connection
        self.blobs = blobs
        self.change = change
        self._marks = self._words()

    def run(self) -> None:
        blobs = self._blobs()
        events = self._events(self.change.tickets) | self._events(self._tickets_shared()) | self._entries()
        for seq in sorted(events):
            self._scrub(seq)
        for message in self.change.messages:
            reindex(self.connection, self.blobs, message)
            self.connection.execute("DELETE FROM outbox WHERE message = ?", (message,))
            amendment.forget(self.connection, message)
        for ticket in self.change.tickets:
            for table in ("draft", "quick_value", "circular_letter", "rule_failure"):
                self.connection.execute(f"DELETE FROM {table} WHERE ticket = ?", (ticket,))  # noqa: S608
        self._drafts()
        # All of it: somebody else may have asked about an order of theirs, and the shop says it again when it is asked.
        self.connection.execute("DELETE FROM lookup")
        self.connection.execute("UPDATE request SET report = NULL")
        for raw in self.change.names:
            self.connection.execute("DELETE FROM arrival WHERE raw = ?", (raw,))
        drop_unused(self.connection, self.blobs, blobs | set(self.change.names))

    def _words(self) -> Traces:
        rows = self._in("SELECT address, name FROM identity WHERE id IN ({})", self.change.identities)
        return Traces(word for row in rows for word in row if word)

    def _drafts(self) -> None:
        """What is being written elsewhere, to them or of them."""
        for *key, text in self.connection.execute("SELECT ticket, agent, kind, text FROM draft").fetchall():
            if self._marks.are_in(f"{key[-1]} {text}"):
                self.connection.execute(
                    "DELETE FROM draft WHERE ticket = ? AND agent = ? AND kind = ?", tuple(key)
                )

    def _blobs(self) -> set[str]:
        rows = self._in("SELECT text, raw FROM message WHERE id IN ({})", self.change.messages)
        more = self._in("SELECT raw, raw FROM place WHERE message IN ({})", self.change.messages)
        texts = self._in("SELECT text FROM version WHERE message IN ({})", self.change.messages)
        return {name for row in (*rows, *more, *texts) for name in row if name}

    def _tickets_shared(self) -> tuple[str, ...]:
        rows = self._in("SELECT ticket FROM participant WHERE identity IN ({})", self.change.identities)
        rows += self._in("SELECT ticket FROM party WHERE identity IN ({})", self.change.identities)
        return tuple(dict.fromkeys(row[0] for row in rows))

    def _events(self, tickets: tuple[str, ...]) -> set[int]:
        return {row[0] for row in self._in("SELECT seq FROM event_ticket WHERE ticket IN ({})", tickets)}

    def _entries(self) -> set[int]:
        """The events by which something was written down of them."""
        sql = "SELECT e.seq FROM profile p JOIN event e ON e.id = substr(p.id, 1, instr(p.id, '/') - 1) WHERE p.customer IN ({})"
        return {row[0] for row in self._in(sql, self.change.customers)}

    def _in(self, sql: str, values: tuple[str, ...]) -> list[Any]:
        found: list[Any] = []
        for start in range(0, len(values), 500):
            some = values[start : start + 500]
            found += self.connection.execute(sql.format(", ".join("?" * len(some))), some).fetchall()
        return found

    def _scrub(self, seq: int) -> None:
        event = next(log.read(self.connection, seq - 1, 1))[1]
        if event.personal is None:
            return
        theirs = event.ticket in self.change.tickets or any(
            getattr(c, "message", None) in self.change.messages
            or (isinstance(c, EntryAdded) and c.customer in self.change.customers)
            for c in event.changes
        )
        self._rewrite(seq, None if theirs else self._marks.without(event.personal))

    def _rewrite(self, seq: int, personal: Any) -> None:
        text = None if personal is None else json.dumps(personal, ensure_ascii=False, separators=(",", ":"))
        self.connection.execute("UPDATE event SET personal = ? WHERE seq = ?", (text, seq))
        event = next(log.read(self.connection, seq - 1, 1))[1]
        for op in fold(event):
            columns = () if isinstance(op, Delete) else _personal(op)
            if not isinstance(op, Delete) and columns:
                self._empty(op, columns)
                if op.table == "message":
                    reindex(self.connection, self.blobs, op.values["id"])

    def _empty(self, op: Insert | Update, columns: tuple[str, ...]) -> None:
        known = op.values if isinstance(op, Insert) else {**op.key, **op.values}
        keys = KEYS.get(op.table, ("id",))
        names = ", ".join(f"{c} = ?" for c in columns)
        where = " AND ".join(f"{k} = ?" for k in keys)
        values = (*(known[c] for c in columns), *(known[k] for k in keys))
        self.connection.execute(f"UPDATE {op.table} SET {names} WHERE {where}", values)  # noqa: S608


def _personal(op: Insert | Update) -> tuple[str, ...]:
    """The personal columns that a row change writes."""
    return tuple(each for each in PERSONAL.get(op.table, ()) if each in op.values)


def done(connection: Connection) -> list[EraseAgain]:
    """Every erase of this store, as another one can do it again: with the names of what was written here, by which the
    provider's copies of that are known."""
    found = []
    for seq in connection.execute("SELECT seq FROM event WHERE type = 'Erased' ORDER BY seq").fetchall():
        event = next(log.read(connection, seq[0] - 1, 1))[1]
        for change in event.changes:
            if isinstance(change, Erased):
                ours = connection.execute(
                    "SELECT DISTINCT mail_id FROM message WHERE id IN (SELECT value FROM json_each(?)) "
                    "AND state IS NOT NULL AND mail_id IS NOT NULL",
                    (json.dumps(change.messages),),
                )
                names = dict.fromkeys((*change.names, *(row[0] for row in ours)))
                found.append(EraseAgain(event.id, change.customers, change.messages, tuple(names)))
    return found


def unread_of(connection: Connection, blobs: Blobs, addresses: Iterable[str]) -> tuple[str, ...]:
    """Raw mails that are in no ticket, in quarantine or not yet read, in which one of these addresses stands."""
    wanted = [each.encode() for each in addresses]
    found = []
    for (raw,) in connection.execute("SELECT raw FROM quarantine UNION SELECT raw FROM arrival").fetchall():
        content = blobs.get(connection, raw)
        data = content if isinstance(content, bytes) else content.read_bytes() if content else b""
        if any(each in data.lower() for each in wanted):
            found.append(raw)
    return tuple(found)


def drop_unused(connection: Connection, blobs: Blobs, names: Iterable[str]) -> None:
    """Drops those blobs that no message but erased ones refers to."""
    for name in names:
        used = connection.execute(
            "SELECT 1 FROM message WHERE (text = ? OR raw = ?) AND NOT erased UNION ALL SELECT 1 FROM version v "
            "JOIN message m ON m.id = v.message WHERE v.text = ? AND NOT m.erased LIMIT 1",
            (name, name, name),
        ).fetchone()
        if not used:
            blobs.drop(connection, name)
