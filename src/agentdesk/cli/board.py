"""`sla board`: what is due, as it changes.

Promises: it goes on until somebody ends it; a table on a terminal, and elsewhere a line for every change, since time alone is no change.
Refuses: more rows than a screen has.
"""

import sys
import threading
from argparse import Namespace
from datetime import datetime
from typing import Any

from agentdesk import present
from agentdesk.cli.context import Context
from agentdesk.cli.desk import looking
from agentdesk.cli.output import as_json, table
from agentdesk.cli.why import STATES, clock_data
from agentdesk.core.instant import moment, plain, stamp
from agentdesk.core.sla import ClockState
from agentdesk.core.views import QueueRow
from agentdesk.engine import promise
from agentdesk.engine.promise import Due
from agentdesk.i18n import tr

EVERY = 1.0
"""Seconds between two looks."""


def board(ctx: Context, _: Namespace) -> None:
    """Goes on until somebody ends it: a table on a terminal, a line for every change elsewhere."""
    ticking = threading.Event()
    seen: dict[int, dict[str, Any]] = {}
    drawn = ""
    with looking(ctx) as (desk, window):
        while True:
            now = desk.now()
            due = promise.board(desk, window, now)
            if ctx.json:
                seen = _tell(ctx, seen, due, now)
            else:
                drawn = _draw(ctx, drawn, due, now)
            ticking.wait(EVERY)


def _tell(
    ctx: Context, seen: dict[int, dict[str, Any]], due: list[Due], now: datetime
) -> dict[int, dict[str, Any]]:
    """One line for each that came, changed or went since; time alone is no change."""
    shown = {each.row.number: _due(each, now) for each in due}
    for number, data in shown.items():
        before = seen.get(number)
        if before is None or _fixed(before) != _fixed(data):
            ctx.line({"at": plain(stamp(now)), "event": "changed" if before else "added", **data})
    for number in seen.keys() - shown.keys():
        ctx.line({"at": plain(stamp(now)), "event": "gone", **seen[number]})
    return shown


def _fixed(data: dict[str, Any]) -> str:
    return as_json({key: value for key, value in data.items() if key != "left_seconds"})


def _due(each: Due, now: datetime) -> dict[str, Any]:
    row = each.row
    return {
        "ticket": row.number,
        "subject": row.subject,
        "channel": row.channel,
        "customer": row.customer_name,
        "assignee": row.assignee,
        **(clock_data(each.clock, now) if each.clock else _words_of(row, now)),
    }


def _words_of(row: QueueRow, now: datetime) -> dict[str, Any]:
    """What was promised in words, as a clock is told."""
    left = (moment(row.next_due_at or row.created_at) - now).total_seconds()
    return {
        "metric": "promise",
        "tier": None,
        "state": (ClockState.BREACHED if left < 0 else ClockState.RUNNING).value,
        "target_seconds": None,
        "started_at": None,
        "due_at": plain(row.next_due_at),
        "left_seconds": left,
    }


def _draw(ctx: Context, drawn: str, due: list[Due], now: datetime) -> str:
    """Draws the table anew: each second on a terminal, elsewhere where more than the time left has changed."""
    terminal = sys.stdout.isatty()
    nothing = tr("Nothing is due.")
    text = _board(due, now, left=True) or nothing
    fixed = _board(due, now, left=False) or nothing
    if terminal:
        ctx.page(text)
    elif fixed != drawn:
        ctx.line(None, f"{text}\n")
    return fixed


def _board(due: list[Due], now: datetime, *, left: bool) -> str:
    headings = [tr("LEFT"), "#", tr("STATE"), tr("PROMISE"), tr("CHANNEL"), tr("CUSTOMER"), tr("SUBJECT")]
    rows = [
        (
            present.brief(told["left_seconds"]) if left else "",
            each.row.number,
            tr(STATES[told["state"]]),
            tr("promise") if each.clock is None else present.metric(each.clock.metric),
            present.channel(each.row.channel),
            each.row.customer_name or each.row.identity.partition(":")[2],
            present.subject(each.row),
        )
        for each, told in ((each, _due(each, now)) for each in due)
    ]
    return table(headings, rows)
