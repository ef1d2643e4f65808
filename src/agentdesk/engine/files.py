"""Saving what came with a message: under a safe name, never over another file, never opened by itself."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from agentdesk.config import Home, passing_name, write_file
from agentdesk.core.text import safe_line
from agentdesk.engine.desk import Desk
from agentdesk.engine.program import open_file
from agentdesk.engine.window import Window
from agentdesk.errors import N_, DiskError, NotFoundError

KEPT = 86_400.0
"""Seconds that a file which was opened is kept."""
LONGEST = 180
"""Bytes of a file's name, so that a number still fits before the 255 that a file system takes."""
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
_FORBIDDEN = set('/\\:*?"<>|\0')


class MissingFolderError(DiskError):
    """A folder to write into is not there. Values: path."""

    title = N_("The folder is not there")
    detail = "{path}"
    remedy = N_("Make the folder, or name another one.")


def safe_name(name: str) -> str:
    """A file name of its own: no folder, no control or direction characters, no leading dot, not too long."""
    plain = "".join(
        "_" if c in _FORBIDDEN or not c.isprintable() else c for c in safe_line(name).replace("\ufffd", "_")
    )
    plain = plain.strip(" .") or "file"
    stem, dot, ending = plain.rpartition(".")
    stem, ending = (stem, dot + ending[:20]) if stem else (plain, "")
    while len((stem + ending).encode()) > LONGEST:
        stem = stem[:-1]
    return stem + ending


def save(desk: Desk, message: str, part: str, name: str, folder: Path) -> Path:
    """Writes one attachment into `folder` (0600) and gives its path; raises NotFoundError, DiskError."""
    with Window(desk) as window:
        raw = window.raw(message)
    clean = safe_name(name)
    try:
        return put(folder, clean, content(raw, part))
    except KeyError:
        raise NotFoundError(what="attachment", name=clean) from None


def save_into(desk: Desk, home: Home, message: str, part: str, name: str, folder: Path) -> Path:
    """The same into a folder that an agent chose, which is made where it is not there, and offered the next time."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DiskError(path=str(folder), reason=error.strerror or str(error)) from error
    path = save(desk, message, part, name, folder)
    write_file(home.folder_file, f"{folder}\n".encode("utf-8", "surrogateescape"))
    return path


def last_folder(home: Home) -> Path:
    """Where the last file was saved that an agent chose a folder for, as long as that is there; else the user's home."""
    try:
        folder = Path(home.folder_file.read_text("utf-8", "surrogateescape").rstrip("\n"))
    except OSError:
        return Path.home()
    return folder if folder.is_dir() else Path.home()


def put(folder: Path, name: str, chunks: Iterable[bytes]) -> Path:
    """Writes a file (0600) that takes nobody's place and has its name once it is whole, and gives its path; raises
    MissingFolderError, DiskError."""
    passing = passing_name(folder / name)
    try:
        handle = os.open(passing, _NEW | os.O_NOFOLLOW, 0o600)
        try:
            with os.fdopen(handle, "wb") as file:
                for chunk in chunks:
                    file.write(chunk)
            return _named(passing, folder, name)
        finally:
            passing.unlink(missing_ok=True)
    except FileNotFoundError:
        raise MissingFolderError(path=str(folder)) from None
    except OSError as error:
        raise DiskError(path=str(folder), reason=error.strerror or str(error)) from error


def _named(passing: Path, folder: Path, name: str) -> Path:
    """Gives what is whole the first name that nobody has."""
    for path in _names(folder, name):
        try:
            path.hardlink_to(passing)
        except FileExistsError:
            continue
        except OSError:  # a file system without links
            if not _is_ours(path):
                continue
            passing.replace(path)
        return path
    raise DiskError(path=str(folder), reason="too many files of that name")


def _is_ours(path: Path) -> bool:
    """Whether nobody had that name, which is taken now."""
    try:
        os.close(os.open(path, _NEW, 0o600))
    except FileExistsError:
        return False
    return True


def content(raw: bytes | Path, part: str) -> Iterator[bytes]:
    """The bytes of one attachment of a mail or a chat; raises KeyError where it is not there."""
    from agentdesk.channels import chat, mime

    return chat.file_bytes(raw, part) if chat.is_chat(raw) else mime.attachment_bytes(raw, part)


def show(desk: Desk, home: Home, message: str, part: str, name: str) -> None:
    """Hands one attachment to the system's own program; raises MissingProgramError where there is none."""
    path = kept(desk, home, message, part, name)
    open_file(path)


def kept(desk: Desk, home: Home, message: str, part: str, name: str) -> Path:
    """The path of one attachment in a folder of agentdesk's own, emptied of what is older than a day at each call."""
    folder = home.state / "opened"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    oldest = desk.now().timestamp() - KEPT
    for old in folder.iterdir():
        if old.lstat().st_mtime < oldest:
            old.unlink()
    return save(desk, message, part, name, folder)


def _names(folder: Path, name: str) -> Iterator[Path]:
    yield folder / name
    stem, dot, ending = name.rpartition(".")
    for number in range(2, 1000):
        yield folder / (f"{stem}-{number}.{ending}" if stem and dot else f"{name}-{number}")
