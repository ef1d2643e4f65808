"""Muting the customer at hand after a question, and hearing them again; both by the same key."""

from agentdesk.core.keeping import Mute
from agentdesk.core.text import safe_line
from agentdesk.i18n import tr
from agentdesk.screens.acts import act
from agentdesk.screens.dialogs import Confirm
from agentdesk.screens.front import Front


async def toggle(home: Front) -> None:
    card = home.sight.feed.card(home.row.customer) if home.row else None
    if card is None:
        return
    name = safe_line(card.name) or tr("(no name)")
    if card.muted_at:
        done = tr("{name} is heard again; what waits is promised an answer from now on.")
    else:
        detail = tr(
            "What they write is kept and stands under muted (g b). No clock runs, nothing rings; open tickets go there too."
        )
        if not await home.doing.ask(Confirm(tr("Mute {name}?").format(name=name), detail)):
            return
        done = tr("{name} is muted.")
    if await act(home, Mute(card.id, not card.muted_at), done.format(name=name)):
        home.paths.refresh_ticket()
        home.paths.refresh_header()
