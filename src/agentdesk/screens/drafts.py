"""Drafts on their way to the disk.

Promises: what was typed and cannot be saved, because the disk is full for one, stays here as long as the console runs, is
what the composer opens with, and is saved as soon as that can be done; what another console of the same agent has saved on the same
ticket meanwhile stays beside it. Refuses: saying so; whoever saves gets the error.
"""

from agentdesk.engine.desk import Desk
from agentdesk.engine.feed import Feed, is_choice, keep_draft
from agentdesk.values import dataclass


@dataclass(slots=True)
class _Known:
    """Of a draft: how it stood in the store when it was read or saved last, and what of that was typed here and elsewhere."""

    whole: str = ""
    own: str = ""
    beside: str = ""


class Drafts:
    """The drafts of whoever sits here."""

    def __init__(self, desk: Desk, feed: Feed) -> None:
        self._desk = desk
        self._feed = feed
        self._unsaved: dict[tuple[str, str, str], str] = {}
        self._known: dict[tuple[str, str, str], _Known] = {}

    def text(self, ticket: str, kind: str) -> str:
        """What was typed last, wherever it is; empty where there is nothing. From here on it is ours to change."""
        key = self._desk.agent, ticket, kind
        if key in self._unsaved:
            return self._unsaved[key]
        found = self._feed.draft(ticket, kind)
        self._known[key] = _Known(found, found)
        return found

    def hold(self, ticket: str, kind: str, text: str) -> bool:
        """Whether the draft still has all of `text`: another console of the same agent changes it, too."""
        return text.strip() in self._feed.draft(ticket, kind)

    def keep(self, ticket: str, kind: str, text: str) -> None:
        """Saves a draft, or takes it away where it is empty; raises DeskError, and then it stays here."""
        self._unsaved[self._desk.agent, ticket, kind] = text
        self.save()

    def save(self) -> None:
        """Saves whatever is not; raises DeskError."""
        for (agent, ticket, kind), text in tuple(self._unsaved.items()):
            if agent == self._desk.agent:
                self._save(ticket, kind, text)
                del self._unsaved[agent, ticket, kind]

    def _save(self, ticket: str, kind: str, text: str) -> None:
        if is_choice(kind):  # of two choices the later one counts
            keep_draft(self._desk, ticket, kind, text)
            return
        known = self._known.setdefault((self._desk.agent, ticket, kind), _Known())

        def joined(there: str) -> str:
            known.beside = _beside(there, known)
            if known.beside.strip() in text:
                known.beside = ""  # it was taken over here, or there is none
            return "\n\n".join(each for each in (known.beside, text) if each.strip()) or text

        known.whole, known.own = keep_draft(self._desk, ticket, kind, joined), text


def _beside(there: str, known: _Known) -> str:
    """What of the draft that is `there` was typed elsewhere: as far as it is known, what is not ours of it, or all of it."""
    if there == known.whole:
        return known.beside
    if there.strip() == known.own.strip():
        return ""
    before, after = f"{known.own.strip()}\n\n", f"\n\n{known.own.strip()}"
    if known.own.strip() and there.startswith(before):
        return there.removeprefix(before)
    return there.rstrip().removesuffix(after) if known.own.strip() else there
