"""One file that holds a whole desk, and a desk put back from one.

A plain tar: `desk.db` (a copy that SQLite wrote), `blobs/`, `desk.key`, `secrets/` (encrypted as they are), `config/` (the
shop's own files) and, last, `backup.json` with the sha256 of everything before it. Promises: a file that has its name was
opened and compared; being killed leaves the former one whole, and a restore that was killed is either not begun or finished by
the next start (`restoring`); what was here before a restore is kept. Refuses: trusting names inside an archive, and restoring under a
process that receives or sends. Passwords in a keyring are not part of a backup.
"""

import errno
import json
import os
import shutil
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from hashlib import sha256
from io import BufferedReader, BytesIO, FileIO
from pathlib import Path, PurePosixPath
from typing import IO, Any

from agentdesk.config import Home, make_directory
from agentdesk.engine import clock, erasures, exported, kept
from agentdesk.engine.desk import Desk
from agentdesk.engine.key import KEY_SIZE
from agentdesk.engine.restoring import OWN_FILES, alone, decide, finish
from agentdesk.engine.whole import cleared, removed, synced
from agentdesk.errors import N_, DeskError, DiskError, FullDiskError, UnreadableError
from agentdesk.i18n import tr
from agentdesk.store import Store, backup, lock
from agentdesk.values import dataclass

FORMAT = 1
MANIFEST = "backup.json"
_CHUNK = 1 << 20
_FOLDERS = frozenset({"blobs", "secrets", "config"})
_FILES = frozenset({"desk.db", "desk.key"})

Told = Callable[[int, int | None], object]


class BackupError(DeskError):
    """A file that is no backup, or a damaged one. Values: path, reason."""

    code = "backup"
    title = N_("The backup cannot be used")
    detail = N_("{path}: {reason}")
    remedy = N_("Take an earlier backup; nothing was changed.")


class NewerBackupError(BackupError):
    """Made by a newer agentdesk. Values: path, reason."""

    code = "newer_backup"
    title = N_("This backup was made by a newer agentdesk")
    remedy = N_("Install the newer version, then restore it; nothing was changed here.")


@dataclass(frozen=True, slots=True)
class Made:
    """A finished backup."""

    path: Path
    size: int
    files: int
    tickets: int


@dataclass(frozen=True, slots=True)
class Restored:
    """`kept` is where the former data lies now, `kept_config` the former configuration, if there was any; `doubtful` are replies
    that may have gone since, `forgotten` the erases that the backup did not know."""

    tickets: int
    doubtful: int
    kept: Path | None
    forgotten: int = 0
    kept_config: Path | None = None


def keep_before_migration(home: Home, store: Store) -> None:
    """Copies a store that is about to be migrated, under the lock that its migration holds."""
    make_directory(home.backups)
    backup.copy(store.connection, home.backups / f"before-{backup.version(store.connection)}.db")


def write(desk: Desk, home: Home, file: Path, on_progress: Told | None = None) -> Made:
    """Backs up an open desk into `file`, in place of what was there; raises BusyError, DiskError, StoreError."""
    passing = file.with_name(f".{file.name}.part")
    copy = home.backups / ".copy.db"
    with _said(file), lock.held(home.state, "backup"), cleared(passing, copy):
        make_directory(home.backups)
        tickets = backup.snapshot(desk.store.path, copy)
        parts = [("desk.db", copy), *_parts(home)]
        handle = os.open(passing, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with os.fdopen(handle, "wb") as out:
            known = _pack(out, parts, str(home.secrets), on_progress)
            out.flush()
            os.fsync(out.fileno())
        _verified(passing)
        size = passing.stat().st_size
        passing.replace(file)
        synced(file.parent)
    kept.good(home.state, desk.now(), file)
    return Made(file, size, len(known), tickets)


def _parts(home: Home) -> Iterator[tuple[str, Path]]:
    """(name in the archive, file) of everything but the store."""
    yield "desk.key", home.key
    for top, folder in (("blobs", home.blobs), ("secrets", home.secrets)):
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                yield f"{top}/{path.relative_to(folder).as_posix()}", path
    yield from own_files(home)


def own_files(home: Home) -> Iterator[tuple[str, Path]]:
    """(`config/` and its name, file) of what the shop itself wrote."""
    for name in OWN_FILES:
        place = home.config / name
        for path in [place] if place.is_file() else sorted(place.rglob("*")):
            if path.is_file():
                yield f"config/{path.relative_to(home.config).as_posix()}", path


def _pack(
    out: IO[bytes], parts: list[tuple[str, Path]], secrets: str, on_progress: Told | None
) -> dict[str, str]:
    """Writes the archive; gives the sha256 of every file in it. `secrets` is where config.toml says that they lie."""
    known: dict[str, str] = {}
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as tar:
        tar.copybufsize = _CHUNK  # type: ignore[attr-defined] # few large steps: a console goes on beside
        for number, (name, path) in enumerate(parts):
            with suppress(FileNotFoundError), _readable(path) as file:  # erased while we went on
                info = _entry(name, os.fstat(file.fileno()).st_size)
                hashed = _Hashed(file)
                tar.addfile(info, hashed)
                known[name] = hashed.hash.hexdigest()
            if on_progress:
                on_progress(number + 1, len(parts))
        text = json.dumps({"agentdesk": FORMAT, "secrets": secrets, "files": known}, sort_keys=True).encode()
        tar.addfile(_entry(MANIFEST, len(text)), BytesIO(text))
    return known


def _entry(name: str, size: int) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.size, info.mode, info.mtime = size, 0o600, int(clock.now().timestamp())
    return info


class _Hashed:
    """A file that remembers what was read of it."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.hash = sha256()

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(size)
        self.hash.update(data)
        return data


@contextmanager
def _reading(path: Path) -> Iterator[None]:
    """Raises UnreadableError for what the disk does not give; that a file is not there stays as it is."""
    try:
        yield
    except FileNotFoundError:
        raise
    except OSError as error:
        raise UnreadableError(path=str(path), reason=error.strerror or str(error)) from error


class _Source(FileIO):
    """A file that names itself where the disk does not give it."""

    def readinto(self, buffer: Any, /) -> int | None:
        with _reading(Path(str(self.name))):
            return super().readinto(buffer)


def _readable(path: Path) -> IO[bytes]:
    with _reading(path):
        return BufferedReader(_Source(str(path)))


def _verified(file: Path, into: Path | None = None, on_progress: Told | None = None) -> dict[str, Any]:
    """Reads an archive from end to end and compares it with its manifest, which it gives; writes it out to `into`."""
    found: dict[str, str] = {}
    said: dict[str, Any] | None = None
    with _readable(file) as source_file, tarfile.open(fileobj=source_file, mode="r:") as tar:
        for info in tar:
            source = tar.extractfile(info) if info.isfile() else None  # a link may lead anywhere
            if source is None or said is not None:
                raise BackupError(
                    path=str(file), reason=N_("it holds something that has no place in a backup")
                )
            if info.name == MANIFEST:
                said = json.loads(source.read())
                continue
            found[info.name] = _taken(file, info, source, into)
            if on_progress:
                on_progress(len(found), None)
    made = said.get("agentdesk") if isinstance(said, dict) else None
    if isinstance(made, int) and made > FORMAT:
        text = tr("format {version}, and this program knows up to {known}")
        raise NewerBackupError(path=str(file), reason=text.format(version=made, known=FORMAT))
    if said is None or made != FORMAT:
        raise BackupError(path=str(file), reason=N_("it is cut off, or no backup of agentdesk"))
    if said.get("files") != found or not found.keys() >= _FILES:
        raise BackupError(path=str(file), reason=N_("its content is not what was written"))
    return said


def _taken(file: Path, info: tarfile.TarInfo, source: IO[bytes], into: Path | None) -> str:
    """One member's sha256; its bytes go below `into`, never outside of it."""
    path = PurePosixPath(info.name)
    inside = info.name in _FILES or (len(path.parts) > 1 and path.parts[0] in _FOLDERS)
    if not inside or ".." in path.parts or path.is_absolute() or not info.isreg():
        raise BackupError(path=str(file), reason=N_("it holds something that has no place in a backup"))
    hashed = _Hashed(source)
    if into is None:
        while hashed.read(_CHUNK):
            pass
        return hashed.hash.hexdigest()
    target = into / path
    with _written(target):
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        with os.fdopen(handle, "wb") as out:
            shutil.copyfileobj(hashed, out, _CHUNK)
            out.flush()
            os.fsync(out.fileno())
    return hashed.hash.hexdigest()


def key_of(file: Path) -> bytes:
    """The desk's key of a backup that is whole. Raises BackupError, UnreadableError."""
    with _said(file):
        _verified(file)
        with _readable(file) as source, tarfile.open(fileobj=source, mode="r:") as tar:
            member = tar.extractfile("desk.key")
            return member.read() if member else b""


def tickets_here(home: Home) -> int | None:
    """How many tickets the desk of this home has; None where there is none. Raises DamagedStoreError."""
    return backup.tickets_in(home.store) if home.store.exists() else None


def is_export(folder: Path) -> bool:
    """Whether a folder looks like what `export` writes, which somebody took for a backup."""
    return (folder / exported.MANIFEST).is_file() and (folder / exported.KEY).is_file()


def put_back(home: Home, file: Path, on_progress: Told | None = None, *, data_only: bool = False) -> Restored:
    """Puts the desk of `file` in place of what is in `home`, which is kept; the backups in it go on where they are.

    With `data_only` the configuration and the secrets of this home stay as they are.
    Everything is read and checked before anything is moved. Raises BusyError while another process receives, sends,
    migrates or rebuilds; BackupError, NewerBackupError, NewerStoreError, UnreadableError, DiskError.
    """
    make_directory(home.state)  # a lock would make the folders above itself as they come
    with _said(file), alone(home):
        if home.is_half_restored():
            finish(home)
        removed(home.restoring)
        try:
            done = _made_ready(home, file, on_progress, data_only=data_only)
            decide(home, f"{clock.now():%Y%m%dT%H%M%SZ}")
        except BaseException:
            removed(home.restoring)
            raise
        former, config = finish(home)
    home.make()
    return replace(done, kept=former, kept_config=config)


def _made_ready(home: Home, file: Path, on_progress: Told | None, *, data_only: bool) -> Restored:
    """The desk of `file` in `home.restoring`, checked, with whoever was forgotten since forgotten again."""
    stage = home.restoring
    make_directory(stage)
    said = _verified(file, stage, on_progress)
    if (stage / "desk.key").stat().st_size != KEY_SIZE:
        raise BackupError(path=str(file), reason=N_("its key is not a key"))
    store = stage / "desk.db"
    backup.check(store)
    if backup.has_foreign(store):
        raise BackupError(path=str(file), reason=N_("it holds something that has no place in a backup"))
    key = (stage / "desk.key").read_bytes()
    forgotten = erasures.replay(stage, key, erasures.at_hand(home, key, file.parent))
    tickets, doubtful = backup.tickets_in(store), backup.doubt(store)
    (stage / "blobs").mkdir(mode=0o700, exist_ok=True)
    if data_only:
        _as_they_are(home, stage)
    else:
        _moved(stage / "config" / "config.toml", str(said.get("secrets")), str(home.secrets))
    return Restored(tickets, doubtful, None, forgotten)


def _as_they_are(home: Home, stage: Path) -> None:
    """This home's secrets go with the data that comes back, and the archive's configuration does not."""
    for name in ("config", "secrets"):
        shutil.rmtree(stage / name, ignore_errors=True)
    if home.secrets.is_dir():
        shutil.copytree(home.secrets, stage / "secrets")


def _moved(config: Path, there: str, here: str) -> None:
    """A configuration names its encrypted secrets by their path: it follows them into another home."""
    if config.exists() and there and there != here:
        text = config.read_text("utf-8")
        config.write_text(text.replace(f'"{there}/', f'"{here}/'), "utf-8")


@contextmanager
def _said(file: Path) -> Iterator[None]:
    """What the archive or the disk does wrong, in our words."""
    try:
        yield
    except (tarfile.TarError, EOFError, ValueError) as error:
        raise BackupError(path=str(file), reason=N_("it is cut off, or no backup of agentdesk")) from error
    except OSError as error:
        raise _of_the_disk(error, file) from error


@contextmanager
def _written(target: Path) -> Iterator[None]:
    """What is wrong where something is written, of which the system names no file."""
    try:
        yield
    except OSError as error:
        raise _of_the_disk(error, target) from error


def _of_the_disk(error: OSError, place: Path) -> DiskError:
    kind = FullDiskError if error.errno in {errno.ENOSPC, errno.EDQUOT} else DiskError
    return kind(path=str(error.filename or place), reason=error.strerror or str(error))
