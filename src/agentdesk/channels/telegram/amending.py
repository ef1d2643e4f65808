"""Changing a message of the bot's, or deleting it.

Promises: what is so already counts as done, so that the same may be asked again at any time. Refuses: remembering whether a
message was a text or a file with a caption; Telegram knows, and says so.
"""

from collections.abc import Awaitable, Callable

from agentdesk.channels import Accepted, Refused, SendResult, chat
from agentdesk.channels.telegram import update

_CAPTION_ONLY = "no text in the message to edit"
_ALREADY = ("message is not modified", "message to delete not found")

Call = Callable[..., Awaitable[SendResult]]
"""Calls a method with its fields, and says what became of it."""


def is_so(result: object) -> bool:
    """Whether Telegram said no because what is asked for is so already."""
    return isinstance(result, Refused) and any(words in result.reason for words in _ALREADY)


async def amend(call: Call, names: tuple[str, ...], text: str | None) -> SendResult:
    """See `Amends`. What has the text, or its caption, is the first that was sent."""
    where = chat.conversation_of(names[0])
    first, *rest = sorted(map(update.number_of, names))
    if text is not None:
        return await _edited(call, {"chat_id": where, "message_id": first}, text)
    result = await call("deleteMessage", chat_id=where, message_id=first)
    for number in rest:
        if isinstance(result, Accepted):
            result = await call("deleteMessage", chat_id=where, message_id=number)
    return result


async def _edited(call: Call, which: dict[str, object], text: str) -> SendResult:
    result = await call("editMessageText", **which, text=text)
    if isinstance(result, Refused) and _CAPTION_ONLY in result.reason:
        return await call("editMessageCaption", **which, caption=text)
    return result
