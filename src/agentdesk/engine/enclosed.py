"""Which files go along with a draft, and where each is read again.

Promises: a draft keeps the path of a file; of an answer that was taken back it keeps the answer's own copy, which is there when the
file itself is gone. Refuses: copying what merely lies on this laptop, which may be large and is nobody's answer yet.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

from agentdesk.core.model import OutFile
from agentdesk.core.text import safe_line
from agentdesk.engine import browse
from agentdesk.engine.desk import Desk
from agentdesk.store.driver import Connection
from agentdesk.store.reading import attachments_of, files_of
from agentdesk.values import dataclass

KIND = "files"
"""A draft of this kind says what goes along with the other drafts of a ticket, by their kinds."""


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file, `size` in bytes: at `path`, or the `part` of an own `message` that was taken back."""

    name: str
    media_type: str
    size: int
    path: str = ""
    message: str = ""
    part: str = ""


def at(path: str, file: OutFile) -> Enclosure:
    """`file` as it was read from `path`."""
    return Enclosure(file.name, file.media_type, len(file.data), path)


def copies(connection: Connection, message: str) -> tuple[Enclosure, ...]:
    """What went along with a message of ours."""
    return tuple(
        Enclosure(each.name, each.media_type, each.size, message=message, part=each.part)
        for each in attachments_of(connection, message)
    )


def put_there(connection: Connection, ticket: str, message: str) -> tuple[Enclosure, ...]:
    """Of what went along to a third party what the agent put there. What was passed on of the ticket stands behind it, and comes by
    itself with the next one."""
    came = {(safe_line(name), size) for name, size in files_of(connection, ticket)}
    found = copies(connection, message)
    mine = len(found)
    while mine and (found[mine - 1].name, found[mine - 1].size) in came:
        mine -= 1
    return found[:mine]


def enclosed(kept: str, draft: str) -> tuple[Enclosure, ...]:
    """What `keeping` gave for the draft of that kind; nothing for anything else."""
    try:
        return tuple(
            Enclosure(
                str(each["name"]),
                str(each["media_type"]),
                int(each["size"]),
                *(str(each[field]) for field in ("path", "message", "part")),
            )
            for each in json.loads(kept or "{}").get(draft, ())
        )
    except (ValueError, LookupError, TypeError, AttributeError):
        return ()


def keeping(kept: str, draft: str, files: Iterable[Enclosure]) -> str:
    """`kept` with `files` as what goes along with the draft of that kind; empty where nothing does with any."""
    try:
        whole = dict(json.loads(kept or "{}"))
    except (ValueError, TypeError):
        whole = {}
    whole[draft] = [asdict(each) for each in files]
    whole = {kind: some for kind, some in whole.items() if some}
    if not whole:
        return ""
    text = json.dumps(whole, ensure_ascii=False)
    is_text = not any(0xD800 <= ord(c) <= 0xDFFF for c in text)  # a file's name need not be one
    return text if is_text else json.dumps(whole)


def read(desk: Desk, each: Enclosure) -> OutFile:
    """The file itself; raises OSError where it is nowhere any more."""
    if not each.message:
        return browse.read(Path(each.path))
    from agentdesk.engine.files import content
    from agentdesk.engine.window import Window
    from agentdesk.errors import NotFoundError

    try:
        with Window(desk) as window:
            data = b"".join(content(window.raw(each.message), each.part))
    except (NotFoundError, KeyError):
        raise FileNotFoundError(each.name) from None
    return OutFile(each.name, each.media_type, data)
