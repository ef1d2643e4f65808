"""What was said of a message before the message was known by that name: local, without a name or a word of anybody.

A service's news may overtake its own answer. It waits here as a hash, a kind and a time, a sign with the hash of whoever put it there,
and goes when the message is there, or after a week.
"""

from datetime import datetime, timedelta

from agentdesk.core.instant import moment, stamp
from agentdesk.store.driver import Connection
from agentdesk.values import dataclass

KEPT = timedelta(days=7)
SIGN = "sign"


@dataclass(frozen=True, slots=True)
class Early:
    """`kind`: withdrawn, a receipt's state, or `sign` and the identity of whoever put it there (none: us); `code` is the receipt's, or
    the sign; `at` aware in UTC."""

    mail_id: str
    kind: str
    code: str
    at: datetime

    @property
    def is_sign(self) -> bool:
        return self.kind.partition(" ")[0] == SIGN

    @property
    def by(self) -> str | None:
        """Whose sign it is."""
        return self.kind.partition(" ")[2] or None


def keep(connection: Connection, early: Early) -> None:
    """What was said first of a message, and the last sign that each put to it."""
    connection.execute(
        "INSERT INTO early VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET code = excluded.code, at = excluded.at "
        "WHERE early.kind GLOB 'sign *' AND excluded.at >= early.at",
        (early.mail_id, early.kind, early.code, stamp(early.at)),
    )


def take(connection: Connection, mail_ids: tuple[str, ...]) -> list[Early]:
    """What waited for these names, oldest first; it waits no more."""
    found = [
        Early(mail_id, kind, code, moment(at))
        for name in mail_ids
        for mail_id, kind, code, at in connection.execute("SELECT * FROM early WHERE mail_id = ?", (name,))
    ]
    for name in mail_ids:
        connection.execute("DELETE FROM early WHERE mail_id = ?", (name,))
    return sorted(found, key=lambda each: each.at)


def drop_old(connection: Connection, now: datetime) -> None:
    connection.execute("DELETE FROM early WHERE at < ?", (stamp(now - KEPT),))
