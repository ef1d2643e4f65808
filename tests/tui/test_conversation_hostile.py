"""What people write is shown, never obeyed."""

from datetime import UTC

import pytest
from rich.cells import cell_len

from agentdesk.widgets.glyphs import ASCII
from desks import MONDAY
from tui.glass import HOSTILE, file, message, naughty, raw_free, reading, shown, ticket


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_neither_raises_nor_reaches_the_terminal(text):
    one = message(
        1,
        text,
        name=text,
        identity=f"email:{text}",
        cc=(text,),
        attachments=(file(text, text),),
        state="failed",
        error=text,
        direction="out",
        warnings=(text,),
    )

    async def act(pilot, pane):
        view = ticket(subject=text, customer_name=text, tags=(text,), assignee=text, cause=text)
        pane.show(view, [one, message(2, text, "note")], MONDAY, UTC)
        pane.toggle_quotes(every=True)
        await pilot.pause()
        assert raw_free(shown(pilot.app))
        assert {cell_len(line) for line in shown(pilot.app)} == {60}

    reading(act, (60, 40))


def test_the_naughty_strings_are_read_like_any_other():
    said = [message(n, text) for n, text in enumerate(naughty())]

    async def act(pilot, pane):
        pane.show(ticket(), said, MONDAY, UTC)
        while pane.scroll_offset.y > 0:
            await pilot.pause()
            assert raw_free(shown(pilot.app))
            pane.page(-1)

    reading(act, (100, 60))


def test_a_very_long_message_is_laid_out_in_part():
    async def act(pilot, pane):
        pane.show(ticket(), [message(1, "paraula " * 100_000)], MONDAY, UTC)
        assert len(pane.lines) < 400
        await pilot.pause()
        assert "▸ the rest of the text" in "\n".join(shown(pilot.app))
        pane.toggle_quotes()
        assert len(pane.lines) > 5000

    reading(act)


def test_a_terminal_without_signs_gets_letters():
    async def act(pilot, pane):
        pane.show(ticket(subject="x" * 200), [message(1, "> ok"), message(2, "n", "note", 1)], MONDAY, UTC)
        await pilot.pause()
        plain = [line for line in shown(pilot.app) if "Gr" not in line]
        assert all(line.replace("Núria", "").isascii() for line in plain)

    reading(act, glyphs=ASCII)
