"""Triage at speed: marks, acts on all that is marked, and where the cursor is then."""

import pytest

from agentdesk.core.commands import Resolve
from agentdesk.screens.many import SOON
from tui.driver import SIZES, SMALL, plays


@pytest.fixture
def five(shop):
    for n in range(3, 6):
        shop.write(f"Client{n}", f"Pedido {n}", "On és?")
        shop.bench.clock.go(minutes=1)
    return shop


def statuses(shop):
    return [shop.bench.ticket(number).row.status for number in range(1, 6)]


@SIZES
@plays
async def test_marked_tickets_are_resolved_at_once_after_the_count_and_one_undo_brings_all_back(five, size):
    async with five.console(size) as at:
        await at.do("queue.mark")
        assert at.ticket == 2, "marking goes on to the next row"
        await at.do("queue.down", "queue.range", "queue.down", "queue.down", "queue.up")
        await at.sees("3 marked")
        five.bench.desk.do(Resolve(five.bench.id(4)))  # another got there first
        await at.do("ticket.resolve")
        await at.sees("Resolve 3 tickets?")
        await at.press("enter")
        await at.sees("why is none needed?")
        await at.answer("en espera del proveïdor")
        await at.sees("2 tickets are resolved; 1 not: The ticket is resolved")
        assert statuses(five) == ["resolved", "new", "resolved", "resolved", "new"]
        assert five.bench.messages(1)[-1].text == "en espera del proveïdor"
        assert [five.bench.ticket(n).row.owed_since is None for n in (1, 3, 4)] == [True, True, False]
        assert at.ticket in {2, 5}
        await at.sees("1 marked")  # what could not be done
        await at.do("go.back")
        await at.loses("marked")
        await at.do("act.undo")
        await at.sees("2 tickets are as they were")
        assert statuses(five) == ["new", "new", "new", "resolved", "new"]


@plays
async def test_marks_stay_on_their_tickets_when_the_queue_is_read_again_and_go_with_the_view(five):
    async with five.console(SMALL) as at:
        await at.do("queue.mark", "queue.mark")
        five.bench.clock.go(minutes=1)
        five.write("Nou Client", "Nova", "Hola")
        await at.sees("Nou Client", "2 marked")
        await at.do("ticket.tag")
        await at.sees("Tags of 2 tickets")
        await at.answer("+urgent")
        await at.until(lambda: five.bench.ticket(2).tags == ("urgent",))
        assert [five.bench.ticket(n).tags for n in (1, 3)] == [("urgent",), ()]
        await at.do("queue.mark", "go.all", "go.inbox")
        await at.loses("marked")


@plays
async def test_a_range_does_not_go_on_by_itself_where_the_ticket_at_the_cursor_leaves_the_queue(five):
    async with five.console(SMALL) as at:
        await at.do("queue.down", "queue.range", "queue.down")
        await at.sees("2 marked")
        five.bench.desk.do(Resolve(five.bench.id(3)))
        await at.until(lambda: at.ticket == 4)
        await at.do("ticket.resolve")
        await at.sees("Resolve 2 tickets?")
        await at.press("enter")
        await at.sees("why is none needed?")
        await at.press("2")
        await at.sees("The ticket is resolved")
        assert statuses(five) == ["new", "resolved", "resolved", "new", "new"]


@plays
async def test_a_reply_goes_to_the_ticket_at_hand_and_says_so_where_others_are_marked(five):
    async with five.console(SMALL) as at:
        await at.do("queue.mark", "queue.mark", "ticket.merge")
        await at.sees("Merge #3 into which ticket?", "Only #3: this is done one by one, 2 stay marked.")


@plays
async def test_a_leap_over_more_than_the_window_holds_marks_what_lies_between(five):
    async with five.console(SMALL) as at:
        marking, queue = at.app.home.marking, at.app.home.panes.queue
        await at.do("queue.range")
        # As after a leap in a queue of thousands: the window has the end, and not where the range began.
        queue.pages.rows, queue.pages.first = queue.pages.rows[3:], 3
        queue._choose(queue.pages.rows[-1])
        await at.sees("5 marked")
        assert marking.marks.tickets == tuple(map(five.bench.id, range(1, 6)))


@plays
async def test_the_queue_is_sorted_otherwise_by_a_key_and_the_marks_stay(five):
    async with five.console(SMALL) as at:
        await at.sees("in the order to answer")
        await at.do("queue.mark", "queue.sort")
        await at.sees("waiting longest first", "1 marked")
        await at.do("queue.sort")
        await at.sees("newest first")
        assert at.ticket == 5
        await at.do("go.all", "queue.sort")
        await at.sees("in no other order")


@SIZES
@plays
async def test_a_filter_becomes_a_view_of_one_s_own_that_is_there_at_once_and_in_the_file(five, size):
    async with five.console(size) as at:
        await at.do("queue.save_view")
        await at.sees("Nothing to keep")
        await at.do("find.filter")
        await at.answer("lang:ca")
        await at.loses("Refund")
        await at.do("queue.save_view")
        await at.sees("Name of this view", "lang:ca")
        await at.answer("catala")
        await at.sees("Key of catala")
        await at.answer("e")
        await at.sees("ticket.resolve")  # no act gives up its key
        await at.answer("3")
        await at.sees("3 shows catala from now on.", "only lang:ca")
        await at.press("1")
        await at.sees("Refund", "3 catala")
        await at.press("3")
        await at.loses("Refund")
        assert at.app.home.keyboard.keymap.keys["go.unassigned"] == ("g u",)
    assert 'filter = "lang:ca"' in five.home.config_file.read_text()


@plays
async def test_a_point_does_the_last_act_once_more_to_the_ticket_at_hand_or_to_all_that_are_marked(five):
    def spanish():
        return [n for n in range(1, 6) if five.bench.ticket(n).row.language == "es"]

    async with five.console(SMALL) as at:
        await at.do("act.repeat")
        await at.sees("nothing to repeat")
        await at.do("ticket.language")
        await at.answer("Spani")
        await at.until(lambda: spanish() == [1])
        await at.do("queue.down", "act.repeat")
        await at.until(lambda: spanish() == [1, 2])
        await at.do("queue.down", "queue.mark", "queue.mark", "act.repeat")
        await at.sees("Once more: 2 tickets: Spanish?")
        await at.press("enter")
        await at.until(lambda: spanish() == [1, 2, 3, 4])
        await at.do("act.undo")
        await at.until(lambda: spanish() == [1, 2])


@SIZES
@plays
async def test_the_cursor_stays_on_the_ticket_that_was_taken_tagged_or_made_urgent_so_that_it_is_answered_next(
    five, size
):
    async with five.console(size) as at:
        await at.do("ticket.take")
        await at.sees("#1 is yours.")
        assert at.ticket == 1
        await at.do("ticket.tag")
        await at.answer("+regal")
        await at.sees("#1 is tagged.")
        await at.do("ticket.priority")
        await at.answer("urgent")
        await at.sees("#1: urgent")
        await at.do("ticket.language")
        await at.answer("Spani")
        await at.sees("#1: Spanish")
        await at.until(lambda: at.ticket == 1)
        await at.do("ticket.reply")
        await at.until(lambda: at.app.home.writing.active)
        assert at.app.home.writing.ticket == five.bench.id(1)


@plays
async def test_a_ticket_that_its_act_takes_out_of_the_view_gives_way_to_the_next(five):
    async with five.console(SMALL) as at:
        await at.do("go.unassigned")
        await at.until(lambda: at.ticket == 1)
        await at.do("ticket.take")
        await at.sees("#1 is yours.")
        await at.until(lambda: at.ticket == 2)


@plays
async def test_an_act_on_many_that_empties_the_view_is_said_and_can_be_undone(shop):
    for n in range(SOON + 1):
        shop.write(f"Client{n}", f"Comanda {n}", "On és?")
    async with shop.console() as at:
        await at.do("find.filter")
        await at.answer("comanda")
        await at.do("queue.everything", "snooze.tomorrow")
        await at.press("enter")
        await at.sees(f"[u] {SOON + 1} tickets sleep until", "Nothing matches comanda")
        await at.pilot.pause(0.6)  # two looks at what others do
        assert "no longer in this view" not in at.text
        assert "[u]" in at.footer
        await at.do("act.undo")
        await at.sees(f"{SOON + 1} tickets are as they were")


@plays
async def test_marks_that_go_when_the_queue_is_narrowed_are_counted(five):
    async with five.console() as at:
        await at.do("queue.mark", "queue.mark", "find.filter")
        await at.answer("pedido")
        await at.sees("2 marks were taken away: another view is shown.")
        await at.do("find.filter")
        five.bench.clock.go(seconds=10)
        await at.answer("")
        await at.loses("taken away")


@plays
async def test_a_ticket_that_ends_with_mere_thanks_is_told_as_with_any_other_reason(shop):
    async with shop.console() as at:
        await at.do("ticket.resolve")
        await at.sees("why is none needed?")
        await at.press("1")
        await at.sees("#1 is resolved. No answer needed: only thanks.")
