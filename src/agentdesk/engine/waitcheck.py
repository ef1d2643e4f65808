"""What `doctor` says of answers that wait: for a server that nobody can reach, or for an account that is gone.

Promises: from rows of this laptop alone; nothing is said where nothing waits for longer than an answer usually does. Refuses: what
failed or is in doubt, which the outbox lists and the header counts.
"""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from agentdesk.engine.check import Check, when
from agentdesk.errors import N_
from agentdesk.i18n import tr, tr_n
from agentdesk.store import outbox

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentdesk.config import Settings
    from agentdesk.engine.desk import Desk

LOST = N_(
    "Add the account again with its address, and they go: agentdesk account add. Or make drafts of them: agentdesk outbox cancel ID"
)
GOES = N_(
    "It goes by itself as soon as the server answers; nothing is given up before. See: agentdesk outbox"
)


def answers(desk: Desk, settings: Settings) -> Iterator[Check]:
    """A line for what waits in vain, and one for each account whose server does not answer."""
    with closing(desk.reader()) as connection:
        waiting = outbox.Outbox(connection).all()
    lost = [row for row in waiting if settings.account(row.account) is None and row.state != outbox.FILING]
    if lost:
        text = tr_n(
            "{n} answer waits for an account that is gone",
            "{n} answers wait for an account that is gone",
            len(lost),
        )
        yield Check("outbox", ok=False, detail=text.format(n=len(lost)), remedy=tr(LOST))
    for account in settings.accounts:
        unheard = [
            row
            for row in waiting
            if row.account == account.id and row.state == outbox.QUEUED and not row.reached_at
        ]
        if not any(row.attempts for row in unheard):
            continue
        text = tr_n(
            "{n} answer waits since {at} for a server that does not answer",
            "{n} answers wait, the first since {at}, for a server that does not answer",
            len(unheard),
        )
        at = when(min(row.release_at for row in unheard), settings.desk.tzinfo)
        yield Check(
            f"outbox {account.name}", ok=True, detail=text.format(n=len(unheard), at=at), remedy=tr(GOES)
        )
