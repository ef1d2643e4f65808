"""Which file of a ticket a key is about: the selected message's, else the newest that there is."""

from collections.abc import Callable, Iterator, Sequence

from agentdesk.core.views import AttachmentView, MessageView

File = tuple[MessageView, AttachmentView]


def meant(
    messages: Sequence[MessageView], chosen: MessageView | None, kind: Callable[[str], bool]
) -> File | None:
    """The first file of such a kind (of media type) in the `chosen` message, else in the newest one that has any."""
    order = [*([chosen] if chosen else []), *reversed(messages)]
    return next(every(order, kind), None)


def every(messages: Sequence[MessageView], kind: Callable[[str], bool]) -> Iterator[File]:
    """All files of such a kind, as the messages stand."""
    return ((m, a) for m in messages for a in m.attachments if kind(a.media_type))
