"""The acts on who writes: not a customer, a person after all, neither of them any more, or no junk."""

from typing import Literal

from agentdesk import trust
from agentdesk.core.commands import JudgeSender
from agentdesk.core.text import safe_line
from agentdesk.engine import junk
from agentdesk.i18n import tr
from agentdesk.screens.front import Front


async def no_customer(home: Front) -> None:
    """The sender's mail goes to the machines from now on, and what is open of it leaves the queue."""
    row = home.row
    kept = tr("{sender} is not a customer: machine mail from now on.")
    if row and await _judged(
        home, "machine", kept, tr("#{number} is machine mail; nothing is kept for {sender}.")
    ):
        home.paths.move_on(row.id)


async def person(home: Front) -> None:
    """This ticket, unless it is history, and later mail of its sender are work."""
    row = home.row
    kept = tr("{sender} is a person: #{number} and later mail are work.")
    if row and row.history:
        kept = tr("{sender} is a person: later mail is work.") + " " + trust.stays_history(row.number)
    await _judged(home, "person", kept, tr("#{number} is work; nothing is kept for {sender}."))


async def forget(home: Front) -> None:
    """Each mail of the sender is judged by itself again; the tickets stay where they are."""
    judged = tr("{sender}: each mail is judged by itself again.")
    await _judged(home, None, judged, judged)


async def rescue(home: Front) -> None:
    """What of the ticket lies in the mailbox's Junk folder comes into the inbox, as soon as there is a line."""
    row = home.row
    if row and await home.doing.did(lambda: junk.rescue(home.desk, row.id)):
        home.tell(
            tr("#{number} is no junk: its mail goes into the inbox.").format(number=row.number), undo=True
        )


async def _judged(home: Front, verdict: Literal["person", "machine"] | None, kept: str, once: str) -> bool:
    """Says it of the sender at hand; `once` is told where nothing is kept for one, since many write so."""
    row = home.row
    if row is None or not await home.doing.did(lambda: home.desk.do(JudgeSender(row.id, verdict))):
        return False
    text = kept if home.sight.window.verdict(row.id) else once
    sender = safe_line(row.identity.partition(":")[2]) or tr("nobody")
    home.tell(text.format(sender=sender, number=row.number), undo=True)
    return True
