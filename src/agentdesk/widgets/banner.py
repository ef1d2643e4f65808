"""The line above the queue that says what is behind many tickets at once: each open cause, how many are open, since when.

Promises: one line, there only while a cause is open; its age goes on by itself. Refuses: knowing how one is found.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from rich.cells import cell_len
from textual import events

from agentdesk import present
from agentdesk.core.instant import moment
from agentdesk.core.text import safe_line
from agentdesk.core.views import CauseRow
from agentdesk.i18n import tr
from agentdesk.widgets.cells import cut
from agentdesk.widgets.glyphs import UNICODE, Glyphs
from agentdesk.widgets.rows import NEVER
from agentdesk.widgets.status import OneLine


class Banner(OneLine):
    """Told anew whenever something may have changed; drawn where it reads otherwise."""

    def __init__(self, *, glyphs: Glyphs = UNICODE, **named: Any) -> None:
        super().__init__(glyphs=glyphs, **named)
        self._causes: Sequence[CauseRow] = ()
        self._now: datetime = NEVER
        self.display = False

    @property
    def is_wanted(self) -> bool:
        return bool(self._causes)

    def show(self, causes: Sequence[CauseRow], now: datetime) -> None:
        """Those that are open."""
        self._causes = causes
        self.tick(now)

    def tick(self, now: datetime) -> None:
        self._now = now
        self._lay()

    def on_resize(self, event: events.Resize) -> None:
        self._lay()

    def _lay(self) -> None:
        room, line = self.size.width - 2, [(" ", "")]
        for each in self._causes:
            age = present.brief(max(0.0, (self._now - moment(each.opened_at)).total_seconds()))
            words = tr("{n} open, for {age}").format(n=each.open, age=age)
            gap = f" {self.glyphs.dot} " if len(line) > 1 else ""
            text = cut(f"! {safe_line(each.name)}: {words}", max(0, room - cell_len(gap)), self.glyphs.more)
            if not text:
                break
            room -= cell_len(gap) + cell_len(text)
            line += [(gap, "dim"), (text, "warn")]
        self.write(tuple(line))
