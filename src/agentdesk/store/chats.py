"""What `decide` may ask about chats, over one connection: `core.state.Chats`."""

from collections.abc import Callable

from agentdesk.store.driver import Connection


class StoredChats:
    """`connection` gives one on which everything written so far can be read."""

    def __init__(self, connection: Callable[[], Connection]) -> None:
        self._connection = connection

    def conversation(self, account: str, identity: str) -> str | None:
        row = (
            self._connection()
            .execute(
                "SELECT t.id FROM identity me JOIN identity i ON i.id = coalesce(me.same_as, me.id) "
                "OR i.same_as = coalesce(me.same_as, me.id) JOIN ticket t INDEXED BY ticket_identity ON t.identity = i.id "
                "WHERE me.id = ? AND t.account = ? AND NOT t.erased ORDER BY t.last_message_at DESC LIMIT 1",
                (identity, account),
            )
            .fetchone()
        )
        return row[0] if row else None

    def versions(self, message: str) -> tuple[tuple[str, str, str | None], ...]:
        rows = self._connection().execute(
            "SELECT kind, at, text FROM version WHERE message = ? ORDER BY number", (message,)
        )
        return tuple((kind, at, text) for kind, at, text in rows)

    def names(self, message: str) -> tuple[str, ...]:
        rows = self._connection().execute(
            "SELECT mail_id FROM alias WHERE message = ? ORDER BY mail_id", (message,)
        )
        return tuple(mail_id for (mail_id,) in rows)

    def reaction(self, message: str, identity: str | None) -> str | None:
        row = (
            self._connection()
            .execute(
                "SELECT sign FROM reaction WHERE message = ? AND identity = ?", (message, identity or "")
            )
            .fetchone()
        )
        return row[0] if row else None

    def unread_by(self, identity: str) -> tuple[str, ...]:
        rows = self._connection().execute(
            "SELECT id FROM message WHERE ticket IN (SELECT id FROM ticket WHERE identity = ?) "
            "AND direction = 'out' AND state IN ('sent', 'delivered') ORDER BY n DESC LIMIT 100",
            (identity,),
        )
        return tuple(row[0] for row in rows)
