"""A store whose bytes are damaged: the last good backup in its place, the damaged files kept beside.

Promises: nothing is thrown away, and what `config.toml` and the secrets say today goes on to count. Refuses: touching a store
that SQLite can read from end to end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentdesk.engine import archive, kept
from agentdesk.engine.start import not_lost, sound
from agentdesk.errors import DamagedStoreError, NewerStoreError
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
    except DamagedStoreError as error:
        return error
    return None


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
