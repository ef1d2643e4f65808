"""Turning messages on a server into arrivals: small ones in one go, large ones in pieces into a file.

Promises: memory stays flat whatever a mail weighs; a file is complete and synced before anybody hears of
it, and a broken download leaves none; a message that disappears meanwhile is no error. Refuses: looking
into a message.
"""

import os
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from uuid import uuid4

from agentdesk.channels import Arrival
from agentdesk.channels.cursor import Mark, Uids
from agentdesk.channels.folder import Folder
from agentdesk.channels.imap import Mail, Mailbox
from agentdesk.core.model import Place
from agentdesk.errors import ChannelError, DiskError
from agentdesk.values import dataclass

LARGE = 1 << 20
_PIECE = 1 << 19
_PREFIX = "imap-"


@dataclass(frozen=True, slots=True)
class Download:
    """Where messages are fetched from and how they are named."""

    box: Mailbox
    account: str
    spool: Path
    clock: Callable[[], datetime]

    def small(self, folder: Folder, mark: Mark, uids: Uids) -> list[Arrival]:
        """The messages `uids` of the open folder, without those that are gone or that the server refuses
        to give one by one too; raises ChannelError when it gives none."""
        try:
            mails = self.box.mails(uids)
        except ChannelError as error:
            if not error.values.get("refused"):
                raise
            mails = [mail for uid in uids for mail in self._alone(uid)]
            if not mails:
                raise
        return [self._arrival(folder, mark, mail, mail.body, len(mail.body)) for mail in mails]

    def large(self, folder: Folder, mark: Mark, uid: int) -> list[Arrival]:
        """One message of the open folder as a file, none when it is gone; raises DiskError."""
        mail = self.box.about(uid)
        if mail is None:
            return []
        path = self.spool / f"{_PREFIX}{mark.validity}-{uid}-{uuid4().hex}.eml"
        try:
            size = self._spooled(uid, path)
        except OSError as error:
            raise DiskError(path=str(path), reason=error.strerror or str(error)) from error
        return [self._arrival(folder, mark, mail, path, size)] if size is not None else []

    def _alone(self, uid: int) -> list[Mail]:
        try:
            return self.box.mails(Uids.of((uid,)))
        except ChannelError as error:
            if not error.values.get("refused"):
                raise
            return []

    def _spooled(self, uid: int, path: Path) -> int | None:
        self.spool.mkdir(mode=0o700, parents=True, exist_ok=True)
        size = 0
        kept = False
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        try:
            with os.fdopen(handle, "wb") as file:
                piece: bytes | None = b" " * _PIECE
                # The size that a server claims is not always true: a short piece is the end.
                while piece is not None and len(piece) == _PIECE:
                    piece = self.box.piece(uid, size, _PIECE)
                    file.write(piece or b"")
                    size += len(piece or b"")
                file.flush()
                os.fsync(file.fileno())
            kept = piece is not None
        finally:
            if not kept:
                path.unlink()
        _sync(self.spool)
        return size if kept else None

    def _arrival(self, folder: Folder, mark: Mark, mail: Mail, raw: bytes | Path, size: int) -> Arrival:
        received_at = mail.received_at or self.clock()
        before = received_at < mark.history_of(mail.uid)
        return Arrival(
            place=Place(self.account, folder.name, mark.validity, mail.uid),
            received_at=received_at,
            raw=raw,
            size=size,
            role=folder.role,
            flags=mail.flags,
            before=before,
            waits=before and mail.uid in mark.waits,
        )


def clear(spool: Path) -> None:
    """Removes what a former run left behind; to be called before anything new is spooled."""
    for path in spool.glob(f"{_PREFIX}*.eml"):
        with suppress(OSError):
            path.unlink()


def _sync(folder: Path) -> None:
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
