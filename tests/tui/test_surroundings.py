"""The console and what is around it: the size of the terminal, leaving, notices, a desk that is empty."""

import asyncio
import gc

from agentdesk.app import Console
from agentdesk.config import Notify
from agentdesk.core.letter import Wish
from agentdesk.engine import reply
from agentdesk.engine.note import note
from agentdesk.engine.outbox import flush_now, release_mine
from tui.driver import HUGE, SIZES, SMALL, WIDE, plays


@plays
async def test_a_resize_keeps_what_is_typed(shop):
    async with shop.console(HUGE) as at:
        await at.do("ticket.reply")
        await at.type("abans")
        await at.sees("Earlier tickets")
        await at.resize(SMALL)
        await at.sees("abans", "Answer to")
        await at.type(" durant")
        await at.resize(WIDE)
        await at.sees("abans durant", "Refund")
        await at.do("compose.send")
        await at.sees("undo answer")
        await at.resize(SMALL)
        await at.sees("money back")


@SIZES
@plays
async def test_the_footer_follows_the_keys(shop, size):
    async with shop.console(size) as at:
        assert "next" in at.footer
        await at.do("ticket.reply")
        await at.until(lambda: "send" in at.footer and "resolve" in at.footer)
        await at.do("compose.close")
        await at.until(lambda: "esc back" in at.footer and "note" in at.footer)
        await at.do("go.back")
        await at.until(lambda: "open" in at.footer)


@SIZES
@plays
async def test_leaving_sends_what_is_held(shop, size):
    async with shop.console(size) as at:
        await at.do("ticket.reply")
        await at.type("Adeu")
        await at.do("compose.send")
        await at.sees("undo answer")
        await at.do("program.quit")
        await at.until(lambda: not at.app.is_running)
    assert len(shop.provider.accepted) == 1
    assert shop.outbox() == []


@plays
async def test_what_cannot_go_in_time_stays_queued(shop):
    shop.provider.slow = 30
    loop = asyncio.get_running_loop()
    async with shop.console() as at:
        await at.do("ticket.reply")
        await at.type("Adeu")
        await at.do("compose.send")
        await at.sees("undo answer")
        began = loop.time()
        await at.do("program.quit")
        await at.until(lambda: not at.app.is_running)
        assert loop.time() - began < 2.0
    shop.provider.slow = 0
    assert shop.provider.accepted == []
    await shop.flush()
    assert len(shop.provider.accepted) == 1


@plays
async def test_no_key_does_anything_once_leaving_has_begun(shop):
    shop.provider.slow = 30
    async with shop.console() as at:
        await at.do("ticket.reply")
        await at.type("Adeu")
        await at.do("compose.send")
        await at.sees("undo answer")
        at.post("q", *"/tmp", "enter")
        await at.until(lambda: at.app.home.leaving_at is not None)
        at.post(*"?:r")
        await at.until(lambda: not at.app.is_running)
        assert at.app.home.doing.lately[-1] == "program.quit"


def test_only_one_s_own_answers_are_let_go(shop):
    written = []
    for n, agent in ((1, "Joan"), (2, "Núria")):
        shop.bench.desk.agent = agent
        given = (shop.bench.desk, shop.settings, shop.provider, shop.bench.id(n), Wish("Va"))
        written.append(reply.write(*given, hold=60))
    assert release_mine(shop.bench.desk) == 1
    assert {row.message: row.state for row in shop.outbox()} == {
        written[0].message: "held",
        written[1].message: "queued",
    }
    given = (shop.bench.desk, shop.home, shop.settings.accounts, 2.0, lambda _, __: shop.provider)
    assert flush_now(*given)
    assert [row.message for row in shop.outbox()] == [written[0].message]
    assert len(shop.provider.accepted) == 1


@plays
async def test_the_console_lives_on_after_collecting(shop, monkeypatch):
    monkeypatch.setattr(Console, "COLLECTS_EVERY", 0.02)
    before = gc.get_stats()[2]["collections"]
    async with shop.console() as at:
        await at.until(lambda: gc.get_stats()[2]["collections"] > before + 2)
        assert at.app.is_running
        await at.do("queue.down")
        await at.sees("money back")


@plays
async def test_a_console_that_is_started_again_goes_on_with_the_same_budget_of_notices(shop):
    shop.with_settings(notify=Notify(budget=1))
    rung: list[str] = []
    for name in ("Una", "Dues"):
        async with shop.console(SMALL) as at:
            at.app.bell = lambda name=name: rung.append(name)
            shop.write(name, f"De {name}", "Bon dia")
            await at.sees(f"De {name}")
            shop.bench.clock.go(seconds=20)
            at.app.home.alert.tick()
            await at.until(lambda: not at.app.home.alert.asks)
            assert rung == ["Una"]
            assert (shop.home.state / "notices").exists()


@SIZES
@plays
async def test_news_rings_without_a_word_of_the_customer(shop, size):
    async with shop.console(size) as at:
        rung: list[str] = []
        at.app.bell = lambda: rung.append("bell")
        number = shop.write("Secreta", "Confidencial", "No ho digueu a ningu")
        await at.sees("Confidencial")
        shop.bench.clock.go(seconds=1)
        await at.until(lambda: rung)
        note(shop.bench.desk, shop.bench.id(number), "nota")
        await at.do("go.inbox")
        assert rung == ["bell"]
        await at.do("program.notices")
        await at.type("bell for new")
        await at.press("enter")
        await at.until(shop.home.config_file.exists)
        await at.press("escape")
        shop.write("Altra", "Sense so", "Bon dia")
        await at.sees("Sense so")
        shop.bench.clock.go(seconds=20)
        await at.until(lambda: not at.app.home.alert.waits)
        assert rung == ["bell"]
        shop.bench.clock.go(minutes=57, seconds=39)
        await at.until(lambda: rung == ["bell", "bell"])
