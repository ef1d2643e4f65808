"""Flags that the server should get: \\Seen and \\Answered, wished in the transaction of the act and set when there is a line."""

from agentdesk.core.model import Place
from agentdesk.store.driver import Connection

TRIES = 5
SEEN, ANSWERED = "\\Seen", "\\Answered"


def add(connection: Connection, ticket: str, flag: str, *, newest: bool = False) -> None:
    """Wishes `flag` for the customer's messages of a ticket that lie on a server; `newest`: for the last one only."""
    connection.execute(
        "INSERT INTO wish (account, folder, validity, uid, flag) SELECT p.account, p.folder, p.validity, p.uid, ? "
        "FROM place p WHERE p.message IN (SELECT id FROM message WHERE ticket IN (SELECT id FROM ticket WHERE root = ?) "
        "AND direction = 'in' AND NOT history ORDER BY n DESC LIMIT ?) AND p.validity > 0 "
        "AND NOT EXISTS (SELECT 1 FROM json_each(p.flags) WHERE value = ?) ON CONFLICT DO NOTHING",
        (flag, ticket, 1 if newest else 30, flag),
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


def tried(connection: Connection, flag: str, places: tuple[Place, ...], done: tuple[Place, ...]) -> None:
    """What was done is fulfilled; the rest is tried a few times more, then let go: it is a courtesy, no promise."""
    for place in places:
        key = (place.account, place.folder, place.validity, place.uid, flag)
        if place in done:
            connection.execute(
                "UPDATE wish SET tries = ? WHERE account = ? AND folder = ? AND validity = ? AND uid = ? AND flag = ?",
                (TRIES, *key),
            )
        else:
            connection.execute(
                "UPDATE wish SET tries = tries + 1 WHERE account = ? AND folder = ? AND validity = ? AND uid = ? AND flag = ?",
                key,
            )
    connection.execute("DELETE FROM wish WHERE tries >= ?", (TRIES,))
