"""The way out: what is typed is kept, what is held goes."""

from __future__ import annotations

import asyncio
import os
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

from agentdesk import present
from agentdesk.engine.outbox import flush_now, release_mine
from agentdesk.errors import DeskError
from agentdesk.i18n import tr
from agentdesk.screens.terminal import TerminalDriver

if TYPE_CHECKING:
    from textual.driver import Driver

    from agentdesk.screens.front import Front

LETS_GO_WITHIN = 1.4
"""Seconds that leaving gives to what was held."""
ENDS_AT_LATEST = 4.0
"""Seconds after which whoever was told to end has ended, whatever it still waits for."""


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
    home.doing.end()
    if home.holding.current:
        home.tell(tr("Sending what is held ..."))
    try:
        await asyncio.to_thread(let_go)
    finally:
        home.app.exit()


def told_to_end(home: Front, driver: Driver | None) -> None:
    """By a signal: what is typed is kept, what is held stays so, and nothing follows."""
    home.wish = ""
    with suppress(DeskError):
        home.keep()
    end_anyway(driver)
    home.app.exit()


def end_anyway(driver: Driver | None) -> None:
    """The process ends within `ENDS_AT_LATEST`, also where a widget or a thread never answers: the terminal may be gone, and
    then there is nobody to end it by hand. What is typed was kept before."""
    if isinstance(driver, TerminalDriver):
        last = threading.Timer(ENDS_AT_LATEST, _end, (driver,))
        last.daemon = True
        last.start()


def _end(driver: TerminalDriver) -> None:
    def give_back() -> None:
        with suppress(Exception):
            driver.stop_application_mode()

    # A terminal that reads nothing any more blocks it.
    giving = threading.Thread(target=give_back, daemon=True)
    giving.start()
    giving.join(0.5)
    os._exit(0)
