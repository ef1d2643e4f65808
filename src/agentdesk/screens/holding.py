"""Answers that have not left yet: the countdown in the footer, sending at once, and the way back into the composer.

The outbox keeps the truth; here is only what this console wrote and the screen still offers to take back.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from agentdesk import dates
from agentdesk.core.instant import moment
from agentdesk.i18n import tr, tr_n
from agentdesk.values import dataclass

if TYPE_CHECKING:
    from datetime import datetime

    from agentdesk.core.events import Event
    from agentdesk.core.views import QueueRow
    from agentdesk.engine.back import Over
    from agentdesk.engine.reply import Written
    from agentdesk.screens.front import Front, Reaches


@dataclass(frozen=True, slots=True)
class Held:
    """An answer, or one to many (`group`); `until` is when it goes by itself, `who` gets it. `timed`: an agent chose that time."""

    messages: tuple[str, ...]
    who: str
    until: datetime
    number: int = 0
    text: str = ""
    group: str = ""
    to: Reaches | None = None
    """Where it goes; None: to the customer."""
    began: str = ""
    """What was typed of it, where a ticket began with it."""
    timed: bool = False

    @property
    def is_passed_on(self) -> bool:
        """Whether it goes to a third party: it answers nobody."""
        return self.to is not None and self.to.kind == "party"


class Holding:
    """What was written here and is held, oldest first."""

    def __init__(self, home: Front) -> None:
        self.home = home
        self._held: list[Held] = []
        self.forms: dict[str, str] = {}
        """What was typed of each call that was written down here, by its event."""

    @cached_property
    def over(self) -> Over:
        """What an undo steps over."""
        from agentdesk.engine.back import Over

        return Over()

    def add(
        self,
        written: Written,
        row: QueueRow,
        text: str,
        to: Reaches | None = None,
        began: str = "",
    ) -> None:
        """An answer was written: counts down as long as it is really held."""
        who = to.who if to is not None else row.customer_name or row.identity.partition(":")[2]
        until, timed = self._until(written.message), self._goes_at(written.message) is not None
        held = Held((written.message,), who, until, row.number, text, to=to, began=began, timed=timed)
        self._held.append(held)
        if timed:
            self._say_when(held)
        elif written.state != "held":
            self.home.tell(_on_its_way(held))
        else:
            self._say(held)

    def add_many(self, group: str, messages: tuple[str, ...], *, quiet: bool) -> None:
        """One answer to many was written; the countdown begins at once, unless there is something to be read first."""
        n = len(messages)
        who = tr_n("{n} customer", "{n} customers", n).format(n=n)
        held = Held(messages, who, self._until(messages[0]), group=group)
        self._held.append(held)
        if not quiet:
            self._say(held)

    def drop(self, group: str) -> None:
        """It was taken back."""
        self._held = [each for each in self._held if each.group != group]

    def _until(self, message: str) -> datetime:
        out = next((each for each in self.home.sight.window.outbox() if each.message == message), None)
        return moment(out.release_at) if out and out.release_at else self.home.desk.now()

    def _goes_at(self, message: str) -> str | None:
        return next(
            (each.goes_at for each in self.home.sight.window.outbox() if each.message == message), None
        )

    def _say_when(self, held: Held) -> None:
        """It waits for its time, and is in nobody's way until then."""
        zone = self.home.settings.desk.tzinfo
        time = dates.coming(held.until.astimezone(zone), self.home.desk.now().astimezone(zone))
        text = tr("#{number}: the answer to {who} goes: {time}; not if they write first.")
        self.home.tell(text.format(number=held.number, who=held.who, time=time), undo=True)

    def _say(self, held: Held) -> None:
        footer = self.home.panes.footer
        undo, send = footer.key_of("act.undo"), footer.key_of("compose.send")
        text = tr("undo answer to {who}; {key} sends it now")
        if held.is_passed_on:
            text = tr("undo message to {who}, #{number}; {key} sends it now")
        elif held.number:
            text = tr("undo answer to {who}, #{number}; {key} sends it now")
        text = text.format(number=held.number, who=held.who, key=send or "-")
        footer.hints.say(text, held.until, self.home.desk.now(), key=undo, counts=True)

    @property
    def current(self) -> Held | None:
        """The newest answer that is still held."""
        now = self.home.desk.now()
        return next((held for held in reversed(self._held) if held.until > now and not held.timed), None)

    @property
    def offered(self) -> Held | None:
        """What the footer offers to take back at this moment, whatever was done since."""
        return self.current if self.home.panes.footer.hints.counts else None

    def tick(self, now: datetime) -> None:
        """The countdown comes back when something else was said meanwhile."""
        held = self.current
        if held and self.home.panes.footer.silent(now):
            self._say(held)
        self._held = [each for each in self._held if (now - each.until).total_seconds() < 600]

    def leave(self) -> None:
        """Somebody else is here: what is held goes when its time comes, and is no longer offered."""
        self._held.clear()
        self.forms.clear()
        vars(self).pop("over", None)
        self.home.panes.footer.hints.hush()

    async def release(self) -> None:
        """Lets the newest held answer go at once."""
        held = self.current
        if held is None:
            self.home.tell(tr("Nothing is held."))
            return
        from agentdesk.engine import reply

        self._held.remove(held)
        if await self.home.doing.did(lambda: reply.release(self.home.desk, *held.messages)):
            self.home.tell(_on_its_way(held))

    def taken_back(self, event: Event) -> Held | None:
        """The answer that an undo took back, with its text."""
        from agentdesk.core.events import MessageSet

        hidden = {
            c.message for c in event.changes if isinstance(c, MessageSet) and c.field == "hidden" and c.now
        }
        found = next((each for each in self._held if hidden.intersection(each.messages)), None)
        if found is not None:
            self._held.remove(found)
        return found


def _on_its_way(held: Held) -> str:
    if held.is_passed_on:
        return tr("The message to {who} is on its way.").format(who=held.who)
    return tr("The answer to {who} is on its way.").format(who=held.who)
