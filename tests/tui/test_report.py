"""The figures in the console: chosen by keys, as bars, each leading to its tickets."""

from pathlib import Path

from agentdesk import reporting
from agentdesk.core.commands import Tag
from agentdesk.reporting import Bar
from agentdesk.screens.report import _drawn, _listed, filtered
from agentdesk.widgets.glyphs import ASCII, SPOKEN, UNICODE
from tui.driver import SMALL, WIDE, framed, plays

KEPT = Bar("mail", "promised 60 m", "kept", "50.0 % 2/4 (15-85)", 0.5, (1, 2))
HALF = Bar("mail", "promised 60 m", "median", "30 m / 20 m", 0.5, (1, 2, 3), 1.0)


def test_a_bar_has_the_guides_line_and_signs_that_every_terminal_has():
    assert (_drawn(KEPT, UNICODE, 8), _drawn(HALF, UNICODE, 8)) == ("████░░░░", "████░░░┃")
    assert _drawn(HALF, ASCII, 8) == "####...|"


def test_who_hears_the_screen_gets_each_figure_as_a_line_of_its_own():
    _, options = _listed([KEPT, HALF], SPOKEN, 8)
    assert [str(each.prompt) for each in options] == [
        "mail, kept: 50.0 % 2/4 (15-85)",
        "mail, median: 30 m / 20 m",
    ]
    bars, options = _listed([KEPT, HALF], UNICODE, 8)
    assert (bars, str(options[0].prompt)) == ([None, KEPT, HALF], "mail  promised 60 m")
    assert [each.disabled for each in options] == [True, False, False]


def test_a_filter_holds_as_many_tickets_as_a_query_may_the_newest_first():
    assert filtered((3, 1, 2, 2)) == "#3,2,1"
    many = filtered(tuple(range(10_000)))
    assert many.startswith("#9999,9998")
    assert len(many) <= 1900


@plays
async def test_figures_are_turned_by_keys_and_a_bar_leads_to_its_tickets(shop, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    shop.bench.clock.go(minutes=61)
    async with shop.console(SMALL) as at:
        await at.send("g", "f")
        await at.sees(
            "Figures: answered in time, last 30 days, by channel", "first reply", "kept", "muted customers"
        )
        await at.press("right")
        await at.sees("Figures: first contact, last 30 days", "sent elsewhere")
        await at.press("p", "p", "p")
        await at.sees("Figures: first contact, last week, by channel", "Nothing in this period.")
        await at.press("right", "b")
        await at.sees("Figures: volume, last week, by agent")
        await at.press("b")
        await at.sees("Figures: volume, last week, by account")
        await at.press("B")
        await at.press("P", "P", "P")
        await at.sees("last 30 days, by agent", "new tickets", "Monday")
        await at.press("enter")
        await at.until(lambda: at.app.home.sight.filter.startswith("#"))
        assert at.app.home.sight.view == "all"
        await at.send("g", "f")
        await at.press("left")
        await at.sees("Figures: staffing", "contacts", "When customers come")
        await at.press("w")
        await at.sees("Saved as")
        (file,) = Path.home().glob("agentdesk-staffing-*.csv")
        assert file.read_text().startswith("channel,metric,target_seconds,contacts,")
        await at.press("left")
        await at.sees("Figures: topics")
        await at.press("left")
        await at.sees("Figures: promises in words")
        await at.press("left")
        await at.sees("Figures: satisfaction")
        await at.press("left")
        await at.sees("Figures: unanswered, now", "1 to 4 h", "Tickets whose customer has no answer now")
        await at.sees("They are of 2 customers, as the header says.")
        await at.press("escape")
        await at.loses("Figures")


@plays
async def test_at_80_columns_a_topic_is_read_to_its_end_and_both_maps_are_reached(shop):
    bench = shop.bench
    bench.desk.do(Tag(bench.id(1), add=("extended-warranty-2026",)))
    bench.clock.go(minutes=61)
    async with shop.console(SMALL) as at:
        await at.send("g", "f")
        await at.sees("Figures: answered in time")
        await at.press("left", "left")
        await at.sees("Figures: topics", "+extended-warranty-2026")
        assert framed(at.text).count("reopened 0/0") == len(reporting.bars(at.app.screen._told))
        await at.press("right")
        await at.sees("Figures: staffing", "came")
        assert "answered: nothing" not in at.text
        await at.press("end", "pagedown")
        await at.sees("answered: nothing")
        await at.press("pageup")
        await at.sees("When customers come")


@plays
async def test_at_120_columns_both_maps_stand_there(shop):
    async with shop.console(WIDE) as at:
        await at.send("g", "f")
        await at.sees("Figures: answered in time")
        await at.press("left")
        await at.sees("Figures: staffing", "came", "answered: nothing")
