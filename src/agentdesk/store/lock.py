"""flock files: who migrates, polls, sends, rebuilds, waits. A lock dies with its process, so none is ever stale."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from io import FileIO
from pathlib import Path

from agentdesk.errors import N_, BusyError, DiskError
from agentdesk.i18n import tr

CALLED = frozenset(
    {
        N_("backup"),
        N_("console"),
        N_("daily"),
        N_("export"),
        N_("import"),
        N_("migrate"),
        N_("rebuild"),
        N_("restore"),
        N_("store"),
        N_("write"),
    }
)
"""Names of locks that people read where one is held."""


@contextmanager
def held(folder: Path, name: str) -> Iterator[None]:
    """Holds `folder/name.lock` for the block; raises BusyError with the holder's process id at once, and DiskError."""
    with _file(folder, name) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BusyError(what=name, holder=_holder(file)) from None
        with suppress(OSError):  # a courtesy: the lock is ours on a full disk, too
            file.truncate(0)
            os.pwrite(file.fileno(), str(os.getpid()).encode(), 0)
        yield


@contextmanager
def alone(folder: Path, name: str) -> Iterator[BusyError | None]:
    """The same for whoever has something else to do where another process holds it: the block is given what says so, and only what is
    wrong with this one lock. Raises DiskError, and whatever the block does."""
    other = None
    with ExitStack() as stack:
        try:
            stack.enter_context(held(folder, name))
        except BusyError as error:
            other = error
        yield other


@contextmanager
def waiting(folder: Path, name: str) -> Iterator[None]:
    """Says, for the block, that somebody waits for what `name` stands for; any number may."""
    with _file(folder, name) as file:
        fcntl.flock(file, fcntl.LOCK_SH)
        yield


class Waiting:
    """True while anybody says so; asking takes some microseconds."""

    def __init__(self, folder: Path, name: str) -> None:
        self._file = _file(folder, name)

    def __bool__(self) -> bool:
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        fcntl.flock(self._file, fcntl.LOCK_UN)
        return False

    def close(self) -> None:
        self._file.close()


def _file(folder: Path, name: str) -> FileIO:
    path = folder / f"{name}.lock"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise DiskError(path=str(path), reason=error.strerror or str(error)) from error
    return FileIO(handle, "r+")


def _holder(file: FileIO) -> str:
    number = os.pread(file.fileno(), 20, 0).decode(errors="replace").strip()
    return tr("process {number}").format(number=number) if number else tr("another process")
