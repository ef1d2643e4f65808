"""The access token of an account that logs in by OAuth2: renewed when it is needed, kept in memory, never written.

Promises: one that is still good is used again; a grant that the provider exchanged for another is kept in the place of the
former before it is used. Refuses: opinions on what is no grant of ours: a command's token is passed on as it is.
"""

import threading
from collections.abc import Callable

from agentdesk import secret
from agentdesk.channels import oauth
from agentdesk.config import Account
from agentdesk.engine import clock
from agentdesk.errors import ChannelError, LoginError, NewLoginError

MARGIN = 120.0
"""Seconds before its end in which a token is not used any more."""

_lock = threading.Lock()
_good: dict[tuple[str, str], tuple[str, float]] = {}


def granted(
    account_id: str,
    client: oauth.Grant,
    address: str,
    show: Callable[[str, str], object],
    pause: Callable[[float], object] = clock.pause,
) -> str:
    """Lets somebody log in for a new account and gives what is to be kept. `show` gets where to go, and the code to type there or
    nothing. Raises NewLoginError and UnreachableError."""
    provider = oauth.PROVIDERS[client.provider]
    try:
        if provider.authorize:
            token = oauth.by_browser(provider, client, address, lambda url: show(url, ""))
        else:
            token = oauth.by_code(provider, client, show, pause)
    except LoginError as error:
        raise NewLoginError(**error.values) from None
    with _lock:
        _good[account_id, client.client_id] = token.text, clock.ticks() + token.seconds - MARGIN
    return token.grant.sealed()


def client(provider: str, client_id: str, client_secret: str) -> oauth.Grant:
    """The shop's own client, before anybody has logged in with it."""
    return oauth.Grant(provider, client_id, client_secret, "")


def client_of(kept: str) -> oauth.Grant | None:
    """The shop's own client by which what is kept of an account was granted; None where it is no grant."""
    return oauth.read(kept)


def current(
    account: Account,
    kept: str,
    renew: Callable[[oauth.Grant], oauth.Token] = oauth.renewed,
    *,
    stored: bool = True,
) -> str:
    """The token for what is `kept` of this account; with `stored` a new grant takes its place. Raises LoginError,
    UnreachableError and SecretError."""
    grant = oauth.read(kept)
    if grant is None:
        return kept
    with _lock:
        token, until = _good.get((account.id, grant.client_id), ("", 0.0))
        if clock.ticks() < until:
            return token
        try:
            new = renew(grant)
        except ChannelError as error:
            error.values["account"] = account.name
            raise
        if stored and new.grant != grant:
            secret.keep(account.id, new.grant.sealed(), account.secret, name=account.name)
        _good[account.id, grant.client_id] = new.text, clock.ticks() + new.seconds - MARGIN
        return new.text
