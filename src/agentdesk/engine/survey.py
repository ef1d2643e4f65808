"""Asking a customer how it was: the text `survey`, in their language, as a message of agentdesk's own.

Promises: once for each end of a ticket; the law (`core.survey`) says who is not asked, `automatic` whom nothing automatic reaches and
which window is closed, each with the reason. Refuses: choosing the moment: an agent does, or a rule.
"""

from contextlib import closing
from datetime import datetime

from agentdesk import quick
from agentdesk.channels import Channel
from agentdesk.config import Home, Settings
from agentdesk.core.csat import Survey
from agentdesk.core.survey import SURVEY
from agentdesk.core.views import QueueRow
from agentdesk.engine import automatic
from agentdesk.engine.desk import Desk
from agentdesk.engine.phrase import phrases
from agentdesk.engine.reply import Written
from agentdesk.errors import NotFoundError, RefusedError
from agentdesk.store import survey


def ask(desk: Desk, settings: Settings, home: Home, channel: Channel, row: QueueRow) -> Written:
    """Asks the customer of `row` now; raises RefusedError with the reason why not."""
    with closing(desk.reader()) as connection:
        ended = survey.ended_at(connection, row.id)
    return automatic.write(
        desk,
        settings,
        channel,
        row.id,
        worded(desk, settings, home, row),
        kind=SURVEY,
        once=f"{row.id}:{ended or '-'}",
    )


def worded(desk: Desk, settings: Settings, home: Home, row: QueueRow, name: str = SURVEY) -> str:
    """The text `name` for the customer of `row`; raises NotFoundError, and RefusedError where it asks an agent for more."""
    reply = quick.spoken((home.config,), name)
    if reply is None:
        raise NotFoundError(what="text", name=name)
    filled = phrases(desk, settings, row).filled(reply)
    if filled.missing or not filled.text:
        raise RefusedError(reason="text_open", name=name, blank=", ".join(filled.missing))
    return filled.text


def of_ticket(desk: Desk, ticket: str) -> list[Survey]:
    """The surveys of a ticket, oldest first."""
    with closing(desk.reader()) as connection:
        return survey.of_ticket(connection, ticket)


def all_of(desk: Desk, since: datetime | None = None, until: datetime | None = None) -> list[Survey]:
    """The surveys of a time, by when they were asked: from `since` to before `until`."""
    with closing(desk.reader()) as connection:
        return survey.surveys(connection, since, until)
