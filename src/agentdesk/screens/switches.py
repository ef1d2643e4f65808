"""What is told to somebody who looks elsewhere, switched on and off from the console.

Promises: each switch by itself, kept in config.toml at once; nobody has to know how the file is written. Refuses: commands,
which are written into the file by hand.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from agentdesk import config
from agentdesk.errors import DeskError
from agentdesk.i18n import tr
from agentdesk.screens.dialogs import Choice, Pick, matching

if TYPE_CHECKING:
    from agentdesk.screens.front import Front


async def choose(home: Front) -> None:
    """Every switch, until Esc."""
    last = ""
    while True:
        notify = home.settings.notify
        names = sorted(config.SWITCHES, key=lambda name: name != last)
        choices = [
            Choice(name, f"[{'x' if config.is_on(notify, name) else ' '}] {tr(config.SWITCHES[name])}", name)
            for name in names
        ]
        title = tr("Notices: Enter switches, Esc leaves")
        last = await home.doing.ask(Pick(title, matching(choices))) or ""
        if not last:
            return
        on = not config.is_on(notify, last)
        try:
            changed = await asyncio.to_thread(config.switch, home.place, last, on=on)
        except DeskError as error:
            home.doing.fail(error)
            return
        home.settings = replace(home.settings, notify=changed)
