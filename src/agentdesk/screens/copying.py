"""Copying out of the console: a message, a number, an address, by the terminal's own clipboard (OSC 52).

Promises: only what a key asks for is copied, as it is shown, and what it was is said: no terminal into which it is pasted obeys
what a customer wrote. A text that terminals would cut is refused instead.
Refuses: reading a clipboard.
"""

import asyncio
import base64
import os

from agentdesk import present
from agentdesk.config import Ui
from agentdesk.core.text import safe, safe_line
from agentdesk.engine import clipboard, lookup
from agentdesk.i18n import tr, tr_n
from agentdesk.screens.front import Front

MOST = 74_994
"""Letters of base64 that terminals commonly take (the limit of hterm and of tmux's default buffer)."""
SHOWN = 40
"""Characters of what was copied that are said."""


def why_not(ui: Ui, text: str) -> str:
    """Why `text` cannot be copied; empty where it can."""
    if not ui.clipboard:
        return tr("Copying is switched off: clipboard in [ui] of config.toml.")
    if len(base64.b64encode(text.encode())) > MOST:
        said = tr("Too long for a terminal's clipboard: {size} of at most {most}. Nothing was copied.")
        return said.format(size=present.size(len(text.encode())), most=present.size(MOST * 3 // 4))
    return ""


async def copy(home: Front, text: str) -> None:
    """Copies `text` and says so; made safe here, since an older store may hold it as it came."""
    text = safe(text)
    if reason := why_not(home.settings.ui, text):
        home.tell(reason, bad=True)
        return
    home.app.copy_to_clipboard(text)
    await asyncio.to_thread(clipboard.through_tmux, text, os.environ)
    line = safe_line(" ".join(text.split()))
    begin = line if len(line) <= SHOWN else f"{line[:SHOWN].rstrip()}{home.panes.queue.glyphs.more}"
    said = tr_n("Copied {n} character: {text}", "Copied {n} characters: {text}", len(text))
    home.tell(said.format(n=len(text), text=begin))


async def message_text(home: Front) -> None:
    """What the message at hand says, without quotes and signature."""
    message = home.panes.conversation.selected()
    await _copy_or_say(home, (message.visible if message else "").strip(), tr("This message has no text."))


async def whole_message(home: Front) -> None:
    message = home.panes.conversation.selected()
    await _copy_or_say(home, (message.text if message else "").strip(), tr("This message has no text."))


async def number(home: Front) -> None:
    await _copy_or_say(home, f"#{home.row.number}" if home.row else "", tr("No ticket is selected."))


async def address(home: Front) -> None:
    """How the customer is reached: a mail address, a number, what their service calls them."""
    known = safe_line(home.row.identity.partition(":")[2]) if home.row else ""
    await _copy_or_say(home, known, tr("No address is known."))


async def order(home: Front) -> None:
    """The order that the customer names, or the only one that is on its way."""
    row = home.row
    if row is None:
        return
    known = lookup.orders(home.desk, home.settings, row.id)
    meant = known.meant()
    number = meant.number if meant else next(iter(known.named), "")
    await _copy_or_say(home, safe_line(number), tr("It is not clear which order this is about."))


async def _copy_or_say(home: Front, text: str, nothing: str) -> None:
    if text:
        await copy(home, text)
    else:
        home.tell(nothing, bad=True)
