"""The relay: keeps webhooks on a small server until the laptop fetches them.

Promises: what was answered with 200 is on the disk and stays there until its reader says that it may go, or until it is
older than the days it is kept, which is said. Refuses: understanding anything. It knows no secret of a service, so it can
tell neither right from wrong nor forge anything; it does not look into a body; it drops nothing silently. It is
a program of its own: nothing of the desk is imported but words and errors.

A service has a **box**; a call of the service that lies in it is a **hook**.
"""

from dataclasses import dataclass
from datetime import datetime

LARGEST_BODY = 16 << 20
"""Bytes beyond which no limit of a body may be set: an answer to a fetch holds at least one."""
LONGEST_WAIT = 50
"""Seconds that a fetch may wait for something to come."""


@dataclass(frozen=True, slots=True)
class Box:
    """Where one account's webhooks lie. `key` is its unguessable name in addresses, `name` is for people.

    `generation` differs each time a box is made: numbers of another generation mean nothing here. `last` is the number
    given last; numbers go up by one. `pull` and `verify` are digests of its tokens.
    """

    key: str
    name: str
    generation: int
    pull: str
    verify: str
    last: int = 0


@dataclass(frozen=True, slots=True)
class Hook:
    """One call as it came; `headers` is JSON text, pairs of name and value."""

    box: str
    at: datetime
    headers: str
    body: bytes
    number: int = 0

    @property
    def size(self) -> int:
        """Bytes, about."""
        return len(self.body) + len(self.headers)


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes in bytes, rates in calls a second. `keep_free` of the disk is never used, so that what lies here can be
    fetched and let go even where the disk is nearly full."""

    body: int = 3 << 20
    total: int = 1000 << 20
    keep_free: int = 100 << 20
    days: float = 30.0
    box_rate: float = 100.0
    address_rate: float = 50.0
