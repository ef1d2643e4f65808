"""How the day stands, in the console: asked for, or at the first start of a day and never in the way."""

from agentdesk.briefing import Figure
from agentdesk.core.commands import Assign
from agentdesk.core.model import CHANNELS
from agentdesk.screens.morning import Day
from tui.driver import SMALL, WIDE, framed, plays


@plays
async def test_the_day_is_shown_and_each_figure_leads_to_what_it_counts(shop):
    shop.bench.clock.go(minutes=61)
    async with shop.console(SMALL) as at:
        await at.do("go.morning")
        await at.sees("Good morning, Joan", "late now", "customers without an answer", "answers today")
        await at.press("down", "enter")
        await at.until(lambda: at.app.home.sight.view == "overdue")
        await at.do("go.morning")
        await at.sees("Good morning, Joan")
        await at.press("escape")
        await at.loses("Good morning, Joan")


@plays
async def test_the_first_start_of_a_day_greets_the_first_of_a_desk_offers_the_rules_once_and_the_key_that_ends_it_counts(
    shop,
):
    shop.home.make()
    shop.bench.desk.do(Assign(shop.bench.id(1), "Joan"))
    shop.bench.clock.go(hours=24)
    shop.write("Nocturna", "De nit", "Bona nit")
    async with shop.console(WIDE, greets=True) as at:
        await at.sees("Good morning, Joan", "arrived since")
        await at.send("g", "d")
        await at.until(lambda: at.app.home.sight.view == "overdue")
        assert "Good morning" not in at.text
        await at.sees("[g R] 13 rules are ready and none is on")
        await at.press("escape")
        await at.loses("rules are ready")
    async with shop.console(WIDE, greets=True) as at:
        await at.do("queue.down")
        await at.sees("De nit")
        assert "Good morning" not in at.text
        assert "rules are ready" not in at.text


@plays
async def test_by_which_channels_it_came_is_read_to_its_end(shop):
    channels = ", ".join(f"{name} {n}" for n, name in enumerate(CHANNELS, 11))
    figures = (Figure("arrived", "arrived since 23 Nov 09:00", 214, channels), Figure("late", "late now", 3))
    async with shop.console(SMALL) as at:
        at.app.push_screen(Day("Good morning", figures, "below", at.app.home.press))
        await at.sees("late now")
        assert channels in framed(at.text)
