"""`account secret NAME`: a new password or token in the place of one that was changed or has expired.

Promises: the new one is tried before the former goes, and one that is refused changes nothing; what a refused login held back
goes at once. Of several secrets only those that are given become others; who logged in by a browser does so again. Refuses: a
secret as an argument, and writing where a command or a variable has it: that is said, and it is tried as it is.
"""

from argparse import Namespace
from contextlib import suppress
from dataclasses import replace

from agentdesk import config, secret
from agentdesk.cli import discover, oauth
from agentdesk.cli.account import described, forget, let_go, secret_place, typed, written
from agentdesk.cli.context import Context, as_usage
from agentdesk.config import Account, SecretPlace
from agentdesk.errors import ConfigError, DeskError, SecretError
from agentdesk.i18n import tr


def renew(ctx: Context, args: Namespace) -> None:
    """Asks for it, tries it and keeps it; raises what `mailbox.attempt` and `secret.keep` raise, and then all is as before."""
    account = config.known_account(ctx.settings, args.name)
    new = replace(account, secret=_place(ctx, args, account))
    own = new.secret.kind in secret.OURS
    if not own and new.secret == account.secret:
        ctx.say(_elsewhere(new))
    former = _former(account) if own else ""

    def ask() -> str:
        return _asked(ctx, args, new, former)

    word = (ask() if own else None) if args.unchecked else discover.tried(ctx, new, ask if own else None)
    if word is not None:
        secret.keep(account.id, word, new.secret, name=account.name)
    if new.secret != account.secret:
        _moved(ctx, account, new)
    checked = not args.unchecked
    released = let_go(ctx, account) if checked else 0
    document = {**described(account), "place": new.secret.kind, "checked": checked, "released": released}
    ctx.out(document, _told(account, new, checked=checked))


def _place(ctx: Context, args: Namespace, account: Account) -> SecretPlace:
    """Where it is to be: where it is now, unless an option says another place. What comes from standard input needs one that
    we write."""
    wants = args.secret_command is not None or args.secret_env is not None or args.secret_file
    if not wants and (account.secret.kind in secret.OURS or not args.secret_stdin):
        return account.secret
    wanted = secret_place(ctx, args, account.id)
    return account.secret if wanted.kind == account.secret.kind == "file" else wanted


def _former(account: Account) -> str:
    """What is kept so far; "" where it is gone, which is one more reason for another. A grant may lie elsewhere."""
    if account.secret.kind in secret.OURS or account.auth == "xoauth2":
        with suppress(SecretError):
            return secret.read(account)
    return ""


def _asked(ctx: Context, args: Namespace, account: Account, former: str) -> str:
    from agentdesk.engine.token import client_of

    if client := client_of(former):
        return oauth.granted(ctx, account, client.client_id, client.client_secret)
    question = tr("New password or token of {name}: ").format(name=account.name)
    return secret.renewed(former, typed(args, question))


def _moved(ctx: Context, account: Account, new: Account) -> None:
    """The configuration names the other place, and what lies in the former goes. Where that cannot be written, the new secret
    does not stay behind."""
    try:
        config.move_secret(ctx.home, account.id, written(ctx.home, new.secret))
    except DeskError as error:
        forget(ctx, new)
        raise (as_usage(error) if isinstance(error, ConfigError) else error) from None
    forget(ctx, account)


def _elsewhere(account: Account) -> str:
    if account.secret.kind == "env":
        text = tr(
            "The secret of {name} is in the variable {variable}: put the new one there. It is tried as it is now."
        )
        return text.format(name=account.name, variable=account.secret.value)
    text = tr(
        "The secret of {name} is what its command prints: have it print the new one. It is tried as it is now."
    )
    return text.format(name=account.name)


def _told(account: Account, new: Account, *, checked: bool) -> str:
    is_new = new.secret.kind in secret.OURS or new.secret != account.secret
    if is_new:
        works, untried = (
            tr("{name} has a new secret; the login works."),
            tr("{name} has a new secret; nobody has tried it."),
        )
    else:
        works, untried = tr("{name}: the login works."), tr("{name}: nothing was changed.")
    return (works if checked else untried).format(name=account.name)
