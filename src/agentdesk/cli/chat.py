"""`account add CHANNEL` for chats: the options are config's own table, the login is tried at once.

Promises: an account is written only with its secret, and one that the service refuses is said and kept, so that the next
sync tries again. Refuses: secrets as arguments.
"""

from argparse import Namespace

from agentdesk import config, present
from agentdesk.cli.account import added, described, secret_place, written
from agentdesk.cli.context import Context
from agentdesk.cli.desk import opened
from agentdesk.config.options import OPTIONS
from agentdesk.errors import DeskError
from agentdesk.i18n import tr


def _add(channel: str, ctx: Context, args: Namespace) -> None:
    """Adds an account, begins to watch it and logs in."""
    from agentdesk.engine.sync import log_in, open_account

    account_id = config.new_id()
    place = secret_place(ctx, args, account_id)
    options = {key.name: getattr(args, key.name) for key in OPTIONS[channel]}
    fields: dict[str, object] = {
        "id": account_id,
        "name": args.name,
        "channel": channel,
        **written(ctx.home, place),
        "waiting_days": args.waiting_days,
        "options": {name: value for name, value in options.items() if value is not None},
    }
    account = added(ctx, args, fields, place, tr("Token of {name}: ").format(name=args.name))
    del ctx.settings  # what follows must see the new account
    told: dict[str, object] = {"checked": False}
    with opened(ctx) as desk:
        open_account(desk, account)
    try:
        seen = log_in(ctx.home, account)
    except DeskError as error:
        said = present.problem(error)
        ctx.say(f"{said.title}: {said.detail}\n  {said.remedy}")
    else:
        account = config.change_account(ctx.home, account.name, "address", seen.address)
        told = {"checked": True, "abilities": list(seen.abilities)}
    ctx.out({**described(account), **told}, tr("{name} was added.").format(name=account.name))


def telegram(ctx: Context, args: Namespace) -> None:
    _add("telegram", ctx, args)
