"""`customer erase`: forgetting a person for good.

Promises: what would go and what would stay with the providers is said before anything happens. Refuses: forgetting without --yes,
because nothing brings it back.
"""

from argparse import Namespace
from typing import Any

from agentdesk import farewell
from agentdesk.cli.context import Context
from agentdesk.cli.customer import called
from agentdesk.cli.desk import looking
from agentdesk.config import Settings
from agentdesk.core.staying import Foreseen
from agentdesk.engine import forgetting, person
from agentdesk.engine.forgetting import Forgotten
from agentdesk.errors import UsageError
from agentdesk.i18n import tr, tr_n


def erase(ctx: Context, args: Namespace) -> None:
    with looking(ctx) as (desk, window):
        customer = window.customer(args.customer)
        if args.dry_run or not args.yes:
            before = forgetting.foreseen(desk, customer)
            told = _foretold(ctx.settings, called(person.card(desk, customer)), before, mailbox=args.mailbox)
            if not args.dry_run:
                raise UsageError(reason=f"{told}\n{tr('add --yes to do it')}")
            ctx.out({"customer": customer, "erased": False, **document(ctx.settings, before)}, told)
            return
        done = forgetting.erase(desk, ctx.home, customer, ctx.settings.backup, mailbox=args.mailbox)
    _say(ctx, done, mailbox=args.mailbox)
    data = {
        "customer": customer,
        "erased": True,
        **document(ctx.settings, done.before),
        "to_delete": done.asked,
        "event": done.event.id,
        "removed": [str(path) for path in done.removed],
        "kept": [str(path) for path in done.kept],
        "still_read": done.is_read,
    }
    ctx.out(data, tr("Forgotten: {what}.").format(what=farewell.here(done.before.extent)))


def document(settings: Settings, before: Foreseen) -> dict[str, Any]:
    """What goes and what stays, as JSON has it."""
    gone, stays = before.extent, before.staying
    return {
        "tickets": gone.tickets,
        "messages": gone.messages,
        "attachments": gone.attachments,
        "notes": gone.notes,
        "notes_about": gone.about,
        "drafts": gone.drafts,
        "stays": {
            "folders": [
                {
                    "account": farewell.account_name(settings, each.account),
                    "folder": each.folder,
                    "mails": each.mails,
                    "deletable": each.deletable,
                }
                for each in stays.folders
            ],
            "services": [
                {
                    "account": farewell.account_name(settings, each.account),
                    "channel": each.channel,
                    "messages": each.messages,
                }
                for each in stays.chats
            ],
            "named_by_others": stays.named,
        },
    }


def _foretold(settings: Settings, name: str, before: Foreseen, *, mailbox: bool) -> str:
    text = tr("this would take everything of {customer} for good ({what})")
    lines = [text.format(customer=name, what=farewell.here(before.extent))]
    lines += farewell.elsewhere(before.staying, settings)
    if mailbox:
        lines += [
            tr("what can be deleted at the provider is deleted there too"),
            *farewell.at_gmail(before.staying, settings),
        ]
    elif before.staying.deletable:
        lines.append(tr("add --mailbox to delete at the provider too what can be deleted there"))
    lines.append(farewell.by_hand())
    return "\n".join(lines)


def _say(ctx: Context, done: Forgotten, *, mailbox: bool) -> None:
    for folder in done.kept:
        text = tr("{path} may still hold the customer: remove it yourself.")
        ctx.say(text.format(path=folder))
    if done.is_read:
        ctx.say(
            tr(
                "Another program still reads the store: nothing is left of the person there once it has ended."
            )
        )
    if ctx.json:
        return
    for line in farewell.elsewhere(done.before.staying, ctx.settings, mailbox=mailbox):
        ctx.say(line)
    if done.asked:
        text = tr_n(
            "{count} mail is deleted at the provider with the next sync; agentdesk doctor says what is left.",
            "{count} mails are deleted at the provider with the next sync; agentdesk doctor says what is left.",
            done.asked,
        )
        ctx.say(text.format(count=done.asked))
    ctx.say(farewell.by_hand())
