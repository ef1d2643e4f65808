"""`promise` and `derivation`: what a customer was told that we would do, by when, and whether it was; and who was sent elsewhere.

Promises: a promise is meant by its ticket, where several are open by the soonest, or by its id. Refuses: what the clocks promise,
which is `sla`'s.
"""

from argparse import Namespace
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from agentdesk import pledges
from agentdesk.cli import document
from agentdesk.cli.context import Context
from agentdesk.cli.desk import looking
from agentdesk.cli.given import when_of
from agentdesk.cli.output import table
from agentdesk.core.commands import Command
from agentdesk.core.derivation import Derive
from agentdesk.core.instant import moment, plain, stamp
from agentdesk.core.pledging import DropPledge, GivePledge, KeepPledge, Pledge, PledgeView
from agentdesk.core.text import safe_line
from agentdesk.engine import pledge
from agentdesk.engine.desk import Desk
from agentdesk.engine.window import Window
from agentdesk.errors import N_, NotFoundError, UsageError
from agentdesk.i18n import tr

FAR = timedelta(days=36_500)


def list_promises(ctx: Context, args: Namespace) -> None:
    with looking(ctx) as (desk, window):
        now = desk.now()
        if args.ticket is not None:
            found = pledge.of_ticket(desk, window.ticket(args.ticket).row.id)
        else:
            until = when_of(ctx, desk, args.before) if args.before else now + FAR
            found = pledge.due_before(desk, until)
    zone = ctx.settings.desk.tzinfo
    headings = [tr("DUE"), "#", tr("STATE"), tr("WHO"), tr("WORDS")]
    rows = [
        (ctx.local(each.due_at), each.ticket, pledges.standing(each, now, zone), each.author, each.text)
        for each in found
    ]
    if not found and not ctx.json:
        ctx.say(
            tr(
                "No promise is open. `reply --promise` keeps what an answer says, `promise add` writes one down."
            )
        )
    ctx.out(documents(found, now), table(headings, rows))


def add(ctx: Context, args: Namespace) -> None:
    with looking(ctx) as (desk, window):
        due_at = when_of(ctx, desk, " ".join(args.when))
        ticket = window.ticket(args.ticket)
        text = safe_line(args.text or "")
        if not text:
            raise UsageError(reason=tr("say with --text what was promised"))
        _did(
            ctx,
            desk,
            window,
            args.ticket,
            lambda: GivePledge(ticket.row.id, Pledge(text, due_at, renews=args.instead)),
        )


def keep(ctx: Context, args: Namespace) -> None:
    _ended(ctx, args, KeepPledge)


def drop(ctx: Context, args: Namespace) -> None:
    _ended(ctx, args, DropPledge)


def _ended(ctx: Context, args: Namespace, make: Callable[[str], Command]) -> None:
    with looking(ctx) as (desk, window):
        row = window.ticket(args.ticket).row
        if args.id and args.id not in {each.id for each in pledge.of_ticket(desk, row.id)}:
            raise NotFoundError(what=N_("promise"), name=args.id)
        _did(ctx, desk, window, args.ticket, lambda: make(args.id or pledge.soonest(desk, row.id)))


def _did(ctx: Context, desk: Desk, window: Window, number: int, command: Callable[[], Command]) -> None:
    """One command; prints the ticket's promises as they are afterwards."""
    event = desk.do(command())
    row, now = window.ticket(number).row, desk.now()
    found = pledge.of_ticket(desk, row.id)
    zone = ctx.settings.desk.tzinfo
    lines = [f"#{row.number}: {pledges.standing(each, now, zone)}: {each.text}" for each in found]
    data = {
        "ticket": row.number,
        "event": event.id,
        "status": row.status,
        "promises": documents(found, now),
    }
    ctx.out(data, "\n".join(lines))


def derive(ctx: Context, args: Namespace) -> None:
    """Prints the ticket as it is afterwards."""
    if args.clear and args.to:
        raise UsageError(reason=tr("either --to or --clear"))
    to = None if args.clear else args.to or "elsewhere"
    with looking(ctx) as (desk, window):
        event = desk.do(Derive(window.ticket_id(args.ticket), to))
        view = window.ticket(args.ticket)
        said = pledges.place(to) if to else tr("not sent elsewhere")
        data = {**document.ticket(view, ctx.settings, desk.now()), "event": event.id}
        ctx.out(data, f"#{view.row.number}: {said}")


def documents(found: Iterable[PledgeView], now: datetime) -> list[dict[str, Any]]:
    """Promises as a document has them."""
    return [_document(each, now) for each in found]


def _document(one: PledgeView, now: datetime) -> dict[str, Any]:
    return {
        "id": one.id,
        "ticket": one.ticket,
        "text": one.text,
        "state": one.outcome(stamp(now)).value,
        "due_at": plain(one.due_at),
        "left_seconds": (moment(one.due_at) - now).total_seconds(),
        "given_at": plain(one.given_at),
        "kept_at": plain(one.kept_at),
        "renewed_at": plain(one.renewed_at),
        "agent": one.author,
        "message": one.message,
    }
