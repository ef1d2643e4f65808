"""A file or folder that is there whole or not at all: made beside its place under a name of its own, then renamed.

Promises: what a process that was killed left half made is taken away by the next one, and what fails takes it away itself.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from agentdesk.store.doubtful import synced

__all__ = ["cleared", "removed", "synced"]


@contextmanager
def cleared(*paths: Path) -> Iterator[None]:
    """Takes half-made things away, before and after."""
    try:
        for path in paths:
            removed(path)
        yield
    finally:
        for path in paths:
            removed(path)


def removed(path: Path) -> None:
    """Nothing is at `path` any more."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
