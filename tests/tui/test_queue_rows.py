"""A row of the queue says everything in one line, at any width and without colours."""

from dataclasses import replace
from datetime import timedelta

import pytest
from rich.cells import cell_len

from agentdesk.core.instant import stamp
from agentdesk.widgets.glyphs import ASCII
from agentdesk.widgets.queue import Queue
from agentdesk.widgets.row import columns
from desks import MONDAY
from tui.glass import HOSTILE, many, naughty, queueing, raw_free, row, shown


@pytest.mark.parametrize("width", [30, 40, 60, 80, 100, 120, 200])
def test_rows_fit_every_width_and_begin_with_the_time_left(width):
    async def act(pilot, queue, shelf):
        lines = shown(pilot.app)
        assert {cell_len(line) for line in lines} == {width}
        assert lines[0].split()[:3] == ["▌", "!", "-6m"]
        assert ("#1002" in lines[2]) == (width >= 60)

    queueing(act, many(50), (width, 20))


def test_every_column_adds_up_and_the_subject_keeps_the_most():
    for width in range(30, 240):
        to = columns(width, 5)
        assert to.subject >= min(12, width // 4), width
        assert to.subject >= to.customer or width < 60


def test_what_a_row_says_without_any_colour():
    rows = [
        row(1, -30),
        row(2, 41),
        row(3, 1560, status="waiting_customer", assignee="Joan Vila"),
        row(4, 99_000, priority="urgent", unread=True),
        row(5, None, since_before=True),
        row(6, None, snoozed_until=stamp(MONDAY + timedelta(hours=3)), status="snoozed"),
        row(7, None, erased=True),
        row(8, None, customer_name="", status="resolved"),
    ]
    rows = [replace(each, key=(0, "", each.number)) for each in rows]

    async def act(pilot, queue, shelf):
        queue.mark(["t2"])
        await pilot.pause()
        said = [" ".join(line.split()) for line in shown(pilot.app)]
        assert said[0].startswith("▌ ! -0:30 WA")
        assert said[1].startswith("◆ 0:41 TG")
        assert said[2].startswith("26m ● FB @lolita")
        assert "… waiting Joan" in said[2]
        assert "⇑ urgent" in said[3]
        assert said[3].startswith("27h ● IG")
        assert said[4].startswith("before X")
        assert "z snoozed" in said[5]
        assert "(erased)" in said[6]
        assert "c8@x.test" in said[7]
        assert "✓ resolved" in said[7]

    queueing(act, rows)


@pytest.mark.parametrize("width", [60, 120])
def test_what_may_have_gone_is_never_called_failed(width):
    """Whoever reads "failed" sends it again, and the customer gets it twice."""
    doubted, refused = row(1, 60, failed=True, in_doubt=True), row(2, 70, failed=True)

    async def act(pilot, queue, shelf):
        first, second = shown(pilot.app)[:2]
        assert ("? in doubt" in first, "failed" in first) == (True, False)
        assert "✗ failed" in second

    queueing(act, [doubted, refused], (width, 10))


def test_narrow_panes_say_the_state_before_the_subject():
    async def act(pilot, queue, shelf):
        assert "✓⇑ Refund" in shown(pilot.app)[0]

    queueing(act, [row(1, 60, status="resolved", priority="urgent", subject="Refund")], (60, 10))


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_neither_raises_nor_reaches_the_terminal(text):
    rows = [row(n, n, subject=text, customer_name=text, assignee=text, language=text[:2]) for n in range(3)]

    async def act(pilot, queue, shelf):
        lines = shown(pilot.app)
        assert raw_free(lines)
        assert {cell_len(line) for line in lines} == {120}

    queueing(act, rows, (120, 6))


def test_the_naughty_strings_are_drawn_like_any_other():
    rows = [row(n, n, subject=text, customer_name=text) for n, text in enumerate(naughty())]

    async def act(pilot, queue, shelf):
        for _ in range(len(rows) // 39 + 1):
            assert raw_free(shown(pilot.app))
            queue.page(1)
            await pilot.pause()

    queueing(act, rows)


def test_a_terminal_without_signs_gets_letters():
    rows = [
        row(n, -100 + n * 9, status="resolved", priority="urgent", unread=True, customer_name="Ana")
        for n in range(20)
    ]
    rows = [replace(each, subject="Hola " * 40) for each in rows]

    async def act(pilot, queue, shelf):
        queue.mark(["t2"])
        await pilot.pause()
        lines = shown(pilot.app)
        assert all(line.isascii() for line in lines)
        assert lines[0].startswith(">")
        assert lines[2].startswith(" *")

    queueing(act, rows, (60, 10), Queue(glyphs=ASCII))


def test_no_colour_leaves_every_state_in_words(monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")

    async def act(pilot, queue, shelf):
        assert pilot.app.no_color
        assert shown(pilot.app)[0].split()[:3] == ["▌", "!", "-6m"]

    queueing(act, many(10))
