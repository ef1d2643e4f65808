"""Which act is taken back: the last one, or the one before an answer that has gone.

Promises: an answer that has gone is said once, with its ticket, and stepped over the next time; whatever was done since comes first
again. Refuses: taking back (`reply.undo`).
"""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from agentdesk.core.events import Event
    from agentdesk.engine.desk import Desk


def last(desk: Desk, before: str | None = None) -> Event | None:
    """The last act of whoever sits here that was not taken back, of those `before` another one where that is given."""
    from agentdesk.core.undo import ACTS
    from agentdesk.store import log

    with closing(desk.reader()) as connection:
        return log.last_of(connection, desk.agent, tuple(sorted(ACTS)), before or "")


def act_of(desk: Desk, undone: Event) -> Event | None:
    """What an undo took back."""
    from agentdesk.core.events import TakenBack
    from agentdesk.store import log

    act = next((each.event for each in undone.changes if isinstance(each, TakenBack)), "")
    with closing(desk.reader()) as connection:
        return log.one(connection, act)


class Over:
    """What somebody steps over who goes back act by act."""

    def __init__(self) -> None:
        self._newest = self._gone = ""

    def before(self, desk: Desk) -> str | None:
        """The answer that was said to have gone, where nothing was done since; None: the last act is meant."""
        newest = last(desk) if self._gone else None
        return self._gone if newest and newest.id == self._newest else None

    def step(self, desk: Desk, gone: str) -> None:
        """It was said that the answer of the event `gone` cannot be taken back."""
        newest = last(desk)
        self._newest, self._gone = newest.id if newest else "", gone
