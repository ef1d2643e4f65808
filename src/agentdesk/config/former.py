"""Accounts that were removed: an account that is added again is the same one, and takes over its tickets and what waits on them.

Promises: by channel and address alone, since name and servers may change. Refuses: secrets, which went with the account; failing,
since an account can do without its past.
"""

import json
from contextlib import suppress

from agentdesk.config.home import Home, write_file
from agentdesk.config.model import Account, Settings
from agentdesk.errors import DiskError

_FILE = "former.json"


def remember(home: Home, account: Account) -> None:
    """`account` was removed."""
    row = [account.id, account.channel, account.address.casefold()]
    with suppress(DiskError):
        kept = json.dumps([*(each for each in _known(home) if each[0] != account.id), row])
        write_file(home.state / _FILE, kept.encode())


def former_id(home: Home, settings: Settings, channel: str, address: str) -> str | None:
    """The id under which this account was known last; None for one that was not, or is there."""
    for known, by, at in reversed(_known(home)):
        if (by, at) == (channel, address.casefold()) and at and settings.account(known) is None:
            return known
    return None


def _known(home: Home) -> list[list[str]]:
    with suppress(OSError, ValueError):
        found = json.loads((home.state / _FILE).read_bytes())
        return [row for row in found if isinstance(row, list) and len(row) == 3]
    return []
