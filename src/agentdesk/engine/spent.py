"""When notices were given lately, kept beside the locks: a console that is started again goes on with the same budget.

Promises: what cannot be read or kept counts as nothing given. Refuses: deciding how many there may be (`core.notice`).
"""

from contextlib import suppress
from datetime import datetime

from agentdesk.config import Home, write_file
from agentdesk.core.instant import moment, stamp
from agentdesk.errors import DeskError

NAME = "notices"


def remembered(home: Home, now: datetime) -> tuple[datetime, ...]:
    """The times up to `now`, the earliest first; a clock that was set back leaves none that is yet to come."""
    with suppress(OSError, ValueError):
        times = map(moment, (home.state / NAME).read_text("ascii").split())
        return tuple(sorted(at for at in times if at <= now))
    return ()


def remember(home: Home, times: tuple[datetime, ...]) -> None:
    with suppress(DeskError):
        write_file(home.state / NAME, "".join(f"{stamp(at)}\n" for at in times).encode())
