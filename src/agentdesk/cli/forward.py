"""`forward`: messages of a ticket, with their files, to a third party; and `reply --party`, which goes on with it."""

from argparse import Namespace

from agentdesk import undelivered
from agentdesk.cli import document
from agentdesk.cli.context import Context
from agentdesk.cli.desk import looking
from agentdesk.cli.given import ALL, address, file, gives_text, named, text_of
from agentdesk.core.letter import Wish
from agentdesk.core.model import Address
from agentdesk.core.text import safe_line
from agentdesk.engine.addressed import failing
from agentdesk.engine.desk import Desk
from agentdesk.engine.forward import Passed, answer, mailbox, pass_on
from agentdesk.engine.reply import Written
from agentdesk.engine.start import connector
from agentdesk.i18n import tr


def forward(ctx: Context, args: Namespace) -> None:
    """Prints `{ticket, message, state, event, to, failing}`: `failing` is whom mail comes back from."""
    text = text_of(args) if gives_text(args) else ""
    to = tuple(Address("", address(each)) for each in args.to)
    files = tuple(file(path) for path in args.attach)
    with looking(ctx) as (desk, window):
        row = window.ticket(args.ticket).row
        messages = window.messages(row.id, limit=ALL) if args.message else []
        chosen = tuple(named(messages, word) for word in args.message)
        passed = Passed(to, text, chosen, with_files=not args.no_files, files=files)
        channel = connector(ctx.home, mailbox(ctx.settings, row))
        done = pass_on(desk, ctx.settings, channel, row, passed, hold=args.hold)
        _told(ctx, desk, row.number, done, [each.email for each in to])


def go_on(ctx: Context, args: Namespace) -> None:
    """`reply N --party MESSAGE`."""
    text = text_of(args)
    files = tuple(file(path) for path in args.attach)
    with looking(ctx) as (desk, window):
        row = window.ticket(args.ticket).row
        message = named(window.messages(row.id, limit=ALL), args.party)
        channel = connector(ctx.home, mailbox(ctx.settings, row))
        wish = Wish(text, files=files)
        done = answer(desk, ctx.settings, channel, row, message, wish, hold=args.hold)
        sent = next(each for each in window.messages(row.id, limit=ALL) if each.id == done.message)
        _told(ctx, desk, row.number, done, list(sent.to))


def _told(ctx: Context, desk: Desk, number: int, done: Written, to: list[str]) -> None:
    bad = failing(desk, "email", to)
    data = {
        "ticket": number,
        "message": done.message,
        "state": done.state,
        "event": done.event.id,
        "channel": "email",
        "to": to,
        "failing": document.failing(bad),
    }
    names = ", ".join(map(safe_line, to))
    text = tr("#{number}: the mail to {names} is in the outbox; the customer does not see it.")
    ctx.out(data, text.format(number=number, names=names) + undelivered.warned(bad))
