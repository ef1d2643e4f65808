"""`account add CHANNEL` for chats: the options are config's own table, the login is tried at once.

Promises: an account is written only with its secret, and one that the service refuses is said and kept, so that the next
sync tries again. Refuses: secrets as arguments.
"""

from argparse import Namespace

from agentdesk import config, present, secret
from agentdesk.cli.account import added, described, secret_place, written
from agentdesk.cli.context import Context
from agentdesk.cli.desk import opened
from agentdesk.config import Account
from agentdesk.config.options import keys_of
from agentdesk.errors import N_, DeskError, UsageError
from agentdesk.i18n import tr

TOKEN = N_("Token of {name}: ")
SECRETS = N_("Secrets of {name}, in one line: {shape}: ")
_SHAPE = '{"token": "...", "app_secret": "...", "relay_token": "..."}'


def _add(channel: str, ctx: Context, args: Namespace, question: str = TOKEN) -> None:
    options = {key.name: getattr(args, key.name) for key in keys_of(channel)}
    _added(
        channel, {name: value for name, value in options.items() if value is not None}, ctx, args, question
    )


def other(ctx: Context, args: Namespace) -> None:
    """A channel that another package brings: its options are its own."""
    _added(args.channel, dict(args.option), ctx, args)


def _added(
    channel: str, options: dict[str, object], ctx: Context, args: Namespace, question: str = TOKEN
) -> None:
    """Adds an account, begins to watch it and logs in. `question` asks for its secret."""
    from agentdesk.engine.sync import open_account
    from agentdesk.engine.visit import log_in

    account_id = config.new_id()
    place = secret_place(ctx, args, account_id)
    fields: dict[str, object] = {
        "id": account_id,
        "name": args.name,
        "channel": channel,
        **written(ctx.home, place),
        "waiting_days": args.waiting_days,
        "options": options,
    }
    account = added(ctx, args, fields, place, tr(question).format(name=args.name, shape=_SHAPE))
    del ctx.settings  # what follows must see the new account
    told: dict[str, object] = {"checked": False}
    try:
        seen = log_in(ctx.home, account)
    except DeskError as error:
        said = present.problem(error)
        ctx.say(f"{said.title}: {said.detail}\n  {said.remedy}")
    else:
        account = config.change_account(ctx.home, account.name, "address", seen.address)
        account = _as_before(ctx, account)
        told = {"checked": True, "abilities": list(seen.abilities)}
    with opened(ctx) as desk:
        open_account(desk, account)
    ctx.out({**described(account), **told}, tr("{name} was added.").format(name=account.name))


def _as_before(ctx: Context, account: Account) -> Account:
    """An account that was here before and removed takes over its tickets; only the login says which one it is."""
    known = config.former_id(ctx.home, ctx.settings, account.channel, account.address)
    if known is None:
        return account
    if account.secret.kind in {"keyring", "file"}:
        secret.keep(known, secret.read(account), account.secret, name=account.name)
    found = config.take_over(ctx.home, account.name, known)
    if account.secret.kind == "keyring":
        secret.forget(account)
    del ctx.settings
    return found


def whatsapp(ctx: Context, args: Namespace) -> None:
    if args.way is None:
        raise UsageError(reason=f"{tr('WhatsApp can be connected in these ways:')}\n{_ways()}")
    _by_way("whatsapp", ctx, args)


def _by_way(channel: str, ctx: Context, args: Namespace) -> None:
    """Adds an account of a channel that has several ways, one of which was named. What hears by webhooks has three secrets."""
    if args.name is None:
        raise UsageError(reason=tr("missing: {names}").format(names="NAME"))
    _add(channel, ctx, args, TOKEN if args.relay is None else SECRETS)


def _ways() -> str:
    """What each way is, what it costs and what it takes away."""
    return "\n".join(
        (
            tr(
                "--way cloud: a number of its own on Meta's Cloud API. Free answers cost nothing, templates are paid for "
                "each. It needs a small relay server (docs/relay.md), and that number cannot be used in the WhatsApp app any "
                "more."
            ),
            tr(
                "--way cloud, the shop's number kept in the WhatsApp Business app (coexistence): Meta gives it through its "
                "partners only. What you answer on the telephone comes in here as yours. The app has to be opened now "
                "and then, and some of its functions rest."
            ),
            tr(
                "--way twilio: a number that Twilio holds. No relay is needed: it is asked for every few seconds. Twilio takes "
                "a fee for each message, files cannot be sent, and templates are sent from Twilio's own console."
            ),
        )
    )


def messenger(ctx: Context, args: Namespace) -> None:
    _page("messenger", ctx, args)


def instagram(ctx: Context, args: Namespace) -> None:
    _page("instagram", ctx, args)


def _page(channel: str, ctx: Context, args: Namespace) -> None:
    if args.way is None:
        text = tr(
            "--way poll asks Meta for new messages every few seconds and needs nothing else; --way relay hears of them at "
            "once and also of what was read, and needs a small relay server (docs/relay.md)."
        )
        raise UsageError(reason=text)
    _by_way(channel, ctx, args)


def sms(ctx: Context, args: Namespace) -> None:
    _add("sms", ctx, args)


def telegram(ctx: Context, args: Namespace) -> None:
    _add("telegram", ctx, args)


def matrix(ctx: Context, args: Namespace) -> None:
    _add("matrix", ctx, args, N_("Password of {name}: "))
    ctx.say(
        tr("Of each room the last messages are taken in, fifty at most; older ones stay on the homeserver.")
    )
    ctx.say(tr("Encrypted rooms cannot be read: ask customers to write to you in a room without encryption."))
