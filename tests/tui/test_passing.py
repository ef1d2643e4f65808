"""What time does to a console: a promise that ends, a sleep, the end of the day; all of it in one evening at 80 columns."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from agentdesk.config import Agent
from agentdesk.core.gap import Look
from agentdesk.engine.absence import Away
from agentdesk.policies import load_policy
from tui.driver import SMALL, Shop, plays

FRIDAY = datetime(2026, 11, 27, 18, 0, tzinfo=UTC)
"""Seven in the evening in Madrid."""


class Laptop:
    """A laptop that may sleep: its clocks all go by the shop's."""

    def __init__(self, shop: Shop) -> None:
        self.clock, self.slept = shop.bench.clock, 0.0

    def look(self, at: datetime) -> Look:
        elapsed = (at - FRIDAY).total_seconds()
        return Look(at, elapsed - self.slept, elapsed)

    def sleeps(self, **span: float) -> None:
        self.slept += timedelta(**span).total_seconds()
        self.clock.go(**span)


@plays
async def test_an_evening_a_promise_ends_the_lid_is_closed_and_the_day_ends(tmp_path):
    policy = load_policy((), "guide", "shop", ZoneInfo("Europe/Madrid"))
    shop = Shop(tmp_path, policy=lambda: policy)
    shop.with_settings(desk=replace(shop.settings.desk, calendar="shop"), agents=(Agent("Joan"),))
    shop.bench.clock.at = FRIDAY
    shop.write("Maria", "Talla", "Teniu la talla M?", at=FRIDAY - timedelta(minutes=59, seconds=30))
    laptop = Laptop(shop)
    async with shop.console(SMALL) as at:
        home = at.app.home
        home.sight.away = Away(shop.bench.desk, look=laptop.look)
        home.panes.is_steady = True  # as over ssh
        await at.press("down")  # the panes are complete now
        shop.bench.clock.go(seconds=29)
        assert "overdue" not in at.lines[0]
        shop.bench.clock.go(seconds=2)
        await at.sees("1 overdue")
        laptop.sleeps(minutes=50)
        for n in range(3):
            shop.write(f"Nit{n}", f"De nit {n}", "Hola", at=shop.bench.clock.at - timedelta(minutes=10 + n))
        await at.sees("[g j] While the laptop slept (19:00 to 19:50): 3 messages of 3 customers")
        assert sum("slept" in line for line in at.lines) == 1
        await at.do("go.came")
        await at.loses("While the laptop slept")
        for _ in range(7):
            shop.bench.clock.go(seconds=100)
            await at.until(lambda: home.sight.away.last.at == shop.bench.clock.at)
        await at.sees("[g e] We close in 27 m")
        await at.do("go.closing")
        await at.sees(
            "The end of the day, Joan. It is 20:02.", "We close at 20:30 and open again: Saturday 10:00."
        )
        await at.sees("customers without an answer", "channels that say nothing meanwhile")
        await at.sees('Switch the rule "Respuesta fuera de horario" on: g R')
        await at.press("pagedown", "pageup")  # reads on below, and is no key of the queue
        await at.press("down", "down", "enter")
        await at.until(lambda: home.sight.view == "overdue")
        await at.loses("We close in")
    shop.close()
