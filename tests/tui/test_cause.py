"""Causes in the console: offered to a ticket, put by a key, seen above the queue, waited for and closed with a last answer."""

from agentdesk.core.commands import OpenCause, PutUnder
from tui.driver import SIZES, SMALL, plays
from tui.test_circular import answers, with_late


@SIZES
@plays
async def test_a_cause_is_begun_with_a_name_and_words_and_stands_above_the_queue_with_its_age(shop, size):
    async with shop.console(size) as at:
        await at.do("queue.mark", "queue.mark", "ticket.cause")
        await at.sees("Which cause is behind 2 tickets?")
        await at.answer("courier-strike")
        await at.sees("Words that tell courier-strike")
        await at.answer("huelga, vaga")
        await at.sees("2 tickets are under courier-strike", "! courier-strike: 2 open")
        shop.bench.clock.go(minutes=25)
        await at.sees("2 open, for 25 m")
        await at.do("act.undo")
        await at.sees("courier-strike: 0 open")
        assert shop.bench.ticket(1).row.cause is None


@plays
async def test_an_arrival_with_its_words_is_offered_and_put_by_one_key(shop):
    shop.bench.desk.do(OpenCause("vaga", "comanda"))
    number = shop.write("Lluc Pi", "Paquet", "Hola, on és la meva comanda?")
    async with shop.console(SMALL) as at:
        await at.do("queue.bottom", "queue.open")
        await at.sees("looks like vaga: K puts it there")
        await at.do("ticket.cause")
        await at.press("enter")
        await at.sees("cause: vaga")
        await at.loses("looks like")
        assert shop.bench.ticket(number).row.cause == "vaga"


@plays
async def test_all_of_a_cause_waits_by_one_act_and_closing_it_offers_the_last_answer(shop):
    with_late(shop)
    shop.bench.desk.do(OpenCause("vaga", ""))
    for number in (1, 2):
        shop.bench.desk.do(PutUnder(shop.bench.id(number), "vaga"))
    async with shop.console(SMALL) as at:
        await at.do("cause.deal")
        await at.sees("vaga: 2 tickets are open", "waiting for a third party")
        await at.answer("waiting")
        await at.press("enter")
        await at.sees("2 tickets: waiting for a third party")
        assert {row.number for row in shop.bench.queue("waiting")} == {1, 2}
        await at.do("cause.deal")
        await at.answer("close")
        await at.sees("2 tickets are still open: a last answer?")
        await at.press("enter")
        await at.sees("Quick reply for 2 tickets")
        await at.answer("vaga")
        await at.type("24/11")
        await at.press("enter")
        await at.press("enter")
        await at.sees("2 tickets get this answer")
        await at.press("enter")
        await at.until(lambda: len(answers(shop)) == 2)
        await at.loses("! vaga")
