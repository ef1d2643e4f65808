"""Asks why no answer is needed: a reason by its digit, or words of the agent's own.

Promises: Enter alone discards no question. The cursor stands on going back to answer; on "only thanks" where the law of thanks reads
nothing else in what waits. Refuses: guessing any other reason, and any at all for several tickets at once.
"""

import asyncio
from collections.abc import Sequence

from agentdesk import excused
from agentdesk.core.settling import Excuse
from agentdesk.core.views import QueueRow
from agentdesk.engine import ending
from agentdesk.i18n import tr
from agentdesk.screens import party
from agentdesk.screens.dialogs import Choice, Pick
from agentdesk.screens.front import Front

BACK = ""
"""Chosen where an answer is what is needed."""


class Why(Pick):
    """The reasons, each with its digit; the cursor begins on `meant`, else on going back."""

    def __init__(self, back: str, meant: str | None, number: int | None) -> None:
        hint = tr("A digit chooses at once. Or type your own words; they are kept as a note.")
        self._back, self._meant = Choice(BACK, back), meant
        self._reasons = [
            Choice(code, f"{n} {tr(words)}") for n, (code, words) in enumerate(excused.REASONS.items(), 1)
        ]
        question = tr("Without an answer: why is none needed?")
        if number:
            question = tr("#{number} without an answer: why is none needed?").format(number=number)
        super().__init__(question, self._matching, hint=hint)

    def _matching(self, words: str) -> Sequence[Choice]:
        """What holds the words, and the words themselves: whoever types has said that a reason there is."""
        typed = words.strip().casefold()
        if not typed:
            return [self._back, *self._reasons]
        found = [each for each in self._reasons if typed in each.title.casefold()]
        return [*found, Choice(words, words)]

    def _fill(self, words: str) -> None:
        digit = words.strip()
        if digit.isdigit() and 0 < int(digit) <= len(self._reasons):
            self.dismiss(self._reasons[int(digit) - 1].value)
            return
        choices = self._narrow(words)
        self._put(choices, next((n for n, each in enumerate(choices) if each.value == self._meant), 0))


async def why(home: Front, tickets: tuple[str, ...], row: QueueRow | None) -> Excuse | None:
    """What the agent says of what is marked, or of the one at hand; None where it is left as it is, or answered."""
    one = row.id if row and not tickets else None
    meant = await asyncio.to_thread(ending.said_by_itself, home.desk, one) if one else None
    back = tr("go back and answer") if one else tr("leave them as they are")
    word = await home.doing.ask(Why(back, meant, row.number if row and one else None))
    if word == BACK and one:
        party.answer(home)
    return await asyncio.to_thread(ending.kept, home.desk, word.strip()) if word and word.strip() else None
