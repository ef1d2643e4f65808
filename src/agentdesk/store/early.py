"""What was said of a message before the message was known by that name: local, without a name or a word of anybody.

A service's news may overtake its own answer. It waits here as a hash, a kind and a time, and goes when the message is there, or
after a week.
"""

from datetime import datetime, timedelta

from agentdesk.core.instant import moment, stamp
from agentdesk.store.driver import Connection
from agentdesk.values import dataclass

KEPT = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Early:
    """`kind`: withdrawn or a receipt's state; `at` aware in UTC."""

    mail_id: str
    kind: str
    code: str
    at: datetime


def keep(connection: Connection, early: Early) -> None:
    connection.execute(
        "INSERT INTO early VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
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
