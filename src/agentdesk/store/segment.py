"""Segments as SQL: which of them a customer is in, and how many customers each has.

Promises: one statement for one customer, whose every part walks an index and looks at a bounded number of rows; every value is a
parameter. Refuses: keeping who is in what; a tag or a ticket changes it.
"""

# ruff: noqa: S608 - the only things put into the SQL here are the texts below

import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from agentdesk.core.segment import MOST_TICKETS, Entry, Facts, Segment, Term
from agentdesk.store.driver import Connection

COUNTED = 10_000
"""Customers of a segment are counted up to here."""
_TICKETS = "customer x JOIN ticket t ON t.customer = x.id WHERE x.root = {c}"
_PARTS = {
    "tag": "EXISTS (SELECT 1 FROM (SELECT t.id FROM "
    + _TICKETS
    + f" LIMIT {MOST_TICKETS}) n JOIN tag g ON g.ticket = n.id "
    "WHERE g.tag = {v} COLLATE NOCASE)",
    "field": "EXISTS (SELECT 1 FROM customer x JOIN profile p ON p.customer = x.id AND NOT p.hidden WHERE x.root = {c} "
    "AND p.value IS NOT NULL AND p.field = {v})",
    "filled": "EXISTS (SELECT 1 FROM customer x JOIN profile p ON p.customer = x.id AND NOT p.hidden WHERE x.root = {c} "
    "AND p.field || '=' || lower(p.value) = {v})",
    "domain": "EXISTS (SELECT 1 FROM customer x JOIN identity i ON i.customer = x.id WHERE x.root = {c} "
    "AND substr(i.address, -length({v}) - 1) = '@' || {v})",
    "channel": "EXISTS (SELECT 1 FROM customer x JOIN identity i ON i.customer = x.id WHERE x.root = {c} AND i.channel = {v})",
    "lang": "EXISTS (SELECT 1 FROM customer x WHERE x.id = {c} AND coalesce(x.speaks, x.language) = {v})",
    "tickets": "(SELECT count(*) FROM (SELECT 1 FROM "
    + _TICKETS
    + f" AND t.root = t.id LIMIT {MOST_TICKETS})) > CAST({{v}} AS INTEGER)",
    "is": "EXISTS (SELECT 1 FROM customer x WHERE x.id = {c} AND x.muted_at IS NOT NULL)",
}


def condition(segment: Segment, customer: str, put: Callable[[Any], str]) -> str:
    """Whether the customer that the SQL `customer` gives, merged into nobody, is in it; `put` makes a parameter of a value."""
    return "(" + " AND ".join(_part(term, customer, put) for term in segment.terms) + ")"


def _part(term: Term, customer: str, put: Callable[[Any], str]) -> str:
    op = "filled" if term.op == "field" and "=" in term.value else term.op
    text = _PARTS[op].format(c=customer, v=put(term.value))
    return f"NOT {text}" if term.refused else text


def _selected(segments: Iterable[Segment], customer: str) -> tuple[list[str], dict[str, Any]]:
    values: dict[str, Any] = {}

    def put(value: Any) -> str:
        values[name := f"s{len(values)}"] = value
        return f":{name}"

    return [condition(each, customer, put) for each in segments], values


def among(connection: Connection, customer: str, segments: tuple[Segment, ...]) -> tuple[str, ...]:
    """The names of the segments in which a customer is, in their order."""
    if not segments:
        return ()
    found, values = _selected(segments, ":c")
    row = connection.execute(f"SELECT {', '.join(found)}", {**values, "c": customer}).fetchone()
    return tuple(each.name for each, holds in zip(segments, row, strict=True) if holds)


def facts(connection: Connection, root: str, segments: tuple[Segment, ...]) -> dict[str, Facts]:
    """What these segments can ask of a customer and of each that was merged into it: as much of it as they ask."""
    rows = connection.execute(
        "SELECT id, root, language, speaks, muted_at FROM customer WHERE root = ?", (root,)
    )
    found = {row[0]: Facts(row[1], row[2], row[3], muted=row[4] is not None) for row in rows}
    terms = [term for segment in segments for term in segment.terms]
    asked = {term.op for term in terms}
    for customer, known in found.items():
        values: dict[str, Any] = {}
        if asked & {"domain", "channel"}:
            rows = connection.execute(
                "SELECT channel, coalesce(address, '') FROM identity WHERE customer = ?", (customer,)
            )
            values["identities"] = tuple((row[0], row[1]) for row in rows)
        if "field" in asked:
            rows = connection.execute(
                "SELECT id, field, value, hidden FROM profile WHERE customer = ?", (customer,)
            )
            values["entries"] = {row[0]: Entry(row[1], row[2], bool(row[3])) for row in rows}
        if "tag" in asked:
            tags = json.dumps([term.value for term in terms if term.op == "tag"])
            values["tagged"] = frozenset(
                (row[0], row[1]) for row in connection.execute(_TAGGED, (customer, tags))
            )
        if "tickets" in asked:
            values["tickets"] = connection.execute(_STANDING, (customer,)).fetchone()[0]
        found[customer] = replace(known, **values)
    return found


_TAGGED = f"""SELECT g.ticket, g.tag FROM (SELECT id FROM ticket WHERE customer = ? LIMIT {MOST_TICKETS}) n
    JOIN tag g ON g.ticket = n.id JOIN json_each(?) w ON g.tag = w.value COLLATE NOCASE"""
_STANDING = (
    f"SELECT count(*) FROM (SELECT 1 FROM ticket WHERE customer = ? AND root = id LIMIT {MOST_TICKETS})"
)


def count(connection: Connection, segment: Segment) -> int:
    """How many customers are in it, counted to `COUNTED` and one more."""
    (found,), values = _selected((segment,), "c.id")
    sql = f"SELECT count(*) FROM (SELECT 1 FROM customer c WHERE c.root = c.id AND NOT c.erased AND {found} LIMIT {COUNTED + 1})"
    return int(connection.execute(sql, values).fetchone()[0])
