"""flock files: who migrates, polls, sends, rebuilds. A lock dies with its process, so none is ever stale."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from agentdesk.errors import BusyError


@contextmanager
def held(folder: Path, name: str) -> Iterator[None]:
    """Holds `folder/name.lock` for the block; raises BusyError with the holder's process id at once."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"{name}.lock"
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BusyError(what=name, holder=_holder(handle)) from None
        os.ftruncate(handle, 0)
        os.pwrite(handle, str(os.getpid()).encode(), 0)
        yield
    finally:
        os.close(handle)


def _holder(handle: int) -> str:
    return f"process {os.pread(handle, 20, 0).decode(errors='replace').strip() or '?'}"
