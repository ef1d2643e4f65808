"""From a connector's batch to tickets, in two durable steps.

First the raw messages and the cursor that covers them, in one transaction. Then each is read (outside the lock), decided
and folded, a savepoint each: the fewer commits, the less is written, so the lock is held up to `HOLD` seconds, but let
go after the message at hand once somebody waits for it: keys never wait for ingest. What cannot be read or decided goes to quarantine with its reason and never stops the next. Many at once
are read in a second process meanwhile (`beside`).
"""

import logging
import select
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from agentdesk.channels import Arrival, Batch
from agentdesk.core.commands import Quarantine, Receive, ReportSent
from agentdesk.core.instant import moment
from agentdesk.core.model import Incoming, Notice, Place, is_chat
from agentdesk.core.sending import UNKNOWN
from agentdesk.core.views import QuarantineRow
from agentdesk.engine import clock, elsewhere
from agentdesk.engine.desk import Desk
from agentdesk.engine.outbox import went
from agentdesk.engine.reading import Parsed, Read, Reading, parsed, reason_of
from agentdesk.errors import DeskError, DiskError, StoreError
from agentdesk.store import Blob, pack, queries
from agentdesk.store.erasure import drop_unused
from agentdesk.store.intake import Arrived
from agentdesk.store.writer import Writer

if TYPE_CHECKING:
    from agentdesk.engine.beside import Beside

HOLD = 0.25
BREATH = 0.003
"""Seconds without the lock after somebody wanted it; they try each millisecond."""
AT_ONCE = 100
MANY = 50
"""Messages in a batch from which a second process is worth its start."""
ATTEMPTS = 3
"""Tries to read a message after which, if the program ended in each, it is put aside unread."""
INGEST = "agentdesk"
"""The actor of what comes in by itself."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class Tally:
    """What a pass did, by account."""

    received: int = 0
    duplicates: int = 0
    updated: int = 0
    quarantined: int = 0
    gaps: int = 0

    def add(self, other: "Tally") -> None:
        self.received += other.received
        self.duplicates += other.duplicates
        self.updated += other.updated
        self.quarantined += other.quarantined
        self.gaps += other.gaps


class Intake:
    """The way in for one account; `read` is its connector's codec, and `codec` its name ("module:function") for a
    second process, which reads where many come at once."""

    def __init__(self, desk: Desk, account: str, read: Read, codec: str = "") -> None:
        self.desk = desk
        self.account = account
        self.read = read
        self.codec = codec
        self._beside: Beside | None = None

    def prepare(self) -> None:
        """Much is expected: the second process starts now."""
        if self.codec and self._beside is None:
            from agentdesk.engine.beside import Beside

            self._beside = Beside(self.codec)

    def begin(self, batch: Batch) -> int:
        """Has a large batch read beside, perhaps while the one before it is taken; gives what `take` is to be told:
        how many answers there will be. What was begun must be taken in the same order."""
        raws = [arrival.raw for arrival in batch.arrivals if isinstance(arrival.raw, bytes)]
        if len(raws) >= MANY:
            self.prepare()
        if self._beside is None:
            return 0
        self._beside.begin(raws)
        return len(raws)

    def rest(self) -> None:
        """No more is to come for now: the second process ends."""
        if self._beside is not None:
            self._beside.close()
            self._beside = None

    def take(self, batch: Batch, begun: int = 0) -> Tally:
        """Stores a batch and its cursor, then reads what came; returns when all of it is in tickets.

        What was read beside already is decided in the transaction that stores it, as far as that goes.
        """
        fetched_at = self.desk.now()
        arrived: list[Arrived] = []
        blobs: list[Blob] = []
        known: dict[Place, bytes | Path | Reading] = {}
        readings = self._beside.answers(begun) if self._beside and begun else iter(())
        for arrival in batch.arrivals:
            reading = next(readings, None) if isinstance(arrival.raw, bytes) else None
            raw, size = self._raw(arrival, reading, blobs)
            arrived.append(_arrived(arrival, raw, size, fetched_at))
            known[arrival.place] = reading or arrival.raw
        tally = Tally(updated=len(batch.flagged) + len(batch.gone), gaps=len(batch.gaps))
        is_read = begun > 0 and all(isinstance(each, Reading) for each in known.values())
        done = 0
        if is_read:
            self.desk.store.remember(
                _texts(each.parsed for each in known.values() if isinstance(each, Reading))
            )
        with self.desk.transaction() as writer:
            writer.blobs.put(writer.connection, blobs)
            for flagged in batch.flagged:
                writer.intake.flag(flagged.place, flagged.flags)
            for gone in batch.gone:
                writer.intake.gone(gone.place)
            for gap in batch.gaps:
                writer.intake.set_gap(self.account, f"{gap.folder}: {gap.reason}")
            writer.intake.set_cursor(self.account, batch.cursor, fetched_at)
            if is_read:
                done = self._some(writer, [(a, self._parsed(a, known[a.place])) for a in arrived], tally)
            writer.intake.add(arrived[done:])
        tally.add(self._digest(arrived[done:], known))
        return tally

    def _raw(self, arrival: Arrival, reading: Reading | None, blobs: list[Blob]) -> tuple[str, int]:
        if isinstance(arrival.raw, Path):
            try:
                return self.desk.store.blobs.adopt(arrival.raw)
            except OSError as error:
                raise DiskError(path=str(error.filename), reason=error.strerror or str(error)) from error
        blob = reading.raw if reading else pack(arrival.raw)
        blobs.append(blob)
        return blob.hash, blob.size

    def left_over(self) -> Tally:
        """Reads what an earlier process stored and did not finish; each says before that it is tried once more."""
        tally = Tally()
        while True:
            with self.desk.transaction() as writer:
                waiting = writer.intake.waiting(self.account, 1)
                writer.intake.attempt(a.place for a in waiting)
            if not waiting:
                return tally
            one = replace(waiting[0], attempts=waiting[0].attempts + 1)
            tally.add(self._digest([one], {}))

    def again(self, row: QuarantineRow) -> Tally:
        """One more attempt at a message in quarantine: it leaves, or stays there with its new reason."""
        connection = self.desk.reader()
        try:
            place = queries.place_of_raw(connection, row.raw) or Place(row.account, "", 0, 0)
        finally:
            connection.close()
        arrived = Arrived(
            place=place,
            raw=row.raw,
            size=row.size,
            received_at=moment(row.received_at),
            fetched_at=self.desk.now(),
            role=row.role,
            flags=frozenset(),
            before=row.before,
            waits=row.waits,
        )
        return self._digest([arrived], {}, quarantine=row.id)

    def _digest(
        self,
        arrived: Iterable[Arrived],
        known: Mapping[Place, bytes | Path | Reading],
        quarantine: str | None = None,
    ) -> Tally:
        tally, found = Tally(), [(a, self._parsed(a, known.get(a.place))) for a in arrived]
        while found:
            self.desk.store.remember(_texts(each for _, each in found))
            with self.desk.transaction() as writer:
                done = self._some(writer, found, tally, quarantine)
                writer.intake.read(each.place for each, _ in found[:done])
            found = found[done:]
            if found and self.desk.wanted():
                select.select((), (), (), BREATH)
        return tally

    def _some(
        self,
        writer: Writer,
        found: Sequence[tuple[Arrived, Parsed]],
        tally: Tally,
        quarantine: str | None = None,
    ) -> int:
        """Decides the first of them, until time is up or somebody waits; gives how many."""
        ends = clock.ticks() + HOLD
        for position, (arrived, parsed_one) in enumerate(found):
            if position and (clock.ticks() > ends or self.desk.wanted()):
                return position
            self._commit(writer, arrived, parsed_one, tally, quarantine)
        return len(found)

    def _parsed(self, arrived: Arrived, known: bytes | Path | Reading | None) -> Parsed:
        if isinstance(known, Reading):
            return known.parsed
        if arrived.attempts > ATTEMPTS:
            return Parsed(None, None, "the program ended each time it read this")
        if known is None or isinstance(known, Path):
            connection = self.desk.reader()
            known = self.desk.store.blobs.get(connection, arrived.raw)
            connection.close()
        return (
            parsed(self.read, known) if known is not None else Parsed(None, None, "its raw text is not there")
        )

    def _commit(
        self, writer: Writer, arrived: Arrived, found: Parsed, tally: Tally, quarantine: str | None
    ) -> None:
        reason = found.reason
        if not reason:
            try:
                with writer.savepoint():
                    if found.incoming and found.text:
                        self._receive(writer, arrived, found.incoming, found.text, tally, quarantine)
                    elif found.notice:
                        self._learn(writer, arrived, found.notice, tally)
                return
            except (StoreError, DeskError, OSError):
                raise
            except Exception as error:
                if _is_storage(error):
                    raise
                logging.getLogger(__name__).debug("a message went to quarantine", exc_info=error)
                reason = reason_of(error)
        self._quarantine(writer, arrived, reason)
        tally.quarantined += 1

    def _receive(
        self,
        writer: Writer,
        arrived: Arrived,
        incoming: Incoming,
        text: Blob,
        tally: Tally,
        quarantine: str | None,
    ) -> None:
        writer.blobs.put(writer.connection, (text,))
        command = self.command(arrived, incoming, text.hash, quarantine)
        copy = None if command.imported else elsewhere.own_copy(self.desk, writer, command)
        answer = copy or self.desk.decided(writer, command, actor=INGEST)
        writer.intake.lies(arrived, answer.message)
        if is_chat(incoming.channel):
            elsewhere.catch_up(self.desk, writer, answer)
        if answer.event is not None and answer.event.type != "Moved":
            if arrived.role == "sent" and not command.imported:
                elsewhere.answered(self.desk, writer, answer)
            tally.received += 1
            return
        tally.duplicates += 1
        if arrived.role == "sent" and answer.message:
            self._went(writer, answer.message, command.received_at)
        writer.forget_again(answer.message, (arrived.raw, text.hash))

    def _learn(self, writer: Writer, arrived: Arrived, notice: Notice, tally: Tally) -> None:
        """What is said of a message leaves no raw form: all of it is in the event."""
        tally.updated += elsewhere.learn(self.desk, writer, self.account, notice)
        drop_unused(writer.connection, writer.blobs, (arrived.raw,))

    def _went(self, writer: Writer, message: str, at: datetime) -> None:
        """A copy of ours turned up in Sent: where it was in doubt, it is no more."""
        known = writer.state.message(message)
        if known is not None and known.state == UNKNOWN:
            went(self.desk, writer, ReportSent(message, at), INGEST)

    def command(
        self, arrived: Arrived, incoming: Incoming, text: str, quarantine: str | None = None
    ) -> Receive:
        """The command that an arrival becomes; a time of arrival in the future is now."""
        return Receive(
            account=self.account,
            incoming=incoming,
            raw=arrived.raw,
            text=text,
            size=arrived.size,
            received_at=max(_EPOCH, min(arrived.received_at, arrived.fetched_at)),
            fetched_at=arrived.fetched_at,
            place=arrived.place,
            role=arrived.role,  # type: ignore[arg-type]
            before=arrived.before,
            waits=arrived.waits,
            seen="\\Seen" in arrived.flags,
            answered="\\Answered" in arrived.flags,
            quarantine=quarantine,
        )

    def _quarantine(self, writer: Writer, arrived: Arrived, reason: str) -> None:
        command = Quarantine(
            account=self.account,
            raw=arrived.raw,
            size=arrived.size,
            received_at=min(arrived.received_at, arrived.fetched_at),
            reason=reason,
            role=arrived.role,  # type: ignore[arg-type]
            before=arrived.before,
            waits=arrived.waits,
        )
        self.desk.decided(writer, command, actor=INGEST)
        writer.intake.lies(arrived, None)


def _texts(found: Iterable[Parsed]) -> dict[str, str]:
    return {each.text.hash: each.incoming.text for each in found if each.text and each.incoming}


def _arrived(arrival: Arrival, raw: str, size: int, fetched_at: datetime) -> Arrived:
    return Arrived(
        place=arrival.place,
        raw=raw,
        size=size,
        received_at=arrival.received_at,
        fetched_at=fetched_at,
        role=arrival.role,
        flags=arrival.flags,
        before=arrival.before,
        waits=arrival.waits,
    )


def _is_storage(error: Exception) -> bool:
    """Faults of the disk or the database concern every message: they end the pass, not the message."""
    return (
        type(error).__module__.startswith(("sqlite3", "pysqlite3")) and "constraint" not in str(error).lower()
    )
