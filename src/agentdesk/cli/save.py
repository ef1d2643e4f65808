"""`save`: the files that came with a ticket, under safe names that take nobody's place."""

from argparse import Namespace

from agentdesk.cli.context import Context
from agentdesk.cli.desk import looking
from agentdesk.cli.given import messages_of
from agentdesk.cli.place import place
from agentdesk.engine.files import save as saved
from agentdesk.i18n import tr


def save(ctx: Context, args: Namespace) -> None:
    with looking(ctx) as (desk, window):
        paths = [
            saved(desk, message.id, file.part, file.name, place(args.to))
            for message in messages_of(window, args.ticket, args.message)
            for file in message.attachments
        ]
    text = "\n".join(map(str, paths)) or tr("There is no file in this ticket.")
    ctx.out([str(path) for path in paths], text)
