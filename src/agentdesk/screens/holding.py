"""Answers that have not left yet: the countdown in the footer, sending at once, and the way back into the composer.

The outbox keeps the truth; here is only what this console wrote and the screen still offers to take back.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from agentdesk.core.instant import moment
from agentdesk.i18n import tr

if TYPE_CHECKING:
    from datetime import datetime

    from agentdesk.core.events import Event
    from agentdesk.core.views import QueueRow
    from agentdesk.engine.reply import Written
    from agentdesk.screens.front import Front, Reaches


@dataclass(frozen=True, slots=True)
class Held:
    """One answer; `until` is when it goes by itself."""

    message: str
    row: QueueRow
    text: str
    until: datetime
    to: Reaches | None = None
    """Where it goes; None: to the customer."""
    began: str = ""
    """What was typed of it, where a ticket began with it."""

    @property
    def who(self) -> str:
        if self.to is not None:
            return self.to.who
        return self.row.customer_name or self.row.identity.partition(":")[2]


class Holding:
    """What was written here and is held, oldest first."""

    def __init__(self, home: Front) -> None:
        self.home = home
        self._held: list[Held] = []

    def add(
        self, written: Written, row: QueueRow, text: str, to: Reaches | None = None, began: str = ""
    ) -> None:
        """An answer was written: counts down as long as it is really held."""
        out = next(
            (each for each in self.home.sight.window.outbox() if each.message == written.message), None
        )
        until = moment(out.release_at) if out and out.release_at else self.home.desk.now()
        held = Held(written.message, row, text, until, to, began)
        self._held.append(held)
        if written.state != "held":
            self.home.tell(tr("The answer to {who} is on its way.").format(who=held.who))
        else:
            self._say(held)

    def _say(self, held: Held) -> None:
        footer = self.home.panes.footer
        undo, send = footer.key_of("act.undo"), footer.key_of("compose.send")
        text = tr("undo answer to {who}; {key} sends it now").format(who=held.who, key=send or "-")
        footer.hints.say(text, held.until, self.home.desk.now(), key=undo, counts=True)

    @property
    def current(self) -> Held | None:
        """The newest answer that is still held."""
        now = self.home.desk.now()
        return next((held for held in reversed(self._held) if held.until > now), None)

    def tick(self, now: datetime) -> None:
        """The countdown comes back when something else was said meanwhile."""
        held = self.current
        if held and self.home.panes.footer.silent(now):
            self._say(held)
        self._held = [each for each in self._held if (now - each.until).total_seconds() < 600]

    def leave(self) -> None:
        """Somebody else is here: what is held goes when its time comes, and is no longer offered."""
        self._held.clear()
        self.home.panes.footer.hints.hush()

    async def release(self) -> None:
        """Lets the newest held answer go at once."""
        held = self.current
        if held is None:
            self.home.tell(tr("Nothing is held."))
            return
        from agentdesk.engine import reply

        self._held.remove(held)
        if await self.home.doing.did(lambda: reply.release(self.home.desk, held.message)):
            self.home.tell(tr("The answer to {who} is on its way.").format(who=held.who))

    def taken_back(self, event: Event) -> Held | None:
        """The answer that an undo took back, with its text."""
        from agentdesk.core.events import MessageSet

        hidden = {
            c.message for c in event.changes if isinstance(c, MessageSet) and c.field == "hidden" and c.now
        }
        found = next((each for each in self._held if each.message in hidden), None)
        if found is not None:
            self._held.remove(found)
        return found
