"""From a connector's batch to tickets, in two durable steps.

First the raw messages and the cursor that covers them, in one transaction. Then each is read (outside the lock), decided
and folded (`receiving`): the fewer commits, the less is written, so the lock is held up to five seconds, but let go after the
message at hand once somebody waits for it: keys never wait for ingest. What cannot be read goes to quarantine with its
reason and never stops the next. Many at once are read in a second process meanwhile (`beside`).
"""

import select
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from agentdesk.channels import Arrival, Batch
from agentdesk.core.commands import Receive
from agentdesk.core.instant import moment
from agentdesk.core.model import Place
from agentdesk.core.names import names_of
from agentdesk.core.quarantine import QuarantineRow
from agentdesk.engine import clock
from agentdesk.engine.desk import Desk
from agentdesk.engine.reading import Parsed, Read, Reading, parsed
from agentdesk.engine.receiving import HOLD, Ready, Receiving, Tally, TornError
from agentdesk.errors import DiskError
from agentdesk.store import Blob, pack, queries
from agentdesk.store.intake import Arrived
from agentdesk.store.writer import Writer

if TYPE_CHECKING:
    from agentdesk.engine.beside import Beside

BREATH = 0.001
"""Seconds between looks whether those who wait have got in; they try each millisecond."""
GIVES_WAY = 1.0
"""Seconds for which those who wait are let pass, though they come one after the other or do not come."""
MANY = 50
"""Messages in a batch from which a second process is worth its start."""
FILES = "import"
"""The folder of what came from files and lies on no server; no server's folder has the validity 0."""
ATTEMPTS = 3
"""Tries to read a message after which, if the program ended in each, it is put aside unread."""
Readings = Iterable[Reading | None]
"""Of the messages of one batch that came as bytes, in their order; whoever reads them beside gives them, and None for what it could not."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Work(Protocol):
    """What is done in one transaction: how many messages were decided, and what became of them."""

    def __call__(self, writer: Writer, *, together: bool) -> tuple[int, Tally]: ...


class Intake:
    """The way in for one account; `read` is its connector's codec, and `codec` its name ("module:function") for a
    second process, which reads where many come at once. The lock is let go after `hold` seconds."""

    def __init__(self, desk: Desk, account: str, read: Read, codec: str = "", *, hold: float = HOLD) -> None:
        self.desk = desk
        self.account = account
        self.read = read
        self.codec = codec
        self._receiving = Receiving(desk, self.command, hold)
        self._beside: Beside | None = None

    def prepare(self) -> None:
        """Much is expected: the second process starts now."""
        if self.codec and self._beside is None:
            from agentdesk.engine.beside import Beside

            self._beside = Beside(self.codec)

    def begin(self, batch: Batch) -> Readings:
        """Has a large batch read beside, perhaps while the one before it is taken; gives what `take` is to be told. What was begun must
        be taken in the same order."""
        raws = [arrival.raw for arrival in batch.arrivals if isinstance(arrival.raw, bytes)]
        if len(raws) >= MANY:
            self.prepare()
        return self._beside.begin(raws) if self._beside else ()

    def rest(self) -> None:
        """No more is to come for now: the second process ends, unless something was begun that is not taken yet."""
        if self._beside is not None and not self._beside.owes:
            self.close()

    def close(self) -> None:
        """The second process ends; what it has not answered is read here, if it is taken at all."""
        if self._beside is not None:
            self._beside.close()
            self._beside = None

    def take(self, batch: Batch, readings: Readings = ()) -> Tally:
        """Stores a batch and its cursor, then reads what came; returns when all of it is in tickets.

        What was read beside already is decided in the transaction that stores it, as far as that goes.
        """
        fetched_at = self.desk.now()
        arrived: list[Arrived] = []
        blobs: list[Blob] = []
        known: dict[Place, bytes | Path | Reading] = {}
        read = iter(readings)
        for arrival in batch.arrivals:
            reading = next(read, None) if isinstance(arrival.raw, bytes) else None
            raw, size = self._raw(arrival, reading, blobs)
            arrived.append(_arrived(arrival, raw, size, fetched_at))
            known[arrival.place] = reading or arrival.raw
        is_read = all(isinstance(each, Reading) for each in known.values())
        ready = self._ready(arrived, known) if is_read else []

        def store(writer: Writer, *, together: bool) -> tuple[int, Tally]:
            writer.blobs.put(writer.connection, blobs)
            for flagged in batch.flagged:
                writer.intake.flag(flagged.place, flagged.flags)
            for gone in batch.gone:
                writer.intake.gone(gone.place)
            for gap in batch.gaps:
                writer.intake.set_gap(self.account, f"{gap.folder}: {gap.reason}")
            writer.intake.set_cursor(self.account, batch.cursor, fetched_at)
            done, tally = self._receiving.some(writer, ready, together=together)
            writer.intake.add(arrived[done:])
            return done, tally

        done, tally = self._transacted(ready, store)
        tally.add(Tally(updated=len(batch.flagged) + len(batch.gone), gaps=len(batch.gaps)))
        if is_read and done < len(ready):
            self._give_way()
        tally.add(self._digest(ready[done:] if is_read else self._ready(arrived, known)))
        return tally

    def _transacted(self, ready: list[Ready], work: Work) -> tuple[int, Tally]:
        """`work` in one transaction, in which mails go together if they can."""
        texts = _texts(ready)
        try:
            with self.desk.transaction(patient=True) as writer:
                writer.remember(texts)
                return work(writer, together=True)
        except TornError:
            with self.desk.transaction(patient=True) as writer:
                writer.remember(texts)
                return work(writer, together=False)

    def _ready(
        self, arrived: Iterable[Arrived], known: Mapping[Place, bytes | Path | Reading]
    ) -> list[Ready]:
        """What can be done of them without the lock."""
        return [self._receiving.ready(each, self._parsed(each, known.get(each.place))) for each in arrived]

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
            with self.desk.transaction(patient=True) as writer:
                waiting = writer.intake.waiting(self.account, 1)
                writer.intake.attempt(a.place for a in waiting)
            if not waiting:
                return tally
            one = replace(waiting[0], attempts=waiting[0].attempts + 1)
            tally.add(self._digest(self._ready([one], {})))

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
        found = self._parsed(arrived, None)
        command = replace(self.command(arrived, found), quarantine=row.id) if found.incoming else None
        return self._digest([Ready(arrived, found, command)])

    def _digest(self, ready: list[Ready]) -> Tally:
        tally = Tally()
        while ready:

            def store(writer: Writer, *, together: bool, rest: list[Ready] = ready) -> tuple[int, Tally]:
                done, tally = self._receiving.some(writer, rest, together=together)
                writer.intake.read(each.arrived.place for each in rest[:done])
                return done, tally

            done, some = self._transacted(ready, store)
            tally.add(some)
            ready = ready[done:]
            if ready:
                self._give_way()
        return tally

    def _give_way(self) -> None:
        """Lets those in who wait, before more is taken in."""
        ends = clock.ticks() + GIVES_WAY
        while self.desk.wanted() and clock.ticks() < ends:
            select.select((), (), (), BREATH)

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

    def command(self, arrived: Arrived, found: Parsed) -> Receive:
        """The command that an arrival becomes; a time of arrival in the future is now."""
        assert found.incoming is not None  # whatever could not be read is put aside
        assert found.text is not None
        return Receive(
            account=self.account,
            incoming=found.incoming,
            raw=arrived.raw,
            text=found.text.hash,
            size=arrived.size,
            received_at=max(_EPOCH, min(arrived.received_at, arrived.fetched_at)),
            fetched_at=arrived.fetched_at,
            place=arrived.place,
            role=arrived.role,  # type: ignore[arg-type]
            before=arrived.before,
            waits=arrived.waits,
            seen="\\Seen" in arrived.flags,
            answered="\\Answered" in arrived.flags,
            imported=_is_of_a_file(arrived),
            names=names_of(self.desk.seal, found.incoming, arrived.raw, found.said),
        )


def _texts(ready: Iterable[Ready]) -> dict[str, str]:
    return {each.command.text: each.command.incoming.text for each in ready if each.command}


def _is_of_a_file(arrived: Arrived) -> bool:
    """Whether nobody but a file has brought it, so that it is history."""
    is_here = arrived.place.folder == FILES and arrived.place.validity == 0
    return is_here and arrived.before and not arrived.waits


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
