"""Finding a file on this laptop by a path that is typed.

Promises: a folder of any size or slowness is read beside the keys and only so far; what cannot be read is said in the system's
words; only plain files are read, none beyond a size that no channel takes. Refuses: following anything but what was typed.
"""

import errno
import mimetypes
import os
import stat
from contextlib import suppress
from itertools import islice
from pathlib import Path
from urllib.parse import unquote

from agentdesk.config import Home
from agentdesk.core.model import OutFile
from agentdesk.core.text import safe_line
from agentdesk.i18n import tr
from agentdesk.values import dataclass

LOOKED_AT = 5000
"""Entries of a folder that are looked through."""
SHOWN = 200
LARGEST = 100 << 20
"""Bytes; the largest file that any channel takes is smaller."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing in a folder; `size` in bytes, of a file alone."""

    name: str
    path: str
    is_folder: bool
    size: int = 0


@dataclass(frozen=True, slots=True)
class Listing:
    """What a folder holds of what is typed. `is_cut`: it holds more than was looked through; `trouble`: why it holds nothing."""

    folder: Path
    entries: tuple[Entry, ...] = ()
    is_cut: bool = False
    trouble: str = ""


def meant(typed: str) -> str:
    """The path in what was typed or pasted: of two after one another the last, without quotation marks or `file://`."""
    text = typed.strip()
    for mark in "'\"":
        if text.endswith(mark) and mark in text[:-1]:
            text = text[text.index(mark) + 1 : -1]
    if (at := text.rfind("file://")) >= 0:
        return unquote(text[at + len("file://") :])
    return text[max(text.rfind("//"), text.rfind("/~/")) + 1 :]


def listed(typed: str, most: int = LOOKED_AT) -> Listing:
    """The folder that is typed, narrowed by what stands after the last slash; hidden ones where that begins with a dot. At most
    so many entries are looked through."""
    head, _, word = meant(typed).rpartition("/")
    folder = Path(f"{head}/") if head or meant(typed).startswith("/") else Path.home()
    found: list[Entry] = []
    try:
        folder = folder.expanduser()
        with os.scandir(folder) as entries:
            for each in islice(entries, most):
                hidden = each.name.startswith(".") and not word.startswith(".")
                if word.casefold() in each.name.casefold() and not hidden and (entry := _entry(each)):
                    found.append(entry)
            is_cut = next(entries, None) is not None
    except (OSError, RuntimeError, ValueError) as error:  # a user or a name that cannot be
        return Listing(folder, trouble=getattr(error, "strerror", None) or str(error))
    begins = word.casefold()
    found.sort(
        key=lambda each: (
            not each.name.casefold().startswith(begins),
            not each.is_folder,
            each.name.casefold(),
        )
    )
    return Listing(folder, tuple(map(_sized, found[:SHOWN])), is_cut)


def _entry(each: "os.DirEntry[str]") -> Entry | None:
    """A folder or a plain file; of what vanishes meanwhile, and of pipes and devices, nothing."""
    with suppress(OSError):
        if each.is_dir():
            return Entry(each.name, each.path, is_folder=True)
        if each.is_file():
            return Entry(each.name, each.path, is_folder=False)
    return None


def _sized(entry: Entry) -> Entry:
    size = 0
    if not entry.is_folder:
        with suppress(OSError):
            size = Path(entry.path).stat().st_size
    return Entry(entry.name, entry.path, entry.is_folder, size)


def read(path: Path) -> OutFile:
    """A file to send; raises OSError, also for what is no plain file or larger than anything that can be sent."""
    about = path.stat()
    if stat.S_ISDIR(about.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if not stat.S_ISREG(about.st_mode):
        raise OSError(errno.EINVAL, tr("this is no plain file"), str(path))
    if about.st_size > LARGEST:
        raise OSError(errno.EFBIG, os.strerror(errno.EFBIG), str(path))
    media_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return OutFile(safe_line(path.name), media_type, path.read_bytes())


def last_folder(home: Home) -> str:
    """Where the last file was found, as it is typed; at first the home."""
    with suppress(OSError, UnicodeDecodeError):
        if Path(kept := (home.state / "folder").read_text("utf-8").strip()).is_absolute():
            return shown(Path(kept))
    return "~/"


def remember(home: Home, folder: Path) -> None:
    """For the next time; where that cannot be, nothing is lost."""
    with suppress(OSError, UnicodeEncodeError):
        (home.state / "folder").write_text(str(folder), "utf-8")


def shown(folder: Path) -> str:
    """A folder as it is typed."""
    own = Path.home()
    if folder == own:
        return "~/"
    return f"~/{folder.relative_to(own)}/" if folder.is_relative_to(own) else f"{str(folder).rstrip('/')}/"
