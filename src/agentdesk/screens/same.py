"""Two customers who are one person: what speaks for it is shown, an agent decides, and undo makes them two again.

Promises: whoever looks alike is offered, and anybody else can be named; who is meant is shown before they are one. Refuses: guessing.
"""

import asyncio

from agentdesk import present, trust
from agentdesk.core.card import Alike, CustomerCard
from agentdesk.core.commands import MergeCustomers
from agentdesk.core.text import safe_line
from agentdesk.engine import person
from agentdesk.i18n import tr
from agentdesk.screens.acts import act
from agentdesk.screens.dialogs import Choice, Confirm, Find, Pick, matching
from agentdesk.screens.front import Front

_ANOTHER = "another"


async def link(home: Front) -> None:
    """Joins whoever is chosen to the customer of the open ticket."""
    card = home.sight.card()
    if card is None:
        return
    found: list[tuple[Alike, ...]] = []
    if not await home.doing.did(lambda: found.append(person.alike(home.desk, card.id))):
        return
    chosen = await home.doing.ask(Pick(_question(card), matching(_choices(found[0]))))
    if chosen == _ANOTHER:
        chosen = await _named(home, card)
    if chosen:
        await act(home, MergeCustomers(chosen, card.id), tr("They are one person now."))


def _question(card: CustomerCard) -> str:
    return tr("Who is the same person as {name}?").format(name=safe_line(card.name))


def _choices(found: tuple[Alike, ...]) -> list[Choice]:
    """Who looks alike, and somebody else: alone where nobody does, and then it is said."""
    none = "" if found else tr("nobody looks alike")
    return [
        *(
            Choice(
                each.customer,
                safe_line(each.name or each.address),
                f"{present.channel(each.channel)} {safe_line(each.address)}",
                trust.alike(each.reason, safe_line(each.word)),
            )
            for each in found
        ),
        Choice(_ANOTHER, tr("somebody else"), none),
    ]


async def _named(home: Front, card: CustomerCard) -> str | None:
    """Somebody whose address, number or name is typed, once it was seen who that is; None where nobody is meant."""
    seen: dict[str, str] = {}

    glyphs = home.panes.queue.glyphs

    async def find(words: str) -> list[Choice]:
        choices = []
        for customer, channel, address, name in await asyncio.to_thread(
            person.meant, home.desk, words, card.id
        ):
            where = f"{present.channel(channel)} {safe_line(address)}"
            choices.append(Choice(customer, safe_line(name or address), where))
            seen[customer] = glyphs.joined(safe_line(name or address), where)
        return choices

    hint = tr("an address, a number or a name")
    chosen = await home.doing.ask(Find(_question(card), find, home.doing.hold, hint=hint))
    if not chosen:
        return None
    mine = ", ".join(f"{present.channel(each)} {safe_line(address)}" for each, address in card.identities)
    lines = (glyphs.joined(safe_line(card.name), mine), seen[chosen])
    return chosen if await home.doing.ask(Confirm(tr("Are these one person?"), "\n".join(lines))) else None
