"""Which backups there are, and how the last attempt went: one small file in the state directory, and names in a folder.

Promises: reading never fails and costs one small file; it works where the store cannot be opened, which is when it is
needed most. Refuses: taking a file for ours that does not bear this desk's mark.
"""

from __future__ import annotations

import json
import re
from contextlib import suppress
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from agentdesk.config import write_file
from agentdesk.core.instant import moment, stamp
from agentdesk.errors import N_, DeskError
from agentdesk.values import dataclass

if TYPE_CHECKING:
    from agentdesk.config import Backup, Home
    from agentdesk.core.seal import Seal

NO_FOLDER = N_("the folder is not there")
LATE = timedelta(days=2)
"""Age of the last good backup from which it is said."""
_NAME = re.compile(r"agentdesk-([0-9a-f]{8})-(\d{8}T\d{6}Z)\.tar")
_TIME = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True, slots=True)
class Note:
    """When and where the last good backup was made; of a failure since then when, why, and in which folder."""

    at: str | None = None
    file: str = ""
    failed_at: str | None = None
    reason: str = ""
    folder: str = ""


def note_file(state: Path) -> Path:
    return state / "backup.json"


def read(state: Path) -> Note:
    """What was noted last; an empty note where there is none, or none that can be read."""
    try:
        said = json.loads(note_file(state).read_bytes())
        return Note(**{name: said[name] for name in Note.__slots__ if isinstance(said[name], str | None)})
    except (OSError, ValueError, KeyError, TypeError):
        return Note()


def good(state: Path, at: datetime, file: Path) -> Note:
    """A backup was made and read again."""
    return _written(state, Note(stamp(at), str(file)))


def failed(state: Path, at: datetime, folder: Path, reason: str) -> Note:
    """An attempt failed; what is known of the last good one stays."""
    return _written(
        state, replace(read(state), failed_at=stamp(at), folder=str(folder), reason=reason or "?")
    )


def is_back(note: Note, wanted: Backup) -> bool:
    """Whether the folder is there by now for want of which the last attempt failed."""
    folder = wanted.folder
    return note.reason == NO_FOLDER and folder is not None and str(folder) == note.folder and folder.is_dir()


def _written(state: Path, note: Note) -> Note:
    with suppress(DeskError):  # a disk that is full takes no note either; its age tells in the end
        write_file(note_file(state), json.dumps(asdict(note)).encode())
    return note


class Watch:
    """The note as the console looks at it, four times a second: one `stat`, and the file only where it changed."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._seen: tuple[int, int] | None = (0, 0)
        self._note = Note()
        self.changed()

    def changed(self) -> bool:
        """Whether another backup was made, or failed, since it was asked last."""
        try:
            status = note_file(self._home.state).stat()
            seen = (status.st_ino, status.st_mtime_ns)
        except OSError:
            seen = None
        if seen == self._seen:
            return False
        self._seen, self._note = seen, read(self._home.state)
        return True

    @property
    def note(self) -> Note:
        return self._note

    @cached_property
    def _begun(self) -> str | None:
        return begun(self._home)

    @property
    def late_at(self) -> str | None:
        """From when on the last good backup is too old; None where there is no desk yet."""
        return late_at(self._note, self._begun)


def begun(home: Home) -> str | None:
    """When this desk began here: its key is written once."""
    try:
        return stamp(datetime.fromtimestamp(home.key.stat().st_mtime, UTC))
    except OSError:
        return None


def late_at(note: Note, since: str | None) -> str | None:
    """From when on the last good backup is too old; a desk without any counts from when it began."""
    return stamp(moment(note.at or str(since)) + LATE) if note.at or since else None


def folder_of(home: Home, wanted: Backup) -> Path:
    """Where the daily backups lie."""
    return wanted.folder or home.backups


def at_hand(home: Home, wanted: Backup) -> list[Path]:
    """The good backups that can be reached now, the last one first; works without a store."""
    from agentdesk.core.seal import Seal

    last = read(home.state).file
    try:
        mark = mark_of(Seal(home.key.read_bytes()))
    except OSError:  # the key is gone: the last backup's name has its mark, where it was a daily one
        found_in = _NAME.fullmatch(Path(last).name)
        mark = found_in[1] if found_in else ""
    daily = of_desk(folder_of(home, wanted), mark) if mark else []
    found = dict.fromkeys([Path(last)] * bool(last) + daily[::-1])
    return [each for each in found if each.is_file()]


def mark_of(seal: Seal) -> str:
    """What this desk's backups are told by, in a folder that it may share with others."""
    return seal.shared_id("backup", "daily")[:8]


def name_of(mark: str, at: datetime) -> str:
    return f"agentdesk-{mark}-{at.astimezone(UTC):{_TIME}}.tar"


def made_at(file: Path) -> datetime | None:
    """When a daily backup was made, by its name."""
    found = _NAME.fullmatch(file.name)
    try:
        return datetime.strptime(found[2], _TIME).replace(tzinfo=UTC) if found else None
    except ValueError:
        return None


def of_desk(folder: Path, mark: str) -> list[Path]:
    """The daily backups of one desk in `folder`, the oldest first; none where the folder cannot be read."""
    try:
        there = [each for each in folder.iterdir() if each.is_file() and not each.is_symlink()]
    except OSError:
        return []
    return sorted(each for each in there if made_at(each) and each.name.startswith(f"agentdesk-{mark}-"))
