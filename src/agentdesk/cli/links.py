"""`links`: where the links of a ticket lead, whatever they say. Nothing is opened and nothing fetched."""

from argparse import Namespace

from agentdesk import trust
from agentdesk.cli.context import Context
from agentdesk.cli.desk import looking
from agentdesk.cli.given import messages_of
from agentdesk.cli.output import table
from agentdesk.core.link import links as found_links
from agentdesk.i18n import tr


def links(ctx: Context, args: Namespace) -> None:
    with looking(ctx) as (_, window):
        messages = messages_of(window, args.ticket, args.message)
        found = [(each.id, link) for each in messages for link in found_links(each.text)]
    document = [
        {
            "message": message,
            "host": link.host,
            "reads": link.reads,
            "address": link.address,
            "said": link.said,
            "doubts": trust.leads(link),
        }
        for message, link in found
    ]
    head = [tr("LEADS TO"), tr("SAYS"), tr("ADDRESS")]
    rows = [
        (f"! {each.host}" if each.is_doubtful else each.host, each.said, each.address) for _, each in found
    ]
    ctx.out(document, lambda: table(head, rows) if rows else tr("There is no link in this ticket."))
