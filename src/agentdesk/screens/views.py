"""Views of one's own, kept from the console: the filter and the order that are on get a name and a key.

Promises: nothing is written that could not be read again, and comments of config.toml stay; the view is there at once.
Refuses: a key that another act has; only those of our own views give way.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from agentdesk import config, present
from agentdesk.config import OwnView
from agentdesk.core.views import sorts
from agentdesk.errors import ConfigError, DeskError
from agentdesk.i18n import tr
from agentdesk.keymap import Keymap
from agentdesk.screens.dialogs import Ask

if TYPE_CHECKING:
    from agentdesk.screens.front import Front


def show(home: Front, name: str) -> None:
    """Goes to a view of one's own; raises UsageError for a filter that cannot be understood."""
    own = next(each for each in home.settings.views if each.name == name)
    home.paths.go_to(own.view, own.filter, own.sort, own.name)


async def save(home: Front) -> None:
    """Asks for name and key, keeps the view and goes to it."""
    sight, known = home.sight, home.settings.views
    if not sight.filter and sight.source.sort == sorts(sight.view)[0]:
        filter_key, sort_key = (home.panes.footer.key_of(each) for each in ("find.filter", "queue.sort"))
        text = tr("Nothing to keep: {filter} narrows the queue first, or {sort} sorts it.")
        home.tell(text.format(filter=filter_key, sort=sort_key), bad=True)
        return

    def name_is_wrong(text: str) -> str:
        if not text.strip():
            return tr("it must be one line of text")
        taken = any(each.name == text.strip() for each in known)
        return tr("there is a view {name} already").format(name=text.strip()) if taken else ""

    hint = sight.filter or tr("no filter")
    name = await home.doing.ask(Ask(tr("Name of this view"), hint=hint, wrong=name_is_wrong))
    if not name:
        return
    name = name.strip()
    own = [(each.name, each.key) for each in known]

    def key_is_wrong(text: str) -> str:
        try:
            Keymap(home.settings.keys, views=[*own, (name, text.strip())])
        except ConfigError as error:
            return str(error.values.get("reason", "")) or present.problem(error).detail
        return ""

    hint = tr("1 to 9 or another free key; empty: the next free of g 1 to g 9")
    key = await home.doing.ask(Ask(tr("Key of {name}").format(name=name), hint=hint, wrong=key_is_wrong))
    if key is None:
        return
    asked = OwnView(name, sight.view, sight.filter, sight.source.sort, key.strip())
    try:
        made = await asyncio.to_thread(config.add_view, home.place, asked)
    except DeskError as error:
        home.doing.fail(error)
        return
    home.settings = replace(home.settings, views=(*known, made))
    home.keyboard.keymap.lay([(each.name, each.key) for each in home.settings.views])
    show(home, name)
    shown = home.panes.footer.key_of(f"view.{name}")
    home.tell(tr("{key} shows {name} from now on.").format(key=shown or "-", name=name))
