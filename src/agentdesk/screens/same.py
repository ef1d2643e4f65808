"""Two customers who are one person: what speaks for it is shown, an agent decides, and undo makes them two again."""

from agentdesk import present, trust
from agentdesk.core.card import Alike
from agentdesk.core.commands import MergeCustomers
from agentdesk.core.text import safe_line
from agentdesk.engine import person
from agentdesk.i18n import tr
from agentdesk.screens.acts import act
from agentdesk.screens.dialogs import Choice, Pick, matching
from agentdesk.screens.front import Front


async def link(home: Front) -> None:
    """Joins whoever is chosen to the customer of the open ticket."""
    card = home.sight.card()
    if card is None:
        return
    found: list[tuple[Alike, ...]] = []
    if not await home.doing.did(lambda: found.append(person.alike(home.desk, card.id))):
        return
    if not found[0]:
        home.tell(tr("Nobody else looks like this customer (agentdesk customer merge)."))
        return
    choices = [
        Choice(
            each.customer,
            safe_line(each.name or each.address),
            f"{present.channel(each.channel)} {safe_line(each.address)}",
            trust.alike(each.reason, safe_line(each.word)),
        )
        for each in found[0]
    ]
    chosen = await home.doing.ask(
        Pick(tr("Who is the same person as {name}?").format(name=safe_line(card.name)), matching(choices))
    )
    if chosen:
        await act(home, MergeCustomers(chosen, card.id), tr("They are one person now."))
