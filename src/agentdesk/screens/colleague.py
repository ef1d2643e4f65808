"""A note that asks a colleague, and with it a word to the customer: by when they will hear.

Promises: what the customer is told is seen before it goes, and is another text than the note; both are one act. Refuses: putting
a word of the note into the answer.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from agentdesk import present
from agentdesk.core.letter import Wish
from agentdesk.core.model import Address, OutFile
from agentdesk.core.views import QueueRow
from agentdesk.engine.ask import Promised, ask, promised
from agentdesk.engine.reply import Written
from agentdesk.errors import DeskError
from agentdesk.i18n import tr
from agentdesk.screens import timing
from agentdesk.screens.destination import Destination
from agentdesk.screens.dialogs import Confirm
from agentdesk.screens.front import Front

NOTE = "note"


class Told(Destination):
    """The way of what the customer is told beside a note."""

    kind = draft = NOTE

    def __init__(self, home: Front, row: QueueRow, told: Promised) -> None:
        super().__init__(home, row)
        self._told = told

    def title(self) -> str:
        return f"#{self.row.number} {self.who}"

    @property
    def does(self) -> str:
        at = self._told.until.astimezone(self.home.settings.desk.tzinfo)
        return tr("{who} is told: we need until {time}").format(who=self.who, time=f"{at:%d/%m %H:%M}")

    @property
    def to(self) -> list[str]:
        """The note itself goes to nobody."""
        return []

    @property
    def text_max(self) -> int:
        return 0

    def others(self) -> list[str]:
        return []

    def fits(self, text: str, files: tuple[OutFile, ...]) -> None:
        """The note is as long as it likes."""

    async def agreed(self, text: str) -> tuple[Address, ...] | None:
        return await super().agreed(self._told.text)

    def writer(self, wish: Wish, *, resolve: bool) -> Callable[[Any], Written]:
        desk, settings, row, told = self.home.desk, self.home.settings, self.row, self._told
        return lambda channel: ask(desk, settings, channel, row, wish.text, told, to=wish.to)


async def tell(home: Front, row: QueueRow) -> Told | None:
    """Asks by when the customer hears, and shows what they are told; None where nothing is to be told."""

    def objects(until: datetime) -> str:
        try:
            _told(home, row, until)
        except DeskError as error:
            return present.problem(error).detail
        return ""

    hint = tr("tomorrow 9:00, mañana 9, 2h")
    typed = await timing.ask(home, tr("Until when do we need?"), hint, objects=objects)
    if not typed:
        return None
    told = _told(home, row, typed.at)
    question = tr("Tell the customer this, when the note is kept?")
    return Told(home, row, told) if await home.doing.ask(Confirm(question, told.text)) else None


def _told(home: Front, row: QueueRow, until: datetime) -> Promised:
    return promised(home.desk, home.settings, home.place, row, until)
