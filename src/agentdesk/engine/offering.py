"""Whether the rules that are shipped are to be offered: to a shop that has an account and has never had a rule.

Promises: once in the life of a desk, and never after one was chosen or the rules were looked at; the demo offers none. Refuses: words.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from agentdesk.config import write_file
from agentdesk.errors import DiskError
from agentdesk.rulebook import FOLDER
from agentdesk.shopfile import places

if TYPE_CHECKING:
    from agentdesk.config import Home, Settings

_FILE = "rules-offered"


def offered(home: Home, settings: Settings) -> int:
    """How many rules are to be offered now, and then never again; 0 where none are."""
    begins = any(each.channel != "demo" for each in settings.accounts)
    if settings.rules or not begins or (home.state / _FILE).exists():
        return 0
    seen(home)
    return ready(home)


def ready(home: Home) -> int:
    """How many rules there are."""
    return len(places(FOLDER, (home.config,)))


def seen(home: Home) -> None:
    """The rules were looked at, and need no offer any more."""
    with suppress(DiskError):  # a disk that is full is said elsewhere
        write_file(home.state / _FILE, b"")
