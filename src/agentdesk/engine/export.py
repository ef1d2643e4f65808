"""A desk as files that any program and any person can use without agentdesk, and that agentdesk takes back (`inherit`).

Promises: the folder is there whole or not at all; it holds one moment of the desk, every raw message byte by byte, and nobody
who was forgotten; memory does not grow with it, and nobody waits meanwhile. Refuses: a folder with something in it, and
passwords. The desk's key is in it: without it no customer and no answer to an older mail would be recognised again.
"""

import json
import os
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from agentdesk import __version__
from agentdesk.channels.chat import is_chat
from agentdesk.config import Home, Settings
from agentdesk.core import sending, sheet
from agentdesk.core.instant import moment, plain, stamp
from agentdesk.core.views import AttachmentView, MessageView
from agentdesk.engine import exported, files, kept, landing, legend
from agentdesk.engine.archive import own_files
from agentdesk.engine.desk import Desk
from agentdesk.engine.summed import Folder
from agentdesk.engine.whole import cleared, removed, synced
from agentdesk.errors import N_, DiskError, NotFoundError, UsageError
from agentdesk.i18n import tr
from agentdesk.store import lock
from agentdesk.store.export import Snapshot
from agentdesk.values import dataclass

CHUNK = 1 << 20
A_FOLDER = 1000
"""Tickets whose folders lie in one folder: file managers are slow with more."""
_NEVER_WENT = frozenset({sending.WRITTEN, sending.FAILED, sending.UNKNOWN})
_ENDING = re.compile(r"\.[A-Za-z0-9]{1,8}$")
_CUSTOMERS = ("id", "name", "identities", "language", "merged_into", "erased")
_TICKETS = (
    "number", "subject", "status", "channel", "account", "customer", "identity", "assignee", "priority", "tags",
    "language", "created_at", "last_message_at", "resolved_at", "messages", "history", "merged_into", "erased",
)  # fmt: skip
_MESSAGES = (
    "ticket",
    "received_at",
    "direction",
    "class",
    "author",
    "identity",
    "subject",
    "text",
    "attachments",
    "raw",
    "id",
    "audience",
)
"""The columns of the tables for a spreadsheet."""

Told = Callable[[int, int | None], object]


@dataclass(frozen=True, slots=True)
class Written:
    """A finished export; `unread` are messages that had arrived and were in no ticket yet: they are not in it."""

    folder: Path
    counts: dict[str, int]
    unread: int


def write(
    desk: Desk, home: Home, settings: Settings, folder: Path, on_progress: Told | None = None
) -> Written:
    """Exports an open desk into `folder`, new or empty; raises UsageError, NotFoundError, PlaceError, BusyError, DiskError."""
    free(folder, home)
    passing = folder.with_name(f".{folder.name}.agentdesk-part")
    try:
        with lock.held(home.state, "export"), cleared(passing):
            done = None
            while done is None:
                removed(passing)
                done = _of_one_moment(desk, home, settings, passing, on_progress)
            os.sync()
            passing.replace(folder)
            synced(folder.parent)
    except OSError as error:
        raise DiskError(path=str(error.filename or folder), reason=error.strerror or str(error)) from error
    return Written(folder, *done)


def _of_one_moment(
    desk: Desk, home: Home, settings: Settings, folder: Path, on_progress: Told | None
) -> tuple[dict[str, int], int] | None:
    """None where somebody was forgotten while it was written: they are in it, or half of them."""
    with Snapshot(desk.store) as seen:
        try:
            done = _Export(desk, home, settings, seen, folder, on_progress).run()
        except FileNotFoundError:
            if not seen.is_stale():
                raise
            return None
        return None if seen.is_stale() else done


def free(folder: Path, home: Home) -> None:
    """Raises UsageError, NotFoundError or PlaceError for a folder that cannot be written as a new one."""
    landing.for_folder(home, folder)
    if not folder.parent.is_dir():
        raise NotFoundError(what=N_("folder"), name=str(folder.parent))
    if not folder.exists():
        return
    if not folder.is_dir():
        raise UsageError(reason=tr("{path} is a file; name a folder").format(path=folder))
    if any(folder.iterdir()):
        raise UsageError(reason=tr("{path} is not empty; name a new folder").format(path=folder))
    if folder.is_mount():
        raise UsageError(reason=tr("{path} is a whole disk; name a folder on it").format(path=folder))


class _Export:
    """One writing of one moment."""

    def __init__(
        self,
        desk: Desk,
        home: Home,
        settings: Settings,
        seen: Snapshot,
        folder: Path,
        on_progress: Told | None,
    ) -> None:
        self._desk = desk
        self._home = home
        self._seen = seen
        self._out = Folder(folder)
        self._names = {each.id: each.name for each in settings.accounts}
        self._settings = settings
        self._counts = {**seen.counts(), "raw": 0, "attachments": 0}
        self._told = on_progress
        self._done = 0
        self._total = sum(seen.counts().values())

    def run(self) -> tuple[dict[str, int], int]:
        self._out.put(exported.README, [legend.text().encode()])
        self._customers()
        self._tickets()
        self._messages()
        self._quarantine()
        with self._out.lines(f"{exported.EVENTS}.jsonl") as line:
            for event in self._seen.events():
                line(_json(event))
                self._step()
        for name, path in own_files(self._home):
            self._out.put(name, _chunks(path))
        self._out.put(exported.KEY, _chunks(self._home.key))
        self._out.close(exported.MANIFEST, self._manifest)
        return self._counts, self._seen.unread()

    def _step(self) -> None:
        self._done += 1
        if self._told:
            self._told(self._done, self._total)

    @contextmanager
    def _table(
        self, name: str, columns: tuple[str, ...]
    ) -> Iterator[Callable[[dict[str, Any], dict[str, Any]], None]]:
        """A table twice: exact, and for a spreadsheet (its own values over those of the record)."""
        with self._out.lines(f"{name}.jsonl") as exact, self._out.lines(f"{name}.csv") as simple:
            simple(f"\ufeff{sheet.row(columns)}")

            def add(record: dict[str, Any], shown: dict[str, Any]) -> None:
                exact(_json(record))
                simple(sheet.row({**record, **shown}[column] for column in columns))
                self._step()

            yield add

    def _customers(self) -> None:
        with self._table(exported.CUSTOMERS, _CUSTOMERS) as add:
            for record in self._seen.customers():
                add(record, {"identities": " ".join(record["identities"])})

    def _tickets(self) -> None:
        with self._table(exported.TICKETS, _TICKETS) as add:
            for record in self._seen.tickets():
                record["account"] = self._account(record["account"])
                who = record["customer"]
                shown = {"customer": who["name"] or who["id"], "identity": who["identity"]}
                add(record, {**shown, "tags": " ".join(record["tags"])})

    def _messages(self) -> None:
        place, last = 0, 0
        with self._table(exported.MESSAGES, _MESSAGES) as add:
            for number, message in self._seen.messages():
                place, last = (place + 1 if number == last else 1), number
                folder = f"{exported.TICKETS}/{number // A_FOLDER * A_FOLDER:04}/{number}"
                raw = self._raw(f"{folder}/{place:04}-{message.direction}", message)
                places = [self._attachment(message, each) if raw else None for each in message.attachments]
                record = message_record(number, message, self._account(message.account), raw, places)
                author = record["author"]
                names = ", ".join(each.name for each in message.attachments)
                shown = {"author": author["name"], "identity": author["identity"], "attachments": names}
                add(record, {**shown, "raw": raw["file"] if raw else None})

    def _raw(self, name: str, message: MessageView) -> dict[str, Any] | None:
        data = None if message.erased else self._seen.raw(message.raw)
        found = self._put_raw(name, data, exported.UNSENT if message.state in _NEVER_WENT else "")
        if found:
            at = moment(message.received_at).timestamp()
            os.utime(self._out.path / found["file"], (at, at))
        return found

    def _put_raw(self, name: str, data: bytes | Path | None, after: str = "") -> dict[str, Any] | None:
        """A mail as .eml, a chat's document as .json; `after` says more of it."""
        if data is None:
            return None
        file = f"{name}.{'json' if is_chat(data) else 'eml'}{after}"
        sum_ = self._out.put(file, contents(data))
        self._counts["raw"] += 1
        size = len(data) if isinstance(data, bytes) else data.stat().st_size
        return {"file": file, "sha256": sum_, "size": size}

    def _attachment(self, message: MessageView, file: AttachmentView) -> str | None:
        """Where its bytes lie, once for all messages that carry the same; None where they cannot be had."""
        ending = _ENDING.search(file.name)
        name = f"{exported.ATTACHMENTS}/{file.sha256[:2]}/{file.sha256}{ending[0].lower() if ending else ''}"
        if (self._out.path / name).exists():
            return name
        raw = self._seen.raw(message.raw)
        if raw is None or not self._out.put(name, readable(raw, file.part), wanted=file.sha256):
            return None
        self._counts["attachments"] += 1
        return name

    def _quarantine(self) -> None:
        with self._out.lines(f"{exported.QUARANTINE}.jsonl") as line:
            for row in self._seen.quarantined():
                raw = self._put_raw(f"{exported.QUARANTINE}/{row.id}", self._seen.raw(row.raw))
                line(
                    _json(
                        {
                            "id": row.id,
                            "account": self._account(row.account),
                            "reason": row.reason,
                            "received_at": plain(row.received_at),
                            "attempts": row.attempts,
                            "dismissed_at": plain(row.dismissed_at),
                            "raw": raw,
                        }
                    )
                )
                self._step()

    def _account(self, account: str) -> str:
        """Its present name; the id of one that was removed."""
        return self._names.get(account, account)

    def _manifest(self, files: int, sums: str) -> bytes:
        document = {
            "format": exported.FORMAT,
            "version": exported.VERSION,
            "made_by": f"agentdesk {__version__}",
            "made_at": plain(stamp(self._desk.now())),
            "desk": kept.mark_of(self._desk.seal),
            "accounts": [self._described(each) for each in self._seen.accounts()],
            "counts": self._counts,
            "files": files,
            "sums": sums,
        }
        return f"{json.dumps(document, indent=1)}\n".encode()

    def _described(self, account: str) -> dict[str, str]:
        known = self._settings.account(account)
        if known is None:
            return {"id": account, "name": account, "channel": "", "address": ""}
        return {"id": known.id, "name": known.name, "channel": known.channel, "address": known.address}


def message_record(
    number: int, message: MessageView, account: str, raw: dict[str, Any] | None, places: list[str | None]
) -> dict[str, Any]:
    """The contract's message, as `show` prints one, with its ticket and where its bytes lie."""
    return {
        "ticket": number,
        "id": message.id,
        "remote_id": message.remote_id,
        "account": account,
        "direction": message.way,
        "audience": message.audience,
        "class": message.mail_class,
        "class_reason": message.class_reason,
        "author": {"name": message.name, "identity": message.identity},
        "subject": message.subject,
        "to": list(message.to),
        "cc": list(message.cc),
        "sent_at": plain(message.sent_at),
        "received_at": plain(message.received_at),
        "fetched_at": plain(message.fetched_at),
        "text": message.text,
        "came": None if message.came == message.text else message.came,
        "versions": [{"kind": each.kind, "at": plain(each.at), "text": each.text} for each in message.versions],
        "reactions": [{"by": by, "sign": sign} for by, sign in message.reactions],
        "attachments": [
            {
                "name": each.name, "media_type": each.media_type, "size": each.size, "sha256": each.sha256,
                "inline": each.inline, "seconds": each.seconds, "file": place,
            }
            for each, place in zip(message.attachments, places, strict=True)
        ],
        "delivery": {"state": message.state or "sent", "error": message.error} if message.is_ours else None,
        "joined_by": message.joined_by,
        "warnings": list(message.warnings),
        "seconds": message.seconds,
        "sender": {"verified": message.verified, "by": message.vouched_by},
        "history": message.history,
        "junk": message.junk,
        "hidden": message.hidden,
        "erased": message.erased,
        "raw": raw,
    }  # fmt: skip


def readable(raw: bytes | Path, part: str) -> Iterator[bytes]:
    """The bytes of one part, as far as they can be read."""
    try:
        yield from files.content(raw, part)
    except OSError:
        raise
    except Exception:  # noqa: BLE001 - whatever a hostile mail does to a parser, the mail itself is exported
        return


def contents(data: bytes | Path) -> Iterable[bytes]:
    """The bytes themselves, or those of the file."""
    return [data] if isinstance(data, bytes) else _chunks(data)


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk


_json_text = json.JSONEncoder(separators=(",", ":")).encode


def _json(record: dict[str, Any]) -> str:
    return _json_text(record) + "\n"
