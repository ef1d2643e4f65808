"""Why a reply failed, in the words of the server that said so, and whom it has to reach yet.

Promises: the words are those said of this very message; whoever got it does not get it again with a second attempt.
Both stand in the personal column of the log, so that an erase takes them along.
"""

import json

from agentdesk.store.driver import Connection

REASON = """(SELECT json_extract(e.personal, '$.reason') FROM event e WHERE e.seq = (
    SELECT max(x.seq) FROM event_ticket x JOIN event y ON y.seq = x.seq WHERE x.ticket IN (h.id, h.root)
    AND y.type IN ('SendFailed', 'SendDoubted', 'Received') AND instr(y.data, m.id)
    AND json_extract(y.personal, '$.reason') IS NOT NULL))"""
"""Of a message `m` in the ticket `h`."""
STUCK = """m.state IN ('failed', 'unknown') AND NOT m.hidden
    AND NOT (m.error GLOB 'bounced*' AND (t.status IN ('resolved', 'closed') OR EXISTS (
        SELECT 1 FROM message l WHERE l.ticket = m.ticket AND l.direction = 'out' AND NOT l.hidden
        AND coalesce(l.state, 'sent') IN ('sent', 'delivered', 'read') AND l.n > coalesce((
            SELECT max(b.n) FROM message b WHERE b.ticket = m.ticket AND b.class = 'bounce'), m.n))))"""
"""What still wants somebody, of a message `m` shown in the ticket `t`: whoever resolves it, or has answered since, has
done with what came back."""
STUCK_AS = f"""(SELECT min(m.state) FROM ticket h JOIN message m INDEXED BY message_failed ON m.ticket = h.id
    WHERE h.root = t.id AND {STUCK})"""  # noqa: S608
"""What the ticket `t` has of these: failed, where none has unknown, and NULL for none."""


def reason(connection: Connection, message: str) -> str | None:
    """What the server said when it did not take or could not deliver `message`."""
    row = connection.execute(
        f"SELECT {REASON} FROM message m JOIN ticket h ON h.id = m.ticket WHERE m.id = ?",  # noqa: S608
        (message,),
    ).fetchone()
    return row[0] if row else None


def unchanged(connection: Connection, message: str) -> str | None:
    """What the service said when it did not change `message`, or take it back, the last time that it was asked."""
    row = connection.execute(
        "SELECT json_extract(e.personal, '$.reason') FROM message m JOIN ticket h ON h.id = m.ticket "
        "JOIN event_ticket x ON x.ticket IN (h.id, h.root) JOIN event e ON e.seq = x.seq "
        "WHERE m.id = ? AND e.type = 'AmendRefused' AND instr(e.data, m.id) ORDER BY e.seq DESC LIMIT 1",
        (message,),
    ).fetchone()
    return row[0] if row else None


def still_to_reach(connection: Connection, message: str, people: tuple[str, ...]) -> tuple[str, ...]:
    """Of the recipients of `message` those that it came back from before it was sent again last; else all."""
    rows = connection.execute(
        "SELECT e.type, json_extract(e.personal, '$.returned') FROM message m JOIN ticket h ON h.id = m.ticket "
        "JOIN event_ticket x ON x.ticket IN (h.id, h.root) JOIN event e ON e.seq = x.seq WHERE m.id = ? AND "
        "(e.type = 'Resent' AND instr(e.data, m.id) OR json_extract(e.personal, '$.returned.message') = m.id) "
        "GROUP BY e.seq ORDER BY e.seq",
        (message,),
    )
    since: set[str] = set()
    last: set[str] = set()
    for kind, returned in rows:
        if kind == "Resent":
            since, last = set(), since or last
        else:
            since |= set(json.loads(returned)["failed"])
    return tuple(each for each in people if each.lower() in last) or people
