"""Playing a voice note: the selected message's, else the newest of the ticket, beside the console."""

from agentdesk.core.text import safe_line
from agentdesk.engine import voice
from agentdesk.i18n import tr
from agentdesk.screens.attached import meant
from agentdesk.screens.front import Front


async def play(home: Front) -> None:
    opened = home.sight.opened
    messages = opened.messages if opened else ()
    found = meant(messages, home.panes.conversation.selected(), voice.is_sound)
    if found is None:
        home.tell(tr("There is no voice note in this ticket."))
        return
    message, sound = found
    if await home.doing.did(lambda: voice.play(home.desk, home.place, message.id, sound.part, sound.name)):
        name = message.name or (message.identity or "").partition(":")[2]
        home.tell(tr("It is playing: {who}").format(who=safe_line(name)))
