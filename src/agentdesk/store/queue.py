"""The pages of the queue, band by band over index ranges, by key: (band, key, number) of a row already seen.

Nothing here counts, sorts or scans more than a page, forwards or backwards; the order is `core.order`'s. One band is put in order
when it is read: fresh chats, which are those whose customer wrote in the last half hour, by who waits longest. A range of one
time in the order of another is no stretch of any index; this way what is sorted is as many chats as customers write in in half an
hour, however long the queue and the history are, where an index by the waiting time would be read over every chat that waits.
"""

from dataclasses import replace
from datetime import datetime
from typing import Any

from agentdesk.core.instant import stamp
from agentdesk.core.model import ROOM
from agentdesk.core.order import FRESH, Band
from agentdesk.core.order import place as place_of
from agentdesk.core.views import QueueRow, sorts
from agentdesk.store.draft import DRAFTED_BY
from agentdesk.store.driver import Connection
from agentdesk.store.due import OWN_SOON
from agentdesk.store.failure import STUCK_AS

HAS_JUNK = """EXISTS (SELECT 1 FROM ticket h JOIN message m INDEXED BY message_junk ON m.ticket = h.id
    WHERE h.root = t.id AND m.junk)"""
OWN_NAME = """(SELECT p.value FROM customer k JOIN profile p ON p.customer = k.root AND p.field = 'name' AND NOT p.hidden
    WHERE k.id = t.customer LIMIT 1)"""
"""What the shop itself calls a ticket's customer."""
_MERGED_NAME = """(SELECT name FROM (SELECT x.name AS name, min(x.channel || char(1) || coalesce(x.address, '')) FROM customer k
    JOIN customer c ON c.root = k.root JOIN identity x ON x.customer = c.id WHERE k.id = t.customer AND x.name <> ''
    AND EXISTS (SELECT 1 FROM customer o WHERE o.root = k.root AND o.id <> k.id)))"""
_ROOM_NAME = f"iif(i.address LIKE '{ROOM}%', i.name, NULL)"
NAME = f"{_ROOM_NAME}, {OWN_NAME}, {_MERGED_NAME}, i.name"
"""What a ticket's customer is called, the first that there is; a room has its own name, and whoever was merged that of their card."""
ROW = f"""t.id, t.number, coalesce(t.subject, ''), t.status, t.channel, t.account,
 coalesce((SELECT root FROM customer WHERE id = t.customer), t.customer), coalesce({NAME}, ''),
 coalesce(i.address, ''), t.assignee, t.priority, t.kind, t.language, t.unread, t.history, t.since_before, t.created_at,
 t.last_message_at, t.waiting_since, t.next_due_at, t.recover_at, t.snoozed_until, t.cause,
 (SELECT sum(messages) FROM ticket f WHERE f.root = t.id), t.erased, t.last_customer_at, t.is_chat, i.channel,
 t.bucket, {STUCK_AS}, t.window_until, {HAS_JUNK}, {DRAFTED_BY},
 t.owed_since, t.wrote_after, t.snooze_reason, t.snooze_quiet, t.snooze_cut,
 {OWN_SOON.format(ticket="t")}"""  # noqa: S608 - the only thing put in is a text of ours
FROM = "FROM ticket t {index} LEFT JOIN identity i ON i.id = t.identity"
_WAITS = "coalesce(t.waiting_since, t.created_at)"
_CHAT = "(t.is_chat = 1 AND t.last_customer_at IS NOT NULL AND t.last_customer_at > :fresh AND t.waiting_since IS NOT NULL)"
_CLOSING = (
    "(t.window_until IS NOT NULL AND t.window_until >= :now AND t.waiting_since IS NOT NULL "
    "AND (t.next_due_at IS NULL OR t.next_due_at < :now OR t.window_until < t.next_due_at))"
)
_ELSE = f"NOT {_CHAT} AND NOT {_CLOSING}"
_RANGES = (
    (0, "ticket_chat", "t.is_chat = 1 AND t.last_customer_at > :fresh AND t.waiting_since IS NOT NULL", "t.waiting_since"),
    (1, "ticket_due", f"t.next_due_at >= :now AND {_ELSE}", "t.next_due_at"),
    (1, "ticket_window", f"t.window_until >= :now AND {_CLOSING} AND NOT {_CHAT}", "t.window_until"),
    (2, "ticket_recover", f"t.recover_at >= :now AND t.next_due_at < :now AND {_ELSE}", "t.recover_at"),
    (3, "ticket_waiting", f"(t.next_due_at IS NULL OR t.recover_at < :now OR t.recover_at IS NULL AND t.next_due_at < :now) AND {_ELSE}", _WAITS),
)  # fmt: skip
"""An index range each: (band, index, what holds there, key). The second band is two ranges read side by side."""
_WORK = {
    "inbox": "",
    "mine": " AND t.assignee = :agent",
    "unassigned": " AND t.assignee IS NULL",
    "overdue": " AND t.next_due_at < :now",
}
BUCKETS = {
    "waiting": "waiting",
    "snoozed": "snoozed",
    "machine": "machine",
    "muted": "muted",
    "resolved": "resolved",
}

_FIRST_OWED = """t.owed_since IS NOT NULL AND NOT EXISTS (SELECT 1 FROM customer me JOIN customer c ON c.root = me.root
    JOIN ticket o INDEXED BY ticket_owed_customer ON o.customer = c.id WHERE me.id = t.customer AND o.owed_since IS NOT NULL
    AND (o.owed_since, o.number) < (t.owed_since, t.number))"""
"""Of each customer the ticket that is owed an answer longest."""
_AFTERWARDS = (
    "t.wrote_after IS NOT NULL AND t.root = t.id AND NOT t.erased AND t.status NOT IN ('new', 'open')"
)
SHORT = {
    "unanswered": (_FIRST_OWED, "t.owed_since", "ticket_owed"),
    "afterwards": (_AFTERWARDS, "t.wrote_after", "ticket_wrote"),
}
"""Views along an index of their own, which only what they show is in: (what holds, key, index)."""

Key = tuple[int, str, int]
Only = tuple[str, dict[str, Any]]
"""One more condition on the ticket `t`, and its values."""


def order_of(view: str, sort: str) -> str:
    """The order that a view is in."""
    return sort if sort in sorts(view) else sorts(view)[0]


def falls(view: str, sort: str) -> bool:
    """Whether keys get smaller down the view."""
    return order_of(view, sort) == "newest"


def queue(
    connection: Connection,
    view: str,
    now: datetime,
    agent: str,
    *,
    after: Key | None = None,
    limit: int = 50,
    only: Only | None = None,
    backwards: bool = False,
    sort: str = "",
) -> list[QueueRow]:
    """A page of a view, in the order of `sort` (one of `sorts(view)`, else the first of them); `after` is the `key` of the row
    before it, `only` what else must hold.

    `backwards` gives the page that ends right before `after` (None: at the end), in the queue's order too.
    """
    also, more = only or ("", {})
    values = {**more, "now": stamp(now), "fresh": stamp(now - FRESH), "agent": agent}
    extra = f" AND {also}" if also else ""
    if order_of(view, sort) == "order":
        found = _work(connection, _WORK[view] + extra, values, after, limit, now, backwards=backwards)
    else:
        found = _along(connection, view, sort, extra, values, after, limit, now, backwards=backwards)
    return found[::-1] if backwards else found


def _along(
    connection: Connection,
    view: str,
    sort: str,
    extra: str,
    values: dict[str, Any],
    after: Key | None,
    limit: int,
    now: datetime,
    *,
    backwards: bool,
) -> list[QueueRow]:
    """Along one index: what moved last first, or what waits longest."""
    where, falling = "t.bucket = :bucket" + _WORK.get(view, ""), falls(view, sort)
    key, index = ("t.last_message_at", "ticket_newest") if falling else (_WAITS, "ticket_waiting")
    if view in SHORT:
        where, key, index = SHORT[view]
    elif view == "all":
        where, index = "t.bucket <> 'merged'", "ticket_latest"
    than, way = (">", "ASC") if backwards == falling else ("<", "DESC")
    beyond = "" if after is None else f" AND ({key}, t.number) {than} (:key, :number)"
    rows = connection.execute(
        f"SELECT {ROW}, {key} {FROM.format(index='INDEXED BY ' + index)} WHERE {where}{extra}{beyond} "
        f"ORDER BY {key} {way}, t.number {way} LIMIT :limit",
        {**values, "bucket": BUCKETS.get(view, "inbox"), "limit": limit, **_keyed(after)},
    )
    return [drawn(row, now, 0, row[-1]) for row in rows]


def _work(
    connection: Connection,
    extra: str,
    values: dict[str, Any],
    after: Key | None,
    limit: int,
    now: datetime,
    *,
    backwards: bool,
) -> list[QueueRow]:
    """What needs a person: the four bands one after the other."""
    found: list[QueueRow] = []
    than, way = ("<", "DESC") if backwards else (">", "ASC")
    bands = range(len(Band))
    for band in reversed(bands) if backwards else bands:
        if after and (band > after[0] if backwards else band < after[0]):
            continue
        rows: list[Any] = []
        for _, index, where, key in (each for each in _RANGES if each[0] == band):
            beyond = f" AND ({key}, t.number) {than} (:key, :number)" if after and band == after[0] else ""
            sql = (
                f"SELECT {ROW}, {key} {FROM.format(index='INDEXED BY ' + index)} WHERE t.bucket = 'inbox' "
                f"AND {where}{extra}{beyond} ORDER BY {key} {way}, t.number {way} LIMIT :limit"
            )
            rows += connection.execute(sql, {**values, "limit": limit - len(found), **_keyed(after)})
        rows.sort(key=lambda row: (row[-1], row[1]), reverse=backwards)
        found += [drawn(row, now, band, row[-1]) for row in rows[: limit - len(found)]]
        if len(found) >= limit:
            break
    return found


def find(
    connection: Connection,
    view: str,
    now: datetime,
    agent: str,
    ticket: str,
    only: Only | None = None,
    sort: str = "",
) -> QueueRow | None:
    """The row of one ticket as the view shows it now; None where it does not."""
    also, more = only or ("", {})
    values = {**more, "now": stamp(now), "agent": agent, "one": ticket}
    shown = _WORK[view] + " AND t.bucket = 'inbox'" if view in _WORK else " AND t.bucket <> 'merged'"
    if view in BUCKETS:
        shown = " AND t.bucket = :bucket"
        values["bucket"] = BUCKETS[view]
    if view in SHORT:
        shown = f" AND {SHORT[view][0]}"
    key = SHORT[view][1] if view in SHORT else "t.last_message_at"
    row = connection.execute(
        f"SELECT {ROW}, {key} {FROM.format(index='')} WHERE t.id = :one{shown}{f' AND {also}' if also else ''}",
        values,
    ).fetchone()
    if row is None:
        return None
    found = drawn(row, now, 0, row[-1])
    if view in SHORT:
        return found
    order = order_of(view, sort)
    if order == "waiting":
        return replace(found, key=(0, row[18] or row[16], found.number))
    if order == "newest":
        return found
    band = list(Band).index(Band(found.band))
    soonest = row[30] if found.reason == "window" else row[19]
    place = (row[18] or row[16], soonest, row[20], row[18] or row[16])[band]
    return replace(found, key=(band, place, found.number))


def _keyed(after: Key | None) -> dict[str, Any]:
    return {} if after is None else {"key": after[1], "number": after[2]}


def drawn(row: Any, now: datetime, band: int, key: str) -> QueueRow:
    waits = row[28] == "inbox"
    at = place_of(
        is_chat=bool(row[26]),
        waiting_since=row[18],
        last_customer_at=row[25],
        next_due_at=row[19] if waits else None,
        recover_at=row[20],
        created_at=row[16],
        now=now,
        since_before=bool(row[15]),
        window_until=row[30],
    )
    values: list[Any] = [
        *row[:8],
        f"{row[27] or row[4]}:{row[8]}",
        *row[9:13],
        *(bool(value) for value in row[13:16]),
        *row[16:24],
        bool(row[24]),
        (at.band if waits else Band.REST).value,
        at.reason if waits else row[28],
        (band, key, row[1]),
        bool(row[29]),
        row[30],
        bool(row[31]),
        tuple(dict.fromkeys(row[32].split("\n"))) if row[32] else (),
        *row[33:36],
        bool(row[36]),
        row[37],
        row[25],
        row[38],
        row[29] == "unknown",
    ]
    return QueueRow(*values)
