"""`move`: a ticket goes to another customer, with both sides before it does."""

from argparse import Namespace
from typing import Any

from agentdesk import whose
from agentdesk.cli.context import Context
from agentdesk.cli.desk import looking
from agentdesk.core.card import Moving, Side
from agentdesk.engine import moving


def move(ctx: Context, args: Namespace) -> None:
    """Prints both sides, and the event unless it was only a look."""
    with looking(ctx) as (desk, _):
        found = moving.look(desk, args.ticket, args.to)
        event = None if args.dry_run else moving.move(desk, found)
    lines = whose.lines(found) + ([] if event is None else ["", whose.done(found)])
    ctx.out({**_document(found), "event": event.id if event else None}, "\n".join(lines))


def _document(found: Moving) -> dict[str, Any]:
    return {
        "ticket": found.number,
        "subject": found.subject,
        "from": _side(found.former),
        "to": _side(found.to),
        "parties": list(found.parties),
        "drafts": found.drafts,
    }


def _side(side: Side) -> dict[str, Any]:
    return {
        "id": side.customer,
        "name": side.name,
        "identity": f"{side.channel}:{side.address}",
        "other_tickets": side.tickets,
    }
