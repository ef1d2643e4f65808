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
from datetime import date, datetime, time, timedelta
from typing import Any

from agentdesk.core import folding
from agentdesk.core.model import audience
from agentdesk.core.profile import USUAL
from agentdesk.core.query import Node, Or, Query, about_tickets
from agentdesk.core.views import Found
from agentdesk.core.widening import exactly, loosely
from agentdesk.store.blobs import Blobs
from agentdesk.store.conditions import AMONG, HOME, SHOWN, Context, OfOne, Sql, names, row_before, split
from agentdesk.store.driver import Connection
from agentdesk.store.reading import wordings
from agentdesk.store.rows import arrived_at

__all__ = ["Context", "accounts", "assignees", "beyond", "finds", "holds", "messages", "tickets"]

FEW = 1000
"""Up to so many tickets are named to the database; beyond, messages are walked newest first."""


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
    columns = "m.n, r.number, m.id, m.received_at, m.text, coalesce(m.subject, ''), m.folds, m.direction, r.customer"
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
        ends = (row_before(today), row) if was_loose else (row, row_before(today + timedelta(days=1)))
    yield False, *_selection(connection, exact, context, ends[0])
    if loose is not None:
        yield True, *_selection(connection, loose, context, ends[1])


def _day(row: int, context: Context) -> date:
    return arrived_at(row).astimezone(context.zone).date()


def tickets(connection: Connection, query: Query, context: Context) -> tuple[str, dict[str, Any]]:
    """A condition on the ticket `t`, with its values: it has a message that `query` finds.

    What can be said of a ticket without its messages is asked of the ticket alone.
    """
    sql = Sql(connection, context, "t")
    alone = [part for part in query.needs if about_tickets(part)]
    conditions = ["NOT t.erased", *map(sql.condition, alone)]
    if rest := [part for part in query.needs if not about_tickets(part)]:
        match, others = split(rest)
        if match is not None:
            sql.row = "search.rowid"
            sql.root = "r"
            asked = sql.all(others)
            home = f"{HOME} CROSS JOIN ticket r ON r.id = o.root" if others else HOME
            conditions.append(
                f"t.id IN (SELECT o.root FROM search CROSS JOIN message m ON m.n = search.rowid {home} "  # noqa: S608
                f"WHERE search MATCH {sql.put(match)} AND {SHOWN}{asked})"
            )
        else:
            conditions.append(
                "EXISTS (SELECT 1 FROM ticket o CROSS JOIN message m ON m.ticket = o.id "  # noqa: S608
                f"WHERE o.root = t.id AND {SHOWN}{sql.all(others)})"
            )
    return " AND ".join(conditions), sql.values


def holds(
    connection: Connection, query: Query, context: Context, ticket: str, message: str | None = None
) -> bool:
    """Whether `query` finds `ticket`; with `message`, whether it does by that one. One ticket is asked of one ticket, however many
    there are."""
    sql = OfOne(connection, context, "t")
    alone = [part for part in query.needs if about_tickets(part)]
    rest = [part for part in query.needs if not about_tickets(part)]
    where = f"t.id = {sql.put(ticket)} AND NOT t.erased{sql.all(alone)}"
    if rest:
        one = f" AND m.id = {sql.put(message)}" if message else ""
        where += (
            " AND EXISTS (SELECT 1 FROM ticket o CROSS JOIN message m ON m.ticket = o.id "  # noqa: S608
            f"WHERE o.root = t.id AND {SHOWN}{one}{sql.all(rest)})"
        )
    found = connection.execute(f"SELECT 1 FROM ticket t WHERE {where}", sql.values)  # noqa: S608
    return found.fetchone() is not None


def _selection(
    connection: Connection, query: Query, context: Context, before: int | None
) -> tuple[str, dict[str, Any]]:
    """The hits, newest first: along the index where it can say anything, else along the messages."""
    match, others = split(query.needs)
    sql = Sql(connection, context, "r")
    if match is not None:
        sql.row = "search.rowid"
        source = "search CROSS JOIN message m ON m.n = search.rowid"
        where = f"search MATCH {sql.put(match)} AND "
    elif (few := _few(connection, query, context)) is not None:
        source = "message m INDEXED BY message_ticket"
        where = f"m.ticket {AMONG}({sql.put(few)})) AND "
    else:
        source = "message m NOT INDEXED"
        where = next(filter(None, (_rows(sql, part, context) for part in query.needs)), "")
    where += SHOWN + sql.all(others)
    if before is not None:
        where += f" AND {sql.row} < {sql.put(before)}"
    text = (
        f"SELECT {{columns}} FROM {source} {HOME} CROSS JOIN ticket r ON r.id = o.root "  # noqa: S608
        f"WHERE {where} ORDER BY {sql.row} DESC LIMIT :limit"
    )
    return text, sql.values


def _rows(sql: Sql, part: Node, context: Context) -> str:
    """The rows among which the hits of alternatives are, where each has few of them; else nothing is said."""
    asked: list[str] = []
    for each in part.parts if isinstance(part, Or) else ():
        match, others = split((each,))
        if match is not None and not others:
            found = "SELECT rowid FROM search WHERE search MATCH ? LIMIT ?"
            rows = [row[0] for row in sql.connection.execute(found, (match, FEW + 1))]
            if len(rows) > FEW:
                return ""
            asked.append(f"SELECT value FROM json_each({sql.put(rows)})")  # noqa: S608
        elif (few := _few(sql.connection, Query(each), context)) is not None:
            asked.append(f"SELECT n FROM message WHERE ticket {AMONG}({sql.put(few)}))")  # noqa: S608
        else:
            return ""
    return f"m.n IN ({' UNION ALL '.join(asked)}) AND " if asked else ""


def _few(connection: Connection, query: Query, context: Context) -> list[str] | None:
    """The tickets that can have a hit, with those merged into them, where the query says so and they are few."""
    alone = [part for part in query.needs if about_tickets(part)]
    if not alone:
        return None
    sql = Sql(connection, context, "t")
    where = f"t.root = t.id{sql.all(alone)}"
    rows = connection.execute(
        f"SELECT t.id FROM ticket t WHERE {where} LIMIT {FEW + 1}",  # noqa: S608
        sql.values,
    ).fetchall()
    if len(rows) > FEW:
        return None
    roots = json.dumps([row[0] for row in rows])
    family = connection.execute(f"SELECT id FROM ticket WHERE root {AMONG}(?))", (roots,))  # noqa: S608
    return [row[0] for row in family]


def assignees(connection: Connection) -> tuple[str, ...]:
    """Everybody who ever had a ticket, by name."""
    return tuple(sorted(names(connection, "assignee")))


def accounts(connection: Connection) -> tuple[str, ...]:
    """The ids of all accounts that were ever here."""
    return tuple(row[0] for row in connection.execute("SELECT id FROM account ORDER BY id"))


def _found(
    connection: Connection, blobs: Blobs, row: Any, key: int, pattern: re.Pattern[str] | None
) -> Found:
    _, number, message, at, text, subject, folds, direction, customer = row
    body, before = wordings(connection, blobs, message, blobs.text(connection, text))
    shown = former = None
    if pattern is not None:
        shown = folding.snippet(body, pattern, json.loads(folds) if folds and not before else ())
        # What was edited is a chat's, whose subject is how it began.
        others = _elsewhere(connection, message, "" if before else subject, customer)
        shown = shown or _first(others, pattern)
        former = None if shown else _first(before, pattern)
    shown = shown or former or folding.first_line(body) or folding.first_line(subject)
    spans = folding.spans(shown, pattern) if pattern is not None else ()
    return Found(number, message, at, shown, spans, key, audience(direction), former is not None)


def _first(texts: Iterable[str], pattern: re.Pattern[str]) -> str | None:
    return next(filter(None, (folding.snippet(each, pattern) for each in texts)), None)


def _elsewhere(connection: Connection, message: str, subject: str, customer: str) -> Iterator[str]:
    """Where else a hit may come from: the subject, a file's name, what the shop wrote down of the customer."""
    yield subject
    sql = "SELECT name FROM attachment WHERE message = ? AND name <> '' ORDER BY position"
    yield from (row[0] for row in connection.execute(sql, (message,)))
    sql = (
        "SELECT p.field, p.value FROM customer me JOIN customer c ON c.root = me.root JOIN profile p ON p.customer = c.id "
        "WHERE me.id = ? AND NOT p.hidden AND p.field <> 'note' AND p.value IS NOT NULL ORDER BY p.at, p.id"
    )
    for field, value in connection.execute(sql, (customer,)):
        yield value if field in USUAL else f"{field}: {value}"
