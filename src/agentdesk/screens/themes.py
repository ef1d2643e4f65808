"""Choosing a theme: the console wears each one as the cursor comes to it.

Promises: Esc wears the one of before; what is chosen stands in config.toml, whose comments stay. Refuses: themes of one's own.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from agentdesk import config
from agentdesk.errors import DeskError
from agentdesk.i18n import tr
from agentdesk.screens import theme
from agentdesk.screens.dialogs import Choice, Pick, matching

if TYPE_CHECKING:
    from agentdesk.screens.front import Front


class Wear(Pick):
    """A `Pick` that says which choice the cursor is on."""

    def __init__(
        self,
        title: str,
        narrow: Callable[[str], Sequence[Choice]],
        wear: Callable[[str], None],
        *,
        hint: str = "",
    ) -> None:
        super().__init__(title, narrow, hint=hint)
        self._wear = wear

    def _show(self) -> None:
        super()._show()
        if self.chosen:
            self._wear(self.chosen)


async def choose(home: Front) -> None:
    """Every theme, the present one first."""
    before = home.settings.ui.theme

    def wear(name: str) -> None:
        home.app.theme = theme.chosen(name, plain=home.wears.plain)

    names = sorted(theme.BY_NAME, key=lambda name: name != before)
    choices = [Choice(name, name, config.about(name)) for name in names]
    hint = (
        tr("This terminal keeps to its own colours; dark or light is what counts.")
        if home.wears.plain
        else ""
    )
    chosen = await home.doing.ask(
        Wear(tr("Theme: Enter keeps it, Esc goes back"), matching(choices), wear, hint=hint)
    )
    wear(chosen or before)
    if not chosen or chosen == before:
        return
    try:
        await asyncio.to_thread(config.change_value, home.place, "ui", "theme", chosen)
    except DeskError as error:
        wear(before)
        home.doing.fail(error)
        return
    home.settings = replace(home.settings, ui=replace(home.settings.ui, theme=chosen))
    home.tell(tr("The theme is {name} from now on.").format(name=chosen))
