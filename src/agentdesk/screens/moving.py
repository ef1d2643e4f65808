"""A ticket goes to another customer: who it is, both sides, then the act; undo brings it back."""

import asyncio

from agentdesk import present, whose
from agentdesk.core.card import Moving
from agentdesk.core.keeping import MoveTicket
from agentdesk.core.text import safe_line
from agentdesk.engine import moving
from agentdesk.i18n import tr
from agentdesk.screens.acts import act
from agentdesk.screens.dialogs import Choice, Confirm, Find
from agentdesk.screens.front import Front


async def move(home: Front) -> None:
    """Asks whose the ticket at hand is, shows both sides, and gives it there."""
    row = home.row
    if row is None:
        return

    async def find(words: str) -> list[Choice]:
        found = await asyncio.to_thread(moving.offered, home.desk, row.channel, words)
        return [
            Choice(
                f"{channel}:{address}",
                safe_line(name or address),
                f"{present.channel(channel)} {safe_line(address)}",
            )
            for channel, address, name in found
        ]

    question = tr("Whose is #{number}? It goes to another customer.").format(number=row.number)
    chosen = await home.doing.ask(Find(question, find, home.doing.hold, hint=tr("a name or an address")))
    seen: list[Moving] = []
    if not chosen or not await home.doing.did(
        lambda: seen.append(moving.look(home.desk, row.number, chosen))
    ):
        return
    title = tr("Give #{number} to {customer}?").format(number=row.number, customer=whose.called(seen[0].to))
    if not await home.doing.ask(Confirm(title, "\n".join(whose.lines(seen[0])))):
        return
    command = MoveTicket(seen[0].ticket, seen[0].to.customer, seen[0].identity)
    await act(home, command, whose.done(seen[0]))
