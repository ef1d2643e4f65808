"""Old mail from files: history, whoever it waits for, until its own server says otherwise (`core.sighting`).

Promises: a mail that is here already adds nothing, however often it is imported; a broken one goes to quarantine with its reason and the
rest goes on; drafts, spam, what was thrown away and chats stay out, and are counted; whoever stops it knows how far it came. Refuses: moving
an account's cursor, making work out of what was before, and taking answers of ours for a customer's mails (`engine.formeraddress`).
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import field, replace
from pathlib import Path

from agentdesk.channels import Arrival
from agentdesk.channels.mime import read_mail
from agentdesk.config import Account, Home, make_directory
from agentdesk.core.commands import Receive
from agentdesk.core.model import Place
from agentdesk.engine import formeraddress
from agentdesk.engine.desk import Desk
from agentdesk.engine.intake import FILES, Intake
from agentdesk.engine.mailfile import (
    FULL,
    Failed,
    Found,
    Kind,
    arrived_at,
    beginning,
    mails,
    unreadable,
    whole,
)
from agentdesk.engine.reading import Parsed
from agentdesk.engine.receiving import Tally
from agentdesk.errors import N_, NotFoundError, UsageError
from agentdesk.i18n import tr
from agentdesk.store import Blob, lock
from agentdesk.store.intake import Arrived
from agentdesk.values import dataclass

AT_ONCE, BYTES_AT_ONCE = 100, 8 << 20
NOUN = N_("file or folder")


@dataclass(slots=True)
class Brought:
    """How far an import came: what became of the mails, how many `left` out and why, and which files `failed`. `doubt`: which address may
    be ours, and was taken for somebody's."""

    tally: Tally = field(default_factory=Tally)
    left: Counter[str] = field(default_factory=Counter)
    failed: list[Failed] = field(default_factory=list)
    doubt: str = ""

    @property
    def read(self) -> int:
        return self.tally.received + self.tally.duplicates + self.tally.quarantined


def bring(
    desk: Desk,
    home: Home,
    account: Account,
    kind: Kind,
    path: Path,
    done: Brought,
    on_progress: Callable[[int], object] | None = None,
    *,
    sure: bool = False,
    asks: bool = False,
) -> None:
    """Reads every mail of `path` into the history of `account`, and keeps in `done` how far that is. Unless one is `sure`, it looks first
    for an address that may be ours, and raises FormerAddressError where somebody `asks`; else `done` has the doubt. Raises
    NotFoundError, UsageError, BusyError, DiskError."""
    if account.channel != "email":
        raise UsageError(reason=tr("{name} is not a mailbox").format(name=account.name))
    if not path.exists():
        raise NotFoundError(what=NOUN, name=str(path))
    past = Past(desk, account.id, read_mail)
    make_directory(home.spool)
    with lock.held(home.state, "import"):
        if not sure:
            try:
                formeraddress.look(desk.own, _readable(mails(kind, path, beginning, lambda _: None), path))
            except formeraddress.FormerAddressError as doubt:
                if asks:
                    raise
                done.doubt = str(doubt.values["reason"])
        swept(home.spool)
        found = _readable(mails(kind, path, whole(home.spool), done.failed.append), path)
        for some in bundles(_wanted(found, done)):
            done.tally.add(past.bring(some))
            if on_progress:
                on_progress(done.read)


def _wanted(found: Iterator[Found], done: Brought) -> Iterator[Found]:
    """Those that are history; the others are counted."""
    for mail in found:
        if mail.left is None:
            yield mail
            continue
        done.left[mail.left] += 1
        if isinstance(mail.raw, Path):
            mail.raw.unlink()


def _readable(found: Iterator[Found], path: Path) -> Iterator[Found]:
    """The same; raises UsageError for what the system does not let anybody read. A full disk stays one."""
    try:
        yield from found
    except OSError as error:
        if error.errno in FULL:
            raise
        raise unreadable(path, error.strerror or str(error)) from error


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
            at = min(mail.at if mail.is_known else arrived_at(mail), fetched_at)
            size = mail.raw.stat().st_size if isinstance(mail.raw, Path) else len(mail.raw)
            arrival = Arrival(
                Place(self.account, FILES, 0, 0), at, mail.raw, size, role=mail.role, before=True
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
        return replace(super().command(arrived, found), party=arrived.raw in self._apart)


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
