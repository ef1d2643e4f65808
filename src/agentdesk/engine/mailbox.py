"""A mailbox that is to be added: its servers found, its login tried, and taken in.

Promises: `attempt` logs in to both servers with a secret that is kept nowhere yet and leaves no trace; its errors say which
server said what. `keep` writes secret and account, or neither.
"""

import asyncio
import ssl
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from agentdesk import config, secret
from agentdesk.channels.discovery import Told, discover
from agentdesk.channels.discovery.net import Net
from agentdesk.config import Account, Home
from agentdesk.core.setup import Discovery, domain_of
from agentdesk.engine.desk import Desk
from agentdesk.engine.sync import open_account
from agentdesk.engine.visit import look, visit
from agentdesk.errors import (
    CertificateError,
    ChannelError,
    DeskError,
    LoginError,
    NewAccountError,
    NewLoginError,
    UsageError,
)
from agentdesk.i18n import tr

NET = Net()
"""The network that is asked."""


def find(address: str, told: Told = lambda *_: None, ca_file: Path | None = None) -> Discovery:
    """The servers behind an address; `told(source, state)` hears how it goes, in this thread. Raises UsageError for what is no
    address and CertificateError for a `ca_file` that cannot be read."""
    if not domain_of(address):
        raise UsageError(reason=tr("{address} is no e-mail address").format(address=address or '""'))
    trusted = None if ca_file is None else _trusting(ca_file)
    # Another one each time: a laptop may have moved to another network.
    net = replace(NET, trusted=trusted or NET.trusted)
    return asyncio.run(discover(address, told, net))


def _trusting(ca_file: Path) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=str(ca_file))
    except OSError as error:
        reason = f"{ca_file}: {error.strerror or error}"
        raise CertificateError(account="", server=str(ca_file), reason=reason) from error


def attempt(home: Home, account: Account, word: str) -> None:
    """Logs in with `word`, to both servers where there are two, and out again; raises NewLoginError or NewAccountError with the
    server's own words, NoReplyError, and CertificateError."""
    try:
        visit(home, account, lambda channel: channel.check(), word)
    except LoginError as error:
        raise NewLoginError(**error.values) from None
    except CertificateError:  # what to do about it is said there
        raise
    except ChannelError as error:
        if "address" in error.values:  # one that nobody reads: said as it is
            raise
        raise NewAccountError(**error.values) from None


def waiting(home: Home, account: Account, word: str, now: datetime) -> Mapping[int, int]:
    """By days, how many people wait for an answer since then; nothing where the mailbox does not say."""
    try:
        return look(home, account, now, word).waiting
    except ChannelError:
        return {}  # the login worked, and a figure is no reason to fail


def keep(desk: Desk, home: Home, fields: dict[str, object], word: str) -> Account:
    """Keeps the secret in the keyring, writes the account and begins to watch it; raises SecretError, ConfigError, DiskError and
    UsageError, and then nothing is left behind."""
    account = config.check_account(config.ensure(home), home, fields)
    secret.keep(account.id, word, account.secret, name=account.name)
    try:
        added = config.add_account(home, fields)
    except DeskError:
        with suppress(DeskError):
            secret.forget(account)
        raise
    open_account(desk, added)
    return added
