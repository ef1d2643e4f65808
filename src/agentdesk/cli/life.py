"""`life`: every step of a ticket's status, when, by whom and why, as the log tells it."""

from argparse import Namespace
from typing import Any

from agentdesk import lived
from agentdesk.cli.context import Context
from agentdesk.cli.desk import looking
from agentdesk.cli.output import table
from agentdesk.core.instant import plain
from agentdesk.core.life import Turn
from agentdesk.engine import life
from agentdesk.i18n import tr


def show(ctx: Context, args: Namespace) -> None:
    with looking(ctx) as (desk, window):
        row, now = window.ticket(args.ticket).row, desk.now()
        told = life.of_ticket(desk, row.id)
    zone = ctx.settings.desk.tzinfo
    data = {
        "ticket": row.number,
        "status": row.status,
        "turns": [
            {**_document(each, told), "text": lived.why(each, told.numbers, now, zone)} for each in told.turns
        ],
    }
    rows = lived.lines(told.turns, told.numbers, now, zone)
    ctx.out(data, table([tr("WHEN"), tr("STATUS"), tr("WHO AND WHY")], rows))


def _document(one: Turn, told: life.Life) -> dict[str, Any]:
    return {
        "at": plain(one.at),
        "ticket": told.numbers[one.ticket],
        "from": one.was,
        "to": one.now,
        "who": {"kind": one.who.value, "name": one.name or None},
        "why": one.why,
        "until": plain(one.until) if one.until else None,
        "after_seconds": one.after,
        "reason": one.reason,
        "on": one.on or None,
        "took_back": one.took_back or None,
        "said": one.said or None,
        "other": told.numbers.get(one.other) if one.other else None,
        "event": one.event,
        "parent": one.parent,
    }
