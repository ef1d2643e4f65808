"""`call`: a phone call written down by whoever held it."""

from argparse import Namespace

from agentdesk.cli.context import Context
from agentdesk.cli.desk import looking
from agentdesk.cli.given import text_of, when_of
from agentdesk.engine.call import Call, dialled, length, note_call
from agentdesk.errors import UsageError
from agentdesk.i18n import tr


def call(ctx: Context, args: Namespace) -> None:
    """Prints `{ticket, message, event}`."""
    if (args.who is None) == (args.ticket is None):
        raise UsageError(reason=tr("Say who called: a telephone number, or the ticket it is about."))
    try:
        number = dialled(args.who) if args.who else ""
    except ValueError:
        raise UsageError(reason=tr("{text} is no telephone number").format(text=args.who)) from None
    try:
        seconds = length(args.length)
    except ValueError:
        raise UsageError(reason=tr("How long it took is written in minutes: 3 or 3:20.")) from None
    text = text_of(args)
    with looking(ctx) as (desk, window):
        noted = Call(
            text=text,
            number=number,
            name=args.name,
            ours=args.out,
            seconds=seconds,
            then=args.then,
            until=when_of(ctx, desk, args.until) if args.until else None,
        )
        ticket = window.ticket_id(args.ticket) if args.ticket else None
        event = note_call(desk, noted, ticket)
        row = window.ticket(window.number(event.ticket) or 0).row
    document = {"ticket": row.number, "status": row.status, "event": event.id}
    ctx.out(document, tr("The call is in #{number}.").format(number=row.number))
