"""The way out: what is typed is kept, what is held goes."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from agentdesk import present
from agentdesk.engine import clock
from agentdesk.engine.outbox import flush_now, release_mine
from agentdesk.errors import DeskError
from agentdesk.i18n import tr

if TYPE_CHECKING:
    from agentdesk.screens.front import Front

LETS_GO_WITHIN = 1.4
"""Seconds that leaving gives to what was held."""


async def leave(home: Front) -> None:
    """Saves what is typed, lets go what is held, and ends; what cannot go in time goes with the next start. Where what is
    typed cannot be saved, it ends only when it is told to once more."""

    def let_go() -> None:
        if release_mine(home.desk):
            flush_now(home.desk, home.place, home.settings.accounts, LETS_GO_WITHIN, home.connect)

    try:
        home.keep()
    except DeskError as error:
        if not home.warned:
            home.warned = True
            text = tr("{reason}: what you typed cannot be saved. Once more to leave without it.")
            home.tell(text.format(reason=present.problem(error).title), bad=True)
            return
    if home.many.holds_back():
        return
    home.leaving_at = clock.ticks()
    if home.holding.current:
        home.tell(tr("Sending what is held ..."))
    try:
        await asyncio.to_thread(let_go)
    finally:
        home.app.exit()
