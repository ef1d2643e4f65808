"""A long rest of the keyboard: whoever comes back may be somebody else."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual import events

    from agentdesk.screens.front import Front

RESTS = timedelta(minutes=30)
"""After so long without a key it is asked who is there."""


class Rest:
    """Notices how long nobody pressed a key. `ends` is told each key."""

    def __init__(self, home: Front) -> None:
        self._home = home
        self._last = home.desk.now()
        self._asking = False

    def ends(self, key: events.Key) -> bool:
        """True where the key has to wait for an answer: there is somebody else who might have pressed it."""
        home, now = self._home, self._home.desk.now()
        rested, self._last = now - self._last, now
        if self._asking or rested < RESTS or len(home.settings.agents) < 2:
            return False
        self._asking = True
        home.doing.hold(True)  # what is typed behind this key waits for the question
        home.run_worker(self._ask(key), group="still")
        return True

    async def _ask(self, key: events.Key) -> None:
        from agentdesk.screens.who import still

        try:
            await still(self._home, key)
        finally:
            self._asking = False
            self._last = self._home.desk.now()
