"""The ways to a customer, and what an answer answers.

Promises: an answer goes by the way the customer came last, in whichever ticket of the matter that was; another one has to be
asked for, and only a way by which the customer wrote to us is one: to the account to which they wrote, since a shop's number and its
workshop's are two. A ticket that was moved is answered to the customer whose
it is now, whoever else wrote in it. What was said in a room (`core.model.room`) is answered in that room, by the ticket of the room, and
what a person wrote to us alone is answered to them alone. Refuses: the telephone; nobody is written to there.
"""

import json
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from agentdesk.core.folding import tokens
from agentdesk.core.instant import maybe_moment, moment
from agentdesk.core.model import ROOM, Address, is_chat, room
from agentdesk.core.views import Way
from agentdesk.core.vouching import ADDRESS_IN_TEXT, NO_ADDRESS
from agentdesk.core.window import closes_at
from agentdesk.store.blobs import Blobs
from agentdesk.store.chats import StoredChats
from agentdesk.store.driver import Connection
from agentdesk.values import dataclass

if TYPE_CHECKING:
    from agentdesk.core.letter import Original

LOOKED_AT = 200
"""Messages that are looked through for a name."""
_NO_CALL = "m.class_reason NOT IN ('call_in', 'call_out')"
_SAID = f"m.direction = 'in' AND m.class = 'human' AND NOT m.erased AND {_NO_CALL} AND m.headers ->> '$.room' IS NULL"
_OF_ITS_CONVERSATION = (
    "(h.identity = t.identity OR NOT EXISTS (SELECT 1 FROM identity r WHERE r.id IN (h.identity, t.identity) "  # noqa: S608
    f"AND r.address LIKE '{ROOM}%'))"
)
"""What is shown in a ticket and was said in the room whose ticket it is, or in none where it is nobody's room's."""
_COLUMNS = (
    "m.account, coalesce(i.channel, t.channel), coalesce(m.language, t.language), m.name, m.address, m.subject, m.headers, "
    "m.text, m.received_at, m.warnings, m.erased, t.channel, t.window_until, m.author, h.root, t.subject, h.identity, "
    "coalesce(i.address, ''), coalesce(i.name, '') "
    "FROM ticket t JOIN message m LEFT JOIN identity i ON i.id = m.author JOIN ticket h ON h.id = m.ticket"
)
_IS_ITS_CUSTOMERS = (
    "m.author IN (SELECT i.id FROM customer c JOIN customer x ON x.root = c.root JOIN identity i ON i.customer = x.id "
    "WHERE c.id = t.customer)"
)
_NEWEST = (
    f"SELECT {_COLUMNS} WHERE t.id = :ticket AND m.ticket IN (SELECT id FROM ticket WHERE root = :ticket) "  # noqa: S608
    f"AND NOT m.hidden AND m.direction IN ('in', 'out') AND {_NO_CALL} AND (t.moved_from IS NULL OR {_IS_ITS_CUSTOMERS}) "
    f"AND {_OF_ITS_CONVERSATION} "
    "ORDER BY m.direction = 'in' AND m.class = 'human' DESC, m.direction = 'in' AND m.class <> 'bounce' DESC, "
    "m.direction = 'out' DESC, m.n DESC LIMIT 1"
)
_NEWEST_BY = (
    f"SELECT {_COLUMNS} WHERE t.id = :ticket AND m.author = :identity AND m.account = :account AND {_SAID} "
    "ORDER BY m.n DESC LIMIT 1"
)
_WAYS = f"""
SELECT i.id, i.channel, i.address, coalesce(i.name, ''), m.account, m.received_at, r.number
FROM ticket mine JOIN customer c ON c.id = mine.customer JOIN customer x ON x.root = c.root JOIN identity i ON i.customer = x.id
JOIN message m INDEXED BY message_author ON m.author = i.id JOIN ticket h ON h.id = m.ticket JOIN ticket r ON r.id = h.root
WHERE mine.id = ? AND i.channel <> 'phone' AND i.address <> '' AND {_SAID}
GROUP BY i.id, m.account HAVING max(m.n) ORDER BY m.n DESC
"""  # noqa: S608 - the only thing put in is a text of ours; with `max` the other columns are that row's


def ways(connection: Connection, ticket: str) -> tuple[Way, ...]:
    """By what, and to which account, the customer of a ticket wrote to us, whoever was found to be the same person included; the
    newest first."""
    return tuple(Way(*row) for row in connection.execute(_WAYS, (ticket,)))


@dataclass(frozen=True, slots=True)
class ToAnswer:
    """The message that an answer answers, by whose `identity` it came (None: one of ours; the room's where it was said in one), on
    which channel and account, and until when it can be answered freely. `ticket` is where the answer belongs: the conversation that a chat always goes on
    in, be it another than the one that was asked about."""

    ticket: str
    account: str
    channel: str
    language: str | None
    original: "Original"
    identity: str | None
    window_until: datetime | None
    opted_out: bool
    newcomer: bool = False
    """Who wrote that mail is not the customer, and no answer ever went to them in the ticket."""


def to_answer(connection: Connection, blobs: Blobs, ticket: str, by: Way | None = None) -> ToAnswer | None:
    """The newest message from a person, else the newest of ours; with `by` the newest of that person to that account, in whatever
    ticket; of a ticket that was moved to somebody who has not written in it, nothing but that one's
    address. None where there is none of these."""
    chosen = {"identity": by.identity, "account": by.account} if by else {}
    row = connection.execute(_NEWEST_BY if by else _NEWEST, {"ticket": ticket, **chosen}).fetchone()
    if row is None:
        return None if by else _moved_to(connection, ticket)
    if row[10]:
        return None
    account, channel, at = row[0], row[1], moment(row[8])
    original = _original(connection, blobs, row)
    if apart := frozenset(parties(connection, ticket)):
        original = replace(
            original,
            reply_to=_without(original.reply_to, apart),
            to=_without(original.to, apart),
            cc=_without(original.cc, apart),
        )
    if "reply_to_elsewhere" in (row[9] or "") and not _is_agreed(connection, ticket, original):
        original = replace(original, elsewhere=True)
    if row[14] != ticket and not is_chat(channel):  # a mail of another matter: only its writer is wanted
        original = replace(original, message_id=None, references=(), cc=(), text="", subject=row[15] or "")
    closes = maybe_moment(row[12]) if channel == row[11] else closes_at(channel, at) if row[13] else None
    return ToAnswer(
        ticket=_belongs(connection, ticket, account, row[13]) if by and is_chat(channel) else ticket,
        account=account,
        channel=channel,
        language=row[2],
        original=original,
        identity=row[16] if original.room else row[13],
        window_until=closes,
        opted_out="opted_out" in (row[9] or ""),
        newcomer=not by and not is_chat(channel) and _is_new(connection, ticket, row[13], original.address),
    )


def _moved_to(connection: Connection, ticket: str) -> ToAnswer | None:
    """To the customer whose a mail is now, and who has not written in its ticket: nothing of what others wrote there goes along."""
    from agentdesk.core.letter import Original

    row = connection.execute(
        "SELECT i.address, coalesce(i.name, ''), coalesce(t.subject, ''), t.last_message_at, t.account, t.language, i.id "
        "FROM ticket t JOIN identity i ON i.id = t.identity WHERE t.id = ? AND t.moved_from IS NOT NULL AND NOT t.erased "
        "AND t.channel IN ('email', 'form') AND i.channel = 'email' AND i.address IS NOT NULL",
        (ticket,),
    ).fetchone()
    if row is None:
        return None
    address, name, subject, at, account, language, identity = row
    original = Original(None, (), name, address, (), (), (), (), subject, "", moment(at))
    return ToAnswer(ticket, account, "email", language, original, identity, None, opted_out=False)


def is_another(connection: Connection, ticket: str, identity: str | None) -> bool:
    """Whether somebody is known not to be the customer of a ticket."""
    sql = (
        "SELECT 1 FROM ticket t JOIN customer c ON c.id = t.customer JOIN identity i ON i.id = ? "
        "JOIN customer x ON x.id = i.customer WHERE t.id = ? AND x.root <> c.root"
    )
    return connection.execute(sql, (identity, ticket)).fetchone() is not None


def reached_by(connection: Connection, customer: str, channel: str | None) -> list[tuple[str, str, str]]:
    """(identity, channel, address) of a customer, those on `channel` alone where one is given; by which they wrote last first."""
    return connection.execute(
        "SELECT i.id, i.channel, i.address FROM customer c JOIN customer x ON x.root = c.root JOIN identity i ON i.customer = x.id "
        "WHERE c.id = ? AND (? IS NULL OR i.channel = ?) AND i.address IS NOT NULL ORDER BY "
        "coalesce((SELECT max(n) FROM message INDEXED BY message_author WHERE author = i.id), 0) DESC, i.id",
        (customer, channel, channel),
    ).fetchall()


def _original(connection: Connection, blobs: Blobs, row: Any) -> "Original":
    """The message of a row of `_COLUMNS`."""
    from agentdesk.core.letter import Original

    headers = json.loads(row[6]) if row[6] else {}
    if ADDRESS_IN_TEXT in (row[9] or ""):
        headers["reply_to"] = [[row[18], row[17]]]
    found = Original(
        message_id=headers.get("message_id"),
        references=tuple(headers.get("references", ())),
        name=row[3] or "",
        address=row[4] or "",
        reply_to=_people(headers, "reply_to"),
        to=_people(headers, "to"),
        cc=_people(headers, "cc"),
        delivered_to=tuple(headers.get("delivered_to", ())),
        subject=row[5] or "",
        text=blobs.text(connection, row[7]),
        received_at=moment(row[8]),
        by_form="by_form" in (row[9] or ""),
        room=_room(headers),
    )
    if NO_ADDRESS in (row[9] or ""):  # neither its program nor whom else that told is who filled it in
        return replace(found, name=row[18], address="", reply_to=(), to=(), cc=(), by_form=True)
    return found


def _room(headers: dict[str, Any]) -> Address | None:
    """Where several people read a message. What was stored before that was kept says it on Telegram all the same: there a group's
    number is negative."""
    if "room" in headers:
        return Address(*headers["room"])
    channel, _, name = (headers.get("message_id") or "").partition(":")
    conversation = name.partition("/")[0]
    return room("", conversation) if channel == "telegram" and conversation.startswith("-") else None


@dataclass(frozen=True, slots=True)
class Began:
    """The last that somebody wrote to an account: the service's name for it, when, and what they are called there."""

    message: str | None
    at: datetime
    name: str
    opted_out: bool


def began(connection: Connection, account: str, identity: str) -> Began | None:
    """What a new ticket of ours goes on from in a chat; None for somebody who never wrote there."""
    row = connection.execute(
        f"SELECT m.headers, m.received_at, coalesce(m.name, ''), m.warnings FROM message m INDEXED BY message_author "  # noqa: S608
        f"WHERE m.author = ? AND m.account = ? AND {_SAID} ORDER BY m.n DESC LIMIT 1",
        (identity, account),
    ).fetchone()
    if row is None:
        return None
    name = json.loads(row[0] or "{}").get("message_id")
    return Began(name, moment(row[1]), row[2], "opted_out" in (row[3] or ""))


def named(connection: Connection, channel: str, words: str, limit: int = 8) -> list[tuple[str, str]]:
    """(address, name) of people who wrote on a channel and in whose name or address each word begins one; who wrote last comes
    first. By the index of the search, which knows no accents and is fast enough for every key."""
    return [(address, name) for _, address, name in met(connection, channel, words, limit)]


def met(connection: Connection, channel: str | None, words: str, limit: int) -> list[tuple[str, str, str]]:
    """The same with the channel first; on whatever channel where None is named."""
    wanted = " ".join(f'"{each}"*' for each in tokens(words))
    if not wanted:
        return []
    return connection.execute(
        "SELECT i.channel, i.address, coalesce(i.name, '') FROM (SELECT rowid AS n FROM search WHERE search MATCH ?1 ORDER BY rowid DESC "
        "LIMIT ?2) s JOIN message m ON m.n = s.n JOIN identity i ON i.id = m.author WHERE (?3 IS NULL OR i.channel = ?3) "
        "AND i.address IS NOT NULL AND m.class = 'human' GROUP BY i.id ORDER BY max(m.n) DESC LIMIT ?4",
        (f"people : ({wanted})", LOOKED_AT, channel, limit),
    ).fetchall()


def _without(people: tuple[Address, ...], apart: frozenset[str]) -> tuple[Address, ...]:
    return tuple(each for each in people if each.email not in apart)


def parties(connection: Connection, ticket: str) -> tuple[str, ...]:
    """The addresses of the third parties of a ticket: none of them ever gets an answer to the customer."""
    rows = connection.execute(
        "SELECT DISTINCT i.address FROM ticket t JOIN party p ON p.ticket = t.id JOIN message m ON m.id = p.message "
        "JOIN identity i ON i.id = p.identity WHERE t.root = ? AND NOT m.hidden AND i.address IS NOT NULL "
        "ORDER BY i.address",
        (ticket,),
    )
    return tuple(address for (address,) in rows)


def of_party(connection: Connection, blobs: Blobs, ticket: str, message: str) -> "Original | None":
    """A message between us and a third party of `ticket`, to be gone on with; where it asks for the answer to go to somebody
    else, that is not listened to. None where there is no such message."""
    row = connection.execute(
        f"SELECT {_COLUMNS} WHERE t.id = ? AND m.id = ? AND h.root = t.id AND NOT m.hidden AND NOT m.erased "
        "AND m.direction IN ('to_party', 'from_party')",
        (ticket, message),
    ).fetchone()
    if row is None:
        return None
    found = _original(connection, blobs, row)
    return replace(found, reply_to=()) if "reply_to_elsewhere" in (row[9] or "") else found


def _belongs(connection: Connection, ticket: str, account: str, identity: str) -> str:
    """The ticket in which what this person answers by this chat will land."""
    conversation = StoredChats(lambda: connection).conversation(account, identity)
    row = connection.execute("SELECT root FROM ticket WHERE id = ?", (conversation or ticket,)).fetchone()
    return str(row[0])


def _is_agreed(connection: Connection, ticket: str, original: "Original") -> bool:
    """Whether answers may go to the addresses that a mail asks for: we answered there before in this ticket, or they are the
    same customer's."""
    theirs = connection.execute(
        "SELECT i.address FROM identity i JOIN customer c ON c.id = i.customer WHERE i.address IS NOT NULL AND c.root = "
        "(SELECT c.root FROM ticket t JOIN customer c ON c.id = t.customer WHERE t.id = ?)",
        (ticket,),
    )
    known = _answered(connection, ticket, "to") | {address for (address,) in theirs}
    return {each.email for each in original.reply_to} <= known


def _is_new(connection: Connection, ticket: str, identity: str | None, address: str) -> bool:
    return is_another(connection, ticket, identity) and address not in _answered(
        connection, ticket, "to", "cc"
    )


def _answered(connection: Connection, ticket: str, *fields: str) -> set[str]:
    """To whom answers of ours went in a ticket."""
    rows = connection.execute(
        "SELECT headers FROM message WHERE ticket IN (SELECT id FROM ticket WHERE root = ?) AND direction = 'out' "
        "AND NOT hidden AND headers IS NOT NULL",
        (ticket,),
    ).fetchall()
    known = [json.loads(headers) for (headers,) in rows]
    return {address for each in known for field in fields for _, address in each.get(field, ())}


def _people(headers: dict[str, Any], field: str) -> tuple[Address, ...]:
    return tuple(Address(name, address) for name, address in headers.get(field, ()))
