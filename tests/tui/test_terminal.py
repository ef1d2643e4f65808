"""The last doors before the terminal: what they let through, and what is written to one that was closed."""

import os
import re
import termios
import threading
import tty
from contextlib import suppress
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual.color import Color
from textual.content import Content
from textual.widget import Widget
from textual.widgets import DataTable, Input, OptionList, Static, TextArea

from agentdesk.notices import WAYS, sequence
from agentdesk.screens.terminal import Lasting, guarded, kept_sane
from agentdesk.widgets.pane import Lines
from agentdesk.widgets.plain import Plain
from hostile import PAYLOADS, found_in, undrawable
from tui.driver import HUGE, plays

COMMANDS = (
    "\x07", "\x1b[?1049h", "\x1b[?25l", "\x1b[?2026$p", "\x1b[>25u", "\x1b[<u", "\x1b]22;default\x07", "\x1b]52;c;aG9sYQ==\x07",
    *(sequence(way, "mail: new #3", tmux=tmux) for way in WAYS for tmux in (False, True)),
)  # fmt: skip
FRAME = "\x1b[1;1H\x1b[1;38;2;214;217;222mÑandú çà l·l │ 漢字 👩‍👩‍👧‍👦\x1b[0m\n\x1b[2;1H"
COLOUR_AND_PLACE = re.compile(r"\x1b\[(?:[0-9;]*m|[0-9]+;[0-9]+H)")
EACH = pytest.mark.parametrize("payload", PAYLOADS, ids=[each.name for each in PAYLOADS])


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_of_the_console_s_own_passes_as_a_write_of_its_own_and_never_within_a_frame(command):
    assert guarded(command) == command
    within = guarded(f"{FRAME}{command}{FRAME}")
    assert command not in within
    assert not found_in(within, COLOUR_AND_PLACE)


def test_a_frame_passes_as_it_is():
    assert guarded(FRAME) is FRAME


@EACH
def test_of_a_payload_in_a_frame_nothing_is_left_but_colour_and_place(payload):
    assert not [
        what for _, what in found_in(guarded(FRAME + payload.raw), COLOUR_AND_PLACE) if what.startswith("'")
    ]
    for sent in (
        payload.raw,
        f"\x1b]0;{payload.raw}\x07",
        f"\x1b]2;{payload.raw}\x1b\\",
        f"\x1b]777;notify;{payload.raw}\x07",
    ):
        assert "\x1b]" not in guarded(f"{FRAME}{sent}")


@EACH
def test_a_piece_of_a_line_becomes_text_in_as_many_cells(payload):
    style = Style(bold=True)
    for raw in (payload.raw, f"a\tb\n{payload.raw}"):
        (piece,) = Plain().apply([Segment(raw, style)], Color(0, 0, 0))
        assert cell_len(piece.text) == cell_len(raw)
        assert piece.style is style
        assert not undrawable(piece.text)
    assert Plain().apply([Segment(payload.shown, style)], Color(0, 0, 0))[0].text == payload.shown


class Careless(Lines):
    """A pane of ours over such lines."""

    def __init__(self, raws: list[str]) -> None:
        super().__init__()
        self.raws = raws

    def on_mount(self) -> None:
        self.put((), [((raw, "note"),) for raw in self.raws])


def careless() -> list[list[Widget]]:
    """Screens full of widgets that were given every payload as it is."""
    raws = [f"a {each.raw} b".replace(" ", "·") for each in PAYLOADS]  # a title is its first word
    table = DataTable()
    table.add_column(Text(raws[0]))
    for raw in raws:
        table.add_row(Text(raw))
    titled = [Static() for _ in raws]
    for widget, raw in zip(titled, raws, strict=True):
        widget.styles.border_top = ("solid", "red")
        widget.styles.height = 1
        widget.border_title = Content(raw)
    fields = [Input(raw, compact=True) for raw in raws]
    together = "\n".join(raws)
    return [
        [Careless(raws)],
        [table],
        [OptionList(*map(Content, raws))],
        [TextArea(together)],
        [Static(Content(together))],
        titled,
        fields,
    ]


@plays
async def test_a_widget_that_forgot_to_make_its_text_safe_draws_text_alone(shop):
    async with shop.console(HUGE) as at:
        for widgets in careless():
            await at.app.home.mount(*widgets, before=0)
            at.app.notify(PAYLOADS[0].raw, title=PAYLOADS[1].raw, markup=False)
            await at.sees(f"a·{PAYLOADS[0].shown[:8]}")
            assert not undrawable("".join(at.lines)), widgets[0]
            await at.app.home.remove_children(widgets)


def test_whatever_breaks_while_the_terminal_is_ours_it_echoes_again_and_shows_its_own_screen_and_cursor():
    master, slave = os.openpty()
    before = termios.tcgetattr(slave)
    with suppress(ZeroDivisionError), kept_sane(slave):
        tty.setraw(slave)
        raise ZeroDivisionError
    told = os.read(master, 4096).decode()
    assert all(f"\x1b[?{mode}" in told for mode in ("1049l", "25h", "1000l", "1003l", "2004l"))
    assert termios.tcgetattr(slave) == before
    with kept_sane(slave):
        tty.setraw(slave)
    assert termios.tcgetattr(slave) == before
    os.set_blocking(master, False)
    with pytest.raises(BlockingIOError):
        os.read(master, 1)
    os.close(slave)
    os.close(master)


def test_more_words_than_the_toolkit_holds_are_taken_after_the_terminal_was_closed():
    from textual.drivers._writer_thread import MAX_QUEUED_WRITES, WriterThread

    master, slave = os.openpty()
    with os.fdopen(slave, "w", buffering=1) as file:
        os.close(master)
        with pytest.raises(OSError, match="Input/output"):
            os.write(slave, b"x")
        writer = WriterThread(Lasting(file))
        writer.start()

        def last_words():
            for _ in range(3 * MAX_QUEUED_WRITES):
                writer.write("Adeu\n")
            writer.stop()

        leaving = threading.Thread(target=last_words, daemon=True)
        leaving.start()
        leaving.join(10)
        assert not leaving.is_alive(), "it waits for ever"
        with Path(os.devnull).open("w") as nowhere:
            os.dup2(nowhere.fileno(), slave)  # so that closing it has somewhere to write
