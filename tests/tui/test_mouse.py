"""The mouse: what a click and the wheel do, and a terminal that is left its own."""

from textual.events import MouseScrollUp

from agentdesk.actions import QUEUE, READING
from agentdesk.config import Ui
from agentdesk.screens.terminal import TerminalDriver
from tui.driver import WIDE, plays


@plays
async def test_a_click_chooses_a_row_a_pane_a_view_and_a_key_and_the_wheel_scrolls(shop):
    long = shop.write("Eva Mas", "Llarg", "\n".join(f"linia {n}" for n in range(80)))
    async with shop.console(WIDE) as at:
        names = {1: "Maria", 2: "John", long: "Eva"}
        rows = {n: y for y, line in enumerate(at.lines) for n, name in names.items() if name in line[:48]}
        await at.pilot.click(offset=(12, rows[2]))
        await at.until(lambda: (at.ticket, at.where) == (2, QUEUE))
        await at.pilot.click(offset=(12, rows[long]), times=2)
        await at.until(lambda: (at.ticket, at.where) == (long, READING))
        await at.sees("linia 79")
        pane = at.app.home.panes.conversation
        await at.pilot._post_mouse_events([MouseScrollUp], pane)
        await at.until(lambda: pane.scroll_offset.y < pane.max_scroll_y)
        await at.pilot.click(offset=(12, rows[1]))
        await at.until(lambda: at.where == QUEUE)
        await at.pilot.click(offset=(at.lines[0].index("mine "), 0))
        await at.sees("Nothing here.")
        await at.pilot.click(offset=(at.lines[0].index("inbox "), 0))
        await at.sees("No m'ha arribat")
        await at.pilot.click(offset=(at.footer.index("search"), WIDE[1] - 1))
        await at.sees("a phrase")
        await at.press("escape")
        await at.do("program.mouse")
        await at.sees("The mouse is the terminal's now")
        assert not at.app.has_mouse


@plays
async def test_within_gnu_screen_the_mouse_is_the_terminal_s_until_somebody_takes_it(shop, monkeypatch):
    monkeypatch.setenv("STY", "1.pts-0.shop")
    async with shop.console() as at:
        await at.sees("Within GNU screen the mouse is left to the terminal", "g x takes it")
        assert not at.app.has_mouse
        await at.do("program.mouse")
        assert at.app.has_mouse
    shop.with_settings(ui=Ui(screen_mouse=True))
    async with shop.console() as at:
        assert at.app.has_mouse


def test_a_terminal_without_the_mouse_is_never_told_to_report_it_and_one_with_it_can_be_left_alone():
    class Told(TerminalDriver):
        def __init__(self, *, mouse):
            self.told = []
            self._mouse, self._mouse_pixels = mouse, mouse

        def write(self, data):
            self.told.append(data)

        def flush(self):
            """Nothing waits."""

    without = Told(mouse=False)
    without._enable_mouse_support()
    without._enable_mouse_pixels()
    without._disable_mouse_support()
    without.report_mouse(on=False)
    assert without.told == []
    taken = Told(mouse=True)
    taken.report_mouse(on=False)
    assert {"\x1b[?1000l", "\x1b[?1003l", "\x1b[?1006l", "\x1b[?1016l"} <= set(taken.told)
    taken.told.clear()
    taken._enable_mouse_support()
    assert taken.told == []
    taken.report_mouse(on=True)
    assert "\x1b[?1000h" in taken.told
