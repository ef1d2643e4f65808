"""Where somebody may have a copy written that they named: nothing that a desk lives by goes for it, and nothing of theirs.

Promises: a place is what it is on the disk, by whatever link or relative path it was named. Refuses: guessing that an old
file is not needed any more; only a former backup makes room for a new one.
"""

import tarfile
from contextlib import suppress
from pathlib import Path

from agentdesk.config import Home
from agentdesk.errors import N_, DeskError

FIRST = ("desk.db", "desk.key")
"""What every backup begins with, by which it is told without reading it to its end."""


class PlaceError(DeskError):
    """What was named is in use. Values: path, reason."""

    code = "place"
    exit_status = 2
    title = N_("Nothing can be written there")
    detail = N_("{path}: {reason}")
    remedy = N_("Give another name, in a folder of your own. Nothing was changed.")


def for_backup(home: Home, file: Path, daily: Path) -> None:
    """Raises PlaceError for a file that no backup may take the place of. `daily` is where the daily ones lie."""
    target = file.resolve()
    if target.parent not in {home.backups.resolve(), daily.resolve()} or target.name.startswith("."):
        _apart(file, home.data, home.state, home.log, home.config)
    if target.exists() and not _makes_room(target):
        raise PlaceError(
            path=str(file), reason=N_("it is there already and no backup of agentdesk, so it stays as it is")
        )


def for_folder(home: Home, folder: Path) -> None:
    """Raises PlaceError for a new folder among those that agentdesk fills and empties by itself."""
    _apart(folder, home.data, home.state, home.log)


def _apart(place: Path, *own: Path) -> None:
    """Raises PlaceError for what lies within any of these folders."""
    for each in {place.resolve(), place.parent.resolve() / place.name}:
        if any(_is_within(each, folder) for folder in own):
            raise PlaceError(path=str(place), reason=N_("agentdesk keeps its own files in that folder"))


def _is_within(path: Path, folder: Path) -> bool:
    """By what the disk says is the same folder, so that neither a link nor a letter's case hides it."""
    for each in (path, *path.parents):
        with suppress(OSError):
            if each.samefile(folder):
                return True
    return False


def _makes_room(file: Path) -> bool:
    """Whether it is a former backup, or has nothing in it."""
    if not file.is_file():
        return False
    with suppress(OSError, tarfile.TarError, EOFError, ValueError):
        if not file.stat().st_size:
            return True
        with tarfile.open(file, "r:") as tar:
            return tuple(member.name for member in (tar.next(), tar.next()) if member) == FIRST
    return False
