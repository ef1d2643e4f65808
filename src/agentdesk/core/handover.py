"""What somebody who comes back to the keyboard has to know, as values."""

from typing import NamedTuple

LISTED = 12
"""Lines of one kind that are told; one more is looked for, to know whether there are more."""


class Came(NamedTuple):
    """A ticket to which people wrote: so many `messages`."""

    number: int
    who: str
    subject: str
    messages: int


class LeftOpen(NamedTuple):
    """A draft that nobody sent; `kind`: reply, note, or party and its addresses."""

    number: int
    agent: str
    kind: str
    at: str


class Mention(NamedTuple):
    """A note in which somebody calls another by name."""

    number: int
    by: str
    at: str
    text: str


class Handover(NamedTuple):
    """`since` is when the agent did something last, None where that never was."""

    agent: str
    since: str | None
    came: tuple[Came, ...]
    drafts: tuple[LeftOpen, ...]
    mentions: tuple[Mention, ...]
