"""What is typed and pasted, taken to where it is meant: an act, a dialog, a text.

Promises: a key waits until what came before it has happened; what is pasted without marks is one text wherever a text has the
keys, and elsewhere runs nothing but is said, as a marked paste is; Alt with a key that is nobody's is Escape and then that key,
since GNU screen holds Escape back and sends it so. Refuses: what a key does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual._xterm_parser import XTermParser
from textual.events import Event, Key, Paste
from textual.widgets import Input, TextArea

from agentdesk.actions import FILES, REPLIES
from agentdesk.i18n import tr
from agentdesk.screens.pasting import AHEAD, MANY, Meta, Unmarked

if TYPE_CHECKING:
    from agentdesk.screens.front import Front


class Keeps:
    """A dialog that keeps what is typed and pasted over it for whatever lies below."""


async def left(home: Front, event: Key | Paste) -> Event | None:
    """What is left of it for the toolkit; None where it has been seen to."""
    await home.doing.settled()
    if home.leaving_at is not None:
        return None
    if isinstance(event, Paste):
        return await _paste(home, event)
    if isinstance(event, Meta):
        if not _is_bound(home, event.key):
            await _each(home, Key("escape", None), event.plain)
            return None
        event = Key(event.key, event.character)
    return None if await _acts(home, event) else event


async def _acts(home: Front, key: Key) -> bool:
    """Whether an act, a dialog or the text that is written had a use for it."""
    if _is_below(home):
        taken = await home.doing.answers(home.app.screen, key)
    else:
        taken = home.rest.ends(key) or home.press(key.key)
    return taken or await home.doing.edits(home.app.screen, key)


async def _paste(home: Front, pasted: Paste) -> Event | None:
    """One without marks is text in a page; elsewhere it is keys, where somebody may have typed it ahead."""
    focused = home.app.focused
    line, page = (
        isinstance(focused, Input),
        isinstance(focused, TextArea) or isinstance(home.app.screen, Keeps),
    )
    if isinstance(pasted, Unmarked) and not page and pasted.letters < (AHEAD if line else MANY):
        await _each(home, *(each for each in XTermParser().feed(pasted.text) if isinstance(each, Key)))
    elif line or page:
        return Paste(pasted.text)
    else:
        said = tr("Pasted text does nothing here; {key} answers first.")
        home.tell(said.format(key=home.panes.footer.key_of("ticket.reply")), bad=True)
    return None


async def _each(home: Front, *keys: Key) -> None:
    """One after the other, before whatever was typed later."""
    for key in keys:
        key.set_sender(home.app)
        await home.app.on_event(key)


def _is_bound(home: Front, key: str) -> bool:
    """Whether it is the key of something here."""
    keymap = home.keyboard.keymap
    here = (REPLIES, FILES) if _is_below(home) else (home.panes.where,)
    return any(keymap.action(each, key) or keymap.chord(each, key) for each in here)


def _is_below(home: Front) -> bool:
    """Whether a dialog stands over the console."""
    return home.app.screen is not home.panes.queue.screen
