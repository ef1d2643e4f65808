"""What has arrived and is not yet read: the raw message, durable with its cursor before anything looks into it.

If the program dies while it reads a message, the message is still here at the next start, with one attempt more; after
three it goes to quarantine, and it never stops the next one.
"""

import json
from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from typing import Any

from agentdesk.core.instant import moment, stamp
from agentdesk.core.model import Place
from agentdesk.store.driver import Connection
from agentdesk.values import dataclass


@dataclass(frozen=True, slots=True)
class Arrived:
    """One row of the intake; `raw` is a content address."""

    place: Place
    raw: str
    size: int
    received_at: datetime
    fetched_at: datetime
    role: str
    flags: frozenset[str]
    before: bool
    waits: bool
    attempts: int = 0


class Intake:
    """The local tables `arrival`, `place`, `cursor` and `health` of one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, arrived: Iterable[Arrived]) -> None:
        """Known places stay as they are."""
        self._connection.executemany(
            "INSERT INTO arrival VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
            (
                (
                    *_key(a.place), a.raw, a.size, stamp(a.received_at), stamp(a.fetched_at), a.role,
                    _flags(a.flags), int(a.before), int(a.waits), a.attempts,
                )
                for a in arrived
            ),
        )  # fmt: skip

    def waiting(self, account: str | None = None, limit: int = 100) -> list[Arrived]:
        """The oldest unread ones, in the order in which they came in."""
        rows = self._connection.execute(
            "SELECT * FROM arrival WHERE ? IS NULL OR account = ? ORDER BY rowid LIMIT ?",
            (account, account, limit),
        ).fetchall()
        return [_arrived(row) for row in rows]

    def count(self) -> int:
        return int(self._connection.execute("SELECT count(*) FROM arrival").fetchone()[0])

    def attempt(self, places: Iterable[Place]) -> None:
        """Says, before reading them, that these are about to be read."""
        self._connection.executemany(
            "UPDATE arrival SET attempts = attempts + 1 WHERE account = ? AND folder = ? AND validity = ? AND uid = ?",
            (_key(p) for p in places),
        )

    def read(self, places: Iterable[Place]) -> None:
        """These were read: they arrive no more, they lie in a place."""
        self._connection.executemany(
            "DELETE FROM arrival WHERE account = ? AND folder = ? AND validity = ? AND uid = ?",
            (_key(place) for place in places),
        )

    def lies(self, arrived: Arrived, message: str | None) -> None:
        """Where on the server the message lies, None for one in quarantine."""
        self._connection.execute(*lies(arrived, message))

    def flag(self, place: Place, flags: frozenset[str]) -> None:
        self._connection.execute(
            "UPDATE place SET flags = ? WHERE account = ? AND folder = ? AND validity = ? AND uid = ?",
            (_flags(flags), *_key(place)),
        )

    def gone(self, place: Place) -> None:
        """It left this place on the server; the message itself stays."""
        self._connection.execute(
            "DELETE FROM place WHERE account = ? AND folder = ? AND validity = ? AND uid = ?", _key(place)
        )

    def moved(self, place: Place, now: Place | None) -> None:
        """We moved it ourselves, to `now` where the server said so."""
        if now is not None:
            self._connection.execute(
                "INSERT INTO place SELECT account, ?, ?, ?, message, raw, flags FROM place WHERE account = ? AND folder = ? "
                "AND validity = ? AND uid = ? ON CONFLICT DO NOTHING",
                (now.folder, now.validity, now.uid, *_key(place)),
            )
        self.gone(place)

    def message_at(self, place: Place) -> str | None:
        row = self._connection.execute(
            "SELECT message FROM place WHERE account = ? AND folder = ? AND validity = ? AND uid = ?",
            _key(place),
        ).fetchone()
        return row[0] if row else None

    def found(self, raw: str, message: str) -> None:
        """A quarantined raw message was read after all."""
        self._connection.execute("UPDATE place SET message = ? WHERE raw = ?", (message, raw))

    def set_cursor(self, account: str, cursor: str, at: datetime) -> None:
        self._connection.execute(
            "INSERT OR REPLACE INTO cursor VALUES (?, ?, ?)", (account, cursor, stamp(at))
        )

    def set_health(
        self, account: str, state: str, *, synced_at: datetime | None = None, error: str | None = None
    ) -> None:
        """`state`: never, live, polling, backoff, needs_login, stopped; a good pass clears the error."""
        self._connection.execute(
            "INSERT INTO health (account, state, synced_at, error) VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET "
            "state = excluded.state, error = excluded.error, synced_at = coalesce(excluded.synced_at, synced_at)",
            (account, state, stamp(synced_at) if synced_at else None, error),
        )

    def end_trouble(self, account: str, error: str) -> None:
        """What the health says is over, where it is `error`."""
        sql = "UPDATE health SET state = 'ok', error = NULL WHERE account = ? AND error = ?"
        self._connection.execute(sql, (account, error))

    def ask(self, account: str, at: datetime) -> None:
        """Asks the process that polls `account` for a pass."""
        self._connection.execute(
            "INSERT OR REPLACE INTO request VALUES (?, ?, NULL, NULL)", (account, stamp(at))
        )

    def asked(self, account: str) -> str | None:
        """When a pass was asked for that has not been done, or None."""
        sql = "SELECT at FROM request WHERE account = ? AND done IS NULL"
        row = self._connection.execute(sql, (account,)).fetchone()
        return row[0] if row else None

    def answer(self, account: str, asked: str, at: datetime, report: str) -> None:
        """A pass that began after `asked` is done; `report` (JSON) says what it did."""
        sql = "UPDATE request SET done = ?, report = ? WHERE account = ? AND at = ?"
        self._connection.execute(sql, (stamp(at), report, account, asked))

    def set_gap(self, account: str, gap: str) -> None:
        self._connection.execute(
            "INSERT INTO health (account, state, gap) VALUES (?, 'live', ?) ON CONFLICT DO UPDATE SET gap = excluded.gap",
            (account, gap),
        )

    def mend_gap(self, account: str, reason: str) -> None:
        """What was said last is no more, if that was its reason."""
        self._connection.execute(
            "UPDATE health SET gap = NULL WHERE account = ? AND instr(gap || char(10), ': ' || ? || char(10))",
            (account, reason),
        )


def lies(arrived: Arrived, message: str | None) -> tuple[str, tuple[Any, ...]]:
    """The statement and the row that say where a message lies."""
    sql = (
        "INSERT INTO place VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET message = excluded.message, "
        "raw = excluded.raw, flags = excluded.flags"
    )
    return sql, (*_key(arrived.place), message, arrived.raw, _flags(arrived.flags))


@lru_cache(maxsize=256)
def _flags(flags: frozenset[str]) -> str:
    """As the tables have them; most messages have the same few."""
    return json.dumps(sorted(flags))


def _key(place: Place) -> tuple[str, str, int, int]:
    return place.account, place.folder, place.validity, place.uid


def _arrived(row: tuple[object, ...]) -> Arrived:
    (
        account,
        folder,
        validity,
        uid,
        raw,
        size,
        received_at,
        fetched_at,
        role,
        flags,
        before,
        waits,
        attempts,
    ) = row
    return Arrived(
        place=Place(str(account), str(folder), int(str(validity)), int(str(uid))),
        raw=str(raw),
        size=int(str(size)),
        received_at=moment(str(received_at)),
        fetched_at=moment(str(fetched_at)),
        role=str(role),
        flags=frozenset(json.loads(str(flags))),
        before=bool(before),
        waits=bool(waits),
        attempts=int(str(attempts)),
    )
