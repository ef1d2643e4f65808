"""What goes on in the background while nothing happens: nothing, as far as the store can tell."""

import asyncio
from contextlib import aclosing, closing, contextmanager

import pytest

from agentdesk import shipped
from agentdesk.engine.errands import Errands
from agentdesk.engine.rules import Runner
from agentdesk.engine.sync import ask_for_pass
from engine.ruled import RuledShop

SHIPPED = tuple(sorted(each.stem for each in (shipped() / "rules").glob("*.toml")))


class Watched:
    """A desk of which every statement is written down, but for the one that asks whether anything was committed."""

    def __init__(self, desk) -> None:
        self._desk = desk
        self.asked: list[str] = []

    def __getattr__(self, name: str):
        return getattr(self._desk, name)

    def reader(self):
        connection = self._desk.reader()
        connection.set_trace_callback(self._note)
        return connection

    @contextmanager
    def transaction(self, **how):
        self.asked.append("a transaction")
        with self._desk.transaction(**how) as writer:
            yield writer

    def _note(self, statement: str) -> None:
        if statement != "PRAGMA data_version":
            self.asked.append(statement)

    def since(self) -> list[str]:
        found, self.asked = self.asked, []
        return found


@pytest.fixture
def shop(tmp_path):
    made = RuledShop(tmp_path, on=SHIPPED)
    yield made
    made.bench.close()


def test_an_idle_hour_with_all_rules_asks_the_store_nothing_and_what_falls_due_is_done_in_it(shop):
    assert len(SHIPPED) == 13
    desk, bench = Watched(shop.bench.desk), shop.bench
    with closing(Runner(desk, shop.home, shop.settings, lambda *_: shop.provider)) as runner:
        runner.begin()
        bench.mail("Hola", sender="Eva <eva@x.test>")
        runner.run()  # acknowledges, and lets "we are still at work on it" wait for four hours
        runner.run()
        desk.since()
        for _ in range(60):
            bench.clock.go(minutes=1)
            runner.run()
            runner.ask()
        assert desk.since() == []
        fired = len(shop.fired())
        bench.clock.go(hours=3)
        runner.run()
        assert len(shop.fired()) == fired + 1


def test_an_account_that_rests_asks_the_store_nothing_until_somebody_asks_for_a_pass(shop):
    desk, account = Watched(shop.bench.desk), shop.settings.accounts[0]

    async def rests() -> list[str]:
        async with aclosing(Errands(desk, shop.home, account, shop.provider)) as errands:
            await errands.run()
            assert not errands.wants_a_pass()
            desk.since()
            for _ in range(240):
                await errands.run()
                assert not errands.wants_a_pass()
            resting = desk.since()
            ask_for_pass(shop.bench.desk, (account,))
            await errands.run()
            assert errands.wants_a_pass()
            assert not errands.wants_a_pass(), "once"
            return resting

    assert asyncio.run(rests()) == []
