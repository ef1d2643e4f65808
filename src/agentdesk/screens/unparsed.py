"""Mails that could not be read: which, why, and what is to be done with one.

Promises: what nobody could read is as near as the outbox, and nothing of it is thrown away. Refuses: reading, which the engine does.
"""

from agentdesk import dates, unparsed
from agentdesk.core.instant import moment
from agentdesk.core.quarantine import Dismiss, QuarantineRow
from agentdesk.core.text import safe
from agentdesk.engine.receiving import Tally
from agentdesk.engine.unparsed import again
from agentdesk.farewell import account_name
from agentdesk.i18n import tr, tr_n
from agentdesk.screens.dialogs import Choice, Pick, matching
from agentdesk.screens.front import Front

SHOWN = 4_000
"""Bytes of a mail that are shown."""


async def show(home: Front) -> None:
    rows = {row.id: row for row in home.sight.window.quarantine()}
    choices = [Choice(row.id, _title(home, row), unparsed.reason(row.reason)) for row in rows.values()]
    text = tr_n("{n} mail could not be read", "{n} mails could not be read", len(rows))
    title = text.format(n=len(rows)) if rows else tr("Every mail could be read.")
    row = rows.get(await home.doing.ask(Pick(title, matching(choices))) or "")
    if row is not None:
        await _deal(home, row)


async def _deal(home: Front, row: QuarantineRow) -> None:
    beginning = _beginning(home, row)
    choices = [
        Choice("again", tr("try to read it again"), "", beginning),
        Choice("dismiss", tr("nothing more is to be done about it; the mail stays"), "", beginning),
    ]
    title = f"{_title(home, row)}: {unparsed.reason(row.reason)}"
    chosen = await home.doing.ask(Pick(title, matching(choices), reading=True))
    if chosen == "again":
        await _again(home, row)
    elif chosen == "dismiss" and await home.doing.did(lambda: home.desk.do(Dismiss(row.id))):
        home.tell(tr("Dismissed; the mail stays, and agentdesk quarantine list --dismissed lists it."))


async def _again(home: Front, row: QuarantineRow) -> None:
    done: list[Tally] = []
    if await home.doing.did(lambda: done.append(again(home.desk, home.place, home.settings, [row]))):
        if done[0].quarantined:
            home.tell(tr("It still cannot be read."), bad=True)
        else:
            home.tell(tr("It was read, and is in the queue or beside what it belongs to."))


def _title(home: Front, row: QuarantineRow) -> str:
    at = dates.local(moment(row.received_at), home.settings.desk.tzinfo)
    return f"{account_name(home.settings, row.account)}, {at}"


def _beginning(home: Front, row: QuarantineRow) -> str:
    """What is there to read of it, safe for a terminal."""
    raw = home.sight.window.blob(row.raw)
    if raw is None:
        return ""
    if not isinstance(raw, bytes):
        with raw.open("rb") as file:
            raw = file.read(SHOWN)
    return safe(raw[:SHOWN].decode("utf-8", "replace"))
