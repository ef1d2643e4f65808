"""Receives what is new, account by account.

`sync_once` runs one pass over the accounts it is given, side by side, and says what each did; a fault of one never
stops another. An account that another process polls is asked for a pass there and waited for. `watch` goes on until it
is stopped and answers such requests.
"""

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import AbstractContextManager, aclosing, closing, suppress
from dataclasses import asdict, field, replace
from datetime import datetime

from agentdesk.channels import Batch, Channel, Opening
from agentdesk.config import Account, Backup, Home
from agentdesk.core.commands import OpenAccount
from agentdesk.core.instant import moment
from agentdesk.engine import chore, clock, daily, reckoning, rules, trouble, voice
from agentdesk.engine.aside import ended
from agentdesk.engine.chore import Chore
from agentdesk.engine.desk import Desk
from agentdesk.engine.errands import Errands
from agentdesk.engine.intake import Intake, Readings
from agentdesk.engine.junk import Acquaintance
from agentdesk.engine.outbox import Connect, Postman, Sent
from agentdesk.engine.receiving import INGEST, Tally
from agentdesk.engine.start import connector
from agentdesk.engine.stir import Stir
from agentdesk.engine.ticker import wake
from agentdesk.errors import BusyError, DeskError, NoFolderError, SendingLoginError
from agentdesk.store import lock, queries
from agentdesk.values import dataclass

ASK_WITHIN = 30.0
"""Seconds that another process is given to do the pass it was asked for."""
LOOK_EVERY = 0.25
"""Seconds between looks at what other processes ask."""
TAKE_OVER = 3.0
"""Seconds between attempts to take over an account that another process polls."""
AHEAD = 2
"""Batches that are read beside while one is taken."""
TRY_AGAIN = 60.0
"""Seconds after a fault that only a person can cure before the account is tried again."""
LOOK_AGAIN = 5.0
"""Seconds after a fault of this laptop: nobody outside is bothered by another try."""


@dataclass(slots=True)
class Pass:
    """What one account's pass did; `errors` are those that ended it, `trouble` is what it went to its end without."""

    account: Account
    tally: Tally = field(default_factory=Tally)
    post: Sent = field(default_factory=Sent)
    errors: list[DeskError] = field(default_factory=list)
    trouble: DeskError | None = None
    busy: bool = False


Progress = Callable[[Account, Batch], object]
Turn = Callable[[Account, str | None], object]
"""Told once that another process (its id) sees to an account, and with None when this one does instead."""
Ailing = Callable[[str, DeskError | None], object]
"""Told what goes on beside and cannot, by its name, and with None once it can again."""


def sync_once(
    desk: Desk, home: Home, accounts: tuple[Account, ...], on_progress: Progress | None = None
) -> list[Pass]:
    """One pass over `accounts`; never raises for an account's own fault."""
    wake(desk)
    reckoning.once(desk)
    with closing(rules.Runner(desk, home)) as runner:
        runner.begin()

        async def all_of_them() -> list[Pass]:
            pollers = (Poller(desk, home, account, on_progress, between=runner.run) for account in accounts)
            return list(await asyncio.gather(*(poller.once() for poller in pollers)))

        return asyncio.run(all_of_them())


async def watch(
    desk: Desk,
    home: Home,
    accounts: tuple[Account, ...],
    on_pass: Callable[[Pass], object],
    backup: Backup | None = None,
    transcribe: voice.Hearing | None = None,
    connect: Connect = connector,
    on_turn: Turn | None = None,
    on_ailing: Ailing = lambda *_: None,
    beside: tuple[Chore, ...] = (),
) -> None:
    """Every account, until cancelled; `on_pass` is told of each pass that did something or failed, and of what was sent between them,
    `on_turn` of who sees to an account. With `backup` the daily one is made beside, with `transcribe` voices are put into
    words; these and what else is to be done `beside` end nothing by failing, and `on_ailing` is told of it in their threads."""
    chores = [reckoning.chore(desk), rules.chore(rules.Runner(desk, home, connect=connect)), *beside]
    if transcribe:
        chores.append(voice.chore(desk, home, transcribe))
    if backup:
        chores.append(daily.chore(desk, home, backup))
    async with asyncio.TaskGroup() as group:
        for each in chores:
            group.create_task(chore.keep(desk, each, on_ailing))
        for account in accounts:
            group.create_task(Poller(desk, home, account, connect=connect).forever(on_pass, on_turn))


class Poller:
    """One account in this process."""

    def __init__(
        self,
        desk: Desk,
        home: Home,
        account: Account,
        on_progress: Progress | None = None,
        connect: Connect = connector,
        between: Callable[[], object] | None = None,
    ) -> None:
        """`between` is called after receiving and before sending."""
        self.desk = desk
        self.home = home
        self.account = account
        self.on_progress = on_progress
        self.connect = connect
        self._between = between
        self.done = Pass(account)

    async def once(self) -> Pass:
        """Receives, then sends: an answer that came in meanwhile from elsewhere is seen first."""
        try:
            with self._alone() as other:
                await (self._ask_other(other) if other else self._receive())
        except Exception as error:  # noqa: BLE001 - as in `forever`
            self._failed(trouble.known(error, self.desk))
        await self._go_on()
        await self._send()
        return self.done

    async def _go_on(self) -> None:
        if self._between is None:
            return
        try:
            await asyncio.to_thread(self._between)
        except Exception as error:  # noqa: BLE001 - whatever it is, what waits to be sent goes
            self._failed(trouble.known(error, self.desk))

    async def _send(self) -> None:
        try:
            channel = self.connect(self.home, self.account)
            try:
                postman = Postman(self.desk, self.home, self.account.id, channel, self.account.mark_seen)
                self._posted(await postman.flush())
            finally:
                await channel.close()
        except Exception as error:  # noqa: BLE001 - as in `forever`
            self._failed(trouble.known(error, self.desk))

    async def forever(self, on_pass: Callable[[Pass], object], on_turn: Turn | None = None) -> None:
        stands_by = False
        while True:
            try:
                with self._alone() as other:
                    if on_turn and stands_by != bool(other):
                        on_turn(self.account, str(other.values["holder"]) if other else None)
                    stands_by = bool(other)
                    await (asyncio.sleep(TAKE_OVER) if other else self._receive(on_pass))
            except Exception as error:  # noqa: BLE001 - one account's fault, whatever it is, stops no other
                since = self.desk.now()
                known = trouble.known(error, self.desk)
                self._failed(known)
                self._tell(on_pass)
                await self._rest(LOOK_AGAIN if isinstance(known, trouble.OURS) else TRY_AGAIN, since)

    async def _rest(self, seconds: float, since: datetime) -> None:
        """For so long, or until somebody asks for a pass after `since`: a login that was refused may be right by then."""
        ends = clock.ticks() + seconds
        with suppress(Exception), closing(Stir(self.desk)) as stir:  # what cannot be read is waited for
            while clock.ticks() < ends:
                if stir.moved() and self._is_wanted(since):
                    return
                await asyncio.sleep(LOOK_EVERY)
        await asyncio.sleep(max(0.0, ends - clock.ticks()))

    def _is_wanted(self, since: datetime) -> bool:
        with closing(self.desk.reader()) as connection:
            asked = queries.asked(connection, self.account.id)
        return asked is not None and moment(asked) >= since

    def _alone(self) -> AbstractContextManager[BusyError | None]:
        """Nobody else polls this account for the block, or else it is told who does."""
        return lock.alone(self.home.state, f"poll-{self.account.id}")

    async def _receive(self, on_pass: Callable[[Pass], object] | None = None) -> None:
        """Takes batch after batch; asking for the next one says that the last is committed. With `on_pass` it goes on
        for ever, and sends what is due meanwhile."""
        opening = replace(
            open_account(self.desk, self.account), known=Acquaintance(self.desk, self.account.id)
        )
        channel = self.connect(self.home, self.account)
        intake = Intake(self.desk, self.account.id, channel.read, getattr(channel, "codec", ""))
        self.done.tally.add(await asyncio.to_thread(intake.left_over))
        listener = asyncio.create_task(self._listen(channel, on_pass)) if on_pass else None
        try:
            cursor = _cursor(self.desk, self.account.id)
            if cursor is None:
                intake.prepare()
            batches = channel.receive(cursor, opening, once=on_pass is None)
            async with aclosing(_begun(batches, intake, ahead=bool(intake.codec))) as stream:
                async for batch, readings in stream:
                    self.done.tally.add(await asyncio.to_thread(intake.take, batch, readings))
                    if self.on_progress:
                        self.on_progress(self.account, batch)
                    if batch.pass_began_at is not None:
                        intake.rest()
                        await asyncio.to_thread(self._passed, batch, channel)
                        if on_pass:
                            self._tell(on_pass)
        finally:
            intake.close()
            if listener:
                await ended(listener)
            await channel.close()

    def _passed(self, batch: Batch, channel: Channel) -> None:
        began, ill = batch.pass_began_at, trouble.said_by(channel)
        self.done.trouble = trouble.named(ill, self.account) if ill else None
        with self.desk.transaction() as writer:
            state, code = trouble.standing(writer.connection, self.account.id, ill)
            writer.intake.set_health(self.account.id, state, synced_at=self.desk.now(), error=code)
            trouble.note(writer, self.account.id, ill)
            asked = writer.intake.asked(self.account.id)
            if asked and began and moment(asked) <= began:
                writer.intake.answer(
                    self.account.id, asked, self.desk.now(), json.dumps(asdict(self.done.tally))
                )

    async def _listen(self, channel: Channel, on_pass: Callable[[Pass], object]) -> None:
        """Passes on what other processes ask for, and sends what is due; what this laptop cannot do now is said and
        tried again."""
        async with aclosing(Errands(self.desk, self.home, self.account, channel)) as errands:
            while True:
                try:
                    self._sent_between(await errands.run(), on_pass)
                except Exception as error:  # noqa: BLE001 - whatever it is, what comes in goes on
                    self._failed(trouble.known(error, self.desk))
                    self._tell(on_pass)
                    await asyncio.sleep(LOOK_AGAIN)
                    continue
                if errands.wants_a_pass():
                    channel.nudge()
                await asyncio.sleep(LOOK_EVERY)

    def _sent_between(self, sent: Sent, on_pass: Callable[[Pass], object]) -> None:
        """Told at once, since the next pass that receives something may be long in coming; what is tried again is told with that."""
        if not (sent.sent or sent.failed or sent.unknown or sent.locked_out):
            self._posted(sent)
            return
        receiving, self.done = self.done, Pass(self.account)
        self._posted(sent)
        self._tell(on_pass)
        self.done = receiving

    def _posted(self, sent: Sent) -> None:
        """Counts what was sent; a login that was refused is a fault of the account's."""
        self.done.post.add(sent)
        if sent.locked_out:
            self.done.errors.append(SendingLoginError(account=self.account.name, reason=sent.locked_out))

    def _tell(self, on_pass: Callable[[Pass], object]) -> None:
        done, self.done = self.done, Pass(self.account)
        if done.errors or done.tally != Tally() or done.post != Sent():
            on_pass(done)

    def _failed(self, error: DeskError) -> None:
        self.done.errors.append(trouble.named(error, self.account))
        with suppress(DeskError), self.desk.transaction() as writer:
            writer.intake.set_health(self.account.id, trouble.state_of(error), error=error.code)
            if isinstance(error, NoFolderError):
                trouble.note(writer, self.account.id, error)

    async def _ask_other(self, error: BusyError) -> None:
        """Another process polls this account: it is asked for a pass and given some time."""
        with self.desk.transaction() as writer:
            writer.intake.ask(self.account.id, self.desk.now())
        ends = clock.ticks() + ASK_WITHIN
        while clock.ticks() < ends:
            await asyncio.sleep(LOOK_EVERY / 2)
            with closing(self.desk.reader()) as connection:
                if queries.asked(connection, self.account.id) is None:
                    told = json.loads(queries.report(connection, self.account.id) or "{}")
                    self.done.tally.add(Tally(**told))
                    return
        self.done.busy = True
        self.done.errors.append(error)


async def _begun(
    batches: AsyncIterator[Batch], intake: Intake, *, ahead: bool
) -> AsyncGenerator[tuple[Batch, Readings]]:
    """Each batch with the readings that were begun of it. `ahead` asks for the next one while this one is taken, so that it can be
    read beside; to a connector without a codec, asking says that the last is committed."""
    async with aclosing(batches) as stream:  # type: ignore[type-var]
        if not ahead:
            async for batch in stream:
                yield batch, ()
            return
        waiting: asyncio.Queue[tuple[Batch, Readings] | None] = asyncio.Queue(AHEAD)

        async def ask() -> None:
            async for batch in stream:
                await waiting.put((batch, intake.begin(batch)))
            await waiting.put(None)

        asking = asyncio.create_task(ask())
        try:
            while found := await _either(waiting, asking):
                yield found
        finally:
            await ended(asking)


async def _either(
    waiting: "asyncio.Queue[tuple[Batch, Readings] | None]", asking: "asyncio.Task[None]"
) -> tuple[Batch, Readings] | None:
    """What waits; raises what ended the asking, once nothing waits any more."""
    getting = asyncio.create_task(waiting.get())
    await asyncio.wait({getting, asking}, return_when=asyncio.FIRST_COMPLETED)
    if not getting.done() and not waiting.empty():
        await asyncio.wait({getting})
    if getting.done():
        return getting.result()
    getting.cancel()
    asking.result()
    return None


def ask_for_pass(desk: Desk, accounts: tuple[Account, ...]) -> None:
    """Asks whoever polls these accounts, this process or another, for a pass now."""
    with desk.transaction() as writer:
        for account in accounts:
            writer.intake.ask(account.id, desk.now())


def open_account(desk: Desk, account: Account) -> Opening:
    """When this account began to be watched: the log says, or it begins now."""
    connection = desk.reader()
    try:
        found = queries.opening(connection, account.id)
    finally:
        connection.close()
    if found is None:
        at = desk.now()
        desk.do(OpenAccount(account.id, account.channel, at, account.waiting_days), actor=INGEST)
        return Opening(at, account.waiting_days)
    return Opening(moment(found[0]), found[1])


def _cursor(desk: Desk, account: str) -> str | None:
    connection = desk.reader()
    try:
        return queries.cursor(connection, account)
    finally:
        connection.close()
