"""Sends what was written: once, in order within a ticket, with two durable marks.

Before connecting a reply is `sending`: whatever happens then, nothing has gone, and it is tried again. Right before the
message's data it is `data`: from there on only the provider's word decides, and where that word is missing the reply is
looked up and otherwise put to the agent, never sent again by itself. The copy in Sent is a job of its own.
"""

import asyncio
import threading
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import datetime, timedelta
from typing import Any

from agentdesk.channels import (
    Ability,
    Accepted,
    Channel,
    Doubtful,
    Envelope,
    Refused,
    SendResult,
    Stopped,
    TryLater,
)
from agentdesk.config import Account, Home
from agentdesk.core import unsent
from agentdesk.core.automatic import is_stale
from agentdesk.core.posting import ReportDoubtful, ReportFailed, ReportSent, Withdraw
from agentdesk.core.restraint import is_over
from agentdesk.core.sending import WRITTEN, replied
from agentdesk.engine import elsewhere, marks
from agentdesk.engine.amend import Amendments
from agentdesk.engine.desk import Desk
from agentdesk.engine.start import connector
from agentdesk.engine.trouble import SENDING
from agentdesk.engine.waits import FIRST_WAIT, first_answer, is_given_up, locked_out, next_try
from agentdesk.engine.wishes import SENDER, Wishes
from agentdesk.errors import BusyError, DeskError
from agentdesk.store import amendment, lock, outbox, wish
from agentdesk.store.outbox import Mailing, Waiting
from agentdesk.store.writer import Writer
from agentdesk.values import dataclass

FILE_TRIES = 8
AGAIN = 0.05
"""Seconds between attempts while another process holds the outbox."""

Connect = Callable[[Home, Account], Channel]


@dataclass(slots=True)
class Sent:
    """What a flush did. `locked_out`: the words with which the service refused our login, so that everything waits."""

    sent: int = 0
    failed: int = 0
    unknown: int = 0
    later: int = 0
    locked_out: str = ""

    def add(self, other: "Sent") -> None:
        self.sent += other.sent
        self.failed += other.failed
        self.unknown += other.unknown
        self.later += other.later
        self.locked_out = other.locked_out or self.locked_out


class Postman:
    """The outbox of one account and the channel that carries it."""

    def __init__(
        self, desk: Desk, home: Home, account: str, channel: Channel, mark_seen: str = "opened"
    ) -> None:
        self.desk = desk
        self.home = home
        self.account = account
        self.channel = channel
        self.mark_seen = mark_seen
        self.wants_a_look = False
        """The time of an answer has come, and what came in since is to be seen before it goes."""
        self.has_work = True
        """Whether anything waits for a time or a try; where nothing does, only a commit can bring some."""
        self._ahead: list[tuple[str, datetime, datetime]] = []
        self._amendments = Amendments(desk, account, channel)
        self._wishes = Wishes(desk, account, channel)

    async def flush(self) -> Sent:
        """Sends everything that is due; nothing where another process is sending already."""
        done, self.wants_a_look = Sent(), False
        self.has_work = True  # also where the look itself fails
        self.has_work = self._has_work()
        if not self.has_work:
            return done
        with suppress(BusyError), lock.held(self.home.state, f"send-{self.account}"):
            self._bring_back()
            await self._recover(done)
            while (row := self._next()) is not None:
                await self._send(row, done)
            await self._amendments.ask()
            await self._file()
            await self._wishes.grant()
        self.wants_a_look = _waits_for_a_look(self.desk, self.account)
        return done

    def _has_work(self) -> bool:
        connection = self.desk.reader()
        try:
            self._ahead = outbox.ahead(connection, self.account, self.desk.now())
            return bool(
                outbox.Outbox(connection).all(self.account)
                or wish.all_of(connection, self.account)
                or amendment.has_any(connection, self.account)
            )
        finally:
            connection.close()

    def _bring_back(self) -> None:
        """The clock was set back since something was written or tried: it would wait as long as the clock was ahead."""
        if self._ahead:
            with self.desk.transaction() as writer:
                outbox.bring_back(writer.connection, self._ahead, self.desk.now())

    def under_way(self) -> bool:
        """Whether something could go now, or another process is sending at this moment."""
        connection = self.desk.reader()
        try:
            box = outbox.Outbox(connection)
            rows = box.all(self.account)
            now = self.desk.now()
            return (
                any(row.state in {outbox.SENDING, outbox.DATA} for row in rows)
                or box.due(self.account, now, again=_same_again(self.channel)) is not None
                or amendment.due(connection, self.account, now) is not None
            )
        finally:
            connection.close()

    def _next(self) -> Waiting | None:
        """Takes the next due one out of the queue: from here on it is `sending`. What may have gone already stays so."""
        with self.desk.transaction() as writer:
            box = outbox.Outbox(writer.connection)
            row = box.due(self.account, self.desk.now(), again=_same_again(self.channel))
            if row is not None:
                box.set(row.message, outbox.SENDING)
                if row.state == outbox.DATA:
                    box.set(row.message, outbox.DATA)
        return row

    async def _recover(self, done: Sent) -> None:
        """What an earlier process left half done."""
        connection = self.desk.reader()
        try:
            rows = outbox.Outbox(connection).all(self.account)
        finally:
            connection.close()
        for row in rows:
            if row.state == outbox.SENDING:
                self._set(row.message, outbox.QUEUED)
            elif row.state == outbox.DATA and not _same_again(self.channel):
                await self._settle(row, done, unsent.ENDED)

    async def _send(self, row: Waiting, done: Sent) -> None:
        mailing, raw = self._mailing(row.message)
        if mailing is None or raw is None or mailing.state != WRITTEN:
            with self.desk.transaction() as writer:
                outbox.Outbox(writer.connection).remove(row.message)
            return
        if self._is_over(mailing):
            with self.desk.transaction() as writer:
                self.desk.decided(writer, Withdraw(row.message), actor=SENDER)
                outbox.Outbox(writer.connection).remove(row.message)
            return
        envelope = Envelope("" if mailing.automatic else mailing.sender, mailing.recipients, mailing.sender)
        with suppress(Stopped):
            result: SendResult = await self.channel.send(raw, envelope, lambda: self._goes(row.message))
            await self._took(row, mailing, result, done)

    def _is_over(self, mailing: Mailing) -> bool:
        """Whether it is an automatic text that is not true any more, or speaks to a message of long ago."""
        if not mailing.automatic:
            return False
        kind, now = mailing.automatic, self.desk.now()
        heard = mailing.heard_at or mailing.written_at
        return is_stale(kind, mailing.written_at, now) or bool(
            is_over(kind, heard, self.desk.policy.calendar, now)
        )

    def _goes(self, message: str) -> None:
        """The second mark; raises Stopped where it is in the outbox no more: taken back, or the customer was answered elsewhere."""
        with self.desk.transaction() as writer:
            box = outbox.Outbox(writer.connection)
            if box.one(message) is None:
                raise Stopped
            box.set(message, outbox.DATA)

    async def _took(self, row: Waiting, mailing: Mailing, result: SendResult, done: Sent) -> None:
        if waits := locked_out(result):
            result, done.locked_out = waits, waits.reason
            with self.desk.transaction() as writer:
                writer.intake.set_health(self.account, "needs_login", error=SENDING)
        reached_at = first_answer(row.reached_at, result, self.desk.now())
        is_over = is_given_up(reached_at, result, self.desk.now())
        if isinstance(result, Accepted):
            refused = tuple(f"{who}: {words}" for who, words in result.refused)
            with self.desk.transaction() as writer:
                writer.intake.end_trouble(self.account, SENDING)
                elsewhere.went(self.desk, writer, ReportSent(row.message, result.at, refused, result.names))
            done.sent += 1
        elif isinstance(result, Refused):
            self._failed(ReportFailed(row.message, result.code, result.reason), done)
        elif isinstance(result, Doubtful) and (not _same_again(self.channel) or is_over):
            await self._settle(row, done, result.reason)
        elif is_over and not isinstance(result, Doubtful):
            self._failed(ReportFailed(row.message, "gave_up", result.reason), done)
        else:
            self._later(row, result, reached_at)
            done.later += 1

    def _failed(self, command: ReportFailed, done: Sent) -> None:
        with self.desk.transaction() as writer:
            self._came_back(writer, command)
        done.failed += 1

    def _later(self, row: Waiting, result: TryLater | Doubtful, reached_at: datetime | None) -> None:
        """Puts it back; what may have gone by now, or before, is not taken back any more."""
        may_have_gone = isinstance(result, Doubtful) or row.state == outbox.DATA
        later = TryLater(result.reason) if isinstance(result, Doubtful) else result
        now = self.desk.now()
        next_at = next_try(later, row.attempts, now)
        with self.desk.transaction() as writer:
            box = outbox.Outbox(writer.connection)
            state = outbox.DATA if may_have_gone else outbox.QUEUED
            box.set(
                row.message, state, next_at=next_at, said_at=now, reached_at=reached_at, error=later.reason
            )
            if not later.reached or later.too_fast:  # the others would not get any further
                box.wait(self.account, next_at, now)

    async def _settle(self, row: Waiting, done: Sent, reason: str) -> None:
        """Looks up what became of it; where nobody knows, the agent is asked."""
        mailing, _ = self._mailing(row.message)
        is_sent: bool | None = None
        if mailing is not None and mailing.state != WRITTEN:  # news of it came by another way
            is_sent = True
        elif mailing is not None:
            with suppress(DeskError):
                is_sent = await self.channel.find_sent(mailing.message_id)
        with self.desk.transaction() as writer:
            # Its copy may have come in while it was looked for.
            if is_sent or outbox.Outbox(writer.connection).is_on_server(row.message):
                elsewhere.went(self.desk, writer, ReportSent(row.message, self.desk.now()))
                done.sent += 1
            else:
                self._came_back(writer, ReportDoubtful(row.message, reason))
                done.unknown += 1

    def _came_back(self, writer: Writer, command: ReportFailed | ReportDoubtful) -> None:
        """An answer that did not go, or nobody knows, as an event, and its row out of the outbox."""
        self.desk.decided(writer, command, actor=SENDER)
        outbox.Outbox(writer.connection).remove(command.message)

    async def _file(self) -> None:
        """The copies for the Sent folder, and the wish for \\Answered; a fault here never sends anything again."""
        channel: Any = self.channel
        while (row := self._to_file()) is not None:
            mailing, raw = self._mailing(row.message)
            filed = True
            if mailing is not None and raw is not None and hasattr(channel, "file_sent"):
                filed = False
                with suppress(DeskError):
                    await channel.file_sent(raw, mailing.message_id)
                    filed = True
            with self.desk.transaction() as writer:
                box = outbox.Outbox(writer.connection)
                if filed or row.attempts >= FILE_TRIES:
                    marks.answered(writer, row.ticket, row.message, self.mark_seen)
                    box.remove(row.message)
                else:
                    wait = timedelta(seconds=FIRST_WAIT * 2.0**row.attempts)
                    now = self.desk.now()
                    box.file_later(row.message, now + wait, now)

    def _to_file(self) -> Waiting | None:
        connection = self.desk.reader()
        try:
            return outbox.Outbox(connection).to_file(self.account, self.desk.now())
        finally:
            connection.close()

    def _mailing(self, message: str) -> tuple[Mailing | None, bytes | None]:
        connection = self.desk.reader()
        try:
            mailing = outbox.Outbox(connection).mailing(message)
            raw = self.desk.store.blobs.get(connection, mailing.raw) if mailing else None
        finally:
            connection.close()
        return mailing, raw if raw is None or isinstance(raw, bytes) else raw.read_bytes()

    def _set(self, message: str, state: str, **values: Any) -> None:
        with self.desk.transaction() as writer:
            outbox.Outbox(writer.connection).set(message, state, **values)


def release_mine(desk: Desk) -> int:
    """Lets every held answer of this agent go now; gives how many."""
    with desk.transaction() as writer:
        box = outbox.Outbox(writer.connection)
        released = 0
        for row in box.all():
            event = writer.state.event(replied(desk.seal, row.message))
            if event is None or event.actor != desk.agent or row.release_at == outbox.NOT_YET or row.goes_at:
                continue  # what has a time waits for it, what is part of something that is not whole for the rest
            if row.state == outbox.HELD:
                released += box.release(row.message, desk.now())
        return released


def flush_now(
    desk: Desk,
    home: Home,
    accounts: tuple[Account, ...],
    within: float,
    connect: Connect = connector,
) -> bool:
    """Sends what is due, for at most `within` seconds, beside whoever else sends; True where nothing is left to go.

    What did not go stays queued for the next process."""
    left: list[bool] = []

    async def all_of_them() -> None:
        each = (_flush_one(desk, home, account, connect) for account in accounts)
        with suppress(TimeoutError):
            left.extend(await asyncio.wait_for(asyncio.gather(*each), within))

    thread = threading.Thread(target=lambda: asyncio.run(all_of_them()), name="flush", daemon=True)
    thread.start()
    thread.join(within + 0.1)
    return len(left) == len(accounts) and not any(left)


async def _flush_one(desk: Desk, home: Home, account: Account, connect: Connect) -> bool:
    """True where something is left."""
    connection = desk.reader()
    try:
        if not (outbox.Outbox(connection).all(account.id) or amendment.has_any(connection, account.id)):
            return False
    finally:
        connection.close()
    try:
        channel = connect(home, account)
        try:
            postman = Postman(desk, home, account.id, channel)
            await postman.flush()
            while postman.under_way():
                await asyncio.sleep(AGAIN)
                await postman.flush()
        finally:
            await channel.close()
    except DeskError:
        return True
    return False


def _same_again(channel: Channel) -> bool:
    """Whether a message sent twice arrives once: then a send in doubt is tried again."""
    ability: Ability | None = getattr(channel, "ability", None)
    return ability is not None and ability.same_again


def _waits_for_a_look(desk: Desk, account: str) -> bool:
    with closing(desk.reader()) as connection:
        return outbox.Outbox(connection).waits_for_a_look(account, desk.now())
