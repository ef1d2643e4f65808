"""Putting another text in place of one that we sent, or taking a message of ours back.

Promises: the same change asked twice is one event, since its transaction id comes from the change; of a message with files the
one event that holds the text is changed, and all of them are redacted, with whatever took the place of the text before.
Refuses: remembering which events those are; the homeserver knows.
"""

from collections.abc import Callable
from datetime import datetime
from urllib.parse import quote

from agentdesk.channels import Accepted, Doubtful, Refused, SendResult, TryLater, chat
from agentdesk.channels.matrix import event
from agentdesk.channels.matrix.outgoing import tried
from agentdesk.channels.matrix.session import Session, path
from agentdesk.channels.shape import inside
from agentdesk.channels.web import Reply
from agentdesk.core import unsent

_RELATIONS = "_matrix/client/v1/rooms"
_TEXTS = frozenset({"m.text", "m.notice"})


async def amend(
    session: Session, clock: Callable[[], datetime], names: tuple[str, ...], text: str | None, unique: str
) -> SendResult:
    """See `Amends`."""
    room = chat.conversation_of(names[0])
    events = [event.id_of(chat.number_of(name)) for name in names]
    if text is None:
        return await _redacted(session, clock, room, events, unique)
    for each in events:
        found = await tried(session, "GET", path("rooms", room, "event", each))
        if not isinstance(found, Reply):
            return _again(found)
        kind = inside(found.body, "content").get("msgtype")
        if kind in _TEXTS:
            where = path("rooms", room, "send", event.MESSAGE, event.transaction(unique, 0))
            done = await tried(session, "PUT", where, json=_replacing(each, str(kind), text))
            return Accepted(clock()) if isinstance(done, Reply) else done
    return Refused("unsupported", unsent.NO_TEXT)


async def _redacted(
    session: Session, clock: Callable[[], datetime], room: str, events: list[str], unique: str
) -> SendResult:
    """What took the place of a text goes first: of a redacted event a homeserver names no edits any more."""
    for each in events:
        edits = await tried(
            session, "GET", f"{_RELATIONS}/{quote(room, safe='')}/relations/{quote(each, safe='')}/m.replace"
        )
        if isinstance(edits, TryLater | Doubtful):
            return _again(edits)
        found = edits.body.get("chunk", ()) if isinstance(edits, Reply) else ()
        for one in (*(str(edit.get("event_id")) for edit in found), each):
            where = path("rooms", room, "redact", one, event.transaction(f"{unique} {one}", 0))
            done = await tried(session, "PUT", where, json={})
            if not isinstance(done, Reply):
                return done
    return Accepted(clock())


def _again(result: TryLater | Refused | Doubtful) -> TryLater | Refused:
    """Where only looking failed, nothing is in doubt."""
    return TryLater(result.reason) if isinstance(result, Doubtful) else result


def _replacing(name: str, kind: str, text: str) -> dict[str, object]:
    """An edit; clients that know none show its own body, which says by a star that it is one."""
    return {
        "msgtype": kind,
        "body": f"* {text}",
        "m.new_content": {"msgtype": kind, "body": text},
        "m.relates_to": {"rel_type": "m.replace", "event_id": name},
    }
