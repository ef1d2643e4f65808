"""A path as somebody typed it. Refuses: looking at what is there."""

from pathlib import Path

from agentdesk.errors import N_, NotFoundError

FILE = N_("file")


def place(word: str) -> Path:
    """`~` and `~name` are homes; raises NotFoundError for somebody who has none here."""
    try:
        return Path(word).expanduser()
    except RuntimeError:
        raise NotFoundError(what=FILE, name=word) from None
