"""`cause`: one event behind many tickets: opened with its words, tickets put under it, waited for, closed.

Promises: closing one says which tickets are still open, and how to answer them. Refuses: putting tickets under it by their words
alone; `show` says what a ticket looks like.
"""

from argparse import Namespace
from typing import Any

from agentdesk import present
from agentdesk.cli import document as documents
from agentdesk.cli.context import Context
from agentdesk.cli.desk import looking
from agentdesk.cli.output import table
from agentdesk.core.commands import CloseCause, OpenCause, PutUnder, RunMacro
from agentdesk.core.instant import plain
from agentdesk.core.model import Acts, Status
from agentdesk.core.views import CauseRow
from agentdesk.engine import bulk, cause
from agentdesk.engine.desk import Desk
from agentdesk.i18n import tr, tr_n

NONE = frozenset({"-", "none"})


def list_causes(ctx: Context, args: Namespace) -> None:
    with looking(ctx) as (desk, _):
        found = cause.causes(desk, closed=args.closed)
        headings = [tr("NAME"), tr("OPEN"), tr("SINCE"), tr("WORDS"), tr("CLOSED")]
        rows = [(c.name, c.open, ctx.local(c.opened_at), c.words, ctx.local(c.closed_at)) for c in found]
        ctx.out([_document(desk, each) for each in found], table(headings, rows))


def open_cause(ctx: Context, args: Namespace) -> None:
    with looking(ctx) as (desk, _):
        event = desk.do(OpenCause(args.name, ",".join(args.words)))
        known = cause.known(desk, args.name)
        ctx.out({**_document(desk, known), "event": event.id}, tr("{name} is open.").format(name=known.name))


def put(ctx: Context, args: Namespace) -> None:
    """Prints the ticket as it is afterwards."""
    with looking(ctx) as (desk, window):
        name = None if args.name in NONE else cause.known(desk, args.name).name
        event = desk.do(PutUnder(window.ticket_id(args.ticket), name))
        view = window.ticket(args.ticket)
        data = {**documents.ticket(view, ctx.settings, desk.now()), "event": event.id}
        ctx.out(data, tr("#{number}: {cause}").format(number=view.row.number, cause=name or tr("no cause")))


def wait(ctx: Context, args: Namespace) -> None:
    """All that is open under it waits for somebody else, as one act."""
    with looking(ctx) as (desk, _):
        known = cause.known(desk, args.name)
        acts = Acts(status=Status.WAITING_THIRD_PARTY)
        tickets = dict(cause.open_tickets(desk, known.name))
        work = bulk.Bulk(desk, {ticket: RunMacro(ticket, acts) for ticket in tickets})
        while work.step():
            pass
        n = len(work.done)
        text = f"{n}: {present.status(Status.WAITING_THIRD_PARTY)}"
        done = [tickets[ticket] for ticket in work.done]
        ctx.out({**_document(desk, known), "group": work.group, "changed": done}, text)


def close(ctx: Context, args: Namespace) -> None:
    with looking(ctx) as (desk, _):
        known = cause.known(desk, args.name)
        event = desk.do(CloseCause(known.name))
        data = {**_document(desk, cause.known(desk, known.name)), "event": event.id}
        ctx.out(data, tr("{name} is closed.").format(name=known.name))
        if known.open:
            text = tr_n(
                "{n} ticket is still open; the last answer:",
                "{n} tickets are still open; the last answer:",
                known.open,
            )
            ctx.say(f"{text.format(n=known.open)} agentdesk quick send NAME --filter cause:{known.name}")


def _document(desk: Desk, row: CauseRow) -> dict[str, Any]:
    return {
        "name": row.name,
        "words": [each for each in row.words.split(", ") if each],
        "opened_at": plain(row.opened_at),
        "closed_at": plain(row.closed_at),
        "open": [number for _, number in cause.open_tickets(desk, row.name)],
    }
