"""The append-only log: every change is a row here first, in the transaction that also folds it."""

import json
from collections.abc import Iterator
from typing import Any, Literal

from agentdesk.core.events import Event, decode, encode
from agentdesk.store.driver import Connection, IntegrityError

_COLUMNS = "id, guard, ticket, actor, device, type, v, data, personal, grp, parent, at"


def append(connection: Connection, event: Event) -> Literal["ok", "dup", "taken"]:
    """Adds `event` in the open transaction: `dup` where its id is there already, `taken` where its guard is."""
    values = (
        event.id,
        event.guard,
        event.ticket,
        event.actor,
        event.device,
        event.type,
        event.v,
        _json(encode(event)),
        None if event.personal is None else _json(event.personal),
        event.group,
        event.parent,
        event.at,
    )
    try:
        cursor = connection.execute(
            f"INSERT INTO event ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
            values,
        )
    except IntegrityError:
        known = connection.execute("SELECT 1 FROM event WHERE id = ?", (event.id,)).fetchone()
        return "dup" if known else "taken"
    connection.executemany(
        "INSERT INTO event_ticket VALUES (?, ?) ON CONFLICT DO NOTHING",
        [(ticket, cursor.lastrowid) for ticket in event.tickets],
    )
    return "ok"


def read(connection: Connection, after: int = 0, limit: int = -1) -> Iterator[tuple[int, Event]]:
    """Events after sequence number `after`, in order."""
    rows = connection.execute(
        f"SELECT seq, {_COLUMNS} FROM event WHERE seq > ? ORDER BY seq LIMIT ?",  # noqa: S608
        (after, limit),
    )
    for row in rows:
        yield row[0], _event(row[1:])


def one(connection: Connection, event: str) -> Event | None:
    row = connection.execute(f"SELECT {_COLUMNS} FROM event WHERE id = ?", (event,)).fetchone()  # noqa: S608
    return _with_tickets(connection, _event(row)) if row else None


def last_of(connection: Connection, actor: str, types: tuple[str, ...]) -> Event | None:
    """The newest event of `actor` among `types` that was not taken back."""
    marks = ", ".join("?" * len(types))
    row = connection.execute(
        f"SELECT {_COLUMNS} FROM event INDEXED BY event_actor WHERE actor = ? AND type IN ({marks}) "  # noqa: S608
        "AND NOT EXISTS (SELECT 1 FROM taken_back WHERE event = event.id) ORDER BY seq DESC LIMIT 1",
        (actor, *types),
    ).fetchone()
    return _with_tickets(connection, _event(row)) if row else None


def _with_tickets(connection: Connection, event: Event) -> Event:
    from dataclasses import replace

    rows = connection.execute(
        "SELECT ticket FROM event_ticket WHERE seq = (SELECT seq FROM event WHERE id = ?) ORDER BY ticket",
        (event.id,),
    )
    return replace(event, tickets=tuple(row[0] for row in rows))


def _event(row: tuple[Any, ...]) -> Event:
    id_, guard, ticket, actor, device, type_, version, data, personal, group, parent, at = row
    content = json.loads(data)
    return Event(
        id=id_,
        type=type_,
        at=at,
        actor=actor,
        device=device,
        changes=decode(content),
        ticket=ticket,
        personal=None if personal is None else json.loads(personal),
        guard=guard,
        group=group,
        parent=parent,
        v=version,
        extra=content.get("extra"),
    )


def _plain(value: Any) -> Any:
    raise TypeError(f"not for the log: {type(value).__name__}")


_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_plain).encode
