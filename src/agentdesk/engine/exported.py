"""An export as it is read again: what lies where in it, and whether it is whole.

Promises: before anything of it is used, every file that an import reads was compared with its sha256, and the first one that
is damaged, cut off or missing is named; memory does not grow with it. Refuses: a newer version, a name or a link that leads
out of the folder, and text that a terminal would obey. What only people read (tables, README, attachments) may be changed.
"""

from __future__ import annotations

import json
import re
import stat
from collections.abc import Callable, Iterator
from dataclasses import field
from hashlib import file_digest
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, TypeVar

from agentdesk.core.instant import moment
from agentdesk.core.model import Direction, MailClass
from agentdesk.core.text import is_obeyed
from agentdesk.engine import summed
from agentdesk.engine.key import KEY_SIZE
from agentdesk.errors import N_, DeskError, NotFoundError
from agentdesk.i18n import tr
from agentdesk.values import dataclass

if TYPE_CHECKING:
    from datetime import datetime

FORMAT, VERSION = "agentdesk-export", 1
MANIFEST, KEY, README = "manifest.json", "desk.key", "README.txt"
CUSTOMERS, TICKETS, MESSAGES, EVENTS, QUARANTINE = "customers", "tickets", "messages", "events", "quarantine"
"""The tables; with `.jsonl` each is a file."""
ATTACHMENTS, CONFIG = "attachments", "config"
"""Folders, beside `tickets` and `quarantine`, which hold raw messages."""
UNSENT = ".unsent"
"""What the name of an answer's raw form ends in that is not known to have gone: whoever takes all mails of a folder, as `import eml`
does, takes what came and went."""
LINE_AT_MOST = 64 << 20
"""Bytes of a line: a text of the greatest length, each character of it escaped, takes a quarter."""

_PLAIN = re.compile(rb"[\n\x20-\x7e]*+")
_MAYBE_OBEYED = re.compile(rb"\\(?:[bfr]|u00[01789]|u20[26])", re.IGNORECASE)
"""How a line must look, in ASCII, that may say something which a terminal obeys: only such a one is looked through."""

T = TypeVar("T")
Told = Callable[[int, int | None], object]


class ExportError(DeskError):
    """A folder that is no export, or a damaged one. Values: path, reason."""

    code = "export"
    title = N_("The export cannot be used")
    detail = N_("{path}: {reason}")
    remedy = N_("Take another copy of it, or export again; nothing was changed here.")


class NewerExportError(ExportError):
    """Written by a newer agentdesk. Values: path, reason."""

    code = "newer_export"
    title = N_("This export was written by a newer agentdesk")
    remedy = N_("Install the newer version, then import it; nothing was changed here.")


@dataclass(frozen=True, slots=True)
class Source:
    """An account of the desk that was exported."""

    id: str
    name: str
    channel: str
    address: str


@dataclass(frozen=True, slots=True)
class Raw:
    """Where the exact bytes of a message lie in the export."""

    file: str
    sha256: str

    @classmethod
    def of(cls, value: Any) -> Raw | None:
        return None if value is None else cls(str(value["file"]), str(value["sha256"]))


@dataclass(frozen=True, slots=True)
class Message:
    """What an import takes of a message. `texts` are what it said when it came and what it said later; `author` is a name;
    `is_gone` is one that was forgotten or taken back; `state` what became of an answer of ours."""

    id: str
    ticket: int
    account: str
    direction: Direction
    class_reason: str
    author: str
    received_at: datetime
    texts: tuple[str, ...]
    raw: Raw | None
    state: str | None
    seconds: int | None
    is_erased: bool
    is_gone: bool

    @classmethod
    def of(cls, record: dict[str, Any]) -> Message:
        """Raises what a record without that shape raises."""
        came, delivery, seconds = record["came"], record["delivery"], record["seconds"]
        later = (each["text"] for each in record["versions"])
        return cls(
            id=str(record["id"]),
            ticket=int(record["ticket"]),
            account=str(record["account"]),
            direction=_direction(record),
            class_reason=str(record["class_reason"]),
            author=str(record["author"]["name"]),
            received_at=moment(record["received_at"]),
            texts=(
                str(record["text"] if came is None else came),
                *(str(text) for text in later if text is not None),
            ),
            raw=Raw.of(record["raw"]),
            state=delivery and str(delivery["state"]),
            seconds=None if seconds is None else int(seconds),
            is_erased=bool(record["erased"]),
            is_gone=bool(record["erased"] or record["hidden"]),
        )


def _direction(record: dict[str, Any]) -> Direction:
    """An export of before has no audience: all was between the customer and us."""
    way = Direction(record["direction"])
    if way == Direction.OUT and record.get("class", "human") != MailClass.HUMAN:
        return Direction.AUTO
    if record.get("audience") != "party":
        return way
    return Direction.TO_PARTY if way == Direction.OUT else Direction.FROM_PARTY


@dataclass(frozen=True, slots=True)
class Export:
    """One that was found whole."""

    folder: Path
    accounts: tuple[Source, ...]
    counts: dict[str, int] = field(default_factory=dict)

    def key(self) -> bytes:
        """The key of the desk that was exported; raises ExportError where it was taken out."""
        path = self.folder / KEY
        key = path.read_bytes() if path.is_file() else b""
        if len(key) != KEY_SIZE:
            text = tr(
                "without it no answer to an older mail is recognised. Put it back, or bring the mails alone: "
                "agentdesk import eml {folder} --account NAME"
            )
            raise ExportError(path=str(path), reason=text.format(folder=self.folder / TICKETS))
        return key

    def is_of(self, key: bytes) -> bool:
        """Whether it is of the desk of that key: what it says is there already, or was."""
        path = self.folder / KEY
        return path.is_file() and path.read_bytes() == key

    def events(self) -> Iterator[dict[str, Any]]:
        return self._lines(EVENTS, dict)

    def messages(self) -> Iterator[Message]:
        return self._lines(MESSAGES, Message.of)

    def quarantined(self) -> Iterator[Raw | None]:
        return self._lines(QUARANTINE, lambda record: Raw.of(record["raw"]))

    def _lines(self, table: str, read: Callable[[dict[str, Any]], T]) -> Iterator[T]:
        """What each line of a table says; raises ExportError with the line's number."""
        path = self.folder / f"{table}.jsonl"
        with path.open("rb") as file:
            number = 0
            while line := file.readline(LINE_AT_MOST):
                number += 1
                try:
                    found = read(_record(line))
                except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
                    reason = (
                        str(error) if isinstance(error, ValueError) else f"{type(error).__name__}: {error}"
                    )
                    raise ExportError(path=f"{path}:{number}", reason=reason) from error
                yield found

    def file(self, raw: Raw) -> Path:
        """The exact bytes of a message; raises ExportError where they are not what its record names."""
        path = _inside(self.folder, raw.file)
        with path.open("rb") as file:
            if file_digest(file, "sha256").hexdigest() != raw.sha256:
                raise ExportError(path=str(path), reason=tr("it is not the message that its record names"))
        return path


def opened(folder: Path, on_progress: Told | None = None) -> Export:
    """The export in `folder`, compared with its sums; raises NotFoundError, ExportError, NewerExportError."""
    if not folder.is_dir():
        raise NotFoundError(what=N_("folder"), name=str(folder))
    said = _manifest(folder / MANIFEST)
    try:
        accounts = tuple(
            Source(**{name: str(each[name]) for name in Source.__slots__}) for each in said["accounts"]
        )
        counts = {str(name): int(count) for name, count in said["counts"].items()}
        files, sums = int(said["files"]), str(said["sums"])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ExportError(path=str(folder / MANIFEST), reason=f"{type(error).__name__}: {error}") from error
    _compared(folder, files, sums, on_progress)
    return Export(folder, accounts, counts)


def _manifest(path: Path) -> dict[str, Any]:
    if not path.is_file():
        raise ExportError(
            path=str(path.parent), reason=tr("{name} is missing: it is no export").format(name=path.name)
        )
    try:
        with path.open("rb") as file:
            said = json.loads(file.read(LINE_AT_MOST))
    except (ValueError, RecursionError) as error:
        raise ExportError(path=str(path), reason=str(error)) from error
    version = said.get("version") if isinstance(said, dict) and said.get("format") == FORMAT else None
    if not isinstance(version, int):
        raise ExportError(path=str(path), reason=tr("it is no export of agentdesk"))
    if version > VERSION:
        reason = tr("format {version}, and this program knows up to {known}")
        raise NewerExportError(path=str(path), reason=reason.format(version=version, known=VERSION))
    return said  # type: ignore[no-any-return] # a dict, as its version shows


def _compared(folder: Path, files: int, sums: str, on_progress: Told | None) -> None:
    path = _inside(folder, summed.SUMS)
    _same(path, sums)
    try:
        for number, (name, sha256) in enumerate(summed.sums(path), 1):
            if is_read_back(name) and not (name == KEY and not (folder / KEY).exists()):
                _same(_inside(folder, name), sha256)
            if on_progress:
                on_progress(number, files)
    except ValueError as error:
        raise ExportError(path=f"{path}:{error}", reason=tr("it cannot be understood")) from error


def _same(path: Path, sha256: str) -> None:
    with path.open("rb") as file:
        if file_digest(file, "sha256").hexdigest() != sha256:
            raise ExportError(path=str(path), reason=tr("it was changed or cut off"))


def is_read_back(name: str) -> bool:
    """Whether an import reads this file; who opens a table in a spreadsheet may save it."""
    return not (name == README or name.endswith(".csv") or name.startswith(f"{ATTACHMENTS}/"))


def _inside(folder: Path, name: str) -> Path:
    """The file of that name in the export: a plain one, reached without a link; raises ExportError."""
    parts = PurePosixPath(name).parts
    path = folder.joinpath(*parts)
    if "\0" in name or ".." in parts or not path.is_relative_to(folder):
        text = tr("the name {name} leads out of it")
        raise ExportError(path=str(folder), reason=text.format(name=repr(name)))
    try:
        is_plain = stat.S_ISREG(path.lstat().st_mode) and path.resolve().is_relative_to(folder.resolve())
    except FileNotFoundError:
        raise ExportError(path=str(path), reason=tr("it is missing")) from None
    except OSError as error:
        raise ExportError(path=str(path), reason=error.strerror or str(error)) from error
    if not is_plain:
        raise ExportError(path=str(path), reason=tr("it is a link, or no file"))
    return path


def _record(line: bytes) -> dict[str, Any]:
    if not line.endswith(b"\n"):
        raise ValueError(tr("the line is cut off"))
    record = json.loads(line)
    if not isinstance(record, dict):
        raise ValueError(tr("it is no object"))  # noqa: TRY004 - one kind for whatever is wrong with a line
    if not _PLAIN.fullmatch(line) or _MAYBE_OBEYED.search(line):
        _harmless(record)
    return record


def _harmless(value: Any) -> None:
    if isinstance(value, str):
        if is_obeyed(value):
            raise ValueError(tr("it holds characters that a terminal would obey"))
    elif isinstance(value, dict):
        for each in value.items():
            _harmless(each)
    elif isinstance(value, list | tuple):
        for each in value:
            _harmless(each)
