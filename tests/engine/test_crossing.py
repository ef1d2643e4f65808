"""A question and an answer that crossed: whoever wrote the answer had not read the question, so it waits."""

from datetime import timedelta

import pytest

from agentdesk.core.commands import Merge
from engine.answering import asked_in
from engine.chats import chats_in


@pytest.fixture
def shop(tmp_path):
    yield from asked_in(tmp_path)


def comes(shop, ago, **arrival):
    """The customer's second mail reached the mailbox `ago`, and is fetched now."""
    at = shop.bench.clock.at - ago
    shop.bench.mail("Y otra cosa: ¿cuánto cuesta?", reply_to="<q@x.test>", at=at, **arrival)


def owed(shop):
    row = shop.bench.ticket(1).row
    return row.owed_since, row.status, row.unread, [each.number for each in shop.bench.queue()]


RESTS = (None, "waiting_customer", False, [])


def test_a_mail_that_was_not_fetched_when_we_answered_waits_since_it_came(shop):
    shop.answer("Está en camino")
    shop.flush()
    assert owed(shop) == RESTS
    shop.bench.clock.go(minutes=1)
    comes(shop, timedelta(minutes=2))
    assert owed(shop) == ("2026-11-23T09:29:00.000Z", "open", True, [1])
    assert shop.bench.ticket(1).row.next_due_at > "2026-11-23T09:31"


def test_it_waits_too_where_the_answer_has_not_gone_yet(shop):
    shop.answer("Está en camino")
    shop.bench.clock.go(minutes=1)
    comes(shop, timedelta(minutes=2))
    shop.flush()
    assert shop.provider.accepted
    assert owed(shop) == ("2026-11-23T09:29:00.000Z", "open", True, [1])


def test_the_next_answer_ends_the_waiting(shop):
    shop.answer("Está en camino")
    shop.flush()
    comes(shop, timedelta(minutes=2))
    shop.bench.clock.go(minutes=5)
    shop.answer("Cuesta 12 euros")
    shop.flush()
    assert owed(shop) == RESTS


@pytest.mark.parametrize("flags", [{"\\Seen"}, {"\\Answered"}])
def test_what_was_read_in_another_program_was_answered_knowingly(shop, flags):
    shop.answer("Está en camino")
    shop.flush()
    shop.bench.clock.go(minutes=1)
    comes(shop, timedelta(minutes=2), flags=frozenset(flags))
    assert owed(shop) == RESTS


def test_an_answer_from_another_program_may_have_been_written_after_reading(shop):
    at = shop.bench.clock.at
    shop.bench.mail(
        "Está en camino",
        sender="soporte@shop.test",
        to="maria@x.test",
        reply_to="<q@x.test>",
        role="sent",
        at=at,
    )
    shop.bench.clock.go(minutes=1)
    comes(shop, timedelta(minutes=2))
    assert owed(shop) == RESTS


def test_mere_thanks_that_crossed_an_answer_ask_for_nothing(shop):
    shop.answer("Está en camino")
    shop.flush()
    shop.bench.clock.go(minutes=10)
    shop.answer("Llega mañana")
    shop.flush()
    shop.bench.clock.go(minutes=1)
    shop.bench.mail("Gracias", reply_to="<q@x.test>", at=shop.bench.clock.at - timedelta(minutes=2))
    assert (owed(shop)[0], owed(shop)[3]) == (None, [])


@pytest.mark.parametrize("channel", ["telegram", "whatsapp"])
def test_a_chat_within_the_second_of_our_answer_waits(tmp_path, channel):
    """Those services count in whole seconds, so by its time it was there before."""
    for shop in chats_in(tmp_path, channel):
        shop.writes("¿Abren el lunes?", 1)
        shop.go(seconds=10)
        shop.bench.clock.go(milliseconds=300)
        shop.answer("Sí, abrimos.")
        shop.flush()
        second = shop.bench.clock.at.replace(microsecond=0)
        shop.bench.clock.go(milliseconds=400)
        shop.comes(shop.text("¿Y el domingo?", 2, at=second), at=second)
        assert shop.bench.ticket(1).row.owed_since == "2026-11-23T09:00:10.000Z"
        assert [each.number for each in shop.bench.queue()] == [1]


def test_the_conversation_says_so_and_only_of_what_crossed(shop):
    shop.answer("Está en camino")
    shop.flush()
    shop.bench.clock.go(minutes=1)
    comes(shop, timedelta(minutes=2))
    first, crossed, answer = shop.bench.messages(1)
    assert (first.crossed_at, crossed.crossed_at, answer.crossed_at) == (
        None,
        "2026-11-23T09:31:00.000Z",
        None,
    )


def test_what_two_tickets_brought_into_one_did_not_cross(shop):
    shop.bench.mail("Otro asunto", subject="Otra cosa")
    shop.bench.clock.go(minutes=5)
    shop.answer("Está en camino")
    shop.flush()
    shop.bench.desk.do(Merge(ticket=shop.bench.id(2), into=shop.bench.id(1)))
    assert shop.bench.ticket(1).row.owed_since == "2026-11-23T09:30:00.000Z"
    assert [each.crossed_at for each in shop.bench.messages(1)] == [None, None, None]
