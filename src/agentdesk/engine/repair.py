"""A store whose bytes are damaged: the last good backup in its place, the damaged files kept beside. Or a key that is gone: back
out of a backup, and nothing else.

Promises: nothing is thrown away, and what `config.toml` and the secrets say today goes on to count. Refuses: touching a store
that SQLite can read from end to end, and a key under which that store knows nobody.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from agentdesk.config import write_file
from agentdesk.core.seal import Seal
from agentdesk.engine import archive, kept
from agentdesk.engine.key import KEY_SIZE, LostKeyError, key_not_lost
from agentdesk.engine.start import not_lost, sound
from agentdesk.errors import DamagedStoreError, NewerStoreError, UnreadableError
from agentdesk.i18n import tr
from agentdesk.store import backup
from agentdesk.values import dataclass

if TYPE_CHECKING:
    from pathlib import Path

    from agentdesk.config import Home, Settings


@dataclass(frozen=True, slots=True)
class Repaired:
    """`file` is the backup that was taken, `refused` are later ones that turned out to be damaged too."""

    file: Path
    refused: tuple[Path, ...]
    restored: archive.Restored


def fault(home: Home, settings: Settings) -> DamagedStoreError | None:
    """What is wrong with the bytes of this home's store; reads all of them. None where nothing is."""
    try:
        with sound(home, settings):
            not_lost(home)
            if home.store.exists() and (reason := backup.fault(home.store)):
                raise DamagedStoreError(path=str(home.store), reason=reason)
            key_not_lost(home)
    except DamagedStoreError as error:
        return error
    return None


def find_key(home: Home, settings: Settings) -> Path:
    """Puts the key back out of the last good backup that has this store's, and gives that backup; raises LostKeyError where
    none has, DiskError."""
    for file in kept.at_hand(home, settings.backup):
        with suppress(archive.BackupError, UnreadableError):
            if _is_of(home.store, key := archive.key_of(file)):
                write_file(home.key, key)
                return file
    raise LostKeyError(path=str(home.key), reason=tr("no backup at hand has it"))


def _is_of(store: Path, key: bytes) -> bool:
    """Whether the store knows its people by that key."""
    if len(key) != KEY_SIZE:
        return False
    known, seal = backup.identities(store), Seal(key)
    return not known or any(seal.identity(channel, address) == name for name, channel, address in known)


def repair(home: Home, settings: Settings, on_progress: archive.Told | None = None) -> Repaired:
    """Goes on with the last backup that is good; raises DamagedStoreError where there is none, BusyError, DiskError."""
    refused: list[Path] = []
    for file in kept.at_hand(home, settings.backup):
        try:
            done = archive.put_back(home, file, on_progress, data_only=True)
        except (archive.BackupError, NewerStoreError, DamagedStoreError):
            refused.append(file)
        else:
            return Repaired(file, tuple(refused), done)
    raise DamagedStoreError(path=str(home.store), reason=", ".join(map(str, refused)) or "no backup")
