"""Mail as other programs keep it in files: mbox, Maildir, single mails (.eml, and .emlx of Apple Mail).

Promises: memory does not grow with the file; a file that cannot be read is named and stops no other; a folder that cannot be looked into
is named too. Refuses: what is no mail, with what it seems to be, and deciding what a mail is to the desk.
"""

import errno
import os
import re
import stat
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import IO, Literal

from agentdesk.core.text import safe_line
from agentdesk.engine.noted import Left, head_of, is_mail, noted
from agentdesk.errors import UsageError
from agentdesk.i18n import tr
from agentdesk.values import dataclass

Kind = Literal["mbox", "maildir", "eml"]
Role = Literal["inbox", "sent", "other"]
Keep = Callable[[Iterator[bytes]], bytes | Path]
"""What becomes of a mail's bytes, which come in pieces: not all of them need be taken."""
LARGE = 1 << 20
HEAD = 1 << 16
ENDINGS = (".eml", ".emlx")
PACKED = (b"PK\x03\x04", b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!")
FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
POSTMARK = b"From "
_ESCAPED = re.compile(rb">+From ")
_RECEIVED = re.compile(rb"^Received:(.*(?:\n[ \t].*)*)", re.IGNORECASE | re.MULTILINE)
_DATE = re.compile(rb"^Date:(.*(?:\n[ \t].*)*)", re.IGNORECASE | re.MULTILINE)
_COUNT = re.compile(rb"\s*(\d{1,12})\s*\n")
_LETTERS = re.compile(r"[:;!]2,([A-Za-z]*)$")
_ENDING = re.compile(r"\.(?:mbox|mbx|sbd|imapmbox|directory)$", re.IGNORECASE)
_EMLX_FLAGS = re.compile(rb"<key>flags</key>\s*<integer>(\d{1,20})</integer>")


@dataclass(frozen=True, slots=True)
class Found:
    """One message of the source: its bytes, or a file of the spool that holds them; `at` is when it came where nothing in it
    says so, or whatever it says where that `is_known`; `party`: it is known to be between us and a third party; `left` is why it stays out."""

    raw: bytes | Path
    at: datetime
    role: Role = "other"
    is_known: bool = False
    party: bool = False
    left: Left | None = None


@dataclass(frozen=True, slots=True)
class Failed:
    """A file or folder that could not be read, and why."""

    path: Path
    reason: str


def mails(kind: Kind, path: Path, keep: Keep, failed: Callable[[Failed], object]) -> Iterator[Found]:
    """Every mail of `path`; what cannot be read is given to `failed`. Raises UsageError where `path` is something else than `kind`."""
    if kind == "mbox":
        if path.is_dir():
            raise UsageError(reason=tr("{path} is a folder; an mbox is one file").format(path=path))
        yield from _mbox(path, keep)
        return
    for file in _maildir(path, failed) if kind == "maildir" else _single(path, failed):
        try:
            found = _from_file(file, path, keep, maildir=kind == "maildir")
        except OSError as error:
            if error.errno in FULL or file == path:
                raise
            failed(Failed(file, error.strerror or str(error)))
        except ValueError as error:
            if file == path:
                raise unreadable(path, str(error)) from error
            failed(Failed(file, str(error)))
        else:
            yield found


def unreadable(path: Path, reason: str) -> UsageError:
    """What is said where nothing at all can be read."""
    text = tr("{file} cannot be read: {reason}")
    return UsageError(reason=text.format(file=safe_line(str(path)), reason=reason))


def whole(spool: Path) -> Keep:
    """Keeps all of a mail: in memory, or where it is large as a file of its own in `spool`, which the store takes over."""

    def kept(pieces: Iterator[bytes]) -> bytes | Path:
        held: list[bytes] = []
        size = 0
        for piece in pieces:
            held.append(piece)
            size += len(piece)
            if size > LARGE:
                return _spooled(spool, _chained(held, pieces))
        return b"".join(held)

    return kept


def beginning(pieces: Iterator[bytes]) -> bytes:
    """Keeps the head of a mail."""
    held = b""
    for piece in pieces:
        held += piece
        if len(held) >= HEAD:
            break
    return held[:HEAD]


def content_of(file: Path, spool: Path) -> bytes | Path:
    """What a file holds: in memory, or where it is large in a copy of the spool's, since the store takes that over."""
    with file.open("rb") as source:
        return whole(spool)(_pieces(source))


def start_of(mail: Found) -> bytes:
    if isinstance(mail.raw, Path):
        with mail.raw.open("rb") as file:
            return file.read(HEAD)
    return mail.raw[:HEAD]


def arrived_at(mail: Found) -> datetime:
    """When it came: its topmost Received, else its Date, else what the file says."""
    head = start_of(mail).replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    received = _RECEIVED.search(head)
    stamps = [received[1].rpartition(b";")[2]] if received else []
    stamps += [found[1] for found in [_DATE.search(head)] if found]
    return next((at for at in map(_time, stamps) if at is not None), mail.at)


# Files, one a mail.


def _maildir(path: Path, failed: Callable[[Failed], object]) -> list[Path]:
    """The mails of a Maildir and of the folders in it."""
    known = {folder: (inner, names) for folder, inner, names in _walked(path, failed)}
    tops = [folder for folder, (inner, _) in known.items() if {"cur", "new"}.intersection(inner)]
    if not tops:
        text = tr("{path} is no Maildir: it has neither cur nor new")
        raise UsageError(reason=text.format(path=path))
    places = (top / name for top in sorted(tops) for name in ("cur", "new"))
    return [place / name for place in places if place in known for name in known[place][1]]


def _single(path: Path, failed: Callable[[Failed], object]) -> list[Path]:
    if not path.is_dir():
        return [path]
    files = [
        folder / name
        for folder, _, names in _walked(path, failed)
        for name in names
        if name.lower().endswith(ENDINGS)
    ]
    if not files:
        text = tr("{path} holds no mail: no file in it ends in .eml or .emlx")
        raise UsageError(reason=text.format(path=path))
    return files


def _walked(path: Path, failed: Callable[[Failed], object]) -> Iterator[tuple[Path, list[str], list[str]]]:
    """Each folder with the folders and the files in it, in order; one that nobody lets us look into fails."""

    def shut(error: OSError) -> None:
        failed(Failed(Path(error.filename or path), error.strerror or str(error)))

    for folder, inner, names in os.walk(path, onerror=shut):
        inner.sort()
        yield Path(folder), inner, sorted(names)


def _from_file(file: Path, top: Path, keep: Keep, *, maildir: bool) -> Found:
    """Raises OSError for what cannot be read, ValueError for what is no mail."""
    about = file.stat()
    if not stat.S_ISREG(about.st_mode):
        raise ValueError(tr("it is no file"))
    with file.open("rb") as source:
        first = source.read(HEAD)
        head, ours = head_of(first)
        if first.startswith(PACKED):
            raise ValueError(tr("it is packed: unpack it first"))
        if first.startswith(POSTMARK) and _holds_several(source):
            raise ValueError(tr("it is an mbox: agentdesk import mbox FILE --account NAME"))
        flags, size = 0, None
        if file.suffix.lower() == ".emlx" and (count := _COUNT.match(first)):
            flags, size = _emlx(source, count)
            head, ours = head_of(first[count.end() :])
        else:
            source.seek(0)
        is_called_mail = maildir or file.suffix.lower() in ENDINGS
        if first.strip() and not is_called_mail and not is_mail(head):
            raise ValueError(tr("it is no mail: it says neither from whom it is nor when it was sent"))
        raw = keep(_pieces(source, size))
    letters = _LETTERS.search(file.name) if maildir else None
    inner = (top.name, *file.relative_to(top).parts[:-1]) if file != top else ()
    says = noted(ours, _folders(inner), letters[1] if letters else "", flags)
    return Found(
        raw, datetime.fromtimestamp(about.st_mtime, UTC), "sent" if says.sent else "other", left=says.left
    )


def _holds_several(source: IO[bytes]) -> bool:
    """Whether a file that begins with a postmark has a second one: some programs put one before a single mail, too."""
    source.seek(0)
    source.readline()
    return _one(source, beginning)[1] is not None


def _emlx(source: IO[bytes], count: re.Match[bytes]) -> tuple[int, int]:
    """Apple Mail's flags, which stand behind the mail, and how long that is; `source` is at its beginning afterwards."""
    size = int(count[1])
    source.seek(count.end() + size)
    flags = _EMLX_FLAGS.search(source.read(HEAD))
    source.seek(count.end())
    return int(flags[1]) if flags else 0, size


def _folders(parts: Iterable[str]) -> Iterator[str]:
    """The names of folders as programs lay them down: those of a Maildir with points between, others with an ending."""
    for part in parts:
        yield from part.split(".") if part.startswith(".") else (_ENDING.sub("", part),)


def _pieces(source: IO[bytes], size: int | None = None) -> Iterator[bytes]:
    """What is left of a file, or its next `size` bytes."""
    left = size
    while data := source.read(LARGE if left is None else min(LARGE, left)):
        left = None if left is None else left - len(data)
        yield data


# An mbox.


def _mbox(path: Path, keep: Keep) -> Iterator[Found]:
    """The mails of an mbox; a line `From ` after an empty line begins the next, `>From ` loses one `>`."""
    modified = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    folders = tuple(_folders((path.parent.name, path.name) if path.name == "mbox" else (path.name,)))
    with path.open("rb") as file:
        first = file.readline(HEAD)
        while first in {b"\n", b"\r\n"}:
            first = file.readline(HEAD)
        if first.startswith(PACKED):
            raise unreadable(path, tr("it is packed: unpack it first"))
        if first and not first.startswith(POSTMARK):
            text = tr("{path} is no mbox: it does not begin with a line From")
            raise UsageError(reason=text.format(path=path))
        postmark: bytes | None = first or None
        while postmark is not None:
            at = _postmarked(postmark) or modified
            raw, postmark = _one(file, keep)
            found = Found(raw, at)
            says = noted(head_of(start_of(found))[1], folders)
            yield Found(raw, at, "sent" if says.sent else "other", left=says.left)


def _one(file: IO[bytes], keep: Keep) -> tuple[bytes | Path, bytes | None]:
    """One mail up to the next postmark, and that line; None at the end."""
    following: list[bytes] = []

    def lines() -> Iterator[bytes]:
        empty, held = True, b""  # an empty line before a postmark belongs to the mbox, not to the mail
        for line in file:
            if empty and line.startswith(POSTMARK):
                following.append(line)
                return
            if held:
                yield held
            empty = line in {b"\n", b"\r\n"}
            held = line if empty else b""
            if not empty:
                yield line[1:] if _ESCAPED.match(line) else line

    source = lines()
    kept = keep(source)
    for _ in source:
        pass  # what was not kept is read all the same
    return kept, next(iter(following), None)


def _chained(kept: Iterable[bytes], rest: Iterator[bytes]) -> Iterator[bytes]:
    yield from kept
    yield from rest


def _spooled(spool: Path, chunks: Iterator[bytes]) -> Path:
    """A large mail as a file of its own, which the store takes over."""
    path = spool / f"import-{os.getpid()}-{os.urandom(8).hex()}"
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(handle, "wb") as out:
        for chunk in chunks:
            out.write(chunk)
    return path


def _time(text: bytes) -> datetime | None:
    try:
        at = parsedate_to_datetime(" ".join(text.decode("ascii", "replace").split()))
        at = at if at.tzinfo else at.replace(tzinfo=UTC)
        return at.astimezone(UTC) if 1970 <= at.year < 2100 else None
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _postmarked(line: bytes) -> datetime | None:
    """The time of `From maria@x Mon Nov 23 09:00:00 2026`."""
    found = re.search(r"(\w{3}) +(\d\d?) (\d\d:\d\d:\d\d)(?: \S+)? (\d{4})", line.decode("ascii", "replace"))
    return _time(f"{found[2]} {found[1]} {found[4]} {found[3]} +0000".encode()) if found else None
