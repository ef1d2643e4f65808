"""The shop itself, asked about whoever is looked at: by itself once a ticket is painted, and again by a key.

Promises: nothing here takes a moment; what the shop says is seen as any other change of the desk. Refuses: opening anything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from agentdesk.config import Settings
    from agentdesk.core.views import QueueRow
    from agentdesk.engine.desk import Desk
    from agentdesk.engine.lookup import Lookups


class Shop:
    """What is asked beside the console; loaded where there is anything to ask."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._lookups: Lookups | None = None

    def look(self, settings: Settings, row: QueueRow | None, *, now: bool = False) -> None:
        """Somebody looks at `row`; with `now` the shop is asked though what it said is fresh."""
        if row is None or not settings.lookups:
            return
        if self._lookups is None:
            from agentdesk.engine.lookup import Lookups

            self._lookups = Lookups(self._desk)
        self._lookups.want(settings, row.id, row.last_message_at, now=now)

    def stop(self) -> None:
        if self._lookups is not None:
            self._lookups.stop()
