"""What changed, whoever changed it: other processes, the background, this console itself.

SQLite's `data_version` says four times a second at no cost whether anything was committed; only then is the log asked which
tickets were touched. Belongs to one thread, over a connection that cannot write.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentdesk.core.instant import moment
from agentdesk.core.views import CauseRow, HeaderView
from agentdesk.engine import kept, ringing, ruling
from agentdesk.engine.reader import Reader
from agentdesk.i18n import tr
from agentdesk.store import cause, draft, log, people, queries, rules

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from agentdesk.config import Home, Settings
    from agentdesk.core.card import CustomerCard, LookupView
    from agentdesk.core.notice import Happening
    from agentdesk.core.ruled import Done
    from agentdesk.engine.desk import Desk
    from agentdesk.engine.sync import Pass
    from agentdesk.errors import DeskError
    from agentdesk.store.driver import Connection
    from agentdesk.store.unread import Unread

HEALTHY = frozenset({"ok", "live", "polling"})


class Feed(Reader):
    """`news` tells what was touched since it was asked last."""

    def __init__(self, desk: Desk, connection: Connection | None = None, home: Home | None = None) -> None:
        super().__init__(desk, connection)
        self._backups = kept.Watch(home) if home else None
        self._version: int | None = self._data_version()
        self._head = self._before = log.head(self._connection)
        self._failed = rules.newest_failure(self._connection)
        self._faults: dict[str, tuple[DeskError, datetime]] = {}
        self._ailing: dict[str, DeskError] = {}
        self._faulted = False

    def passed(self, done: Pass) -> None:
        """What the background did or could not do, from its thread. A full disk takes no word of it into the store."""
        for error in done.errors:
            self._faults[done.account.id] = error, self._desk.now()
            self._faulted = True

    def ailed(self, chore: str, error: DeskError | None) -> None:
        """What goes on beside receiving cannot, or can again; from its thread."""
        others = {name: each for name, each in self._ailing.items() if name != chore}
        self._ailing = {**others, chore: error} if error else others
        self._faulted = True

    def ailing(self) -> dict[str, DeskError]:
        """By the name of what goes on beside receiving, why it cannot."""
        return self._ailing

    def faults(self) -> dict[str, DeskError]:
        """By account, what could not be done since all went well there for the last time."""
        healths, now = queries.health(self._connection), self._desk.now()
        return {
            account: error
            for account, (error, at) in tuple(self._faults.items())
            if not (synced_at := account in healths and healths[account].synced_at)
            or not at < moment(synced_at) <= now  # a pass that is yet to come was a wrong clock's
        }

    def gaps(self) -> dict[str, str]:
        """By account, what may be missing of its messages, as it was said last (FOLDER: REASON)."""
        known = queries.health(self._connection).values()
        return {health.account: health.gap for health in known if health.gap}

    def _data_version(self) -> int:
        return queries.data_version(self._connection)

    def news(self) -> frozenset[str] | None:
        """The tickets touched since; empty where only the outbox, an account's health, its faults or the backups changed;
        None for nothing."""
        version, backed_up = self._data_version(), self._backups is not None and self._backups.changed()
        faulted, self._faulted = self._faulted, False
        if version == self._version:
            return frozenset() if backed_up or faulted else None
        head = log.head(self._connection)  # first: what is stored meanwhile is told twice, and not never
        touched = queries.touched(self._connection, self._head)
        self._version, self._head, self._before = version, head, self._head
        return frozenset(touched)

    def again(self) -> None:
        """Whoever was told could not look: it is told once more, with what has been touched since."""
        self._version, self._head = None, self._before

    def read_to(self) -> int:
        """The place in the log up to which whoever reads from now on has read all."""
        return log.head(self._connection)

    def said_since(self, ticket: str, read_to: int) -> Unread | None:
        """The last that was said in the matter of a ticket after that place."""
        from agentdesk.store import unread  # not before the first paint

        return unread.newest(self._connection, ticket, read_to)

    def rung(self) -> list[Happening]:
        """What rules have to tell and nobody has told yet."""
        return ringing.waiting(self._connection)

    def faulted(self) -> list[Done]:
        """What rules could not do since it was asked last."""
        before, self._failed = self._failed, rules.newest_failure(self._connection)
        return ruling.faults(self._connection, before) if self._failed > before else []

    def header(self, settings: Settings, view: str, titles: tuple[tuple[str, str], ...]) -> HeaderView:
        """The header's figures; `titles` are (view, title) of the counts to show, machine mail's and muted customers' only where there are some."""
        connection, desk = self._connection, self._desk
        counts = queries.counts(connection, desk.agent, desk.now()).views
        known = queries.health(connection)
        healths = [known.get(account.id) for account in settings.accounts]
        ill = next((h for h in healths if h is not None and h.state not in HEALTHY), None)
        faults = ((name, each) for name, each in self.faults().items() if settings.account(name))
        faulty, fault = next(faults, ("", None))
        account = settings.account(faulty or (ill.account if ill else ""))
        ailing = account.name if account else ""
        if not (ill or fault):
            ailing, fault = next(((tr(name), each) for name, each in self._ailing.items()), ("", None))
        waiting = queries.outbox(connection)
        note = self._backups.note if self._backups else kept.Note()
        return HeaderView(
            desk="agentdesk",
            view=view,
            counts=tuple(
                (title, counts[name])
                for name, title in titles
                if counts[name] or name not in {"machine", "muted"}
            ),
            overdue=counts["overdue"],
            unanswered=counts["unanswered"],
            health="trouble" if ill or fault else "ok" if any(healths) else "never",
            trouble=fault.code if fault else (ill.error or ill.state) if ill else "",
            ailing=ailing,
            synced_at=min((h.synced_at for h in healths if h and h.synced_at), default=None),
            outbox=sum(row.state not in {"failed", "unknown"} for row in waiting),
            stuck=sum(row.state in {"failed", "unknown"} for row in waiting),
            unreadable=queries.unreadable(connection),
            agent=desk.agent,
            shared=len(settings.agents) > 1,
            backup_at=note.at,
            backup_late_at=self._backups.late_at if self._backups else None,
            backup_trouble=note.reason,
        )

    def causes(self) -> list[CauseRow]:
        """Those that are open."""
        return cause.causes(self._connection)

    def card(self, customer: str) -> CustomerCard | None:
        """Who is writing and what was before."""
        return people.card(self._connection, self._desk.store.blobs, customer, segments=self._desk.segments)

    def lookups(self, settings: Settings, ticket: str) -> tuple[LookupView, ...]:
        """What the shop said of whoever writes in a ticket."""
        if not settings.lookups:
            return ()
        from agentdesk.engine import lookup

        return lookup.known(self._connection, settings, ticket)

    def drafts(self, ticket: str) -> int:
        """How many this agent has on a ticket."""
        return draft.count(self._connection, ticket, self._desk.agent)

    def draft(self, ticket: str, kind: str) -> str:
        """What this agent typed and did not send; `kind`: reply or note."""
        return draft.text(self._connection, ticket, self._desk.agent, kind)


def is_choice(kind: str) -> bool:
    """Whether such a draft says something of an answer, and is no text itself."""
    return kind in draft.CHOICES


def keep_draft(desk: Desk, ticket: str, kind: str, text: str | Callable[[str], str]) -> str:
    """Saves what is typed, or what it makes of the draft that is there by now, and gives what is there then; an empty text takes the
    draft away."""
    with desk.transaction() as writer:
        if callable(text):
            text = text(draft.text(writer.connection, ticket, desk.agent, kind))
        draft.save(writer.connection, ticket, desk.agent, kind, text, desk.now())
    return text if text.strip() else ""
