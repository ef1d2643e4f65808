"""`unanswered`: who has neither a public answer nor a reason why none is needed; `--prove` counts them afresh from the log."""

from argparse import Namespace
from typing import Any

from agentdesk import present
from agentdesk.cli.context import Context
from agentdesk.cli.desk import looking
from agentdesk.cli.output import table
from agentdesk.core.instant import plain
from agentdesk.core.proof import Owed
from agentdesk.engine import proof
from agentdesk.engine.window import Window
from agentdesk.i18n import tr


def unanswered(ctx: Context, args: Namespace) -> int:
    """One line for each ticket in which somebody waits; exit status 1 where the proof fails."""
    with looking(ctx) as (desk, window):
        proved = proof.prove(desk) if args.prove else None
        owed = list(proved.owed) if proved else proof.unanswered(desk)
        found = [_document(window, each) for each in owed]
    customers = len({each.customer for each in owed})
    whole: dict[str, Any] = {"unanswered": customers, "tickets": found}
    if proved:
        whole["proof"] = {
            "events": proved.events,
            "messages": proved.messages,
            "customers": proved.customers,
            "agrees": proved.agrees,
        }
        text = tr(
            "{n} unanswered, counted from {events} events, {messages} messages and {customers} customers."
        )
        ctx.say(
            text.format(
                n=customers, events=proved.events, messages=proved.messages, customers=proved.customers
            )
        )
    ctx.out(whole, lambda: _text(ctx, found))
    if proved and not proved.agrees:
        ctx.say(tr("The store does not match the log: agentdesk rebuild makes it anew."))
        return 1
    return 0


def _document(window: Window, one: Owed) -> dict[str, Any]:
    number = window.number(one.ticket) or 0
    row = window.ticket(number).row
    return {
        "ticket": number,
        "customer": {"id": row.customer, "name": row.customer_name, "identity": row.identity},
        "status": row.status,
        "message": one.message,
        "since": plain(one.since),
    }


def _text(ctx: Context, found: list[dict[str, Any]]) -> str:
    rows = [
        (
            ctx.local(each["since"]),
            each["ticket"],
            each["customer"]["name"] or each["customer"]["identity"],
            present.status(each["status"]),
            each["message"],
        )
        for each in found
    ]
    return table([tr("SINCE"), "#", tr("CUSTOMER"), tr("STATUS"), tr("MESSAGE")], rows)
