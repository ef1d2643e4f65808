"""Writing: an answer never looks like a note, and no text is lost."""

import asyncio

import pytest
from textual.events import Paste

from agentdesk.widgets.composer import NOTE, REPLY, Composer
from tui.glass import HOSTILE, listening, naughty, raw_free, shown

HEARING = listening(Composer.Changed, Composer.EverybodyToggled)
TITLE = "Reply by mail to Maria Puig <maria@x.cat> · ca · from soporte@shop.cat"


def on_stage(act, size=(100, 40), composer=None):
    composer = composer or Composer()

    async def run():
        app = HEARING(composer)
        async with app.run_test(size=size) as pilot:
            await act(pilot, composer)

    asyncio.run(run())


def said(pilot):
    return "\n".join(line.rstrip() for line in shown(pilot.app))


def test_it_is_hidden_until_it_is_opened_and_keeps_what_was_typed():
    async def act(pilot, composer):
        assert not composer.is_open
        composer.open(REPLY, TITLE, "Hola Maria,\n")
        await pilot.pause()
        assert TITLE in said(pilot)
        assert not pilot.app.said
        await pilot.press("J", "a", "enter", "x")
        assert composer.text == "Hola Maria,\nJa\nx"
        assert pilot.app.said[-1].text == composer.text
        assert composer.close() == "Hola Maria,\nJa\nx"
        await pilot.pause()
        assert not composer.is_open
        assert composer.text == "Hola Maria,\nJa\nx"

    on_stage(act)


def test_a_note_is_another_thing_by_word_sign_and_colour():
    async def act(pilot, composer):
        composer.open(REPLY, TITLE)
        await pilot.pause()
        plain = composer.styles.border_top
        composer.open(NOTE, "#1042", "courier")
        await pilot.pause()
        assert "✎ Internal note: no customer sees it · #1042" in said(pilot)
        assert composer.styles.border_top != plain
        assert (composer.kind, composer.text) == (NOTE, "courier")
        composer.open(REPLY, TITLE)
        await pilot.pause()
        assert "Internal note" not in said(pilot)
        assert composer.styles.border_top == plain

    on_stage(act)


def test_the_keys_of_the_console_are_not_eaten():
    """ctrl+j is a line feed to a terminal; it must not become one in the text."""

    async def act(pilot, composer):
        composer.open(REPLY, TITLE, "a")
        await pilot.pause()
        keys = ["ctrl+j", "ctrl+e", "ctrl+a", "ctrl+r", "ctrl+o", "ctrl+t", "escape", "f6", "alt+j"]
        await pilot.press(*keys)
        assert pilot.app.keys == keys
        assert composer.text == "a"

    on_stage(act)


def test_it_counts_what_the_channel_takes_and_goes_red_beyond():
    async def act(pilot, composer):
        composer.open(REPLY, TITLE, "Hola")
        await pilot.pause()
        assert "4/" not in said(pilot)
        composer.recipients(["Maria"], title="Reply by SMS", most=5)
        await pilot.pause()
        assert ("4/5" in said(pilot), "Reply by SMS" in said(pilot)) == (True, True)
        await pilot.press("a", "b", "space")
        assert "6/5" in said(pilot), "what goes out has no blank at its end"
        composer.open(REPLY, TITLE, "Hola")
        await pilot.pause()
        assert "/5" not in said(pilot)

    on_stage(act)


def test_recipients_and_files_have_their_lines():
    async def act(pilot, composer):
        composer.open(REPLY, TITLE)
        await pilot.pause()
        assert "copy to" not in said(pilot)
        composer.toggle_everybody()
        composer.recipients(("maria@x.cat",), ("pau@x.cat",), everybody=True)
        composer.attach([("factura.pdf", "1.2 MB")])
        await pilot.pause()
        assert " to maria@x.cat  copy to pau@x.cat  ● to everybody" in said(pilot)
        assert "▪ factura.pdf 1.2 MB" in said(pilot)
        composer.toggle_everybody()
        await pilot.click(composer._who)
        await pilot.pause()
        toggled = pilot.app.heard(Composer.EverybodyToggled)
        assert [each.everybody for each in toggled] == [False, False]
        composer.recipients(("maria@x.cat",), everybody=False)
        await pilot.pause()
        assert "○ only to who wrote" in said(pilot)
        composer.open(NOTE, "")
        await pilot.pause()
        assert "factura" not in said(pilot)
        assert "maria" not in said(pilot)

    on_stage(act)


def test_who_gets_it_is_cut_between_addresses_and_says_how_many_more():
    many = ("info@otra.test", "luis2@cliente6.test", "teresa@cliente6.test", "pau@cliente6.test")

    async def act(pilot, composer):
        composer.open(REPLY, TITLE)
        composer.recipients(("maria@x.cat",), many, everybody=True)
        await pilot.pause()
        (line,) = (each for each in shown(pilot.app) if "copy to" in each)
        assert line.rstrip() == " to maria@x.cat  copy to info@otra.test and 3 more  ● to everybody"
        composer.recipients(("maria@x.cat",), many[:2], ("jefe@x.cat", "gestor@y.cat"))
        await pilot.pause()
        assert " to maria@x.cat  copy to info… and 1 more  blind copy to jefe… and 1 more" in said(pilot)
        await pilot.resize_terminal(160, 24)
        await pilot.pause()
        assert "copy to info@otra.test, luis2@cliente6.test  blind copy to jefe@x.cat, gestor@y.cat" in said(
            pilot
        )

    on_stage(act, (76, 24))


def test_blanks_are_counted_until_they_are_filled_in():
    async def act(pilot, composer):
        composer.open(REPLY, TITLE, "Hola {{name}}, {{when}}")
        await pilot.pause()
        assert "! 2 blanks to fill in" in said(pilot)
        assert composer.blanks == ["{{name}}", "{{when}}"]
        composer.rewrite("Hola Maria")
        await pilot.pause()
        assert "fill in" not in said(pilot)
        await pilot.press("ctrl+z")
        assert composer.text == "Hola {{name}}, {{when}}"

    on_stage(act)


def test_text_goes_in_at_the_cursor():
    async def act(pilot, composer):
        composer.open(REPLY, TITLE, "ab")
        await pilot.press("left")
        composer.insert("·quick·")
        await pilot.pause()
        assert composer.text == "a·quick·b"
        await pilot.press("!")
        assert composer.text == "a·quick·!b"
        assert pilot.app.heard(Composer.Changed)[-1].text == composer.text

    on_stage(act)


@pytest.mark.parametrize(
    ("height", "lines", "written"),
    [(10, 3, 30), (12, 4, 30), (24, 3, 1), (24, 10, 10), (24, 11, 30), (30, 6, 1), (40, 8, 8), (60, 31, 40)],
)
def test_its_height_follows_the_terminal_and_the_text(height, lines, written):
    async def act(pilot, composer):
        composer.open(REPLY, TITLE, "\n".join(map(str, range(written))))
        await pilot.pause()
        assert composer._pad.size.height == lines

    on_stage(act, (80, height))


class Counting(Composer):
    laid_out = 0

    def on_resize(self, event):
        self.laid_out += 1
        super().on_resize(event)


def test_it_grows_and_shrinks_with_wrapped_lines_and_a_letter_that_makes_no_line_lays_out_nothing():
    async def act(pilot, composer):
        composer.open(REPLY, TITLE)
        await pilot.pause()
        composer.laid_out = 0
        await pilot.press("a", "enter", "b", "enter", "c")
        assert (composer._pad.size.height, composer.laid_out) == (3, 0)
        composer.insert("paraula " * 20)  # two lines more, without a line break
        await pilot.pause()
        assert (composer._pad.size.height, composer.laid_out) == (5, 1)
        await pilot.press("x", "y", "z")
        assert composer.laid_out == 1
        await pilot.press(*["enter"] * 9)
        await pilot.pause()
        height = composer._pad.size.height
        assert height == 11
        assert composer._pad.cursor_location[0] == 11
        assert composer._pad.scroll_offset.y == composer._pad.max_scroll_y, (
            "the line that is begun is in sight"
        )
        composer.rewrite("a")
        await pilot.pause()
        assert composer._pad.size.height == 3

    on_stage(act, (80, 24), Counting())


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_neither_raises_nor_reaches_the_terminal(text):
    async def act(pilot, composer):
        composer.open(REPLY, text, text)
        composer.recipients((text,), (text,), everybody=True)
        composer.attach([(text, "1 kB")])
        composer.insert(text)
        composer._pad.post_message(Paste(text))
        await pilot.pause()
        await pilot.pause()
        assert raw_free(shown(pilot.app))

    on_stage(act, (60, 30))


def test_the_naughty_strings_are_pasted_like_any_other():
    async def act(pilot, composer):
        composer.open(REPLY, TITLE)
        every = naughty()
        for start in range(0, len(every), 12):
            composer.rewrite("\n".join(every[start : start + 12]))
            await pilot.pause()
            assert raw_free(shown(pilot.app)), every[start : start + 12]

    on_stage(act, (160, 90))


def test_the_blank_that_typing_replaces_looks_other_than_those_that_wait():
    async def act(pilot, composer):
        def looks():
            strips = pilot.app.screen._compositor.render_strips()
            return {s.text: s.style.reverse for strip in strips for s in strip if s.text.startswith("{{")}

        composer.open(REPLY, TITLE)
        composer.insert("{{?order}} and {{?day}}")
        await pilot.pause()
        assert looks() == {"{{?order}}": None, "{{?day}}": True}
        assert composer.to_blank()
        await pilot.pause()
        assert looks() == {"{{?order}}": True, "{{?day}}": None}

    on_stage(act)
