"""`template list`, and the template of a reply: texts that a provider approved."""

from argparse import Namespace
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from agentdesk import config, present
from agentdesk.cli.context import Context
from agentdesk.cli.output import table
from agentdesk.config import Account
from agentdesk.core.letter import Wish
from agentdesk.core.views import QueueRow
from agentdesk.i18n import tr

if TYPE_CHECKING:
    from agentdesk.engine.template import Listed


def list_templates(ctx: Context, args: Namespace) -> None:
    found = _listed(ctx, config.known_account(ctx.settings, args.name))
    document = [
        {
            "name": each.name,
            "language": each.language,
            "body": each.body,
            "values": each.values,
            "places": list(each.places),
        }
        for each in found.templates
    ]
    headings = [tr("NAME"), tr("LANGUAGE"), tr("VALUES"), tr("TEXT")]
    ctx.out(document, table(headings, [(d["name"], d["language"], d["values"], d["body"]) for d in document]))


def _listed(ctx: Context, account: Account) -> "Listed":
    from agentdesk.engine import template

    found = template.listed(ctx.home, account)
    if found.trouble:
        told = present.problem(found.trouble)
        ctx.say(tr("The list is an earlier one: {reason}").format(reason=told.detail))
    return found


def wish(
    ctx: Context, row: QueueRow, account: Account, word: str, values: tuple[str, ...], at: datetime | None
) -> Wish:
    """What a template says to the customer of `row`, `at` a time or at once; raises NotFoundError, UsageError, ChannelError."""
    from agentdesk.engine import template

    chosen = template.named(_listed(ctx, account).templates, word, row.language)
    return replace(template.filled(chosen, template.in_order(chosen, values)), at=at)
