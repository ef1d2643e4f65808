"""The append-only log: every change is a row here first, in the transaction that also folds it."""

import json
from collections.abc import Generator, Iterator, Mapping
from typing import Any, Literal

from agentdesk.core.codec import decode, encode
from agentdesk.core.events import Event
from agentdesk.store.driver import Connection, IntegrityError
from agentdesk.store.pending import Pending

_COLUMNS = "id, guard, ticket, actor, device, type, v, data, personal, grp, parent, at"
AT_ONCE = 5_000
"""Events whose tickets are looked up together."""
_MAYBE = (str, type(None))
_RECORD: dict[str, Any] = {
    "seq": int, "id": str, "type": str, "v": int, "at": str, "actor": str, "device": str, "ticket": _MAYBE,
    "tickets": list, "guard": _MAYBE, "group": _MAYBE, "parent": _MAYBE, "data": dict, "personal": (dict, type(None)),
}  # fmt: skip


_APPEND = f"INSERT INTO event ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608
_APPEND_AT = f"INSERT INTO event (seq, {_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608
_TOUCHES = "INSERT INTO event_ticket VALUES (?, ?) ON CONFLICT DO NOTHING"


def append(connection: Connection, event: Event) -> Literal["ok", "dup", "taken"]:
    """Adds `event` in the open transaction: `dup` where its id is there already, `taken` where its guard is."""
    try:
        cursor = connection.execute(_APPEND, _row(event))
    except IntegrityError:
        known = connection.execute("SELECT 1 FROM event WHERE id = ?", (event.id,)).fetchone()
        return "dup" if known else "taken"
    connection.executemany(_TOUCHES, [(ticket, cursor.lastrowid) for ticket in event.tickets])
    return "ok"


def has(connection: Connection, guard: str) -> bool:
    """Whether the log has an event of that guard."""
    return connection.execute("SELECT 1 FROM event WHERE guard = ?", (guard,)).fetchone() is not None


def append_later(pending: Pending, event: Event, seq: int) -> None:
    """The same for an event that is known to be new and to be the next, whose rows may wait."""
    pending.add(_APPEND_AT, (seq, *_row(event)))
    pending.add_all(_TOUCHES, [(ticket, seq) for ticket in event.tickets])


def head(connection: Connection) -> int:
    """The number of the last event, 0 where there is none."""
    return int(connection.execute("SELECT coalesce(max(seq), 0) FROM event").fetchone()[0])


def _row(event: Event) -> tuple[Any, ...]:
    return (
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


def read(connection: Connection, after: int = 0, limit: int = -1) -> Generator[tuple[int, Event], None, None]:
    """Events after sequence number `after`, in order."""
    rows = connection.execute(
        f"SELECT seq, {_COLUMNS} FROM event WHERE seq > ? ORDER BY seq LIMIT ?",  # noqa: S608
        (after, limit),
    )
    for row in rows:
        yield row[0], _event(row[1:])


def records(connection: Connection, upto: int) -> Iterator[dict[str, Any]]:
    """Every event up to sequence number `upto` as it lies here, in order: what the log of another desk takes over."""
    for first in range(1, upto + 1, AT_ONCE):
        span = (first, min(first + AT_ONCE - 1, upto))
        tickets: dict[int, list[str]] = {}
        for ticket, seq in connection.execute(
            "SELECT ticket, seq FROM event_ticket WHERE seq BETWEEN ? AND ?", span
        ):
            tickets.setdefault(seq, []).append(ticket)
        sql = f"SELECT seq, {_COLUMNS} FROM event WHERE seq BETWEEN ? AND ? ORDER BY seq"  # noqa: S608
        for row in connection.execute(sql, span):
            seq, id_, guard, ticket, actor, device, type_, version, data, personal, group, parent, at = row
            yield {
                "seq": seq, "id": id_, "type": type_, "v": version, "at": at, "actor": actor, "device": device,
                "ticket": ticket, "tickets": tickets.get(seq, []), "guard": guard, "group": group, "parent": parent,
                "data": json.loads(data), "personal": None if personal is None else json.loads(personal),
            }  # fmt: skip


def take_over(connection: Connection, record: Mapping[str, Any]) -> Event:
    """Adds what `records` gave elsewhere, as it is, with its place in the log; raises ValueError for anything else."""
    odd = [name for name, kinds in _RECORD.items() if not isinstance(record.get(name), kinds)]
    if odd or not all(isinstance(each, str) for each in record["tickets"]):
        raise ValueError(f"not an event: {', '.join(odd) or 'tickets'}")
    personal = record["personal"]
    values = (
        record["id"], record["guard"], record["ticket"], record["actor"], record["device"], record["type"],
        record["v"], _json(record["data"]), None if personal is None else _json(personal), record["group"],
        record["parent"], record["at"],
    )  # fmt: skip
    try:
        connection.execute(
            f"INSERT INTO event (seq, {_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
            (record["seq"], *values),
        )
    except IntegrityError as error:
        raise ValueError("the event is there twice") from error
    connection.executemany(
        "INSERT INTO event_ticket VALUES (?, ?) ON CONFLICT DO NOTHING",
        [(ticket, record["seq"]) for ticket in record["tickets"]],
    )
    return _event(values)


def one(connection: Connection, event: str) -> Event | None:
    row = connection.execute(f"SELECT {_COLUMNS} FROM event WHERE id = ?", (event,)).fetchone()  # noqa: S608
    return _with_tickets(connection, _event(row)) if row else None


def last_of(connection: Connection, actor: str, types: tuple[str, ...], before: str = "") -> Event | None:
    """The newest event of `actor` among `types` that was not taken back, of those before the event `before` where one is named."""
    marks = ", ".join("?" * len(types))
    row = connection.execute(
        f"SELECT {_COLUMNS} FROM event INDEXED BY event_actor WHERE actor = ? AND type IN ({marks}) "  # noqa: S608
        "AND (? = '' OR seq < (SELECT seq FROM event WHERE id = ?)) "
        "AND NOT EXISTS (SELECT 1 FROM taken_back WHERE event = event.id) ORDER BY seq DESC LIMIT 1",
        (actor, *types, before, before),
    ).fetchone()
    return _with_tickets(connection, _event(row)) if row else None


def not_taken_back(connection: Connection, actor: str, group: str) -> tuple[str, ...]:
    """The events of one act of `actor` on many tickets that were not taken back, the newest first."""
    rows = connection.execute(
        "SELECT id FROM event INDEXED BY event_group WHERE grp = ? AND actor = ? "
        "AND NOT EXISTS (SELECT 1 FROM taken_back WHERE event = event.id) ORDER BY seq DESC",
        (group, actor),
    )
    return tuple(row[0] for row in rows)


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


_json = json.JSONEncoder(
    check_circular=False, ensure_ascii=False, separators=(",", ":"), default=_plain
).encode
