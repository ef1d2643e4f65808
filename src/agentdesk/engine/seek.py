"""From what somebody typed to hits: reads the query as the desk stands, and says in words what is wrong with it."""

from collections.abc import Mapping
from contextlib import closing
from dataclasses import field
from datetime import tzinfo

from agentdesk.config import Settings
from agentdesk.core.query import Known, QueryError, parse
from agentdesk.core.views import Found
from agentdesk.engine.desk import Desk
from agentdesk.errors import UsageError
from agentdesk.misread import sentence
from agentdesk.store import search
from agentdesk.store.driver import Connection, OperationalError
from agentdesk.store.queue import Only
from agentdesk.store.widening import widened
from agentdesk.values import dataclass


@dataclass(frozen=True, slots=True)
class Names:
    """What the configuration adds to what the store knows. `accounts`: name to id; `zone`: by default the calendar's."""

    accounts: Mapping[str, str] = field(default_factory=dict)
    agents: tuple[str, ...] = ()
    zone: tzinfo | None = None


NO_NAMES = Names()
STEPS = 20_000
"""Steps of the database, about a millisecond, after which a search looks whether it is still wanted."""


def names_of(settings: Settings) -> Names:
    return Names(
        {each.name: each.id for each in settings.accounts},
        tuple(each.name for each in settings.agents),
        settings.desk.tzinfo,
    )


class Search:
    """A query that was understood, on a connection that belongs to whoever made it."""

    def __init__(
        self,
        desk: Desk,
        connection: Connection,
        text: str,
        names: Names = NO_NAMES,
        *,
        prefix_last: bool = False,
    ) -> None:
        self._blobs = desk.store.blobs
        self._connection = connection
        known = _known(desk, connection, names)
        self._context = search.Context(known.now, desk.agent, known.zone, desk.segments)
        try:
            query = parse(text, known, prefix_last=prefix_last)
        except QueryError as error:
            raise UsageError(reason=sentence(error)) from error
        self._query = widened(connection, query, self._context)

    def messages(self, *, limit: int = 50, before: int | None = None) -> list[Found]:
        """The newest messages it finds, before the `key` of the last one seen."""
        return search.messages(
            self._connection, self._blobs, self._query, self._context, limit=limit, before=before
        )

    def beyond(self, before: int, cap: int = 1000) -> int:
        """How many more messages it finds before that key, counted to `cap`."""
        return search.beyond(self._connection, self._query, self._context, before, cap)

    def only(self) -> Only:
        """The tickets it finds, as what a queue is cut down to."""
        return search.tickets(self._connection, self._query, self._context)


class Seeker:
    """Searches for somebody who is still typing: each on a thread and a connection of its own, and only the newest counts."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._turn = 0

    async def find(self, text: str, names: Names = NO_NAMES, *, limit: int = 50) -> list[Found] | None:
        """The newest messages that `text` finds so far; None where it was overtaken. Raises UsageError as `Search` does."""
        from asyncio import to_thread

        self.stop()
        turn = self._turn
        found = await to_thread(self._found, turn, text, names, limit)
        return found if turn == self._turn else None

    def stop(self) -> None:
        """Ends the search that is under way; what it found is dropped."""
        self._turn += 1

    def _found(self, turn: int, text: str, names: Names, limit: int) -> list[Found] | None:
        """Asked again and again whether it is still wanted: an interrupt from outside would miss it between two queries."""
        connection = self._desk.reader()
        connection.set_progress_handler(lambda: turn != self._turn, STEPS)
        try:
            return Search(self._desk, connection, text, names, prefix_last=True).messages(limit=limit)
        except OperationalError:
            if turn == self._turn:
                raise
            return None
        finally:
            connection.close()


def misread_views(desk: Desk, settings: Settings) -> dict[str, str]:
    """What is wrong with the filters of views of one's own, by view."""
    found = {}
    with closing(desk.reader()) as connection:
        for each in settings.views:
            try:
                if each.filter:
                    Search(desk, connection, each.filter, names_of(settings))
            except UsageError as error:
                found[each.name] = str(error.values["reason"])
    return found


def _known(desk: Desk, connection: Connection, names: Names) -> Known:
    """Names of the configuration, and accounts and agents that are gone but whose tickets are there."""
    named = set(names.accounts.values())
    gone = {account: account for account in search.accounts(connection) if account not in named}
    people = dict.fromkeys((*names.agents, *search.assignees(connection), desk.agent))
    zone = names.zone or desk.policy.calendar.zone
    segments = tuple(each.name for each in desk.segments)
    return Known(desk.now(), zone, {**names.accounts, **gone}, tuple(people), segments)
