"""Receives what is new, account by account.

`sync_once` runs one pass over the accounts it is given, side by side, and says what each did; a fault of one never
stops another. An account that another process polls is asked for a pass there and waited for. `watch` goes on for ever.
"""

import asyncio
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import dataclass, field

from agentdesk.channels import Batch, Channel, Opening
from agentdesk.config import Account, Home
from agentdesk.core.commands import OpenAccount
from agentdesk.core.instant import moment
from agentdesk.engine import clock
from agentdesk.engine.desk import Desk
from agentdesk.engine.intake import INGEST, Intake, Tally
from agentdesk.engine.start import connector
from agentdesk.errors import BusyError, DeskError
from agentdesk.store import lock, queries

ASK_WITHIN = 30.0
"""Seconds that another process is given to do the pass it was asked for."""


@dataclass(slots=True)
class Pass:
    """What one account's pass did; `errors` are those that ended it."""

    account: Account
    tally: Tally = field(default_factory=Tally)
    sent: int = 0
    failed: int = 0
    unknown: int = 0
    errors: list[DeskError] = field(default_factory=list)
    busy: bool = False


Progress = Callable[[Account, Batch], object]


def sync_once(
    desk: Desk,
    home: Home,
    accounts: tuple[Account, ...],
    on_progress: Progress | None = None,
) -> list[Pass]:
    """One pass over `accounts`; never raises for an account's own fault."""

    async def all_of_them() -> list[Pass]:
        return list(await asyncio.gather(*(_one(desk, home, account, on_progress) for account in accounts)))

    return asyncio.run(all_of_them())


async def _one(desk: Desk, home: Home, account: Account, on_progress: Progress | None) -> Pass:
    done = Pass(account)
    try:
        with lock.held(home.state, f"poll-{account.id}"):
            await receive(desk, home, account, done, on_progress, once=True)
    except BusyError as error:
        await _ask(desk, account, done, error)
    except DeskError as error:
        done.errors.append(error)
        _health(desk, account, error)
    return done


async def receive(
    desk: Desk, home: Home, account: Account, done: Pass, on_progress: Progress | None, *, once: bool
) -> None:
    """Takes batch after batch; asking for the next one says that the last is committed."""
    opening = open_account(desk, account)
    channel: Channel = connector(home, account)
    intake = Intake(desk, account.id, channel.read)
    done.tally.add(await asyncio.to_thread(intake.left_over))
    try:
        batches = channel.receive(cursor(desk, account.id), opening, once=once)
        async with aclosing(batches) as stream:  # type: ignore[type-var]
            async for batch in stream:
                done.tally.add(await asyncio.to_thread(intake.take, batch))
                if on_progress:
                    on_progress(account, batch)
        with desk.transaction() as writer:
            writer.intake.set_health(account.id, "ok", synced_at=desk.now())
    finally:
        await channel.close()


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


def cursor(desk: Desk, account: str) -> str | None:
    """The committed cursor of an account."""
    connection = desk.reader()
    try:
        return queries.cursor(connection, account)
    finally:
        connection.close()


def _health(desk: Desk, account: Account, error: DeskError) -> None:
    state = "needs_login" if error.code in {"login", "secret"} else "backoff"
    with desk.transaction() as writer:
        writer.intake.set_health(account.id, state, error=error.code)


async def _ask(desk: Desk, account: Account, done: Pass, error: BusyError) -> None:
    """Another process polls this account: it is asked for a pass and given some time."""
    asked = desk.now()
    with desk.transaction() as writer:
        writer.intake.ask(account.id, asked)
    ends = clock.ticks() + ASK_WITHIN
    while clock.ticks() < ends:
        await asyncio.sleep(0.1)
        with desk.transaction() as writer:
            if writer.intake.answered(account.id):
                return
    done.busy = True
    done.errors.append(error)
