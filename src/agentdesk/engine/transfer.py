"""Old mail from files: always history, whoever it waits for.

Promises: a mail that is here already adds nothing, however often it is imported; a broken one goes to quarantine with
its reason and the rest goes on; memory does not grow with the file. Refuses: moving an account's cursor, and making work
out of what was before.
"""

import errno
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import IO, Literal

from agentdesk.channels import Arrival
from agentdesk.channels.mime import read_mail
from agentdesk.config import Account, Home, make_directory
from agentdesk.core.commands import Receive
from agentdesk.core.model import Place
from agentdesk.core.text import safe_line
from agentdesk.engine.desk import Desk
from agentdesk.engine.intake import Intake
from agentdesk.engine.reading import Parsed
from agentdesk.engine.receiving import Tally
from agentdesk.errors import N_, NotFoundError, UsageError
from agentdesk.i18n import tr
from agentdesk.store import Blob, lock
from agentdesk.store.intake import Arrived
from agentdesk.values import dataclass

Kind = Literal["mbox", "maildir", "eml"]
Role = Literal["inbox", "sent", "other"]
FOLDER = "import"
AT_ONCE, BYTES_AT_ONCE = 100, 8 << 20
LARGE = 1 << 20
HEAD = 1 << 16
NOUN = N_("file or folder")

_ESCAPED = re.compile(rb">+From ")
_RECEIVED = re.compile(rb"^Received:(.*(?:\n[ \t].*)*)", re.IGNORECASE | re.MULTILINE)
_DATE = re.compile(rb"^Date:(.*(?:\n[ \t].*)*)", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Found:
    """One message of the source: its bytes, or a file of the spool that holds them; `at` is when it came where nothing in it
    says so, or whatever it says where that `is_known`; `party`: it is known to be between us and a third party."""

    raw: bytes | Path
    at: datetime
    role: Role = "other"
    is_known: bool = False
    party: bool = False


def bring(
    desk: Desk,
    home: Home,
    account: Account,
    kind: Kind,
    path: Path,
    on_progress: Callable[[int], object] | None = None,
) -> Tally:
    """Reads every mail of `path` into the history of `account`; raises NotFoundError, UsageError, BusyError, DiskError."""
    if account.channel != "email":
        raise UsageError(reason=tr("{name} is not a mailbox").format(name=account.name))
    if not path.exists():
        raise NotFoundError(what=NOUN, name=str(path))
    past = Past(desk, account.id, read_mail)
    make_directory(home.spool)
    tally, done = Tally(), 0
    with lock.held(home.state, "import"):
        swept(home.spool)
        for some in bundles(_readable(_mails(kind, path, home.spool), path)):
            tally.add(past.bring(some))
            done += len(some)
            if on_progress:
                on_progress(done)
    return tally


def _readable(mails: Iterator[Found], path: Path) -> Iterator[Found]:
    """The same; raises UsageError for what the system does not let anybody read. A full disk stays one."""
    try:
        yield from mails
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise
        text = tr("{file} cannot be read: {reason}")
        raise UsageError(
            reason=text.format(file=safe_line(str(path)), reason=error.strerror or error)
        ) from error


def swept(spool: Path) -> None:
    """Takes away what an import that was killed left there."""
    for stray in spool.glob("import-*"):
        stray.unlink(missing_ok=True)


class Past(Intake):
    """The way in without a cursor: what comes was there before, and lies on no server."""

    _apart: frozenset[str] = frozenset()
    """The raw mails between us and third parties."""

    def bring(self, mails: list[Found]) -> Tally:
        fetched_at = self.desk.now()
        blobs: list[Blob] = []
        arrived: list[Arrived] = []
        apart: set[str] = set()
        raws: dict[Place, bytes | Path] = {}
        for mail in mails:
            at = min(mail.at if mail.is_known else _arrived_at(mail), fetched_at)
            size = mail.raw.stat().st_size if isinstance(mail.raw, Path) else len(mail.raw)
            arrival = Arrival(
                Place(self.account, FOLDER, 0, 0), at, mail.raw, size, role=mail.role, before=True
            )
            raw, size = self._raw(arrival, None, blobs)
            place = replace(
                arrival.place, uid=int(raw[:15], 16)
            )  # named by its content: again is the same place
            arrived.append(
                Arrived(place, raw, size, at, fetched_at, mail.role, frozenset(), before=True, waits=False)
            )
            if isinstance(mail.raw, bytes):
                raws[place] = mail.raw
            if mail.party:
                apart.add(raw)
        self._apart = frozenset(apart)
        with self.desk.transaction(patient=True) as writer:
            writer.blobs.put(writer.connection, blobs)
            writer.intake.add(arrived)
        return self._digest(self._ready(arrived, raws))

    def command(self, arrived: Arrived, found: Parsed) -> Receive:
        return replace(super().command(arrived, found), imported=True, party=arrived.raw in self._apart)


def bundles(mails: Iterator[Found]) -> Iterator[list[Found]]:
    held: list[Found] = []
    size = 0
    for mail in mails:
        held.append(mail)
        size += len(mail.raw) if isinstance(mail.raw, bytes) else 0
        if len(held) >= AT_ONCE or size >= BYTES_AT_ONCE:
            yield held
            held, size = [], 0
    if held:
        yield held


def _mails(kind: Kind, path: Path, spool: Path) -> Iterator[Found]:
    if kind == "mbox":
        if path.is_dir():
            raise UsageError(reason=tr("{path} is a folder; an mbox is one file").format(path=path))
        yield from _mbox(path, spool)
        return
    files = _maildir(path) if kind == "maildir" else _eml(path)
    for file in files:
        yield _from_file(file, spool)


def _maildir(path: Path) -> list[Path]:
    """The mails of a Maildir and of the folders in it."""
    tops = [
        each
        for each in (path, *sorted(path.rglob("*")))
        if (each / "cur").is_dir() or (each / "new").is_dir()
    ]
    if not tops:
        text = tr("{path} is no Maildir: it has neither cur nor new")
        raise UsageError(reason=text.format(path=path))
    places = [top / name for top in tops for name in ("cur", "new")]
    return [file for place in places if place.is_dir() for file in sorted(place.iterdir()) if file.is_file()]


def _eml(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    return [file for file in sorted(path.rglob("*")) if file.suffix.lower() == ".eml" and file.is_file()]


def _from_file(file: Path, spool: Path) -> Found:
    return Found(content_of(file, spool), datetime.fromtimestamp(file.stat().st_mtime, UTC))


def content_of(file: Path, spool: Path) -> bytes | Path:
    """What a file holds: in memory, or where it is large in a copy of the spool's, since the store takes that over."""
    if file.stat().st_size <= LARGE:
        return file.read_bytes()
    with file.open("rb") as source:
        return _spooled(spool, iter(lambda: source.read(LARGE), b""))


def _mbox(path: Path, spool: Path) -> Iterator[Found]:
    """The mails of an mbox; a line `From ` after an empty line begins the next, `>From ` loses one `>`."""
    modified = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    with path.open("rb") as file:
        first = file.readline()
        while first in {b"\n", b"\r\n"}:
            first = file.readline()
        if first and not first.startswith(b"From "):
            text = tr("{path} is no mbox: it does not begin with a line From")
            raise UsageError(reason=text.format(path=path))
        postmark: bytes | None = first or None
        while postmark is not None:
            at = _postmarked(postmark) or modified
            raw, postmark = _one(file, spool)
            yield Found(raw, at)


def _one(file: IO[bytes], spool: Path) -> tuple[bytes | Path, bytes | None]:
    """One mail up to the next postmark, and that line; None at the end. A large one goes to the spool at once."""
    following: list[bytes] = []

    def lines() -> Iterator[bytes]:
        empty, held = True, b""  # an empty line before a postmark belongs to the mbox, not to the mail
        for line in file:
            if empty and line.startswith(b"From "):
                following.append(line)
                return
            if held:
                yield held
            empty = line in {b"\n", b"\r\n"}
            held = line if empty else b""
            if not empty:
                yield line[1:] if _ESCAPED.match(line) else line

    kept: list[bytes] = []
    size = 0
    source = lines()
    for line in source:
        kept.append(line)
        size += len(line)
        if size > LARGE:
            whole = _spooled(spool, _chained(kept, source))
            return whole, next(iter(following), None)
    return b"".join(kept), next(iter(following), None)


def _chained(kept: list[bytes], rest: Iterator[bytes]) -> Iterator[bytes]:
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


def _arrived_at(mail: Found) -> datetime:
    """When it came: its topmost Received, else its Date, else what the file says."""
    if isinstance(mail.raw, Path):
        with mail.raw.open("rb") as file:
            data = file.read(HEAD)
    else:
        data = mail.raw[:HEAD]
    head = data.replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    received = _RECEIVED.search(head)
    stamps = [received[1].rpartition(b";")[2]] if received else []
    stamps += [found[1] for found in [_DATE.search(head)] if found]
    return next((at for at in map(_time, stamps) if at is not None), mail.at)


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
