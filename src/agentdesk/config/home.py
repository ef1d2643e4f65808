"""Where everything lies on the disk.

Promises: one value names every path, directories are made 0700 and files 0600, and what cannot be made is a
`DiskError` with the path. Refuses: changing the mode of a directory that was there before; with
`--home` it may be somebody's own. With a home everything lies under one directory, so that a desk
can be copied, tried and thrown away; without it the system's own places are used.
"""

import os
from collections.abc import Mapping
from pathlib import Path

from agentdesk.errors import DiskError
from agentdesk.values import dataclass

DECIDED = "restore.json"
"""In what a restore has made ready, and in the data that it then is, until everything is in its place."""


@dataclass(frozen=True, slots=True)
class Home:
    """The four directories of one desk. All paths are absolute."""

    config: Path
    data: Path
    state: Path
    log: Path

    @classmethod
    def under(cls, directory: Path) -> "Home":
        """Everything under `directory`."""
        top = Path(os.path.abspath(directory.expanduser()))  # noqa: PTH100 - keeps a link as the user named it
        return cls(top, top / "data", top / "state", top / "log")

    @classmethod
    def of_system(cls) -> "Home":
        """The places that the system gives to each user (XDG on Linux)."""
        from platformdirs import PlatformDirs

        places = PlatformDirs("agentdesk", appauthor=False)
        return cls(
            places.user_config_path,
            places.user_data_path,
            places.user_state_path,
            places.user_log_path,
        )

    @classmethod
    def find(cls, option: str | None, environ: Mapping[str, str]) -> "Home":
        """`--home` first, then AGENTDESK_HOME, then the system's places."""
        chosen = option or environ.get("AGENTDESK_HOME")
        return cls.under(Path(chosen)) if chosen else cls.of_system()

    @property
    def config_file(self) -> Path:
        return self.config / "config.toml"

    def stamp(self) -> tuple[int, ...]:
        """Another one whenever config.toml is another file than before or was written again; empty where there is none."""
        try:
            file = self.config_file.stat()
        except OSError:
            return ()
        return file.st_mtime_ns, file.st_size, file.st_ino

    @property
    def store(self) -> Path:
        return self.data / "desk.db"

    @property
    def blobs(self) -> Path:
        return self.data / "blobs"

    @property
    def key(self) -> Path:
        return self.data / "desk.key"

    @property
    def backups(self) -> Path:
        return self.data / "backups"

    @property
    def secrets(self) -> Path:
        """Encrypted secrets, one file an account."""
        return self.data / "secrets"

    @property
    def spool(self) -> Path:
        """Bodies on their way in; on the same file system as the blobs, so that a rename moves them."""
        return self.data / "spool"

    @property
    def restoring(self) -> Path:
        """What a restore makes ready, to take the place of the data."""
        return self.data.with_name(f"{self.data.name}.restoring")

    def is_half_restored(self) -> bool:
        """Whether a restore was decided and has yet to be finished."""
        return (self.data / DECIDED).exists() or (self.restoring / DECIDED).exists()

    @property
    def agent_file(self) -> Path:
        """The name of the agent at the keyboard."""
        return self.state / "agent"

    @property
    def folder_file(self) -> Path:
        """The folder into which a file was saved last."""
        return self.state / "folder"

    @property
    def log_file(self) -> Path:
        return self.log / "agentdesk.log"

    def lock(self, name: str) -> Path:
        return self.state / f"{name}.lock"

    def make(self) -> None:
        """Makes what is missing; raises DiskError."""
        for directory in (self.config, self.data, self.blobs, self.backups, self.spool, self.state, self.log):
            make_directory(directory)


def make_directory(directory: Path) -> None:
    """Makes `directory` and its missing parents, 0700 each; raises DiskError."""
    missing = []
    place = directory
    try:
        while not place.exists() and place != place.parent:
            missing.append(place)
            place = place.parent
        for each in reversed(missing):
            each.mkdir(mode=0o700, exist_ok=True)
        if not directory.is_dir():
            raise NotADirectoryError(20, "Not a directory", str(directory))
    except OSError as error:
        raise DiskError(path=error.filename or directory, reason=error.strerror or error) from error


def passing_name(path: Path) -> Path:
    """Beside `path`, for what is not whole yet: no two writers have the same, be they threads of one process."""
    return path.with_name(f".{path.name}.{os.getpid()}.{os.urandom(6).hex()}")


def write_file(path: Path, content: bytes) -> None:
    """Replaces `path` as a whole: after a power cut it is the old file or the new one, of several writers the last one's. 0600;
    raises DiskError.

    A link is followed, so that a configuration kept elsewhere stays there.
    """
    target = path.resolve()
    make_directory(target.parent)
    passing = passing_name(target)
    try:
        descriptor = os.open(passing, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as out:
                os.fchmod(descriptor, 0o600)
                out.write(content)
                out.flush()
                os.fsync(descriptor)
            passing.replace(target)
        except BaseException:
            passing.unlink(missing_ok=True)
            raise
        directory = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)
    except OSError as error:
        raise DiskError(path=path, reason=error.strerror or error) from error
