"""What the messages of a chat answer, worked out as a ticket is read.

Promises: one query for all that is read at once, along indexes, however long the ticket is; an answer to what was said right before it
points at nothing, since everybody sees that; what is no message of the same ticket is nothing that could be shown. Refuses: mails, which
quote what they answer, and what was written here, since no service is told what that answers.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from agentdesk.core.later import Answered
from agentdesk.core.model import OURS, PARTY, Direction, is_chat
from agentdesk.core.text import safe_line
from agentdesk.store.blobs import Blobs
from agentdesk.store.driver import Connection
from agentdesk.values import dataclass

WORDS = 160
"""Characters of a message that say which one it is."""
_ASIDE = frozenset({Direction.NOTE, *PARTY})
"""What the customer does not see."""
_FOUND = """
    SELECT p.key, q.id, q.direction, coalesce(nullif(q.name, ''), q.address, i.address, ''), q.received_at, q.erased,
        coalesce((SELECT v.text FROM version v WHERE v.message = q.id AND v.kind = 'edited' AND v.text IS NOT NULL
            ORDER BY v.at DESC, v.number DESC LIMIT 1), q.text),
        coalesce((SELECT a.name FROM attachment a WHERE a.message = q.id ORDER BY a.position LIMIT 1), '')
    FROM json_each(?) p JOIN message q ON q.id = coalesce(
            (SELECT m.id FROM message m WHERE m.mail_id = p.value ORDER BY m.n LIMIT 1),
            (SELECT message FROM alias WHERE mail_id = p.value))
        LEFT JOIN identity i ON i.id = q.author
    WHERE NOT q.hidden AND q.ticket IN (SELECT id FROM ticket WHERE root = ?)
"""


@dataclass(frozen=True, slots=True)
class Pointing:
    """A message as far as it may answer another one: `channel` is None where it is ours, `names` are those of what it answers."""

    id: str
    direction: str
    channel: str | None
    is_written_here: bool
    name: str
    names: Sequence[str]

    @property
    def target(self) -> str | None:
        """The name of what it answers; None where it answers nothing, or is of no chat."""
        channel = self.channel or self.name.partition(":")[0]
        is_of_chat = channel.isidentifier() and is_chat(channel)
        return self.names[-1] if self.names and is_of_chat and not self.is_written_here else None


def answered(
    connection: Connection,
    blobs: Blobs,
    ticket: str,
    messages: Sequence[Pointing],
    mail_id: Callable[[str], str],
    read: Mapping[str, str],
) -> dict[str, Answered]:
    """By message what it answers. `messages` are in their order, with one more before those that are shown; `mail_id` is the desk's seal's;
    `read` are the texts of messages that were read already."""
    wanted = {each.id: mail_id(each.target) for each in messages if each.target}
    if not wanted:
        return {}
    before = dict(_before(messages))
    found = {}
    for row in connection.execute(_FOUND, (json.dumps(wanted), ticket)):
        message, other = row[0], row[1]
        if before.get(message) != other:
            text = read[other] if other in read else "" if row[5] else blobs.text(connection, row[6])
            found[message] = _made(row, text)
    return found


def _before(messages: Sequence[Pointing]) -> Iterator[tuple[str, str]]:
    """Of each message the one that the customer saw right before it."""
    last = None
    for each in messages:
        if last is not None:
            yield each.id, last
        if each.direction not in _ASIDE:
            last = each.id


def _made(row: Any, text: str) -> Answered:
    _, message, direction, name, at, is_gone, _, file = row
    words = safe_line(text[: 4 * WORDS])[:WORDS] or safe_line(file)
    return Answered(message, safe_line(name), direction in OURS, at, words, bool(is_gone))
