"""The list of who was forgotten, as hashes, kept where it outlives the store, and done again in whatever comes back.

A line for each erase: the ids that it named, which are hashes under the desk's key, so that the list tells nobody who it was. It
lies in the store's own log, beside `config.toml` and beside the daily backups. Promises: a desk that comes back from before an
erase comes back without the person, and their mails are not taken in again. Refuses: lines of another desk, and of no desk.
"""

import json
from collections.abc import Iterable, Mapping
from contextlib import closing, suppress
from dataclasses import asdict
from datetime import UTC
from pathlib import Path
from tempfile import TemporaryDirectory

from agentdesk.config import Home, write_file
from agentdesk.core.commands import EraseAgain
from agentdesk.core.seal import Seal
from agentdesk.engine import clock, kept
from agentdesk.engine.desk import Desk
from agentdesk.errors import DeskError
from agentdesk.policies import load_policy
from agentdesk.store import Store, driver, erasure
from agentdesk.store.writer import Writer

NAME = "forgotten.jsonl"
FORMAT = 1


def write(desk: Desk, home: Home, folder: Path) -> None:
    """Writes the list beside the configuration and, where it is there, into the `folder` of the daily backups."""
    with closing(desk.reader()) as connection:
        found = erasure.done(connection)
    if not found:
        return
    mark = kept.mark_of(desk.seal)
    lines = (json.dumps({"agentdesk": FORMAT, "desk": mark, **asdict(each)}) for each in found)
    text = "".join(f"{line}\n" for line in lines).encode()
    write_file(home.config / NAME, text)
    if folder.is_dir():
        write_file(_beside(folder, mark), text)


def at_hand(home: Home, key: bytes, *folders: Path) -> dict[str, EraseAgain]:
    """What is known of erases of the desk of `key`: of the store that is here, of the lists here and in `folders`."""
    mark = kept.mark_of(Seal(key))
    found = _of_store(home)
    for path in (home.config / NAME, *(_beside(each, mark) for each in (home.backups, *folders))):
        found |= _read(path, mark)
    return found


def again(desk: Desk, writer: Writer, erases: Iterable[EraseAgain]) -> int:
    """Does those that this store does not know, in the open transaction; gives how many."""
    return sum(desk.decided(writer, each).event is not None for each in erases)


def replay(data: Path, key: bytes, erases: Mapping[str, EraseAgain]) -> int:
    """Does them in a store at rest, whose folder is `data`; gives how many were new to it. Raises DeskError."""
    if not erases:
        return 0
    with TemporaryDirectory() as locks:
        store = Store.open(data, Path(locks))
        try:
            desk = Desk(
                store, key, lambda: load_policy((), "guide", None, UTC), agent="agentdesk", now=clock.now
            )
            with desk.transaction() as writer:
                done = again(desk, writer, erases.values())
            if done:
                store.compact()
        finally:
            store.close()
    return done


def _beside(folder: Path, mark: str) -> Path:
    return folder / f"agentdesk-{mark}-{NAME}"


def _of_store(home: Home) -> dict[str, EraseAgain]:
    """Of the store that is about to be replaced, as far as it can be read."""
    if home.store.is_file():
        with (
            suppress(driver.Error, DeskError, OSError, ValueError),
            closing(driver.connect(str(home.store), read_only=True)) as connection,
        ):
            return {each.event: each for each in erasure.done(connection)}
    return {}


def _read(path: Path, mark: str) -> dict[str, EraseAgain]:
    found = {}
    with suppress(OSError):
        for line in path.read_bytes().splitlines():
            with suppress(ValueError, KeyError, TypeError, AttributeError):
                said = json.loads(line)
                if (said["agentdesk"], said["desk"]) == (FORMAT, mark):
                    ids = (tuple(map(str, said[name])) for name in ("customers", "messages", "names"))
                    found[str(said["event"])] = EraseAgain(str(said["event"]), *ids)
    return found
