"""What goes on by itself goes on: one account's fault, whatever it is, stops no other account."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from typing import Any

from agentdesk import store
from agentdesk.channels import Accepted, Arrival, Batch, Opening
from agentdesk.channels.compose import compose
from agentdesk.channels.mime import read_mail
from agentdesk.config import Account, Home, Settings
from agentdesk.config import Desk as DeskSettings
from agentdesk.core.letter import Wish
from agentdesk.core.model import Place
from agentdesk.engine import reply, sync
from agentdesk.engine.sync import Pass, watch
from agentdesk.engine.trouble import cured
from agentdesk.engine.window import Window
from agentdesk.errors import LoginError
from agentdesk.store import driver, lock, queries
from desks import SHOP, Bench
from servers import until
from servers.inbox import letter


class Mailbox:
    """One mail, and then silence; or a mistake instead."""

    def __init__(self, account: str, mistake: Exception | None) -> None:
        self.account, self.mistake = account, mistake

    def read(self, raw):
        return read_mail(raw)

    def nudge(self) -> None: ...

    async def receive(self, cursor: str | None, opening: Opening, *, once: bool) -> AsyncIterator[Batch]:
        if self.mistake:
            raise self.mistake
        raw, at = letter(self.account), datetime.now(UTC)  # noqa: TID251 - a mail of now
        yield Batch("1", (Arrival(Place(self.account, "INBOX", 1, 1), at, raw, len(raw)),), pass_began_at=at)
        await asyncio.Event().wait()

    async def close(self) -> None: ...


def test_a_mistake_nobody_foresaw_in_one_account_stops_no_other_and_is_said(tmp_path):
    bench = Bench(tmp_path)
    mistakes = {"ill": TypeError("no such thing"), "well": None}
    accounts = tuple(Account(name, name, "email", f"{name}@shop.test") for name in mistakes)
    passes: list[Pass] = []

    async def watched() -> None:
        task = asyncio.ensure_future(
            watch(
                bench.desk, Home.under(tmp_path), accounts, passes.append,
                connect=lambda _, account: Mailbox(account.id, mistakes[account.id]),  # type: ignore[arg-type]
            )
        )  # fmt: skip
        await asyncio.to_thread(until, lambda: len(passes) == 2)
        assert not task.done()
        task.cancel()

    asyncio.run(watched())
    told = {each.account.id: each for each in passes}
    assert told["well"].tally.received == 1
    assert [error.values["reason"] for error in told["ill"].errors] == ["TypeError: no such thing"]
    assert [row.subject for row in bench.queue()] == ["Mi pedido"]
    bench.close()


def test_a_mistake_nobody_foresaw_ends_one_account_s_single_pass_and_nothing_else(tmp_path):
    bench = Bench(tmp_path)
    account = Account("ill", "ill", "email", "ill@shop.test")
    ill = Mailbox("ill", TypeError("no such thing"))
    poller = sync.Poller(bench.desk, Home.under(tmp_path), account, connect=lambda *_: ill)
    done = asyncio.run(poller.once())
    assert [error.values["reason"] for error in done.errors] == ["TypeError: no such thing"]
    with bench.reading() as connection:
        assert queries.health(connection)["ill"].state == "backoff"
    bench.close()


class Gate(Mailbox):
    """A service that does not know us until `open` is set."""

    def __init__(self, gate: list[str]) -> None:
        super().__init__("shop", None)
        self.gate = gate

    async def receive(self, cursor: str | None, opening: Opening, *, once: bool) -> AsyncIterator[Batch]:
        self.gate.append("asked")
        if "open" not in self.gate:
            raise LoginError(account="shop", server="mail.shop.test", reason="no")
        yield Batch("1", (), pass_began_at=datetime.now(UTC))  # noqa: TID251 - a pass of now
        await asyncio.Event().wait()


def test_a_login_that_is_right_again_is_used_at_once_when_somebody_says_so(tmp_path):
    bench = Bench(tmp_path)
    gate: list[str] = []

    def state() -> str:
        with bench.reading() as connection:
            known = queries.health(connection).get("shop")
        return known.state if known else ""

    async def watched() -> None:
        account = Account("shop", "shop", "email", "hola@shop.test")
        connect: Any = lambda *_: Gate(gate)  # noqa: E731
        task = asyncio.ensure_future(
            watch(bench.desk, Home.under(tmp_path), (account,), lambda _: None, connect=connect)
        )
        await asyncio.to_thread(until, lambda: state() == "needs_login")
        gate.append("open")
        assert cured(bench.desk, "shop") == 0
        await asyncio.to_thread(until, lambda: gate.count("asked") == 2)
        await asyncio.to_thread(until, lambda: state() == "ok")
        task.cancel()

    asyncio.run(watched())
    bench.close()


class Quiet(Mailbox):
    """Nothing comes; what is sent is taken."""

    def __init__(self) -> None:
        super().__init__("quiet", None)

    def compose(self, out):
        return compose(out)

    async def receive(self, cursor: str | None, opening: Opening, *, once: bool) -> AsyncIterator[Batch]:
        yield Batch("1", (), pass_began_at=datetime.now(UTC))  # noqa: TID251 - as a server would say
        await asyncio.Event().wait()

    async def send(self, raw, envelope, before_data):
        before_data()
        return Accepted(envelope and datetime.now(UTC))  # noqa: TID251 - as a server would say


QUIET = Account("mailbox", "soporte", "email", SHOP)


async def watching(bench, home, on_pass, on_turn, does):
    """What `does` while one account is watched, in a thread of its own."""
    task = asyncio.ensure_future(
        watch(bench.desk, home, (QUIET,), on_pass, connect=lambda *_: Quiet(), on_turn=on_turn)  # type: ignore[arg-type,return-value]
    )
    await asyncio.to_thread(does)
    task.cancel()


def test_an_answer_that_goes_between_two_passes_is_told_of(tmp_path):
    bench, home, passes = Bench(tmp_path), Home.under(tmp_path), []
    bench.mail("Where is it?")
    settings = Settings(DeskSettings("Europe/Madrid", "en"), accounts=(QUIET,))

    def passed() -> bool:
        with Window(bench.desk) as window:
            return "mailbox" in window.health()

    def answers():
        until(passed)
        reply.write(bench.desk, settings, Quiet(), bench.id(1), Wish("On its way"), hold=0)  # type: ignore[arg-type]
        until(lambda: passes)

    asyncio.run(watching(bench, home, passes.append, None, answers))
    assert [(each.post.sent, each.tally.received) for each in passes] == [(1, 0)]
    bench.close()


def test_whoever_stands_by_says_so_once_and_says_when_it_takes_over(tmp_path, monkeypatch):
    monkeypatch.setattr(sync, "TAKE_OVER", 0.05)
    bench, home, turns = Bench(tmp_path), Home.under(tmp_path), []

    def told(account, holder):
        turns.append((account.name, holder))

    with ExitStack() as other:
        other.enter_context(lock.held(home.state, "poll-mailbox"))

        def ends() -> None:
            until(lambda: turns)
            other.close()
            until(lambda: len(turns) > 1)

        asyncio.run(watching(bench, home, lambda _: None, told, ends))
    assert turns == [("soporte", f"process {os.getpid()}"), ("soporte", None)]
    bench.close()


def test_a_store_that_is_busy_is_no_other_process_that_sees_to_the_account(tmp_path, monkeypatch):
    monkeypatch.setattr(store, "LOCK_WITHIN", 0.01)
    monkeypatch.setattr(sync, "LOOK_AGAIN", 0.01)
    bench, home, turns, passes = Bench(tmp_path), Home.under(tmp_path), [], []

    def state() -> str:
        with Window(bench.desk) as window:
            return window.health()["mailbox"].state if "mailbox" in window.health() else ""

    with closing(driver.connect(str(bench.store.path))) as other:
        other.execute("BEGIN IMMEDIATE")

        def ends() -> None:
            until(lambda: passes)
            other.execute("ROLLBACK")
            until(lambda: state() == "ok")

        asyncio.run(watching(bench, home, passes.append, lambda *told: turns.append(told), ends))
    assert {error.code for each in passes for error in each.errors} == {"busy"}
    assert not turns
    bench.close()
