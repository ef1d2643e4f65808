"""Playing a voice note: the newest one of the ticket, beside the console."""

from agentdesk.engine import voice
from agentdesk.i18n import tr
from agentdesk.screens.front import Front


async def play(home: Front) -> None:
    opened = home.sight.opened
    messages = reversed(opened.messages) if opened else ()
    found = ((m, a) for m in messages for a in m.attachments if voice.is_sound(a.media_type))
    one = next(found, None)
    if one is None:
        home.tell(tr("There is no voice note in this ticket."))
        return
    message, sound = one
    if await home.doing.did(lambda: voice.play(home.desk, home.place, message.id, sound.part, sound.name)):
        home.tell(tr("It is playing."))
