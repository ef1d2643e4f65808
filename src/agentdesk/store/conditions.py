"""A query of `core.query` as conditions of SQL on a message and its ticket.

Promises: every text of a user is a parameter; what only the full-text index can answer is asked of it as one question where that is
possible. Refuses: choosing which messages or tickets are walked (`store.search` does).
"""

import json
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, tzinfo
from functools import lru_cache
from typing import Any

from agentdesk.core import folding
from agentdesk.core.instant import moment, stamp
from agentdesk.core.query import And, Field, Node, Not, Or, Word
from agentdesk.core.segment import Segment
from agentdesk.store import segment
from agentdesk.store.draft import TYPED
from agentdesk.store.driver import Connection, OperationalError
from agentdesk.store.rows import first_row
from agentdesk.values import dataclass

_LAST = (1 << 63) - 1
_COLUMNS = {"from": "people : ", "subject": "subject : ", "file": "files : "}
SHOWN = "NOT m.hidden AND NOT m.erased"
_INDEXED = "IN (SELECT rowid FROM search WHERE search MATCH"
AMONG = "IN (SELECT value FROM json_each"
HOME = "CROSS JOIN ticket o ON o.id = m.ticket"
_RATED = "SELECT 1 FROM survey v JOIN ticket w ON w.id = v.ticket WHERE w.root = {root}.id AND v.score"
_NO_OTHER = """NOT EXISTS (SELECT 1 FROM customer a JOIN customer b ON b.root = a.root JOIN ticket e ON e.customer = b.id
 WHERE a.id = {root}.customer AND e.root = e.id AND e.number {order} {root}.number)"""
_IS = {
    "unread": "{root}.unread",
    "overdue": "{root}.next_due_at < :q_now",
    "mine": "{root}.assignee = :q_agent",
    "unassigned": "{root}.assignee IS NULL",
    "snoozed": "{root}.status = 'snoozed'",
    "draft": f"{{root}}.id IN (SELECT f.root FROM draft d JOIN ticket f ON f.id = d.ticket WHERE d.{TYPED})",  # noqa: S608 - a text of ours
    "muted": "{root}.muted",
    "rated": f"EXISTS ({_RATED} IS NOT NULL)",
    "unhappy": f"EXISTS ({_RATED} <= 2)",
    "first": _NO_OTHER.format(order="<", root="{root}"),
    "last": _NO_OTHER.format(order=">", root="{root}"),
}
_NOTED = (
    "SELECT c.root FROM profile p JOIN customer c ON c.id = p.customer WHERE p.value = ? COLLATE NOCASE AND NOT p.hidden "
    "AND p.field <> 'note'"
)
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


def is_noted(connection: Connection, value: str) -> bool:
    """Whether the shop wrote down exactly this of a customer: a number, a company, a name."""
    return connection.execute(_NOTED, (value,)).fetchone() is not None


class Sql:
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
            return self._indexed(match)
        if isinstance(node, Not):
            return f"NOT coalesce({self.condition(node.part)}, 0)"
        if isinstance(node, And | Or):
            word = " AND " if isinstance(node, And) else " OR "
            return f"({word.join(map(self.condition, node.parts))})"
        assert isinstance(node, Field), "words are matched by the index"
        return self._field(node)

    def _indexed(self, match: str) -> str:
        return f"{self.row} {_INDEXED} {self.put(match)})"

    def _field(self, field: Field) -> str:
        root, value = self.root, field.value
        match field.op:
            case "channel" | "account" | "status" | "incident":
                return f"{root}.{field.op} = {self.put(value)}"
            case "lang":
                return f"{root}.language = {self.put(value)}"
            case "is":
                return _IS[value].format(root=root)
            case "sla":
                return _BREACHED.format(root=root)
            case "number":
                numbers = self.put([int(each) for each in value.split(",")])
                return f"{root}.id IN (SELECT root FROM ticket WHERE number {AMONG}({numbers})))"  # noqa: S608
            case "customer":
                return f"{root}.customer {AMONG}({self.put(_customers(self.connection, value))}))"
            case "assignee" | "kind" | "tag" | "cause":
                return self._named(field.op, value)
            case "segment":
                meant = next(each for each in self.segments if each.name == value)
                customer = f"(SELECT k.root FROM customer k WHERE k.id = {root}.customer)"  # noqa: S608
                return segment.condition(meant, customer, self.put)
            case "before" | "after":
                row = row_before(moment(value))
                return f"{self.row} {'<' if field.op == 'before' else '>='} {self.put(row)}"
            case "due":
                return f"({root}.next_due_at > :q_now AND {root}.next_due_at <= {self.put(value)})"
            case "window":
                ends = f"{root}.window_until > :q_now AND {root}.window_until < {self.put(value)}"
                return f"({ends} AND {root}.waiting_since IS NOT NULL)"
            case "has":
                return "EXISTS (SELECT 1 FROM attachment a WHERE a.message = m.id)"
            case "to":
                _teach(self.connection)
                return f"addressed(m.headers, {self.put(value)}, {self.put(int(field.prefix))})"
        raise AssertionError(field.op)

    def _named(self, op: str, value: str) -> str:
        """Names that people gave, compared as people write them."""
        wanted = folding.folded(value)
        known = [name for name in names(self.connection, op) if folding.folded(name) == wanted]
        if op == "tag":
            return f"{self.root}.id IN (SELECT ticket FROM tag WHERE tag {AMONG}({self.put(known)})))"  # noqa: S608
        return f"{self.root}.{op} {AMONG}({self.put(known)}))"


class OfOne(Sql):
    """The same for a few messages: each is looked up in the index, instead of all that the index finds."""

    def _indexed(self, match: str) -> str:
        return f"EXISTS (SELECT 1 FROM search WHERE search MATCH {self.put(match)} AND rowid = {self.row})"  # noqa: S608


def row_before(at: datetime) -> int:
    return min(first_row(stamp(at)), _LAST)


def names(connection: Connection, op: str) -> Iterator[str]:
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
    """The customers of an id or identity or with a field of this value, else those with it in a name; merges followed."""
    channel, _, address = value.partition(":")
    exact = connection.execute(
        "SELECT root FROM customer WHERE id = ? UNION SELECT c.root FROM identity i JOIN customer c ON c.id = i.customer "
        "WHERE i.address IN (?, ?) OR (i.channel = ? AND i.address IN (?, ?))",
        (value, value, value.lower(), channel.lower(), address, address.lower()),
    )
    roots = {row[0] for row in exact} | {row[0] for row in connection.execute(_NOTED, (value,))}
    if not roots:
        wanted = folding.folded(value)
        sql = (
            "SELECT c.root, i.name FROM identity i JOIN customer c ON c.id = i.customer WHERE i.name <> '' UNION ALL SELECT c.root, "
            "p.value FROM profile p JOIN customer c ON c.id = p.customer WHERE p.field = 'name' AND NOT p.hidden AND p.value <> ''"
        )
        roots = {root for root, name in connection.execute(sql) if wanted in folding.folded(name)}
    rows = connection.execute(
        f"SELECT id FROM customer WHERE root {AMONG}(?))",  # noqa: S608
        (json.dumps(sorted(roots)),),
    )
    return [row[0] for row in rows]


def split(parts: Iterable[Node]) -> tuple[str | None, list[Node]]:
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
