"""Logging in by OAuth2 with the shop's own client, from a terminal.

Promises: the address to open and the code to type are shown to whoever is there; what comes of it is kept where a password would
be. Refuses: a client of ours, and a client secret as an argument.
"""

import webbrowser
from argparse import Namespace
from contextlib import suppress

from agentdesk.cli.context import Context
from agentdesk.config import Account
from agentdesk.core.setup import provider
from agentdesk.errors import UsageError
from agentdesk.i18n import tr


def check(args: Namespace) -> None:
    """Raises UsageError where the options do not go together."""
    if args.client_id and args.auth != "xoauth2":
        raise UsageError(reason=tr("--client-id goes with --auth xoauth2"))
    if args.client_id and (args.secret_command or args.secret_env):
        text = tr("--client-id keeps what it gets itself: in the keyring, or with --secret-file")
        raise UsageError(reason=text)


def granted(ctx: Context, account: Account, client_id: str, client_secret: str) -> str:
    """What is to be kept for the account after somebody has logged in; raises UsageError, LoginError and UnreachableError."""
    from agentdesk.engine import token

    whose = provider(account.imap.host) if account.imap else ""
    if not whose:
        raise UsageError(reason=tr("--client-id is for mailboxes at Google and Microsoft"))

    def show(address: str, code: str) -> None:
        if code:
            text = tr("Open {address} and type the code {code}")
        else:
            text = tr("Log in here; the browser opens if there is one: {address}")
            with suppress(webbrowser.Error):
                webbrowser.open(address)
        ctx.say(text.format(address=address, code=code))

    client = token.client(whose, client_id, client_secret)
    return token.granted(account.id, client, account.address, show)
