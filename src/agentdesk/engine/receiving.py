"""Messages that were read become tickets, in a transaction that is open already.

Promises: each is decided after all before it; what cannot be decided goes to quarantine with its reason and undoes nothing of
its neighbours; a key that waits at the door gets in after the message at hand, another process after a few. Mails go
`TOGETHER`: what deciding them looks up is fetched beforehand and their rows are written at once, which halves what storing
costs. Where one of them cannot be decided or written, all of these are taken back and done again one by one, a savepoint each.
"""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple

from agentdesk.core.commands import Quarantine, Receive
from agentdesk.core.model import Notice, is_chat
from agentdesk.core.posting import ReportSent
from agentdesk.core.sending import UNKNOWN
from agentdesk.engine import clock, elsewhere, timed
from agentdesk.engine.desk import Desk
from agentdesk.engine.reading import Parsed, reason_of
from agentdesk.errors import DeskError, StoreError
from agentdesk.store.erasure import drop_unused
from agentdesk.store.intake import Arrived
from agentdesk.store.writer import Writer
from agentdesk.values import dataclass

HOLD = 5.0
"""Seconds after which the lock is let go although nobody waits for it."""
TOGETHER = 500
"""Of more the next key would wait longer than 30 ms until their rows are written; of fewer each statement is for few."""
LOOKS_AFTER = 8
"""Messages, a third of a millisecond each, after which it is looked whether another process waits: that asks the system."""
INGEST = "agentdesk"
"""The actor of what comes in by itself."""


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


class TornError(Exception):
    """What was decided together cannot be written together, and some of it is."""


class Ready(NamedTuple):
    """A message that waits to be decided, with what is asked for if it could be read."""

    arrived: Arrived
    parsed: Parsed
    command: Receive | None = None


Make = Callable[[Arrived, Parsed], Receive]


class Receiving:
    """For one desk; `make` gives the command that a message becomes, the lock is let go after `hold` seconds."""

    def __init__(self, desk: Desk, make: Make, hold: float) -> None:
        self.desk = desk
        self._make = make
        self._hold = hold

    def ready(self, arrived: Arrived, parsed: Parsed) -> Ready:
        """Whatever needs no lock is done here."""
        if parsed.reason or parsed.incoming is None:
            return Ready(arrived, parsed)
        try:
            return Ready(arrived, parsed, self._make(arrived, parsed))
        except Exception as error:  # noqa: BLE001 - what a codec hands over may be odd in any way, and stops nothing
            return Ready(arrived, Parsed(None, None, reason_of(error)))

    def some(self, writer: Writer, found: Sequence[Ready], *, together: bool = True) -> tuple[int, Tally]:
        """Decides the first of them, until time is up or somebody waits; gives how many and what they were.

        Raises TornError where the transaction has to be begun anew, without `together`.
        """
        ends = clock.ticks() + self._hold
        done, tally = 0, Tally()
        while done < len(found) and (not done or not self._is_over(ends)):
            part = found[done : done + TOGETHER]
            if together and not any(map(_stands_alone, part)):
                done += self._together(writer, part, tally, ends)
            else:
                done += self._each(part, ends, lambda each: self._alone(writer, each, tally))
        return done, tally

    def _is_over(self, ends: float, *, elsewhere: bool = True) -> bool:
        return clock.ticks() > ends or self.desk.wanted(elsewhere=elsewhere)

    def _each(self, found: Sequence[Ready], ends: float, work: Callable[[Ready], None]) -> int:
        for position, each in enumerate(found):
            if position and self._is_over(ends, elsewhere=position % LOOKS_AFTER == 0):
                return position
            work(each)
        return len(found)

    def _together(self, writer: Writer, found: Sequence[Ready], tally: Tally, ends: float) -> int:
        theirs = Tally()
        try:
            names = [each.command.names for each in found if each.command and each.command.names]
            with writer.together(names):
                done = self._each(found, ends, lambda each: self._store(writer, each, theirs))
        except Exception as error:
            if not _is_of_the_message(error):
                raise
            if writer.is_torn:
                raise TornError from error
            return self._each(found, ends, lambda each: self._alone(writer, each, tally))
        tally.add(theirs)
        return done

    def _alone(self, writer: Writer, each: Ready, tally: Tally) -> None:
        """One message in a savepoint of its own."""
        try:
            with writer.savepoint():
                self._store(writer, each, tally)
        except Exception as error:
            if not _is_of_the_message(error):
                raise
            logging.getLogger(__name__).debug("a message went to quarantine", exc_info=error)
            self._quarantine(writer, each.arrived, reason_of(error), tally)

    def _store(self, writer: Writer, each: Ready, tally: Tally) -> None:
        if each.parsed.reason:
            self._quarantine(writer, each.arrived, each.parsed.reason, tally)
        elif each.command is not None:
            self._receive(writer, each, each.command, tally)
        elif each.parsed.notice is not None:
            self._learn(writer, each.arrived, each.parsed.notice, tally)

    def _receive(self, writer: Writer, each: Ready, command: Receive, tally: Tally) -> None:
        arrived, text = each.arrived, each.parsed.text
        assert text is not None  # whatever was read has a text
        writer.add_text(text)
        command = elsewhere.compared(self.desk, writer, command)
        copy = None if command.imported else elsewhere.own_copy(self.desk, writer, command)
        answer = copy or self.desk.decided(writer, command, actor=INGEST)
        writer.lies(arrived, answer.message or None)
        if is_chat(command.incoming.channel):
            elsewhere.catch_up(self.desk, writer, answer)
        if answer.event is not None and answer.event.type != "Moved":
            if arrived.role == "sent" and not command.imported:
                elsewhere.answered(self.desk, writer, answer)
            timed.overtaken(self.desk, writer, answer.event)
            tally.received += 1
            return
        tally.duplicates += 1
        if arrived.role == "sent" and answer.message:
            self._went(writer, answer.message, command.received_at)
        writer.forget_again(answer.message, (arrived.raw, text.hash))

    def _went(self, writer: Writer, message: str, at: datetime) -> None:
        """A copy of ours turned up in Sent: where it was in doubt, it is no more."""
        known = writer.state.message(message)
        if known is not None and known.state == UNKNOWN:
            elsewhere.went(self.desk, writer, ReportSent(message, at), INGEST)

    def _learn(self, writer: Writer, arrived: Arrived, notice: Notice, tally: Tally) -> None:
        """What is said of a message leaves no raw form: all of it is in the event."""
        tally.updated += elsewhere.learn(self.desk, writer, arrived.place.account, notice)
        drop_unused(writer.connection, writer.blobs, (arrived.raw,))

    def _quarantine(self, writer: Writer, arrived: Arrived, reason: str, tally: Tally) -> None:
        command = Quarantine(
            account=arrived.place.account,
            raw=arrived.raw,
            size=arrived.size,
            received_at=min(arrived.received_at, arrived.fetched_at),
            reason=reason,
            role=arrived.role,  # type: ignore[arg-type]
            before=arrived.before,
            waits=arrived.waits,
        )
        answer = self.desk.decided(writer, command, actor=INGEST)
        writer.lies(arrived, None)
        if answer.event is None:
            writer.forget_again(None, (arrived.raw,))
        tally.quarantined += answer.event is not None
        tally.duplicates += answer.event is None


def _stands_alone(each: Ready) -> bool:
    """Chats ask for more than their names say, and so does what leaves quarantine."""
    command = each.command
    if command is None:
        return each.parsed.notice is not None
    return is_chat(command.incoming.channel) or command.quarantine is not None


def _is_of_the_message(error: Exception) -> bool:
    """Faults of the desk, the disk or the database concern every message: they end the pass, not the message."""
    if isinstance(error, StoreError | DeskError | OSError):
        return False
    is_database = type(error).__module__.startswith(("sqlite3", "pysqlite3"))
    return not is_database or "constraint" in str(error).lower()
