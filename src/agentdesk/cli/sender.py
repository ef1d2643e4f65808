"""`sender`: what is said of who wrote a ticket: a person, not a customer, or nothing; `rescue`: it is no junk."""

from argparse import Namespace
from typing import Literal

from agentdesk import trust
from agentdesk.cli import document
from agentdesk.cli.context import Context
from agentdesk.cli.desk import looking
from agentdesk.core.commands import JudgeSender
from agentdesk.engine import junk
from agentdesk.i18n import tr


def person(ctx: Context, args: Namespace) -> None:
    """This ticket, unless it is history, and later mail of its sender are work."""
    _said(ctx, args.ticket, "person")


def machine(ctx: Context, args: Namespace) -> None:
    """The sender's mail goes to the machines, and what is open of it leaves the queue."""
    _said(ctx, args.ticket, "machine")


def forget(ctx: Context, args: Namespace) -> None:
    """Each mail of the sender is judged by itself again; the tickets stay where they are."""
    _said(ctx, args.ticket, None)


def rescue(ctx: Context, args: Namespace) -> None:
    """What of the ticket lies in Junk is moved with the next sync; prints the ticket as it is afterwards."""
    with looking(ctx) as (desk, window):
        event = junk.rescue(desk, window.ticket_id(args.ticket))
        view = window.ticket(args.ticket)
        data = {**document.ticket(view, ctx.settings, desk.now()), "event": event.id}
    text = tr("#{number} is no junk: its mail goes into the inbox with the next sync.")
    ctx.out(data, text.format(number=view.row.number))


def _said(ctx: Context, number: int, verdict: Literal["person", "machine"] | None) -> None:
    """Prints the ticket as it is afterwards, and `verdict`, what is kept for its sender: null where nothing is."""
    with looking(ctx) as (desk, window):
        event = desk.do(JudgeSender(window.ticket_id(number), verdict))
        view = window.ticket(number)
        kept = window.verdict(view.row.id)
        data = {**document.ticket(view, ctx.settings, desk.now()), "event": event.id, "verdict": kept}
    words = trust.verdict(kept) if kept else tr("nothing is kept for the sender")
    lines = [f"#{view.row.number} {view.row.identity.partition(':')[2]}: {words}"]
    if verdict == "person" and view.row.history:
        lines.append(trust.stays_history(view.row.number))
    ctx.out(data, "\n".join(lines))
