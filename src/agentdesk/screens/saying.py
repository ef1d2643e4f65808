"""What the answer that is being written promises, and whether it sends the customer elsewhere: offered below the text, taken by a key.

Promises: nothing is kept that was not confirmed; what was is worked out anew from the text as it goes, and stays with the draft: it
is there again after Esc, after undo and at the next start. Where something is promised
already, the key first says that this takes its place, then that both count, then neither. Refuses: stopping an answer.
"""

import json
from dataclasses import replace
from datetime import datetime

from agentdesk import pledges
from agentdesk.core.derivation import derivation
from agentdesk.core.instant import maybe_moment, maybe_stamp, moment
from agentdesk.core.letter import Wish
from agentdesk.core.macro import both
from agentdesk.core.model import Acts
from agentdesk.core.pledging import Pledge, PledgeView
from agentdesk.core.views import QueueRow
from agentdesk.engine import pledge
from agentdesk.errors import DeskError
from agentdesk.i18n import tr, tr_n
from agentdesk.screens.front import Front
from agentdesk.widgets.pane import Line

KIND = "confirmed"
"""A draft of this kind says what was confirmed of the answer beside it."""


async def by_when(home: Front) -> datetime | None:
    """Asks by when something is promised; None where nothing is."""
    from agentdesk.screens import timing

    def objects(at: datetime) -> str:
        return "" if at > home.desk.now() else tr("That time has passed already.")

    hint = tr("tomorrow 9:00, mañana 9, 2h")
    typed = await timing.ask(home, tr("By when do we promise it?"), hint, objects=objects)
    return typed.at if typed else None


class Saying:
    """Of one answer to a customer; of anything else nothing is said."""

    def __init__(self, home: Front) -> None:
        self._home = home
        self._row: QueueRow | None = None
        self._keeps = self._derives = False
        self._former: tuple[PledgeView, ...] = ()
        """What is promised already, and what this answer promises takes the place of."""
        self._by: datetime | None = None
        """A time that somebody typed, where the text says none."""

    def begin(self, row: QueueRow | None, *, anew: bool = True) -> None:
        """An answer to the ticket of `row`, begun `anew` or gone on with; None: what is written goes to nobody whom one promises
        anything."""
        self._row, self._keeps, self._derives, self._by, self._former = row, False, False, None, ()
        if row is not None and not anew:
            self._remember(row)
        elif row is not None:
            self._keep()  # what was confirmed of an answer that went
        self.look()

    def forget(self) -> None:
        """The text was emptied: nothing is promised in it."""
        self.begin(self._row)

    def _remember(self, row: QueueRow) -> None:
        try:
            said = json.loads(self._home.writing.drafts.text(row.id, KIND) or "{}")
            self._by = maybe_moment(said.get("by"))
        except (ValueError, TypeError, AttributeError):
            return
        self._keeps, self._derives = bool(said.get("keeps")), bool(said.get("derives"))
        self._former = tuple(pledge.open_on(self._home.desk, row.id)) if said.get("renews") else ()

    def _keep(self) -> None:
        if self._row is None:
            return
        said = {"keeps": self._keeps, "derives": self._derives, "renews": bool(self._former)}
        text = json.dumps({**said, "by": maybe_stamp(self._by)}) if any(said.values()) else ""
        drafts = self._home.writing.drafts
        if text == drafts.text(self._row.id, KIND):
            return
        try:
            drafts.keep(self._row.id, KIND, text)
        except DeskError as error:
            self._home.doing.fail(error)

    def look(self) -> None:
        """Reads the text once more."""
        self._home.panes.composer.offer.say(self._line() if self._row else ())

    async def promise(self) -> None:
        """Keeps what the text promises, in place of what was promised or beside it, or not any more; asks by when where it says
        no time."""
        if self._row is None:
            self._home.tell(tr("Only an answer to the customer promises something."), bad=True)
            return
        if self._former:
            self._former = ()
        elif self._keeps:
            self._keeps, self._by = False, None
        else:
            self._by = None if self._found(None) else await by_when(self._home)
            self._keeps = bool(self._by or self._found(None))
            self._former = tuple(pledge.open_on(self._home.desk, self._row.id)) if self._keeps else ()
        self._keep()
        self.look()

    def derive(self) -> None:
        """Marks that this answer sends the customer to another channel, or not any more."""
        if self._row is None:
            self._home.tell(tr("Only an answer to the customer sends them elsewhere."), bad=True)
            return
        self._derives = not self._derives
        self._keep()
        self.look()

    def confirmed(self, wish: Wish) -> Wish:
        """The answer as it goes, with what was confirmed."""
        acts = Acts(derives=self._place or "elsewhere") if self._derives else Acts()
        return replace(wish, pledges=self._pledges(wish.at), acts=both(wish.acts, acts))

    def _pledges(self, at: datetime | None) -> tuple[Pledge, ...]:
        """What was confirmed, as the text promises it if it goes `at` a time."""
        if not self._keeps:
            return ()
        found = (pledge.meant(self._home.desk, self._text, self._by),) if self._by else self._found(at)
        return tuple(replace(each, renews=bool(self._former)) for each in found)

    @property
    def _text(self) -> str:
        return self._home.panes.composer.text

    @property
    def _place(self) -> str | None:
        return derivation(self._text, self._row.channel) if self._row else None

    def _found(self, at: datetime | None) -> tuple[Pledge, ...]:
        return pledge.found(self._home.desk, self._text, at)

    def _line(self) -> Line:
        home, footer = self._home, self._home.panes.footer
        now, zone, glyphs = home.desk.now(), home.settings.desk.tzinfo, home.panes.composer.glyphs
        parts: list[tuple[bool, str]] = []
        if found := self._pledges(None) or self._found(None):
            time = pledges.times(found, now, zone)
            text = tr("kept as a promise {time}") if self._keeps else tr("promise {time} ({key} keeps it)")
            if self._former:
                text = tr_n(
                    "promised anew {time} (before: {former}; {key}: both count)",
                    "promised anew {time} (before: {former}; {key}: all count)",
                    len(self._former),
                )
            due = (moment(each.due_at) for each in self._former)
            former = ", ".join(pledges.by_when(at, now, zone) for at in due)
            key = footer.key_of("compose.promise")
            parts.append((self._keeps, text.format(time=time, key=key, former=former)))
        if (place := self._place) or self._derives:
            to = pledges.place(place or "elsewhere")
            text = (
                tr("sent elsewhere: {place}") if self._derives else tr("sends to: {place} ({key} marks it)")
            )
            key = footer.key_of("compose.derive")
            parts.append((self._derives, text.format(place=to, key=key)))
        return tuple(
            (f" {glyphs.good if on else glyphs.still} {text}  ", "good" if on else "mark")
            for on, text in parts
        )
