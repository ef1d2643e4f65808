"""What others write into config.toml while the console is open: another terminal puts a rule on, somebody corrects the signature,
an account comes or goes.

Promises: what can count at once does so within a second, and at once where somebody is about to decide by it; an account that is
added is received, one that is removed no more, and both are said; a file with a fault is said and leaves what counted before.
Refuses: what was built from the settings when the console began: hours, targets, keys and colours count from the next start.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from agentdesk import config
from agentdesk.core.text import safe_line
from agentdesk.engine.start import introduce
from agentdesk.errors import N_, DeskError
from agentdesk.i18n import tr

if TYPE_CHECKING:
    from agentdesk.config import Account, Settings
    from agentdesk.screens.front import Front

PARTS = ("agents", "send", "notify", "away", "automatic", "rules", "segments")
DESK = ("shop", "form")
_ADDED = N_("{name} was added: its messages come in from now on.")
_CHANGED = N_("{name} was changed: its messages come in that way from now on.")
_GONE = N_("{name} was removed: nothing comes in by it any more.")


class Following:
    """Belongs to one console."""

    def __init__(self, home: Front, stamp: tuple[int, ...]) -> None:
        """`stamp` is that of the file which the console began with."""
        self._home = home
        self._stamp = stamp
        self._known: Settings | None = home.settings if self._stamp else None
        """What the file said when it was read last; None where there was none."""

    def look(self) -> None:
        """Reads the file where it is another one than before; asks the disk once, and that is all where it is not."""
        stamp = self._home.place.stamp()
        if stamp == self._stamp:
            return
        self._stamp, place = stamp, self._home.place
        try:
            said = config.load(place)
        except DeskError as error:
            self._home.doing.fail(error)
            return
        before = self._known or config.settings_of("", place.config_file)
        self._known = said
        home, had = self._home, self._home.settings.accounts
        home.settings = home.sight.settings = _followed(home.settings, before, said)
        introduce(home.desk, home.settings)
        self._receive(had, home.settings.accounts)

    def _receive(self, had: tuple[Account, ...], has: tuple[Account, ...]) -> None:
        """Goes on with the accounts that there are now, where they are others than those that there were."""
        known = {each.id: _connected(each) for each in had}
        gone = [each for each in had if each.id not in {one.id for one in has}]
        fresh = tuple(each for each in has if known.get(each.id) != _connected(each))
        if not gone and not fresh:
            return
        home = self._home
        home.behind.follow(frozenset(each.id for each in gone), fresh)
        home.paths.refresh_header()
        told = [(_GONE, each) for each in gone]
        told += [(_CHANGED if each.id in known else _ADDED, each) for each in fresh]
        home.tell(" ".join(tr(text).format(name=safe_line(each.name)) for text, each in told))


def _followed(now: Settings, before: Settings, said: Settings) -> Settings:
    """`now` with what `said` says otherwise than the file did `before`: the console's own choices stay where nobody wrote."""
    parts = {each: getattr(said, each) for each in PARTS if getattr(said, each) != getattr(before, each)}
    desk = {each: getattr(said.desk, each) for each in DESK}
    accounts = _accounts(now, before, said)
    return replace(now, desk=replace(now.desk, **desk), accounts=accounts, **parts)


def _accounts(now: Settings, before: Settings, said: Settings) -> tuple[Account, ...]:
    """Those of the console, with what the file says otherwise than before; what it never named stays."""
    kept = [each for each in now.accounts if said.account(each.id) or not before.account(each.id)]
    new = [each for each in said.accounts if not before.account(each.id) and not now.account(each.id)]
    return (*(_now(each, before, said) for each in kept), *new)


def _now(account: Account, before: Settings, said: Settings) -> Account:
    known = said.account(account.id)
    return account if known is None or known == before.account(account.id) else known


def _connected(account: Account) -> Account:
    """What of an account its connection is made of: how it and the shop behind it are called is not."""
    return replace(account, name="", shop="")
