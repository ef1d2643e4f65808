"""Mails that could not be read, read once more: after an update the program may know better."""

from collections.abc import Iterable

from agentdesk.config import Home, Settings
from agentdesk.core.quarantine import QuarantineRow
from agentdesk.engine.desk import Desk
from agentdesk.engine.intake import Intake
from agentdesk.engine.receiving import Tally
from agentdesk.engine.start import connector
from agentdesk.errors import NotFoundError


def again(desk: Desk, home: Home, settings: Settings, rows: Iterable[QuarantineRow]) -> Tally:
    """Each leaves the quarantine, or stays with its new reason. Raises NotFoundError for an account that was removed."""
    tally = Tally()
    for row in rows:
        account = settings.account(row.account)
        if account is None:
            raise NotFoundError(what="account", name=row.account)
        tally.add(Intake(desk, row.account, connector(home, account).read).again(row))
    return tally
