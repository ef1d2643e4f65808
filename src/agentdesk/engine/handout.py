"""Everything of one person in a folder that can be handed to them: a page to read, the same as data, and every file.

Promises: what an erase would take is in it, and no word of another customer; the folder is there whole or not at all; page and data
are of one document. Refuses: wording the page (`handpage`), and choosing what somebody should not see: notes are in it, so read it
before it goes.
"""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from agentdesk.channels.chat import is_chat
from agentdesk.config import Home, Settings
from agentdesk.core.card import CustomerCard
from agentdesk.core.instant import plain
from agentdesk.core.views import MessageView
from agentdesk.engine import files, lookup, person, pledge
from agentdesk.engine.desk import Desk
from agentdesk.engine.export import contents, free, message_record, readable
from agentdesk.engine.person import Matter
from agentdesk.engine.summed import Folder
from agentdesk.engine.whole import cleared, synced
from agentdesk.engine.window import Window
from agentdesk.errors import DiskError, RefusedError
from agentdesk.store import lock
from agentdesk.values import dataclass

PAGE, DATA = "index.html", "data.json"


@dataclass(frozen=True, slots=True)
class Handed:
    """A finished folder and what is in it."""

    folder: Path
    tickets: int
    messages: int
    files: int


def write(
    desk: Desk,
    home: Home,
    settings: Settings,
    customer: str,
    folder: Path,
    page: Callable[[dict[str, Any]], str],
) -> Handed:
    """Writes everything of a customer into `folder`, new or empty; `page` words the document. Raises RefusedError for one who was forgotten, NotFoundError,
    UsageError, PlaceError, DiskError."""
    folder = folder.expanduser().absolute()
    free(folder, home)
    card = person.card(desk, customer)
    if card.erased:
        raise RefusedError(reason="nothing_changes")
    passing = folder.with_name(f".{folder.name}.agentdesk-part")
    try:
        with lock.held(home.state, "export"), cleared(passing), Window(desk) as window:
            done = _Handout(desk, settings, window, card, passing).run(page)
            os.sync()
            passing.replace(folder)
            synced(folder.parent)
    except OSError as error:
        raise DiskError(path=str(error.filename or folder), reason=error.strerror or str(error)) from error
    return Handed(folder, *done)


class _Handout:
    def __init__(
        self, desk: Desk, settings: Settings, window: Window, card: CustomerCard, folder: Path
    ) -> None:
        self._desk = desk
        self._settings = settings
        self._window = window
        self._card = card
        self._out = Folder(folder)
        self._files = 0

    def run(self, page: Callable[[dict[str, Any]], str]) -> tuple[int, int, int]:
        matters = person.matters(self._desk, self._window, self._card.id)
        tickets = [self._matter(each) for each in matters]
        document = {**_who(self._card), "tickets": tickets}
        self._out.put(PAGE, [page(document).encode()])
        self._out.close(DATA, lambda *_: f"{json.dumps(document, indent=1, ensure_ascii=False)}\n".encode())
        return len(tickets), sum(len(each["messages"]) for each in tickets), self._files

    def _matter(self, matter: Matter) -> dict[str, Any]:
        row = matter.ticket.row
        messages = [self._message(row.number, place, each) for place, each in enumerate(matter.messages, 1)]
        found = {"number": row.number, "channel": row.channel, "theirs": matter.theirs, "messages": messages}
        if matter.theirs:  # of another's ticket only the person's own words go out
            known = lookup.of(self._desk, self._settings, row.id)
            found |= {
                "subject": row.subject,
                "status": row.status,
                "tags": list(matter.ticket.tags),
                "put_away_for": row.snooze_reason,
                "promises": [
                    {"text": each.text, "due_at": plain(each.due_at)}
                    for each in pledge.of_ticket(self._desk, row.id)
                ],
                "lookups": {
                    each.name: [fact.document() for fact in each.facts] for each in known if each.facts
                },
            }
        return found

    def _message(self, number: int, place: int, message: MessageView) -> dict[str, Any]:
        data = self._window.raw(message.id) if message.raw and not message.erased else None
        raw, places = None, []
        if data is not None:
            file = f"messages/{number}-{place:04}.{'json' if is_chat(data) else 'eml'}"
            self._out.put(file, contents(data))
            raw = {"file": file}
            places = [
                self._attachment(data, message, n, f"{number}-{place:04}")
                for n in range(len(message.attachments))
            ]
        account = self._settings.account(message.account)
        name = account.name if account else message.account
        return message_record(number, message, name, raw, places or [None] * len(message.attachments))

    def _attachment(self, data: bytes | Path, message: MessageView, n: int, stem: str) -> str | None:
        one = message.attachments[n]
        name = f"files/{stem}-{n + 1}-{files.safe_name(one.name)}"
        if not self._out.put(name, readable(data, one.part), wanted=one.sha256):
            return None
        self._files += 1
        return name


def _who(card: CustomerCard) -> dict[str, Any]:
    return {
        "name": card.name,
        "identities": [f"{channel}:{address}" for channel, address in card.identities],
        "language": card.language,
        "first_contact_at": plain(card.first_at),
        "last_contact_at": plain(card.last_at),
        "preference": card.preference or None,
        "fields": dict(card.fields),
        "notes": [{"at": plain(each.at), "author": each.author, "text": each.text} for each in card.about],
        "called": list(card.called),
        "segments": list(card.segments),
        "muted_at": plain(card.muted_at),
        "no_surveys_at": plain(card.no_surveys_at),
        "ratings": [
            {"ticket": number, "score": score, "at": plain(at)} for number, score, at in card.ratings
        ],
    }
