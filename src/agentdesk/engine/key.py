"""The desk's key: what its people's ids, its Message-IDs and its marks are made with.

Promises: it is made once, whole, before anything has happened; of several processes the first one's stays. Refuses: making another
where one was lost, under which whoever writes again would be somebody new.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from agentdesk.config import passing_name
from agentdesk.errors import N_, DamagedStoreError, DiskError
from agentdesk.i18n import tr

if TYPE_CHECKING:
    from pathlib import Path

    from agentdesk.config import Home

KEY_SIZE = 32


class LostKeyError(DamagedStoreError):
    """The key is gone by which a store knows its people and its own messages. Values: path, reason."""

    code = "lost_key"
    title = N_("The desk's key is gone")
    remedy = N_(
        "Put the file back from a copy of yours, or the whole desk: agentdesk restore FILE --yes. No new one is made: under it nobody would be "
        "known again."
    )


class FoundKeyError(LostKeyError):
    """The same where a good backup is at hand. Values: path, reason, backup."""

    remedy = N_(
        "The last good backup, {backup}, has it. To put the key back, and nothing else: agentdesk doctor --repair"
    )


def key_not_lost(home: Home) -> None:
    """Raises LostKeyError where something has happened under a key that is gone, or none any more: under another one whoever
    writes again would be somebody new."""
    if has_key(home.key):
        return
    from agentdesk.store import backup

    if not backup.is_untouched(home.store) and not has_key(
        home.key
    ):  # another process may just have begun the desk
        reason = tr("it is no key") if home.key.exists() else tr("it is gone")
        raise LostKeyError(path=str(home.key), reason=reason)


def has_key(path: Path) -> bool:
    """Whether a key lies there."""
    try:
        return path.stat().st_size == KEY_SIZE
    except OSError:
        return False


def load_key(path: Path) -> bytes:
    """The desk's key, made on first use (0600), of which the caller makes sure; raises DiskError for a file that is none."""
    try:
        if not path.exists():
            _make_key(path)
        key = path.read_bytes()
    except OSError as error:
        raise DiskError(path=str(path), reason=error.strerror or str(error)) from error
    if len(key) != KEY_SIZE:
        raise DiskError(path=str(path), reason="not a key of 32 bytes")
    return key


def _make_key(path: Path) -> None:
    """A key that is there as a whole or not at all; of several processes the first one's stays."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    passing = passing_name(path)
    try:
        handle = os.open(passing, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(os.urandom(KEY_SIZE))
            file.flush()
            os.fsync(file.fileno())
        try:
            path.hardlink_to(passing)
        except FileExistsError:
            return
        except OSError:  # a file system without links
            passing.replace(path)
    finally:
        passing.unlink(missing_ok=True)
