"""The queue is a window over any number of rows, and nothing moves under the agent's eyes."""

from dataclasses import replace
from datetime import timedelta

from agentdesk.widgets.pages import CALLS, KEEP, PAGE, Pages
from agentdesk.widgets.queue import Queue
from desks import MONDAY
from tui.glass import Shelf, many, queueing, row, shown


def test_a_hundred_thousand_rows_stay_a_window():
    async def act(pilot, queue, shelf):
        assert shelf.asked == 1
        for _ in range(300):
            queue.move(1)
        for _ in range(40):
            queue.page(1)
        assert queue.selected.number == 1000 + 300 + 40 * 39
        assert shelf.given <= 300 + 40 * 39 + 2 * PAGE
        assert len(queue.pages.rows) <= KEEP
        asked = shelf.asked
        queue.bottom()
        await pilot.pause()
        assert queue.selected.number == 1000 + 99_999
        assert f"#{1000 + 99_999}" in shown(pilot.app)[-1]
        queue.top()
        await pilot.pause()
        assert queue.selected.number == 1000
        assert "#1000" in shown(pilot.app)[0]
        assert shelf.asked - asked <= 4
        assert len(queue.pages.rows) <= KEEP

    queueing(act, many(100_000))


def test_the_way_back_up_from_the_end_arrives_at_the_first_row():
    async def act(pilot, queue, shelf):
        queue.bottom()
        for _ in range(20):
            queue.page(-1)
            await pilot.pause()
        assert queue.selected.number == 1000
        assert "#1000" in shown(pilot.app)[0]
        assert queue.scroll_offset.y == 0

    queueing(act, many(650))


def test_a_leap_with_the_scrollbar_reads_no_more_than_a_few_pages():
    async def act(pilot, queue, shelf):
        asked = shelf.asked
        queue.scroll_to(y=50_000, animate=False)
        await pilot.pause()
        assert shelf.asked - asked <= 2 * CALLS
        assert all("#" in line for line in shown(pilot.app))
        queue.scroll_end(animate=False)
        await pilot.pause()
        await pilot.pause()
        queue.scroll_to(y=0, animate=False)
        await pilot.pause()
        assert "#1000" in shown(pilot.app)[0]

    queueing(act, many(100_000))


class Counting(Queue):
    painted = 0

    def render_line(self, y):
        self.painted += 1
        return super().render_line(y)


def test_a_tick_repaints_only_what_reads_otherwise():
    rows = [row(n, 3600 * (n % 40 + 3) + 1800) for n in range(1000, 1040)] + [row(2000, 65), row(2001, 119)]

    async def act(pilot, queue, shelf):
        queue.tick(MONDAY)
        assert queue.repainted == 0
        queue.painted = 0
        queue.tick(MONDAY + timedelta(seconds=1))
        await pilot.pause()
        assert queue.repainted == 2
        assert queue.painted == 2
        assert "1:04" in shown(pilot.app)[0]
        queue.tick(MONDAY + timedelta(seconds=1.4))
        await pilot.pause()
        assert queue.painted == 2 + queue.repainted

    queueing(act, rows, queue=Counting())


def test_a_step_inside_the_page_repaints_two_rows():
    async def act(pilot, queue, shelf):
        queue.painted = 0
        queue.move(1)
        await pilot.pause()
        assert queue.painted == 2

    queueing(act, many(100), queue=Counting())


def test_the_row_under_the_cursor_stays_where_it_is():
    async def act(pilot, queue, shelf):
        queue.move(5)
        line = shown(pilot.app)[5]
        assert "#1005" in line
        urgent = [row(n, -1000 + n) for n in range(1, 4)]
        shelf.put([*shelf.rows, *urgent])
        queue.reload(MONDAY)
        await pilot.pause()
        lines = shown(pilot.app)
        assert queue.selected.number == 1005
        assert "#1005" in lines[5]
        assert "3 new" in lines[0]
        queue.top()
        await pilot.pause()
        assert "#1 " in shown(pilot.app)[0]
        assert "new" not in shown(pilot.app)[0]

    queueing(act, many(200))


def test_a_ticket_that_belongs_elsewhere_now_waits_until_the_cursor_has_left():
    async def act(pilot, queue, shelf):
        queue.move(5)
        moved = replace(queue.selected, key=(9, "z", 1005), subject="Answered meanwhile")
        shelf.put([each for each in shelf.rows if each.id != "t1005"] + [moved])
        queue.reload(MONDAY)
        await pilot.pause()
        assert "Answered meanwhile" in shown(pilot.app)[5]
        queue.move(1)
        assert queue.selected.number == 1006
        queue.reload(MONDAY)
        await pilot.pause()
        assert not any("#1005" in line for line in shown(pilot.app)[:30])

    queueing(act, many(200))


class Newest(Shelf):
    """A view whose keys descend, as that of what is resolved."""

    def put(self, rows):
        self.rows = sorted(rows, key=lambda each: each.key, reverse=True)
        self.keys = [(-each.number,) for each in self.rows]

    def after(self, key, limit):
        return super().after(key and (-key[2],), limit)

    def before(self, key, limit):
        return super().before(key and (-key[2],), limit)


def test_a_view_with_the_newest_first_is_read_again_like_any_other():
    async def act(pilot, queue, shelf):
        newest = Newest([replace(each, key=(0, each.created_at, each.number)) for each in many(500)])
        queue.show(newest, MONDAY)
        queue.move(250)
        number = queue.selected.number
        assert number == 1000 + 499 - 250
        queue.reload(MONDAY)
        queue.move(1)
        await pilot.pause()
        assert queue.selected.number == number - 1
        numbers = [each.number for each in queue.pages.rows]
        assert numbers == sorted(numbers, reverse=True)

    queueing(act, many(3))


def test_a_ticket_that_is_gone_gives_way_to_the_next():
    async def act(pilot, queue, shelf):
        queue.move(5)
        await pilot.pause()
        pilot.app.said.clear()
        shelf.put([each for each in shelf.rows if each.id != "t1005"])
        queue.reload(MONDAY)
        await pilot.pause()
        assert queue.selected.number == 1006
        assert "#1006" in shown(pilot.app)[5]
        assert [each.row.number for each in pilot.app.said] == [1006]
        shelf.put(shelf.rows[:3])
        queue.bottom()
        queue.reload(MONDAY)
        await pilot.pause()
        shelf.put([])
        queue.empty = "Nothing waits.\nEnjoy it."
        queue.reload(MONDAY)
        await pilot.pause()
        assert queue.selected is None
        assert pilot.app.said[-1].row is None
        middle = shown(pilot.app)[19:21]
        assert [line.strip() for line in middle] == ["Nothing waits.", "Enjoy it."]
        assert abs(len(middle[0]) - len(middle[0].rstrip()) - (len(middle[0]) - len(middle[0].lstrip()))) <= 2

    queueing(act, many(30))


def test_an_empty_view_is_filled_later_and_keys_on_nothing_do_nothing():
    async def act(pilot, queue, shelf):
        for step in (queue.top, queue.bottom, queue.open):
            step()
        queue.move(1)
        queue.page(-1)
        assert not queue.select("t1")
        shelf.put(many(3))
        queue.reload(MONDAY)
        await pilot.pause()
        assert queue.selected.number == 1000

    queueing(act, [])


def test_going_to_a_ticket_far_away_and_back():
    async def act(pilot, queue, shelf):
        assert queue.select("t6000")
        await pilot.pause()
        assert queue.selected.number == 6000
        assert any("#6000" in line for line in shown(pilot.app))
        assert not queue.select("t1")
        queue.move(-1)
        assert queue.selected.number == 5999
        queue.scroll_to(y=queue.scroll_offset.y + 80, animate=False)
        queue.reload(MONDAY)
        assert queue.selected.number == 5999
        queue.move(1)
        await pilot.pause()
        assert queue.selected.number == 6000
        assert any("▌" in line for line in shown(pilot.app))

    queueing(act, many(9000))


def test_the_mouse_selects_opens_and_scrolls():
    async def act(pilot, queue, shelf):
        await pilot.click(queue, offset=(20, 7))
        assert queue.selected.number == 1007
        assert not pilot.app.heard(Queue.Opened)
        await pilot.click(queue, offset=(20, 3), times=2)
        assert [each.row.number for each in pilot.app.heard(Queue.Opened)] == [1003]
        queue.post_message(_wheel(queue))
        await pilot.pause()
        assert queue.scroll_offset.y > 0
        assert queue.selected.number == 1003

    queueing(act, many(500))


def _wheel(queue):
    from textual.events import MouseScrollDown

    return MouseScrollDown(queue, 5, 5, 0, 1, 0, shift=False, meta=False, ctrl=False)


def test_the_pane_may_change_its_size():
    async def act(pilot, queue, shelf):
        queue.move(30)
        await pilot.resize_terminal(60, 12)
        await pilot.pause()
        queue.move(0)
        await pilot.pause()
        assert any(line.startswith("▌") and "#1030" in line for line in shown(pilot.app))

    queueing(act, many(100))


def test_the_window_renumbers_when_there_are_more_rows_above_than_thought():
    shelf = Shelf(many(1000))
    pages = Pages(shelf)
    pages.bottom()
    pages.first = 20  # the estimate was far too low
    top = pages.rows[0].id
    shift = pages.reach(10, 30)
    assert shift > 0
    assert pages.index(top) == 20 + shift
    while not pages._begins:
        pages.reach(0, 10)
    assert pages.first == 0
    assert pages.rows[0].number == 1000


def test_a_list_that_was_hidden_comes_back_with_its_cursor():
    async def act(pilot, queue, shelf):
        queue.display = False
        await pilot.pause()
        queue.move(120)
        queue.reload(MONDAY)
        queue.display = True
        await pilot.pause()
        await pilot.pause()
        assert queue.selected.number == 1120
        assert any(line.startswith("▌") and "#1120" in line for line in shown(pilot.app))
        queue.move(1)
        await pilot.pause()
        assert any(line.startswith("▌") and "#1121" in line for line in shown(pilot.app))

    queueing(act, many(500))
