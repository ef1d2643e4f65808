"""What the server should do for us: set \\Seen or \\Answered, move a mail out of Junk or back, delete the mails of somebody who
was forgotten, wished in the transaction of the act and done when there is a line. A line that is not there costs no try.

Flags and moves are courtesies and let go after a few noes. A deletion is a promise: it is wished until it is done, and a mail that
turns up again, in another place or under another number, is wished away again. A wish holds places only, nothing of a person.
"""

from collections.abc import Iterable

from agentdesk.core.model import Place
from agentdesk.store.driver import Connection
from agentdesk.values import dataclass

TRIES = 5
SEEN, ANSWERED = "\\Seen", "\\Answered"
DELETE = "delete"
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
        "DELETE FROM wish WHERE tries >= ? AND flag <> ? RETURNING account, folder, validity, uid",
        (TRIES, DELETE),
    ).fetchall()
    return tuple(place for row in gone if (place := Place(*row)) not in fulfilled)


@dataclass(frozen=True, slots=True)
class Undeleted:
    """Mails of forgotten people that a folder still holds; `tries`: how often the server would not."""

    account: str
    folder: str
    mails: int
    tries: int


def delete(connection: Connection, messages: Iterable[str]) -> None:
    """Wishes away the mails of these messages, wherever they lie and wherever they turn up later."""
    for message in messages:
        connection.execute("INSERT INTO unwanted VALUES (?) ON CONFLICT DO NOTHING", (message,))
        lies_again(connection, message)


def lies_again(connection: Connection, message: str) -> None:
    """An erased message was met, maybe in a new place: it is wished away there too, if it was to be."""
    connection.execute(
        "INSERT INTO wish (account, folder, validity, uid, flag) SELECT account, folder, validity, uid, ? FROM place "
        "WHERE message = (SELECT message FROM unwanted WHERE message = ?) AND validity > 0 ON CONFLICT DO NOTHING",
        (DELETE, message),
    )


def deleted(connection: Connection, places: tuple[Place, ...], done: Iterable[Place]) -> None:
    """What was deleted lies in its place no more; the rest stays wished."""
    gone = frozenset(done)
    for place in places:
        key = (place.account, place.folder, place.validity, place.uid)
        where = "WHERE account = ? AND folder = ? AND validity = ? AND uid = ?"
        if place in gone:
            connection.execute(f"DELETE FROM wish {where} AND flag = ?", (*key, DELETE))  # noqa: S608
            connection.execute(f"DELETE FROM place {where}", key)  # noqa: S608
        else:
            connection.execute(f"UPDATE wish SET tries = tries + 1 {where} AND flag = ?", (*key, DELETE))  # noqa: S608


def undeleted(connection: Connection) -> tuple[Undeleted, ...]:
    """What is still to be deleted, by folder."""
    rows = connection.execute(
        "SELECT account, folder, count(*), max(tries) FROM wish WHERE flag = ? GROUP BY account, folder ORDER BY account, folder",
        (DELETE,),
    )
    return tuple(Undeleted(*row) for row in rows)
