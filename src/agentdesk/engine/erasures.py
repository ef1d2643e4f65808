"""The list of who was forgotten, as hashes, kept where it outlives the store, and done again in whatever comes back.

A line for each erase: the ids that it named, which are hashes under the desk's key, so that the list tells nobody who it was. It
lies in the store's own log, beside `config.toml` and beside the daily backups. Promises: a desk that comes back from before an
erase comes back without the person, and their mails are not taken in again. Refuses: lines of another desk, and of no desk.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict
from datetime import UTC
from pathlib import Path
from tempfile import TemporaryDirectory

from agentdesk.config import Home, write_file
from agentdesk.core.commands import Erase, EraseAgain
from agentdesk.core.events import Event
from agentdesk.core.seal import Seal
from agentdesk.engine import clock, kept
from agentdesk.engine.desk import Desk
from agentdesk.errors import DeskError, RefusedError
from agentdesk.policies import load_policy
from agentdesk.store import Store, driver, erasure, staying
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
    text = _lines(mark, found)
    write_file(home.config / NAME, text)
    if folder.is_dir():
        write_file(_beside(folder, mark), text)


def at_hand(home: Home, key: bytes, *folders: Path) -> dict[str, EraseAgain]:
    """What is known of erases of the desk of `key`: of the store that is here, of the lists here and in `folders`."""
    mark = kept.mark_of(Seal(key))
    found = _of_store(home.store)
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
    with at_rest(data, key) as desk:
        with desk.transaction() as writer:
            done = again(desk, writer, erases.values())
        if done:
            desk.store.compact()
    return done


@contextmanager
def at_rest(data: Path, key: bytes) -> Iterator[Desk]:
    """The desk whose store and blobs lie in the folder `data` and that nobody else works with. Raises DeskError."""
    with TemporaryDirectory() as locks:
        store = Store.open(data, Path(locks))
        try:
            yield Desk(
                store, key, lambda: load_policy((), "guide", None, UTC), agent="agentdesk", now=clock.now
            )
        finally:
            store.close()


def erased(desk: Desk, writer: Writer, customer: str) -> Event:
    """Forgets a customer in the open transaction. Raises RefusedError."""
    addresses = staying.addresses(writer.connection, customer)
    unread = erasure.unread_of(writer.connection, writer.blobs, addresses)
    answer = desk.decided(writer, Erase(customer, unread))
    if answer.event is None:
        raise RefusedError(reason="nothing_changes")
    return answer.event


def known(data: Path, mark: str) -> set[str]:
    """The ids of the erases of the desk of `mark` that the folder `data` says were done in its store too; empty where none can
    be read."""
    return {*_read(data / NAME, mark), *_of_store(data / "desk.db")}


def noted(data: Path, mark: str, erase: EraseAgain) -> None:
    """Says in the folder `data` that this erase was done in its store too. Raises DiskError."""
    found = _read(data / NAME, mark) | {erase.event: erase}
    write_file(data / NAME, _lines(mark, found.values()))


def _lines(mark: str, erases: Iterable[EraseAgain]) -> bytes:
    said = (json.dumps({"agentdesk": FORMAT, "desk": mark, **asdict(each)}) for each in erases)
    return "".join(f"{line}\n" for line in said).encode()


def _beside(folder: Path, mark: str) -> Path:
    return folder / f"agentdesk-{mark}-{NAME}"


def _of_store(store: Path) -> dict[str, EraseAgain]:
    """Of a store that is about to be replaced, or was, as far as it can be read."""
    if store.is_file():
        with (
            suppress(driver.Error, DeskError, OSError, ValueError),
            closing(driver.connect(str(store), read_only=True)) as connection,
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
