"""The moment in which a restore changes a home: some renames, on which one file decides.

Promises: until that file is there nothing has changed; from then on everything will, also where the process is killed at any step:
the next start goes on where it was, before it reads a setting. Refuses: doing so beside a process that works with the desk.
"""

import json
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from agentdesk.config import Home, make_directory, write_file
from agentdesk.config.home import DECIDED
from agentdesk.engine.whole import removed, synced
from agentdesk.store import lock

OWN_FILES = (
    "config.toml",
    "sla.toml",
    "calendars",
    "replies",
    "automatic",
    "rules",
    "playbooks",
    "kb",
    "demo",
)
"""What a shop edits beside its config.toml."""
_NOBODY_S = frozenset({"turn", "write"})
"""Locks of a transaction's moments, which whoever writes takes by itself."""


def decide(home: Home, at: str) -> None:
    """What lies ready in `home.restoring` takes the place of what is here, which is named after `at`: from now on."""
    synced(home.restoring)
    write_file(home.restoring / DECIDED, json.dumps({"at": at}).encode())


def go_on(home: Home) -> None:
    """Finishes a restore that was decided and whose process was killed; raises BusyError and DiskError."""
    with alone(home):
        if home.is_half_restored():
            finish(home)


def finish(home: Home) -> tuple[Path | None, Path | None]:
    """(where the former data lies, where the former configuration does), for whoever is alone. Each step is done once,
    however often it is begun."""
    if (home.restoring / DECIDED).exists():
        former = _former(home, home.restoring)
        if home.data.exists():
            home.data.replace(former)
        home.restoring.replace(home.data)
        synced(home.data.parent)
    former = _former(home, home.data)
    if (former / "backups").is_dir():
        (former / "backups").replace(home.backups)
    kept_config = home.config / former.name.removeprefix(f"{home.data.name}.")
    put_config(home, home.data / "config", kept_config.name)
    synced(home.config)
    (home.data / DECIDED).unlink()
    synced(home.data)
    return former if former.exists() else None, kept_config if kept_config.exists() else None


def _former(home: Home, decided: Path) -> Path:
    at = json.loads((decided / DECIDED).read_bytes())["at"]
    return home.data.with_name(f"{home.data.name}.before-restore-{at}")


def put_config(home: Home, source: Path, former: str) -> None:
    """Moves the shop's own files from `source` into place; each one that is there already goes into the folder `former`
    beside it. Begun again, it goes on where it was."""
    make_directory(home.config)
    kept = home.config / former
    for name in OWN_FILES:
        place, new = home.config / name, source / name
        if not new.exists():
            continue
        if (kept / name).exists():  # what is in place is half of what was being moved
            removed(place)
        elif place.exists() or place.is_symlink():
            make_directory(kept)
            place.replace(kept / name)
        shutil.move(new, place)
    shutil.rmtree(source, ignore_errors=True)


@contextmanager
def alone(home: Home, *, ours: frozenset[str] = frozenset()) -> Iterator[None]:
    """Holds every lock that there is but `ours`, so that nobody receives, sends or has a console open meanwhile; raises
    BusyError with who does."""
    names = {path.stem for path in home.state.glob("*.lock")} | {
        "backup",
        "daily",
        "migrate",
        "rebuild",
        "restore",
    }
    with ExitStack() as stack:
        for name in sorted(names - ours - _NOBODY_S):
            stack.enter_context(lock.held(home.state, name))
        yield
