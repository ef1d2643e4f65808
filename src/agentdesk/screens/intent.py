"""What the macros in an answer will do when it is sent, kept beside its draft.

Promises: it is shown above the text, survives closing the composer and the console with the draft, and is forgotten when the
text is emptied. Refuses: doing it; the answer's own event does, so that undo takes back both.
"""

from agentdesk import deeds, quick
from agentdesk.core import macro, replies
from agentdesk.core.model import Acts
from agentdesk.engine.phrase import acts
from agentdesk.screens.drafts import Drafts
from agentdesk.screens.front import Front

KIND = "macro"
"""A draft of this kind holds names, one a line."""


class Intent:
    """The macros of the answer to one ticket."""

    def __init__(self, home: Front, drafts: Drafts, ticket: str) -> None:
        self._home = home
        self._drafts = drafts
        self._ticket = ticket
        loaded = quick.load((home.place.config,)).replies if drafts.text(ticket, KIND) else ()
        found = [replies.find(loaded, name) for name in drafts.text(ticket, KIND).split()]
        self._macros = [each for each in found if each is not None and each.does]

    def add(self, reply: replies.QuickReply) -> None:
        """One more; what it does comes after what the others do."""
        if reply.does and reply not in self._macros:
            self._macros.append(reply)
            self._keep()

    def forget(self) -> None:
        """Nothing will be done; raises DeskError where that cannot be saved."""
        if self._macros:
            self._macros.clear()
            self._keep()

    def _keep(self) -> None:
        self._drafts.keep(self._ticket, KIND, "\n".join(each.name for each in self._macros))

    @property
    def acts(self) -> Acts:
        """What would be done if the answer went now."""
        whole = Acts()
        for each in self._macros:
            if each.does:
                whole = macro.both(whole, acts(each.does, self._home.desk, self._home.settings))
        return whole

    @property
    def words(self) -> str:
        """The same for people; empty where nothing will be done."""
        return deeds.words(self.acts, self._home.settings.desk.tzinfo)
