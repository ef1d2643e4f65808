"""What rules have to tell: whoever looks at the time takes it, and tells it among its other notices.

Promises: it lies with what a firing left to do until somebody takes it: a console that is open, else the daemon, else `sync --once`; where
nobody can be told, and where a way fails, that is kept as what the rule could not do. Refuses: words, and deciding when
(`core.notice`).
"""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from agentdesk.core.instant import moment
from agentdesk.core.notice import RULE, Happening, Mark
from agentdesk.i18n import tr
from agentdesk.store import rules as kept

if TYPE_CHECKING:
    from collections.abc import Iterable

    from agentdesk.engine.desk import Desk
    from agentdesk.store.driver import Connection

NOTIFY = "notify"


def waiting(connection: Connection) -> list[Happening]:
    """What nobody has told yet."""
    return [
        Happening(
            RULE,
            each.ticket,
            each.number,
            each.channel,
            each.firing,
            moment(each.at),
            each.assignee,
            rule=each.rule,
        )
        for each in kept.to_tell(connection)
    ]


def waits(desk: Desk) -> list[Happening]:
    with closing(desk.reader()) as connection:
        return waiting(connection)


def took(desk: Desk, rung: Iterable[Happening]) -> None:
    """Somebody tells these."""
    with desk.transaction() as writer:
        for each in rung:
            kept.told(writer.connection, each.mark)


def failed(desk: Desk, marks: Iterable[Mark], reason: str) -> None:
    """What of these a rule wanted told could not be told, or not in every way."""
    with desk.transaction() as writer:
        for kind, ticket, firing in marks:
            rule = kept.rule_of(writer.connection, firing) if kind == RULE else None
            if rule is not None:
                values = {"said": reason}
                kept.fail(writer.connection, rule, ticket, desk.now(), code="said", values=values, did=NOTIFY)


def nobody() -> str:
    """Why nothing could be told where no console is open."""
    return tr("there is no way to tell: say desktop = true or a command under [notify] in config.toml")
