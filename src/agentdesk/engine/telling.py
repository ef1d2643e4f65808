"""Who has told what: one memory of notices for every process of this laptop, kept beside the locks.

Promises: console, daemon and whatever is started after them share one budget and tell nothing twice; while a console is open the
daemon leaves it to that. What cannot be read counts as nothing told, what cannot be kept stops no notice. Refuses: deciding what
may be told (`core.notice`), words, and ways.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import TYPE_CHECKING

from agentdesk.config import write_file
from agentdesk.core.instant import moment, stamp
from agentdesk.core.notice import (
    Happening,
    Mark,
    Notice,
    Rules,
    Told,
    given,
    heard,
    looked_away,
    told_elsewhere,
)
from agentdesk.errors import BusyError, DeskError, DiskError
from agentdesk.store import lock

if TYPE_CHECKING:
    from datetime import datetime

    from agentdesk.config import Home, Notify
    from agentdesk.core.gap import Gap
    from agentdesk.core.views import QueueRow

NAME = "notices"
CONSOLE = "console"
KEPT = 1000
"""So many of the newest things that were told are remembered on disk."""


class Teller:
    """Hears what happens and says what is to be told. Asked by one thread at a time."""

    def __init__(self, home: Home, now: datetime) -> None:
        self._home = home
        self._told = Told(now)

    @property
    def waits(self) -> bool:
        """Whether something was heard and is not told yet."""
        return bool(self._told.waiting)

    def missed(self, gap: Gap) -> None:
        """Nobody could look for a while."""
        self._told = looked_away(self._told, gap.began, gap.ended)

    def hears(self, rules: Rules, happened: Iterable[Happening], now: datetime) -> bool:
        """These happened; whether something is to be told now. Touches no file."""
        self._told = heard(self._told, rules, happened, now)
        return given(self._told, rules, now)[1] is not None

    def tells(self, rules: Rules, now: datetime) -> Notice | None:
        """The notice that is due, once no other process has given it; None where one has, or tells this moment."""
        with suppress(DiskError):
            try:
                with lock.held(self._home.state, NAME):
                    return self._tells(rules, now)
            except BusyError:
                return None  # asked again with the next look
        return self._tells(rules, now)

    def _tells(self, rules: Rules, now: datetime) -> Notice | None:
        spent, marks = _remembered(self._home, now)
        self._told, notice = given(told_elsewhere(self._told, marks, spent), rules, now)
        if notice:
            _remember(self._home, self._told.spent, (*marks, *notice.marks))
        return notice


def rules(settings: Notify, agent: str) -> Rules:
    """What `[notify]` wants told."""
    kinds = frozenset(settings.bell) | frozenset(settings.show)
    return Rules(agent, kinds, settings.mine_only, settings.budget)


def news(row: QueueRow) -> Happening:
    """The last word of the customer of a ticket, as something that happened to it: what a machine said, or we, rings nowhere."""
    at = row.last_customer_at or row.last_message_at
    kind = "new" if at == row.created_at else "reply"
    due = moment(row.next_due_at) if row.next_due_at else None
    return Happening(kind, row.id, row.number, row.channel, at, moment(at), row.assignee, due, row.subject)


@contextmanager
def console_open(home: Home) -> Iterator[None]:
    """A console is open for the block, and tells."""
    with ExitStack() as stack:
        with suppress(DiskError):
            stack.enter_context(lock.waiting(home.state, CONSOLE))
        yield


def told(home: Home, now: datetime) -> frozenset[Mark]:
    """What any process of this laptop told, as far as it is remembered."""
    return frozenset(_remembered(home, now)[1])


def _remembered(home: Home, now: datetime) -> tuple[tuple[datetime, ...], tuple[Mark, ...]]:
    """When notices were given up to `now`, and what they told."""
    times: list[datetime] = []
    marks: list[Mark] = []
    with suppress(OSError, ValueError):
        for line in (home.state / NAME).read_text("ascii").splitlines():
            match line.split(" "):
                case [at]:
                    times.append(moment(at))
                case [kind, ticket, mark]:
                    marks.append((kind, ticket, mark))
    return tuple(sorted(at for at in times if at <= now)), tuple(marks)


def _remember(home: Home, spent: tuple[datetime, ...], marks: tuple[Mark, ...]) -> None:
    lines = [*map(stamp, spent), *(" ".join(each) for each in marks[-KEPT:])]
    with suppress(DeskError):
        write_file(home.state / NAME, "".join(f"{line}\n" for line in lines).encode())
