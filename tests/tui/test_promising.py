"""What an answer promises: offered below it, kept by a key, taken back with it, and dealt with in its ticket."""

from datetime import timedelta

from agentdesk.core.pledging import GivePledge, Pledge
from agentdesk.engine import pledge
from tui.driver import SMALL, plays


@plays
async def test_what_an_answer_promises_is_offered_kept_taken_back_and_said_in_its_ticket(shop):
    desk = shop.bench.desk
    async with shop.console(SMALL) as at:
        await at.goes_to(1)
        await at.do("ticket.reply")
        await at.type("Demà t'ho confirmem. Truca al 600 123 456.")
        await at.sees("○ promise for Tuesday 21:00 (f5 keeps it)", "○ sends to: the phone (f3 marks it")
        await at.do("compose.promise", "compose.derive")
        await at.sees("✓ kept as a promise for Tuesday 21:00", "✓ sent elsewhere: the phone")
        await at.do("compose.send")
        await at.sees("undo answer")
        assert [each.text for each in pledge.open_on(desk, shop.bench.id(1))] == ["Demà t'ho confirmem."]
        await at.do("act.undo")
        await at.sees("✓ kept as a promise for Tuesday 21:00", "✓ sent elsewhere: the phone")
        await at.do("compose.close", "ticket.reply")
        await at.sees("✓ kept as a promise for Tuesday 21:00", "✓ sent elsewhere: the phone")
        await at.do("compose.promise", "compose.derive")
        await at.sees("○ promise for Tuesday 21:00")
        assert (pledge.open_on(desk, shop.bench.id(1)), shop.bench.ticket(1).derived_to) == ([], None)
        await at.do("compose.send")
        await at.goes_to(1)
        await at.do("ticket.promise")
        await at.sees("keep: Demà t'ho confirmem.")
        await at.press("enter")
        await at.sees("promised for Tuesday 21:00")
        await at.do("ticket.reply")
        await at.type("Demà a les 12 t'ho confirmem.")
        await at.do("compose.promise")
        await at.sees("✓ promised anew for Tuesday 13:00 (before: Tuesday 21:00; f5: both count)")
        await at.do("compose.promise")
        await at.sees("✓ kept as a promise for Tuesday 13:00")
        await at.do("compose.promise")
        await at.sees("○ promise for Tuesday 13:00")
        await at.do("compose.close", "ticket.promise")
        await at.sees("is done: Demà t'ho confirmem.", "withdraw: Demà t'ho confirmem.", "promise anew")
        await at.press("enter")
        await at.sees("The promise is kept.")
        await at.do("ticket.promise")
        await at.answer("trucar al magatzem")
        await at.answer("ahir")
        await at.sees("is no time")
        await at.press("escape")
        await at.do("ticket.derive")
        await at.sees("sent elsewhere: the phone")
    assert (pledge.open_on(desk, shop.bench.id(1)), shop.bench.ticket(1).derived_to) == ([], "phone")


@plays
async def test_what_is_done_after_its_time_is_kept_too_late(shop):
    desk, due = shop.bench.desk, shop.bench.clock.at + timedelta(hours=1)
    desk.do(GivePledge(shop.bench.id(1), Pledge("trucar al magatzem", due)))
    shop.bench.clock.go(days=2)
    async with shop.console(SMALL) as at:
        await at.goes_to(1)
        await at.do("ticket.promise")
        await at.sees("is done: trucar al magatzem")
        await at.press("enter")
        await at.sees("The promise is kept, but too late.")


@plays
async def test_what_was_confirmed_goes_with_a_text_that_is_emptied_and_outlives_the_console(shop):
    async with shop.console(SMALL) as at:
        await at.goes_to(1)
        await at.do("ticket.reply")
        await at.type("Demà t'ho confirmem.")
        await at.do("compose.promise")
        await at.sees("✓ kept as a promise")
        await at.do("compose.close")
    async with shop.console(SMALL) as at:
        await at.goes_to(1)
        await at.do("ticket.reply")
        await at.sees("✓ kept as a promise for Tuesday 21:00")
        await at.press(*["backspace"] * 30)
        await at.do("compose.close", "ticket.reply")
        await at.type("Demà t'ho confirmem.")
        await at.sees("○ promise for Tuesday 21:00")


@plays
async def test_of_two_promises_in_one_sentence_each_can_be_kept_or_both(shop):
    desk, said = shop.bench.desk, "Demà t'enviem la factura i dijous el paquet."
    async with shop.console(SMALL) as at:
        await at.goes_to(1)
        await at.do("ticket.reply")
        await at.type(said)
        await at.sees("○ promise for Tuesday 21:00, for Thursday 21:00 (f5 keeps it)")
        await at.do("compose.send")
        await at.goes_to(1)
        await at.do("ticket.promise")
        await at.sees("keep both")
        await at.press("down", "enter")
        await at.sees("promised for Thursday 21:00")
        assert len(pledge.open_on(desk, shop.bench.id(1))) == 1
        await at.do("ticket.promise")
        await at.sees("keep: Demà t'enviem", "Tuesday 21:00")
        await at.press("enter")
        await at.sees("promised for Tuesday 21:00")
        kept = pledge.open_on(desk, shop.bench.id(1))
        assert [each.text for each in kept] == [said, said]
        assert kept[0].due_at < kept[1].due_at


@plays
async def test_both_promises_of_a_sentence_are_kept_at_once(shop):
    desk = shop.bench.desk
    async with shop.console(SMALL) as at:
        await at.goes_to(1)
        await at.do("ticket.reply")
        await at.type("Demà t'enviem la factura i dijous el paquet.")
        await at.do("compose.send")
        await at.goes_to(1)
        await at.do("ticket.promise")
        await at.sees("keep both")
        await at.press("down", "down", "enter")
        await at.sees("promised for Thursday 21:00")
    assert len(pledge.open_on(desk, shop.bench.id(1))) == 2
