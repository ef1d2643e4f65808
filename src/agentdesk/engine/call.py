"""A phone call written down: its text is a blob, in the transaction of the event that names it."""

import re
from datetime import datetime
from typing import Literal

from agentdesk.core.commands import NoteCall
from agentdesk.core.events import Event
from agentdesk.core.model import Address
from agentdesk.core.text import clean, safe_line
from agentdesk.engine.desk import Desk
from agentdesk.errors import RefusedError
from agentdesk.store import pack
from agentdesk.values import dataclass

_NUMBER = re.compile(r"\+?[\d\s()./-]{5,}")


@dataclass(frozen=True, slots=True)
class Call:
    """What is written down. `number` as it was dialled or shown; `then`: done, open (we owe something) or waits (for the
    customer); `until` puts it away until then."""

    text: str
    number: str = ""
    name: str = ""
    ours: bool = False
    seconds: int | None = None
    then: Literal["done", "open", "waits"] = "done"
    until: datetime | None = None


def dialled(text: str) -> str:
    """A telephone number as we keep it, `+34600111222` or `600111222`; raises ValueError for what is none."""
    found = text.strip()
    if not _NUMBER.fullmatch(found):
        raise ValueError(found)
    digits = re.sub(r"\D", "", found)
    if found.startswith("+"):
        return f"+{digits}"
    return f"+{digits[2:]}" if digits.startswith("00") else digits


def length(typed: str) -> int | None:
    """`3` (minutes), `3:20` or nothing, in seconds; raises ValueError."""
    minutes, _, seconds = typed.strip().partition(":")
    if not minutes and not seconds:
        return None
    if not all(part.isascii() and part.isdigit() for part in (minutes, seconds or "0")):
        raise ValueError(typed)
    return int(minutes) * 60 + int(seconds or 0)


def note_call(desk: Desk, call: Call, ticket: str | None = None) -> Event:
    """Writes a call into `ticket`, else into one of its own; raises RefusedError."""
    text = clean(call.text).rstrip()
    if not text:
        raise RefusedError(reason="no_text")
    blob = pack(text.encode("utf-8", "replace"))
    caller = Address(safe_line(call.name), call.number) if call.number else None
    line = safe_line(text.partition("\n")[0])
    command = NoteCall(
        ticket=ticket,
        caller=caller,
        ours=call.ours,
        seconds=call.seconds,
        text=blob.hash,
        size=blob.size,
        subject=line if len(line) <= 60 else line[:60].rpartition(" ")[0] + "…",
        then=call.then,
        until=call.until,
    )
    with desk.transaction() as writer:
        writer.blobs.put(writer.connection, (blob,))
        answer = desk.decided(writer, command)
    if answer.event is None:
        raise RefusedError(reason="nothing_changes")
    return answer.event
