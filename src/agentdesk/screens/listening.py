"""Playing a voice note: the selected message's, else the newest of the ticket, beside the console."""

from collections.abc import Sequence

from agentdesk.core.text import safe_line
from agentdesk.core.views import AttachmentView, MessageView
from agentdesk.engine import voice
from agentdesk.i18n import tr
from agentdesk.screens.front import Front


async def play(home: Front) -> None:
    opened = home.sight.opened
    found = meant(opened.messages if opened else (), home.panes.conversation.selected())
    if found is None:
        home.tell(tr("There is no voice note in this ticket."))
        return
    message, sound = found
    if await home.doing.did(lambda: voice.play(home.desk, home.place, message.id, sound.part, sound.name)):
        name = message.name or (message.identity or "").partition(":")[2]
        home.tell(tr("It is playing: {who}").format(who=safe_line(name)))


def meant(
    messages: Sequence[MessageView], chosen: MessageView | None
) -> tuple[MessageView, AttachmentView] | None:
    """The first sound of the `chosen` message, else of the newest one that has any."""
    order = ([chosen] if chosen else []) + list(reversed(messages))
    return next(((m, a) for m in order for a in m.attachments if voice.is_sound(a.media_type)), None)
