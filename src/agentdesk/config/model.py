"""The settings as frozen values.

Promises: what stands here was checked; nothing needs checking again. Refuses: holding a secret: an account
holds a reference to one (`SecretPlace`), and `agentdesk.secret` reads it when it is needed.
"""

import re
from collections.abc import Mapping
from dataclasses import field
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from agentdesk.core.model import Endpoint
from agentdesk.core.segment import Segment
from agentdesk.values import dataclass

PASSPHRASE = "AGENTDESK_PASSPHRASE"  # noqa: S105 - the name of the variable

SecretKind = Literal["keyring", "command", "env", "file"]


@dataclass(frozen=True, slots=True)
class SecretPlace:
    """Where a secret is. `value` is the command, the variable's name or the file's path; "" for the keyring."""

    kind: SecretKind = "keyring"
    value: str = ""


@dataclass(frozen=True, slots=True)
class Desk:
    """`calendar` is None for a desk that is always open. `form` is how customers are addressed, `shop` what they call the
    shop; empty where nobody said."""

    zone: str
    language: str
    form: str = "tu"
    calendar: str | None = None
    preset: str = "guide"
    shop: str = ""

    @property
    def tzinfo(self) -> ZoneInfo:
        return ZoneInfo(self.zone)


@dataclass(frozen=True, slots=True)
class Agent:
    """A person at the keyboard; `address` may be empty, and so may `signature`: the desk's counts then."""

    name: str
    address: str = ""
    signature: str = ""


@dataclass(frozen=True, slots=True)
class Account:
    """One configured connection. `id` never changes, `name` may; `shop` is what customers call the shop behind it, where it
    is another than the desk's. `waiting_days` is in days;
    `authserv_id` names the server whose Authentication-Results are believed; `options` are those of
    `config.options`."""

    id: str
    name: str
    channel: str
    address: str = ""
    aliases: tuple[str, ...] = ()
    imap: Endpoint | None = None
    smtp: Endpoint | None = None
    secret: SecretPlace = SecretPlace()
    ca_file: Path | None = None
    auth: str = "password"
    folders: tuple[str, ...] = ("INBOX",)
    mark_seen: str = "opened"
    sent_copy: str = "auto"
    plus_address: bool = False
    waiting_days: int = 14
    authserv_id: str = ""
    options: Mapping[str, object] = field(default_factory=dict)
    shop: str = ""


@dataclass(frozen=True, slots=True)
class OwnView:
    """A filter of the queue with a name. `sort` is empty for the order that `view` has by itself, `key` for the next free
    chord."""

    name: str
    view: str = "inbox"
    filter: str = ""
    sort: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Send:
    """Seconds that a message is held before it leaves, and how a mail is laid out. `checks`: a first answer is looked through
    for what it should say."""

    hold_email: int = 10
    hold_chat: int = 2
    quote: str = "below"
    signature: str = ""
    checks: bool = True


@dataclass(frozen=True, slots=True)
class Ui:
    theme: str = "agentdesk"
    ascii: bool = False
    mouse: bool = True
    screen_mouse: bool = False
    clipboard: bool = True
    reduced_motion: bool = False
    reader: bool = False


def _wanted(kinds: frozenset[str], chosen: tuple[str, ...]) -> bool:
    return bool(chosen) and not kinds.isdisjoint({*chosen, "rule"})


@dataclass(frozen=True, slots=True)
class Notify:
    """`bell` and `show` are kinds of notices that ring and that are told; `osc` tells by the terminal in its `way`. `budget` are
    notices an hour, `text` allows the subject, `command` is empty where there is none."""

    bell: tuple[str, ...] = ("new", "due_soon")
    osc: bool = True
    show: tuple[str, ...] = ("new", "due_soon", "breached")
    way: str = "auto"
    mine_only: bool = False
    budget: int = 12
    text: bool = False
    desktop: bool = False
    command: tuple[str, ...] = ()

    def rings(self, kinds: frozenset[str]) -> bool:
        """Whether the bell rings for these; for what a rule tells wherever it rings for anything."""
        return _wanted(kinds, self.bell)

    def shows(self, kinds: frozenset[str]) -> bool:
        """Whether these are told by terminal, desktop or command."""
        return _wanted(kinds, self.show)


@dataclass(frozen=True, slots=True)
class Voice:
    """`transcribe_command` is empty where voices stay voices."""

    transcribe_command: str = ""


@dataclass(frozen=True, slots=True)
class Backup:
    """What is backed up by itself: whether, where (None: beside the data), and how many are kept."""

    daily: bool = True
    folder: Path | None = None
    keep: int = 7


@dataclass(frozen=True, slots=True)
class Automatic:
    """What agentdesk says by itself. `quiet` are hours of the day in which it says nothing that can wait ("21:00-09:00"), `survey_cooldown`
    are days in which nobody is asked twice how it was."""

    quiet: str = "21:00-09:00"
    survey_cooldown: int = 14


@dataclass(frozen=True, slots=True)
class Lookup:
    """Where the shop's own facts come from. `way` is command, url, csv or woocommerce, and `place` its address or file.
    `secret` is None where there is none, `timeout` in seconds, `minutes` how long an answer is fresh; `done` are the words of
    the shop for an order that is over, `pattern` finds order numbers in its group."""

    name: str
    way: str
    place: str = ""
    command: tuple[str, ...] = ()
    columns: Mapping[str, str] = field(default_factory=dict)
    header: str = "Authorization"
    secret: SecretPlace | None = None
    pattern: re.Pattern[str] | None = None
    timeout: int = 2
    minutes: int = 5
    done: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Shown:
    """One value and where it came from: a file's path, or "default"."""

    key: str
    value: object
    source: str


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything of one config.toml. `keys` (action id to key) is checked by whoever owns the actions. `rules` are the
    names of those that run. `away` says by channel in which hours the provider answers by itself: none, closed or laptop."""

    desk: Desk
    agents: tuple[Agent, ...] = ()
    accounts: tuple[Account, ...] = ()
    send: Send = Send()
    ui: Ui = Ui()
    notify: Notify = Notify()
    backup: Backup = Backup()
    voice: Voice = Voice()
    away: Mapping[str, str] = field(default_factory=dict)
    automatic: Automatic = Automatic()
    lookups: tuple[Lookup, ...] = ()
    segments: tuple[Segment, ...] = ()
    keys: Mapping[str, object] = field(default_factory=dict)
    views: tuple[OwnView, ...] = ()
    rules: tuple[str, ...] = ()
    shown: tuple[Shown, ...] = ()

    def account(self, name: str) -> Account | None:
        """The account of that name or id."""
        return next((each for each in self.accounts if name in {each.name, each.id}), None)

    def apart(self, account: str) -> str:
        """What the account of that id is called, where its channel has another one too and says nothing by itself; else nothing."""
        found = next((each for each in self.accounts if each.id == account), None)
        channels = [each.channel for each in self.accounts]
        return found.name if found and channels.count(found.channel) > 1 else ""

    def shop(self, account: Account | None) -> str:
        """What customers of `account` call the shop; the account's own name, which is made for commands, where nobody said."""
        return (account.shop if account else "") or self.desk.shop or (account.name if account else "")

    def agent(self, name: str) -> Agent | None:
        return next((each for each in self.agents if each.name == name), None)

    @property
    def secret_variables(self) -> frozenset[str]:
        """The variables that hold passwords: no command of the shop's is handed them."""
        places = (*(each.secret for each in self.accounts), *(each.secret for each in self.lookups))
        return frozenset(
            (PASSPHRASE, *(each.value for each in places if each is not None and each.kind == "env"))
        )

    def environment(self, environ: Mapping[str, str]) -> dict[str, str]:
        """What a command of the shop's is handed of the variables."""
        hidden = self.secret_variables
        return {name: value for name, value in environ.items() if name not in hidden}
