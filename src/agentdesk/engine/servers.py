"""Which server vouches for the senders of an account, told from what came: a suggestion for whoever configures it.

Promises: a name is suggested only where nearly all of the newest mails bear it on top, and mails of several domains among them, so
that no one sender can put it there. Refuses: trusting it; the settings do, or the provider's own name.
"""

from collections import Counter

from agentdesk.core.lookalike import domain_of
from agentdesk.core.vouching import bears
from agentdesk.store import reading
from agentdesk.store.driver import Connection
from agentdesk.values import dataclass

LOOKED_AT = 50
ENOUGH, DOMAINS = 10, 5
"""So many mails, from so many domains, are needed for a word on the matter."""
NEARLY_ALL = 0.9


@dataclass(frozen=True, slots=True)
class Seen:
    """What the newest mails of an account bear: `suggested` is a server's name or empty, `missing` says that none bears the one
    that is trusted, `mails` how many were looked at."""

    suggested: str = ""
    missing: bool = False
    mails: int = 0


def seen(connection: Connection, account: str, trusted: str) -> Seen:
    """`trusted` is the server that counts now, empty for none."""
    found = reading.vouchers(connection, account, LOOKED_AT)
    if len(found) < ENOUGH or len({domain_of(address) for _, address in found}) < DOMAINS:
        return Seen(mails=len(found))
    names = Counter(by for by, _ in found)
    name, count = names.most_common(1)[0]
    suggested = name if name and count >= NEARLY_ALL * len(found) else ""
    missing = bool(trusted) and not any(bears(by, trusted) for by in names)
    return Seen(suggested, missing, len(found))
