"""How the day ends: what must not wait until the desk opens again, each figure a way to what it counts.

Promises: asked for or offered, never in the way; the sibling of the morning (`screens.morning`), whose screen it is.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from agentdesk import briefing, nightfall
from agentdesk.core.instant import plain, stamp
from agentdesk.engine.closing import closing, hearing
from agentdesk.engine.rules import load
from agentdesk.i18n import tr
from agentdesk.screens.morning import Day

if TYPE_CHECKING:
    from agentdesk.core.closing import Closing
    from agentdesk.screens.front import Front

LINES = 30
"""So many windows are named one by one; the key leads to all of them."""


async def show(home: Front) -> None:
    """The end of the day as it stands now."""
    told = await asyncio.to_thread(closing, home.desk)
    loaded = await asyncio.to_thread(load, home.place, home.settings)
    heard = hearing(home.desk, home.settings, loaded)
    titles = {rule.name: rule.title(home.settings.desk.language) for rule in loaded.rules}
    home.passing.seen()
    zone = home.settings.desk.tzinfo
    here = told.now.astimezone(zone)
    title = tr("The end of the day, {name}. It is {time}.").format(name=home.desk.agent, time=f"{here:%H:%M}")
    key = home.panes.footer.key_of("rules.show")
    figures = briefing.evening(told, heard, zone)
    below = (
        briefing.night(told, zone),
        *briefing.at_rest(figures),
        *nightfall.heard(heard, told, zone, titles),
        *nightfall.remedies(heard, told, key, titles),
        *briefing.endings(told, zone)[:LINES],
    )
    chosen = await home.doing.ask(Day(title, figures, "\n".join(below), home.press))
    if chosen:
        await _lead(home, chosen, told)


async def _lead(home: Front, figure: str, told: Closing) -> None:
    """To what a figure counts."""
    from agentdesk.screens import flows, outbox, rules

    until = plain(stamp(told.until))
    again = plain(stamp(told.night.again_at or told.until))
    views = {
        "lost": ("inbox", f"window:{until}", ""),
        "pressed": ("inbox", f"window:{again}", ""),
        "late": ("overdue", "", ""),
        "due": ("inbox", f"due:{until}", ""),
        "unanswered": ("inbox", "", "waiting"),
        "waking": ("snoozed", "", ""),
    }
    if figure in views:
        view, only, sort = views[figure]
        home.paths.go_to(view, only, sort)
    elif figure == "drafts":
        await flows.show_drafts(home)
    elif figure == "silent":
        await rules.show(home)
    else:
        await outbox.show(home)
