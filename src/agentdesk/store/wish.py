"""What the server should do for us: set \\Seen or \\Answered, move a mail out of Junk or back, wished in the transaction of the
act and done when there is a line. A line that is not there costs no try."""

from collections.abc import Iterable

from agentdesk.core.model import Place
from agentdesk.store.driver import Connection

TRIES = 5
SEEN, ANSWERED = "\\Seen", "\\Answered"
TO_INBOX, TO_JUNK = "to inbox", "to junk"
MOVES = {TO_INBOX: "inbox", TO_JUNK: "junk"}
"""By wish, the role of the folder in which a mail is to lie."""


def add(connection: Connection, ticket: str, flag: str, *, answer: str | None = None) -> None:
    """Wishes `flag` for the customer's messages of a ticket that lie on a server; with `answer`, a message of ours, for
    the one before it only."""
    connection.execute(
        "INSERT INTO wish (account, folder, validity, uid, flag) SELECT p.account, p.folder, p.validity, p.uid, ? "
        "FROM place p WHERE p.message IN (SELECT id FROM message WHERE ticket IN (SELECT id FROM ticket WHERE root = ?) "
        "AND (direction = 'in' OR direction = 'from_party' AND ? IS NULL) AND NOT history AND (? IS NULL OR n < (SELECT n FROM message WHERE id = ?)) "
        "ORDER BY n DESC LIMIT ?) AND p.validity > 0 "
        "AND NOT EXISTS (SELECT 1 FROM json_each(p.flags) WHERE value = ?) ON CONFLICT DO NOTHING",
        (flag, ticket, answer, answer, answer, 1 if answer else 30, flag),
    )


def move(connection: Connection, message: str, wanted: str) -> None:
    """Wishes a message into another folder wherever it lies; a wish for the opposite that was not yet done is dropped."""
    opposite = TO_JUNK if wanted == TO_INBOX else TO_INBOX
    places = connection.execute(
        "SELECT account, folder, validity, uid FROM place WHERE message = ? AND validity > 0", (message,)
    ).fetchall()
    for place in places:
        dropped = connection.execute(
            "DELETE FROM wish WHERE account = ? AND folder = ? AND validity = ? AND uid = ? AND flag = ?",
            (*place, opposite),
        )
        if not dropped.rowcount:
            connection.execute(
                "INSERT INTO wish (account, folder, validity, uid, flag) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
                (*place, wanted),
            )


def all_of(connection: Connection, account: str) -> dict[str, tuple[Place, ...]]:
    """What is wished for an account, by flag."""
    found: dict[str, tuple[Place, ...]] = {}
    rows = connection.execute(
        "SELECT flag, account, folder, validity, uid FROM wish WHERE account = ?", (account,)
    )
    for flag, *place in rows:
        found[flag] = (*found.get(flag, ()), Place(*place))
    return found


def tried(
    connection: Connection, flag: str, places: tuple[Place, ...], done: Iterable[Place]
) -> tuple[Place, ...]:
    """What was done is fulfilled; the rest is tried a few times more, then let go: it is a courtesy, no promise. Gives what was
    let go."""
    fulfilled = frozenset(done)
    for place in places:
        key = (place.account, place.folder, place.validity, place.uid, flag)
        if place in fulfilled:
            connection.execute(
                "UPDATE wish SET tries = ? WHERE account = ? AND folder = ? AND validity = ? AND uid = ? AND flag = ?",
                (TRIES, *key),
            )
        else:
            connection.execute(
                "UPDATE wish SET tries = tries + 1 WHERE account = ? AND folder = ? AND validity = ? AND uid = ? AND flag = ?",
                key,
            )
    gone = connection.execute(
        "DELETE FROM wish WHERE tries >= ? RETURNING account, folder, validity, uid", (TRIES,)
    ).fetchall()
    return tuple(place for row in gone if (place := Place(*row)) not in fulfilled)
