"""What the system and SQLite say is wrong, in the agent's language.

Promises: the usual sentences, which come in English whatever the language of the desk. Refuses: guessing; what is not known here
stays as it was said, safe for a terminal.
"""

from agentdesk.core.text import safe_line
from agentdesk.errors import N_
from agentdesk.i18n import tr

SAID = frozenset(
    {
        N_("Directory not empty"),
        N_("Disk quota exceeded"),
        N_("File exists"),
        N_("File name too long"),
        N_("File too large"),
        N_("Input/output error"),
        N_("Is a directory"),
        N_("No space left on device"),
        N_("No such file or directory"),
        N_("Not a directory"),
        N_("Operation not permitted"),
        N_("Permission denied"),
        N_("Read-only file system"),
        N_("Too many open files"),
        N_("attempt to write a readonly database"),
        N_("database disk image is malformed"),
        N_("database or disk is full"),
        N_("disk I/O error"),
        N_("file is not a database"),
        N_("unable to open database file"),
    }
)
"""What is translated."""


def said(text: object) -> str:
    """One line of it."""
    line = safe_line(str(text))
    return tr(line) if line in SAID else line
