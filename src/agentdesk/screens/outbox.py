"""What has not been accepted yet: found, opened, and, while it waits for its time, taken back or sent at once.

Promises: what is taken back is the draft of whoever wrote it. Refuses: sending, which the engine does.
"""

from agentdesk import fate, undelivered
from agentdesk.core.views import OutboxRow
from agentdesk.engine import reply
from agentdesk.i18n import tr
from agentdesk.screens.dialogs import Choice, Pick, matching
from agentdesk.screens.front import Front


async def show(home: Front) -> None:
    rows = {row.message: row for row in home.sight.window.outbox()}
    choices = [
        Choice(
            row.message,
            f"#{row.ticket} {_state(home, row)}",
            undelivered.marked(row.code, row.error),
            undelivered.reason(row.error),
        )
        for row in rows.values()
    ]
    title = (
        tr("Outbox: Enter opens the ticket") if rows else tr("The outbox is empty: everything was accepted.")
    )
    row = rows.get(await home.doing.ask(Pick(title, matching(choices))) or "")
    if row is not None and row.goes_at:
        await _deal(home, row)
    elif row is not None:
        home.paths.open(row.ticket)


def _state(home: Front, row: OutboxRow) -> str:
    return fate.waits(row, home.desk.now(), home.settings.desk.tzinfo)


async def _deal(home: Front, row: OutboxRow) -> None:
    """With an answer that waits for its time."""
    choices = [
        Choice("open", tr("open the ticket")),
        Choice("back", tr("take it back: the text is the draft again")),
        Choice("now", tr("send it now")),
    ]
    title = f"#{row.ticket} {_state(home, row)}"
    chosen = await home.doing.ask(Pick(title, matching(choices)))
    if chosen == "open":
        home.paths.open(row.ticket)
    elif chosen == "back" and await home.doing.did(lambda: reply.cancel(home.desk, row.message)):
        home.tell(
            tr("#{number}: taken back, nothing was sent; the text is its draft.").format(number=row.ticket)
        )
    elif chosen == "now" and await home.doing.did(lambda: reply.release(home.desk, row.message)):
        home.tell(tr("#{number}: the answer is on its way.").format(number=row.ticket))
