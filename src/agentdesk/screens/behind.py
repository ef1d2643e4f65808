"""What goes on beside the console: receiving, sending and the daily backup, begun after the first paint.

Promises: an account that is added while the console is open is received at once, and one that is removed no more. Refuses: keeping
the console from its end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from agentdesk.config import Account
    from agentdesk.engine.background import Background
    from agentdesk.engine.sync import Progress
    from agentdesk.screens.front import Front


class Behind:
    """One console's background; `start` once, `stop` once."""

    def __init__(self, home: Front) -> None:
        self._home = home
        self._accounts: tuple[Account, ...] = ()
        self._background: Background | None = None

    def start(self, accounts: tuple[Account, ...]) -> None:
        self._accounts = accounts
        self.begin_again()

    def begin_again(self) -> None:
        """Anew, where a mistake of ours has ended it."""
        from agentdesk.engine.background import Background
        from agentdesk.engine.voice import hearing

        home, settings = self._home, self._home.settings
        self._background = Background(
            home.desk,
            home.place,
            self._accounts,
            home.sight.feed.passed,
            settings.backup,
            hearing(settings),
            on_ailing=home.sight.feed.ailed,
        )
        self._background.start()

    def follow(self, gone: frozenset[str], fresh: tuple[Account, ...]) -> None:
        """No more those that are gone, by their ids, and from now on the fresh ones, in place of what they were."""
        left = gone | {each.id for each in fresh}
        self._accounts = (*(each for each in self._accounts if each.id not in left), *fresh)
        if self._background is not None:
            self._background.receive(self._accounts)

    def join(self, account: Account, told: Progress) -> None:
        """Another account, from now on; `told` hears of each batch in another thread."""
        self._accounts = (*(each for each in self._accounts if each.id != account.id), account)
        if self._background is not None:
            self._background.join(account, told)

    def stop(self, within: float) -> None:
        if self._background is not None:
            self._background.stop(within)
