"""One function per view: SQL in sight, read models out. Nothing here counts, sorts or scans more than a page.

The queue's pages are in `store.queue`.
"""

import json
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from agentdesk.core.instant import stamp
from agentdesk.core.model import Place
from agentdesk.core.progress import Progress, StepView
from agentdesk.core.quarantine import QuarantineRow
from agentdesk.core.views import (
    AccountHealth,
    Counts,
    OutboxRow,
    QueueRow,
    TicketView,
)
from agentdesk.store import draft, people
from agentdesk.store.driver import Connection
from agentdesk.store.failure import REASON, STUCK
from agentdesk.store.outbox import NOT_YET
from agentdesk.store.queue import BUCKETS, FROM, ROW, SHORT, drawn


def ticket(connection: Connection, number: int, now: datetime) -> QueueRow | None:
    """The ticket of that number, or the one it was merged into."""
    row = connection.execute(
        f"SELECT {ROW} {FROM.format(index='')} WHERE t.id = (SELECT root FROM ticket WHERE number = ?)",  # noqa: S608
        (number,),
    ).fetchone()
    return drawn(row, now, 0, row[17]) if row else None


def with_rest(connection: Connection, row: QueueRow) -> TicketView:
    """The row with tags, links, clocks and how many drafts there are."""
    one = connection.execute
    tags = tuple(r[0] for r in one("SELECT tag FROM tag WHERE ticket = ? ORDER BY tag", (row.id,)))
    links = one(
        "SELECT DISTINCT t.number FROM link l JOIN ticket t ON t.id = l.other WHERE l.ticket IN "
        "(SELECT id FROM ticket WHERE root = ?) AND t.root <> ? ORDER BY 1",
        (row.id, row.id),
    )
    clocks = one("SELECT data FROM clock WHERE ticket = ? ORDER BY metric, tier", (row.id,))
    drafts = draft.count(connection, row.id)
    incident, followed = _followed(connection, row.id)
    promised_until, derived_at, derived_to = _said(connection, row.id)
    return TicketView(
        row,
        tags,
        tuple(r[0] for r in links),
        tuple(json.loads(r[0]) for r in clocks),
        drafts,
        incident=incident,
        progress=followed,
        moved_from=_former(connection, row.id),
        promised_until=promised_until,
        derived_at=derived_at,
        derived_to=derived_to,
    )


def _former(connection: Connection, ticket: str) -> str:
    """What the customer is called whose the ticket was before it was moved; empty for one that was not, or who was forgotten."""
    row = connection.execute(
        "SELECT coalesce(nullif(i.name, ''), i.address, '') FROM ticket t JOIN customer c ON c.id = t.moved_from "
        "JOIN customer x ON x.root = c.root JOIN identity i ON i.customer = x.id WHERE t.id = ? LIMIT 1",
        (ticket,),
    ).fetchone()
    return str(row[0]) if row else ""


def _said(connection: Connection, ticket: str) -> tuple[str | None, str | None, str | None]:
    """What the customer was told: until when something is promised, and when they were sent where else."""
    sql = "SELECT pledge_due_at, derived_at, derived_to FROM ticket WHERE id = ?"
    until, at, to = connection.execute(sql, (ticket,)).fetchone()
    return until, at, to


def _followed(connection: Connection, ticket: str) -> tuple[str | None, Progress | None]:
    """What a ticket is about, and how far it is along its playbook; what was taken on a ticket merged into it counts too."""
    incident, playbook, since, unfinished = connection.execute(
        "SELECT incident, playbook, playbook_since, unfinished FROM ticket WHERE id = ?", (ticket,)
    ).fetchone()
    if playbook is None:
        return incident, None
    steps = connection.execute(
        "SELECT s.step, s.answer, s.actor, s.at FROM ticket t JOIN step s ON s.ticket = t.id "
        "WHERE t.root = ? AND s.playbook = ? ORDER BY t.id = t.root, s.at",
        (ticket, playbook),
    )
    found = {row[0]: StepView(*row) for row in steps}
    return incident, Progress(playbook, since, unfinished is not None, tuple(found.values()))


def number_of(connection: Connection, ticket_id: str) -> int | None:
    row = connection.execute("SELECT number FROM ticket WHERE id = ?", (ticket_id,)).fetchone()
    return int(row[0]) if row else None


def id_of(connection: Connection, number: int) -> str | None:
    """The id of the ticket of that number itself, merged or not."""
    row = connection.execute("SELECT id FROM ticket WHERE number = ?", (number,)).fetchone()
    return row[0] if row else None


def counts(connection: Connection, agent: str, now: datetime, cap: int = 1000) -> Counts:
    """Every view's size from the kept tallies; overdue and what has an index of its own are counted to `cap` along that."""
    tallies = connection.execute("SELECT bucket, assignee, n FROM tally").fetchall()
    by_bucket: dict[str, int] = {}
    for bucket, _, n in tallies:
        by_bucket[bucket] = by_bucket.get(bucket, 0) + n
    views = {view: by_bucket.get(bucket, 0) for view, bucket in (("inbox", "inbox"), *BUCKETS.items())}
    views["mine"] = sum(n for bucket, assignee, n in tallies if bucket == "inbox" and assignee == agent)
    views["unassigned"] = sum(n for bucket, assignee, n in tallies if bucket == "inbox" and not assignee)
    views["all"] = sum(n for bucket, _, n in tallies if bucket != "merged")
    views["overdue"] = connection.execute(
        "SELECT count(*) FROM (SELECT 1 FROM ticket INDEXED BY ticket_due WHERE bucket = 'inbox' AND next_due_at < ? LIMIT ?)",
        (stamp(now), cap),
    ).fetchone()[0]
    views["unanswered"] = people.unanswered(connection)
    where, _, index = SHORT["afterwards"]
    views["afterwards"] = connection.execute(
        f"SELECT count(*) FROM (SELECT 1 FROM ticket t INDEXED BY {index} WHERE {where} LIMIT ?)",  # noqa: S608
        (cap,),
    ).fetchone()[0]
    return Counts(views, views["unanswered"])


def health(connection: Connection) -> dict[str, AccountHealth]:
    """What is known of each account that was ever synced."""
    rows = connection.execute("SELECT account, state, synced_at, error, gap FROM health")
    return {row[0]: AccountHealth(*row) for row in rows}


def opening(connection: Connection, account: str) -> tuple[str, int] | None:
    """(opened_at, waiting_days) of an account that is watched."""
    row = connection.execute(
        "SELECT opened_at, waiting_days FROM account WHERE id = ?", (account,)
    ).fetchone()
    return (row[0], int(row[1])) if row else None


def cursor(connection: Connection, account: str) -> str | None:
    row = connection.execute("SELECT cursor FROM cursor WHERE account = ?", (account,)).fetchone()
    return row[0] if row else None


def asked(connection: Connection, account: str) -> str | None:
    """When another process asked for a pass that is not done yet."""
    sql = "SELECT at FROM request WHERE account = ? AND done IS NULL"
    row = connection.execute(sql, (account,)).fetchone()
    return row[0] if row else None


def report(connection: Connection, account: str) -> str | None:
    """What the pass that was asked for did, as JSON."""
    row = connection.execute("SELECT report FROM request WHERE account = ?", (account,)).fetchone()
    return row[0] if row else None


def data_version(connection: Connection) -> int:
    """Another number whenever another connection has committed something."""
    return int(connection.execute("PRAGMA data_version").fetchone()[0])


def touched(connection: Connection, after: int) -> tuple[str, ...]:
    """The tickets that the log's events after `after` touched."""
    rows = connection.execute(
        "SELECT DISTINCT t.ticket FROM event e JOIN event_ticket t ON t.seq = e.seq WHERE e.seq > ?", (after,)
    )
    return tuple(row[0] for row in rows)


def intake_size(connection: Connection, account: str | None = None) -> int:
    """How many messages have arrived, for one account or for all, and are not read yet."""
    sql = "SELECT count(*) FROM arrival WHERE ? IS NULL OR account = ?"
    return int(connection.execute(sql, (account, account)).fetchone()[0])


def quarantine(connection: Connection, *, dismissed: bool = False) -> Iterator[QuarantineRow]:
    """What could not be read, oldest first; with `dismissed` also what somebody dismissed."""
    sql = (
        "SELECT id, account, reason, received_at, attempts, size, raw, role, before, waits, dismissed_at FROM quarantine "
        "WHERE ? OR dismissed_at IS NULL ORDER BY received_at, id"
    )
    for row in connection.execute(sql, (dismissed,)):
        values: list[Any] = [*row[:8], bool(row[8]), bool(row[9]), row[10]]
        yield QuarantineRow(*values)


def unreadable(connection: Connection) -> int:
    """How many mails could not be read and nobody dismissed."""
    return int(connection.execute("SELECT count(*) FROM quarantine WHERE dismissed_at IS NULL").fetchone()[0])


def outbox(connection: Connection) -> list[OutboxRow]:
    """What is on its way, oldest first, then what failed or is in doubt: that was tried, and how often is not kept."""
    rows = connection.execute(
        "SELECT o.message, t.number, o.account, CASE o.state WHEN 'data' THEN 'sending' ELSE o.state END, o.attempts, "
        "nullif(o.next_at, ?1), nullif(o.release_at, ?1), o.error, NULL, "
        "CASE o.state WHEN 'held' THEN o.goes_at END FROM outbox o JOIN ticket h ON h.id = o.ticket JOIN ticket t ON t.id = h.root "
        "WHERE o.state <> 'filing' ORDER BY o.n",
        (stamp(NOT_YET),),
    ).fetchall()
    stuck = connection.execute(
        f"SELECT m.id, t.number, m.account, m.state, 1, NULL, NULL, coalesce({REASON}, m.error), m.error "  # noqa: S608
        f"FROM message m JOIN ticket h ON h.id = m.ticket JOIN ticket t ON t.id = h.root WHERE {STUCK} ORDER BY m.n"
    ).fetchall()
    found: list[OutboxRow] = []
    for row in (*rows, *stuck):
        values: list[Any] = list(row)
        found.append(OutboxRow(*values))
    return found


def written(connection: Connection, state: str) -> list[tuple[str, str, str]]:
    """(id, account, ticket) of every reply of ours in that state of the log, oldest first."""
    sql = "SELECT id, account, ticket FROM message WHERE state = ? AND NOT hidden AND NOT erased ORDER BY n"
    return [(row[0], row[1], row[2]) for row in connection.execute(sql, (state,))]


def place_of_raw(connection: Connection, raw: str) -> Place | None:
    """Where a raw message lies on a server, if it still does."""
    sql = "SELECT account, folder, validity, uid FROM place WHERE raw = ? LIMIT 1"
    row = connection.execute(sql, (raw,)).fetchone()
    return Place(*row) if row else None


def member(connection: Connection, word: str) -> str | None:
    """The customer of an id, of `channel:address` or of a bare address, merges not followed; a telephone number however it is
    written."""
    channel, _, address = word.partition(":")
    bare, within = _forms(word.lower()), _forms(address.lower())
    for each, there in zip(bare, within, strict=True):
        row = connection.execute(
            "SELECT id FROM customer WHERE id = ? UNION ALL SELECT customer FROM identity "
            "WHERE address = ? OR (channel = ? AND address = ?) LIMIT 1",
            (word, each, channel, there),
        ).fetchone()
        if row:
            return str(row[0])
    return None


_NUMBER = re.compile(r"(?:\+|00)?[\d\s()./-]{5,}", re.ASCII)


def _forms(address: str) -> tuple[str, str, str]:
    """An address as it was typed, and as chats and calls keep it where it is a telephone number: its digits, and those after a plus."""
    if not _NUMBER.fullmatch(address.strip()):
        return (address,) * 3
    digits = re.sub(r"\D", "", address).removeprefix("00")
    return address, digits, f"+{digits}"


def customer_by(connection: Connection, word: str) -> str | None:
    """The customer of an id, of `channel:address`, of a bare address, or of a ticket as `#1042`; merges followed."""
    found = (_of_ticket(connection, word) or member(connection, word),)
    row = connection.execute("SELECT root FROM customer WHERE id = ?", found).fetchone()
    return row[0] if row else None


def _of_ticket(connection: Connection, word: str) -> str | None:
    named = re.fullmatch(r"#([0-9]{1,9})", word)
    number = (int(named[1]),) if named else (0,)
    row = connection.execute("SELECT customer FROM ticket WHERE number = ?", number).fetchone()
    return row[0] if row else None


def verdict(connection: Connection, ticket: str) -> str | None:
    """What an agent said of the sender of a ticket: person, machine, or nothing."""
    row = connection.execute(
        "SELECT i.verdict FROM ticket t JOIN identity i ON i.id = t.identity WHERE t.id = ?", (ticket,)
    ).fetchone()
    return row[0] if row else None


def snoozed_until(connection: Connection, now: datetime) -> list[str]:
    """Tickets whose snooze has run out."""
    rows = connection.execute("SELECT id FROM ticket WHERE snoozed_until <= ?", (stamp(now),))
    return [row[0] for row in rows]
