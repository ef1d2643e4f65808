"""Voices that came in and have not been put into words."""

from agentdesk.store.driver import Connection
from agentdesk.values import dataclass


@dataclass(frozen=True, slots=True)
class Sound:
    message: str
    part: str
    name: str


def unheard(connection: Connection) -> Sound | None:
    """The newest of a customer that nobody has tried yet; history is left alone."""
    row = connection.execute(
        "SELECT a.message, a.part, coalesce(a.name, '') FROM attachment a INDEXED BY attachment_sound "
        "JOIN message m ON m.id = a.message WHERE substr(a.media_type, 1, 6) = 'audio/' AND m.direction = 'in' "
        "AND NOT m.erased AND NOT m.history AND NOT EXISTS "
        "(SELECT 1 FROM version v WHERE v.message = a.message AND v.kind = 'transcript') ORDER BY m.n DESC LIMIT 1"
    ).fetchone()
    return Sound(row[0], row[1], row[2]) if row else None
