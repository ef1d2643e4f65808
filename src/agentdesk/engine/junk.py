"""What lies in Junk and belongs to a customer: who is expected there, and how it comes out.

Promises: only mail of somebody who wrote before or was answered, or mail that answers ours, is expected; spam under an address
of ours is not. What an agent rescues is moved on the server when there is a line, and moved back by an undo. Refuses: an
opinion on what else lies there.
"""

from collections.abc import Iterable
from contextlib import closing

from agentdesk.core.commands import Rescue
from agentdesk.core.events import Event, MessageSet
from agentdesk.core.model import OURS, MailFacts
from agentdesk.core.seal import tokens_in
from agentdesk.core.state import State
from agentdesk.engine.desk import Desk
from agentdesk.errors import RefusedError
from agentdesk.store import people, queries, wish
from agentdesk.store.driver import Connection
from agentdesk.store.state import StoreState
from agentdesk.store.writer import Writer

Key = tuple[str, int]


class Acquaintance:
    """Whom the desk knows, for the connector of one account; asked from the connector's own thread."""

    def __init__(self, desk: Desk, account: str) -> None:
        self._desk = desk
        self._account = account

    def expected(self, facts: Iterable[MailFacts]) -> frozenset[Key]:
        """The keys of those mails that are a known customer's, or answer one of ours."""
        with closing(self._desk.reader()) as connection:
            return frozenset(fact.key for fact in facts if self._is_expected(connection, fact))

    def has(self, cursor: str) -> bool:
        """Whether everything up to this cursor is committed, and read."""
        with closing(self._desk.reader()) as connection:
            is_stored = queries.cursor(connection, self._account) == cursor
            return is_stored and not queries.intake_size(connection, self._account)

    def _is_expected(self, connection: Connection, fact: MailFacts) -> bool:
        if not fact.sender or fact.sender in self._desk.own:
            return False
        state = StoreState(connection)
        identity = self._desk.seal.identity("email", fact.sender)
        said = state.field("identity", identity, "verdict")
        if said is None:
            return people.is_customer(connection, identity) or self._answers_us(state, fact)
        return bool(said == "person")

    def _answers_us(self, state: State, fact: MailFacts) -> bool:
        seal = self._desk.seal
        for name, signature in tokens_in(" ".join((*fact.recipients, *fact.references))):
            ticket = state.ticket_by_token(name)
            if ticket and any(seal.vouches(ticket.id, signature, party=each) for each in (False, True)):
                return True
        return any(
            known.direction in OURS and not known.hidden
            for name in fact.references
            for known in state.messages_by_mail_id(seal.mail_id(name))
        )


def rescue(desk: Desk, ticket: str) -> Event:
    """What of a ticket lies in Junk comes into the inbox; raises RefusedError."""
    with desk.transaction() as writer:
        answer = desk.decided(writer, Rescue(ticket))
        if answer.event is None:
            raise RefusedError(reason="nothing_changes")
        move(writer, answer.event)
    return answer.event


def move(writer: Writer, event: Event) -> None:
    """Wishes on the server what an act of ours says of Junk, be it a rescue or its undo."""
    for change in event.changes:
        if isinstance(change, MessageSet) and change.field == "junk":
            wish.move(writer.connection, change.message, wish.TO_JUNK if change.now else wish.TO_INBOX)
