"""One backup a day, made beside whatever else goes on.

Promises: what counts was read again (`archive`); the newest ones of this desk are kept, and no file but those is ever taken
away; two processes do not make it twice; what goes wrong is noted, said and tried again, and stops nothing. Refuses:
making a folder that somebody named, since a disk that is not connected would look like an empty one.
"""

from __future__ import annotations

from contextlib import nullcontext, suppress
from datetime import timedelta
from typing import TYPE_CHECKING

from agentdesk.core.instant import moment, stamp
from agentdesk.engine import kept, trouble
from agentdesk.engine.chore import Chore
from agentdesk.errors import N_, BusyError, DeskError, DiskError
from agentdesk.store import lock

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from agentdesk.config import Backup, Home
    from agentdesk.engine.desk import Desk

EVERY = timedelta(hours=24)
AGAIN = timedelta(minutes=15)
"""How long after a failure it is tried again."""
FIRST_AFTER = 10.0
"""Seconds after the start before the first look: the mail that came overnight goes first."""
LOOK_EVERY = 60.0
AHEAD = timedelta(minutes=15)
"""A name later than now by more is that of a clock that was wrong; by less it is the clock's own fidgeting."""


def chore(desk: Desk, home: Home, wanted: Backup) -> Chore:
    """Makes one whenever it is due; whoever leaves does not wait for a copy of everything."""
    return Chore(
        N_("backup"), lambda _: nullcontext(lambda: once(desk, home, wanted)), LOOK_EVERY, FIRST_AFTER
    )


def once(desk: Desk, home: Home, wanted: Backup) -> kept.Note | None:
    """Makes today's backup where it is due. Gives what was noted, `reason` being why it failed; None for nothing done."""
    if not wanted.daily or not _due(desk, home, wanted):
        return None
    try:
        with lock.held(home.state, "daily"):
            if not _due(desk, home, wanted):
                return None
            _made(desk, home, wanted)
            return kept.read(home.state)
    except BusyError:
        return None  # another process makes it, or somebody restores
    except DeskError as error:
        reason = trouble.why(error)
    except Exception as error:  # noqa: BLE001 - a copy that fails stops nothing else, whatever it was
        reason = type(error).__name__
    return kept.failed(home.state, desk.now(), kept.folder_of(home, wanted), reason)


def renew(desk: Desk, home: Home, wanted: Backup) -> tuple[list[Path], list[Path]]:
    """After somebody was forgotten: a backup without them takes the place of all former ones of this desk.

    Gives those that are gone and, where the new one cannot be made now, those that stay for want of it.
    """
    former = _ours(desk, home, wanted)
    if not former:
        return [], []
    try:
        with lock.held(home.state, "daily"):
            new = _made(desk, home, wanted)
    except DeskError:
        return [], former
    old = [each for each in _ours(desk, home, wanted) if each != new]  # whatever their names say of time
    for each in old:
        with suppress(OSError):
            each.unlink()
    return [each for each in former if not each.exists()], [each for each in old if each.exists()]


def _due(desk: Desk, home: Home, wanted: Backup) -> bool:
    """Whether none is there of the last day, and none was tried in vain a moment ago; a desk's first day has none: what came
    lies on the servers still."""
    now, folder = desk.now(), kept.folder_of(home, wanted)
    named = filter(None, map(kept.made_at, _ours(desk, home, wanted)))
    newest = max((at for at in named if at - now < AHEAD), default=None)
    begun = kept.begun(home)
    if _within(newest or moment(begun or stamp(now)), now, EVERY):
        return False
    note = kept.read(home.state)
    in_vain = note.failed_at is not None and note.folder == str(folder) and not kept.is_back(note, wanted)
    return not (in_vain and _within(moment(str(note.failed_at)), now, AGAIN))


def _within(at: datetime, now: datetime, span: timedelta) -> bool:
    """A time that lies far ahead is that of a clock that was wrong."""
    return abs(now - at) < span


def _ours(desk: Desk, home: Home, wanted: Backup) -> list[Path]:
    return kept.of_desk(kept.folder_of(home, wanted), kept.mark_of(desk.seal))


def _made(desk: Desk, home: Home, wanted: Backup) -> Path:
    from agentdesk.engine import archive, erasures

    folder, mark = kept.folder_of(home, wanted), kept.mark_of(desk.seal)
    if wanted.folder and not folder.is_dir():
        raise DiskError(path=str(folder), reason=kept.NO_FOLDER)
    for stray in folder.glob(f".agentdesk-{mark}-*.tar.part"):  # of one that was killed
        stray.unlink(missing_ok=True)
    file = folder / kept.name_of(mark, desk.now())
    archive.write(desk, home, file)
    erasures.write(desk, home, folder)
    for old in _by_worth(kept.of_desk(folder, mark), file, desk.now())[wanted.keep :]:
        with suppress(OSError):
            old.unlink()
    return file


def _by_worth(files: list[Path], new: Path, now: datetime) -> list[Path]:
    """The new one, then the last one of each day, then what a clock that was ahead has named, then what is left of days that have
    another: no day goes for the sake of several of one day, and no name outlives a week because it lies in the future."""

    def at(file: Path) -> datetime:
        return kept.made_at(file) or now

    days, ahead, rest = {at(new).date(): new}, [], []
    for each in sorted(files, key=at, reverse=True):
        if each == new:
            continue
        if at(each) - now >= AHEAD:
            ahead.append(each)
        elif days.setdefault(at(each).date(), each) != each:
            rest.append(each)
    return [*days.values(), *ahead, *rest]
