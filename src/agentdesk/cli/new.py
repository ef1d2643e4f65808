"""`new`: a ticket that begins with a message of ours."""

from argparse import Namespace

from agentdesk import undelivered
from agentdesk.cli import document
from agentdesk.cli.context import Context
from agentdesk.cli.desk import looking
from agentdesk.cli.given import file, text_of
from agentdesk.engine.addressed import failing
from agentdesk.engine.first import whom, write_first
from agentdesk.engine.start import connector
from agentdesk.errors import NotFoundError
from agentdesk.i18n import tr


def new(ctx: Context, args: Namespace) -> None:
    """Prints `{ticket, message, state, event, channel, to, failing}`: `failing` says so where mail to there comes back."""
    account = next((each for each in ctx.settings.accounts if each.name == args.account), None)
    if account is None:
        raise NotFoundError(what="account", name=args.account)
    text = text_of(args)
    files = tuple(file(path) for path in args.attach)
    with looking(ctx) as (desk, window):
        to = whom(desk, account, args.to)
        channel = connector(ctx.home, account)
        done = write_first(
            desk, ctx.settings, channel, account, to, args.subject or "", text, files=files, hold=args.hold
        )
        number = window.number(done.ticket)
        bad = failing(desk, to.channel, [to.person.email])
    data = {
        "ticket": number,
        "message": done.message,
        "state": done.state,
        "event": done.event.id,
        "channel": to.channel,
        "to": to.person.email,
        "failing": document.failing(bad),
    }
    text = tr("#{number}: the message to {to} is in the outbox.").format(number=number, to=to.person.email)
    ctx.out(data, text + undelivered.warned(bad))
