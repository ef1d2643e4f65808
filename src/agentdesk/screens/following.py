"""What others write into config.toml while the console is open: another terminal puts a rule on, somebody corrects the signature.

Promises: what can count at once does so within a second, and at once where somebody is about to decide by it; a file with a fault is
said and leaves what counted before. Refuses: what was built from the settings when the console began: accounts, hours, targets,
keys and colours count from the next start.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from agentdesk import config
from agentdesk.errors import DeskError

if TYPE_CHECKING:
    from agentdesk.config import Settings
    from agentdesk.screens.front import Front

PARTS = ("agents", "send", "notify", "away", "automatic", "rules")
DESK = ("shop", "form")


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
        self._home.settings = _followed(self._home.settings, before, said)
        self._home.sight.settings = self._home.settings


def _followed(now: Settings, before: Settings, said: Settings) -> Settings:
    """`now` with what `said` says otherwise than the file did `before`: the console's own choices stay where nobody wrote."""
    parts = {each: getattr(said, each) for each in PARTS if getattr(said, each) != getattr(before, each)}
    desk = {each: getattr(said.desk, each) for each in DESK}
    accounts = tuple(
        replace(each, shop=known.shop) if (known := said.account(each.id)) else each for each in now.accounts
    )
    return replace(now, desk=replace(now.desk, **desk), accounts=accounts, **parts)
