"""The access token of an account that logs in by OAuth2: renewed when it is needed, kept in memory, never written.

Promises: one that is still good is used again; a grant that the provider exchanged for another is kept in the place of the
former before it is used. Where only a command or a variable could keep it, it lives as long as this process, and `is_passing`
says so. An account waits for its own provider, not for another's. Refuses: opinions on what is no grant of ours: a command's
token is passed on as it is.
"""

import logging
import os
import threading
from collections.abc import Callable

from agentdesk import secret
from agentdesk.channels import oauth
from agentdesk.config import Account
from agentdesk.core.text import safe_line
from agentdesk.engine import clock
from agentdesk.errors import N_, ChannelError, LoginError, NewLoginError

MARGIN = 120.0
"""Seconds before its end in which a token is not used any more."""

PASSING = N_(
    "what was granted by a login cannot be kept in a variable or by a command: if the provider renews it, somebody has to log in again one day"
)
PASSING_REMEDY = N_("Keep it where agentdesk can write: agentdesk account secret {name} --secret-file")

_locks: dict[str, threading.Lock] = {}
"""By account; the provider is asked under it, which takes seconds."""
_good: dict[tuple[str, str], tuple[str, float]] = {}
_passing: dict[str, tuple[oauth.Grant, oauth.Grant]] = {}
"""By account: the grant that its place gives, and the one that the provider gave for it, which that place cannot keep."""


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
    with _lock_of(account_id):
        _good[account_id, client.client_id] = token.text, clock.ticks() + token.seconds - MARGIN
    return token.grant.sealed()


def _lock_of(account_id: str) -> threading.Lock:
    return _locks.setdefault(account_id, threading.Lock())


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
    with _lock_of(account.id):
        token, until = _good.get((account.id, grant.client_id), ("", 0.0))
        if clock.ticks() < until:
            return token
        given, newest = _passing.get(account.id, (grant, grant))
        try:
            new = renew(newest if given == grant else grant)
        except ChannelError as error:
            error.values["account"] = account.name
            raise
        if stored and new.grant != grant:
            _keep(account, grant, new.grant)
        _good[account.id, grant.client_id] = new.text, clock.ticks() + new.seconds - MARGIN
        return new.text


def _keep(account: Account, given: oauth.Grant, new: oauth.Grant) -> None:
    secret.keep(account.id, new.sealed(), account.secret, name=account.name)
    if account.secret.kind in secret.OURS:
        return
    if account.id not in _passing:
        text = "%s: the provider gave a new grant, which a variable or a command cannot keep"
        logging.getLogger(__name__).warning(text, safe_line(account.name))
    _passing[account.id] = given, new


def is_passing(account: Account) -> bool:
    """Whether a grant of this account's provider has no place to stay: its secret is a variable that holds one, or one was
    exchanged in this process. A command is not run for it."""
    if account.auth != "xoauth2" or account.secret.kind in secret.OURS:
        return False
    held = os.environ.get(account.secret.value, "") if account.secret.kind == "env" else ""
    return account.id in _passing or oauth.read(held) is not None
