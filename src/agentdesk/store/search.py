"""Finds messages and tickets: a query of `core.query` as SQL over the full-text index and the rows.

Promises: newest first by row id, which is time order, without sorting or ranking the hits; within a day what was typed comes
before what `store.widening` added, by walking the index twice and joining the two pages; every text of a user is a
parameter; hidden and erased messages are never found, everything else is. A message is asked for as what it is in the
ticket that it now belongs to (the one that others were merged into). Refuses: FTS5's own snippets, which a contentless index
cannot give, and ORDER BY rank, which costs 650 times as much. Nothing is kept between two calls.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from typing import Any

from agentdesk.core import folding
from agentdesk.core.instant import moment, stamp
from agentdesk.core.model import audience
from agentdesk.core.query import And, Field, Node, Not, Or, Query, Word, about_tickets
from agentdesk.core.segment import Segment
from agentdesk.core.views import Found
from agentdesk.core.widening import exactly, loosely
from agentdesk.store import segment
from agentdesk.store.blobs import Blobs
from agentdesk.store.draft import TYPED
from agentdesk.store.driver import Connection, OperationalError
from agentdesk.store.rows import arrived_at, first_row

FEW = 1000
"""Up to so many tickets are named to the database; beyond, messages are walked newest first."""
_LAST = (1 << 63) - 1
_COLUMNS = {"from": "people : ", "subject": "subject : ", "file": "files : "}
_SHOWN = "NOT m.hidden AND NOT m.erased"
_INDEXED = "IN (SELECT rowid FROM search WHERE search MATCH"
_AMONG = "IN (SELECT value FROM json_each"
_HOME = "CROSS JOIN ticket o ON o.id = m.ticket"
_IS = {
    "unread": "{root}.unread",
    "overdue": "{root}.next_due_at < :q_now",
    "mine": "{root}.assignee = :q_agent",
    "unassigned": "{root}.assignee IS NULL",
    "snoozed": "{root}.status = 'snoozed'",
    "draft": f"EXISTS (SELECT 1 FROM draft d WHERE d.ticket = {{root}}.id AND d.{TYPED})",  # noqa: S608 - a text of ours
    "muted": "{root}.muted",
}
_BREACHED = """({root}.next_due_at < :q_now OR EXISTS (SELECT 1 FROM clock c WHERE c.ticket = {root}.id AND c.tier = 'standard'
 AND (c.data ->> 'state' = 'met_late' OR c.data ->> 'state' IN ('running', 'paused')
 AND c.data ->> 'due_at' < coalesce(c.data ->> 'paused_at', :q_now))))"""


@dataclass(frozen=True, slots=True)
class Context:
    """Who asks, and when."""

    now: datetime
    agent: str
    zone: tzinfo = UTC
    """Says when a day begins."""
    segments: tuple[Segment, ...] = ()


def messages(
    connection: Connection,
    blobs: Blobs,
    query: Query,
    context: Context,
    *,
    limit: int = 50,
    before: int | None = None,
) -> list[Found]:
    """The newest `limit` messages that `query` finds, after the one with the key `before` (the last one seen).

    Of the messages of a day those come first that a wide query finds as it was typed.
    """
    columns = "m.n, r.number, m.id, m.received_at, m.text, coalesce(m.subject, ''), m.folds, m.direction"
    rows = []
    for loose, sql, values in _walks(connection, query, context, before):
        found = connection.execute(sql.format(columns=columns), {**values, "limit": limit})
        rows += [(_day(row[0], context), not loose, row) for row in found]
    rows.sort(key=lambda each: (*each[:2], each[2][0]), reverse=True)
    pattern = folding.finder(query.terms())
    return [
        _found(connection, blobs, row, row[0] << 1 | (not exact), pattern) for _, exact, row in rows[:limit]
    ]


def beyond(connection: Connection, query: Query, context: Context, before: int, cap: int = 1000) -> int:
    """How many more hits there are after the one with the key `before`, counted to `cap`."""
    count = 0
    for _, sql, values in _walks(connection, query, context, before):
        counted = f"SELECT count(*) FROM ({sql.format(columns='1')})"  # noqa: S608
        count += int(connection.execute(counted, {**values, "limit": cap}).fetchone()[0])
    return min(count, cap)


def finds(connection: Connection, query: Query, context: Context) -> bool:
    """Whether there is any hit."""
    sql, values = _selection(connection, query, context, None)
    return connection.execute(sql.format(columns="1"), {**values, "limit": 1}).fetchone() is not None


def _walks(
    connection: Connection, query: Query, context: Context, before: int | None
) -> Iterator[tuple[bool, str, dict[str, Any]]]:
    """(only widely found, SQL, values) of the hits as they were typed, and of the others, each newest first.

    Each begins where it stood when the hit of the key `before` was shown: what was typed is a day's first.
    """
    exact, loose = Query(exactly(query.node)), loosely(query)
    ends: tuple[int | None, int | None] = (None, None)
    if before is not None:
        row, was_loose = before >> 1, before & 1
        today = datetime.combine(_day(row, context), time(), context.zone)
        ends = (_row(today), row) if was_loose else (row, _row(today + timedelta(days=1)))
    yield False, *_selection(connection, exact, context, ends[0])
    if loose is not None:
        yield True, *_selection(connection, loose, context, ends[1])


def _day(row: int, context: Context) -> date:
    return arrived_at(row).astimezone(context.zone).date()


def _row(at: datetime) -> int:
    return min(first_row(stamp(at)), _LAST)


def tickets(connection: Connection, query: Query, context: Context) -> tuple[str, dict[str, Any]]:
    """A condition on the ticket `t`, with its values: it has a message that `query` finds.

    What can be said of a ticket without its messages is asked of the ticket alone.
    """
    sql = _Sql(connection, context, "t")
    alone = [part for part in query.needs if about_tickets(part)]
    conditions = ["NOT t.erased", *map(sql.condition, alone)]
    if rest := [part for part in query.needs if not about_tickets(part)]:
        match, others = _split(rest)
        if match is not None:
            sql.row = "search.rowid"
            sql.root = "r"
            asked = sql.all(others)
            home = f"{_HOME} CROSS JOIN ticket r ON r.id = o.root" if others else _HOME
            conditions.append(
                f"t.id IN (SELECT o.root FROM search CROSS JOIN message m ON m.n = search.rowid {home} "  # noqa: S608
                f"WHERE search MATCH {sql.put(match)} AND {_SHOWN}{asked})"
            )
        else:
            conditions.append(
                "EXISTS (SELECT 1 FROM ticket o CROSS JOIN message m ON m.ticket = o.id "  # noqa: S608
                f"WHERE o.root = t.id AND {_SHOWN}{sql.all(others)})"
            )
    return " AND ".join(conditions), sql.values


def _selection(
    connection: Connection, query: Query, context: Context, before: int | None
) -> tuple[str, dict[str, Any]]:
    """The hits, newest first: along the index where it can say anything, else along the messages."""
    match, others = _split(query.needs)
    sql = _Sql(connection, context, "r")
    if match is not None:
        sql.row = "search.rowid"
        source = "search CROSS JOIN message m ON m.n = search.rowid"
        where = f"search MATCH {sql.put(match)} AND "
    else:
        few = _few(connection, query, context)
        source = "message m NOT INDEXED" if few is None else "message m INDEXED BY message_ticket"
        where = "" if few is None else f"m.ticket {_AMONG}({sql.put(few)})) AND "
    where += _SHOWN + sql.all(others)
    if before is not None:
        where += f" AND {sql.row} < {sql.put(before)}"
    text = (
        f"SELECT {{columns}} FROM {source} {_HOME} CROSS JOIN ticket r ON r.id = o.root "  # noqa: S608
        f"WHERE {where} ORDER BY {sql.row} DESC LIMIT :limit"
    )
    return text, sql.values


def _few(connection: Connection, query: Query, context: Context) -> list[str] | None:
    """The tickets that can have a hit, with those merged into them, where the query says so and they are few."""
    alone = [part for part in query.needs if about_tickets(part)]
    if not alone:
        return None
    sql = _Sql(connection, context, "t")
    where = f"t.root = t.id{sql.all(alone)}"
    rows = connection.execute(
        f"SELECT t.id FROM ticket t WHERE {where} LIMIT {FEW + 1}",  # noqa: S608
        sql.values,
    ).fetchall()
    if len(rows) > FEW:
        return None
    roots = json.dumps([row[0] for row in rows])
    family = connection.execute(f"SELECT id FROM ticket WHERE root {_AMONG}(?))", (roots,))  # noqa: S608
    return [row[0] for row in family]


class _Sql:
    """Parts of a query as conditions on the message `m` and the ticket `root`; `values` fill them."""

    def __init__(self, connection: Connection, context: Context, root: str) -> None:
        self.connection = connection
        self.root = root
        self.segments = context.segments
        self.row = "m.n"
        self.values: dict[str, Any] = {"q_now": stamp(context.now), "q_agent": context.agent}

    def put(self, value: Any) -> str:
        """A parameter of its own for `value`; a list is read with json_each."""
        name = f"q{len(self.values)}"
        self.values[name] = json.dumps(value) if isinstance(value, list) else value
        return f":{name}"

    def all(self, parts: Iterable[Node]) -> str:
        return "".join(f" AND {self.condition(part)}" for part in parts)

    def condition(self, node: Node) -> str:
        """True, false or null (which counts as false) for each row."""
        if (match := _match(node)) is not None:
            return f"{self.row} {_INDEXED} {self.put(match)})"
        if isinstance(node, Not):
            return f"NOT coalesce({self.condition(node.part)}, 0)"
        if isinstance(node, And | Or):
            word = " AND " if isinstance(node, And) else " OR "
            return f"({word.join(map(self.condition, node.parts))})"
        assert isinstance(node, Field), "words are matched by the index"
        return self._field(node)

    def _field(self, field: Field) -> str:
        root, value = self.root, field.value
        match field.op:
            case "channel" | "account" | "status":
                return f"{root}.{field.op} = {self.put(value)}"
            case "lang":
                return f"{root}.language = {self.put(value)}"
            case "is":
                return _IS[value].format(root=root)
            case "sla":
                return _BREACHED.format(root=root)
            case "number":
                return f"{root}.id = (SELECT root FROM ticket WHERE number = {self.put(int(value))})"  # noqa: S608
            case "customer":
                return f"{root}.customer {_AMONG}({self.put(_customers(self.connection, value))}))"
            case "assignee" | "kind" | "tag" | "cause":
                return self._named(field.op, value)
            case "segment":
                meant = next(each for each in self.segments if each.name == value)
                customer = f"(SELECT k.root FROM customer k WHERE k.id = {root}.customer)"  # noqa: S608
                return segment.condition(meant, customer, self.put)
            case "before" | "after":
                row = _row(moment(value))
                return f"{self.row} {'<' if field.op == 'before' else '>='} {self.put(row)}"
            case "has":
                return "EXISTS (SELECT 1 FROM attachment a WHERE a.message = m.id)"
            case "to":
                _teach(self.connection)
                return f"addressed(m.headers, {self.put(value)}, {self.put(int(field.prefix))})"
        raise AssertionError(field.op)

    def _named(self, op: str, value: str) -> str:
        """Names that people gave, compared as people write them."""
        wanted = folding.folded(value)
        known = [name for name in _names(self.connection, op) if folding.folded(name) == wanted]
        if op == "tag":
            return f"{self.root}.id IN (SELECT ticket FROM tag WHERE tag {_AMONG}({self.put(known)})))"  # noqa: S608
        return f"{self.root}.{op} {_AMONG}({self.put(known)}))"


def assignees(connection: Connection) -> tuple[str, ...]:
    """Everybody who ever had a ticket, by name."""
    return tuple(sorted(_names(connection, "assignee")))


def accounts(connection: Connection) -> tuple[str, ...]:
    """The ids of all accounts that were ever here."""
    return tuple(row[0] for row in connection.execute("SELECT id FROM account ORDER BY id"))


def _names(connection: Connection, op: str) -> Iterator[str]:
    if op == "assignee":
        yield from (row[0] for row in connection.execute("SELECT DISTINCT assignee FROM tally") if row[0])
    elif op in {"kind", "cause"}:
        sql = f"SELECT DISTINCT {op} FROM ticket WHERE {op} IS NOT NULL"  # noqa: S608
        yield from (row[0] for row in connection.execute(sql))
    else:  # a step along the index for each tag rather than for each ticket that has one
        tag = ""
        while row := connection.execute("SELECT min(tag) FROM tag WHERE tag > ?", (tag,)).fetchone():
            if row[0] is None:
                return
            tag = row[0]
            yield tag


def _customers(connection: Connection, value: str) -> list[str]:
    """The customers of an id or identity, else those with `value` in a name; merges followed."""
    channel, _, address = value.partition(":")
    exact = connection.execute(
        "SELECT root FROM customer WHERE id = ? UNION SELECT c.root FROM identity i JOIN customer c ON c.id = i.customer "
        "WHERE i.address IN (?, ?) OR (i.channel = ? AND i.address IN (?, ?))",
        (value, value, value.lower(), channel.lower(), address, address.lower()),
    )
    roots = {row[0] for row in exact}
    if not roots:
        wanted = folding.folded(value)
        sql = (
            "SELECT c.root, i.name FROM identity i JOIN customer c ON c.id = i.customer WHERE i.name <> '' UNION ALL SELECT c.root, "
            "p.value FROM profile p JOIN customer c ON c.id = p.customer WHERE p.field = 'name' AND NOT p.hidden AND p.value <> ''"
        )
        roots = {root for root, name in connection.execute(sql) if wanted in folding.folded(name)}
    rows = connection.execute(
        f"SELECT id FROM customer WHERE root {_AMONG}(?))",  # noqa: S608
        (json.dumps(sorted(roots)),),
    )
    return [row[0] for row in rows]


def _split(parts: Iterable[Node]) -> tuple[str | None, list[Node]]:
    """What one question to the index answers (None where it needs a positive word), and the other parts."""
    parts = tuple(parts)
    ours = [part for part in parts if _match(part.part if isinstance(part, Not) else part) is not None]
    match = _match(And(tuple(ours)))
    return match, list(parts) if match is None else [part for part in parts if part not in ours]


def _match(node: Node) -> str | None:
    """`node` in the language of FTS5, every text quoted; None where the index alone cannot answer it."""
    if isinstance(node, Not):
        return None
    if isinstance(node, Field):
        return None if node.op not in _COLUMNS else _COLUMNS[node.op] + _quoted(node.value, node.prefix)
    if isinstance(node, Or):
        found = [_match(part) for part in node.parts]
        return None if None in found else f"({' OR '.join(filter(None, found))})"
    if isinstance(node, And):
        wanted = [_match(part) for part in node.parts if not isinstance(part, Not)]
        refused = [_match(part.part) for part in node.parts if isinstance(part, Not)]
        if not wanted or None in wanted or None in refused:
            return None
        text = f"({' AND '.join(filter(None, wanted))})"
        return f"({text} NOT ({' OR '.join(filter(None, refused))}))" if refused else text
    others = node.others if isinstance(node, Word) else ()
    ways = [_quoted(node.text, node.prefix), *(_quoted(other, prefix=False) for other in others)]
    return f"({' OR '.join(ways)})" if others else ways[0]


def _quoted(text: str, prefix: bool) -> str:
    """`text` as one phrase of FTS5, which takes it apart into words as it did the messages."""
    inside = folding.letters(text).replace("\0", " ").replace('"', '""')
    return f'"{inside}" *' if prefix else f'"{inside}"'


def _teach(connection: Connection) -> None:
    """`addressed` for SQL, once for each connection."""
    try:
        connection.execute("SELECT addressed(NULL, '', 0)")
    except OperationalError:
        connection.create_function("addressed", 3, _addressed, deterministic=True)


def _addressed(headers: str | None, words: str, prefix: int) -> int:
    """Whether a message's headers name `words` among those it was sent to."""
    pattern, first = _wanted(words, bool(prefix))
    if not headers or pattern is None or first not in folding.folded(headers):
        return 0
    known = json.loads(headers)
    people = [f"{name} {address}" for key in ("to", "cc") for name, address in known.get(key, ())]
    people += known.get("delivered_to", ())
    return int(any(pattern.search(folding.folded(each)) for each in people))


@lru_cache(maxsize=16)
def _wanted(words: str, prefix: bool) -> tuple[re.Pattern[str] | None, str]:
    return folding.finder([[(words, prefix)]]), next(iter(folding.tokens(words)), "")


def _found(
    connection: Connection, blobs: Blobs, row: Any, key: int, pattern: re.Pattern[str] | None
) -> Found:
    _, number, message, at, text, subject, folds, direction = row
    body = blobs.text(connection, text)
    shown = None
    if pattern is not None:
        shown = folding.snippet(body, pattern, json.loads(folds) if folds else ())
        shown = shown or next(
            (s for each in _elsewhere(connection, message, subject) if (s := folding.snippet(each, pattern))),
            None,
        )
    shown = shown or folding.first_line(body) or folding.first_line(subject)
    spans = folding.spans(shown, pattern) if pattern is not None else ()
    return Found(number, message, at, shown, spans, key, audience(direction))


def _elsewhere(connection: Connection, message: str, subject: str) -> Iterator[str]:
    yield subject
    sql = "SELECT name FROM attachment WHERE message = ? AND name <> '' ORDER BY position"
    yield from (row[0] for row in connection.execute(sql, (message,)))
