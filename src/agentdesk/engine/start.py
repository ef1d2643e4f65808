"""Puts a desk together: home and settings in, an open Desk and its connectors out."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from agentdesk.engine import clock
from agentdesk.engine.desk import Desk
from agentdesk.engine.key import FoundKeyError, LostKeyError, key_not_lost, load_key
from agentdesk.errors import (
    DamagedStoreError,
    NoDeskError,
    NotAvailableError,
    RepairableStoreError,
)
from agentdesk.i18n import tr
from agentdesk.store import Store, legible

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from agentdesk import channels
    from agentdesk.config import Account, Home, Settings
    from agentdesk.core.sla import Policy
    from agentdesk.core.state import Staff


_PROVIDERS = {"imap.gmail.com": "mx.google.com", "imap.googlemail.com": "mx.google.com"}
"""By the server that mail is read from, the name under which the provider vouches for senders."""


def open_desk(home: Home, settings: Settings, agent: str) -> Desk:
    """The desk of `home`; raises StoreError, DiskError, ConfigError, BusyError."""
    not_lost(home)
    key_not_lost(home)
    home.make()
    key = load_key(home.key)
    policy = _policy(home, settings)
    store = Store.open(home.data, home.state, _backup(home))
    return Desk(
        store,
        key,
        policy,
        agent=agent,
        own=own_addresses(settings),
        staff=lambda: staff(settings),
        trusted=trusted(settings),
        segments=settings.segments,
    )


def introduce(desk: Desk, settings: Settings) -> None:
    """Tells an open desk what changed settings say of us and of customers."""
    desk.introduce(own_addresses(settings), lambda: staff(settings), trusted(settings), settings.segments)


def not_lost(home: Home) -> None:
    """Raises DamagedStoreError where a store was backed up before: an empty desk in its place would look like a loss."""
    if home.store.exists() and home.store.stat().st_size:
        return
    from agentdesk.engine import kept

    if kept.read(home.state).at:
        reason = tr("it is empty") if home.store.exists() else tr("it is gone")
        raise DamagedStoreError(path=str(home.store), reason=reason)


def there(home: Home) -> None:
    """Raises NoDeskError where nothing of a desk is: an empty one in a folder that was mistyped would look like success."""
    if not is_there(home):
        not_lost(home)
        raise NoDeskError(name=str(home.config))


def is_there(home: Home) -> bool:
    """Whether there is anything of a desk."""
    return home.store.exists() or home.config_file.exists()


@contextmanager
def sound(home: Home, settings: Settings) -> Iterator[None]:
    """Whatever meets damaged bytes inside says which backup is at hand; raises DamagedStoreError."""
    try:
        with legible(home.store):
            yield
    except DamagedStoreError as error:
        from agentdesk.engine import kept

        found = kept.at_hand(home, settings.backup)
        if not found:
            raise
        kind = FoundKeyError if isinstance(error, LostKeyError) else RepairableStoreError
        raise kind(**{**error.values, "backup": str(found[0])}) from error


def look_over(desk: Desk) -> None:
    """Reads what the console shows first, in a millisecond or two; raises what damaged bytes raise."""
    from contextlib import closing

    from agentdesk.store import queries, queue

    with closing(desk.reader()) as connection:
        now = desk.now()
        queries.counts(connection, desk.agent, now)
        queries.health(connection)
        queries.outbox(connection)
        queue.queue(connection, "inbox", now, desk.agent, limit=50)


def _policy(home: Home, settings: Settings) -> Callable[[], Policy]:
    """By which clocks run. What is wrong in a shop's own files is said at the start; what is shipped is right, and is
    read with the first act."""
    desk = settings.desk

    def load() -> Policy:
        from agentdesk.policies import load_policy

        return load_policy(
            (home.config,), desk.preset, desk.calendar, desk.tzinfo, segments=settings.segments
        )

    if desk.calendar is None and not (home.config / "sla.toml").exists():
        return load
    policy = load()
    return lambda: policy


def _backup(home: Home) -> Callable[[Store], object]:
    """Before an existing store is migrated it is copied; loaded only where that happens."""

    def copy(store: Store) -> None:
        from agentdesk.engine.archive import keep_before_migration

        keep_before_migration(home, store)

    return copy


def own_addresses(settings: Settings) -> frozenset[str]:
    """Every address that is ours: a message from one is no customer's."""
    return frozenset(
        address.lower()
        for account in settings.accounts
        for address in (account.address, *account.aliases)
        if address
    )


def staff(settings: Settings) -> Staff:
    """Whose name and address a forger would take. What an account is called by for short (soporte) is nobody's name."""
    from agentdesk.core.lookalike import folded
    from agentdesk.core.state import Staff

    handles = {folded(address.partition("@")[0]) for address in own_addresses(settings)}
    called = {folded(name) for name in (settings.desk.shop, *(each.shop for each in settings.accounts))}
    shops = ({folded(account.name) for account in settings.accounts} - handles) | called
    names = shops | {folded(agent.name) for agent in settings.agents}
    addresses = frozenset(agent.address.lower() for agent in settings.agents if agent.address)
    return Staff(frozenset(names - {""}), addresses)


def trusted(settings: Settings) -> dict[str, str]:
    """By account the server whose Authentication-Results count: the one that the settings name, else that of a provider
    which writes its own on top of every mail. Never one that a mail names."""
    found = {}
    for account in settings.accounts:
        provider = _PROVIDERS.get(account.imap.host.lower(), "") if account.imap else ""
        if server := account.authserv_id or provider:
            found[account.id] = server
    return found


def connector(home: Home, account: Account, typed: str | None = None, **extra: Any) -> Any:
    """The connector of one account, by entry point; raises NotAvailableError for a channel unknown here. `typed` is the secret
    of an account that is only tried."""
    from importlib.metadata import entry_points

    way = account.options.get("way")
    name = f"{account.channel}.{way}" if way else account.channel
    found = next(iter(entry_points(group="agentdesk.channels", name=name)), None)
    if found is None:
        raise NotAvailableError(what=account.channel)
    made: Callable[..., Any] = found.load()
    return made(channel_account(home, account, typed), **{"clock": clock.now, **extra})


def channel_account(home: Home, account: Account, typed: str | None = None) -> channels.Account:
    """What the connector may know: the secret only as something to call. An account that is only tried leaves no trace."""
    from agentdesk import channels, secret

    def word() -> str:
        kept = secret.read(account) if typed is None else typed
        if account.auth != "xoauth2":
            return kept
        from agentdesk.engine import token

        return token.current(account, kept, stored=typed is None)

    spool = home.spool / account.id
    if typed is None:
        spool.mkdir(mode=0o700, parents=True, exist_ok=True)
    return channels.Account(
        id=account.id,
        name=account.name,
        address=account.address,
        aliases=account.aliases,
        secret=word,
        spool=spool,
        options={
            "imap": account.imap,
            "smtp": account.smtp,
            "folders": account.folders,
            "ca_file": str(account.ca_file) if account.ca_file else None,
            "auth": account.auth,
            "sent_copy": account.sent_copy,
            **account.options,
        },
    )
