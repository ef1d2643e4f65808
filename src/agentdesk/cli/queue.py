"""`queue`: the tickets as the console orders them."""

from argparse import Namespace

from agentdesk import present
from agentdesk.cli import document
from agentdesk.cli.context import Context
from agentdesk.cli.desk import looking
from agentdesk.cli.output import table
from agentdesk.core.views import TicketView
from agentdesk.i18n import tr

EVERYTHING = 1 << 40


def queue(ctx: Context, args: Namespace) -> None:
    with looking(ctx) as (desk, window):
        limit = EVERYTHING if args.limit is None else args.limit
        rows = window.queue(args.view, limit=limit)
        tickets = window.whole(rows)
        if args.limit is not None and len(rows) == args.limit:
            ctx.left_out(window.counts().views[args.view] - len(rows))
        now = desk.now()
        documents = [document.ticket(view, ctx.settings, now) for view in tickets]
        ctx.out(documents, lambda: _table(tickets, [present.time_left(view.row, now) for view in tickets]))


def _table(tickets: list[TicketView], left: list[str]) -> str:
    headings = [tr("LEFT"), "#", tr("CHANNEL"), tr("CUSTOMER"), tr("SUBJECT"), tr("STATUS"), tr("AGENT")]
    return table(
        headings,
        [
            (
                time,
                view.row.number,
                present.channel(view.row.channel),
                view.row.customer_name or view.row.identity.partition(":")[2],
                present.subject(view.row),
                present.status(view.row.status),
                view.row.assignee,
            )
            for view, time in zip(tickets, left, strict=True)
        ],
    )
