"""What a codec makes of a raw message, let in over the border and ready to be stored; whatever a hostile one does to a parser
becomes a reason."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from agentdesk.core.border import let_in
from agentdesk.core.model import Incoming, Notice
from agentdesk.core.seal import content_hash
from agentdesk.core.text import safe_line
from agentdesk.store import Blob, pack

Read = Callable[[bytes | Path], Incoming | Notice]


class Parsed(NamedTuple):
    """Either `incoming` with its `text` packed and the hash of what it `said`, or a `notice`, or a `reason`."""

    incoming: Incoming | None
    text: Blob | None
    reason: str = ""
    notice: Notice | None = None
    said: str = ""


class Reading(NamedTuple):
    """A message in memory: `raw` packed and what was read of it."""

    raw: Blob
    parsed: Parsed


def parsed(read: Read, raw: bytes | Path) -> Parsed:
    """Reads one message; never raises."""
    try:
        said = let_in(read(raw))
        if not isinstance(said, Incoming):
            return Parsed(None, None, notice=said)
        return Parsed(said, pack(said.text.encode("utf-8", "replace")), said=content_hash(said))
    except Exception as error:  # noqa: BLE001 - whatever a hostile mail does to a parser, the next one comes in
        return Parsed(None, None, reason_of(error))


def reading(read: Read, raw: bytes) -> Reading:
    """Packs and reads one message; never raises."""
    return Reading(pack(raw), parsed(read, raw))


def reason_of(error: Exception) -> str:
    """A short sentence without customer text: the parser's own reason, or the kind of the fault."""
    if type(error) is ValueError and error.args:
        return safe_line(str(error.args[0]))[:200]
    return f"the reader failed ({type(error).__name__})"
